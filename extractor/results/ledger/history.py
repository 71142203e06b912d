"""From a group of linked items to a published thread: its history with what changed at each step, its title, its
state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from extractor.results.ledger.changes import dated, firmer, larger, move
from extractor.results.ledger.items import Item
from extractor.results.ledger.states import known_by, state_as_of
from extractor.results.ledger.terms import likeness
from extractor.results.ledger.threads import Tie
from extractor.schema.ledger import LEDGER_VERSION, Actor, Link, State, Step, Thread
from extractor.schema.reading import Firmness
from extractor.schema.record import When

_TITLE = 100  # characters


@dataclass
class _Known:
    """What the steps so far have told."""

    when: When | None = None
    firmness: Firmness | None = None
    amounts: dict[str, tuple[float, float]] = field(default_factory=dict)


def thread(
    items: Sequence[Item],
    ties: Mapping[str, Tie],
    actors: Mapping[str, Actor],
    as_of: dt.date,
    *,
    kept: frozenset[str] = frozenset(),
    rated: State | None = None,
) -> Thread:
    """The thread of items that stand in order, all of them, with what they tell by a day.

    `kept` are ids of threads that exist already; `rated` is a person's state.
    """
    commitments = [item for item in items if item.step.kind == "commitment"]
    steps = list(_history(items, ties))
    known = known_by(steps, as_of)
    plans = [step for step in known if dated(step.when)]
    first, last = (plans[0].when, plans[-1].when) if plans else (None, None)
    id_ = next((f"t{one.id}" for one in commitments if f"t{one.id}" in kept), f"t{commitments[0].id}")
    testable = any(one.content.testable for one in commitments)
    said = [step.said for step in known if step.said is not None]
    firmness = [step.firmness for step in known if step.firmness is not None]
    return Thread(
        schema_version=LEDGER_VERSION,
        id=id_,
        title=_title(commitments),
        actors=_actors(commitments, actors),
        testable=testable,
        state=rated or state_as_of(steps, as_of, testable=testable),
        firmness=firmness[-1] if firmness else None,
        earliest=last.earliest if last else None,
        latest=last.latest if last else None,
        slip_days=move(first, last).days if len(plans) > 1 else None,
        first_said=said[0] if said else None,
        last_said=said[-1] if said else None,
        steps=steps,
    )


def _history(items: Sequence[Item], ties: Mapping[str, Tie]) -> Iterable[Step]:
    """The steps with their links. What changed is told against all that the thread knew before, and only of
    commitments.
    """
    known = _Known()
    articles = {item.id: item.step.article.id for item in items}
    for item in items:
        step = item.step
        tie = ties.get(item.id)
        link = None
        if tie is not None:
            link = _link(item, tie, known, one_article=articles.get(tie.to) == step.article.id)
        yield step.model_copy(update={"link": link})
        if step.kind == "commitment":
            known.when = step.when if dated(step.when) else known.when
            known.firmness = step.firmness
            known.amounts |= item.content.amounts


def _link(item: Item, tie: Tie, known: _Known, *, one_article: bool) -> Link:
    """A step's link. Two tellings of one article say different things of an undertaking, and not that it changed."""
    judged = tie.judgement
    moved = move(known.when, item.step.when)
    relation, changes, because = judged.relation, list(judged.changes), judged.because
    if relation in ("same", "update") and judged.by != "model" and item.step.kind == "commitment":
        found = (
            moved.change,
            firmer(known.firmness, item.step.firmness),
            larger(known.amounts, item.content.amounts),
        )
        changes = [change for change in found if change is not None and not one_article]
        relation = "update" if changes else "same"
    return Link(
        to=tie.to,
        relation=relation,
        changes=changes,
        slip_days=moved.days,
        confidence=judged.confidence,
        by=judged.by,
        because=because,
    )


def _title(commitments: Sequence[Item]) -> str:
    """The action most like all others of the thread; of equals the shortest, then the first."""

    def centrality(item: Item) -> float:
        return round(sum(likeness(item.content, other.content) for other in commitments if other is not item), 1)

    compared = commitments[:20]
    best = max(compared, key=lambda item: (centrality(item), -len(item.step.text), -compared.index(item)))
    text = " ".join(best.step.text.split())
    return text if len(text) <= _TITLE else text[: _TITLE - 1].rsplit(" ", 1)[0] + "…"


def _actors(commitments: Sequence[Item], actors: Mapping[str, Actor]) -> list[Actor]:
    """Who would have to act, in the order of their first mention."""
    ids = dict.fromkeys(mention.actor for item in commitments for mention in item.step.actors)
    return [actors[id_] for id_ in ids]
