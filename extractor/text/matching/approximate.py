"""Passages that differ from a quote by a few characters, in time linear in the text.

If a quote of k edits is cut into k + 1 pieces, one of them stands in the passage unchanged (the pigeonhole filter of
Wu and Manber, "Fast text searching allowing errors", 1992). So the pieces are looked for as they are, and only around
them does the text get compared. That misses nothing and leaves most of a long text untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

SHORTEST = 12  # characters: under that, one edit makes another word
LONGEST = 5000  # comparing takes time in proportion to the quote's length times the region's
LEAST_SCORE = 90.0  # of 100: twice the common characters over those of both sides (rapidfuzz.fuzz.ratio)
MOST_EDITS = 15

_ROUGH_SCORE = 75.0  # of a passage whose ends are still off by a few characters
_REGION = 1 << 16  # longer regions arise in repetitive text alone, and are compared in blocks


class Hit(NamedTuple):
    """A passage `text[start:end]` and its likeness to the quote, up to 100."""

    score: float
    start: int
    end: int


def edits_allowed(length: int) -> int:
    """Two edits, and one more for every twenty characters."""
    return min(2 + length // 20, MOST_EDITS)


def closest(
    quote: str, text: str, low: int, high: int, *, begins: Callable[[int], bool], ends: Callable[[int], bool]
) -> Iterator[Hit]:
    """The passages of `text[low:high]` within the edits allowed for `quote`, one for each place, from left to right.

    `begins` and `ends` say at which positions a passage may begin and end. Both texts are in the form for comparing.
    """
    if not SHORTEST <= len(quote) <= LONGEST:
        return
    edits = edits_allowed(len(quote))
    for first, last in _regions(quote, text, low, high, edits):
        roughly = fuzz.partial_ratio_alignment(quote, text[first:last], score_cutoff=_ROUGH_SCORE)
        if roughly is None:
            continue
        start = first + roughly.dest_start - roughly.src_start
        reach = edits + 2
        starts = [at for at in range(max(low, start - reach), min(high, start + reach + 1)) if begins(at)]
        start += len(quote)
        stops = [at for at in range(max(low + 1, start - reach), min(high, start + reach) + 1) if ends(at)]
        if (hit := _fit(quote, text, starts, stops, start)) is not None:
            yield hit


def _regions(quote: str, text: str, low: int, high: int, edits: int) -> Iterator[tuple[int, int]]:
    """Stretches of the text in which a piece of the quote stands where the whole would have it."""
    bounds = [index * len(quote) // (edits + 1) for index in range(edits + 2)]
    begun: set[int] = set()  # where the quote would begin
    for first, last in pairwise(bounds):
        at = text.find(quote[first:last], low, high)
        while at >= 0:
            begun.add(at - first)
            at = text.find(quote[first:last], at + last - first, high)
    slack = edits + len(quote) // (edits + 1) + 1  # edits before the piece; a piece that overlaps itself
    start = stop = None
    for at in sorted(begun):
        if start is None or stop is None or at - stop > edits or at - start > _REGION:
            if start is not None and stop is not None:
                yield max(low, start - slack), min(high, stop + len(quote) + slack)
            start = at
        stop = at
    if start is not None and stop is not None:
        yield max(low, start - slack), min(high, stop + len(quote) + slack)


def _fit(quote: str, text: str, starts: list[int], stops: list[int], guess: int) -> Hit | None:
    """The closest passage that begins and ends where it may: one end is chosen while the other is held."""
    if not starts or not stops:
        return None
    stop = min(stops, key=lambda at: abs(at - guess))
    start = starts[0]
    for _ in range(2):
        start = min(starts, key=lambda at: Levenshtein.distance(quote, text[at:stop]))
        stop = min(stops, key=lambda at: Levenshtein.distance(quote, text[start:at]))
    passage = text[start:stop]
    score = fuzz.ratio(quote, passage)
    if score < LEAST_SCORE or Levenshtein.distance(quote, passage) > edits_allowed(len(quote)):
        return None
    return Hit(score, start, stop)
