"""Words and sentences of one article. A quotation is one word (tag Q) of the sentence around it, and is read on its own.

So the sentence "“We won,” said Ms. Lee of “the deal.”" has the words Q said Ms. Lee of Q, and what is inside the marks
never ends the sentence around it before its time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.text.attribution.lexis import Lexis, lexis
from extractor.text.attribution.marks import Pair

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[$€£¥]?\d+(?:[.,:]\d+)*(?:[-–]\d+)*%?(?:st|nd|rd|th|s|m|bn|[ap]m)?\b"  # $3.5, 10-12, 12th
    r"|\[\w+\]"  # [Vladimir] Putin
    r"|\w+(?:[-–&/@]\w+)*(?:['’][^\W\d_]+)?"  # well-known, didn't, Lee's
    r"|\.{2,}|-{2,}|[^\w\s]"
)
_CLITIC = re.compile(r"['’](?:s|S|re|ve|ll|d|m)$")
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’-]{2,}[\w .,'’-]{0,40}(?:\([^()\n]{2,70}\))?,?\s*(?:—|–|--|-|\((?:[^()\n]{2,70})\))\s*"
)
_PUNCTUATION = {
    ",": ",", ".": ".", ":": ":", ";": ";", "(": "(", ")": ")", "[": "(", "]": ")", "?": "?", "!": "?", "…": "?", "...": "?",
    "—": "-", "–": "-", "―": "-", "--": "-", "-": "-", "---": "-", "$": "D", "&": "c", "%": "N", "#": "N", "@": "N",
}  # fmt: skip
_END = frozenset(".?")
_LONG_QUOTE = 50  # code points from which a quotation is no part of a noun phrase
_MAX_WORDS = 300  # a longer run without a full stop is no sentence, and is cut so that all work stays linear


@dataclass(slots=True)
class Sentence:
    """Words with their offsets (code points into the article) and tags (see lexis.py).

    `quotes` maps the index of a Q to its pair, `closing` to the last character inside it; `titles`
    are those that look like the title of a book or a programme.
    """

    words: list[str]
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
        return self.words[index].lower().replace("’", "'")


def sentences(
    text: str, start: int, end: int, pairs: list[Pair], paragraph: int = 0, level: int = 0
) -> Iterator[Sentence]:
    """The sentences of text[start:end], one paragraph. `pairs` are the quotations directly inside it, in order."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    quotes: dict[int, Pair] = {}
    first = True
    lex = lexis()
    for word, at, until, pair in _words(text, start, end, pairs, lex):
        if words and _breaks(text, words, starts, ends, quotes, word, at, lex):
            yield _sentence(text, words, starts, ends, quotes, paragraph, first, level, lex)
            words, starts, ends, quotes, first = [], [], [], {}, False
        if pair is not None:
            quotes[len(words)] = pair
        words.append(word)
        starts.append(at)
        ends.append(until)
    if words:
        yield _sentence(text, words, starts, ends, quotes, paragraph, first, level, lex)


def _words(
    text: str, start: int, end: int, pairs: list[Pair], lex: Lexis
) -> Iterator[tuple[str, int, int, Pair | None]]:
    dateline = _DATELINE.match(text, start, min(end, start + 160))
    if dateline is not None:
        start = dateline.end()
    at = start
    for pair in pairs:
        if pair.outer_start < start:
            continue
        yield from _plain_words(text, at, pair.outer_start, lex)
        yield "“”", pair.outer_start, pair.outer_end, pair
        at = pair.outer_end
    yield from _plain_words(text, at, end, lex)


def _plain_words(text: str, start: int, end: int, lex: Lexis) -> Iterator[tuple[str, int, int, None]]:
    abbreviations = lex.abbreviations
    skip_to = start
    for found in _TOKEN.finditer(text, start, end):
        word = found.group()
        at, until = found.span()
        if at < skip_to:
            continue
        if until < end and text[until] == "." and word[-1].isalpha():
            lower = word.lower()
            if lower in abbreviations or (len(word) == 1 and word.isupper() and word != "I"):
                word, until = word + ".", until + 1
                skip_to = until
        elif len(word) > 2 and ("'" in word or "’" in word):
            clitic = _CLITIC.search(word)
            if clitic is not None and clitic.start() > 0:
                cut = at + clitic.start()
                yield word[: clitic.start()], at, cut, None
                yield clitic.group(), cut, until, None
                continue
        yield word, at, until, None


