"""Times of day: read so that the day beside them is found, and otherwise left out."""

from __future__ import annotations

from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import numbers
from extractor.text.dates.tokens import Cursor

_OPENERS = (
    "at",
    "@",
    "by",
    "around",
    "about",
    "from",
    "between",
    "before",
    "after",
    "until",
    "till",
    "for",
    "in",
    "on",
    "to",
    "during",
    "circa",
)
_STARTS = frozenset(
    {*_OPENERS, *v.DAY_PARTS, *v.NUMBERS, *v.TENS, ",", "the", "this", "early", "late", "mid", "later", "earlier"}
)
_BEHIND_COMMA = _STARTS | {"-", "hours"}
_BEHIND_ARTICLE = frozenset({*v.DAY_PARTS, "early", "late", "mid", "later", "earlier", "-", "hours", "in"})
_BEHIND_OPENERS = frozenset(
    {
        *v.DAY_PARTS,
        *v.NUMBERS,
        *v.TENS,
        "the",
        "this",
        "early",
        "late",
        "mid",
        "later",
        "earlier",
        "around",
        "about",
        "exactly",
        "half",
    }
)
_ARTICLES = ("the", "this")
_LINKS = ("to", "-", "–", "and", "until", "till")


def _meridiem(c: Cursor) -> bool:
    """ "am", "p.m.", "a"."""
    start = c.i
    word = c.words[c.i]
    if word in ("am", "pm"):
        c.i += 1
        return True
    if word in ("a", "p"):
        c.i += 1
        dotted = c.skip(".")
        if c.skip("m"):
            if dotted:
                c.skip(".")
            return True
        if c.glued(start) and not dotted:
            return True
    c.i = start
    return False


def _number(c: Cursor, sure: bool) -> bool:
    """ "8", "8:45", "8.30 pm", "16h00", "thirty-six minutes past eight"; a bare number counts where `sure`."""
    start = c.i
    words = c.words
    clear = _hour(c, sure)
    if clear is None:
        c.i = start
        return False
    if words[start] in v.NUMBERS and c.i - start >= 2:
        clear = True  # "nine thirty"
    if c.skip("minutes", "min", "minute") or words[c.i] in ("past", "to"):
        mark = c.i
        if c.skip("past", "to") and _number(c, True):
            clear = True
        else:
            c.i = mark
    clear = _said_to_be_hour(c, clear)
    if words[c.i] in v.ZONES:
        c.i += 1
    elif clear and words[c.i + 1] == "time" and words[c.i].isalpha():
        c.i += 2  # "Moscow time"
    if not clear:
        c.i = start
    return clear


def _hour(c: Cursor, sure: bool) -> bool | None:
    """Step over an hour with its minutes. Whether it is one beyond doubt, None if no number is there."""
    word = c.words[c.i]
    if word.isdecimal():
        if len(word) <= 2 and int(word) <= 24:
            c.i += 1
            return _minutes(c) or sure
        if sure and len(word) in (3, 4) and int(word) < 2400:
            c.i += 1
            c.skip("ish", "hrs", "hours")
            return True
        return None
    if numbers.below_hundred(c) is None:
        return None
    mark = c.i
    c.skip("-")
    if numbers.below_hundred(c) is None:
        c.i = mark
    return sure


def _minutes(c: Cursor) -> bool:
    """Step over ":45", ".30", "h00" or "h". Whether it makes an hour of the number before it: "8.30" may be any."""
    words, sign = c.words, c.words[c.i]
    if sign not in (":", ".", "h") or not c.glued(c.i):
        return False
    if words[c.i + 1].isdecimal() and len(words[c.i + 1]) == 2 and c.glued(c.i + 1):
        c.i += 2
        if words[c.i] == ":" and words[c.i + 1].isdecimal():
            c.i += 2
        return sign != "."
    if sign == "h":
        c.i += 1
    return sign == "h"


def _said_to_be_hour(c: Cursor, clear: bool) -> bool:
    """Step over "pm", "o'clock" or "hours" behind a number, which make an hour of it if it is not `clear` yet."""
    if _meridiem(c):
        clear = True
    if c.skip("o"):
        clear = c.skip("'") and c.skip("clock")
    return c.skip("oclock", "hours", "hrs") or clear


def _loose_number(c: Cursor) -> bool:
    """ "9.30", "9", "nine": an hour where what follows says that it is one."""
    if c.words[c.i].isdecimal():
        if len(c.words[c.i]) > 2:
            return False
        c.i += 3 if c.words[c.i + 1] in (".", ":") and c.words[c.i + 2].isdecimal() else 1
        return True
    return numbers.below_hundred(c) is not None


def _part(c: Cursor) -> bool:
    """ "Morning", "in the early hours of the morning", "late evening"."""
    start = c.i
    c.skip("in", "at", "during", "on")
    c.skip("the", "this")
    c.skip("early", "late", "mid", "later", "earlier")
    c.skip("-")
    if c.skip("hours"):
        c.skip("of")
        c.skip("the")
    if c.skip("in"):
        c.skip("the")
    if c.words[c.i] == "day" and c.words[start] in ("early", "late", "later"):
        c.i += 1
        return True
    if c.words[c.i] in v.DAY_PARTS and not (c.words[c.i] in ("am", "pm") and c.glued(c.i)):
        c.i += 1
        return True
    c.i = start
    return False


def _once(c: Cursor, sure: bool) -> bool:
    """One time of day, with its preposition, its end and its zone."""
    start = c.i
    opener = c.words[start] if c.skip(*_OPENERS) else ""
    if opener:
        c.skip("around", "about", "exactly")
    ranged = opener in ("from", "between")
    sure = sure and opener not in ("on", "in", "during")
    if not _number(c, sure or opener in ("at", "@")):
        if _part(c) or _loose_range(c, ranged):
            return True
        c.i = start
        return False
    link = c.i
    if not (c.skip(*_LINKS) and _number(c, ranged or sure)):
        c.i = link
    if _part(c):
        _part(c)
    return True


def _loose_range(c: Cursor, sure: bool) -> bool:
    """ "1-3 pm", "from 7 to 7:30": the first number alone would not do."""
    if not (_loose_number(c) and c.skip(*_LINKS) and _number(c, sure)):
        return False
    _part(c)
    return True


def _may_begin(words: list[str], index: int) -> bool:
    """Whether a time of day can begin at a word of `_STARTS`, by the words behind it: mostly it cannot."""
    word, after = words[index], words[index + 1]
    article = index + 1
    if word in _OPENERS:
        if (len(after) > 2 and word not in ("at", "@")) if after.isdecimal() else after not in _BEHIND_OPENERS:
            return False
    elif word == ",":
        if after not in _BEHIND_COMMA and not after.isdecimal():
            return False
    elif word in _ARTICLES:
        article = index
    else:
        return True
    return words[article] not in _ARTICLES or words[article + 1] in _BEHIND_ARTICLE


def skip_clock(c: Cursor, sure: bool = False) -> bool:
    """Step over times of day. `sure`: a bare number is one ("9 tomorrow")."""
    start = c.i
    for _ in range(4):
        word = c.words[c.i]
        if not (_may_begin(c.words, c.i) if word in _STARTS else word.isdecimal()):
            break
        mark = c.i
        c.skip(",")
        if not _once(c, sure and mark == start) or c.i == mark:
            c.i = mark
            break
    return c.i != start
