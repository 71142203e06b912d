"""Where a text has date expressions.

One pass cuts the text into tokens. At each word that dates are made of (a month, a weekday, a unit, a year, "tomorrow")
the grammar is tried from a few tokens before it on, and the reading that starts first and covers the word is taken. The
grammar looks a bounded number of tokens ahead, so the time is linear in the length of the text. Readings that are more
often something else ("May" alone, "the first", four digits before "people") are left out.
"""

from __future__ import annotations

from extractor.text import lexicon
from extractor.text.dates import holidays, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.calendar import Undated
from extractor.text.dates.grammar.bounds import expression
from extractor.text.dates.model import DateSpan
from extractor.text.dates.tokens import TOKEN, Cursor, plain_signs

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


def find_dates(text: str) -> list[DateSpan]:
    """All date expressions of `text` in order, none overlapping, each with its preposition. Linear in the text."""
    plain = plain_signs(text)
    words = [word.lower() for word in TOKEN.findall(plain)]
    triggers = [
        index for index, word in enumerate(words) if word in _TRIGGERS or (word[0].isdecimal() and _dates_a_year(word))
    ]
    cursor = Cursor(words, plain)
    cursor.strict = True
    found: list[DateSpan] = []
    free = 0
    for trigger in triggers:
        if trigger < free:
            continue
        span = _around(cursor, trigger, free, text)
        if span is not None:
            first, free = span
            start, end = cursor.starts[first], cursor.ends[free - 1]
            found.append(DateSpan(start, end, text[start:end]))
    return found


def _dates_a_year(word: str) -> bool:
    return (len(word) == 4 and "1900" <= word < "2200") or (len(word) <= 2 and word != "0")


def _breaks(c: Cursor, index: int, text: str) -> bool:
    """Whether a paragraph ends before token `index`."""
    end, start = c.ends[index - 1], c.starts[index]
    return start - end > 1 and "\n\n" in text[end:start]


def _around(c: Cursor, trigger: int, free: int, text: str) -> tuple[int, int] | None:
    """The first and the past-the-end token of the expression that covers `trigger`."""
    words = c.words
    if len(words[trigger]) <= 2 and words[trigger].isdecimal() and not _numeric_date(c, trigger):
        return None
    c.memo.clear()
    first = max(free, trigger - _BACK)
    for index in range(trigger, first, -1):
        if _breaks(c, index, text) or words[index - 1] in (";", "?", "!", "“", "”", '"', ":"):
            first = index
            break
    for index in range(first, trigger + 1):
        word = words[index]
        if (word not in _STARTERS and not word[0].isdecimal()) or (
            word in _LISTS["not_first"] and index != trigger and not _counts(words, index)
        ):
            continue
        c.i = index
        c.depth = c.prefixes = 0
        try:
            node = expression(c)
        except (Undated, ValueError, OverflowError):
            continue
        if node is None or c.i <= trigger:
            continue
        stop = c.i
        for broken in range(index + 1, stop):
            if _breaks(c, broken, text):
                stop = broken
                break
        if stop > trigger and _plausible(c, index, stop, node, text):
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


def _plausible(c: Cursor, first: int, stop: int, node: nodes.Node, text: str) -> bool:
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
    named = (index for index in range(first, stop) if words[index] in v.MONTHS or words[index] in v.ABBREVIATED)
    if not all(text[c.starts[index]].isupper() for index in named):
        return False
    if words[first] == "the" and (words[first + 1] in v.MONTHS or words[first + 1] in v.WEEKDAYS or _is_year(core)):
        return False  # "the 2011 version": tried again without the article
    if isinstance(core, nodes.Month):
        return _plausible_month(words, first, stop, after, text, c)
    if isinstance(core, nodes.Weekday):
        return _plausible_weekday(words, stop, after, text, c)
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
        return text[c.starts[stop - 1]].isupper() or text[c.starts[first]].isupper() or size > 2
    if isinstance(core, (nodes.Point, nodes.Window)) and core.base is None and words[first] == "in":
        return before not in _LISTS["before_span"]
    return not (isinstance(core, nodes.Range) and isinstance(core.first, nodes.MonthlyDay))


def _plausible_month(words: list[str], first: int, stop: int, after: str, text: str, c: Cursor) -> bool:
    if stop - first > 1 and words[first] in v.BOUNDS:
        # "by May Smith", "for June Carter": a name goes on
        name_goes_on = stop < c.size and after.isalpha() and text[c.starts[stop]].isupper()
        return not (name_goes_on and words[stop - 1] in _LISTS["ambiguous_months"])
    return words[stop - 1] not in _LISTS["ambiguous_months"] and text[c.starts[first] :][:1].isupper()


def _plausible_weekday(words: list[str], stop: int, after: str, text: str, c: Cursor) -> bool:
    last = words[stop - 1]
    if last in v.ABBREVIATED or (last == "." and words[stop - 2] in v.ABBREVIATED):
        return False
    return not (after in _LISTS["after_weekday"] and stop < c.size and text[c.starts[stop]].isupper())


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