def _breaks(
    text: str,
    words: list[str],
    starts: list[int],
    ends: list[int],
    quotes: dict[int, Pair],
    word: str,
    at: int,
    lex: Lexis,
) -> bool:
    """Whether a new sentence starts with `word`, which stands at offset `at`."""
    last = words[-1]
    if len(words) >= _MAX_WORDS:
        return True
    capital = word[0].isupper() or word[0].isdigit() or word in ("“”", "(", "—", "[", "…")
    if last == "“”":
        inner = _last_mark(text, quotes[len(words) - 1])
        if inner not in ".?!…" or not capital:
            return False
        # “…?” Lee asked.  The mark ends the question, not the sentence.
        return inner == "." or len(words) > 1 or not _asks(text, at, lex)
    if last in (".", "?", "!"):
        return capital
    if last in ("...", "…", ")"):
        return capital and ends[-1] < at and len(words) > 1 and (last != ")" or words[-2] in (".", "?", "!"))
    if last[-1] == "." and len(last) > 1 and word[0].isupper() and word not in ("I", "“”"):
        # An abbreviation that may end a sentence, before a word that is capitalised only at its start.
        return last.lower() not in _TITLES and lex.tags.get(word.lower(), "N") in "DPSBIqRX" and word.lower() != "may"
    return False


_TITLES = frozenset(
    "mr. mrs. ms. dr. prof. sen. rep. gov. lt. gen. col. st. capt. sgt. jan. feb. mar. apr. aug. sept. oct. nov. dec.".split()
)


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
    lex: Lexis,
) -> Sentence:
    lookup = lex.tags
    headline = _is_headline(words, lookup)
    tags = []
    for index, word in enumerate(words):
        first = word[0]
        if first == "[" and len(word) > 2:
            word, first = word[1:-1], word[1]
        if first.isalpha() or first in "'’":
            lower = word.lower()
            tag = lookup.get(lower)
            if first.isupper() and not (tag is not None and (tag in "DPSOoTIcXMBtwqbd" or index == 0 or headline)):
                tag = "m"
            elif tag is None:
                tag = _guess(lower)
            elif tag == "X" and first in "'’" and lower[1:] == "s":
                tag = "X" if index and tags[-1] in "PwqtR" else "'"
            elif tag == "M" and first in "'’" and lower[1:] == "d":
                tag = "M"
        elif first.isdigit() or (first in "$€£¥" and len(word) > 1):
            tag = "#"
        elif word == "“”":
            pair = quotes[index]
            whole = pair.end - pair.start >= _LONG_QUOTE or pair.continued or _last_mark(text, pair) in ".,?!…—-"
            tag = "Q" if whole else "U"
        else:
            tag = _PUNCTUATION.get(word, "-" if not word.isalnum() else "N")
        tags.append(tag)
    titles = frozenset(index for index, pair in quotes.items() if _is_title(text[pair.start : pair.end]))
    closing = {index: _last_mark(text, pair) for index, pair in quotes.items()}
    return Sentence(words, starts, ends, _resolve("".join(tags)), quotes, paragraph, initial, level, closing, titles)


def _is_title(quoted: str) -> bool:
    if len(quoted) > 80:
        return False
    longer = [word for word in quoted.split() if len(word) > 3]
    return bool(longer) and all(not word[0].islower() for word in longer)


def _last_mark(text: str, pair: Pair) -> str:
    """The last character of a quotation, not counting what closes a quotation inside it."""
    end = pair.end
    while end > pair.start + 1 and text[end - 1] in " \xa0'’\"”":
        end -= 1
    return text[end - 1]


def _guess(lower: str) -> str:
    if lower in ("'", "’"):
        return "'"
    if lower.endswith("ly") and len(lower) > 4:
        return "R"
    if lower.endswith("ed") and len(lower) > 4:
        return "e"
    if lower.endswith("ing") and len(lower) > 5:
        return "g"
    return "N"


def _is_headline(words: list[str], lookup: dict[str, str]) -> bool:
    """Whether nearly all content words are capitalised, verbs among them."""
    longer = [word for word in words if word[0].isalpha() and len(word) > 3]
    if len(longer) < 4 or sum(word[0].isupper() for word in longer) < 0.75 * len(longer):
        return False
    return not any(lookup.get(word, "N") in "CXMV" for word in words)


# A word that is a cue verb or a noun is a noun after these, and a verb after those.
_NOUN_AFTER = re.compile(r"(?<=[DSA'Io#])K|(?<=[DS][Ne])K|(?<='[NA])K")
_NO_VERB_AFTER = re.compile(r"(?<=[DSo'#])V|(?<=[DS][NeJ])V|(?<=[DS]m)V(?=[XMI,.])")
_VERB_AFTER = re.compile(r"(?<=[PwMT])K|(?<=[PwMTX]R)K")
_VERB_BEFORE = re.compile(
    r"(?<=[mNQU)])K(?=[tTPSDmQUq#:]|RC|R[tT])|(?<=[mNQ],)K(?=[tTPSDmQUq])|(?<=[mN]R)K(?=[tTPSDmQUqIN])"
)


def _resolve(tags: str) -> str:
    """The tags with the ambiguous ones settled by their neighbours."""
    if "V" in tags:
        tags = _NO_VERB_AFTER.sub("N", tags)
    if "K" in tags:
        tags = _VERB_AFTER.sub("C", tags)
        tags = _NOUN_AFTER.sub("N", tags)
        tags = _VERB_BEFORE.sub("C", tags)
    return tags


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
