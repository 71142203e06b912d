"""Months and their days in any order and style: "August 2025", "12th Feb, 2025", "10–12 September", "8/12/2025"."""

from __future__ import annotations

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import numbers, years
from extractor.text.dates.nodes import Month, MonthDay, MonthlyDay, Node, Of, Range
from extractor.text.dates.tokens import Cursor

_DAY_OPENERS = ("on", "from", "to", "until", "till", "through", "by", "since", "between", "and", "-", "of")

_DAY_WORDS = frozenset({*v.ORDINALS, *v.TENS, *v.NUMBERS})

_NO_DAY = (":", "am", "pm", "h", "%")

_DAY_LINKS = ("-", "–", "~", "to", "through", "thru", "until", "till", "and", "&", "or")


def month_name(c: Cursor) -> int | None:
    """A month, with the dot of its abbreviation."""
    word = c.words[c.i]
    found = v.MONTHS.get(word)
    if found is not None:
        c.i += 1
        if word in v.ABBREVIATED:
            c.skip(".")
    return found


def _day_number(c: Cursor) -> int | None:
    """The day of a month: "5", "5th", "the fifth"; not the hour of "5 pm" or "5:30"."""
    start = c.i
    c.skip("the")
    word = c.words[c.i]
    found: int | None = None
    if word in _DAY_WORDS:
        found = numbers.ordinal(c)
        if found is None:
            found = numbers.below_hundred(c)
    elif word.isdecimal() and len(word) <= 2:
        found = numbers.ordinal(c)
        if found is None:
            found = int(word)
            c.i += 1
            if c.words[c.i] in _NO_DAY or _goes_on(c):
                found = None
    if found is None or not 1 <= found <= 31:
        c.i = start
        return None
    return found


def _goes_on(c: Cursor) -> bool:
    """Whether a dot or comma makes a larger number of the digits before it; "July 7,2017" is no such number."""
    sign, rest = c.words[c.i], c.words[c.i + 1]
    if not (sign in (".", ",") and rest.isdecimal()) or (sign == "," and len(rest) == 4):
        return False
    return c.glued(c.i) and c.glued(c.i + 1)


def _more_days(c: Cursor) -> tuple[str, int] | None:
    """The other end of a range of days: "-12", "through 17th", "and 5"."""
    start = c.i
    if c.words[start] == ",":
        _listed_days(c)
    link = c.words[c.i]
    if link in _DAY_LINKS:
        c.i += 1
        c.skip("-")
        day = _day_number(c)
        if (
            day is not None
            and c.words[c.i] not in v.MONTHS
            and c.words[c.i] not in v.UNITS
            and not c.words[c.i].startswith("percent")
        ):
            after = c.words[c.i]
            if not (after == "/" or (after == "of" and c.words[c.i + 1] in v.MONTHS)):
                return link, day
    c.i = start
    return None


def _listed_days(c: Cursor) -> None:
    """Step over the middle of "9, 10 and 11", so that the first and the last are left."""
    start = c.i
    for _ in range(10):
        if not (c.words[c.i] == "," and c.words[c.i + 1].isdecimal() and len(c.words[c.i + 1]) <= 2):
            break
        c.i += 2
    c.skip(",")
    if c.words[c.i] not in ("and", "&", "or"):
        c.i = start


def _days(link: str, month: int, first: int, last: int) -> Node:
    kind = nodes.Either if link in ("and", "&", "or") else Range
    return kind(MonthDay(month, first), MonthDay(month, last))


def month_led(c: Cursor) -> Node | None:
    """ "August", "August 2025", "Aug. 5", "July 7–8, 2017", "February the 15th", "Dec/2018", "September-2020-23"."""
    month = month_name(c)
    if month is None:
        return None
    mark = c.i
    if c.words[c.i] in ("-", "/") and c.words[c.i + 1].isdecimal():
        c.i += 1
        if len(c.words[c.i]) == 4:
            found = years.year_after(c)
            if (
                found is not None
                and c.words[c.i] == "-"
                and c.words[c.i + 1].isdecimal()
                and len(c.words[c.i + 1]) <= 2
            ):
                c.i += 2
                return Of(MonthDay(month, int(c.words[c.i - 1])), found)
            if found is not None:
                return Of(Month(month), found)
    elif (c.words[c.i] == "'" or c.words[c.i].isalpha()) and (found := years.year(c)) is not None:
        return Of(Month(month), found)  # "August two thousand and fifteen" before "August two"
    day = _day_number(c)
    if day is None:
        c.i = mark
        found = years.year_after(c)
        return Month(month) if found is None else Of(Month(month), found)
    more = _more_days(c)
    node = MonthDay(month, day) if more is None else _days(more[0], month, day, more[1])
    found = _slashed_year(c) or years.year_after(c)
    return node if found is None else Of(node, found)


