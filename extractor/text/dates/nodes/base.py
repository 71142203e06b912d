"""What every node is: the context it is read in, fixed and recurring nodes, and how context chooses an instance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, NamedTuple

from extractor.text.dates import calendar
from extractor.text.dates.calendar import Span, Undated
from extractor.text.dates.model import Tense


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
        """The days meant in this context. Raises Undated, or ValueError or OverflowError for a day that never was."""
        return self.choose(ctx)

    def instances(self, around: date) -> Iterator[Span]:
        """Instances in order of time, from before `around` until after it. Raises Undated for a fixed node."""
        raise Undated(around)

    def choose(self, ctx: Context) -> Span:
        """The instance that a plan (from today on) or a report (up to today) means."""
        today = ctx.today
        if ctx.tense == "past":
            chosen = None
            for found in self.instances(today):
                if found.start > today:
                    break
                chosen = found
            if chosen is None:
                raise Undated
            return chosen
        for found in self.instances(today):
            if self.lies_ahead(found, today):
                return found
        raise Undated

    def lies_ahead(self, found: Span, today: date) -> bool:
        """Whether a plan made `today` can mean this instance."""
        return found.end >= today

    def inside(self, whole: Span) -> Span:
        """The first instance that lies in `whole`."""
        if not self.recurs:
            raise Undated
        for found in self.instances(whole.start):
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
        del ctx  # the same in every context
        return self.value


@dataclass(slots=True)
class NearDay(Node):
    """Today, tomorrow, yesterday: so many days from publication."""

    days: int
    rule: ClassVar[str] = "near-day"

    def span(self, ctx: Context) -> Span:
        return calendar.day_span(ctx.today + timedelta(days=self.days))
