"""What counts from publication or an anchor: "next week", "in three months", "within ten days", "later this year"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from extractor.text.dates import calendar
from extractor.text.dates.calendar import DAY, Amount, Span, Undated
from extractor.text.dates.nodes.base import Context, Node
from extractor.text.dates.nodes.recurring import Season, Weekday, Yearly


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

    With no such day, "the following week" is counted from publication; "the same day" has no date.
    "The week after Easter" brings its own day as `base`.
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
            return self._first(ctx.anchor - DAY)
        if isinstance(self.base, Weekday):
            return self._weekday(self.base.weekday, ctx)
        if self.relation == "this":
            return self._this(today, ctx)
        if self.relation in ("last", "past"):
            ended = [found for found in self.base.instances(today) if found.end < today]
            if not ended:
                raise Undated
            return ended[-1]
        after = self._first(today)
        if self.relation == "after-next":
            return self._first(after.end)
        return after

    def _first(self, today: date) -> Span:
        for found in self.base.instances(today):
            if found.start > today:
                return found
        raise Undated

    def _weekday(self, weekday: int, ctx: Context) -> Span:
        # "Next Friday" is the Friday of next week, "last Friday" of last week; "this Friday" the nearest one in the
        # tense's direction.
        today = ctx.today
        if self.relation == "following" and ctx.anchor is not None:
            return calendar.day_span(ctx.anchor + DAY + timedelta(days=(weekday - ctx.anchor.weekday() - 1) % 7))
        if self.relation in ("next", "following"):
            return calendar.day_span(calendar.week_span(today).start + timedelta(days=7 + weekday))
        if self.relation == "last":
            return calendar.day_span(calendar.week_span(today).start + timedelta(days=weekday - 7))
        if self.relation == "past":
            return calendar.day_span(today - timedelta(days=(today.weekday() - weekday) % 7 or 7))
        if self.relation == "this" and ctx.tense == "past":
            return calendar.day_span(today - timedelta(days=(today.weekday() - weekday) % 7))
        ahead = (weekday - today.weekday()) % 7
        if self.relation == "after-next":
            ahead = (ahead or 7) + 7
        elif self.relation == "coming":
            ahead = ahead or 7
        return calendar.day_span(today + timedelta(days=ahead))

    def _this(self, today: date, ctx: Context) -> Span:
        if isinstance(self.base, Season):
            running = [found for found in self.base.instances(today) if found.start <= today <= found.end]
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
class Window(Node):
    """ "Within ten days", "over 18 months", "for 25 years": an amount that runs from publication, or from `base`.

    Running backward ("over the past year") it ends on the day of publication. A vague one ("in the coming weeks")
    begins on the next day and is open.
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
        number = amount.number
        if number is not None and number < 1:
            raise Undated
        if number is None or amount.business:
            near, far = today + self.sign * DAY, amount.after(today, self.sign)
            return Span(near, far, "range") if self.sign > 0 else Span(far, near, "range")
        near_unit = calendar.unit_span(today, amount.unit, self.sign)
        far_unit = calendar.unit_span(today, amount.unit, self.sign * number)
        first, last = (near_unit, far_unit) if self.sign > 0 else (far_unit, near_unit)
        return Span(first.first, last.last, "range", near_unit.grain)


@dataclass(slots=True)
class Rest(Node):
    """ "Later this year": from the day after publication to its end. "Earlier": from its start to the day before."""

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
