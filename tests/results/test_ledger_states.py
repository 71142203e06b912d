"""How dates, firmness and amounts change, and where a thread stands on a day."""

from __future__ import annotations

import datetime as dt

import pytest

from extractor.results.ledger import state_as_of
from extractor.results.ledger.changes import firmer, larger, move
from extractor.results.ledger.names import Directory
from extractor.results.ledger.terms import content
from extractor.schema.ledger import Link, Quote, Source, Step
from extractor.schema.reading import Firmness
from extractor.schema.record import When

Span = tuple[str | None, str | None]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def when(span: Span | None) -> When | None:
    if span is None:
        return None
    first, last = day(span[0]), day(span[1])
    return When(expression="then", span=None, edtf=None, earliest=first, latest=last, basis="resolved")


YEAR: Span = ("2025-01-01", "2025-12-31")
AUGUST: Span = ("2025-08-01", "2025-08-31")
OCTOBER: Span = ("2025-10-01", "2025-10-31")


@pytest.mark.parametrize(
    ("before", "after", "change", "days"),
    [
        (AUGUST, OCTOBER, "later", 61),
        (OCTOBER, AUGUST, "earlier", -61),
        (AUGUST, AUGUST, None, None),
        (YEAR, AUGUST, None, None),
        (AUGUST, YEAR, None, None),
        (("2025-08-05", "2025-08-12"), ("2025-08-10", "2025-08-15"), "later", 3),
        ((None, "2025-12-31"), (None, "2026-12-31"), "later", 365),
        ((None, "2025-12-31"), (None, "2025-06-30"), "earlier", -184),
        ((None, "2025-12-31"), (None, "2025-12-31"), None, 0),
        ((None, "2025-12-31"), AUGUST, None, None),
        (AUGUST, (None, "2025-12-31"), "later", 122),
        (AUGUST, (None, "2025-08-15"), "earlier", -16),
        (("2026-01-01", None), ("2027-01-01", None), "later", 365),
        (("2026-01-01", None), ("2027-05-01", "2027-05-31"), None, None),
        (AUGUST, ("2026-01-01", None), "later", 153),
        (None, AUGUST, None, None),
        (AUGUST, (None, None), None, None),
    ],
)
def test_moves_of_a_date(before: Span | None, after: Span | None, change: str | None, days: int | None) -> None:
    """A date moves by its last day; one that contains the other is only more or less exact."""
    moved = move(when(before), when(after))
    assert (moved.change, moved.days) == (change, days)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("hoped", "considered", "firmer"),
        ("considered", "scheduled", "firmer"),
        ("pledged", "scheduled", None),
        ("agreed", "pledged", "weaker"),
        ("pledged", "considered", "weaker"),
        ("planned", None, None),
    ],
)
def test_firmness(before: Firmness, after: Firmness | None, change: str | None) -> None:
    """Agreed binds most, then pledged and scheduled alike, planned, considered, hoped."""
    assert firmer(before, after) == change


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("buy 3 ferries", "buy 5 ferries", "larger"),
        ("buy 60–70 billion cubic metres of gas", "buy 65 billion cubic metres of gas", None),
        ("buy 60–70 billion cubic metres of gas", "buy 70-80 billion cubic metres of gas", None),
        ("buy 60–70 billion cubic metres of gas", "buy 30 million cubic metres of gas", "smaller"),
        ("cut emissions by 40%", "cut emissions by 55 %", "larger"),
        ("buy 3 ferries", "build 5 bridges", None),
        ("meet in 2024", "meet in 2025", None),
        ("hold the 4th forum", "hold the 5th forum", None),
    ],
)
def test_amounts(before: str, after: str, change: str | None) -> None:
    """Amounts of the same unit are compared; years and ordinals are none, and ranges that overlap are equal."""
    one, other = (content(text, Directory()).amounts for text in (before, after))
    assert larger(one, other) == change


def step(said: str | None, span: Span | None = None, relation: str | None = None, *changes: str, n: int = 0) -> Step:
    link = None
    if relation is not None:
        link = Link.model_validate(
            {
                "to": "s0",
                "relation": relation,
                "changes": list(changes),
                "slip_days": None,
                "confidence": 0.8,
                "by": "rules",
                "because": "it says so",
            }
        )
    told = relation in ("fulfilled", "partly_fulfilled") or (relation == "update" and span is None)
    return Step(
        id=f"s{n}",
        kind="claim" if told else "commitment",
        article=Source(id="a", title=None, published=day(said), source=None),
        said=day(said),
        speaker=None,
        text="open the bridge",
        actors=[],
        parties=[],
        firmness=None if told else "planned",
        condition=None,
        quote=Quote(exact="x", prefix="", suffix="", start=0, end=1, match="exact"),
        when=when(span),
        link=link,
    )


