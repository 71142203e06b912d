"""Which threads are shown, and in what order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractor.errors import ConfigurationError
from extractor.results.ledger.names import Directory, fold
from extractor.results.ledger.states import known_by
from extractor.schema.ledger import Thread

_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
_OPEN = ("upcoming", "due")


@dataclass(frozen=True)
class Selection:
    """What is asked for; a thread must meet all of it.

    `due_within` keeps what is not settled and ends within so many days; `changed_since` what has a step said on that
    day or later; `actor` what a state, body or person of that name would have to do, persons and bodies of a state
    included.
    """

    due_within: int | None = None
    overdue: bool = False
    actor: str | None = None
    changed_since: dt.date | None = None

    def of(self, threads: Iterable[Thread], directory: Directory) -> list[Thread]:
        """The threads that meet it, as they were known on the day of their state: open ones by their last day, then
        overdue ones, then the rest.
        """
        known = (as_known(thread) for thread in threads if self._keeps(thread, directory))
        return sorted((thread for thread in known if thread.steps), key=_order)

    def _keeps(self, thread: Thread, directory: Directory) -> bool:
        state = thread.state
        if self.overdue and state.name != "overdue":
            return False
        if self.due_within is not None:
            end = thread.latest
            if state.name not in _OPEN or end is None or (end - state.as_of).days > self.due_within:
                return False
        if self.changed_since is not None and (thread.last_said is None or thread.last_said < self.changed_since):
            return False
        return self.actor is None or _acts(thread, self.actor, directory)


def as_known(thread: Thread) -> Thread:
    """The thread with the steps that had been told by the day of its state."""
    return thread.model_copy(update={"steps": known_by(thread.steps, thread.state.as_of)})


def days(text: str) -> int:
    """A number of days from "30", "30d", "2w", "6m" or "1y". Raises ConfigurationError."""
    match = re.fullmatch(r"(\d{1,5})\s*([dwmy]?)", text.strip().casefold())
    if match is None:
        raise ConfigurationError(f"{text!r} is no length of time.", hint="Write 30d, 2w, 6m or 1y.")
    return int(match[1]) * _UNITS[match[2] or "d"]


def _acts(thread: Thread, name: str, directory: Directory) -> bool:
    found = directory.find(name) or directory.find(name.title()) or directory.find(name.upper())
    if found is not None:
        return any(found.actor.id in (actor.id, actor.state) for actor in thread.actors)
    key = fold(name)
    return any(key == fold(actor.name) or f" {key} " in f" {fold(actor.name)} " for actor in thread.actors)


def _order(thread: Thread) -> tuple[int, dt.date, str]:
    name = thread.state.name
    place = ("due", "upcoming", "overdue", "partly", "contradicted", "abandoned", "fulfilled", "unratable").index(name)
    return min(place, 1) if name in _OPEN else place, thread.latest or dt.date.max, thread.id
