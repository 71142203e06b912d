"""Planned dates as an iCalendar file (RFC 5545): one all-day event per dated thread.

The UID of an event is its thread's id, so that a calendar that reads the file again moves the event instead of
doubling it. There is no clock: DTSTAMP is the day as of which the states are told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from extractor.errors import ConfigurationError
from extractor.schema.ledger import State, Thread

if TYPE_CHECKING:
    from icalendar import Event

_STATUS = {"abandoned": "CANCELLED", "contradicted": "CANCELLED", "fulfilled": "CONFIRMED"}
_LONGEST = 31  # days: a longer span is shown on its last day, so that "in 2025" does not fill a year


def to_ics(threads: Iterable[Thread]) -> str:
    """The calendar; threads without a day are left out. Raises ConfigurationError where icalendar is not installed."""
    try:
        from icalendar import Calendar
    except ImportError as error:
        hint = "Install it: pip install 'claim-commitment-extractor[ics]'"
        raise ConfigurationError("A calendar needs the library icalendar.", hint=hint) from error
    calendar = Calendar()
    calendar.add("prodid", "-//extractor//ledger//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Commitments")
    for thread in threads:
        if (event := _event(thread)) is not None:
            calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode("utf-8")


def _event(thread: Thread) -> Event | None:
    from icalendar import Event

    days = _days(thread)
    if days is None:
        return None
    first, last = days
    state = thread.state
    event = Event()
    event.add("uid", f"{thread.id}@ledger.extractor")
    event.add("dtstamp", dt.datetime.combine(state.as_of, dt.time(), dt.UTC))
    event.add("dtstart", first)
    event.add("dtend", last + dt.timedelta(days=1))  # exclusive, RFC 5545 3.6.1
    actors = ", ".join(actor.name for actor in thread.actors)
    event.add("summary", f"{actors}: {thread.title}" if actors else thread.title)
    event.add("description", _description(thread, state))
    event.add("categories", [state.name])
    event.add("status", _STATUS.get(state.name, "TENTATIVE"))
    event.add("transp", "TRANSPARENT")
    event.add("sequence", sum(1 for step in thread.steps if step.link is not None))
    return event


def _days(thread: Thread) -> tuple[dt.date, dt.date] | None:
    first, last = thread.earliest, thread.latest
    if first is not None and last is not None:
        return (first, last) if (last - first).days <= _LONGEST else (last, last)
    only = first or last
    return (only, only) if only else None


def _description(thread: Thread, state: State) -> str:
    lines = [f"{state.name}: {state.reason}", f"planned: {thread.earliest or '…'} to {thread.latest or '…'}"]
    for step in thread.steps:
        relation = step.link.relation.replace("_", " ") if step.link else "first"
        lines.append(f"{step.said or 'undated'} ({relation}) {step.speaker or step.article.id}: “{step.quote.exact}”")
    return "\n".join(lines)
