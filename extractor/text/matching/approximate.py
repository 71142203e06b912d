"""Passages that differ from a quote by a few characters, in time linear in the text.

If a quote of k edits is cut into k + 1 pieces, one of them stands in the passage unchanged (the pigeonhole filter of
Wu and Manber, "Fast text searching allowing errors", 1992). So the pieces are looked for as they are, and only around
them does the text get compared. That misses nothing and leaves most of a long text untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import nsmallest
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

SHORTEST = 12  # characters: under that, one edit makes another word
LONGEST = 5000  # comparing takes time in proportion to the quote's length times the region's
LEAST_SCORE = 90.0  # of 100: twice the common characters over those of both sides (rapidfuzz.fuzz.ratio)
MOST_EDITS = 15

_ROUGH_SCORE = 75.0  # of a passage whose ends are still off by a few characters
_WIDEST = 1 << 16  # longer ones arise in repetitive text alone, and are compared in blocks
_MOST_REGIONS = 2000  # so do more than these


class Hit(NamedTuple):
    """A passage `text[start:end]` and its likeness to the quote, up to 100."""

    score: float
    start: int
    end: int


class _Region(NamedTuple):
    pieces: int  # how many say that the quote begins here
    first: int
    last: int


def edits_allowed(length: int) -> int:
    """Two edits, and one more for every fifteen characters: room for a typo, an ending, a lost small word."""
    return min(2 + length // 15, MOST_EDITS)


def closest(
    quote: str,
    text: str,
    low: int,
    high: int,
    *,
    near: int,
    begins: Callable[[int], bool],
    ends: Callable[[int], bool],
) -> Iterator[Hit]:
    """The passages of `text[low:high]` within the edits allowed for `quote`, one for each place.

    `begins` and `ends` say at which positions a passage may begin and end. Both texts are in the form for comparing.
    Where very many places are possible, those with the most pieces in common are compared, then those around `near`.
    """
    if not SHORTEST <= len(quote) <= LONGEST:
        return
    edits = edits_allowed(len(quote))
    likely = nsmallest(
        _MOST_REGIONS,
        _regions(quote, text, low, high, edits),
        key=lambda region: (-region.pieces, abs(region.first - near)),
    )
    for region in likely:
        start = _guess(quote, text, region, edits)
        if start is None:
            continue
        stop = start + len(quote)
        reach = edits + 2
        starts = [at for at in range(max(low, start - reach), min(high, start + reach + 1)) if begins(at)]
        stops = [at for at in range(max(low + 1, stop - reach), min(high, stop + reach) + 1) if ends(at)]
        if (hit := _fit(quote, text, starts, stops, stop)) is not None:
            yield hit


def _regions(quote: str, text: str, low: int, high: int, edits: int) -> Iterator[_Region]:
    """Stretches of the text in which pieces of the quote stand where the whole would have them."""
    begun: list[int] = []  # where the quote would begin, once for each piece that says so
    for first, last in pairwise(index * len(quote) // (edits + 1) for index in range(edits + 2)):
        at = text.find(quote[first:last], low, high)
        while at >= 0:
            begun.append(at - first)
            at = text.find(quote[first:last], at + last - first, high)
    begun.sort()
    first = 0
    for index in range(1, len(begun) + 1):
        if index == len(begun) or begun[index] - begun[index - 1] > edits or begun[index] - begun[first] > _WIDEST:
            yield _Region(index - first, begun[first], begun[index - 1])
            first = index


def _guess(quote: str, text: str, region: _Region, edits: int) -> int | None:
    """Where the passage begins, give or take the edits; None where the region holds none."""
    if region.last - region.first > 2 * edits:  # repetitive text
        low = max(0, region.first - edits)
        found = fuzz.partial_ratio_alignment(
            quote, text[low : region.last + len(quote) + edits], score_cutoff=_ROUGH_SCORE
        )
        return None if found is None else low + found.dest_start - found.src_start
    start = (region.first + region.last) // 2
    most = 4 * edits  # its own edits, and both ends off by as many
    passage = text[max(0, start) : start + len(quote)]
    return start if Levenshtein.distance(quote, passage, score_cutoff=most) <= most else None


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
