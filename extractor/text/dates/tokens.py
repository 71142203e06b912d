"""Cuts text into words, numbers and signs, and walks over them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extractor.text.dates.vocabulary import Phrases

if TYPE_CHECKING:
    from extractor.text.dates.nodes import Node

TOKEN = re.compile(r"\d+|'s(?![^\W_])|[^\W\d_]+|[^\w\s]")
_ASCII_TOKEN = re.compile(r"[a-z]+|[0-9]+|'s(?![a-z0-9])|[^a-z0-9_\s]")  # the same for lower-case ASCII, and faster
_SIGNS = str.maketrans({"’": "'", "—": "–", "−": "–", "‑": "-", "‐": "-", "‒": "–"})
_PADDING = [""] * 12  # so that the grammar may look ahead without asking for the end


class Cursor:
    """A position in a list of lower-case tokens. `words` is padded with empty strings; `size` counts the true ones.

    `memo` keeps what `period` read at a position and depth, so that alternatives do not read the same words again and
    again. `prefixes` counts the prepositions on the way down. With `strict` the tokens are running text, where fewer
    words can be trusted to be a date.
    """

    __slots__ = ("_places", "depth", "i", "memo", "prefixes", "size", "strict", "text", "words")

    def __init__(self, words: list[str], text: str) -> None:
        self.size = len(words)
        self.words = words
        words.extend(_PADDING)
        self.text = text
        self.i = 0
        self.depth = 0
        self.prefixes = 0
        self.strict = False
        self.memo: dict[int, tuple[Node | None, int]] = {}
        self._places: tuple[list[int], list[int]] | None = None

    @property
    def starts(self) -> list[int]:
        """Where each token begins in the text; found when first asked for, since few expressions need it."""
        if self._places is None:
            self._places = self._find_places()
        return self._places[0]

    @property
    def ends(self) -> list[int]:
        """Where each token ends in the text."""
        if self._places is None:
            self._places = self._find_places()
        return self._places[1]

    def _find_places(self) -> tuple[list[int], list[int]]:
        starts, ends = [], []
        for match in TOKEN.finditer(self.text):
            start, end = match.span()
            starts.append(start)
            ends.append(end)
        return starts, ends

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
    plain = plain_signs(text).lower()
    token = _ASCII_TOKEN if plain.isascii() else TOKEN
    return Cursor(token.findall(plain), plain)


def plain_signs(text: str) -> str:
    """The text with one kind of apostrophe and of dash, each in its place."""
    return text if text.isascii() else text.translate(_SIGNS)
