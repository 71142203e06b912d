"""Words of a text with their offsets, lower-case forms and guessed classes.

No word reaches over a space, so the text is cut at spaces first and each piece between two of them is read once: pieces
repeat within and between articles, and what a piece holds does not depend on its neighbours.
"""

from __future__ import annotations

import re
from itertools import accumulate, chain, compress, pairwise
from typing import Any

from extractor.text.attribution import tagging
from extractor.text.attribution.lexis import lexis

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[DRI]-[A-Z][A-Za-z.]{0,7}(?=[),;])"  # D-S.C., a legislator's party and state
    r"|[$€£¥]?\d+(?:[.,:]\d+)*(?:[-–]\d+)*%?(?:st|nd|rd|th|s|m|bn|[ap]m)?\b"  # $3.5, 10-12, 12th
    r"|\[\w+\]\w*|\[(?:\.{3}|…)\]"  # [Vladimir] Putin, [W]e, [...]
    r"|\w+(?:[-–&/@]\w+|\[\w+\]\w*)*(?:['’][^\W\d_]+)?"  # well-known, didn't, Lee's
    r"|\.{2,}|-{2,}|[^\w\s]"
)
_CLITIC = re.compile(r"['’](?:s|S|re|ve|ll|d|m)$")
_MAY_END = frozenset(".?!…)]”")  # last characters of words behind which a sentence may end
_MOST = 1 << 15  # pieces that are remembered; the bound keeps a text of nonsense from filling the memory
_LONGEST = 40  # code points of a piece that is remembered


# What stands between two spaces: (words, lengths, lower-case words, tags, endings). `lengths` has two numbers for each
# word: its own length, and that of what stands between it and the next word, the space behind the piece included. The
# endings are one character for each word, "." where a sentence may end behind it. A piece that does not begin with a
# word begins with an empty one, which has neither tag nor lower-case form. A plain tuple, for many are made.
Piece = tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...], str, str]


class _Pieces(dict[str, Piece]):
    """Every piece read so far. Equal parts are kept once: that takes less memory, and less time to reach it."""

    def __init__(self) -> None:
        self._parts: dict[Any, Any] = {}

    def __missing__(self, piece: str) -> Piece:
        found = _read(piece)
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
                self._parts.clear()
            once = self._parts.setdefault
            words, lengths, lowered, tags, ending = found
            lowered = words if lowered == words else lowered
            found = words, once(lengths, lengths), lowered, once(tags, tags), once(ending, ending)
            self[piece] = found
        return found


_pieces = _Pieces()


def _ending(word: str) -> str:
    return "." if word[-1] in _MAY_END else " "


_MARKS = {mark: (mark, tagging.look_up(mark)[1], _ending(mark)) for mark in ",.:;?!)"}


def _read(piece: str) -> Piece:
    # Most pieces are a word, or a word and a mark.
    if piece.isalpha():
        lower, tag = tagging.look_up(piece)
        return (piece,), (len(piece), 1), (lower,), tag, " "
    word, last = piece[:-1], piece[-1:]
    if last in _MARKS and word.isalpha() and not (last == "." and _is_abbreviation(word)):
        lower, tag = tagging.look_up(word)
        mark, mark_tag, ending = _MARKS[last]
        return (word, mark), (len(word), 0, 1, 1), (lower, mark), tag + mark_tag, " " + ending
    return _read_closely(piece)


def _is_abbreviation(word: str) -> bool:
    """Whether a full stop behind a word is part of it, and no end of a sentence."""
    return word.lower() in lexis().abbreviations or (len(word) == 1 and word.isupper() and word != "I")


def _read_closely(piece: str) -> Piece:
    spans = _spans(piece)
    words = [piece[start:end] for start, end in spans]
    looked_up = [tagging.look_up(word) for word in words]
    lowered, tags = tuple([lower for lower, _ in looked_up]), "".join([tag for _, tag in looked_up])
    ending = "".join(map(_ending, words))
    if not spans or spans[0][0] > 0:
        words.insert(0, "")
        spans.insert(0, (0, 0))
    places = [*chain.from_iterable(spans), len(piece) + 1]
    return tuple(words), tuple([after - before for before, after in pairwise(places)]), lowered, tags, ending


def _spans(piece: str) -> list[tuple[int, int]]:
    """The words of a piece. An abbreviation has its full stop with it, and a clitic is a word of its own."""
    end = len(piece)
    spans: list[tuple[int, int]] = []
    skip_to = 0
    for found in TOKEN.finditer(piece):
        at, until = found.span()
        if at < skip_to:
            continue
        word = found.group()
        if until < end and piece[until] == "." and word[-1].isalpha():
            if _is_abbreviation(word):
                until = skip_to = until + 1
        elif until - at > 2 and ("’" in word or "'" in word):
            clitic = _CLITIC.search(word)
            if clitic is not None and clitic.start() > 0:
                cut = at + clitic.start()
                spans.append((at, cut))
                at = cut
        spans.append((at, until))
    return spans


class Tokens:
    """The words of a stretch of text, gathered from left to right; the lists are parallel."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.lowered: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._tags: list[str] = []
        self._ending: list[str] = []

    def read(self, text: str, start: int, end: int) -> None:
        """Adds the words of text[start:end]."""
        part = text[start:end].rstrip(" ")
        stripped = part.lstrip(" ")
        if not stripped:
            return
        start += len(part) - len(stripped)
        words, lengths, lowered, tags, ending = zip(*map(_pieces.__getitem__, stripped.split(" ")), strict=True)
        found = list(chain.from_iterable(words))
        places = list(accumulate(chain.from_iterable(lengths), initial=start))
        starts, ends = places[:-1:2], places[1::2]
        if "" in found:
            starts, ends = list(compress(starts, found)), list(compress(ends, found))
            found = list(filter(None, found))
        self.words += found
        self.starts += starts
        self.ends += ends
        self.lowered += chain.from_iterable(lowered)
        self._tags += tags
        self._ending += ending

    def add(self, word: str, tag: str, start: int, end: int) -> None:
        """Adds a word that is none of the text's, and behind which a sentence may end."""
        self.words.append(word)
        self.lowered.append(word)
        self.starts.append(start)
        self.ends.append(end)
        self._tags.append(tag)
        self._ending.append(".")

    def tags(self) -> str:
        """The guessed class of each word, by itself."""
        return "".join(self._tags)

    def ending(self) -> str:
        """For each word "." if a sentence may end behind it."""
        return "".join(self._ending)
