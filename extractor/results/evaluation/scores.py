"""What is counted on one article. Every score is a ratio of two sums, so articles add up by adding both.

    precision      paired items of all predicted         recall     paired items of all gold
    f1             twice the pairs of both sides' items
    covered        gold items half of whose passage stands in some predicted item's passage, however the rest is cut

On paired items:

    speaker        the same source by name               via        the same chain of relays, most of them empty
    via_relayed    the same chain, where either side has one
    kind, delivery, position, firmness                   the same choice
    actors         those that both name, of all that either names (Jaccard)
    when           where gold knows a first or last day: the same first and last day
    when_lost      of these, how many have no day at all (they count as wrong in `when`); less is better
    when_invented  where gold knows no day, how many have one; less is better
    statement      likeness of the two wordings, for information
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from extractor.results.evaluation.assignment import Edge, best_assignment
from extractor.results.evaluation.items import Interval, Item, View
from extractor.results.evaluation.pairing import likeness, pair_items, pair_sources, shared
from extractor.schema.record import Layer
from extractor.text.names import Source, same_actor, same_source

LAYERS: tuple[Layer, ...] = get_args(Layer)
LESS_IS_BETTER = frozenset({"commitments.when_lost", "commitments.when_invented"})
COVERED = 0.5

Ratio = tuple[float, float]  # what was right, of how many
Fault = Literal["missed", "spurious", "wrong"]
Compare = Callable[[Item, Item], float | None]  # gold, predicted → 0 to 1; None where the question does not arise


@dataclass(frozen=True)
class Finding:
    """Something to look at: a gold item without answer, an answer without gold, or a pair that differs in `fields`."""

    layer: str
    fault: Fault
    gold: Item | Source | None
    found: Item | Source | None
    fields: tuple[str, ...] = ()


def _label(name: str) -> Compare:
    return lambda gold, found: float(gold.labels[name] == found.labels[name])


def _speaker(gold: Item, found: Item) -> float:
    if gold.speaker is None or found.speaker is None:
        return float(gold.speaker is found.speaker)
    return float(same_source(gold.speaker, found.speaker))


def _via(gold: Item, found: Item) -> float:
    return float(len(gold.via) == len(found.via) and all(map(same_source, gold.via, found.via)))


def _via_relayed(gold: Item, found: Item) -> float | None:
    return _via(gold, found) if gold.via or found.via else None


def _actors(gold: Item, found: Item) -> float:
    both = {
        (i, j): 1 + (one == other)
        for i, one in enumerate(gold.actors)
        for j, other in enumerate(found.actors)
        if same_actor(one, other)
    }
    common = len(best_assignment(both))
    either = len(gold.actors) + len(found.actors) - common
    return common / either if either else 1.0


def _when(gold: Item, found: Item) -> float | None:
    return None if gold.interval is None else float(gold.interval == found.interval)


def _when_lost(gold: Item, found: Item) -> float | None:
    return None if gold.interval is None else float(found.interval is None)


def _when_invented(gold: Item, found: Item) -> float | None:
    return float(found.interval is not None) if gold.interval is None else None


def _wording(gold: Item, found: Item) -> float:
    return likeness(gold.text, found.text) / 100


# On paired items, in the order in which they are shown.
COMPARISONS: Mapping[Layer, Mapping[str, Compare]] = {
    "claims": {
        "speaker": _speaker,
        "via": _via,
        "via_relayed": _via_relayed,
        "kind": _label("kind"),
        "delivery": _label("delivery"),
        "statement": _wording,
    },
    "stances": {"position": _label("position")},
    "commitments": {
        "speaker": _speaker,
        "actors": _actors,
        "firmness": _label("firmness"),
        "when": _when,
        "when_lost": _when_lost,
        "when_invented": _when_invented,
    },
}
# Shown as differences of a pair: the wording is no fault, and the others repeat `via` and `when`.
_FAULTS = {"speaker", "via", "kind", "delivery", "position", "actors", "firmness", "when", "when_invented"}

SCORES: tuple[str, ...] = (
    *(f"speakers.{name}" for name in ("precision", "recall", "f1", "kind")),
    *(
        f"{layer}.{name}"
        for layer, compared in COMPARISONS.items()
        for name in ("precision", "recall", "f1", "covered", *compared)
    ),
)


def score_article(gold: View, found: View) -> tuple[dict[str, Ratio], list[Finding]]:
    """All of SCORES for one article, and what there is to look at: sources first, then each layer in text order."""
    ratios: dict[str, Ratio] = {}
    findings: list[Finding] = []
    pairs = pair_sources(gold.speakers, found.speakers)
    kinds = [gold.speakers[i].kind == found.speakers[j].kind for i, j in pairs]
    ratios |= _found("speakers", len(pairs), len(gold.speakers), len(found.speakers))
    ratios["speakers.kind"] = (sum(kinds), len(pairs))
    findings += _unpaired("speakers", gold.speakers, found.speakers, pairs)
    for (i, j), same in zip(pairs, kinds, strict=True):
        if not same:
            findings.append(Finding("speakers", "wrong", gold.speakers[i], found.speakers[j], ("kind",)))
    for layer in LAYERS:
        layer_ratios, layer_findings = _score_layer(layer, getattr(gold, layer), getattr(found, layer))
        ratios |= layer_ratios
        findings += layer_findings
    return ratios, findings


def _score_layer(
    layer: Layer, gold: tuple[Item, ...], found: tuple[Item, ...]
) -> tuple[dict[str, Ratio], list[Finding]]:
    pairs = pair_items(layer, gold, found)
    ratios = _found(layer, len(pairs), len(gold), len(found))
    covered = sum(any(shared(item, other) >= COVERED * item.length for other in found) for item in gold)
    ratios[f"{layer}.covered"] = (covered, len(gold))
    values = {name: [compare(gold[i], found[j]) for i, j in pairs] for name, compare in COMPARISONS[layer].items()}
    for name, answers in values.items():
        asked = [answer for answer in answers if answer is not None]
        ratios[f"{layer}.{name}"] = (sum(asked), len(asked))
    findings = list(_unpaired(layer, gold, found, pairs))
    for index, (i, j) in enumerate(pairs):
        fields = tuple(
            name for name, answers in values.items() if name in _FAULTS and _is_fault(layer, name, answers[index])
        )
        if fields:
            findings.append(Finding(layer, "wrong", gold[i], found[j], fields))
    return ratios, findings


def _is_fault(layer: str, name: str, answer: float | None) -> bool:
    right = 0.0 if f"{layer}.{name}" in LESS_IS_BETTER else 1.0
    return answer is not None and answer != right


def _found(layer: str, pairs: int, gold: int, found: int) -> dict[str, Ratio]:
    return {
        f"{layer}.precision": (pairs, found),
        f"{layer}.recall": (pairs, gold),
        f"{layer}.f1": (2 * pairs, gold + found),
    }


def _unpaired(
    layer: str, gold: tuple[Item | Source, ...], found: tuple[Item | Source, ...], pairs: list[Edge]
) -> Iterator[Finding]:
    answered, used = {i for i, _ in pairs}, {j for _, j in pairs}
    yield from (Finding(layer, "missed", item, None) for i, item in enumerate(gold) if i not in answered)
    yield from (Finding(layer, "spurious", None, item) for j, item in enumerate(found) if j not in used)


def shown(item: Item, field: str) -> str:
    """The value of a compared field, in words."""
    match field:
        case "speaker":
            return item.speaker.name if item.speaker else "nobody"
        case "via":
            return " > ".join(source.name for source in item.via) or "nobody"
        case "actors":
            return ", ".join(item.actors) or "nobody"
        case "when" | "when_invented":
            return _days(item.interval)
        case _:
            return item.labels[field]


def _days(interval: Interval | None) -> str:
    if interval is None:
        return "no day"
    earliest, latest = interval
    return f"{earliest or ''}..{latest or ''}"
