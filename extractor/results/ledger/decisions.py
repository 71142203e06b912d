"""People's decisions about threads, kept in a file of their own that is only ever appended to. They win over all
links.

A decision names a step, not a thread alone: steps keep their ids, so that it finds its thread again however that has
grown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import cast, get_args

from extractor.errors import ConfigurationError
from extractor.results.ledger.rules import Judgement
from extractor.results.ledger.threads import Forest, Tie
from extractor.schema.ledger import Decision, State, StateName, Thread


def merging(threads: Sequence[Thread], one: str, other: str, because: str | None) -> Decision:
    """The decision that two threads are one. Raises ConfigurationError where either is not there."""
    first, second = find(threads, one), find(threads, other)
    if first.id == second.id:
        raise ConfigurationError(f"{one} and {other} are one thread already.")
    return Decision(
        act="merge",
        thread=first.id,
        step=_founder(first),
        other=_founder(second),
        state=None,
        because=because,
    )


def splitting(threads: Sequence[Thread], thread: str, step: str, because: str | None) -> Decision:
    """The decision that a step, and what hangs on it, is no part of a thread. Raises ConfigurationError."""
    found = find(threads, thread)
    ids = [one.id for one in found.steps if one.id.startswith(step)]
    if len(ids) != 1:
        steps = ", ".join(one.id for one in found.steps)
        raise ConfigurationError(f"{found.id} has no step {step}.", hint=f"Its steps are: {steps}.")
    if ids[0] == _founder(found):
        raise ConfigurationError(
            f"{step} founds {found.id}: there is nothing to split it from.", hint="Name a later step of the thread."
        )
    return Decision(act="split", thread=found.id, step=ids[0], other=None, state=None, because=because)


def rating(threads: Sequence[Thread], thread: str, state: StateName | None, because: str | None) -> Decision:
    """The decision that a thread is in a state; None takes an earlier one back. Raises ConfigurationError."""
    found = find(threads, thread)
    return Decision(act="rate", thread=found.id, step=_founder(found), other=None, state=state, because=because)


def state_named(name: str) -> StateName | None:
    """A state by its name, None for "none". Raises ConfigurationError for other words."""
    if name == "none":
        return None
    for state in get_args(StateName):
        if state == name:
            return cast("StateName", state)
    raise ConfigurationError(f"{name} is no state.", hint=f"States are: {', '.join(get_args(StateName))}, or none.")


def find(threads: Sequence[Thread], name: str) -> Thread:
    """The thread with this id, or the only one whose id starts so. Raises ConfigurationError."""
    found = [thread for thread in threads if thread.id == name] or [t for t in threads if t.id.startswith(name)]
    if not found:
        _refuse_joined(threads, name)
    if len(found) != 1:
        what = "is no thread" if not found else f"could be {', '.join(thread.id for thread in found[:4])}"
        raise ConfigurationError(f"{name} {what}.", hint="The ids of threads stand in the table and in ledger.jsonl.")
    return found[0]


def _refuse_joined(threads: Iterable[Thread], name: str) -> None:
    """Raises ConfigurationError where the name is of a thread that is now a part of another one."""
    commitments = ((one, step) for one in threads for step in one.steps if step.kind == "commitment")
    joined = [(one, step) for one, step in commitments if f"t{step.id}".startswith(name)]
    if len(joined) == 1:
        thread, step = joined[0]
        merged = step.link is not None and step.link.by == "person"
        raise ConfigurationError(
            f"{name} is no thread any more: it was merged into {thread.id}."
            if merged
            else f"{name} is no thread: its commitment is a step of {thread.id}.",
            hint=f"Name {thread.id}, or make two of it: --split {thread.id} {step.id}",
        )


def rearrange(forest: Forest, decisions: Iterable[Decision]) -> None:
    """Applies merges and splits, in the order in which they were made. What they name and is not there is passed
    over.
    """
    for decision in decisions:
        because = decision.because or "so decided"
        if decision.act == "merge" and decision.other is not None:
            _merge(forest, decision.step, decision.other, because)
        elif decision.act == "split":
            _split(forest, decision.thread, decision.step)


def ratings(forest: Forest, decisions: Iterable[Decision], as_of: dt.date) -> dict[str, State]:
    """People's states, by the founder of the thread. The last one about a thread holds."""
    rated: dict[str, State] = {}
    for decision in decisions:
        if decision.act != "rate" or decision.step not in forest.items:
            continue
        founder = forest.root(decision.step)
        rated.pop(founder, None)
        if decision.state is not None:
            reason = decision.because or "so decided"
            rated[founder] = State(as_of=as_of, name=decision.state, reason=reason, evidence=[], by="person")
    return rated


def _founder(thread: Thread) -> str:
    return next(step.id for step in thread.steps if step.kind == "commitment")


def _merge(forest: Forest, one: str, other: str, because: str) -> None:
    if one not in forest.items or other not in forest.items:
        return
    first, second = sorted((forest.root(one), forest.root(other)), key=lambda id_: forest.items[id_].order)
    if first == second:
        return
    end = forest.items[second].order
    members = [id_ for id_, item in forest.items.items() if item.step.kind == "commitment" and item.order < end]
    last = max((id_ for id_ in members if forest.root(id_) == first), key=lambda id_: forest.items[id_].order)
    forest.parents[second] = Tie(last, Judgement("same", 1.0, because, by="person"))


def _split(forest: Forest, thread: str, step: str) -> None:
    if step not in forest.items:
        return
    if forest.items[step].step.kind == "commitment":
        forest.parents.pop(step, None)
        return
    founder = forest.root(thread.removeprefix("t"))
    for commitment, told in forest.outcomes.items():
        if forest.root(commitment) == founder:
            told.pop(step, None)
