"""Agreement of two reviewers."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.results.review.agreement import agreement, cohens_kappa, render
from extractor.results.review.decisions import DecisionLog, new_decision
from extractor.results.review.standing import Standing
from tests.support import records, reviewing
from tests.support.reviewing import claim_form, stance_form

A1 = "a1"


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[20, 5], [10, 15]], 2 / 5),
        ([[45, 15], [25, 15]], 3 / 23),
        ([[25, 35], [5, 35]], 7 / 27),
        ([[5, 0], [0, 5]], 1.0),
        ([[0, 5], [5, 0]], -1.0),
        ([[1, 1], [1, 1]], 0.0),
        ([[7, 0], [0, 0]], None),
        ([[0, 0], [0, 0]], None),
        ([[3, 1, 0], [0, 2, 1], [1, 0, 2]], (10 * 7 - 34) / (100 - 34)),
    ],
)
def test_kappa_of_a_table(table: list[list[int]], kappa: float | None) -> None:
    """(p_o - p_e) / (1 - p_e), worked out by hand."""
    assert cohens_kappa(table) == (kappa if kappa is None else pytest.approx(kappa))


def standing(who: str, what: str) -> Standing:
    """One decision for each letter about the items of one layer: a, r or c."""
    words = {"a": "accept", "r": "reject", "c": "correct"}
    return Standing(
        new_decision(item=f"i{n}", layer="claims", article=A1, who=who, what=words[w], before={}, after={})
        for n, w in enumerate(what)
        if w in words
    )


def test_kappa_counts_what_both_decided() -> None:
    """Ten items, nine agreed; 4:5 accepted, 3:3 corrected and 3:2 rejected make 35 of 100 by chance."""
    first, second = standing("ana", "aaaarrrccc-a"), standing("ben", "aaaararcccr-")
    claims, stances, commitments, total = agreement(first, "ana", second, "ben")
    assert claims.items == 10
    assert claims.table == ((4, 0, 0), (0, 3, 0), (1, 0, 2))
    assert claims.observed == 0.9
    assert claims.kappa == pytest.approx((90 - 35) / (100 - 35))
    assert (stances.items, stances.observed, stances.kappa) == (0, None, None)
    assert (total.layer, total.table) == ("all", claims.table)
    assert commitments.added == (0, 0, 0)


def test_only_decisions_about_the_same_content_are_compared(tmp_path: Path) -> None:
    """A run that was repeated between the two gives each of them another item; comments are none."""
    ana = reviewing.desk(tmp_path, records.port())
    ana.decide((A1, "c1"), "accept")
    ana.decide((A1, "c2"), "accept")
    later = records.port()
    changed = later.claims[0].model_copy(update={"kind": "opinion"})
    ben = reviewing.desk(tmp_path, later.model_copy(update={"claims": [changed, later.claims[1]]}), reviewer="ben")
    ben.decide((A1, "c1"), "reject")
    ben.decide((A1, "c2"), "reject")
    ben.decide((A1, "t1"), "comment", comment="?")
    both = Standing(DecisionLog(tmp_path / "out.reviews.jsonl").read_all())
    assert agreement(both, "ana", both, "ben")[0].table == ((0, 0, 1), (0, 0, 0), (0, 0, 0))


def test_additions_and_equal_corrections_are_counted_apart(tmp_path: Path) -> None:
    """Whoever adds an item has nobody to agree with, unless the other adds the same."""
    ana, ben = reviewing.desk(tmp_path, records.port()), reviewing.desk(tmp_path, reviewer="ben")
    form = claim_form("trade grew by 4%", statement="Trade grew.", cue="said")
    for desk in (ana, ben):
        desk.decide((A1, "c1"), "correct", form)
    ana.decide((A1, "c2"), "correct", {**form, "statement": "One."})
    ben.decide((A1, "c2"), "correct", {**form, "statement": "Two."})
    ana.add(A1, "stances", stance_form("The new pier", target="the pier"))
    both = Standing(DecisionLog(tmp_path / "out.reviews.jsonl").read_all())
    results = agreement(both, "ana", both, "ben")
    assert (results[0].items, results[0].same_corrections) == (2, 1)
    assert results[1].added == (1, 0, 0)


def test_the_table_for_a_terminal() -> None:
    """Numbers that are not defined are dashes, and the reason is told."""
    text = render(agreement(standing("ana", "ar"), "ana", standing("ben", "ar"), "ben"), "ana", "ben")
    assert text.splitlines() == [
        "ana and ben",
        "               items   agreed   kappa   added by ana / ben / both",
        "claims             2  100.0 %   1.000   0 / 0 / 0",
        "stances            0        –       –   0 / 0 / 0",
        "commitments        0        –       –   0 / 0 / 0",
        "all                2  100.0 %   1.000   0 / 0 / 0",
    ]
    same = render(agreement(standing("ana", "aa"), "ana", standing("ben", "aa"), "ben"), "ana", "ben")
    assert same.splitlines()[-1] == "Kappa is not defined where both gave the same answer to everything."
