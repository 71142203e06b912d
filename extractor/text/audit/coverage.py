"""Which characters of an article stand in quotes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from extractor.schema.record import Quote

Span = tuple[int, int]

COVERED = 0.4
"""The share of a passage that items must cover. A reading may leave out the frame, a vocative or a subordinate
clause.
"""

FEWEST_IN_CLAUSE = 6
"""A stretch of a covered sentence with this many words and a verb of its own is looked at like a sentence."""

SAME_WORDS = 90.0
"""Likeness (0-100) from which a passage counts as told elsewhere: headline and first sentence repeat each other."""


class Spans:
    """Stretches of a text, merged where they touch, so that each question is answered by bisection."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for start, end in sorted(spans):
            if self._spans and start <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((start, end))

    def _near(self, start: int, end: int) -> list[Span]:
        """The spans that may touch start:end; they are sorted, and do not overlap."""
        first = max(0, bisect_left(self._spans, (start, start)) - 1)
        return self._spans[first : bisect_left(self._spans, (end, end))]

    def overlap(self, start: int, end: int) -> bool:
        """Whether a character of start:end is covered."""
        return any(begin < end and start < stop for begin, stop in self._near(start, end))

    def of(self, start: int, end: int) -> float:
        """The share of start:end that is covered, from 0 to 1."""
        covered = sum([max(0, min(end, stop) - max(start, begin)) for begin, stop in self._near(start, end)])
        return covered / max(1, end - start)

    def gaps(self, start: int, end: int) -> Iterator[Span]:
        """The stretches of start:end that are not covered."""
        for begin, stop in self._near(start, end):
            if stop <= start or begin >= end:
                continue
            if begin > start:
                yield start, begin
            start = stop
        if start < end:
            yield start, end


class Coverage(Spans):
    """Which characters of the article stand in quotes, and in which words."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        kept = list(quotes)
        super().__init__((quote.start, quote.end) for quote in kept)
        self._words = {quote.exact for quote in kept}

    def hold(self, start: int, end: int, text: str) -> bool:
        """Whether text[start:end] is covered where it stands, or told in the same words in a quote from elsewhere."""
        if self.of(start, end) >= COVERED:
            return True
        words = text[start:end]
        return len(words.split()) >= FEWEST_IN_CLAUSE and any(
            len(quote) >= COVERED * len(words) and fuzz.partial_ratio(words, quote, score_cutoff=SAME_WORDS)
            for quote in self._words
        )
