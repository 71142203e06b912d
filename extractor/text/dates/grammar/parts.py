"""Parts of a whole: "the first week of October", "early 2026", "the end of the year", "the week of May 5"."""

from __future__ import annotations

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import amount_of
from extractor.text.dates.grammar import clock, follows, numbers, periods
from extractor.text.dates.nodes import Around, Node, Nth, Of, Range, Rest, Third, UnitShift, Weekday, Window, YearPart
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
        mark = c.i
        whole = periods.period(c) or _bare_unit(c)
        if whole is not None:
            return Rest(whole, 1 if name == "later" else -1)
        c.i = mark
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
    named = c.i
    rank = _rank(c)
    if rank is None:
        c.i = start
        return None
    c.skip("full", "whole", "calendar")
    c.skip("-")
    link = c.i
    other = _rank(c) if c.skip("and", "or", "to", "through", "&", "-", "–") else None
    if other is None:
        c.i = link
    c.skip("-")
    weekday = v.WEEKDAYS.get(c.words[c.i])
    part: Node | None = None
    if weekday is not None:
        c.i += 1
        part = Nth(rank, "weekday", weekday)
    elif other is None:
        part = _ranked_unit(c, rank)
    else:
        mark = c.i
        first = _ranked_unit(c, rank, several=True)
        c.i = mark
        second = _ranked_unit(c, other, several=True)
        part = Range(first, second) if first is not None and second is not None else None
    if part is None:
        c.i = start
        return None
    if isinstance(part, YearPart) or (isinstance(part, Range) and isinstance(part.first, YearPart)):
        # "The last quarter" is the one before this; "the last quarter of 2025" is October to December.
        if c.words[named] == "last" and c.words[c.i] not in ("of", "in"):
            c.i = start
            return None
        return part
    mark = c.i
    clock.skip_clock(c)
    if c.skip("of", "in", "during", "for", ","):
        whole = periods.period(c)
        if whole is not None and not isinstance(whole, Nth):
            return Of(part, whole)
    elif c.skip("after", "following"):
        base = periods.period(c)
        if base is not None and isinstance(part, Nth) and part.weekday is not None and rank > 0:
            return nodes.CountedFrom(rank, part.weekday, base)
    else:
        whole = follows.adjacent_whole(c)
        if whole is not None:
            return Of(part, whole)
    c.i = mark
    c.i = start
    return None


def _ranked_unit(c: Cursor, rank: int, several: bool = False) -> Node | None:
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
    c.skip("the")
    if c.words[c.i : c.i + 3] == ["w", "/", "c"] or c.words[c.i] == "wc":
        c.i += 1 if c.words[c.i] == "wc" else 3
        day = periods.period(c)
        if day is not None:
            return Around("week", day)
        c.i = start
        return None
    unit = v.UNITS.get(c.words[c.i])
    count = 1
    if unit is None:
        # "The three months ending June 30", "the fiscal year ending March 2026"
        if c.skip("fiscal", "financial"):
            unit = v.UNITS.get(c.words[c.i])
        elif (number := numbers.integer(c)) is not None and number > 0:
            count = number
            unit = v.UNITS.get(c.words[c.i])
        if unit is None or c.words[c.i + 1] not in ("ending", "ended", "to"):
            c.i = start
            return None
    c.i += 1
    if c.skip("ending", "ended") or (count > 1 and c.skip("to")):
        c.skip("on", "in")
        day = periods.period(c)
        if day is not None:
            return nodes.Ending(amount_of(count, unit), day)
    elif c.skip("commencing", "beginning", "starting"):
        c.skip("on", "from")
        day = periods.period(c)
        if day is not None:
            return Around(unit, day) if unit == "week" else nodes.Starting(amount_of(count, unit), day)
    elif c.skip("of", "containing", "including"):
        whole = periods.period(c)
        if whole is not None:
            if unit in ("week", "weekend"):
                return Around(unit, whole)
            if isinstance(whole, (nodes.Month, nodes.Of, nodes.Fixed, nodes.Season, nodes.Relative)):
                return whole
    c.i = start
    return None


def weekday_led(c: Cursor) -> Node | None:
    """ "Friday", "Friday, July 18", "Thu 15th", "Friday after next", "Monday two weeks from now", "Tuesday week"."""
    word = c.words[c.i]
    weekday = v.WEEKDAYS.get(word)
    if weekday is None:
        return None
    c.i += 1
    if word in v.ABBREVIATED and c.words[c.i] == ".":
        c.i += 1
    c.skip("'s")
    if c.i >= c.size:
        return Weekday(weekday)
    mark = c.i
    if c.skip("after") and c.skip("next"):
        return nodes.Relative(Weekday(weekday), "after-next")
    c.i = mark
    if c.skip("week") and c.words[c.i] not in ("of", "after", "before", "-"):
        return nodes.Counted(2, Weekday(weekday), 1)
    c.i = mark
    clock.skip_clock(c)
    if (
        c.words[c.i].isdecimal()
        and c.words[c.i + 1] in ("-", "–")
        and c.words[c.i + 2].isdecimal()
        and not follows.month_near(c, c.i + 3)
    ):
        # "Monday 12-4": hours
        c.i += 3
        clock.skip_clock(c)
        return Weekday(weekday)
    before = c.i
    opened = c.skip(",", "-", "(", "–") or c.skip("the")
    if opened and c.words[before] != "the":
        c.skip("the")
        if c.words[c.i - 1] == "the":
            c.i -= 1
    elif opened:
        c.i = before
    day = follows.day_of_month(c)
    if day is not None:
        c.skip(")")
        return nodes.with_weekday(day, weekday)
    c.i = before
    c.skip(",")
    c.skip("in")
    point = follows.counted_point(c)
    if point is not None:
        return nodes.WeekdayNear(weekday, point)
    c.i = mark
    return Weekday(weekday)


def window_from(c: Cursor, base: Node) -> Node | None:
    """ "For ten days" behind the day on which they begin."""
    start = c.i
    c.skip(",")
    if c.skip("for") and (found := numbers.amount(c)) is not None:
        return Window(found, 1, base)
    c.i = start
    return None
