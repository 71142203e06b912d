"""How much changes between two sides, and whether that is more than noise.

A model does not answer twice the same. With several runs of one set-up, how much two of its runs differ says how much
of a difference between set-ups is noise. For one article and layer, two runs differ by

    items       items that one of the two has and the other has not
    FIELD       paired items with another value of the field

each divided by the number of items of both. The rate *between* the sides is the mean over all pairs of a run of A and a
run of B, the *noise* the mean over all pairs within A and within B (each side half, or all where the other has one run
alone), and the *excess* is what is between and not noise. Its interval comes from the evaluation's bootstrap over
articles: an excess whose interval lies above 0 is a change of the set-up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from extractor.results.comparison.facets import FIELDS, LAYERS, Facets, LayerName, same
from extractor.results.comparison.threads import pairs
from extractor.results.evaluation.bootstrap import intervals

Runs = Sequence[Sequence[Facets]]  # the items of each run of a side: one article, one layer
Counts = dict[str, float]  # how many items differ, by "items" or the name of a field
ITEMS = "items"


class Rate(BaseModel):
    """A share of items, 0 to 1 (an excess may be less). `low` and `high` bound 95 % of resamples, where measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float | None = None
    high: float | None = None


class Change(BaseModel):
    """How much of one thing differs. `noise` and `excess` are None where no side has two runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    between: Rate
    noise: float | None
    excess: Rate | None

    @property
    def beyond_noise(self) -> bool | None:
        """Whether the set-ups differ; None where that cannot be told."""
        return None if self.excess is None or self.excess.low is None else self.excess.low > 0


class _Article:
    """What one article adds to the rates of one layer."""

    def __init__(self, layer: LayerName, a: Runs, b: Runs) -> None:
        self.size_a, self.size_b = fmean(map(len, a)), fmean(map(len, b))
        self.between = _mean(layer, itertools.product(a, b))
        self.within_a = _mean(layer, itertools.combinations(a, 2))
        self.within_b = _mean(layer, itertools.combinations(b, 2))


def changes(
    articles: Sequence[tuple[Mapping[LayerName, Runs], Mapping[LayerName, Runs]]], *, resamples: int, seed: int
) -> dict[str, Change]:
    """The change of each field of each layer ("claims.kind") and of its items ("claims.items"), for one or more
    articles.

    An article is the runs of side A and of side B by layer; all have the same number of runs.
    """
    found: dict[str, Change] = {}
    runs_a, runs_b = (len(side[LAYERS[0]]) for side in articles[0])
    columns: dict[str, list[tuple[float, float]]] = {}
    for layer in LAYERS:
        counted = [_Article(layer, a[layer], b[layer]) for a, b in articles]
        totals = [each.size_a + each.size_b for each in counted]
        weight_a, weight_b = _weights(counted, runs_a, runs_b)
        for name in (ITEMS, *FIELDS[layer]):
            between = [each.between[name] for each in counted]
            noise = [weight_a * each.within_a[name] + weight_b * each.within_b[name] for each in counted]
            excess = [one - other for one, other in zip(between, noise, strict=True)]
            columns[f"{layer}.{name}"] = list(zip(between, totals, strict=True))
            if runs_a > 1 or runs_b > 1:
                columns[f"{layer}.{name}/excess"] = list(zip(excess, totals, strict=True))
    spread = intervals(columns, resamples=resamples, seed=seed)
    for name, column in columns.items():
        if name.endswith("/excess"):
            continue
        excess_of = columns.get(f"{name}/excess")
        between_rate = _rate(column, spread[name])
        excess_rate = _rate(excess_of, spread[f"{name}/excess"]) if excess_of else None
        noise_rate = between_rate.value - excess_rate.value if excess_rate else None
        found[name] = Change(between=between_rate, noise=noise_rate, excess=excess_rate)
    return found


def _mean(layer: LayerName, couples: Iterable[tuple[Sequence[Facets], Sequence[Facets]]]) -> Counts:
    """The mean of the differences over pairs of runs; zero where there is none."""
    counted = [_differences(layer, one, other) for one, other in couples]
    return {name: fmean([each[name] for each in counted] or [0.0]) for name in (ITEMS, *FIELDS[layer])}


def _differences(layer: LayerName, one: Sequence[Facets], other: Sequence[Facets]) -> Counts:
    """How many items of two runs differ. A paired item counts twice, as one of each."""
    paired = pairs(layer, one, other)
    counts: Counts = {ITEMS: len(one) + len(other) - 2 * len(paired)}
    for name in FIELDS[layer]:
        differing = sum(not same(one[i].values[name], other[j].values[name]) for i, j in paired)
        counts[name] = 2 * differing
    return counts


def _weights(articles: Sequence[_Article], runs_a: int, runs_b: int) -> tuple[float, float]:
    """What the differences within A and within B are multiplied by: each side's share of the noise, and the ratio of
    both sides' items to those that two runs of this side have. Zero for a side with one run, which shows no noise.
    """
    size_a, size_b = sum(each.size_a for each in articles), sum(each.size_b for each in articles)
    shares = (runs_a > 1) / ((runs_a > 1) + (runs_b > 1) or 1), (runs_b > 1) / ((runs_a > 1) + (runs_b > 1) or 1)
    weight_a, weight_b = (
        share * (size_a + size_b) / (2 * size) if size else 0.0
        for share, size in zip(shares, (size_a, size_b), strict=True)
    )
    return weight_a, weight_b


def _rate(column: Sequence[tuple[float, float]], interval: tuple[float, float] | None) -> Rate:
    total = sum(of for _, of in column)
    low, high = interval or (None, None)
    return Rate(value=sum(part for part, _ in column) / total if total else 0.0, low=low, high=high)
