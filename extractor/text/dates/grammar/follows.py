"""What follows a period and belongs to it: "Tuesday of next week", "October 2014", "next year's first quarter"."""

from __future__ import annotations

from collections.abc import Callable

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import clock, counted, days, parts, periods, relative, year_forms, years
from extractor.text.dates.nodes import Fixed, Node, Of, UnitShift, Weekday
from extractor.text.dates.tokens import Cursor

_WHOLES = (UnitShift, nodes.AnchoredUnit)


def day_of_month(c: Cursor) -> Node | None:
    """The date behind a weekday: "July 18", "18 July 2025", "the 18th", "18", "7/18"."""
    start = c.i
    if c.words[start] not in _DAY_STARTS and not c.words[start].isdecimal():
        return None
    for read in (days.numeric, year_forms.year_led, days.day_led, days.month_led):
        node = read(c)
        if isinstance(node, Of) and isinstance(node.part, (nodes.MonthDay, nodes.Range)):
            return node
        if isinstance(node, (nodes.MonthDay, nodes.MonthlyDay, nodes.Range)):
            return node
        c.i = start
    word = c.words[c.i]
    if (
        word.isdecimal()
        and len(word) <= 2
        and 1 <= int(word) <= 31
        and not (
            c.words[c.i + 1] in (":", "am", "pm", "-", "–", "to", "a", "p", "o", "h") or c.words[c.i + 1] in v.UNITS
        )
    ):
        c.i += 1
        return nodes.MonthlyDay(int(word))
    return None


def month_near(c: Cursor, index: int) -> bool:
    """Whether a month stands at token `index` or behind an "of" or a sign there."""
    return (
        c.words[index] in v.MONTHS
        or c.words[index] in ("/", "-", ".")
        or (c.words[index] == "of" and c.words[index + 1] in v.MONTHS)
    )


def counted_point(c: Cursor) -> nodes.Point | None:
    """ "Two weeks from now", as it stands behind a weekday."""
    start = c.i
    node = counted.counted(c)
    if isinstance(node, nodes.Point) and not node.anchored:
        return node
    c.i = start
    return None


def adjacent_whole(c: Cursor) -> Node | None:
    """A whole that follows with no "of": "2026", "next year", "this month", "last week"."""
    start = c.i
    node = years.year(c)
    if node is not None:
        return node
    c.skip("of", "in", "during", "on", ",")
    if c.words[c.i] in ("next", "this", "last", "the", "following", "coming", "that", "current", "same", "previous"):
        node = relative.related(c) or relative.definite_unit(c)
        if isinstance(node, _WHOLES):
            return node
    c.i = start
    return None


def _whole_of(c: Cursor, node: Node) -> Node | None:
    start = c.i
    if c.words[start] not in _WHOLE_STARTS and not c.words[start].isdecimal():
        return None
    linked = c.skip("of", "in", ",")
    whole = adjacent_whole(c)
    if whole is not None:
        c.skip("'s")
        return whole
    if (
        linked
        and c.words[start] in ("of",)
        and isinstance(node, (nodes.MonthlyDay, nodes.Weekday, nodes.YearPart, nodes.Third))
    ):
        whole = periods.period(c)
        if whole is not None:
            return whole
    c.i = start
    return None


def extended(c: Cursor, node: Node) -> Node:
    """The node with what follows it: its whole, its part, its weekday, the time of day."""
    if c.words[c.i] in _LINKS:
        return node
    clock.skip_clock(c)
    follow = _FOLLOWED.get(type(node))
    return node if follow is None or c.i >= c.size else follow(c, node)


def _with_whole(c: Cursor, node: Node) -> Node:
    """ "The 15th of next month", "third quarter next year"."""
    whole = _whole_of(c, node)
    return node if whole is None else Of(node, whole)


def _day_with_whole(c: Cursor, node: Node) -> Node:
    """ "July 18 (Friday)", "July 18, Fri", "August 5 next year"."""
    mark = c.i
    if c.skip(",", "(") and c.words[c.i] in v.WEEKDAYS and c.words[c.i + 1] not in ("of", ","):
        node = nodes.with_weekday(node, v.WEEKDAYS[c.words[c.i]])
        c.i += 1
        c.skip(")")
    else:
        c.i = mark
    return _with_whole(c, node)


