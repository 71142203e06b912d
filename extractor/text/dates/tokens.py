"""Cuts text into words, numbers and signs, and walks over them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extractor.text.dates.vocabulary import Phrases

if TYPE_CHECKING:
    from extractor.text.dates.nodes import Node

# One token, captured so that `split` gives the gaps too. To leave spaces out at once and to try ASCII letters first
# changes nothing, but saves a third of the time.
_TOKEN = re.compile(r"((?! )(?:[A-Za-z]+[^\W\d_]*|\d+|'s(?![^\W_])|[^\w\s]|[^\W\d_]+))")
_LOWER_ASCII_TOKEN = re.compile(r"((?! )(?:[a-z]+|[0-9]+|'s(?![a-z0-9])|[^a-z0-9_\s]))")  # the same, and faster
_SIGNS = (("’", "'"), ("—", "–"), ("−", "–"), ("‑", "-"), ("‐", "-"), ("‒", "–"))
_PADDING = [""] * 12  # so that the grammar may look ahead without asking for the end


class Cursor:
    """A position in a list of lower-case tokens. `words` is padded with empty strings; `size` counts the true ones.

    `gaps` are the stretches before each token and behind the last, mostly a space or nothing. `memo` keeps what
    `period` read at a position and depth, so that alternatives do not read the same words again and again. `prefixes`
    counts the prepositions on the way down. With `strict` the tokens are running text, where fewer words can be trusted
    to be a date.
    """

    __slots__ = ("depth", "gaps", "i", "memo", "prefixes", "size", "strict", "words")

    def __init__(self, words: list[str], gaps: list[str], strict: bool = False) -> None:
        self.size = len(words)
        self.words = words + _PADDING
        self.gaps = gaps
        self.i = 0
        self.depth = 0
        self.prefixes = 0
        self.strict = strict
        self.memo: dict[int, tuple[Node | None, int]] = {}

    def glued(self, index: int) -> bool:
        """Whether token `index` follows the one before it without a space."""
        return 0 < index < self.size and not self.gaps[index]

    def skip(self, *words: str) -> bool:
        """Step over the next token if it is one of these."""
        if self.words[self.i] in words:
            self.i += 1
            return True
        return False

    def phrase(self, table: Phrases) -> str | None:
        """Step over the longest phrase of `table` that stands here, and say which it is."""
        start = self.i
        found = table.get(self.words[start])
        if found is None:
            return None
        single, longer = found
        for words, name in longer.get(self.words[start + 1], ()):
            length = len(words)
            if length == 2 or self.words[start : start + length] == words:
                self.i = start + length
                return name
        if single is not None:
            self.i = start + 1
        return single


def tokenize(text: str) -> Cursor:
    """A cursor over the tokens of a short text."""
    text = text.lower()
    pieces = _LOWER_ASCII_TOKEN.split(text) if text.isascii() else cut(plain_signs(text))
    return Cursor(pieces[1::2], pieces[::2])


def cut(text: str) -> list[str]:
    """The text in pieces: a gap, which may be empty, then by turns a token and the gap behind it."""
    return _TOKEN.split(text)


def plain_signs(text: str) -> str:
    """The text with one kind of apostrophe and of dash, each in its place."""
    if not text.isascii():
        for sign, plain in _SIGNS:  # a few scans for one character are far cheaper than `str.translate`
            text = text.replace(sign, plain)
    return text
