"""iCalendar (RFC 5545): each dated commitment is an all-day event over the days that it can mean.

- An open start ("by 2030") is an event on the last day, an open end ("from 2026") one on the first; the summary says
  so.
- The UID depends on the commitment's id alone, so that a calendar updates the event of an earlier export.
- DTSTAMP is the article's publication date, for no clock may decide what a file holds.
- Events are transparent: a promise of somebody else blocks nobody's day.

Commitments without any day have no place in a calendar; their number is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from icalendar import Calendar, Event

from extractor.results.exports.common import one_line, title_of, uuid_of, web_address
from extractor.results.exports.interface import Note, Options, Piece
from extractor.schema.record import Commitment, Record, When

OPTIONS = frozenset({"title"})
DEFAULT_TITLE = "Commitments"

_DAY = dt.timedelta(days=1)
_FIRM = frozenset({"agreed", "pledged", "scheduled"})
_NO_DATE = dt.date(1970, 1, 1)
_END = b"END:VCALENDAR\r\n"


def files(_: Options, /) -> tuple[str, ...]:
    return ()


def render(records: Iterable[Record], options: Options) -> Iterator[Piece | Note]:
    yield Piece("", _calendar(options.title or DEFAULT_TITLE).to_ical().removesuffix(_END))
    undated = repeated = 0
    seen: set[str] = set()
    for record in records:
        for commitment in record.commitments:
            days = _days(commitment.when)
            if days is None:
                undated += 1
            elif commitment.id in seen:
                repeated += 1
            else:
                seen.add(commitment.id)
                yield Piece("", _event(record, commitment, *days).to_ical())
    yield Piece("", _END)
    if undated:
        yield Note(f"left out of the calendar: {undated} without a resolved date")
    if repeated:
        yield Note(f"left out of the calendar: {repeated} with the id of an earlier one (the same article twice?)")


def _calendar(title: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//claim-commitment-extractor//commitments//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(title))
    return calendar


def _days(when: When | None) -> tuple[dt.date, dt.date] | None:
    """First and last day of the event; None where no day is known, or the two run backwards."""
    if when is None:
        return None
    first, last = when.earliest or when.latest, when.latest or when.earliest
    return None if first is None or last is None or first > last else (first, last)


def _event(record: Record, commitment: Commitment, first: dt.date, last: dt.date) -> Event:
    event = Event()
    event.add("uid", str(uuid_of(commitment.id)))
    event.add("dtstamp", dt.datetime.combine(record.article.published or _NO_DATE, dt.time(), dt.UTC))
    event.add("dtstart", first)
    if last < dt.date.max:  # without an end, the event lasts the day of its start (RFC 5545, 3.6.1)
        event.add("dtend", last + _DAY)  # not included
    event.add("summary", _summary(commitment))
    event.add("description", _description(record, commitment))
    event.add("categories", [commitment.firmness])
    event.add("status", "CONFIRMED" if commitment.firmness in _FIRM else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    if address := web_address(record.article):
        event.add("url", address)
    return event


def _summary(commitment: Commitment) -> str:
    when = commitment.when
    mark = ""
    if when is not None and when.earliest is None:
        mark = "[last day] "
    elif when is not None and when.latest is None:
        mark = "[first day] "
    return one_line(f"{mark}{', '.join(commitment.actors) or 'Nobody named'}: {commitment.action}")


def _description(record: Record, commitment: Commitment) -> str:
    names = {speaker.id: speaker.name for speaker in record.speakers}
    speaker = commitment.speaker and names.get(commitment.speaker, commitment.speaker)
    article = record.article
    when = commitment.when
    lines = [
        f"“{commitment.quote.exact}”",
        f"Said by: {speaker}" if speaker else "In the reporter's words",
        f"Firmness: {commitment.firmness}",
        f"Condition: {commitment.condition}" if commitment.condition else "",
        f"Time: “{when.expression}” = {_interval(when)}" if when else "",
        f"Article: {title_of(article)} ({article.published or 'no date'}, {article.source or article.id})",
    ]
    return "\n".join(one_line(line) for line in lines if line)


def _interval(when: When) -> str:
    if when.earliest is None:
        return f"any day up to {when.latest} (open start)"
    if when.latest is None:
        return f"any day from {when.earliest} (open end)"
    return str(when.earliest) if when.earliest == when.latest else f"{when.earliest} to {when.latest}"
