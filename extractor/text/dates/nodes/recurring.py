"""What comes again: months, seasons, quarters, days of a month, weekdays, numbered weeks, named days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from extractor.text.dates import calendar
from extractor.text.dates.calendar import Span, Undated
from extractor.text.dates.model import Granularity
from extractor.text.dates.nodes.base import Context, Node


class Yearly(Node):
    """Comes once in a year; `in_year` gives the instance that starts in it, None where that year has none."""

    __slots__ = ()
    recurring: ClassVar[bool] = True

    def in_year(self, year: int) -> Span | None:
        raise NotImplementedError

    def instances(self, around: date) -> Iterator[Span]:
        for year in range(around.year - 1, around.year + 3):
            found = self.in_year(year)
            if found is not None:
                yield found

    def inside(self, whole: Span) -> Span:
        if whole.unit == "year":
            found = self.in_year(whole.start.year)
            if found is None:
                raise Undated
            return found
        return Node.inside(self, whole)


@dataclass(slots=True)
class Month(Yearly):
    month: int
    rule: ClassVar[str] = "month"

    def in_year(self, year: int) -> Span:
        return calendar.month_span(year, self.month)


@dataclass(slots=True)
class Season(Yearly):
    season: str
    rule: ClassVar[str] = "season"

    def in_year(self, year: int) -> Span:
        return calendar.season_span(year, self.season)


@dataclass(slots=True)
class ShortDecade(Node):
    """ "The thirties", "the 90s": in a plan the next ones if they come within thirty years, else those that were."""

    number: int
    rule: ClassVar[str] = "decade"
    recurring: ClassVar[bool] = True

    def instances(self, around: date) -> Iterator[Span]:
        century = around.year // 100 * 100
        for shift in (-100, 0, 100):
            yield calendar.unit_span(date(century + shift + self.number, 1, 1), "decade")

    def choose(self, ctx: Context) -> Span:
        chosen = Node.choose(self, ctx)
        if chosen.start.year - ctx.today.year > 30:
            chosen = Node.choose(self, ctx._replace(tense="past"))
        return chosen


@dataclass(slots=True)
class YearPart(Yearly):
    """Quarter or half number `number` (from 1) of a year; also inside of a longer or shorter whole."""

    number: int
    unit: Granularity
    rule: ClassVar[str] = "year-part"

    def in_year(self, year: int) -> Span:
        size = calendar.MONTHS_OF[self.unit]
        return calendar.months_span(date(year, 1 + (self.number - 1) * size, 1), size, self.unit)

    def inside(self, whole: Span) -> Span:
        if whole.unit == "year":
            return self.in_year(whole.start.year)
        parts = 2 if self.unit == "half" else 4
        return calendar.slice_span(whole, self.number - 1, parts, self.unit)


@dataclass(slots=True)
class MonthDay(Yearly):
    """A day of a month, perhaps with the weekday that the text gives it, which then tells the year."""

    month: int
    day: int
    weekday: int | None = None
    rule: ClassVar[str] = "month-day"

    def in_year(self, year: int) -> Span | None:
        try:
            return calendar.day_span(date(year, self.month, self.day))
        except ValueError:
            if (self.month, self.day) == (2, 29):
                return None
            raise

    def instances(self, around: date) -> Iterator[Span]:
        reach = 8 if (self.month, self.day) == (2, 29) else 2
        for year in range(around.year - reach, around.year + reach + 1):
            found = self.in_year(year)
            if found is not None:
                yield found

    def choose(self, ctx: Context) -> Span:
        usual = Node.choose(self, ctx)
        if self.weekday is None or usual.start.weekday() == self.weekday:
            return usual
        # A weekday that disagrees with the usual year points to the one before or after it.
        for year in (usual.start.year - 1, usual.start.year + 1):
            found = self.in_year(year)
            if found is not None and found.start.weekday() == self.weekday:
                return found
        return usual


@dataclass(slots=True)
class MonthlyDay(Node):
    """ "The 15th", perhaps with its weekday, which then tells the month."""

    day: int
    weekday: int | None = None
    rule: ClassVar[str] = "day-of-month"
    recurring: ClassVar[bool] = True

    def instances(self, around: date) -> Iterator[Span]:
        for shift in range(-2 if self.weekday is None else -14, 4 if self.weekday is None else 15):
            start = calendar.first_of_month(around, shift)
            try:
                found = start.replace(day=self.day)
            except ValueError:
                continue
            if self.weekday is None or found.weekday() == self.weekday:
                yield calendar.day_span(found)

    def inside(self, whole: Span) -> Span:
        if whole.unit not in ("month", "quarter", "season", "half", "year", "week", "day"):
            raise Undated
        return Node.inside(self, whole)


@dataclass(slots=True)
class Weekday(Node):
    """A weekday alone: in a plan the first one after publication, in a report the last one up to it."""

    weekday: int
    rule: ClassVar[str] = "weekday"
    recurring: ClassVar[bool] = True

    def instances(self, around: date) -> Iterator[Span]:
        first = around + timedelta(days=(self.weekday - around.weekday()) % 7)
        for weeks in (-1, 0, 1, 2):
            yield calendar.day_span(first + timedelta(weeks=weeks))

    def lies_ahead(self, found: Span, today: date) -> bool:
        return found.start > today


@dataclass(slots=True)
class Weekend(Node):
    """ "The weekend": the coming or present one."""

    rule: ClassVar[str] = "weekend"
    recurring: ClassVar[bool] = True

    def instances(self, around: date) -> Iterator[Span]:
        for weeks in (-1, 0, 1):
            yield calendar.unit_span(around, "weekend", weeks)


@dataclass(slots=True)
class WeekNumber(Yearly):
    """An ISO week of a year."""

    number: int
    rule: ClassVar[str] = "iso-week"

    def in_year(self, year: int) -> Span:
        return calendar.week_span(date.fromisocalendar(year, self.number, 1))

    def inside(self, whole: Span) -> Span:
        if whole.unit != "year":
            raise Undated
        return self.in_year(whole.start.year)


@dataclass(slots=True)
class Holiday(Yearly):
    """A named day; `lookup` gives the days of number `index` in a year, None where nobody knows them."""

    index: int
    lookup: Callable[[int, int], Span | None]
    rule: ClassVar[str] = "holiday"

    def in_year(self, year: int) -> Span | None:
        return self.lookup(self.index, year)


def with_weekday(node: Node, weekday: int) -> Node:
    """A day of a month that the text also gives a weekday."""
    return replace(node, weekday=weekday) if isinstance(node, (MonthDay, MonthlyDay)) else node
