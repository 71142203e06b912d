"""What is part of a whole or lies beside a day: "the first week of May", "early 2026", "the week of October 7th"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from extractor.text.dates import calendar
from extractor.text.dates.calendar import DAY, Amount, Span, Undated
from extractor.text.dates.model import Granularity
from extractor.text.dates.nodes.base import Context, Node
from extractor.text.dates.nodes.relative import Point


@dataclass(slots=True)
class Of(Node):
    """ "October 2014", "the first week of May", "Tuesday of next week": a part inside of a whole."""

    part: Node
    whole: Node

    @property
    def name(self) -> str:
        return f"{self.part.name}:{self.whole.name}"

    @property
    def recurs(self) -> bool:
        return self.whole.recurs

    def span(self, ctx: Context) -> Span:
        return self.choose(ctx) if self.whole.recurs else self.part.inside(self.whole.span(ctx))

    def instances(self, around: date) -> Iterator[Span]:
        for whole in self.whole.instances(around):
            yield self.part.inside(whole)

    def lies_ahead(self, found: Span, today: date) -> bool:
        return self.whole.lies_ahead(found, today)


@dataclass(slots=True)
class Third(Node):
    """ "Early 2026", "mid-May", "the end of the year": the first, middle or last third. `edge`: "the end of"."""

    base: Node
    part: int
    edge: bool = False

    @property
    def name(self) -> str:
        return f"{('early', 'mid', 'late')[self.part]}:{self.base.name}"

    @property
    def recurs(self) -> bool:
        return self.base.recurs

    def _of(self, whole: Span) -> Span:
        return whole if whole.first == whole.last else calendar.slice_span(whole, self.part, 3)

    def span(self, ctx: Context) -> Span:
        return self.choose(ctx) if self.base.recurs else self._of(self.base.span(ctx))

    def instances(self, around: date) -> Iterator[Span]:
        for whole in self.base.instances(around):
            yield self._of(whole)

    def lies_ahead(self, found: Span, today: date) -> bool:
        return self.base.lies_ahead(found, today)

    def inside(self, whole: Span) -> Span:
        return self._of(self.base.inside(whole))


@dataclass(slots=True)
class Nth(Node):
    """ "The third Tuesday", "the last week": number `number` of its kind in a whole, from the end if negative.

    `count` takes so many in a row ("the last four months").
    """

    number: int
    unit: str
    weekday: int | None = None
    count: int = 1

    @property
    def name(self) -> str:
        return f"nth-{'weekday' if self.weekday is not None else self.unit}"

    def span(self, ctx: Context) -> Span:
        del ctx  # "the third Tuesday" alone is no date
        raise Undated

    def inside(self, whole: Span) -> Span:
        index = self.number - 1 if self.number > 0 else self.number
        found = self._pick(whole, index)
        if self.unit == "week":
            inside = calendar.first_week(whole) <= found.start <= calendar.last_week(whole)
        else:
            inside = whole.start <= found.start and found.end <= whole.end
        if not inside:
            raise Undated
        return found

    def _pick(self, whole: Span, index: int) -> Span:
        ahead = index >= 0
        if self.weekday is not None or self.unit == "weekend":
            weekday = 5 if self.weekday is None else self.weekday
            near = whole.start + timedelta(days=(weekday - whole.start.weekday()) % 7)
            far = whole.end - timedelta(days=(whole.end.weekday() - weekday) % 7)
            day = near + timedelta(weeks=index) if ahead else far + timedelta(weeks=index + 1)
            return calendar.day_span(day) if self.weekday is not None else Span(day, day + DAY, "weekend")
        days = calendar.DAYS_OF.get(self.unit)
        if self.unit == "week" and self.count == 1:
            monday = calendar.first_week(whole) if ahead else calendar.last_week(whole) + timedelta(weeks=1)
            return calendar.week_span(monday + timedelta(weeks=index))
        if days is not None:
            near = whole.start if ahead else whole.end + DAY
            first = near + timedelta(days=days * (index if ahead else index + 1 - self.count))
            last = first + timedelta(days=days * self.count - 1)
            return Span(first, last, "day" if self.unit == "day" and self.count == 1 else "range")
        months = calendar.MONTHS_OF[self.unit]
        if not calendar.whole_months(whole):
            raise Undated
        near = whole.start if ahead else whole.end + DAY
        first = calendar.first_of_month(near, months * (index if ahead else index + 1 - self.count))
        grain = "year" if months % 12 == 0 and first.month == 1 else "month"
        unit: Granularity = self.unit if self.count == 1 else "range"  # type: ignore[assignment]  # units with months are granularities
        return calendar.months_span(first, months * self.count, unit, grain)


@dataclass(slots=True)
class Around(Node):
    """ "The week of October 7th": the week that holds it. "Memorial Day weekend": the nearest weekend and the day."""

    unit: str
    base: Node
    rule: ClassVar[str] = "unit-of-day"

    def span(self, ctx: Context) -> Span:
        day = self.base.span(ctx).start
        if self.unit != "weekend":
            return calendar.unit_span(day, self.unit)
        near = calendar.unit_span(day, self.unit, -1 if day.weekday() < 2 else 0)
        return near._replace(first=min(near.start, day), last=max(near.end, day))


@dataclass(slots=True)
class WeekdayNear(Node):
    """ "Monday two weeks from now": the weekday in that week; after months or years the first one from then on."""

    weekday: int
    point: Point
    rule: ClassVar[str] = "weekday-near"

    def span(self, ctx: Context) -> Span:
        day = self.point.span(ctx).start
        if self.point.amount.months:
            return calendar.day_span(day + timedelta(days=(self.weekday - day.weekday()) % 7))
        return calendar.day_span(calendar.week_span(day).start + timedelta(days=self.weekday))


@dataclass(slots=True)
class YearOfPoint(Node):
    """ "March in a year", "Christmas in 3 years": the instance in the year that lies so far away."""

    part: Node
    point: Point
    rule: ClassVar[str] = "in-year"

    def span(self, ctx: Context) -> Span:
        return self.part.inside(calendar.year_span(self.point.span(ctx).start.year))


@dataclass(slots=True)
class Ending(Node):
    """ "The three months ending June 30": the amount that ends with the base."""

    amount: Amount
    base: Node
    rule: ClassVar[str] = "ending"

    def span(self, ctx: Context) -> Span:
        base = self.base.span(ctx)
        after = base.end + DAY
        return Span(self.amount.after(after, -1), base.end, "range", base.grain)


@dataclass(slots=True)
class Starting(Node):
    """ "The fiscal year beginning October 1": the amount that begins with the base."""

    amount: Amount
    base: Node
    rule: ClassVar[str] = "starting"

    def span(self, ctx: Context) -> Span:
        base = self.base.span(ctx)
        return Span(base.start, self.amount.after(base.start) - DAY, "range", base.grain)
