"""How right a ledger is: its threads, relations and states against threads that people made (gold.py)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from extractor.results.evaluation.assignment import best_assignment
from extractor.results.ledger.gold import Accuracy, BCubed, GoldStep, GoldThread, bcubed
from extractor.results.ledger.states import state_as_of
from extractor.results.terminal import visible
from extractor.schema.ledger import Step, Thread

Place = tuple[int, int]
"""Where a step stands: the number of its thread and its own in it."""

_SAME_PASSAGE = 60  # of 100: how alike two quotes must be to be of one passage


@dataclass(frozen=True)
class LedgerReport:
    """What an evaluation found.

    `found` counts gold commitments that the ledger has, `spurious` its commitments in gold articles that the gold
    lacks: they are the reader's matter, are told, and count in no score. A gold commitment that was not found is alone
    in its thread; a relation or state that cannot be told for want of it is wrong. `confusion` counts (gold, told)
    states.
    """

    threads: BCubed
    relations: Accuracy
    changes: Accuracy
    states: Accuracy
    commitments: int
    found: int
    spurious: int
    confusion: Mapping[tuple[str, str], int]

    def scores(self) -> dict[str, float | None]:
        """The scores by name, from 0 to 1; None where there was nothing to judge."""
        return {
            "threads.precision": self.threads.precision,
            "threads.recall": self.threads.recall,
            "threads.f1": self.threads.f1,
            "relations": self.relations.value,
            "changes": self.changes.value,
            "states": self.states.value,
        }


SCORES = ("threads.precision", "threads.recall", "threads.f1", "relations", "changes", "states")


def render_report(report: LedgerReport) -> str:
    """The scores as a table for people, and the states that were told wrongly."""
    judged = {"relations": report.relations, "changes": report.changes, "states": report.states}
    lines = []
    for name, value in report.scores().items():
        counts = f"{judged[name].right:6} / {judged[name].total}" if name in judged else ""
        lines.append(f"{name:20}{'   –  ' if value is None else f'{value:6.3f}'}  {counts}".rstrip())
    lines.append(
        f"Gold commitments: {report.commitments}, in the ledger: {report.found}, only there: {report.spurious}."
    )
    wrong = [f"{one} told as {other}: {n}" for (one, other), n in report.confusion.items() if one != other]
    if wrong:
        lines.append("States told wrongly: " + "; ".join(wrong) + ".")
    return visible("\n".join(lines)) + "\n"


def evaluate_ledger(threads: Sequence[Thread], gold: Sequence[GoldThread]) -> LedgerReport:
    """A ledger against gold threads."""
    places = {(g, s): step for g, thread in enumerate(gold) for s, step in enumerate(thread.steps)}
    paired = _pair(threads, places)
    commitments = [place for place, step in places.items() if step.kind == "commitment"]
    told = {place: paired[place][0] if place in paired else ("missed", place) for place in commitments}
    relations, changes = _relations(threads, places, paired)
    confusion = _states(threads, gold, {place: paired[place][0] for place in commitments if place in paired})
    articles = {step.article for step in places.values()}
    ours = {s.id for t in threads for s in t.steps if s.kind == "commitment" and s.article.id in articles}
    found = {
        threads[thread].steps[step].id for place in commitments if place in paired for thread, step in [paired[place]]
    }
    return LedgerReport(
        threads=bcubed(told, {place: place[0] for place in commitments}),
        relations=relations,
        changes=changes,
        states=Accuracy(sum(n for (one, other), n in confusion.items() if one == other), sum(confusion.values())),
        commitments=len(commitments),
        found=len(found),
        spurious=len(ours - found),
        confusion=dict(sorted(confusion.items())),
    )


def _pair(threads: Sequence[Thread], gold: Mapping[Place, GoldStep]) -> dict[Place, Place]:
    """Each gold step with the ledger's step of the same passage, one to one: commitments with commitments, and what
    shows an outcome with what shows one.
    """
    ours: defaultdict[tuple[str, bool], list[tuple[Place, Step]]] = defaultdict(list)
    for number, thread in enumerate(threads):
        for index, step in enumerate(thread.steps):
            ours[step.article.id, step.kind == "commitment"].append(((number, index), step))
    wanted: defaultdict[tuple[str, bool], list[Place]] = defaultdict(list)
    for place, gold_step in gold.items():
        wanted[gold_step.article, gold_step.kind == "commitment"].append(place)
    paired: dict[Place, Place] = {}
    for key, places in wanted.items():
        alike = {(r, c): _alike(gold[p], s) for r, p in enumerate(places) for c, (_, s) in enumerate(ours[key])}
        for row, column in best_assignment({edge: score for edge, score in alike.items() if score > 0}):
            paired[places[row]] = ours[key][column][0]
    return paired


def _alike(gold: GoldStep, step: Step) -> int:
    quotes = fuzz.partial_ratio(gold.quote, step.quote.exact)
    return round(quotes + fuzz.token_set_ratio(gold.text, step.text)) if quotes >= _SAME_PASSAGE else 0


def _relations(
    threads: Sequence[Thread], gold: Mapping[Place, GoldStep], paired: Mapping[Place, Place]
) -> tuple[Accuracy, Accuracy]:
    asked = right = updates = same_changes = 0
    for place, step in gold.items():
        if step.relation is None:
            continue
        asked += 1
        thread, index = paired.get(place, (-1, -1))
        link = threads[thread].steps[index].link if thread >= 0 else None
        right += link is not None and link.relation == step.relation
        if step.relation == "update":
            updates += 1
            same_changes += link is not None and set(link.changes) == set(step.changes)
    return Accuracy(right, asked), Accuracy(same_changes, updates)


def _states(
    threads: Sequence[Thread], gold: Sequence[GoldThread], told: Mapping[Place, int]
) -> Counter[tuple[str, str]]:
    """Counts of (gold, told) states. A gold thread's state is told by the ledger's thread that has most of it."""
    confusion: Counter[tuple[str, str]] = Counter()
    holders: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for (number, _), thread in told.items():
        holders[number][thread] += 1
    for number, gold_thread in enumerate(gold):
        holder = min(holders[number], key=lambda one: (-holders[number][one], one)) if holders[number] else None
        for state in gold_thread.states:
            name = "missed" if holder is None else _state(threads[holder], state.as_of)
            confusion[state.state, name] += 1
    return confusion


def _state(thread: Thread, day: dt.date) -> str:
    if thread.state.as_of == day or thread.state.by == "person":
        return thread.state.name
    return state_as_of(thread.steps, day, testable=thread.testable).name
