"""Named days: fixed ones, those that hang on Easter, and those that the optional `holidays` library knows.

Which days these are stands in `words/dates_holidays.toml`. Without the library its days have no date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from extractor.text import lexicon
from extractor.text.dates import nodes
from extractor.text.dates.calendar import DAY, Span, day_span
from extractor.text.dates.nodes import Holiday
from extractor.text.dates.tokens import Cursor, tokenize

_DAYS: list[dict[str, Any]] = lexicon.load("dates_holidays")["day"]


@dataclass(frozen=True)
class _Entry:
    words: list[str]
    index: int


def _entries() -> dict[str, list[_Entry]]:
    table: dict[str, list[_Entry]] = {}
    for index, day in enumerate(_DAYS):
        for name in day["names"]:
            cursor = tokenize(name)
            words = cursor.words[: cursor.size]
            table.setdefault(words[0], []).append(_Entry(words, index))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry.words))
    return table


_BY_FIRST_WORD = _entries()
FIRST_WORDS = frozenset(_BY_FIRST_WORD)
WORDS = frozenset(word for entries in _BY_FIRST_WORD.values() for entry in entries for word in entry.words)


def named(c: Cursor) -> nodes.Node | None:
    """A named day at the cursor, longest name first."""
    start = c.i
    c.skip("the")
    for entry in _BY_FIRST_WORD.get(c.words[c.i], ()):
        end = c.i + len(entry.words)
        if c.words[c.i : end] == entry.words:
            c.i = end
            return Holiday(entry.index, _span_in_year)
    c.i = start
    return None


@cache
def _span_in_year(index: int, year: int) -> Span | None:
    day = _DAYS[index]
    if "on" in day:
        return day_span(date(year, *day["on"]))
    if "library" in day:
        days = _library_days(day["library"], year)
        if not days:
            return None
        first = days[0]
        last = first
        while day.get("run") and last + DAY in days:
            last += DAY
        if "until" in day:
            ends = [found for found in _library_days(day["until"], year) if found > first]
            if not ends:
                return None
            last = ends[0] - DAY
        shift = timedelta(days=day.get("shift", 0))
        first, last = first + shift, last + shift
    else:
        # Imported here: expressions without a feast should not pay for it.
        from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

        if "orthodox" in day:
            first = easter(year, EASTER_ORTHODOX) + timedelta(days=day["orthodox"])
        else:
            first = easter(year, EASTER_WESTERN) + timedelta(days=day["easter"])
        last = first
    if "days" in day:
        last = first + timedelta(days=day["days"] - 1)
    return Span(first, last, "day" if first == last else "range")


def _library_days(key: list[str], year: int) -> list[date]:
    """The days of `year` that a country (by its code) calls so; a run into January belongs to the year before."""
    country, name = key
    known = _country(country)
    if known is None:
        return []
    found = sorted(
        day for day in _calendar(country, year) if _calendar(country, year)[day] and name in _names(country, year, day)
    )
    carried = {day for day in found if day.month == 1 and name in _names(country, year - 1, date(year - 1, 12, 31))}
    if carried:
        found = [day for day in found if day not in carried]
    following = date(year + 1, 1, 1)
    while found and found[-1] == following - DAY and name in _names(country, following.year, following):
        found.append(following)
        following += DAY
    return found


@cache
def _country(country: str) -> type | None:
    try:
        import holidays
    except ImportError:
        return None
    found: type = getattr(holidays, country)
    return found


@cache
def _calendar(country: str, year: int) -> dict[date, str]:
    known = _country(country)
    if known is None:
        return {}
    categories = [name for name in known.supported_categories if name in ("public", "optional", "unofficial", "school")]  # type: ignore[attr-defined]
    language = "en_US" if "en_US" in getattr(known, "supported_languages", ()) else None
    return dict(known(years=year, expand=False, observed=False, categories=categories, language=language))


def _names(country: str, year: int, day: date) -> list[str]:
    listed = _calendar(country, year).get(day, "")
    return [part.split(" (")[0].split(" / ")[0].strip() for part in listed.split(";")]
