"""Parts of a whole: "the first week of October", "early 2026", "the end of the year", "the week of May 5"."""

from __future__ import annotations

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import amount_of
from extractor.text.dates.grammar import clock, follows, numbers, periods
from extractor.text.dates.nodes import Around, Node, Nth, Of, Range, Rest, Third, UnitShift, Window, YearPart
from extractor.text.dates.tokens import Cursor

_THIRDS = {
    "early": (0, False),
    "mid": (1, False),
    "late": (2, False),
    "start": (0, True),
    "middle": (1, True),
    "end": (2, True),
}
_LAST = {"last": -1, "final": -1, "latter": -1, "closing": -1, "penultimate": -2, "back": -1}


def third(c: Cursor) -> Node | None:
    """ "Early 2026", "mid-May", "the end of next week", "late this year", "mid to late August", "later this month"."""
    start = c.i
    name = c.phrase(v.THIRDS)
    if name is None:
        return None
    if name in ("later", "earlier"):
        whole = periods.period(c) or _bare_unit(c)
        if whole is not None:
            return Rest(whole, 1 if name == "later" else -1)
        c.i = start
        return None
    part, edge = _THIRDS[name]
    mark = c.i
    if c.words[c.i : c.i + 3] == ["-", "to", "-"]:
        c.i += 1
    if c.skip("to", "-", "–", "or", "and") and (c.skip("-") or True) and (other := c.phrase(v.THIRDS)) in _THIRDS:
        c.skip("-")
        whole = periods.period(c) or _bare_unit(c)
        if whole is not None:
            return Range(Third(whole, part), Third(whole, _THIRDS[other][0]))
    c.i = mark
    c.skip("-")
    c.skip("of")
    c.skip("-")
    c.skip("around", "about")
    whole = periods.period(c) or _bare_unit(c) or (_this_day(c) if name == "end" else None)
    if whole is None or isinstance(whole, (nodes.Bound, nodes.Point)):
        c.i = start
        return None
    return Third(whole, part, edge)


def mid_unit(c: Cursor) -> Node | None:
    """ "Midweek", "midyear": the middle of the current one."""
    unit = c.words[c.i].removeprefix("mid")
    if unit in ("week", "month", "year"):
        c.i += 1
        return Third(UnitShift(unit, 0), 1)
    return None


def _this_day(c: Cursor) -> Node | None:
    """ "Day" of "by the end of the day", "business" of "the close of business"."""
    start = c.i
    c.skip("the")
    business = c.skip("business", "play", "trading")
    if c.skip("day") or business:
        return UnitShift("day", 0)
    c.i = start
    return None


def _bare_unit(c: Cursor) -> Node | None:
    """ "Month" of "by the end of month", "year" of "mid-year": the current one."""
    unit = v.UNITS.get(c.words[c.i])
    if unit in ("week", "month", "quarter", "year", "decade", "century"):
        c.i += 1
        return UnitShift(unit, 0)
    return None


def _rank(c: Cursor) -> int | None:
    """ "First", "3rd", "last", "second last", "next to last", "penultimate": a place, from the end if negative."""
    start = c.i
    word = c.words[c.i]
    if word in _LAST:
        c.i += 1
        return _LAST[word]
    if word == "next" and c.words[c.i + 1 : c.i + 3] == ["to", "last"]:
        c.i += 3
        return -2
    number = numbers.ordinal(c)
    if number is None or number == 0:
        c.i = start
        return None
    mark = c.i
    c.skip("to", "-")
    if c.skip("last"):
        return -number if number > 1 else -1
    c.i = mark
    return number


def ranked(c: Cursor) -> Node | None:
    """ "The first week of May", "the last four months of 2021", "the third Tuesday in June", "second half of 2026"."""
    start = c.i
    c.skip("the", "its", "their")
    word = c.words[c.i]
    part = _ranked_part(c)
    node: Node | None
    if isinstance(part, YearPart) or (isinstance(part, Range) and isinstance(part.first, YearPart)):
        # "The last quarter" is the one before this; "the last quarter of 2025" is October to December.
        node = None if word == "last" and c.words[c.i] not in ("of", "in") else part
    else:
        node = None if part is None else _of_whole(c, part)
    if node is None:
        c.i = start
    return node


