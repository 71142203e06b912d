"""How far two reviewers agree, beyond chance.

Cohen's kappa (J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20,
1960): (p_o - p_e) / (1 - p_e), with the observed agreement p_o and the agreement p_e that two independent raters with
the same habits would reach. The categories are accept, correct and reject; the units are the items of a layer about
which both decided, as long as they decided about the same content. What one of them added has no counterpart and is
counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.results.review.contents import LAYERS, digest
from extractor.results.review.decisions import Decision
from extractor.results.review.standing import Standing
from extractor.results.terminal import visible

CATEGORIES = ("accept", "correct", "reject")


@dataclass(frozen=True)
class Agreement:
    """The agreement of two reviewers on one layer ("all" for all of them together)."""

    layer: str
    items: int
    table: tuple[tuple[int, ...], ...]  # counts, the first reviewer's categories down, the second one's across
    same_corrections: int
    added: tuple[int, int, int]  # by the first alone, by the second alone, by both

    @property
    def observed(self) -> float | None:
        """Share of items on which both decided the same; None without items."""
        agreed = sum(row[place] for place, row in enumerate(self.table))
        return agreed / self.items if self.items else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None without items, and where both gave one and the same category to everything, which leaves
        nothing to agree on beyond chance.
        """
        return cohens_kappa(self.table)


def cohens_kappa(table: Sequence[Sequence[int]]) -> float | None:
    """Kappa of a square table of counts; None where it is 0/0."""
    total = sum(sum(row) for row in table)
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    by_chance = sum(row * column for row, column in zip(rows, columns, strict=True))  # total² times p_e
    if total * total == by_chance:
        return None
    agreed = sum(row[place] for place, row in enumerate(table))
    return float((total * agreed - by_chance) / (total * total - by_chance))


def agreement(first: Standing, a: str, second: Standing, b: str) -> list[Agreement]:
    """Agreement of the person `a` of the first with the person `b` of the second decisions, per layer and over all."""
    ours, theirs = _verdicts(first, a), _verdicts(second, b)
    return [_of_layer(layer, ours, theirs) for layer in LAYERS] + [_of_layer("all", ours, theirs)]


Verdicts = dict[tuple[str, str], Decision]


def _verdicts(standing: Standing, who: str) -> Verdicts:
    keys = [(article, item) for article in standing.articles() for item in standing.items(article)]
    verdicts = {key: standing.verdicts(key).get(who) for key in keys}
    return {key: decision for key, decision in verdicts.items() if decision is not None and decision.layer in LAYERS}


def _of_layer(layer: str, ours: Verdicts, theirs: Verdicts) -> Agreement:
    def wanted(decision: Decision) -> bool:
        return layer in ("all", decision.layer)

    counts: Counter[tuple[str, str]] = Counter()
    same = 0
    for key, one in ours.items():
        other = theirs.get(key)
        if other is None or not wanted(one) or "add" in (one.what, other.what):
            continue
        if digest(one.before) == digest(other.before):
            counts[one.what, other.what] += 1
            same += one.what == other.what == "correct" and digest(one.after) == digest(other.after)
    table = tuple(tuple(counts[row, column] for column in CATEGORIES) for row in CATEGORIES)
    mine = {key for key, decision in ours.items() if decision.what == "add" and wanted(decision)}
    yours = {key for key, decision in theirs.items() if decision.what == "add" and wanted(decision)}
    shared = (mine | yours) & ours.keys() & theirs.keys()
    added = (len(mine - shared), len(yours - shared), len(shared))
    return Agreement(layer, counts.total(), table, same, added)


def render(results: Sequence[Agreement], a: str, b: str) -> str:
    """A table for a terminal."""
    lines = [f"{a} and {b}", f"{'':14}{'items':>6}{'agreed':>9}{'kappa':>8}   added by {a} / {b} / both"]
    for result in results:
        observed = "–" if result.observed is None else f"{100 * result.observed:.1f} %"
        kappa = "–" if result.kappa is None else f"{result.kappa:.3f}"
        added = " / ".join(map(str, result.added))
        lines.append(f"{result.layer:14}{result.items:>6}{observed:>9}{kappa:>8}   {added}")
    total = results[-1]
    both = total.table[1][1]
    if both:
        lines.append(f"Corrected by both: {both}, to the same in {total.same_corrections}.")
    if total.kappa is None:
        why = "nothing was decided by both" if not total.items else "both gave the same answer to everything"
        lines.append(f"Kappa is not defined where {why}.")
    return visible("\n".join(lines)) + "\n"
