"""What a date expression means: a small tree whose nodes turn a context into a span of days.

A node is either fixed (one span in a context) or recurring (a month, a weekday, the 15th, Christmas): a recurring one lists its
instances around a day, and context or a larger whole chooses among them. A plan looks forward to the first instance that is not
over yet, a report back to the last one that has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar, NamedTuple

from extractor.text.dates import calendar
from extractor.text.dates.calendar import DAY, Amount, Span, Undated
from extractor.text.dates.model import Granularity, Tense


class Context(NamedTuple):
    """What an expression is read against; `published` may be unknown."""

    published: date | None
    tense: Tense
    anchor: date | None

    @property
    def today(self) -> date:
        """The day of publication. Raises Undated where it is unknown."""
        if self.published is None:
            raise Undated
        return self.published


class Node:
    """A fixed node answers `span`; a recurring one also `instances`."""

    __slots__ = ()
    rule: ClassVar[str] = "date"
    recurring: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The rule's name, outermost first."""
        return self.rule

    @property
    def recurs(self) -> bool:
        """Whether context has to choose among instances."""
        return self.recurring

    def span(self, ctx: Context) -> Span:
        """The days meant in this context. Raises Undated, or ValueError/OverflowError for a day that no calendar has."""
        return self.choose(ctx)

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        """Instances in order of time, from before `around` until after it."""
        yield self.span(ctx)

    def choose(self, ctx: Context) -> Span:
        """The instance that a plan (from today on) or a report (up to today) means."""
        today = ctx.today
        if ctx.tense == "past":
            chosen = None
            for found in self.instances(today, ctx):
                if found.start > today:
                    break
                chosen = found
            if chosen is None:
                raise Undated
            return chosen
        for found in self.instances(today, ctx):
            if self.lies_ahead(found, today):
                return found
        raise Undated

    def lies_ahead(self, found: Span, today: date) -> bool:
        """Whether a plan made `today` can mean this instance."""
        return found.end >= today

    def inside(self, whole: Span, ctx: Context) -> Span:
        """The first instance that lies in `whole`."""
        if not self.recurs:
            raise Undated
        for found in self.instances(whole.start, ctx):
            if found.start >= whole.start:
                if found.start > whole.end:
                    break
                return found
        raise Undated


@dataclass(slots=True)
class Fixed(Node):
    """An absolute date."""

    value: Span
    kind: str = "date"

    @property
    def name(self) -> str:
        return self.kind

    def span(self, ctx: Context) -> Span:
        return self.value


@dataclass(slots=True)
class NearDay(Node):
    """Today, tomorrow, yesterday: so many days from publication."""

    days: int
    rule: ClassVar[str] = "near-day"

    def span(self, ctx: Context) -> Span:
        return calendar.day_span(ctx.today + timedelta(days=self.days))


# ---- recurring ----


class Yearly(Node):
    """Comes once in a year; `in_year` gives the instance that starts in it, None where that year has none."""

    __slots__ = ()
    recurring: ClassVar[bool] = True

    def in_year(self, year: int) -> Span | None:
        raise NotImplementedError

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        for year in range(around.year - 1, around.year + 3):
            found = self.in_year(year)
            if found is not None:
                yield found

    def inside(self, whole: Span, ctx: Context) -> Span:
        if whole.unit == "year":
            found = self.in_year(whole.start.year)
            if found is None:
                raise Undated
            return found
        return Node.inside(self, whole, ctx)


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
class YearPart(Yearly):
    """Quarter or half number `number` (from 1) of a year; also inside of a longer or shorter whole."""

    number: int
    unit: Granularity
    rule: ClassVar[str] = "year-part"

    def in_year(self, year: int) -> Span:
        size = calendar.MONTHS_OF[self.unit]
        return calendar.months_span(date(year, 1 + (self.number - 1) * size, 1), size, self.unit)

    def inside(self, whole: Span, ctx: Context) -> Span:
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

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
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

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        for shift in range(-2 if self.weekday is None else -14, 4 if self.weekday is None else 15):
            start = calendar.first_of_month(around, shift)
            try:
                found = start.replace(day=self.day)
            except ValueError:
                continue
            if self.weekday is None or found.weekday() == self.weekday:
                yield calendar.day_span(found)

    def inside(self, whole: Span, ctx: Context) -> Span:
        if whole.unit not in ("month", "quarter", "season", "half", "year", "week", "day"):
            raise Undated
        return Node.inside(self, whole, ctx)