def _ranked_part(c: Cursor) -> Nth | YearPart | Range | None:
    """What is counted with its place: "first week", "last four months", "first and second quarter", "third Tuesday"."""
    rank = _rank(c)
    if rank is None:
        return None
    c.skip("full", "whole", "calendar")
    c.skip("-")
    link = c.i
    other = _rank(c) if c.skip("and", "or", "to", "through", "&", "-", "–") else None
    if other is None:
        c.i = link
    c.skip("-")
    weekday = v.WEEKDAYS.get(c.words[c.i])
    if weekday is not None:
        c.i += 1
        return Nth(rank, "weekday", weekday)
    if other is None:
        return _ranked_unit(c, rank)
    mark = c.i
    first = _ranked_unit(c, rank, several=True)
    c.i = mark
    second = _ranked_unit(c, other, several=True)
    return Range(first, second) if first is not None and second is not None else None


def _of_whole(c: Cursor, part: Nth | Range) -> Node | None:
    """The whole of a part, which most parts need: "of May", "in 2026", "next year"; or the day it is counted from."""
    clock.skip_clock(c)
    if c.skip("of", "in", "during", "for", ","):
        whole = periods.period(c)
        return Of(part, whole) if whole is not None and not isinstance(whole, Nth) else None
    if c.skip("after", "following"):
        base = periods.period(c)
        if base is not None and isinstance(part, Nth) and part.weekday is not None and part.number > 0:
            return nodes.CountedFrom(part.number, part.weekday, base)
        return None
    whole = follows.adjacent_whole(c)
    return None if whole is None else Of(part, whole)


def _ranked_unit(c: Cursor, rank: int, several: bool = False) -> Nth | YearPart | None:
    """The unit behind a place; a plural only with its number ("the first three months", not "the first days")."""
    number = numbers.integer(c)
    count = 1 if number is None else number
    unit = v.UNITS.get(c.words[c.i])
    if unit is None or count == 0 or (number is None and not several and c.words[c.i].endswith("s")):
        return None
    c.i += 1
    if unit in ("quarter", "half") and count == 1:
        parts = 4 if unit == "quarter" else 2
        place = rank if rank > 0 else parts + 1 + rank
        return YearPart(place, unit) if 1 <= place <= parts else None  # type: ignore[arg-type]  # the two names are granularities
    if rank > 1 and count > 1:
        return None
    return Nth(rank, unit, count=count)


def unit_of(c: Cursor) -> Node | None:
    """ "The week of October 7", "w/c Feb 4", "the week ending July 18", "the month of May", "weekend of Halloween"."""
    start = c.i
    node: Node | None
    c.skip("the")
    if _skip_week_commencing(c):
        day = periods.period(c)
        node = None if day is None else Around("week", day)
    else:
        node = _unit_with_day(c)
    if node is None:
        c.i = start
    return node


def _skip_week_commencing(c: Cursor) -> bool:
    if c.words[c.i : c.i + 3] == ["w", "/", "c"]:
        c.i += 3
        return True
    return c.skip("wc")


def _unit_with_day(c: Cursor) -> Node | None:
    """A unit with the day on which it ends or begins, or with what it contains."""
    counted = _counted_unit(c)
    if counted is None:
        return None
    count, unit = counted
    if c.skip("ending", "ended") or (count > 1 and c.skip("to")):
        c.skip("on", "in")
        day = periods.period(c)
        return None if day is None else nodes.Ending(amount_of(count, unit), day)
    if c.skip("commencing", "beginning", "starting"):
        c.skip("on", "from")
        day = periods.period(c)
        if day is None:
            return None
        return Around(unit, day) if unit == "week" else nodes.Starting(amount_of(count, unit), day)
    whole = periods.period(c) if c.skip("of", "containing", "including") else None
    if whole is not None and unit in ("week", "weekend"):
        return Around(unit, whole)
    named = isinstance(whole, (nodes.Month, nodes.Of, nodes.Fixed, nodes.Season, nodes.Relative))
    return whole if named else None


def _counted_unit(c: Cursor) -> tuple[int, str] | None:
    """A unit, or one with a number or adjective where its end follows: "the three months ending June 30"."""
    count = 1
    unit = v.UNITS.get(c.words[c.i])
    if unit is None:
        if not c.skip("fiscal", "financial"):
            count = numbers.integer(c) or 0
        unit = v.UNITS.get(c.words[c.i]) if count else None
        if unit is None or c.words[c.i + 1] not in ("ending", "ended", "to"):
            return None
    c.i += 1
    return count, unit


def window_from(c: Cursor, base: Node) -> Node | None:
    """ "For ten days" behind the day on which they begin."""
    start = c.i
    c.skip(",")
    if c.skip("for") and (found := numbers.amount(c)) is not None:
        return Window(found, 1, base)
    c.i = start
    return None
