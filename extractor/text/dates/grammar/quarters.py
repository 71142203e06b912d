"""What years are counted in, as codes and numbers: "Q3 2026", "H1", "3Q26", "week 31"."""

from __future__ import annotations

from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import numbers
from extractor.text.dates.grammar.years import fixed_year, full_year
from extractor.text.dates.nodes import Node, Of, WeekNumber, YearPart
from extractor.text.dates.tokens import Cursor


def coded_part(c: Cursor) -> YearPart | None:
    """ "Q3", "H1", "1H", "3Q" (with the digit glued on)."""
    if c.words[c.i] not in ("q", "h") and c.words[c.i + 1] not in ("q", "h"):
        return None
    for index, (code, number) in enumerate(((c.words[c.i], c.words[c.i + 1]), (c.words[c.i + 1], c.words[c.i]))):
        if (
            code in ("q", "h")
            and c.glued(c.i + 1)
            and number in ("1", "2", "3", "4")
            and (code == "q" or number in "12")
        ):
            if (
                index == 1
                and c.words[c.i + 2].isdecimal()
                and code == "h"
                and len(c.words[c.i + 2]) == 2
                and number in "12"
                and not c.glued(c.i + 2)
            ):
                return None
            c.i += 2
            return YearPart(int(number), "quarter" if code == "q" else "half")
    return None


def coded(c: Cursor) -> Node | None:
    """ "Q3 2026", "H1", "3Q26", "18q4", "Q3'26"."""
    start = c.i
    word = c.words[c.i]
    if word.isdecimal() and len(word) == 2 and c.words[c.i + 1] in ("q", "h") and c.glued(c.i + 1) and c.glued(c.i + 2):
        c.i += 1
        part = coded_part(c)
        if part is not None:
            return Of(part, fixed_year(full_year(int(word))))
        c.i = start
    part = coded_part(c)
    if part is None:
        return None
    word = c.words[c.i]
    if word.isdecimal() and len(word) == 2 and c.glued(c.i):
        c.i += 1
        return Of(part, fixed_year(full_year(int(word))))
    if word in ("-", "/") and len(c.words[c.i + 1]) == 4 and c.words[c.i + 1].isdecimal():
        c.i += 2
        return Of(part, fixed_year(int(c.words[c.i - 1])))
    return part


def week_number(c: Cursor) -> Node | None:
    """ "Week 31", "calendar week 31", "W31"."""
    start = c.i
    c.skip("calendar", "iso")
    if c.skip("week", "w", "wk") and (c.words[c.i - 1] != "w" or c.glued(c.i)):
        c.skip("number", "no")
        number = numbers.digits(c, 2)
        if number is not None and 1 <= number <= 53 and c.words[c.i] not in v.UNITS:
            return WeekNumber(number)
    c.i = start
    return None
