"""Where a thread stands on a day.

The scale joins what is planned (upcoming, due, overdue) with what became of it (fulfilled, partly, abandoned,
contradicted), after the fulfilment scale of the Comparative Pledges Project and the verdicts of Full Fact's
Government Tracker; docs/ledger.md says what each means. A state is told from the given articles alone: "overdue" says
that its time has passed and that none of them reports it done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from extractor.results.ledger.changes import dated
from extractor.schema.ledger import State, StateName, Step
from extractor.schema.record import When

DUE_DAYS = 30
"""Where only a deadline is known ("by 2030"), the thread is due in its last days and upcoming before."""

_OUTCOMES: dict[str, StateName] = {
    "fulfilled": "fulfilled",
    "partly_fulfilled": "partly",
    "abandoned": "abandoned",
    "contradicted": "contradicted",
}
_TELLS = {
    "fulfilled": "reported done",
    "partly": "reported done in part",
    "abandoned": "told to be called off or given up",
    "contradicted": "contradicted by what was done or said later",
}


def state_as_of(steps: Sequence[Step], as_of: dt.date, *, testable: bool = True) -> State:
    """The state of a thread's steps on a day; what was said after that day does not count."""
    known = known_by(steps, as_of)
    if not known:
        return State(as_of=as_of, name="unratable", reason="nothing had been said by then", evidence=[], by="rules")
    outcome = _outcome(known)
    if outcome is not None:
        return _told(outcome, as_of)
    plan = next((step for step in reversed(known) if dated(step.when)), None)
    if plan is None or plan.when is None:
        return State(
            as_of=as_of,
            name="unratable",
            reason="no article gives it a date" if testable else "no date, and nothing that could be checked",
            evidence=[known[-1].id],
            by="rules",
        )
    if not testable:
        reason = "dated, but it names nothing that could be checked"
        return State(as_of=as_of, name="unratable", reason=reason, evidence=[plan.id], by="rules")
    name, reason = _by_date(plan.when, as_of)
    if name == "overdue" and (put_off := _put_off(known, plan)) is not None:
        reason = f"{put_off.text.rstrip('.')}: no new date is known"
        return State(as_of=as_of, name="unratable", reason=reason, evidence=[plan.id, put_off.id], by="rules")
    condition = f"; it was made on a condition: {plan.condition}" if plan.condition and name == "overdue" else ""
    return State(as_of=as_of, name=name, reason=reason + condition, evidence=[plan.id], by="rules")


def known_by(steps: Sequence[Step], day: dt.date) -> list[Step]:
    """The steps that had been told by a day; those without a date always had."""
    return [step for step in steps if step.said is None or step.said <= day]


def _outcome(known: Sequence[Step]) -> Step | None:
    """The last step that tells an outcome, unless a later commitment takes the undertaking up again."""
    for index in range(len(known) - 1, -1, -1):
        step = known[index]
        if step.link is not None and step.link.relation in _OUTCOMES:
            renewed = any(later.kind == "commitment" for later in known[index + 1 :])
            if renewed and step.link.relation in ("abandoned", "contradicted"):
                return None
            return step
    return None


def _told(step: Step, as_of: dt.date) -> State:
    assert step.link is not None
    name = _OUTCOMES[step.link.relation]
    on = f" on {step.said}" if step.said else ""
    return State(
        as_of=as_of, name=name, reason=f"{_TELLS[name]}{on}: {step.link.because}", evidence=[step.id], by=step.link.by
    )


def _by_date(when: When, as_of: dt.date) -> tuple[StateName, str]:
    start, end = when.earliest, when.latest
    if end is not None and as_of > end:
        return "overdue", f"{_days(as_of - end)} after its last day, {end}, no given article tells what became of it"
    if start is None and end is not None:
        left = end - as_of
        name: StateName = "due" if left.days <= DUE_DAYS else "upcoming"
        return name, f"due by {end}, in {_days(left)}" if left.days else f"due by {end}, today"
    if start is not None and as_of < start:
        return "upcoming", f"its first day, {start}, is {_days(start - as_of)} ahead"
    return "due", f"its time runs from {start} to {end}" if end else f"its time runs since {start}, with no end named"


def _put_off(known: Sequence[Step], plan: Step) -> Step | None:
    """A claim or report after the plan's last date that tells of a delay without a new date."""
    later = known[known.index(plan) + 1 :]
    return next((step for step in later if step.link and "later" in step.link.changes and not dated(step.when)), None)


def _days(delta: dt.timedelta) -> str:
    return f"{delta.days:,} day{'' if delta.days == 1 else 's'}"
