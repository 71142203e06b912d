"""Years and what is counted in them: ISO forms, decades, centuries, quarters, numbered weeks, seasons, fiscal years."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from extractor.text.dates import calendar, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Span
from extractor.text.dates.grammar import numbers
from extractor.text.dates.nodes import Fixed, MonthDay, Node, Of, Range, Season, WeekNumber, YearPart
from extractor.text.dates.tokens import Cursor

_BEFORE_YEAR = (",", "of", "in")


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
    if word.isdecimal() and len(word) == 4 and "1000" <= word < "3000":
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


def year_led(c: Cursor) -> Node | None:
    """ "2026", "2025-26", "2025-08-05", "2025-W31", "2026 Q3", "2030s", "the 1990's"."""
    start = c.i
    word = c.words[c.i]
    if word.isdecimal() and len(word) == 8 and "1000" <= word[:4] < "3000":
        c.i += 1
        return Of(MonthDay(int(word[4:6]), int(word[6:])), fixed_year(int(word[:4])))
    if word.isdecimal() and len(word) == 4 and "1000" <= word < "3000":
        return _year_digits(c, int(word))
    node = year(c)
    if node is None:
        c.i = start
    return node


def _year_digits(c: Cursor, number: int) -> Node:
    c.i += 1
    words = c.words
    first, second = words[c.i], words[c.i + 1]
    if number % 10 == 0 and (first == "s" or (first == "'s" and (not second or (c.i > 1 and words[c.i - 2] == "the")))):
        c.i += 1
        return decade(number)
    if first == "'s":
        return fixed_year(number)
    if first in ("-", "/") and second in v.MONTHS and words[c.i + 2] == first and words[c.i + 3].isdecimal():
        c.i += 4
        return Of(MonthDay(v.MONTHS[second], int(words[c.i - 1])), fixed_year(number))
    if first in ("-", "/", ".", "–"):
        if (
            second.isdecimal()
            and len(second) <= 2
            and words[c.i + 2] == first
            and words[c.i + 3].isdecimal()
            and first != "–"
        ):
            c.i += 4
            day = int(words[c.i - 1])
            if words[c.i] == "t" and c.glued(c.i):
                c.i += 1
            return Of(MonthDay(int(second), day), fixed_year(number))
        if second.isdecimal() and len(second) == 2 and c.glued(c.i) and c.glued(c.i + 1):
            other = int(second)
            # ISO 8601 writes a month so; "2011/12" is rather a pair of years.
            if 1 <= other <= 12 and (first == "-" or (first == "/" and other != (number + 1) % 100)):
                c.i += 2
                return Fixed(calendar.month_span(number, other), "month")
            if other == (number + 1) % 100 or (first == "–" and other > number % 100):
                c.i += 2
                return Range(fixed_year(number), fixed_year(number - number % 100 + other + (100 if other == 0 else 0)))
        elif second.isdecimal() and len(second) == 1 and first == "/" and c.glued(c.i):
            c.i += 2
            return (
                Fixed(calendar.month_span(number, int(second)), "month")
                if 1 <= int(second) <= 12
                else fixed_year(number)
            )
    mark = c.i
    c.skip("-")
    if c.words[c.i] == "w" and c.words[c.i + 1].isdecimal() and c.glued(c.i + 1):
        week = int(c.words[c.i + 1])
        c.i += 2
        if c.words[c.i] == "-" and c.glued(c.i) and c.words[c.i + 1] in "1234567" and c.words[c.i + 1]:
            c.i += 2
            try:
                return Fixed(
                    calendar.day_span(date.fromisocalendar(number, week, int(c.words[c.i - 1]))), "iso-week-day"
                )
            except ValueError:
                c.i = mark
                return fixed_year(number)
        return Of(WeekNumber(week), fixed_year(number))
    part = _coded_part(c)
    if part is not None:
        return Of(part, fixed_year(number))
    c.i = mark
    return fixed_year(number)


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


def _coded_part(c: Cursor) -> YearPart | None:
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
        part = _coded_part(c)
        if part is not None:
            return Of(part, fixed_year(full_year(int(word))))
        c.i = start
    part = _coded_part(c)
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


def fiscal(c: Cursor) -> Node | None:
    """ "Fiscal 2026", "fiscal year 2025-26", "FY2026": the calendar year of that name, approximately."""
    start = c.i
    if c.skip("fiscal", "financial"):
        c.skip("year")
    elif not c.skip("fy"):
        return None
    c.skip("'")
    word = c.words[c.i]
    whole: Node | None = None
    if word.isdecimal() and len(word) == 4 and "1000" <= word < "3000":
        whole = _year_digits(c, int(word))
    elif word.isdecimal() and len(word) == 2 and c.words[start] == "fy":
        c.i += 1
        whole = fixed_year(full_year(int(word)))
    if whole is None:
        c.i = start
        return None
    return nodes.Approximately(whole)


def season(c: Cursor) -> Node | None:
    """ "Summer", "summer 2026", "the winter of 2025-26"."""
    found = v.SEASONS.get(c.words[c.i])
    if found is None:
        return None
    c.i += 1
    mark = c.i
    c.skip("of", ",", "in")
    word = c.words[c.i]
    if word.isdecimal() and len(word) == 4 and "1000" <= word < "3000":
        whole = _year_digits(c, int(word))
        if isinstance(whole, Range):
            return Of(Season(found), fixed_year(int(word)))
        if isinstance(whole, Fixed):
            return Of(Season(found), whole)
    c.i = mark
    return Season(found)