@dataclass(slots=True)
class Weekday(Node):
    """A weekday alone: in a plan the first one after publication, in a report the last one up to it."""

    weekday: int
    rule: ClassVar[str] = "weekday"
    recurring: ClassVar[bool] = True

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
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

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        for weeks in (-1, 0, 1):
            yield calendar.unit_span(around, "weekend", weeks)


@dataclass(slots=True)
class Holiday(Yearly):
    """A named day; `lookup` gives the days of number `index` in a year, None where nobody knows them."""

    index: int
    lookup: Callable[[int, int], Span | None]
    rule: ClassVar[str] = "holiday"

    def in_year(self, year: int) -> Span | None:
        return self.lookup(self.index, year)


# ---- relative to publication ----


@dataclass(slots=True)
class UnitShift(Node):
    """ "Next week", "this year", "last month": the calendar unit so many steps away."""

    unit: str
    steps: int
    rule: ClassVar[str] = "unit"

    @property
    def name(self) -> str:
        return self.unit

    def span(self, ctx: Context) -> Span:
        return calendar.unit_span(ctx.today, self.unit, self.steps)


@dataclass(slots=True)
class AnchoredUnit(Node):
    """ "The same day", "that month", "the following week": counted from a day that the article dates.

    With no such day, "the following week" is counted from publication; "the same day" has no date. "The week after Easter" brings
    its own day as `base`.
    """

    unit: str
    steps: int
    base: Node | None = None
    rule: ClassVar[str] = "anchored"

    def span(self, ctx: Context) -> Span:
        if self.base is not None:
            near = self.base.span(ctx)
            return calendar.unit_span(near.end if self.steps > 0 else near.start, self.unit, self.steps)
        anchor = ctx.anchor
        if anchor is None:
            if self.steps == 0:
                raise Undated
            anchor = ctx.today
        return calendar.unit_span(anchor, self.unit, self.steps)


@dataclass(slots=True)
class Relative(Node):
    """ "Next March", "last Friday", "this summer": a recurring node with a word that chooses its instance."""

    base: Node
    relation: str

    @property
    def name(self) -> str:
        return f"{self.relation}:{self.base.name}"

    def span(self, ctx: Context) -> Span:
        today = ctx.today
        if self.relation == "same":
            if ctx.anchor is None:
                raise Undated
            return self._first(today=ctx.anchor - DAY, ctx=ctx)
        if isinstance(self.base, Weekday):
            return self._weekday(self.base.weekday, ctx)
        if self.relation == "this":
            return self._this(today, ctx)
        if self.relation == "last":
            ended = [found for found in self.base.instances(today, ctx) if found.end < today]
            if not ended:
                raise Undated
            return ended[-1]
        after = self._first(today, ctx)
        if self.relation == "after-next":
            return self._first(after.end, ctx)
        return after

    def _first(self, today: date, ctx: Context) -> Span:
        for found in self.base.instances(today, ctx):
            if found.start > today:
                return found
        raise Undated

    def _weekday(self, weekday: int, ctx: Context) -> Span:
        # "Next Friday" is the Friday of the next week, as "next week" is; "this Friday" the nearest one in the tense's direction.
        today = ctx.today
        if self.relation == "following" and ctx.anchor is not None:
            return calendar.day_span(ctx.anchor + DAY + timedelta(days=(weekday - ctx.anchor.weekday() - 1) % 7))
        if self.relation in ("next", "following"):
            return calendar.day_span(calendar.week_span(today).start + timedelta(days=7 + weekday))
        if self.relation == "last" or (self.relation == "this" and ctx.tense == "past"):
            back = (today.weekday() - weekday) % 7
            return calendar.day_span(today - timedelta(days=back or (7 if self.relation == "last" else 0)))
        ahead = (weekday - today.weekday()) % 7
        if self.relation == "after-next":
            ahead = (ahead or 7) + 7
        elif self.relation == "coming":
            ahead = ahead or 7
        return calendar.day_span(today + timedelta(days=ahead))

    def _this(self, today: date, ctx: Context) -> Span:
        if isinstance(self.base, Season):
            running = [found for found in self.base.instances(today, ctx) if found.start <= today <= found.end]
            if running:
                return running[0]
        if isinstance(self.base, Yearly):
            found = self.base.in_year(today.year)
            if found is not None:
                return found
        return self.base.choose(ctx)


