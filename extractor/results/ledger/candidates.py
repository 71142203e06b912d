"""Blocking: which earlier commitments are worth comparing with an item.

Every commitment is posted under keys made of a party and a word, name or matter of its content. An item is compared
with the last few commitments under each of its keys, and of these with the few that share most weight with it. Both
limits are constants, so that the work grows with the number of items and not with its square; a key that thousands
share ("Russia", "meet") costs no more than a rare one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from extractor.results.ledger.items import Item
from extractor.results.ledger.terms import PLAIN

WINDOW = 40
"""Commitments looked at under each key, counted back from the item."""

MOST = 10
"""Candidates of one item."""

_WORDS = 10  # words of an item that make keys, the weightiest first
_PARTIES = 4
_LEAST = 1.0  # shared weight under which two texts have nothing in common that matters

Key = tuple[str, str]


def candidates(items: Sequence[Item]) -> Iterator[tuple[Item, list[Item]]]:
    """Each item with the earlier commitments that may belong with it, likeliest first. The items must be in order.

    Claims and reports have none in their own article: it told them beside its commitments. A commitment has those of
    its article only where its sentence carries on an earlier one.
    """
    posted: defaultdict[Key, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        keys = list(_keys(item))
        found: defaultdict[int, float] = defaultdict(float)
        for key, weight in keys:
            for earlier in posted.get(key, ())[-WINDOW:]:
                found[earlier] += weight
        likely = sorted(found.items(), key=lambda pair: (-pair[1], -pair[0]))
        allowed = (items[i] for i, weight in likely if weight >= _LEAST and _may(items[i], item))
        yield item, list(islice(allowed, MOST))
        if item.step.kind == "commitment":
            for key, _ in keys:
                posted[key].append(index)


def _may(earlier: Item, later: Item) -> bool:
    if earlier.step.article.id != later.step.article.id:
        return True
    return later.continues and later.step.kind == "commitment"


def _keys(item: Item) -> Iterator[tuple[Key, float]]:
    weights = item.content.weights
    telling = (word for word, weight in weights.items() if weight >= PLAIN / 2)
    words = sorted(telling, key=lambda word: (-weights[word], word))
    parties = sorted(item.actors)[:_PARTIES] + sorted(item.parties - item.actors)
    for party in parties[:_PARTIES] or [""]:
        for word in words[:_WORDS]:
            yield (party, word), weights[word]
