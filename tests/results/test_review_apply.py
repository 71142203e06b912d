"""The records and the gold that decisions lead to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.results.evaluation import evaluate, read_gold
from extractor.results.evaluation.gold import gold_line
from extractor.results.review.apply import Reviewed, Tally, apply
from extractor.results.review.decisions import DecisionLog
from extractor.results.review.desk import Desk
from extractor.results.review.standing import Standing
from extractor.schema.record import Record
from tests.support import records, reviewing
from tests.support.records import TEXT
from tests.support.reviewing import claim_form, stance_form

A1 = "a1"
ALL = ("c1", "c2", "t1", "m1", "m2", "m3", "m4")


def applied(folder: Path, *run: Record, who: str | None = None) -> tuple[list[Reviewed], Tally]:
    tally = Tally()
    standing = Standing(DecisionLog(folder / "out.reviews.jsonl").read_all())
    return list(apply(run, standing, tally, who=who)), tally


def accept_all(desk: Desk, *but: str) -> None:
    for row in desk.rows("reading", "todo", None):
        if row.entry.item not in but and row.entry.kind in ("item", "gap", "empty"):
            desk.decide(row.entry.key, "accept")


def unplaced(desk: Desk) -> tuple[str, str]:
    return next(row.entry.key for row in desk.rows("reading", "all", None) if row.entry.kind == "unplaced")


def test_decisions_change_what_they_are_about_and_nothing_else(tmp_path: Path) -> None:
    """Rejected gone, corrected replaced under its id, added in its place, the rest byte for byte."""
    run = records.port()
    desk = reviewing.desk(tmp_path, run)
    desk.decide((A1, "c2"), "reject")
    quote = "Mayor Ann Lee said 🚢 trade grew by 4% last year"
    desk.decide((A1, "c1"), "correct", claim_form(quote, statement="Trade grew by 4 percent in 2024.", cue="said"))
    cy = {"name": "Cy Roe", "role": None, "affiliation": None, "kind": "person"}
    form = stance_form("Repairs will be finished", speaker="Cy Roe", target="the repairs", new_speakers=[cy])
    added = desk.add(A1, "stances", form)
    desk.decide((A1, "m1"), "accept")
    ((reviewed,), tally) = applied(tmp_path, run)
    record = reviewed.record
    assert Record.model_validate_json(record.model_dump_json()) == record
    (claim,) = record.claims
    assert (claim.id, claim.speaker, claim.statement) == ("c1", "s1", "Trade grew by 4 percent in 2024.")
    assert TEXT[claim.quote.start : claim.quote.end] == claim.quote.exact == quote
    assert [stance.id for stance in record.stances] == ["t1", added[1]]
    assert record.stances[1].speaker == "s3"
    assert [speaker.model_dump() for speaker in record.speakers[2:]] == [{"id": "s3", **cy}]
    assert (record.stances[0], record.commitments) == (run.stances[0], run.commitments)
    assert (record.article, record.run) == (run.article, run.run)
    assert tally.outcomes == {"accept": 1, "correct": 1, "reject": 1, "add": 1}
    assert (tally.undecided, reviewed.complete) == (4, False)


def test_a_settled_check_and_a_placed_quote_are_no_longer_listed(tmp_path: Path) -> None:
    """What nobody decided about stays, and so does what concerns the whole article."""
    run = reviewing.doubtful()
    desk = reviewing.desk(tmp_path, run)
    desk.decide((A1, "m1"), "accept")
    ((first,), _) = applied(tmp_path, run)
    assert [check.code for check in first.record.checks] == ["uncovered_statement", "no_publication_date"]
    assert len(first.record.unplaced) == 1
    gap = next(row.entry.key for row in desk.rows("reading", "all", None) if row.entry.kind == "gap")
    desk.decide(gap, "accept")
    desk.decide(unplaced(desk), "correct", stance_form("The new pier", target="the pier"))
    ((second,), _) = applied(tmp_path, run)
    assert [check.code for check in second.record.checks] == ["no_publication_date"]
    assert second.record.unplaced == []
    assert [stance.target for stance in second.record.stances] == ["the pier", "the toll"]


def test_a_rejected_items_checks_and_lonely_source_go_with_it(tmp_path: Path) -> None:
    """A source that never had an item stays: the run listed it on its own."""
    run = reviewing.doubtful()
    desk = reviewing.desk(tmp_path, run)
    for item in ("c1", "c2", "t1", "m1"):
        desk.decide((A1, item), "reject")
    ((reviewed,), _) = applied(tmp_path, run)
    assert [speaker.name for speaker in reviewed.record.speakers] == ["Bo Dahl"]
    assert "date_disagreement" not in [check.code for check in reviewed.record.checks]


def test_the_last_decision_counts_and_disagreement_is_told(tmp_path: Path) -> None:
    """With a name, that person's decisions count alone."""
    run = records.port()
    ana = reviewing.desk(tmp_path, run)
    ben = reviewing.desk(tmp_path, reviewer="ben")
    ana.decide((A1, "c1"), "reject")
    ben.decide((A1, "c1"), "accept")
    ben.decide((A1, "c2"), "reject")
    ((both,), tally) = applied(tmp_path, run)
    assert [claim.id for claim in both.record.claims] == ["c1"]
    assert tally.disputed == 1
    assert "1 decided differently by different reviewers; the last decision counts." in tally.lines()
    ((anas,), tally) = applied(tmp_path, run, who="ana")
    assert [claim.id for claim in anas.record.claims] == ["c2"]
    assert tally.undecided == 6