@dataclass(slots=True)
class Point(Node):
    """ "In three months", "two weeks ago", "4 months from tomorrow": an amount before or after a day."""

    amount: Amount
    sign: int
    base: Node | None = None
    anchored: bool = False
    rule: ClassVar[str] = "offset"

    def span(self, ctx: Context) -> Span:
        if self.base is not None:
            base = self.base.span(ctx)
            origin = base.end if self.sign > 0 else base.start
        elif self.anchored:
            if ctx.anchor is None:
                raise Undated
            origin = ctx.anchor
        else:
            origin = ctx.today
        amount = self.amount
        if amount.vague:
            return Span(origin + DAY, None, "range") if self.sign > 0 else Span(None, origin - DAY, "range")
        day = amount.after(origin, self.sign)
        if amount.sense == "least":
            return Span(day, None, "range") if self.sign > 0 else Span(None, day, "range")
        if amount.sense == "most":
            return Span(min(day, origin), max(day, origin), "range")
        return Span(day, day, approximate=amount.sense == "about")


@dataclass(slots=True)
class Counted(Node):
    """ "3 Fridays from now": the n-th instance after publication."""

    number: int
    base: Weekday
    sign: int
    rule: ClassVar[str] = "counted"

    def span(self, ctx: Context) -> Span:
        today = ctx.today
        if self.sign > 0:
            first = (self.base.weekday - today.weekday()) % 7 or 7
            return calendar.day_span(today + timedelta(days=first, weeks=self.number - 1))
        first = (today.weekday() - self.base.weekday) % 7 or 7
        return calendar.day_span(today - timedelta(days=first, weeks=self.number - 1))


@dataclass(slots=True)
class Window(Node):
    """ "Within ten days", "over 18 months", "for 25 years": an amount that runs from publication, or from `base`.

    Running backward ("over the past year") it ends on the day of publication. A vague one ("in the coming weeks") begins on the
    next day and is open.
    """

    amount: Amount
    sign: int
    base: Node | None = None
    rule: ClassVar[str] = "window"

    def span(self, ctx: Context) -> Span:
        origin = self.base.span(ctx).start if self.base is not None else ctx.today
        near = origin + self.sign * DAY if self.amount.vague else origin
        far = None if self.amount.vague or self.amount.sense == "least" else self.amount.after(origin, self.sign)
        first, last = (near, far) if self.sign > 0 else (far, near)
        return Span(first, last, "range", approximate=self.amount.sense == "about")


@dataclass(slots=True)
class NextUnits(Node):
    """ "Next three weeks", "last two quarters" with no preposition: so many calendar units, as "next week" is one."""

    amount: Amount
    sign: int
    rule: ClassVar[str] = "next-units"

    def span(self, ctx: Context) -> Span:
        today, amount = ctx.today, self.amount
        if amount.vague:
            return Window(amount, self.sign).span(ctx)
        number = amount.count
        if number is None or amount.business or number < 1:
            near, far = today + self.sign * DAY, amount.after(today, self.sign)
            return Span(near, far, "range") if self.sign > 0 else Span(far, near, "range")
        near_unit = calendar.unit_span(today, amount.unit, self.sign)
        far_unit = calendar.unit_span(today, amount.unit, self.sign * number)
        first, last = (near_unit, far_unit) if self.sign > 0 else (far_unit, near_unit)
        return Span(first.first, last.last, "range", near_unit.grain)


