"""What four digits of a year begin: "2025-08-05", "2025-W31", "2025-26", "2026 Q3", "2030s"; and what takes them."""

from __future__ import annotations

from datetime import date

from extractor.text.dates import calendar, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import quarters
from extractor.text.dates.grammar.years import decade, fixed_year, full_year, is_year, year
from extractor.text.dates.nodes import Fixed, MonthDay, Node, Of, Range, Season, WeekNumber
from extractor.text.dates.tokens import Cursor


def year_led(c: Cursor) -> Node | None:
    """ "2026", "2025-26", "2025-08-05", "2025-W31", "2026 Q3", "2030s", "the 1990's"."""
    start = c.i
    word = c.words[start]
    if len(word) == 8 and word.isdecimal() and is_year(word[:4]):
        c.i += 1
        return Of(MonthDay(int(word[4:6]), int(word[6:])), fixed_year(int(word[:4])))
    if is_year(word):
        return _digits_led(c, int(word))
    node = year(c)
    if node is None:
        c.i = start
    return node


def _digits_led(c: Cursor, number: int) -> Node:
    """What the digits of a year begin, the year alone at least."""
    c.i += 1
    mark = c.i
    for read in (_decade, _full_date, _month_or_year, _iso_week, _coded):
        node = read(c, number)
        if node is not None:
            return node
        c.i = mark
    return fixed_year(number)


def _decade(c: Cursor, number: int) -> Node | None:
    """The "s" of "2030s" and "the 1990's"; "1990's" alone may be what is the year's."""
    words, at = c.words, c.i
    if number % 10 or not (words[at] == "s" or (words[at] == "'s" and (not words[at + 1] or _has_article(c)))):
        return None
    c.i += 1
    return decade(number)


def _has_article(c: Cursor) -> bool:
    return c.i > 1 and c.words[c.i - 2] == "the"


def _full_date(c: Cursor, number: int) -> Node | None:
    """ "-08-05", "/Aug/05" or ".8.5" behind a year."""
    sign, month, second_sign, day = c.words[c.i : c.i + 4]
    if sign not in ("-", "/", ".") or second_sign != sign or not day.isdecimal():
        return None
    if month in v.MONTHS and sign != ".":
        c.i += 4
        return Of(MonthDay(v.MONTHS[month], int(day)), fixed_year(number))
    if not (month.isdecimal() and len(month) <= 2):
        return None
    c.i += 4
    if c.words[c.i] == "t" and c.glued(c.i):
        c.i += 1
    return Of(MonthDay(int(month), int(day)), fixed_year(number))


def _month_or_year(c: Cursor, number: int) -> Node | None:
    """ "-08" or "/8" behind a year is a month, "-26" or "/26" the year after it."""
    sign, word = c.words[c.i], c.words[c.i + 1]
    if sign not in ("-", "/", ".", "–") or not (word.isdecimal() and len(word) <= 2 and c.glued(c.i)):
        return None
    other = int(word)
    if len(word) == 1 and sign == "/":
        c.i += 2
        return Fixed(calendar.month_span(number, other), "month") if other else fixed_year(number)
    if len(word) == 1 or not c.glued(c.i + 1):
        return None
    consecutive = other == (number + 1) % 100
    # ISO 8601 writes a month so; "2011/12" is rather a pair of years.
    if 1 <= other <= 12 and (sign == "-" or (sign == "/" and not consecutive)):
        c.i += 2
        return Fixed(calendar.month_span(number, other), "month")
    if consecutive or (sign == "–" and other > number % 100):
        c.i += 2
        return Range(fixed_year(number), fixed_year(number - number % 100 + other + (100 if other == 0 else 0)))
    return None


def _iso_week(c: Cursor, number: int) -> Node | None:
    """ "-W31" or "-W31-4" behind a year."""
    c.skip("-")
    word = c.words[c.i + 1]
    if not (c.words[c.i] == "w" and word.isdecimal() and c.glued(c.i + 1)):
        return None
    c.i += 2
    day = c.words[c.i + 1]
    if not (c.words[c.i] == "-" and c.glued(c.i) and day and day in "1234567"):
        return Of(WeekNumber(int(word)), fixed_year(number))
    c.i += 2
    try:
        return Fixed(calendar.day_span(date.fromisocalendar(number, int(word), int(day))), "iso-week-day")
    except ValueError:
        return None


def _coded(c: Cursor, number: int) -> Node | None:
    """ "Q3" or "-H1" behind a year."""
    c.skip("-")
    part = quarters.coded_part(c)
    return None if part is None else Of(part, fixed_year(number))


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
    if is_year(word):
        whole = _digits_led(c, int(word))
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
    if is_year(word):
        whole = _digits_led(c, int(word))
        if isinstance(whole, Range):
            return Of(Season(found), fixed_year(int(word)))
        if isinstance(whole, Fixed):
            return Of(Season(found), whole)
    c.i = mark
    return Season(found)
