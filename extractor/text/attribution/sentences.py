"""Words and sentences of one article. A quotation is one word of the sentence around it, and is read on its own.

So the sentence "“We won,” said Ms. Lee of “the deal.”" has the words Q said Ms. Lee of Q, and what is inside the marks
never ends the sentence around it before its time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from extractor.text.attribution import tagging
from extractor.text.attribution.lexis import lexis
from extractor.text.attribution.lexis import words as words_named
from extractor.text.attribution.marks import Pair
from extractor.text.attribution.tokens import TOKEN, Tokens

_DATELINE = re.compile(
    r"[A-Z][A-Z.'’-]{2,}[\w .,'’-]{0,40}(?:\([^()\n]{2,70}\))?,?\s*(?:—|–|--|-|\((?:[^()\n]{2,70})\))\s*"
)
_BEFORE_NAMES = words_named("before_names")
_LONG_QUOTE = 50  # code points from which a quotation is no part of a noun phrase
_MAX_WORDS = 160  # a longer run without a full stop is no sentence, and is cut so that all work stays linear


@dataclass(slots=True)
class Sentence:
    """Words with their offsets (code points into the article) and tags (see lexis.py).

    `quotes` maps the index of a Q to its pair, `closing` to the last character inside it; `titles`
    are those that look like the title of a book or a programme.
    """

    words: list[str]
    lowered: list[str]  # with straight apostrophes
    starts: list[int]
    ends: list[int]
    tags: str
    paragraph: int
    initial: bool  # first of its paragraph
    level: int = 0
    quotes: dict[int, Pair] = field(default_factory=dict)
    closing: dict[int, str] = field(default_factory=dict)
    titles: frozenset[int] = frozenset()
    chunks: list[tuple[int, int]] | None = None  # see phrases.chunks

    def __len__(self) -> int:
        return len(self.words)


def sentences(
    text: str, start: int, end: int, pairs: list[Pair], paragraph: int = 0, level: int = 0
) -> Iterator[Sentence]:
    """The sentences of text[start:end], one paragraph. `pairs` are the quotations directly inside it, in order."""
    tokens = Tokens()
    quotes: dict[int, Pair] = {}
    closing: dict[int, str] = {}
    dateline = _DATELINE.match(text, start, min(end, start + 160)) if level == 0 else None
    at = start = start if dateline is None else dateline.end()
    for pair in pairs:
        if pair.outer_start >= start:
            tokens.read(text, at, pair.outer_start)
            index, last = len(tokens.words), _last_mark(text, pair)
            quotes[index], closing[index] = pair, last
            tokens.add("“”", "Q" if _is_whole(pair, last) else "U", pair.outer_start, pair.outer_end)
            at = pair.outer_end
    tokens.read(text, at, end)
    tags, places = tokens.tags(), list(quotes)
    first = 0
    for stop in _ends_of_sentences(text, tokens, closing):
        words, lowered = tokens.words[first:stop], tokens.lowered[first:stop]
        s = Sentence(
            words,
            lowered,
            tokens.starts[first:stop],
            tokens.ends[first:stop],
            tagging.settle(words, lowered, tags[first:stop]),
            paragraph,
            first == 0,
            level,
        )
        if inside := places[bisect_left(places, first) : bisect_left(places, stop)]:
            s.quotes = {index - first: quotes[index] for index in inside}
            s.closing = {index - first: closing[index] for index in inside}
            s.titles = frozenset(k for k, pair in s.quotes.items() if _is_title(text[pair.start : pair.end]))
        yield s
        first = stop


def _ends_of_sentences(text: str, tokens: Tokens, closing: dict[int, str]) -> Iterator[int]:
    """The word behind each sentence, the last one included."""
    ending, size = tokens.ending(), len(tokens.words)
    first = 0
    index = ending.find(".") + 1
    while 0 < index < size:
        while index - first > _MAX_WORDS:
            first += _MAX_WORDS
            yield first
        if index - first == _MAX_WORDS or _breaks(text, tokens, closing, first, index):
            yield index
            first = index
        index = ending.find(".", index) + 1
    while size - first > _MAX_WORDS:
        first += _MAX_WORDS
        yield first
    if size:
        yield size


def _breaks(text: str, tokens: Tokens, closing: dict[int, str], first: int, index: int) -> bool:
    """Whether a new sentence starts with the word at `index`; the one before it started at `first`."""
    words, starts = tokens.words, tokens.starts
    word, last = words[index], words[index - 1]
    capital = word[0].isupper() or word[0].isdigit() or word in ("“”", "(", "—", "[", "…")
    if last == "“”":
        inner = closing[index - 1]
        if inner not in ".?!…" or not capital or word == "—":
            return False
        # “…?” Lee asked.  The mark ends the question, not the sentence.
        return inner == "." or index - first > 1 or not _asks(text, starts[index])
    if last in (".", "?", "!", "[...]", "[…]"):
        return capital
    if last in ("...", "…", ")"):
        return (
            capital
            and tokens.ends[index - 1] < starts[index]
            and index - first > 1
            and (last != ")" or words[index - 2] in (".", "?", "!"))
        )
    if last[-1] == "." and word[0].isupper() and word != "I":
        # An abbreviation that may end a sentence, before a word that is capitalised only at its start.
        lower = word.lower()
        return last.lower() not in _BEFORE_NAMES and lexis().tags.get(lower, "N") in "DPSBIqRX" and lower != "may"
    return False


def _asks(text: str, at: int) -> bool:
    """Whether a verb of speaking follows within a few words."""
    for found in islice(TOKEN.finditer(text, at, at + 80), 9):
        word = found.group().lower()
        if word in ".?!":
            return False
        if word in lexis().speech:
            return True
    return False


def _is_whole(pair: Pair, last: str) -> bool:
    """Whether a quotation is a speech of its own, and not words inside a phrase."""
    return pair.continued or last in ".,?!…—-" or pair.end - pair.start >= _LONG_QUOTE


def _last_mark(text: str, pair: Pair) -> str:
    """The last character of a quotation, not counting what closes a quotation inside it."""
    end = pair.end
    while end > pair.start + 1 and text[end - 1] in " \xa0'’\"”":
        end -= 1
    return text[end - 1]


def _is_title(quoted: str) -> bool:
    if len(quoted) > 80:
        return False
    longer = [word for word in quoted.split() if len(word) > 3]
    return bool(longer) and all(not word[0].islower() for word in longer)


def children(pairs: list[Pair]) -> Iterator[tuple[Pair, list[Pair]]]:
    """Each pair with the pairs directly inside it. `pairs` are in order, as marks.find_pairs gives them."""
    stack: list[tuple[Pair, list[Pair]]] = []
    done: list[tuple[Pair, list[Pair]]] = []
    for pair in pairs:
        while stack and stack[-1][0].outer_end <= pair.outer_start:
            stack.pop()
        if stack:
            stack[-1][1].append(pair)
        entry: tuple[Pair, list[Pair]] = (pair, [])
        stack.append(entry)
        done.append(entry)
    yield from done


def within(pairs: list[Pair], starts: list[int], start: int, end: int) -> list[Pair]:
    """The outermost pairs that stand in [start, end). `starts` are their sorted beginnings."""
    return [pair for pair in pairs[bisect_left(starts, start) : bisect_left(starts, end)] if pair.level == 0]