@dataclass(slots=True)
class Rest(Node):
    """ "Later this year": from the day after publication to the end. "Earlier this year": from the start to the day before."""

    base: Node
    sign: int

    @property
    def name(self) -> str:
        return f"{'later' if self.sign > 0 else 'earlier'}:{self.base.name}"

    def span(self, ctx: Context) -> Span:
        base = self.base.span(ctx)
        if ctx.published is None or base.first == base.last or not base.start <= ctx.today <= base.end:
            return base
        if self.sign > 0:
            if ctx.today == base.end:
                raise Undated
            return base._replace(first=ctx.today + DAY, grain="day")
        if ctx.today == base.start:
            raise Undated
        return base._replace(last=ctx.today - DAY, grain="day")


# ---- parts of a whole ----


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
        return self.choose(ctx) if self.whole.recurs else self.part.inside(self.whole.span(ctx), ctx)

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        for whole in self.whole.instances(around, ctx):
            yield self.part.inside(whole, ctx)

    def lies_ahead(self, found: Span, today: date) -> bool:
        return self.whole.lies_ahead(found, today)


@dataclass(slots=True)
class Third(Node):
    """ "Early 2026", "mid-May", "the end of the year": the first, middle or last third. `edge` marks a boundary ("the end of")."""

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

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        for whole in self.base.instances(around, ctx):
            yield self._of(whole)

    def lies_ahead(self, found: Span, today: date) -> bool:
        return self.base.lies_ahead(found, today)

    def inside(self, whole: Span, ctx: Context) -> Span:
        return self._of(self.base.inside(whole, ctx))


@dataclass(slots=True)
class Nth(Node):
    """ "The third Tuesday", "the last week", "the second last day": number `number` of its kind in a whole, from the end if negative."""

    number: int
    unit: str
    weekday: int | None = None
    count: int = 1

    @property
    def name(self) -> str:
        return f"nth-{'weekday' if self.weekday is not None else self.unit}"

    def span(self, ctx: Context) -> Span:
        raise Undated

    def inside(self, whole: Span, ctx: Context) -> Span:
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
class WeekNumber(Yearly):
    """An ISO week of a year."""

    number: int
    rule: ClassVar[str] = "iso-week"

    def in_year(self, year: int) -> Span:
        return calendar.week_span(date.fromisocalendar(year, self.number, 1))

    def inside(self, whole: Span, ctx: Context) -> Span:
        if whole.unit != "year":
            raise Undated
        return self.in_year(whole.start.year)


@dataclass(slots=True)
class Around(Node):
    """ "The week of October 7th": the week that holds a day. "Memorial Day weekend": the nearest weekend and the day itself."""

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
        return self.part.inside(calendar.year_span(self.point.span(ctx).start.year), ctx)


@dataclass(slots=True)
class CountedFrom(Node):
    """ "The third Tuesday after Easter": the n-th weekday after a day."""

    number: int
    weekday: int
    base: Node
    rule: ClassVar[str] = "counted"

    def span(self, ctx: Context) -> Span:
        day = self.base.span(ctx).end
        return calendar.day_span(day + timedelta(days=(self.weekday - day.weekday()) % 7 or 7, weeks=self.number - 1))


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


# ---- bounds and ranges ----


def _opening(node: Node, ctx: Context) -> Span:
    """The span of a bound's operand, where "the beginning of X" is the first day of X."""
    if isinstance(node, Third) and node.edge and node.part == 0:
        whole = node.base.span(ctx)
        return Span(whole.first, whole.first, "day")
    span = node.span(ctx)
    return span._replace(grain="day") if isinstance(node, Third) and node.edge else span


