"""Cuts text into words, numbers and signs, and walks over them."""

from __future__ import annotations

import re

from typing import TYPE_CHECKING

from extractor.text.dates.vocabulary import Phrases

if TYPE_CHECKING:
    from extractor.text.dates.nodes import Node

TOKEN = re.compile(r"\d+|'s(?![^\W_])|[^\W\d_]+|[^\w\s]")
_SIGNS = str.maketrans({"’": "'", "—": "–", "−": "–", "‑": "-", "‐": "-", "‒": "–"})
PADDING = 12  # so that the grammar may look ahead without asking for the end


class Cursor:
    """A position in a list of lower-case tokens. `words` is padded with empty strings; `size` counts the true ones.

    `memo` keeps what `period` read at a position and depth, so that alternatives do not read the same words again and again.
    With `strict` the tokens are running text, where fewer words can be trusted to be a date.
    """

    __slots__ = ("depth", "ends", "i", "memo", "size", "starts", "strict", "words")

    def __init__(self, words: list[str], starts: list[int], ends: list[int]) -> None:
        self.size = len(words)
        self.words = words + [""] * PADDING
        self.starts = starts
        self.ends = ends
        self.i = 0
        self.depth = 0
        self.strict = False
        self.memo: dict[int, tuple[Node | None, int]] = {}

    def glued(self, index: int) -> bool:
        """Whether token `index` follows the one before it without a space."""
        return 0 < index < self.size and self.starts[index] == self.ends[index - 1]

    def skip(self, *words: str) -> bool:
        """Step over the next token if it is one of these."""
        if self.words[self.i] in words:
            self.i += 1
            return True
        return False

    def phrase(self, table: Phrases) -> str | None:
        """Step over the longest phrase of `table` that stands here, and say which it is."""
        start = self.i
        entries = table.get(self.words[start])
        if entries is None:
            return None
        second = self.words[start + 1]
        for words, name in entries:
            length = len(words)
            if length == 1 or (words[1] == second and (length == 2 or self.words[start : start + length] == words)):
                self.i = start + length
                return name
        return None


def tokenize(text: str) -> Cursor:
    """A cursor over the tokens of a short text."""
    words, starts, ends = [], [], []
    for match in TOKEN.finditer(plain_signs(text)):
        words.append(match[0].lower())
        start, end = match.span()
        starts.append(start)
        ends.append(end)
    return Cursor(words, starts, ends)


def plain_signs(text: str) -> str:
    """The text with one kind of apostrophe and of dash, each in its place."""
    return text if text.isascii() else text.translate(_SIGNS)