@pytest.mark.parametrize(
    ("span", "as_of", "state", "reason"),
    [
        (AUGUST, "2025-07-20", "upcoming", "its first day, 2025-08-01, is 12 days ahead"),
        (AUGUST, "2025-08-01", "due", "its time runs from 2025-08-01 to 2025-08-31"),
        (AUGUST, "2025-08-31", "due", "its time runs from 2025-08-01 to 2025-08-31"),
        (AUGUST, "2025-09-01", "overdue", "1 day after its last day, 2025-08-31, no given article tells"),
        ((None, "2025-12-31"), "2025-07-20", "upcoming", "due by 2025-12-31, in 164 days"),
        ((None, "2025-12-31"), "2025-12-01", "due", "due by 2025-12-31, in 30 days"),
        ((None, "2025-12-31"), "2025-12-31", "due", "due by 2025-12-31, today"),
        ((None, "2025-12-31"), "2026-01-01", "overdue", "1 day after its last day, 2025-12-31"),
        (("2026-01-01", None), "2025-07-20", "upcoming", "its first day, 2026-01-01, is 165 days ahead"),
        (("2026-01-01", None), "2036-07-20", "due", "its time runs since 2026-01-01, with no end named"),
        (None, "2025-07-20", "unratable", "no article gives it a date"),
        ((None, None), "2025-07-20", "unratable", "no article gives it a date"),
    ],
)
def test_states_by_date(span: Span | None, as_of: str, state: str, reason: str) -> None:
    """Before its time a thread is upcoming, in it due, after it overdue; without a date it cannot be rated."""
    told = state_as_of([step("2025-01-10", span)], dt.date.fromisoformat(as_of))
    assert told.name == state
    assert told.reason.startswith(reason)


@pytest.mark.parametrize(
    ("relation", "state"),
    [
        ("fulfilled", "fulfilled"),
        ("partly_fulfilled", "partly"),
        ("abandoned", "abandoned"),
        ("contradicted", "contradicted"),
    ],
)
def test_outcomes_win_over_dates(relation: str, state: str) -> None:
    """What became of a commitment is its state from the day on which it was told; its step is the evidence."""
    steps = [step("2025-01-10", AUGUST), step("2025-08-20", None, relation, n=1)]
    after, before = (state_as_of(steps, dt.date(2025, *when)) for when in ((9, 10), (8, 19)))
    assert (after.name, after.evidence, after.reason.endswith("on 2025-08-20: it says so")) == (state, ["s1"], True)
    assert before.name == "due"


def test_an_undertaking_taken_up_again() -> None:
    """What was abandoned is open again once somebody commits to it anew; what was fulfilled stays so."""
    again = step("2025-05-01", OCTOBER, "same", n=2)
    day_after = dt.date(2025, 6, 1)
    dropped = [step("2025-01-10", AUGUST), step("2025-03-01", None, "abandoned", n=1), again]
    assert state_as_of(dropped, day_after).name == "upcoming"
    kept = [step("2025-01-10", AUGUST), step("2025-03-01", None, "fulfilled", n=1), again]
    assert state_as_of(kept, day_after).name == "fulfilled"


def test_the_last_date_told_holds() -> None:
    """A later date replaces the first; a telling without a date replaces none."""
    steps = [step("2025-01-10", AUGUST), step("2025-03-01", OCTOBER, "update", "later", n=1)]
    undated = [*steps, step("2025-04-01", None, "same", n=2)]
    told = state_as_of(undated, dt.date(2025, 9, 15))
    assert (told.name, told.evidence) == ("upcoming", ["s1"])


def test_put_off_without_a_new_date() -> None:
    """What was put off to no known day is not overdue: it cannot be rated."""
    steps = [step("2025-01-10", AUGUST), step("2025-08-20", None, "update", "later", n=1)]
    told = state_as_of(steps, dt.date(2025, 9, 15))
    assert (told.name, told.evidence) == ("unratable", ["s0", "s1"])


def test_nothing_that_could_be_checked() -> None:
    """Words that all commitments share are no test, with or without a date."""
    assert not content("strengthen bilateral cooperation in key areas", Directory()).testable
    assert content("open the bridge", Directory()).testable
    told = state_as_of([step("2025-01-10", AUGUST)], dt.date(2025, 9, 15), testable=False)
    assert (told.name, told.reason) == ("unratable", "dated, but it names nothing that could be checked")


def test_a_day_before_all_tellings() -> None:
    """As of a day on which nothing had been said, there is nothing to rate."""
    told = state_as_of([step("2025-01-10", AUGUST)], dt.date(2025, 1, 9))
    assert (told.name, told.reason) == ("unratable", "nothing had been said by then")
