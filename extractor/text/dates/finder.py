"""Where a text has date expressions.

One pass cuts the text into tokens. At each word that dates are made of (a month, a weekday, a unit, a year, "tomorrow")
the grammar is tried from a few tokens before it on, as far back as it knows the words, and the reading that starts
first and covers the word is taken. The grammar looks a bounded number of tokens ahead, so the time is linear in the
length of the text. Readings that are more often something else ("May" alone, "the first", four digits before "people")
are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.text import lexicon
from extractor.text.dates import holidays, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Undated
from extractor.text.dates.grammar.bounds import expression
from extractor.text.dates.model import DateSpan
from extractor.text.dates.tokens import Cursor, cut, plain_signs

_BACK = 9  # tokens that may stand before the word that gives a date away: "by no later than the end of the first …"
_WORDS = lexicon.load("dates")["finder"]
_LISTS = {name: frozenset(words) for name, words in _WORDS.items()}
_COMMON = {
    "the",
    "new",
    "good",
    "world",
    "all",
    "three",
    "st",
    "human",
    "international",
    "president",
    "day",
    "un",
    "mid",
    "earth",
}
_NEAR = {first for first, (single, _) in v.DAYS.items() if single is not None} - {"now"}
_TRIGGERS = frozenset(
    {*v.MONTHS, *v.WEEKDAYS, *v.UNITS, *v.SEASONS, *v.DECADES, *_NEAR, *(holidays.FIRST_WORDS - _COMMON)}
    | {"world", "new", "good", "st", "international", "fy", "q", "century", "morning", "evening", "afternoon"}
)
_STARTERS = frozenset(
    {*v.BOUNDS, *v.RELATIONS, *v.THIRDS, *v.DAYS, *v.AMOUNTS, *v.AMOUNT_PREFIXES, *v.NUMBERS, *v.TENS, *v.ORDINALS}
    | _TRIGGERS
    | holidays.FIRST_WORDS
    | {"the", "'", "w", "wc", "fiscal", "financial", "fy", "final", "latter", "penultimate", "closing", "calendar"}
)

_CAPITALISED = frozenset({*v.MONTHS, *v.ABBREVIATED})
_WALLS = frozenset(';?!“”":')  # no expression that is found reaches across these
_KNOWN = (v.KNOWN | holidays.WORDS) - _WALLS


def find_dates(text: str) -> list[DateSpan]:
    """All date expressions of `text` in order, none overlapping, each with its preposition. Linear in the text."""
    pieces = cut(plain_signs(text))
    spelled = pieces[1::2]
    words = [word.lower() for word in spelled]
    c = Cursor(words, pieces[::2], strict=True)
    triggers = [
        index
        for index, word in enumerate(words)
        if word in _TRIGGERS or (word.isdecimal() and _dates_something(c, index))
    ]
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
        if words[index] in _LISTS["not_first"] and index != trigger and not _counts(words, index):
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
        if stop > trigger and _plausible(c, index, stop, node, spelled):
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


def _core(node: nodes.Node) -> nodes.Node:
    while isinstance(node, (nodes.Bound, nodes.Approximately)):
        node = node.base
    return node


def _is_year(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Fixed) and node.kind == "year"


def _plausible(c: Cursor, first: int, stop: int, node: nodes.Node, spelled: list[str]) -> bool:
    """Whether the words from `first` to `stop` are more likely a date than anything else."""
    words = c.words
    before = words[first - 1] if first else ""
    after = words[stop] if stop < c.size else ""
    core = _core(node)
    size = stop - first
    if before in _LISTS["recurring"] or (before == "the" and first >= 2 and words[first - 2] in _LISTS["recurring"]):
        return False
    if words[first] == "following" and after == "'s":
        return False
    for index in range(first, stop):
        if words[index] in _CAPITALISED and not spelled[index][0].isupper():
            return False
    if words[first] == "the" and (words[first + 1] in v.MONTHS or words[first + 1] in v.WEEKDAYS or _is_year(core)):
        return False  # "the 2011 version": tried again without the article
    if isinstance(core, nodes.Month):
        return _plausible_month(words, first, stop, after, spelled)
    if isinstance(core, nodes.Weekday):
        return _plausible_weekday(words, stop, after, spelled)
    if _is_year(core):
        return _plausible_year(c, words, first, stop, before, after)
    if isinstance(core, nodes.ShortDecade):
        return before not in _LISTS["ages"] and (size > 1 or words[first].isdecimal() or before == "the")
    if isinstance(core, nodes.MonthlyDay):
        return size > 2 and words[first] in v.BOUNDS and any(words[index].isdecimal() for index in range(first, stop))
    if isinstance(core, nodes.MonthDay) and words[first].isdecimal() and words[first + 1] in ("/", ".", "-"):
        return False
    if isinstance(core, nodes.Season):
        return words[first] in v.BOUNDS and not (
            after == "of" or (words[stop - 1] == "fall" and words[stop - 2] != "the" and size < 3)
        )
    if isinstance(core, nodes.YearPart):
        return core.unit == "quarter" and words[first] in v.BOUNDS
    if (
        isinstance(core, nodes.UnitShift)
        and words[stop - 1] in v.UNITS
        and (size == 1 or (size == 2 and words[first] == "the"))
    ):
        return False
    if isinstance(core, nodes.UnitShift) and core.steps == 0 and core is not node and not isinstance(node, nodes.Bound):
        return True
    if isinstance(core, nodes.UnitShift) and words[stop - 2] == "the" and not isinstance(node, nodes.Bound):
        return False
    if isinstance(core, nodes.Weekend):
        return words[first] in v.BOUNDS or words[first] == "this"
    if isinstance(core, nodes.NearDay):
        return words[stop - 1] not in ("now", "present") or isinstance(node, nodes.Bound)
    if isinstance(core, nodes.Holiday):
        return spelled[stop - 1][0].isupper() or spelled[first][0].isupper() or size > 2
    if isinstance(core, (nodes.Point, nodes.Window)) and core.base is None and words[first] == "in":
        return before not in _LISTS["before_span"]
    return not (isinstance(core, nodes.Range) and isinstance(core.first, nodes.MonthlyDay))


def _plausible_month(words: list[str], first: int, stop: int, after: str, spelled: list[str]) -> bool:
    if stop - first > 1 and words[first] in v.BOUNDS:
        # "by May Smith", "for June Carter": a name goes on
        name_goes_on = after.isalpha() and spelled[stop][0].isupper()
        return not (name_goes_on and words[stop - 1] in _LISTS["ambiguous_months"])
    return words[stop - 1] not in _LISTS["ambiguous_months"] and spelled[first][0].isupper()


def _plausible_weekday(words: list[str], stop: int, after: str, spelled: list[str]) -> bool:
    last = words[stop - 1]
    if last in v.ABBREVIATED or (last == "." and words[stop - 2] in v.ABBREVIATED):
        return False
    return not (after in _LISTS["after_weekday"] and spelled[stop][0].isupper())


def _plausible_year(c: Cursor, words: list[str], first: int, stop: int, before: str, after: str) -> bool:
    if not words[stop - 1].isdecimal() and words[stop - 1] != "on" and stop - first < 2:
        return False
    if (
        after in _LISTS["counted"]
        or after in ("%", "$", "€", "°")
        or (after in (",", ".", ":", "-", "/") and c.glued(stop) and words[stop + 1].isdecimal() and c.glued(stop + 1))
    ):
        return False
    return not (
        before in ("$", "€", "£", "¥", "#", "no", ",", ".", "-", "/", ":")
        and first > 0
        and (before in "$€£¥#" or c.glued(first))
    )