def test_a_corrected_source_is_corrected_in_the_record(tmp_path: Path) -> None:
    """Its id stays, and so do its items."""
    run = records.port()
    desk = reviewing.desk(tmp_path, run)
    now = {"name": "Ann B. Lee", "role": "Mayor of Port Ellen", "affiliation": None, "kind": "person"}
    desk.correct_speaker(A1, "Ann Lee", now)
    ((reviewed,), _) = applied(tmp_path, run)
    assert reviewed.record.speakers[0].model_dump() == {"id": "s1", **now}
    assert reviewed.record.claims == run.claims


def test_decisions_about_what_has_changed_are_not_applied_but_told(tmp_path: Path) -> None:
    """The run's item stays, to be reviewed again; what vanished is left out."""
    run = records.port()
    desk = reviewing.desk(tmp_path, run)
    desk.decide((A1, "c1"), "reject")
    desk.decide((A1, "c2"), "accept")
    changed = run.claims[0].model_copy(update={"statement": "Trade fell."})
    later = run.model_copy(update={"claims": [changed]})
    ((reviewed,), tally) = applied(tmp_path, later)
    assert reviewed.record.claims == [changed]
    assert (tally.changed, tally.vanished, reviewed.complete) == (1, 1, False)


def test_a_correction_finds_its_passage_in_a_text_that_has_moved(tmp_path: Path) -> None:
    """The same words, further down; where they are gone, the run's item stays."""
    run = records.port()
    desk = reviewing.desk(tmp_path, run)
    form = claim_form("trade grew by 4%", statement="Trade grew by 4%.", cue="said")
    desk.decide((A1, "c1"), "correct", form)
    told = run.model_dump()
    told["article"]["text"] = "Update. " + TEXT
    for layer in ("claims", "stances", "commitments"):
        for item in told[layer]:
            item["quote"] |= {"start": item["quote"]["start"] + 8, "end": item["quote"]["end"] + 8}
    later = Record.model_validate(told)
    ((reviewed,), tally) = applied(tmp_path, later)
    quote = reviewed.record.claims[0].quote
    assert later.article.text[quote.start : quote.end] == quote.exact == "trade grew by 4%"
    assert tally.misplaced == 0


def test_the_same_decisions_give_the_same_bytes(tmp_path: Path) -> None:
    """And applied to what they led to, they change nothing more."""
    run = reviewing.doubtful()
    desk = reviewing.desk(tmp_path, run)
    desk.decide((A1, "c1"), "correct", claim_form("trade grew by 4%", statement="Trade grew.", cue="said"))
    desk.decide((A1, "t1"), "reject")
    desk.add(A1, "stances", stance_form("The new pier", target="the pier"))
    ((once,), _), ((twice,), _) = applied(tmp_path, run), applied(tmp_path, run)
    assert once.record.model_dump_json() == twice.record.model_dump_json()
    ((again,), tally) = applied(tmp_path, once.record)
    assert again.record.model_dump_json() == once.record.model_dump_json()
    assert (tally.changed, tally.vanished) == (0, 0)


def test_gold_of_a_reviewed_run_scores_it_perfectly(tmp_path: Path) -> None:
    """`extractor evaluate` takes it: the reviewed records are right by it, the run's own are not."""
    run = reviewing.doubtful()
    desk = reviewing.desk(tmp_path, run)
    desk.decide((A1, "c1"), "reject")
    desk.decide(unplaced(desk), "reject")
    desk.add(A1, "stances", stance_form("The new pier", target="the pier"))
    accept_all(desk)
    ((reviewed,), _) = applied(tmp_path, run)
    assert reviewed.complete
    path = tmp_path / "gold.jsonl"
    path.write_text(gold_line(reviewed.record) + "\n", "utf-8")
    gold = read_gold(path)
    scores = json.loads(evaluate([reviewed.record], gold, bootstrap=0).to_json())["scores"]
    for layer in ("claims", "stances", "commitments"):
        assert scores[f"{layer}.f1"]["value"] == 1.0
    scores = json.loads(evaluate([run], gold, bootstrap=0).to_json())["scores"]
    assert scores["claims.precision"]["value"] == pytest.approx(1 / 2)
    assert scores["stances.recall"]["value"] == pytest.approx(1 / 2)


def test_a_line_of_gold_has_the_article_and_the_reading(tmp_path: Path) -> None:
    """Quotes are words, dates have no place and no basis, ids of items are gone."""
    run = records.port()
    line = json.loads(gold_line(run))
    assert list(line) == ["id", "source", "title", "published", "text", "reading"]
    assert line["reading"]["speakers"][0]["id"] == "s1"
    assert line["reading"]["commitments"][0] == {
        "quote": "The new pier will open in March 2026",
        "speaker": "s1",
        "actors": ["Port Ellen", "the council"],
        "action": "open the new pier",
        "firmness": "pledged",
        "condition": "if the council agrees",
        "when": {
            "expression": "in March 2026",
            "edtf": "2026-03",
            "earliest": "2026-03-01",
            "latest": "2026-03-31",
        },
    }
