"""The word lists of `words/dates.toml` as look-up tables."""

from __future__ import annotations

from typing import Any

from extractor.text import lexicon

# First word -> (the name of the spelling that is this one word, second word -> longer spellings with their names)
Phrases = dict[str, tuple[str | None, dict[str, list[tuple[list[str], str]]]]]

_WORDS = lexicon.load("dates")


def _numbered(lists: list[list[str]], start: int) -> dict[str, int]:
    return {word: number for number, words in enumerate(lists, start) for word in words}


def _named(table: dict[str, list[str]]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words}


def phrases(*tables: dict[str, list[str]]) -> Phrases:
    """Spellings by their first and second word, longest first: the grammar takes the longest that stands there."""
    found: dict[str, dict[str, list[tuple[list[str], str]]]] = {}
    single: dict[str, str] = {}
    for table in tables:
        for name, spellings in table.items():
            for words in (spelling.split() for spelling in spellings):
                longer = found.setdefault(words[0], {})
                if len(words) == 1:
                    single[words[0]] = name
                else:
                    longer.setdefault(words[1], []).append((words, name))
    for longer in found.values():
        for entries in longer.values():
            entries.sort(key=lambda entry: -len(entry[0]))
    return {first: (single.get(first), longer) for first, longer in found.items()}


def _table(name: str) -> Any:
    return _WORDS[name]


MONTHS = _numbered(_table("months"), 1)
WEEKDAYS = _numbered(_table("weekdays"), 0)
ABBREVIATED = {word for words in _table("months") + _table("weekdays") for word in words[1:]}
UNITS = _named(_table("units"))
SEASONS = _named(_table("seasons"))
DECADES = {word: 20 + 10 * index for index, word in enumerate(_table("decades"))}

TENS = {word: 20 + 10 * index for index, word in enumerate(_table("tens"))}
NUMBERS = {word: number for number, word in enumerate(_table("numbers"))}
ORDINALS = {word: number for number, word in enumerate(_table("ordinals"), 1)} | {"thirtieth": 30, "fortieth": 40}

RELATIONS = phrases(_table("relations"))
BOUNDS = phrases(_table("bounds"))
ENDINGS = phrases(_table("endings"))
THIRDS = phrases(_table("thirds"))
DAYS = phrases(_table("days"))
AMOUNTS = phrases({name: _table("amounts")[name] for name in ("half", "one", "two", "twelve", "vague")})
AMOUNT_PREFIXES = phrases({name: _table("amounts")[name] for name in ("about", "least", "most", "exact")})
AMOUNT_ADJECTIVES = set(_table("amounts")["adjective"])
BUSINESS = set(_table("amounts")["business"])
DAY_PARTS = set(_table("clock")["parts"])
ZONES = set(_table("clock")["zones"])
FINDER = {name: frozenset(words) for name, words in _table("finder").items()}

# What the grammar names itself, beside the lists (tests/text/test_dates_finder.py keeps it complete).
_NAMED_BY_GRAMMAR = """
    & ( ) , . / : ; @ % ~ - – ' 's s t h m p o q w y d e
    ago back bo clock closing containing ended ending eo final financial fiscal fy hence hours hrs hundred including
    ish iso its midmonth midweek midyear min minute minutes nd oclock penultimate percent play previously rd th their
    thousand wc
"""


def _spelled(table: Phrases) -> set[str]:
    spellings = (words for _, longer in table.values() for entries in longer.values() for words, _ in entries)
    return set(table).union(*spellings)


# All words and signs that the grammar can step over, but for named days, digits, and the place in "Moscow time".
KNOWN = (
    {*MONTHS, *WEEKDAYS, *UNITS, *SEASONS, *DECADES, *TENS, *NUMBERS, *ORDINALS, *DAY_PARTS, *ZONES, *BUSINESS}
    | {weekday + "s" for weekday in WEEKDAYS}
    | {side + unit for side in ("eo", "bo") for unit in "mywqd"}
    | AMOUNT_ADJECTIVES
    | set(_NAMED_BY_GRAMMAR.split())
).union(*map(_spelled, (RELATIONS, BOUNDS, ENDINGS, THIRDS, DAYS, AMOUNTS, AMOUNT_PREFIXES)))