@dataclass(slots=True)
class Bound(Node):
    """By, before, until, from, since, after something."""

    kind: str
    base: Node

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.base.name}"

    def span(self, ctx: Context) -> Span:
        if self.kind == "since":
            ctx = ctx._replace(tense="past")
        base = _opening(self.base, ctx)
        if self.kind in ("by", "until"):
            return base._replace(first=None, last=base.end)
        if self.kind in ("from", "since"):
            return base._replace(first=base.start, last=None)
        if self.kind == "after":
            edge = isinstance(self.base, Third) and self.base.edge and self.base.part == 0
            return base._replace(first=base.end if edge else base.end + DAY, last=None)
        if isinstance(self.base, Third) and self.base.edge and self.base.part == 2:
            return base._replace(first=None, last=base.end)
        if base.start <= (ctx.published or date.min) and self.base.recurs and ctx.tense == "future":
            base = next((s for s in self.base.instances(ctx.today, ctx) if s.start > ctx.today), base)
        return base._replace(first=None, last=base.start - DAY)


@dataclass(slots=True)
class Range(Node):
    """From one span to another, both included."""

    first: Node
    last: Node
    rule: ClassVar[str] = "range"

    @property
    def name(self) -> str:
        return f"range:{self.first.name}:{self.last.name}"

    @property
    def recurs(self) -> bool:
        return self.first.recurs and self.last.recurs

    def _join(self, first: Span, last: Span) -> Span:
        if first.start > last.end:
            raise Undated
        grain = (
            "day" if "day" in (first.grain, last.grain) else "month" if "month" in (first.grain, last.grain) else "year"
        )
        return Span(first.start, last.end, "range", grain)

    def _next_last(self, first: Span, ctx: Context) -> Span:
        for found in self.last.instances(first.start, ctx):
            if found.end >= first.end:
                if isinstance(self.last, Third) and self.last.edge and self.last.part == 0:
                    return Span(found.first, found.first)
                return found
        raise Undated

    def span(self, ctx: Context) -> Span:
        if self.recurs:
            return self.choose(ctx)
        if self.last.recurs:
            first = self.first.span(ctx)
            return self._join(first, self._next_last(first, ctx))
        last = _opening(self.last, ctx)
        if self.first.recurs:
            begun = None
            for found in self.first.instances(last.start, ctx):
                if found.start <= last.start and found.end <= last.end:
                    begun = found
            if begun is None:
                raise Undated
            return self._join(begun, last)
        return self._join(self.first.span(ctx), last)

    def instances(self, around: date, ctx: Context) -> Iterator[Span]:
        waiting: Span | None = None
        for first in self.first.instances(around, ctx):
            try:
                found = self._join(first, self._next_last(first, ctx))
            except Undated:
                continue
            # Of several beginnings before one end the last is meant: "from the 27th to April 3".
            if waiting is not None and waiting.last != found.last:
                yield waiting
            waiting = found
        if waiting is not None:
            yield waiting

    def lies_ahead(self, found: Span, today: date) -> bool:
        return found.start > today if isinstance(self.first, Weekday) else found.end >= today

    def inside(self, whole: Span, ctx: Context) -> Span:
        first = self.first.inside(whole, ctx)
        try:
            last = self.last.inside(whole, ctx)
        except Undated:
            last = self._next_last(first, ctx)
        if last.end < first.start:
            first = Node.inside(self.first, calendar.year_span(whole.start.year - 1), ctx)
        return self._join(first, last)


@dataclass(slots=True)
class Either(Range):
    """ "July or August", "June 9 and 10": the days from the one to the other, whichever comes first."""

    rule: ClassVar[str] = "either"

    @property
    def name(self) -> str:
        return f"either:{self.first.name}:{self.last.name}"


@dataclass(slots=True)
class Approximately(Node):
    """ "Around May 5": the same days, marked as approximate."""

    base: Node

    @property
    def name(self) -> str:
        return f"about:{self.base.name}"

    def span(self, ctx: Context) -> Span:
        return self.base.span(ctx)._replace(approximate=True)


def with_weekday(node: Node, weekday: int) -> Node:
    """A day of a month that the text also gives a weekday."""
    return replace(node, weekday=weekday) if isinstance(node, (MonthDay, MonthlyDay)) else node