def _name_with_whole(c: Cursor, node: Node) -> Node:
    """ "March after next", "Memorial Day weekend", "Easter 2026", "March in a year"."""
    mark = c.i
    if c.skip("after"):
        if c.skip("next"):
            return nodes.Relative(node, "after-next")
        c.i = mark
    weekend = isinstance(node, nodes.Holiday) and c.skip("weekend")
    whole = _whole_of(c, node)
    if weekend:
        return nodes.Around("weekend", node if whole is None else Of(node, whole))
    if whole is not None:
        return Of(node, whole)
    point = counted.in_amount(c) if c.skip("in") else counted_point(c)
    if isinstance(point, nodes.Point) and point.sign > 0 and point.base is None:
        return nodes.YearOfPoint(node, point)
    c.i = mark
    return node


def _with_part(c: Cursor, node: Node) -> Node:
    """ "Next week Monday", "next year's first quarter"."""
    if isinstance(node, Fixed) and node.kind != "year":
        return node
    if isinstance(node, Of) and not (isinstance(node.part, nodes.Nth) and node.part.unit == "week"):
        return node
    part = _part_behind(c)
    return node if part is None else Of(part, node)


def _point_with_weekday(c: Cursor, node: Node) -> Node:
    """ "Two weeks from now on Friday"."""
    mark = c.i
    c.skip(",")
    c.skip("on")
    weekday = v.WEEKDAYS.get(c.words[c.i])
    if weekday is not None and isinstance(node, nodes.Point):
        c.i += 1
        return nodes.WeekdayNear(weekday, node)
    c.i = mark
    return node


def _near_day_with_date(c: Cursor, node: Node) -> Node:
    """ "Tomorrow, July 12": the date decides."""
    mark = c.i
    if c.skip(",", "(", "-", "–"):
        day = day_of_month(c)
        if day is not None and not isinstance(day, nodes.MonthlyDay):
            c.skip(")")
            return day
    c.i = mark
    return node


_DAY_STARTS = frozenset({*v.MONTHS, *v.ORDINALS, *v.NUMBERS, *v.TENS, "the", "year", "calendar", "'"})

_PART_STARTS = frozenset({"'s", "'", ",", "on"})

_WHOLE_STARTS = frozenset(
    {*v.RELATIONS, *v.NUMBERS, *v.TENS, "of", "in", ",", "on", "during", "year", "calendar", "'", "the"}
)

_LINKS = frozenset({"to", "and", "or", "through", "until", "–", ";"})  # these go on to another period

_FOLLOWED: dict[type, Callable[[Cursor, Node], Node]] = {
    nodes.MonthDay: _day_with_whole,
    nodes.Month: _name_with_whole,
    nodes.Season: _name_with_whole,
    nodes.Holiday: _name_with_whole,
    **dict.fromkeys(
        (
            nodes.MonthlyDay,
            nodes.YearPart,
            nodes.Weekday,
            nodes.Weekend,
            nodes.WeekNumber,
            nodes.Range,
            nodes.Either,
            nodes.Third,
        ),
        _with_whole,
    ),
    **dict.fromkeys((UnitShift, nodes.AnchoredUnit, nodes.Around, Fixed, Of), _with_part),
    nodes.Point: _point_with_weekday,
    nodes.NearDay: _near_day_with_date,
}


def _part_behind(c: Cursor) -> Node | None:
    """The part in "next week Monday", "next year's first quarter", "2017 April", "2026 summer"."""
    start = c.i
    word = c.words[start]
    if word not in _PART_STARTS and word not in v.WEEKDAYS and word not in v.MONTHS:
        return None
    possessive = c.skip("'s", "'")
    c.skip(",")
    c.skip("on")
    word = c.words[c.i]
    node: Node | None = None
    if word in v.WEEKDAYS:
        c.i += 1
        if word in v.ABBREVIATED:
            c.skip(".") if c.words[c.i + 1] else None
        return Weekday(v.WEEKDAYS[word])
    if word in v.MONTHS and c.words[start] != ",":
        node = days.month_led(c)
        if isinstance(node, (nodes.Month, nodes.MonthDay)):
            return node
    elif possessive and word in v.SEASONS:
        node = year_forms.season(c)
    elif possessive:
        node = parts.ranked(c)
        if isinstance(node, nodes.YearPart):
            return node
        if node is None:
            c.skip("end") and (node := nodes.Nth(-1, "day"))
            if node is not None:
                return node
    if isinstance(node, nodes.Season):
        return node
    c.i = start
    return None
