"""Where a text has date expressions.

One pass cuts the text into tokens. At each word that dates are made of (a month, a weekday, a unit, a year, "tomorrow")
the grammar is tried from a few tokens before it on, as far back as it knows the words, and the reading that starts
first and covers the word is taken. The grammar looks a bounded number of tokens ahead, so the time is linear in the
length of the text. Readings that are more often something else ("May" alone, "the first", four digits before "people")
are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, count

from extractor.text.dates import holidays
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Undated
from extractor.text.dates.grammar.bounds import expression
from extractor.text.dates.model import DateSpan
from extractor.text.dates.plausible import Candidate, is_plausible
from extractor.text.dates.tokens import Cursor, cut, plain_signs

_BACK = 9  # tokens that may stand before the word that gives a date away: "by no later than the end of the first …"
_NEAR = {first for first, (single, _) in v.DAYS.items() if single is not None} - {"now"}
_TRIGGERS = frozenset(
    {*v.MONTHS, *v.WEEKDAYS, *v.UNITS, *v.SEASONS, *v.DECADES, *_NEAR, *(holidays.FIRST_WORDS - v.FINDER["common"])}
    | {"world", "new", "good", "st", "international", "fy", "q", "century", "morning", "evening", "afternoon"}
)
_STARTERS = frozenset(
    {*v.BOUNDS, *v.RELATIONS, *v.THIRDS, *v.DAYS, *v.AMOUNTS, *v.AMOUNT_PREFIXES, *v.NUMBERS, *v.TENS, *v.ORDINALS}
    | _TRIGGERS
    | holidays.FIRST_WORDS
    | {"the", "'", "w", "wc", "fiscal", "financial", "fy", "final", "latter", "penultimate", "closing", "calendar"}
)

_NOT_FIRST = v.FINDER["not_first"]
_WALLS = frozenset(';?!“”":')  # no expression that is found reaches across these
_KNOWN = (v.KNOWN | holidays.WORDS) - _WALLS


def find_dates(text: str) -> list[DateSpan]:
    """All date expressions of `text` in order, none overlapping, each with its preposition. Linear in the text."""
    pieces = cut(plain_signs(text))
    spelled = pieces[1::2]
    words = [*map(str.lower, spelled)]
    c = Cursor(words, pieces[::2], strict=True)
    numbers = [at for at in compress(count(), map(str.isdecimal, words)) if _dates_something(c, at)]
    triggers = sorted([*compress(count(), map(_TRIGGERS.__contains__, words)), *numbers])
    spans: list[tuple[int, int]] = []
    free = 0
    for trigger in triggers:
        if trigger < free:
            continue
        span = _around(c, trigger, free, spelled)
        if span is None:
            free = trigger + 1  # what begins before it was tried: it reads no farther, or is no date
        else:
            spans.append(span)
            free = span[1]
    return [DateSpan(start, end, text[start:end]) for start, end in _places(pieces, spans)]


def _places(pieces: list[str], spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where spans of tokens begin and end in the text. Token number n is piece number 2n + 1."""
    done = end = 0
    for first, stop in spans:
        # Joining to get the length is faster than adding up the lengths.
        start = end + len("".join(pieces[done : 2 * first + 1]))
        done = 2 * stop
        end = start + len("".join(pieces[2 * first + 1 : done]))
        yield start, end


def _dates_something(c: Cursor, index: int) -> bool:
    """Whether the number at `index` is a year or begins a date such as "7/8/07"."""
    word = c.words[index]
    if len(word) == 4:
        return "1900" <= word < "2200"
    return len(word) <= 2 and word != "0" and _numeric_date(c, index)


def _around(c: Cursor, trigger: int, free: int, spelled: list[str]) -> tuple[int, int] | None:
    """The first and the past-the-end token of the expression that covers `trigger` and begins at `free` or later."""
    words, gaps = c.words, c.gaps
    c.memo.clear()  # so that it stays small in a long text
    starts = []
    for index in range(trigger, max(free, trigger - _BACK) - 1, -1):
        word = words[index]
        if word in _STARTERS or word.isdecimal():
            starts.append(index)
        elif word not in _KNOWN and not (words[index + 1] == "time" and word.isalpha()):  # "Moscow time"
            break  # the grammar cannot get across this word to the trigger
        if "\n\n" in gaps[index]:
            break
    for index in reversed(starts):
        if words[index] in _NOT_FIRST and index != trigger and not _counts(words, index):
            continue
        c.i = index
        c.depth = c.prefixes = 0
        try:
            node = expression(c)
        except (Undated, ValueError, OverflowError):
            continue
        if node is None or c.i <= trigger:
            continue
        stop = index + 1
        while stop < c.i and "\n\n" not in gaps[stop]:
            stop += 1
        if stop > trigger and is_plausible(Candidate(c, spelled, index, stop, node)):
            return index, stop
    return None


def _counts(words: list[str], index: int) -> bool:
    """ "A week ago", "some days later": an amount may begin with a word that a preposition may not."""
    return words[index] in ("a", "an", "one", "some", "another", "roughly", "about", "up") and any(
        word in v.UNITS for word in words[index + 1 : index + 5]
    )


def _numeric_date(c: Cursor, index: int) -> bool:
    """Whether a short number begins "7/8/07" or "23.04.2022"."""
    words = c.words
    sign = words[index + 1]
    return (
        sign in ("/", ".", "-")
        and words[index + 3] == sign
        and words[index + 2].isdecimal()
        and words[index + 4].isdecimal()
        and len(words[index + 4]) in (2, 4)
        and c.glued(index + 1)
        and c.glued(index + 4)
    )
