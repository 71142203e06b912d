"""How far scores would move with other articles: percentile intervals (Efron and Tibshirani 1993, chapter 13).

Articles are drawn, not items: items of one article stand or fall together.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from operator import itemgetter

Interval = tuple[float, float]
_LEVEL = 0.95


def intervals(
    columns: Mapping[str, Sequence[tuple[float, float]]], *, resamples: int, seed: int
) -> dict[str, Interval | None]:
    """The 95 % interval of each score, from its ratios (right, of how many) on every article.

    The articles stand in the same order for all. None where there is nothing to draw from: fewer than two articles, no
    resamples, a score that no resample measures. The same columns, resamples and seed give the same intervals.
    """
    articles = len(next(iter(columns.values()), ()))
    if articles < 2 or resamples < 1:
        return dict.fromkeys(columns)
    sides = {name: tuple(zip(*ratios, strict=True)) for name, ratios in columns.items()}
    values: dict[str, list[float]] = {name: [] for name in columns}
    draws = random.Random(seed)  # noqa: S311  # statistics, no secret hangs on it
    for _ in range(resamples):
        pick = itemgetter(*draws.choices(range(articles), k=articles))
        for name, (right, total) in sides.items():
            asked = sum(pick(total))
            if asked:
                values[name].append(sum(pick(right)) / asked)
    return {name: _percentiles(sorted(drawn)) if drawn else None for name, drawn in values.items()}


def _percentiles(ordered: Sequence[float]) -> Interval:
    cut = int(len(ordered) * (1 - _LEVEL) / 2)
    return ordered[cut], ordered[len(ordered) - 1 - cut]
