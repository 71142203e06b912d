"""Both sides against gold: how each floored score stands in A and in B, and whether B keeps to the floors.

A floor holds if every run of the side keeps to it. The scores and their intervals are the evaluation's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from extractor.results.evaluation import GoldArticle, Report, Score, evaluate, shortfalls
from extractor.schema.record import Record


@dataclass(frozen=True)
class FloorReport:
    """The scores by name. `missed` says where a run of B is under a floor."""

    floors: Mapping[str, float]
    a: Sequence[Report]
    b: Sequence[Report]
    missed: Sequence[str]


def against_floors(
    a: Sequence[Iterable[Record]],
    b: Sequence[Iterable[Record]],
    gold: Sequence[GoldArticle],
    floors: Mapping[str, float],
    *,
    bootstrap: int = 1000,
    seed: int = 0,
) -> FloorReport:
    """Evaluates every run of both sides. Raises ConfigurationError as the evaluation does."""
    reports_a = [evaluate(run, gold, bootstrap=bootstrap, seed=seed) for run in a]
    reports_b = [evaluate(run, gold, bootstrap=bootstrap, seed=seed) for run in b]
    missed = [
        f"run {number} of B: {sentence}" if len(reports_b) > 1 else sentence
        for number, report in enumerate(reports_b, 1)
        for sentence in shortfalls(report, floors)
    ]
    return FloorReport(floors, reports_a, reports_b, missed)


def render_floors(report: FloorReport) -> str:
    """One line for each floored score: the floor, A, B with its interval, and what to make of it."""
    lines = [f"{'against gold':<24}{'floor':>7}{'A':>8}{'B':>8}   95 % interval of B"]
    for name, floor in report.floors.items():
        scores_a = [each.scores[name] for each in report.a]
        scores_b = [each.scores[name] for each in report.b]
        low = min((score.low for score in scores_b if score.low is not None), default=None)
        high = max((score.high for score in scores_b if score.high is not None), default=None)
        spread = "" if low is None or high is None else f"{low:.3f} to {high:.3f}"
        under = any(score.value is None or score.value < floor for score in scores_b)
        mark = "  under the floor" if under else ""
        lines.append(f"{name:<24}{floor:>7.3g}{_mean(scores_a):>8}{_mean(scores_b):>8}   {spread:<16}{mark}".rstrip())
    return "\n".join(lines) + "\n"


def _mean(scores: Sequence[Score]) -> str:
    values = [score.value for score in scores if score.value is not None]
    return f"{fmean(values):.3f}" if values else "–"
