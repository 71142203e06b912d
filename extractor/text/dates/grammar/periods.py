"""One stretch of calendar time: which construction the next words begin, and what may follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from extractor.text.dates import holidays, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import (
    clock,
    counted,
    days,
    follows,
    numbers,
    parts,
    quarters,
    relative,
    weekdays,
    year_forms,
    years,
)
from extractor.text.dates.nodes import Fixed, Node, UnitShift
from extractor.text.dates.tokens import Cursor

MAX_DEPTH = 6  # nesting such as "the first day of the last week of the second month of …" ends here

_SHORT = 8  # so few tokens are read again sooner than looked up


def period(c: Cursor) -> Node | None:
    """The period at the cursor."""
    start = c.i
    word = c.words[start]
    if c.depth >= MAX_DEPTH or (word not in HEADS and not word.isdecimal()):
        return None
    long = c.size > _SHORT
    if long:
        key = start * MAX_DEPTH + c.depth
        known = c.memo.get(key)
        if known is not None:
            c.i = known[1]
            return known[0]
    c.depth += 1
    node = _head(c)
    if node is None:
        c.i = start
    elif c.i < c.size:
        node = follows.extended(c, node)
        clock.skip_clock(c)
    c.depth -= 1
    if long:
        c.memo[key] = (node, c.i)
    return node


def behind_clock(c: Cursor) -> Node | None:
    """The period behind a time of day: "9 am on Tuesday"."""
    start = c.i
    if not clock.skip_clock(c, sure=True):
        return None
    c.skip("on", "of", ",")
    c.depth += 1
    node = _head(c)
    if node is None or isinstance(node, (UnitShift, nodes.AnchoredUnit, Fixed)):
        node = None
        c.i = start
    elif c.i < c.size:
        node = follows.extended(c, node)
        clock.skip_clock(c)
    c.depth -= 1
    return node


def _head(c: Cursor) -> Node | None:
    word = c.words[c.i]
    if not word:
        return None
    start = c.i
    if word[0].isdecimal():
        suffixed = c.words[c.i + 1] in numbers.SUFFIXES
        for read in _YEAR_LED if len(word) > 2 else _RANK_LED if suffixed else _NUMBER_LED:
            node = read(c)
            if node is not None:
                return node
            c.i = start
        return None
    for read in _WORD_LED.get(word, ()):
        node = read(c)
        if node is not None:
            return node
        c.i = start
    if word in holidays.FIRST_WORDS:
        node = holidays.named(c)
        if node is not None:
            return node
        c.i = start
    return _definite(c) if word == "the" else None


def _definite(c: Cursor) -> Node | None:
    """What begins with "the", chosen by the word behind it; else as if the article were not there."""
    start = c.i
    word = c.words[start + 1]
    if word in holidays.FIRST_WORDS:
        node = holidays.named(c)
        if node is not None:
            return node
        c.i = start
    for read in _THE_NUMBER_LED if word.isdecimal() else _THE_LED.get(word, ()):
        node = read(c)
        if node is not None:
            return node
        c.i = start
    c.i += 1
    if word != "the":
        node = _head(c)
        if node is not None and not isinstance(node, nodes.Point):
            return node
    c.i = start
    return None


def recurring_head(c: Cursor) -> Node | None:
    """What "next", "this" and "last" choose an instance of: a weekday, month, day, season, holiday or quarter."""
    word = c.words[c.i]
    start = c.i
    node: Node | None = None
    if word in v.WEEKDAYS:
        node = weekdays.weekday_led(c)
    elif word in v.MONTHS:
        node = days.month_led(c)
    elif word in v.SEASONS:
        node = year_forms.season(c)
    elif word in holidays.FIRST_WORDS:
        node = holidays.named(c)
    if node is None and word:
        c.i = start
        node = days.day_led(c)
    if node is None:
        c.i = start
        node = parts.ranked(c)
        if not isinstance(node, nodes.YearPart):
            node = None
    if node is None:
        c.i = start
    return node


Read = Callable[[Cursor], Node | None]

_YEAR_LED: tuple[Read, ...] = (year_forms.year_led, counted.counted)

_RANK_LED: tuple[Read, ...] = (parts.ranked, years.century, days.day_led)

_NUMBER_LED: tuple[Read, ...] = (
    days.day_led,
    days.days_of_month,
    days.numeric,
    quarters.coded,
    years.named_decade,
    counted.counted,
    parts.unit_of,
)

_RANKS = (*v.ORDINALS, *v.TENS, "last", "final", "latter", "penultimate", "closing", "next", "back")

_THE_NUMBER_LED = (parts.ranked, parts.unit_of, days.day_led, years.century)


def _table(*rows: tuple[Read, Iterable[str]]) -> dict[str, tuple[Read, ...]]:
    """The readers of each first word, in the order of the rows."""
    table: dict[str, dict[Read, None]] = {}
    for read, words in rows:
        for word in words:
            table.setdefault(word, {})[read] = None
    return {word: tuple(reads) for word, reads in table.items()}


def _second(phrases: v.Phrases) -> list[str]:
    """The words that follow "the" in a table of phrases."""
    return list(phrases["the"][1])


_COUNTS = {*v.NUMBERS, *v.TENS, *v.AMOUNTS, *v.AMOUNT_PREFIXES} - {"the"}

_WORD_LED = _table(
    (parts.ranked, _RANKS),
    (days.month_led, v.MONTHS),
    (weekdays.weekday_led, v.WEEKDAYS),
    (relative.near_day, v.DAYS.keys() - {"the"}),
    (parts.third, v.THIRDS.keys() - {"the"}),
    (relative.related, v.RELATIONS.keys() - {"the"}),
    (year_forms.season, v.SEASONS),
    (days.day_led, (*v.ORDINALS, *v.TENS, *v.NUMBERS)),
    (years.century, (*v.ORDINALS, *v.TENS)),
    (years.year, (*v.TENS, *v.NUMBERS, "'", "year", "calendar")),
    (counted.counted, _COUNTS),
    (parts.unit_of, (*v.UNITS, *v.NUMBERS, "w", "wc", "fiscal", "financial")),
    (quarters.week_number, ("week", "w", "wk", "calendar", "iso")),
    (quarters.coded, ("q", "h")),
    (year_forms.fiscal, ("fiscal", "financial", "fy")),
    (years.named_decade, ("'", *v.DECADES)),
    (relative.unit_end, v.UNITS),
    (relative.definite_unit, v.UNITS),
    (relative.month_end_code, [side + unit for side in ("eo", "bo") for unit in "mywqd"]),
    (parts.mid_unit, ("midweek", "midmonth", "midyear")),
)

_THE_LED = _table(
    (years.the_year, ("year", "calendar")),
    (relative.near_day, _second(v.DAYS)),
    (parts.ranked, _RANKS),
    (relative.related, _second(v.RELATIONS)),
    (parts.third, _second(v.THIRDS)),
    (parts.unit_of, (*v.UNITS, *v.NUMBERS, "w", "wc", "fiscal", "financial")),
    (relative.definite_unit, (*v.UNITS, "calendar", "full", "whole", "entire")),
    (days.day_led, (*v.ORDINALS, *v.TENS, *v.NUMBERS)),
    (years.century, (*v.ORDINALS, *v.TENS)),
)

HEADS = frozenset(_WORD_LED) | holidays.FIRST_WORDS | {"the"}  # words that a period can begin with
