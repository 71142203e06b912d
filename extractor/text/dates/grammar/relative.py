"""Dates counted from publication by the calendar: "next week", "this Friday", "the coming years", "year-end"."""

from __future__ import annotations

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Amount, amount_of
from extractor.text.dates.grammar import numbers, periods, years
from extractor.text.dates.nodes import (
    AnchoredUnit,
    NearDay,
    NextUnits,
    Node,
    Point,
    Relative,
    UnitShift,
    Weekend,
    Window,
)
from extractor.text.dates.tokens import Cursor

BACK = ("last", "past")
_STEPS = {"this": 0, "next": 1, "coming": 1, "last": -1, "past": -1}
_PLURALS = {word for word in v.UNITS if word.endswith("s")}


def near_day(c: Cursor) -> Node | None:
    """ "Tomorrow", "the day before yesterday", "this morning"."""
    start = c.i
    name = c.phrase(v.DAYS)
    if name is None:
        return None
    if name == "0" and c.words[start : start + 2] == ["this", "day"] and c.words[c.i] in ("next", "last"):
        c.i = start
        return None
    c.skip("'s")
    return NearDay(int(name))


def calendar_unit(c: Cursor) -> str | None:
    """A calendar unit in the singular or plural, with its adjective."""
    start = c.i
    if c.words[c.i] in ("calendar", "full", "whole", "entire"):
        c.i += 1
    unit = v.UNITS.get(c.words[c.i])
    if unit is None:
        c.i = start
        return None
    c.i += 1
    return unit


def related(c: Cursor, window: bool = False) -> Node | None:
    """ "Next week", "the coming days", "last 3 years", "this Friday", "the same month".

    `window`: behind "over", "within" or "in", where "the next year" is twelve months from publication.
    """
    start = c.i
    if c.words[start] not in v.RELATIONS:
        return None
    if (node := _this_time(c)) is not None:
        return node
    definite = c.words[start] == "the"
    relation = c.phrase(v.RELATIONS)
    node = None if relation is None else _behind_relation(c, relation, window, definite)
    if node is None:
        c.i = start
    return node


def _this_time(c: Cursor) -> Node | None:
    """ "This time next year"."""
    start = c.i
    if c.skip("this") and c.skip("time", "day"):
        node = related(c)
        if isinstance(node, UnitShift) and node.steps:
            return Point(amount_of(abs(node.steps), node.unit), 1 if node.steps > 0 else -1)
    c.i = start
    return None


def _behind_relation(c: Cursor, relation: str, window: bool, definite: bool) -> Node | None:
    """What "next", "this" or "last" is said of: an amount, a part of the day, a unit, or something that recurs."""
    if relation not in ("this", "same"):
        found = _window(c, -1 if relation in BACK else 1, window, definite)
        if found is not None:
            return found
    elif relation == "this" and _window(c, 1, window, False) is not None:
        return None  # "this two weeks" is no English
    mark = c.i
    if c.words[mark] in v.DAY_PARTS and relation != "this":
        c.i += 1
        return NearDay(-1) if relation in BACK else AnchoredUnit("day", 0 if relation == "same" else 1)
    unit = calendar_unit(c)
    if unit is not None:
        running = (window and c.words[mark] != "calendar") or relation == "past"  # "the past decade" ends today
        node = _related_unit(c, relation, unit, running and definite)
        if node is not None:
            return node
    c.i = mark
    return _related_instance(c, relation)


def _related_instance(c: Cursor, relation: str) -> Node | None:
    """The next or last of what recurs: "next Friday", "last Christmas", "this Friday, July 18"."""
    node = periods.recurring_head(c)
    if isinstance(node, (nodes.MonthDay, nodes.MonthlyDay)) and node.weekday is not None:
        # "This Friday, July 18": the date decides, and it lies ahead whatever its weekday
        if relation in BACK or isinstance(node, nodes.MonthlyDay):
            return node
        return nodes.MonthDay(node.month, node.day)
    if node is None or isinstance(node, nodes.Of):
        return None
    if c.skip("after") and c.skip("next"):
        relation = "after-next"
    return Relative(node, relation)


