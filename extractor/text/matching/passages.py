"""The passages of one text that may be published: none of them cuts a word or a character sequence in two.

Positions are into the form in which the text is compared, offsets into the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.text.matching.approximate import Hit, closest
from extractor.text.matching.boundaries import severs
from extractor.text.matching.normalizing import Normalized

EDGE_MARKS = " '.,;:!?…-()[]{}*_。、।،؛؟۔"  # what a quote may have at its ends and the passage not

_RUN = re.compile("[A-Za-z0-9]*")


class Passages:
    """An original text beside one form of it."""

    def __init__(self, original: str, form: Normalized) -> None:
        self.original, self.form = original, form

    def occurrences(self, wanted: str, low: int, high: int) -> Iterator[Hit]:
        """Where `wanted` stands between the positions `low` and `high`, from left to right."""
        text = self.form.text
        at = text.find(wanted, low, high)
        while at >= 0:
            start = self.form.start(at)
            if start is not None and severs(self.original, start):
                # No word begins before this run of letters ends: a text without spaces is still read in linear time.
                following = max(at + 1, self._run_end(at))
            else:
                following = at + 1
                if start is not None and self._may_end(at + len(wanted)):
                    yield Hit(100.0, at, at + len(wanted))
            at = text.find(wanted, following, high)

    def close_to(self, wanted: str, low: int, high: int, near: int = 0) -> Iterator[Hit]:
        """Where something stands that is a few edits away from `wanted`, without marks at its ends."""
        return closest(wanted, self.form.text, low, high, near=near, begins=self._begins_word, ends=self._ends_word)

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of a passage whose ends cut nothing, without the spaces that its outer marks took in."""
        first, last = self.form.start(start), self.form.end(end)
        if first is None or last is None:
            raise ValueError("a position stands inside of what one character became")
        if self.form.text is not self.original:
            while first < last and self.original[first].isspace():
                first += 1
            while first < last and self.original[last - 1].isspace():
                last -= 1
        return first, last

    def _run_end(self, at: int) -> int:
        run = _RUN.match(self.form.text, at)
        return run.end() if run else at

    def _may_end(self, position: int) -> bool:
        offset = self.form.end(position)
        return offset is not None and not severs(self.original, offset)

    def _begins_word(self, position: int) -> bool:
        if self.form.text[position] in EDGE_MARKS:
            return False
        offset = self.form.start(position)
        return offset is not None and not severs(self.original, offset)

    def _ends_word(self, position: int) -> bool:
        return self.form.text[position - 1] not in EDGE_MARKS and self._may_end(position)