def _slashed_year(c: Cursor) -> Node | None:
    """The year of "Aug-5-2025", "Aug 5 '25"."""
    if c.words[c.i] in ("-", "/") and c.words[c.i + 1].isdecimal() and len(c.words[c.i + 1]) == 4:
        c.i += 2
        return years.fixed_year(int(c.words[c.i - 1]))
    return None


def day_led(c: Cursor) -> Node | None:
    """ "5 August 2025", "the 5th of August", "9 to 12 of June", "third day of October", "26-28 June", "the 15th"."""
    start = c.i
    the = c.words[c.i] == "the"
    day = _day_number(c)
    if day is None:
        return None
    suffixed = c.i - start > 1 or c.words[c.i - 1] in v.ORDINALS
    alone = c.i
    more = _more_days_before_month(c, day)
    if more is None:
        c.i = alone
        c.skip("day")
    mark = c.i
    c.skip("of", "-", "/", "in")
    month = month_name(c)
    if month is not None:
        node = MonthDay(month, day) if more is None else _days(more[0], month, day, more[1])
        found = _slashed_year(c) or years.year_after(c, short=True)
        return node if found is None else Of(node, found)
    c.i = mark
    if c.words[c.i - 1] == "day" and suffixed and more is None and c.words[c.i] == "of":
        return MonthlyDay(day)
    c.i = alone
    if not c.words[c.i - 1].isdecimal() and c.words[c.i - 1] not in numbers.SUFFIXES:
        # "The second" is rarely a day of the month; "on the second" may be one, but hardly in running text.
        before = c.words[start - 1] if start else ""
        if c.strict or not (before in _DAY_OPENERS or before in v.WEEKDAYS):
            c.i = start
            return None
    if (the or suffixed) and c.words[c.i] not in v.UNITS and c.words[c.i] not in v.WEEKDAYS:
        more = _more_days(c)
        if more is None:
            return MonthlyDay(day)
        kind = nodes.Either if more[0] in ("and", "&", "or") else Range
        return kind(MonthlyDay(day), MonthlyDay(more[1]))
    c.i = start
    return None


def _more_days_before_month(c: Cursor, first: int) -> tuple[str, int] | None:
    """ "-12" of "10-12 September": only where a month follows."""
    if c.words[c.i] == ",":
        _listed_days(c)
    link = c.words[c.i]
    if link != "/" and link not in _DAY_LINKS:
        return None
    c.i += 1
    c.skip("-")
    day = _day_number(c)
    if day is None:
        return None
    mark = c.i
    c.skip("of")
    follows = c.words[c.i] in v.MONTHS
    c.i = mark
    return (link, day) if follows and day > first else None


def days_of_month(c: Cursor) -> Node | None:
    """ "4-23 in next month", "3 and 12 of this month": days by their numbers alone, only where their month follows."""
    start = c.i
    first = _day_number(c)
    if first is not None and (link := c.words[c.i]) in _DAY_LINKS:
        c.i += 1
        last = _day_number(c)
        if (
            last is not None
            and last > first
            and c.words[c.i] in ("of", "in")
            and c.words[c.i + 1] in ("next", "this", "last", "the")
        ):
            return (nodes.Either if link in ("and", "&", "or") else Range)(MonthlyDay(first), MonthlyDay(last))
    c.i = start
    return None


def numeric(c: Cursor) -> Node | None:
    """ "8/12/2025", "10/25", "15-03-2026": month first, unless that is no month. "23.04.2022": day first."""
    start = c.i
    first = numbers.digits(c, 2)
    separator = c.words[c.i]
    if first is None or separator not in ("/", ".", "-"):
        c.i = start
        return None
    c.i += 1
    second = numbers.digits(c, 2)
    if second is None or (separator == "." and not c.glued(c.i - 1)):
        c.i = start
        return None
    year_number: int | None = None
    if (
        c.words[c.i] == separator
        and c.words[c.i + 1].isdecimal()
        and len(c.words[c.i + 1]) in (2, 4)
        and (c.glued(c.i + 1) or separator != ".")
    ):
        word = c.words[c.i + 1]
        c.i += 2
        year_number = int(word) if len(word) == 4 else years.full_year(int(word))
    day_first = (separator == "." and year_number is not None and second <= 12) or first > 12
    day, month = (first, second) if day_first else (second, first)
    after = c.words[c.i]
    if (
        not (1 <= month <= 12 and 1 <= day <= 31)
        or after in ("%", "am", "pm", "a", "p", ":", "h")
        or (after == "/" and year_number is None)
    ):
        c.i = start
        return None
    if year_number is not None:
        return Of(MonthDay(month, day), years.fixed_year(year_number))
    found = years.year_after(c) if c.words[c.i] == "," else None
    return MonthDay(month, day) if found is None else Of(MonthDay(month, day), found)
