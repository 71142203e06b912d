"""Which predicted item answers which gold item. Every item answers at most one.

Two items **may be paired** if

1. they stand at the same passage: the characters they share are at least half of the shorter passage, and either at
   least four fifths of the longer one (a fifth for stances) or their texts are alike to 60 of 100 (token_set_ratio);
   the text is the statement of a claim, the target of a stance, the action of a commitment; or
2. they quote two tellings of the same thing: their passages share nothing, but the words of the two quotes are nearly
   the same (likeness 85) and their texts are alike to 60. News repeats its first paragraph in the headline; or
3. for stances: their targets are alike to 75, wherever the passages are.

A gold quote that stands in the text several times may be meant at any of its places: the one that fits best counts.
Stances must in any case have the same speaker. For claims and commitments the speaker is not asked for: it is scored.
*Likeness* is the mean of rapidfuzz's token_set_ratio and token_sort_ratio: the first forgives added words, the second
does not.

Of all one-to-one choices among these, the one with the **greatest total fit** is taken. The fit of a pair is half the
Dice overlap of the two passages and half the likeness of the texts; where that leaves a tie, the same speaker decides.
So a wrong item can stand at the right place, but it cannot take that place from a better one.

Sources are paired by name and kind alone (`names.same_source`); the same words, then the same kind, weigh more.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, utils

from extractor.results.evaluation.assignment import Edge, best_assignment
from extractor.results.evaluation.items import Item
from extractor.schema.record import Layer
from extractor.text.names import Source, same_source

SHORTER = 0.5  # share of the shorter passage that both must hold
LONGER = {"claims": 0.8, "stances": 0.2, "commitments": 0.8}  # share of the longer one that makes up for other words
TEXT = 60.0  # token_set_ratio of statements, targets, actions
RETOLD = 85.0  # likeness of two quotes that tell the same thing twice
TARGET = 75.0  # likeness of two targets wherever they stand

_SCALE = 10_000  # fits as whole numbers; the tie-breaker is one unit


def pair_items(layer: Layer, gold: Sequence[Item], found: Sequence[Item]) -> list[Edge]:
    """Pairs of positions (in gold, in found) of one layer of one article."""
    weights: dict[Edge, int] = {}
    for i, one in enumerate(gold):
        for j, other in enumerate(found):
            fit = _fit(layer, one, other)
            if fit is not None:
                weights[i, j] = 2 + 2 * round(_SCALE * fit) + _same_speaker(one, other)
    return best_assignment(weights)


def pair_sources(gold: Sequence[Source], found: Sequence[Source]) -> list[Edge]:
    """Pairs of positions (in gold, in found) of the sources of one article."""
    weights = {
        (i, j): 4 + 2 * (one.name == other.name) + (one.kind == other.kind)
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if same_source(one, other)
    }
    return best_assignment(weights)


def shared(gold: Item, found: Item) -> int:
    """How many characters of the article both passages hold, at that place of the gold quote which has most of them."""
    return max(max(0, min(end, stop) - max(start, begin)) for start, end in gold.places for begin, stop in found.places)


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 100, without case and punctuation."""
    one, other = _folded(one), _folded(other)
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def _fit(layer: Layer, gold: Item, found: Item) -> float | None:
    """The fit of a pair, 0 to 1; None where the two may not be paired."""
    if layer == "stances" and not _same_speaker(gold, found):
        return None
    both = shared(gold, found)
    lengths = gold.length, found.length
    if not (
        (both and _same_passage(layer, gold, found, both, lengths))
        or (not both and _retold(gold, found))
        or (layer == "stances" and likeness(gold.text, found.text) >= TARGET)
    ):
        return None
    return both / sum(lengths) + likeness(gold.text, found.text) / 200


def _same_passage(layer: Layer, gold: Item, found: Item, both: int, lengths: tuple[int, int]) -> bool:
    if both < SHORTER * min(lengths):
        return False
    return both >= LONGER[layer] * max(lengths) or _same_text(gold, found)


def _retold(gold: Item, found: Item) -> bool:
    return _same_text(gold, found) and likeness(gold.quote, found.quote) >= RETOLD


def _same_text(gold: Item, found: Item) -> bool:
    return fuzz.token_set_ratio(_folded(gold.text), _folded(found.text)) >= TEXT


@lru_cache(maxsize=4096)  # each text is compared with all of the other side
def _folded(text: str) -> str:
    return utils.default_process(text)


def _same_speaker(gold: Item, found: Item) -> bool:
    if gold.speaker is None or found.speaker is None:
        return gold.speaker is found.speaker
    return same_source(gold.speaker, found.speaker)
