"""Years, decades and centuries: "2026", "'26", "two thousand and thirty", "the 1990s", "the 21st century"."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from extractor.text.dates import calendar, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Span
from extractor.text.dates.grammar import numbers
from extractor.text.dates.nodes import Fixed, Node
from extractor.text.dates.tokens import Cursor

_BEFORE_YEAR = (",", "of", "in")


def is_year(word: str) -> bool:
    """Whether a token is the four digits of a year."""
    return word.isdecimal() and len(word) == 4 and "1000" <= word < "3000"


@lru_cache(maxsize=512)  # few years are written about
def fixed_year(year: int) -> Fixed:
    """A calendar year."""
    return Fixed(calendar.year_span(year), "year")


def full_year(two: int) -> int:
    """The year of two digits: 00-69 of this century, 70-99 of the last (POSIX strptime's pivot)."""
    return two + (2000 if two < 70 else 1900)


def year(c: Cursor) -> Node | None:
    """ "2026", "'26", "the year 2026", "two thousand and thirty"."""
    start = c.i
    word = c.words[start]
    if word == "calendar" or word == "year":
        c.i += 1 if word == "year" or c.words[start + 1] != "year" else 2
        c.skip("of")
        word = c.words[c.i]
    if word == "'" and c.glued(c.i + 1) and c.words[c.i + 1].isdecimal() and len(c.words[c.i + 1]) == 2:
        c.i += 2
        return fixed_year(full_year(int(c.words[c.i - 1])))
    if is_year(word):
        c.i += 1
        if c.words[c.i] == "s" and c.glued(c.i):
            c.i = start
            return None
        return fixed_year(int(word))
    found = numbers.year_in_words(c) if word in v.NUMBERS or word in v.TENS else None
    if found is None or found < 1000:
        c.i = start
        return None
    return fixed_year(found)


def the_year(c: Cursor) -> Node | None:
    """ "The year 2026"."""
    c.i += 1
    return year(c)


def year_after(c: Cursor, short: bool = False) -> Node | None:
    """The year behind a day or month, with its comma or "of"; two digits do where `short`."""
    start = c.i
    if c.words[start] in _BEFORE_YEAR:
        c.skip(",")
        c.skip("of", "in")
    if short and c.words[c.i].isdecimal() and len(c.words[c.i]) == 2 and c.words[c.i - 1] in ("of", "/", "-", "."):
        c.i += 1
        return fixed_year(full_year(int(c.words[c.i - 1])))
    found = year(c)
    if found is None or c.words[c.i] == ":":
        c.i = start
        return None
    return found


def decade(start: int) -> Fixed:
    """The ten years from `start` on."""
    return Fixed(Span(date(start, 1, 1), date(start + 9, 12, 31), "decade", "year"), "decade")


def named_decade(c: Cursor) -> Node | None:
    """ "The 90s", "the thirties", "'30s", "90 s"."""
    start = c.i
    c.skip("'")
    word = c.words[c.i]
    short = v.DECADES.get(word)
    if short is not None:
        c.i += 1
    elif word.isdecimal() and len(word) == 2 and word.endswith("0") and c.words[c.i + 1] in ("s", "'s"):
        short = int(word)
        c.i += 2
    if short is None:
        c.i = start
        return None
    return nodes.ShortDecade(short)


def century(c: Cursor) -> Node | None:
    """ "The 21st century": from 2000 to 2099, as usage has it."""
    start = c.i
    number = numbers.ordinal(c)
    if number is not None and c.skip("-") | c.skip("century"):
        c.skip("century")
        if c.words[c.i - 1] == "century" and 1 < number < 99:
            first = (number - 1) * 100
            return Fixed(Span(date(first, 1, 1), date(first + 99, 12, 31), "century", "year"), "century")
    c.i = start
    return None
