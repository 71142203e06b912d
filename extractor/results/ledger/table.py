"""Threads as a table for a terminal."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Sequence

from extractor.results.terminal import visible
from extractor.schema.ledger import Link, Step, Thread

_ACTORS = 22


def render(threads: Sequence[Thread], *, width: int = 110, history: bool = True) -> str:
    """A line per thread: its state, its days, how far they slipped, who and what; with `history` its steps below it.

    Threads of a single step are told in their one line.
    """
    if not threads:
        return "No threads.\n"
    lines = []
    for thread in threads:
        lines += _thread(thread, width)
        if history and len(thread.steps) > 1:
            for step in thread.steps:
                lines += _step(step, width)
    counts = Counter(thread.state.name for thread in threads)
    most_first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = ", ".join(f"{number:,} {name}" for name, number in most_first)
    lines += ["", f"{len(threads):,} thread{'' if len(threads) == 1 else 's'} as of {threads[0].state.as_of}: {told}."]
    return visible("\n".join(lines)) + "\n"


def _thread(thread: Thread, width: int) -> list[str]:
    actors = ", ".join(actor.name for actor in thread.actors) or "nobody named"
    head = f"{thread.state.name:<12}{_days(thread):<25}"
    who = actors if len(actors) <= _ACTORS else actors[: _ACTORS - 1] + "…"
    told = f"{who}: {thread.title}"
    lines = textwrap.wrap(told, width - len(head) - 2, subsequent_indent="  ")
    first, rest = lines[0], lines[1:]
    reason = textwrap.wrap(f"{thread.id} · {thread.state.reason}", width - 12, break_long_words=False)
    return ["", f"{head}{first}", *(" " * len(head) + line for line in rest), *(" " * 12 + line for line in reason)]


def _days(thread: Thread) -> str:
    if thread.earliest is None and thread.latest is None:
        return "no date"
    days = f"{_day(thread.earliest)}–{_day(thread.latest)}" if thread.earliest != thread.latest else _day(thread.latest)
    return days + (f" {thread.slip_days:+}d" if thread.slip_days else "")


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "…"


def _step(step: Step, width: int) -> list[str]:
    said = step.said.isoformat() if step.said else "undated   "
    speaker = f"{step.speaker}: " if step.speaker else ""
    what = f"{_relation(step.link) if step.link else 'first'}, {step.firmness or step.kind}"
    head = textwrap.wrap(f"{said}  {what}", width, initial_indent=" " * 12, subsequent_indent=" " * 24)
    quote = " ".join(step.quote.exact.split())
    body = textwrap.wrap(f"{speaker}“{quote}”", width - 24, max_lines=2, placeholder=" …")
    return [*head, *(" " * 24 + line for line in body)]


def _relation(link: Link) -> str:
    changes = f" ({', '.join(link.changes)})" if link.changes else ""
    slip = f", {link.slip_days:+} days" if link.slip_days else ""
    sure = f", {link.confidence:.0%} by {link.by}" if link.by != "person" else ", decided by a person"
    return f"{link.relation.replace('_', ' ')}{changes}{slip}{sure}"
