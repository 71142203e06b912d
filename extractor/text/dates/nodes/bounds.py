"""By, before, until, from, since, after; from one span to another; approximately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from extractor.text.dates import calendar
from extractor.text.dates.calendar import DAY, Span, Undated
from extractor.text.dates.nodes.base import Context, Node
from extractor.text.dates.nodes.parts import Third
from extractor.text.dates.nodes.recurring import Weekday


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
            base = next((s for s in self.base.instances(ctx.today) if s.start > ctx.today), base)
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

    def _next_last(self, first: Span) -> Span:
        for found in self.last.instances(first.start):
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
            return self._join(first, self._next_last(first))
        last = _opening(self.last, ctx)
        if self.first.recurs:
            begun = None
            for found in self.first.instances(last.start):
                if found.start <= last.start and found.end <= last.end:
                    begun = found
            if begun is None:
                raise Undated
            return self._join(begun, last)
        return self._join(self.first.span(ctx), last)

    def instances(self, around: date) -> Iterator[Span]:
        waiting: Span | None = None
        for first in self.first.instances(around):
            try:
                found = self._join(first, self._next_last(first))
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

    def inside(self, whole: Span) -> Span:
        first = self.first.inside(whole)
        try:
            last = self.last.inside(whole)
        except Undated:
            last = self._next_last(first)
        if last.end < first.start:
            first = Node.inside(self.first, calendar.year_span(whole.start.year - 1))
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
