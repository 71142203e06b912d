"""Gold threads: what people say a ledger should hold, how two of them agree, and the measures for it.

Threads are compared by B-cubed (Bagga & Baldwin 1998; Amigó, Gonzalo, Artiles & Verdejo 2009 show that of the common
measures it alone meets their four constraints): for each commitment, the share of its thread that belongs there
(precision) and the share of its true thread that is there (recall), averaged over all commitments.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import ConfigurationError
from extractor.schema.ledger import Change, Relation, StateName, StepKind

K = TypeVar("K", bound=Hashable)


class GoldStep(BaseModel):
    """A telling in a gold thread. `relation` is to the step before it, null for the first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article: str
    kind: StepKind = "commitment"
    quote: str
    text: str
    relation: Relation | None = None
    changes: list[Change] = []


class GoldState(BaseModel):
    """The state that a thread was in on a day."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    as_of: dt.date
    state: StateName


class GoldThread(BaseModel):
    """One line of a gold file. Every commitment of the gold articles stands in one thread, alone if need be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    steps: list[GoldStep]
    states: list[GoldState] = []


@dataclass(frozen=True)
class BCubed:
    """B-cubed precision, recall and their harmonic mean, from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 where both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class Accuracy:
    """How many of `total` are right."""

    right: int
    total: int

    @property
    def value(self) -> float | None:
        """The share; None where there was nothing to judge."""
        return self.right / self.total if self.total else None


@dataclass(frozen=True)
class Agreement:
    """How far two annotators agree on what both annotated.

    B-cubed F1 of the threads; of relations and states the share of equal ones and Cohen's kappa, which is None where
    chance alone would agree on all.
    """

    threads: float
    relations: Accuracy
    relations_kappa: float | None
    states: Accuracy
    states_kappa: float | None


def read_gold_threads(path: Path) -> list[GoldThread]:
    """The threads of a gold file. Raises ConfigurationError where a line is none."""
    hint = "A gold line is a JSON object with id, steps and states; docs/ledger.md shows one."
    threads = []
    try:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if line.strip():
                try:
                    threads.append(GoldThread.model_validate_json(line))
                except ValidationError as error:
                    first = error.errors(include_url=False, include_input=False)[0]
                    place = ".".join(map(str, first["loc"])) or "line"
                    raise ConfigurationError(f"{path}:{number}: {place}: {first['msg']}", hint=hint) from error
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="Check the path.") from error
    return threads


def bcubed(told: Mapping[K, Hashable], gold: Mapping[K, Hashable]) -> BCubed:
    """B-cubed of two partitions, each a thread for every item; items that only one has are left out."""
    items = [item for item in gold if item in told]
    if not items:
        return BCubed(0.0, 0.0)
    both = Counter((told[item], gold[item]) for item in items)
    ours, theirs = Counter(told[item] for item in items), Counter(gold[item] for item in items)
    precision = sum(count * count / ours[thread] for (thread, _), count in both.items()) / len(items)
    recall = sum(count * count / theirs[thread] for (_, thread), count in both.items()) / len(items)
    return BCubed(precision, recall)


def agreement(one: Sequence[GoldThread], other: Sequence[GoldThread]) -> Agreement:
    """How far two annotations of the same commitments agree."""
    threads, theirs = _partition(one), _partition(other)
    relations = _labels(one), _labels(other)
    both = [(relations[0][key], relations[1][key]) for key in relations[0] if key in relations[1]]
    states = _state_labels(one), _state_labels(other)
    same_day = [(states[0][key], states[1][key]) for key in states[0] if key in states[1]]
    return Agreement(
        threads=bcubed(threads, theirs).f1,
        relations=Accuracy(sum(a == b for a, b in both), len(both)),
        relations_kappa=kappa(both),
        states=Accuracy(sum(a == b for a, b in same_day), len(same_day)),
        states_kappa=kappa(same_day),
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa (1960) of two annotators' labels for the same things."""
    if not pairs:
        return None
    total = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in first) / (total * total)
    observed = sum(a == b for a, b in pairs) / total
    return None if chance == 1 else (observed - chance) / (1 - chance)


def _partition(threads: Iterable[GoldThread]) -> dict[tuple[str, str, str], str]:
    return {
        (step.article, step.quote, step.text): thread.id
        for thread in threads
        for step in thread.steps
        if step.kind == "commitment"
    }


def _labels(threads: Iterable[GoldThread]) -> dict[tuple[str, str, str], str]:
    return {
        (step.article, step.quote, step.text): step.relation or "first" for thread in threads for step in thread.steps
    }


def _state_labels(threads: Iterable[GoldThread]) -> dict[tuple[tuple[str, str, str], dt.date], str]:
    """States by a thread's first commitment and the day: threads of two annotators have no ids in common."""
    labels = {}
    for thread in threads:
        first = next((step for step in thread.steps if step.kind == "commitment"), None)
        for state in thread.states if first else []:
            assert first is not None
            labels[(first.article, first.quote, first.text), state.as_of] = str(state.state)
    return labels
