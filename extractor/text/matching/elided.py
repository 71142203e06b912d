"""Quotes that leave words out ("…", "[...]") or put words in ("[the minister]"): from first segment to last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from extractor.text.matching.approximate import Hit
from extractor.text.matching.passages import EDGE_MARKS, Passages

LONGEST_GAP = 400  # characters that may be left out in one place

_GAP = re.compile(r"[\[(]?…[\])]?|\[[^\[\]]*\]")
_SENTENCE_END = re.compile(r"[.!?](?=\W)")
_MOST_ANCHORS = 64  # occurrences of the longest segment that are tried
_MOST_SEGMENTS = 32


class Elided(NamedTuple):
    """The passage, and `told`: its text without the sentences that the quote skips whole."""

    hit: Hit
    told: str


def segments_of(quote: str) -> list[str]:
    """The parts of a quote, given in the form for comparing, between its gaps; a single one where it has none."""
    return [core for part in _GAP.split(quote) if (core := part.strip(EDGE_MARKS))]


def elided(passages: Passages, segments: list[str], low: int, high: int) -> Iterator[Elided]:
    """Passages in which all segments stand in order, each at most LONGEST_GAP characters behind the one before."""
    if len(segments) > _MOST_SEGMENTS:
        return
    longest = max(range(len(segments)), key=lambda index: len(segments[index]))
    for anchor in islice(_hits(passages, segments[longest], low, high), _MOST_ANCHORS):
        before = _chain_back(passages, segments[:longest], anchor, low)
        after = _chain_on(passages, segments[longest + 1 :], anchor, high)
        if before is not None and after is not None:
            parts = [*before, anchor, *after]
            hull = Hit(min(part.score for part in parts), parts[0].start, parts[-1].end)
            yield Elided(hull, _told(passages, parts))


def _hits(passages: Passages, segment: str, low: int, high: int) -> Iterable[Hit]:
    """Occurrences, or where there is none what comes close."""
    found = passages.occurrences(segment, low, high)
    first = next(found, None)
    return passages.close_to(segment, low, high) if first is None else _and_then(first, found)


def _and_then(first: Hit, rest: Iterator[Hit]) -> Iterator[Hit]:
    yield first
    yield from rest


def _chain_back(passages: Passages, segments: list[str], anchor: Hit, low: int) -> list[Hit] | None:
    chain: list[Hit] = []
    high = anchor.start
    for segment in reversed(segments):
        reach = LONGEST_GAP + len(segment) + len(segment) // 10
        hits = list(_hits(passages, segment, max(low, high - reach), high))
        if not hits:
            return None
        chain.insert(0, hits[-1])
        high = hits[-1].start
    return chain


def _chain_on(passages: Passages, segments: list[str], anchor: Hit, high: int) -> list[Hit] | None:
    chain: list[Hit] = []
    low = anchor.end
    for segment in segments:
        reach = LONGEST_GAP + len(segment) + len(segment) // 10
        hit = next(iter(_hits(passages, segment, low, min(high, low + reach))), None)
        if hit is None:
            return None
        chain.append(hit)
        low = hit.end
    return chain


def _told(passages: Passages, parts: list[Hit]) -> str:
    """The parts, and what stands between them in their own sentences: a "not" left out there changes what they say."""
    spans = [passages.offsets(part.start, part.end) for part in parts]
    pieces = [passages.original[slice(*spans[0])]]
    for (_, left), (right, end) in pairwise(spans):
        gap = passages.original[left:right]
        stops = list(_SENTENCE_END.finditer(gap))
        pieces += (gap[: stops[0].start()], " ", gap[stops[-1].end() :]) if stops else (gap,)
        pieces.append(passages.original[right:end])
    return "".join(pieces)