def _window(c: Cursor, sign: int, window: bool, definite: bool) -> Node | None:
    """The amount of "the next three years", the vague one of "the coming weeks"."""
    mark = c.i
    if c.words[c.i] not in ("a", "an", "one") or c.words[c.i + 1] in ("few", "couple", "number", "handful", "dozen"):
        found = numbers.amounts(c)
        if found is not None:
            return Window(found[1], sign) if window else NextUnits(found[1], sign)
    c.i = mark
    if c.words[c.i] in _PLURALS:
        c.i += 1
        if c.words[c.i] in ("and", "or") and c.words[c.i + 1] in _PLURALS:
            c.i += 2
        if v.UNITS[c.words[mark]] != "half":
            return Window(Amount(0, 0, vague=True), sign)
    # "The next day or two", "the next week or so"
    unit = v.UNITS.get(c.words[mark])
    if definite and unit is not None and c.words[mark + 1] == "or" and c.words[mark + 2] in ("two", "so"):
        c.i = mark + 3
        return Window(amount_of(2 if c.words[mark + 2] == "two" else 1, unit), sign)
    c.i = mark
    return None


def _related_unit(c: Cursor, relation: str, unit: str, running: bool) -> Node | None:
    if c.words[c.i - 1] == "half" and c.words[c.i] in ("a", "an"):
        return None
    if relation == "same":
        return AnchoredUnit(unit, 0)
    if relation == "following":
        return AnchoredUnit(unit, 1)
    if c.words[c.i] == "after" and c.words[c.i + 1] == "next" and relation not in BACK:
        c.i += 2
        return UnitShift(unit, 2)
    if (
        running
        and relation in ("next", "coming", *BACK)
        and unit in ("day", "week", "month", "year", "decade", "century")
    ):
        return Window(amount_of(1, unit), _STEPS[relation] or 1)
    if unit == "weekend" and relation == "this":
        return Weekend()
    return UnitShift(unit, _STEPS[relation])


def definite_unit(c: Cursor) -> Node | None:
    """ "The year", "the week after next", "the day after", "the month before", "the week after Easter"."""
    start = c.i
    definite = c.skip("the")
    unit = calendar_unit(c)
    if unit is None or c.words[c.i - 1] in _PLURALS:
        c.i = start
        return None
    if c.words[c.i] in ("after", "before", "following", "later", "earlier"):
        sign = -1 if c.words[c.i] in ("before", "earlier") else 1
        linked = c.words[c.i] in ("after", "before", "following")
        c.i += 1
        if sign > 0 and linked and c.skip("next"):
            return UnitShift(unit, 2)
        if sign < 0 and linked and c.skip("last"):
            return UnitShift(unit, -2)
        mark = c.i
        base = periods.period(c) if linked else None
        if base is not None:
            return AnchoredUnit(unit, sign, base)
        c.i = mark
        if definite:
            return AnchoredUnit(unit, sign)
        c.i = start
        return None
    if unit == "weekend":
        return Weekend()
    if unit == "day" or not definite:
        c.i = start
        return None
    return UnitShift(unit, 0)


def month_end_code(c: Cursor) -> Node | None:
    """ "EOM", "EOY", "EOW": the last day; "BOY", "BOM" the first."""
    word = c.words[c.i]
    units = {"m": "month", "y": "year", "w": "week", "q": "quarter", "d": "day"}
    if len(word) == 3 and word[:2] in ("eo", "bo") and word[2] in units:
        c.i += 1
        return nodes.Of(nodes.Nth(-1 if word[0] == "e" else 1, "day"), UnitShift(units[word[2]], 0))
    return None


def unit_end(c: Cursor) -> Node | None:
    """ "Year-end", "month end", "end-of-year": the last day; with a year behind it, that year's."""
    start = c.i
    unit = v.UNITS.get(c.words[c.i])
    if unit in ("year", "month", "quarter", "week", "decade", "century"):
        c.i += 1
        c.skip("'s")
        c.skip("-")
        if c.skip("end", "close"):
            mark = c.i
            c.skip("of")
            whole = years.year(c) if unit == "year" else None
            if whole is None:
                c.i = mark
                whole = UnitShift(unit, 0)
            return nodes.Of(nodes.Nth(-1, "day"), whole)
    c.i = start
    return None
