"""The single days that a text names: those that "the following week" and "two days later" may count from."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from extractor.text import dates

_REACH = 200
"""Code points: a date that ends so far before a place reads the same, whatever stands behind the place."""


def days_before(text: str, end: int, published: dt.date | None) -> Iterator[dt.date]:
    """The days that text[:end] names, read as if it ended there, each once: last one first.

    "Thursday" is the one after publication and the one before. The text is read once, however often it is asked.
    """
    settled = end - _REACH
    begin = max(0, settled - _REACH)
    found = [one for one in dates.find_dates(text[begin:end]) if begin + one.end > settled]
    near = dict.fromkeys(day for _, day in _days(found, published))
    yield from near
    if settled > 0:
        yield from (day for day in _NamedDays.of(text, published).until(settled) if day not in near)


def days_of(text: str, published: dt.date | None) -> Sequence[dt.date]:
    """All days that the text names, each once: last one first."""
    return _NamedDays.of(text, published).distinct


class _NamedDays:
    """The days of a whole text, in order, and where the words end that name them."""

    def __init__(self, text: str, published: dt.date | None) -> None:
        named = list(_days(dates.find_dates(text), published))[::-1]
        self._ends = [end for end, _ in named]
        self._days = [day for _, day in named]
        self.distinct = tuple(dict.fromkeys(reversed(self._days)))

    @staticmethod
    @lru_cache(maxsize=4)  # the commitments of one article are dated one after the other
    def of(text: str, published: dt.date | None) -> _NamedDays:
        return _NamedDays(text, published)

    def until(self, end: int) -> Iterable[dt.date]:
        """Those whose words end at `end` or before, each once: last one first."""
        return dict.fromkeys(reversed(self._days[: bisect_right(self._ends, end)]))


def _days(found: Sequence[dates.DateSpan], published: dt.date | None) -> Iterator[tuple[int, dt.date]]:
    """Where each day's words end, and the day: last one first."""
    tenses: tuple[dates.Tense, ...] = ("future", "past")
    for one in reversed(found):
        for tense in tenses:
            resolved = dates.resolve(one.text, published, tense=tense)
            if resolved is not None and resolved.earliest is not None and resolved.earliest == resolved.latest:
                yield one.end, resolved.earliest
