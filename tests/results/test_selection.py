"""Which items of a record are wanted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from extractor.results.selection import Selection, select
from tests.support.records import claim, port, record


def ids(wanted: Selection, **fields: Any) -> list[str]:
    """The ids of what is selected from the port's article."""
    return [
        item.id
        for each in select([port(**fields)], wanted)
        for item in (*each.claims, *each.stances, *each.commitments)
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Selection(layers=["stances"]), ["t1"]),
        (Selection(kinds=["intention"]), ["c2"]),
        (Selection(positions=["oppose"]), ["t1"]),
        (Selection(firmness=["hoped", "pledged"]), ["m1", "m4"]),
        (Selection(actors=["COUNCIL"]), ["m1", "m4"]),
        (Selection(speakers=["lee"]), ["c1", "c2", "t1", "m1"]),
        (Selection(speakers=["port ellen"], layers=["claims"]), ["c1", "c2"]),
        (Selection(kinds=["fact"], firmness=["pledged"]), []),
        (Selection(layers=["claims", "commitments"], firmness=["planned"]), ["m2"]),
    ],
)
def test_every_condition_must_hold(wanted: Selection, found: list[str]) -> None:
    """A condition that a layer knows nothing of leaves that layer out."""
    assert ids(wanted) == found


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        (None, dt.date(2026, 4, 1), ["m1"]),
        (None, dt.date(2026, 3, 31), []),
        (None, dt.date(2031, 1, 1), ["m1", "m2"]),
        (dt.date(2026, 3, 30), None, ["m1", "m2", "m3"]),
        (dt.date(2026, 3, 31), None, ["m2", "m3"]),
        (dt.date(2026, 3, 31), dt.date(2031, 1, 1), ["m2"]),
        (dt.date(2040, 1, 1), None, ["m3"]),
    ],
)
def test_what_is_due_is_told_by_the_last_day(after: dt.date | None, before: dt.date | None, found: list[str]) -> None:
    """Strictly after and before; an open end is due after any day and before none, no date is never due."""
    assert ids(Selection(due_after=after, due_before=before)) == found


def test_relays_and_accents() -> None:
    """Whoever relays a claim is a speaker of it; case and accents do not count."""
    speakers = [
        {"id": "s1", "name": "Zoë Müller", "role": None, "affiliation": None, "kind": "person"},
        {"id": "s2", "name": "Bo Dahl", "role": None, "affiliation": None, "kind": "person"},
    ]
    told = record(speakers=speakers, claims=[claim("c1", "trade grew", speaker="s1", via=["s2"])])
    for name in ("zoe mul", "BO"):
        assert len(list(select([told], Selection(speakers=[name])))) == 1
    assert list(select([told], Selection(speakers=["zz"]))) == []


def test_a_narrowed_record_keeps_what_belongs_to_its_items() -> None:
    """Speakers and checks of other items are gone, and so is what was not placed; the article stays."""
    checks = [{"code": "cue_not_found", "item": id, "message": "m"} for id in ("c1", "m1", None)]
    full = port(checks=checks, unplaced=[{"layer": "claims", "item": {}, "reason": "r"}])
    (narrowed,) = select([full], Selection(firmness=["pledged"]))
    assert [speaker.id for speaker in narrowed.speakers] == ["s1"]
    assert [check.item for check in narrowed.checks] == ["m1"]
    assert narrowed.unplaced == []
    assert narrowed.article == full.article


def test_an_empty_selection_changes_nothing() -> None:
    """Also records without items stay."""
    empty = record()
    assert next(select([empty], Selection())) is empty
    assert list(select([empty], Selection(layers=["claims"]))) == []
