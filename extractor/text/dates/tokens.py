"""Cuts text into words, numbers and signs, and walks over them."""

from __future__ import annotations

import re

from extractor.text.dates.vocabulary import Phrases

TOKEN = re.compile(r"\d+|'s(?![^\W_])|[^\W\d_]+|[^\w\s]")
SIGNS = str.maketrans({"’": "'", "–": "–", "—": "–", "−": "–", "~": "–", "‑": "-", "‐": "-", "‒": "–"})
PADDING = 12  # so that the grammar may look ahead without asking for the end


class Cursor:
    """A position in a list of lower-case tokens. `words` is padded with empty strings; `size` counts the true ones."""

    __slots__ = ("depth", "ends", "i", "size", "starts", "words")

    def __init__(self, words: list[str], starts: list[int], ends: list[int]) -> None:
        self.size = len(words)
        self.words = words + [""] * PADDING
        self.starts = starts
        self.ends = ends
        self.i = 0
        self.depth = 0

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
        entries = table.get(self.words[self.i])
        if entries is None:
            return None
        for words, name in entries:
            end = self.i + len(words)
            if len(words) == 1 or tuple(self.words[self.i : end]) == words:
                self.i = end
                return name
        return None


def tokenize(text: str) -> Cursor:
    """A cursor over the tokens of a short text."""
    words, starts, ends = [], [], []
    for match in TOKEN.finditer(text.translate(SIGNS)):
        words.append(match[0].lower())
        starts.append(match.start())
        ends.append(match.end())
    return Cursor(words, starts, ends)
