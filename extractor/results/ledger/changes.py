"""What changed between two tellings of one undertaking: its date, its firmness, its size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from extractor.schema.ledger import Change
from extractor.schema.reading import Firmness
from extractor.schema.record import When

FIRMNESS: Mapping[Firmness, int] = {
    "agreed": 4,
    "pledged": 3,
    "scheduled": 3,
    "planned": 2,
    "considered": 1,
    "hoped": 0,
}
"""Steps of firmness. To arrange an event and to promise one bind alike."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a planned date moved: not at all where the two only differ in how exact they are."""

    change: Change | None
    days: int | None


def dated(when: When | None) -> bool:
    """Whether a plan has a day on at least one side."""
    return when is not None and (when.earliest is not None or when.latest is not None)


def move(before: When | None, after: When | None) -> Move:
    """How the planned date moved, in days: by its last day where both have one, else by its first.

    "In 2025" and "in August 2025" differ in exactness alone, and so do any two of which one contains the other; two
    deadlines ("by 2026", "by 2027") and two beginnings ("from 2026") are compared by their one day.
    """
    if before is None or after is None or not dated(before) or not dated(after):
        return Move(None, None)
    start, end, new_start, new_end = before.earliest, before.latest, after.earliest, after.latest
    if (start is None and new_start is None) or (new_start is None and end and new_end and new_end > end):
        return _by(end, new_end)
    if end is None and new_end is None:
        return _by(start, new_start)
    if _within(start, end, new_start, new_end) or _within(new_start, new_end, start, end):
        return Move(None, None)
    return _by(end, new_end) if end and new_end else _by(start or end, new_start or new_end)


def firmer(before: Firmness | None, after: Firmness | None) -> Change | None:
    """Whether an undertaking became firmer or weaker."""
    if before is None or after is None or FIRMNESS[before] == FIRMNESS[after]:
        return None
    return "firmer" if FIRMNESS[after] > FIRMNESS[before] else "weaker"


def larger(before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]) -> Change | None:
    """Whether an amount with the same unit grew or shrank; ranges that overlap did neither."""
    for unit, (low, high) in sorted(before.items()):
        if unit in after:
            new_low, new_high = after[unit]
            if new_low > high:
                return "larger"
            if new_high < low:
                return "smaller"
    return None


def _by(day: dt.date | None, new: dt.date | None) -> Move:
    if day is None or new is None:
        return Move(None, None)
    days = (new - day).days
    return Move("later" if days > 0 else "earlier" if days < 0 else None, days)


def _within(start: dt.date | None, end: dt.date | None, inner: dt.date | None, inner_end: dt.date | None) -> bool:
    low, high = start or dt.date.min, end or dt.date.max
    return low <= (inner or dt.date.min) and (inner_end or dt.date.max) <= high
