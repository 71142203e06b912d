"""Which items of several runs are the same: paired as the evaluation pairs gold and prediction, by passage and words.

A *thread* is one item through the runs. The items of the first run begin threads; those of each later run join the
thread whose first item they are paired with, or begin one. With two runs, that is the evaluation's pairing itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractor.results.comparison.facets import Facets, LayerName, is_item_layer
from extractor.results.evaluation.assignment import Edge
from extractor.results.evaluation.pairing import pair_items, pair_sources

Thread = dict[int, Facets]  # the item of each run that has it, by the number of the run


def threads(layer: LayerName, runs: Sequence[Sequence[Facets]]) -> list[Thread]:
    """The threads of one layer of one article, in the order of the text."""
    found: list[Thread] = []
    for number, items in enumerate(runs):
        firsts = [thread[min(thread)] for thread in found]
        joined = {j: i for i, j in pairs(layer, firsts, items)}
        for j, item in enumerate(items):
            if j in joined:
                found[joined[j]][number] = item
            else:
                found.append({number: item})
    return sorted(found, key=_place)


def pairs(layer: LayerName, one: Sequence[Facets], other: Sequence[Facets]) -> list[Edge]:
    """Positions of the items of two runs that are the same."""
    items = is_item_layer(layer)
    if items is None:
        return pair_sources([each.as_source() for each in one], [each.as_source() for each in other])
    return pair_items(items, [each.as_item() for each in one], [each.as_item() for each in other])


def _place(thread: Thread) -> tuple[tuple[int, int], str]:
    first = thread[min(thread)]
    return first.span or (0, 0), first.text
