"""Dates counted by an amount of time: "two days ago", "a week from Friday", "in three months", "3 Fridays from now"."""

from __future__ import annotations

from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Amount, amount_of
from extractor.text.dates.grammar import numbers, periods, relative
from extractor.text.dates.nodes import Counted, NearDay, NextUnits, Node, Point, Range, Weekday, Window
from extractor.text.dates.tokens import Cursor


def counted(c: Cursor) -> Node | None:
    """ "3 years from today", "two days after tomorrow", "a week from Friday", "3 Fridays from now", "two weeks ago"."""
    start = c.i
    if not numbers.starts_amount(c.words[start]):
        return None
    found = numbers.amounts(c)
    if found is not None:
        node = _counted_from(c, found)
    else:
        c.i = start
        node = _counted_weekday(c)
    if node is None:
        c.i = start
    return node


def _counted_from(c: Cursor, found: tuple[Amount, Amount]) -> Node | None:
    """The day or the stretch that an amount gives with the word behind it: "ago", "from Friday", "later"."""
    low, high = found
    word = c.words[c.i]
    if word in ("ago", "back", "previously"):
        c.i += 1
        return _point(low, high, -1)
    if word == "hence":
        c.i += 1
        return _point(low, high, 1)
    if word == "later" and c.words[c.i + 1] != "than":
        c.i += 1
        return _point(low, high, 1, anchored=True)
    if word == "earlier" and c.words[c.i + 1] != "than":
        c.i += 1
        return _point(low, high, -1, anchored=True)
    if word in ("starting", "beginning", "commencing"):
        c.i += 1
        c.skip("from", "on", "with", "in")
        base = periods.period(c)
        return Window(high, 1, base) if base is not None else None
    if word in ("from", "after", "before", "following", "past", "prior", "ahead", "on"):
        c.i += 1
        if word in ("prior", "ahead"):
            c.skip("to", "of")
        base = periods.period(c)
        if base is None or (word == "on" and not (isinstance(base, Weekday) and high.unit in ("week", "fortnight"))):
            return None
        sign = -1 if word in ("before", "prior", "ahead") else 1
        if high.sense == "most" and sign > 0:
            return Window(high, 1, base)
        if isinstance(base, NearDay) and base.days == 0:
            return _point(low, high, sign)
        return _point(low, high, sign, base)
    return None


def _point(low: Amount, high: Amount, sign: int, base: Node | None = None, anchored: bool = False) -> Node:
    first, last = Point(low, sign, base, anchored), Point(high, sign, base, anchored)
    if low == high:
        return first
    return Range(first, last) if sign > 0 else Range(last, first)


def in_amount(c: Cursor) -> Node | None:
    """What stands behind "in": "three months", "two years' time", "3 to 5 days", "a week from Monday"."""
    start = c.i
    found = numbers.amounts(c)
    if found is None:
        return None
    mark = c.i
    whole = _counted_from(c, found)
    if whole is not None and not (isinstance(whole, Point) and whole.anchored):
        return whole
    c.i = mark
    if c.skip("'s", "'"):
        if not c.skip("time"):
            c.i = start
            return None
    else:
        c.skip("time")
    return _point(found[0], found[1], 1)


def _counted_weekday(c: Cursor) -> Node | None:
    """ "3 Fridays from now", "two Sundays ago"; also "two upcoming quarters"."""
    number = numbers.integer(c)
    if number is None:
        return None
    weekday = v.WEEKDAYS.get(c.words[c.i].removesuffix("s"))
    if weekday is not None and 0 < number < 500:
        c.i += 1
        if c.skip("ago"):
            return Counted(number, Weekday(weekday), -1)
        if c.skip("hence") or (c.skip("from") and c.skip("now", "today")):
            return Counted(number, Weekday(weekday), 1)
        return None
    relation = c.phrase(v.RELATIONS)
    if relation in ("next", "coming", "following", *relative.BACK):
        unit = relative.calendar_unit(c)
        if unit is not None and number:
            return NextUnits(amount_of(number, unit), -1 if relation in relative.BACK else 1)
    return None
