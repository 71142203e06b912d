"""Words and sentences of one article. A quotation is one word of the sentence around it, and is read on its own.

So the sentence "“We won,” said Ms. Lee of “the deal.”" has the words Q said Ms. Lee of Q, and what is inside the marks
never ends the sentence around it before its time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.text.attribution import tagging
from extractor.text.attribution.lexis import Lexis, lexis
from extractor.text.attribution.lexis import words as words_named
from extractor.text.attribution.marks import Pair

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[DRI]-[A-Z][A-Za-z.]{0,7}(?=[),;])"  # D-S.C., a legislator's party and state
    r"|[$€£¥]?\d+(?:[.,:]\d+)*(?:[-–]\d+)*%?(?:st|nd|rd|th|s|m|bn|[ap]m)?\b"  # $3.5, 10-12, 12th
    r"|\[\w+\]\w*|\[(?:\.{3}|…)\]"  # [Vladimir] Putin, [W]e, [...]
    r"|\w+(?:[-–&/@]\w+|\[\w+\]\w*)*(?:['’][^\W\d_]+)?"  # well-known, didn't, Lee's
    r"|\.{2,}|-{2,}|[^\w\s]"
)
_CLITIC = re.compile(r"['’](?:s|S|re|ve|ll|d|m)$")
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’-]{2,}[\w .,'’-]{0,40}(?:\([^()\n]{2,70}\))?,?\s*(?:—|–|--|-|\((?:[^()\n]{2,70})\))\s*"
)
_MAY_END = frozenset(".?!…)]”")
_LONG_QUOTE = 50  # code points from which a quotation is no part of a noun phrase
_MAX_WORDS = 160  # a longer run without a full stop is no sentence, and is cut so that all work stays linear


@dataclass(slots=True)
class Sentence:
    """Words with their offsets (code points into the article) and tags (see lexis.py).

    `quotes` maps the index of a Q to its pair, `closing` to the last character inside it; `titles`
    are those that look like the title of a book or a programme.
    """

    words: list[str]
    lowered: list[str]
    starts: list[int]
    ends: list[int]
    tags: str
    quotes: dict[int, Pair]
    paragraph: int
    initial: bool  # first of its paragraph
    level: int = 0
    closing: dict[int, str] = field(default_factory=dict)
    titles: frozenset[int] = frozenset()
    chunks: list[tuple[int, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def lower(self, index: int) -> str:
        """The word in lower case, with straight apostrophes."""
        return self.lowered[index]


def sentences(
    text: str, start: int, end: int, pairs: list[Pair], paragraph: int = 0, level: int = 0
) -> Iterator[Sentence]:
    """The sentences of text[start:end], one paragraph. `pairs` are the quotations directly inside it, in order."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    quotes: dict[int, Pair] = {}
    dateline = _DATELINE.match(text, start, min(end, start + 160)) if level == 0 else None
    at = start = start if dateline is None else dateline.end()
    for pair in pairs:
        if pair.outer_start >= start:
            _add_words(text, at, pair.outer_start, words, starts, ends)
            quotes[len(words)] = pair
            words.append("“”")
            starts.append(pair.outer_start)
            ends.append(pair.outer_end)
            at = pair.outer_end
    _add_words(text, at, end, words, starts, ends)
    first = 0
    for stop in _ends_of_sentences(text, words, starts, ends, quotes):
        inside = {index - first: quotes[index] for index in range(first, stop) if index in quotes} if quotes else {}
        yield _sentence(
            text, words[first:stop], starts[first:stop], ends[first:stop], inside, paragraph, first == 0, level
        )
        first = stop


def _add_words(text: str, start: int, end: int, words: list[str], starts: list[int], ends: list[int]) -> None:
    """Appends the words of text[start:end], which holds no quotation."""
    abbreviations = lexis().abbreviations
    skip_to = start
    for found in _TOKEN.finditer(text, start, end):
        at, until = found.span()
        if at < skip_to:
            continue
        word = found.group()
        if until < end and text[until] == "." and word[-1].isalpha():
            if word.lower() in abbreviations or (until == at + 1 and word.isupper() and word != "I"):
                until += 1
                word, skip_to = text[at:until], until
        elif until - at > 2 and ("’" in word or "'" in word):
            clitic = _CLITIC.search(word)
            if clitic is not None and clitic.start() > 0:
                cut = at + clitic.start()
                words.append(word[: clitic.start()])
                starts.append(at)
                ends.append(cut)
                word, at = clitic.group(), cut
        words.append(word)
        starts.append(at)
        ends.append(until)


def _ends_of_sentences(
    text: str, words: list[str], starts: list[int], ends: list[int], quotes: dict[int, Pair]
) -> Iterator[int]:
    """The word behind each sentence, the last one included."""
    lex = lexis()
    first = 0
    for index in range(1, len(words)):
        if (
            words[index - 1][-1] in _MAY_END and _breaks(text, words, starts, ends, quotes, first, index, lex)
        ) or index - first >= _MAX_WORDS:
            yield index
            first = index
    if words:
        yield len(words)


def _breaks(
    text: str,
    words: list[str],
    starts: list[int],
    ends: list[int],
    quotes: dict[int, Pair],
    first: int,
    index: int,
    lex: Lexis,
) -> bool:
    """Whether a new sentence starts with the word at `index`; the one before it started at `first`."""
    word, last = words[index], words[index - 1]
    capital = word[0].isupper() or word[0].isdigit() or word in ("“”", "(", "—", "[", "…")
    if last == "“”":
        inner = _last_mark(text, quotes[index - 1])
        if inner not in ".?!…" or not capital or word == "—":
            return False
        # “…?” Lee asked.  The mark ends the question, not the sentence.
        return inner == "." or index - first > 1 or not _asks(text, starts[index], lex)
    if last in (".", "?", "!", "[...]", "[…]"):
        return capital
    if last in ("...", "…", ")"):
        return (
            capital
            and ends[index - 1] < starts[index]
            and index - first > 1
            and (last != ")" or words[index - 2] in (".", "?", "!"))
        )
    if last[-1] == "." and word[0].isupper() and word != "I":
        # An abbreviation that may end a sentence, before a word that is capitalised only at its start.
        lower = word.lower()
        return (
            last.lower() not in words_named("before_names")
            and lex.tags.get(lower, "N") in "DPSBIqRX"
            and lower != "may"
        )
    return False


def _asks(text: str, at: int, lex: Lexis) -> bool:
    """Whether a verb of speaking follows within a few words."""
    for found in list(_TOKEN.finditer(text, at, at + 80))[:9]:
        word = found.group().lower()
        if word in ".?!":
            return False
        if word in lex.verbs and any("speech" in entry.frames for entry in lex.verbs[word]):
            return True
    return False


def _sentence(
    text: str,
    words: list[str],
    starts: list[int],
    ends: list[int],
    quotes: dict[int, Pair],
    paragraph: int,
    initial: bool,
    level: int,
) -> Sentence:
    closing = {index: _last_mark(text, pair) for index, pair in quotes.items()}
    whole = {index: _is_whole(pair, closing[index]) for index, pair in quotes.items()}
    tags, lowered = tagging.tag(words, whole)
    titles = frozenset(index for index, pair in quotes.items() if _is_title(text[pair.start : pair.end]))
    return Sentence(words, lowered, starts, ends, tags, quotes, paragraph, initial, level, closing, titles)


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
