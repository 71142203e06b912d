"""How a run shows that it goes on: a live line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from extractor.cli.common import note, printable
from extractor.cli.waiting import phrase, sentence

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from extractor.models.busy import Busy
    from extractor.pipeline.batch import Outcome
    from extractor.pipeline.totals import Totals

_PLAIN_EVERY = 10.0
"""Seconds between two plain lines."""

_WAITING_EVERY = 30.0
"""Seconds between two plain lines that say that the server asks to wait."""


class Display(Protocol):
    """What shows a run."""

    def outcome(self, outcome: Outcome, totals: Totals) -> None:
        """What became of an article, with the totals so far."""

    def waiting(self, busy: Busy | None) -> None:
        """Whether the server keeps the run waiting, told again and again."""


@contextlib.contextmanager
def progress(inputs: list[str], limit: int | None, *, quiet: bool) -> Iterator[Display]:
    """Shows a run. Failures are named as they happen; `quiet` shows only those."""
    if quiet:
        yield _FailuresOnly()
    elif sys.stderr.isatty():
        with _live(inputs, limit) as display:
            yield display
    else:
        yield _Plain()


def _failure_line(outcome: Outcome) -> str | None:
    from extractor.pipeline.batch import Failed

    if not isinstance(outcome, Failed):
        return None
    failure = outcome.failure
    where = failure.article or failure.source or "input"
    message = failure.message if where in failure.message else f"{where}: {failure.message}"
    return f"Failed: {message}" + (f"\n  {failure.hint}" if failure.hint else "")


class _FailuresOnly:
    def outcome(self, outcome: Outcome, _: Totals) -> None:
        if (line := _failure_line(outcome)) is not None:
            note(line)

    def waiting(self, _: Busy | None) -> None:
        """No failure."""


class _Plain(_FailuresOnly):
    """Lines for logs and CI."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._last_waiting = self._started - _WAITING_EVERY

    def outcome(self, outcome: Outcome, totals: Totals) -> None:
        super().outcome(outcome, totals)
        now = time.monotonic()
        if now - self._last >= _PLAIN_EVERY:
            self._last = now
            rate = (totals.written + totals.failed) / (now - self._started)
            note(f"{totals.read:,} articles, {totals.failed:,} failed, {_used(totals, ', ')}, {rate:.1f} articles/s")

    def waiting(self, busy: Busy | None) -> None:
        now = time.monotonic()
        if busy is not None and now - self._last_waiting >= _WAITING_EVERY:
            self._last_waiting = now
            note(sentence(busy))


def _used(totals: Totals, separator: str) -> str:
    tokens = totals.usage.input_tokens + totals.usage.output_tokens
    cost = f"{separator}${totals.cost:.4f}" if totals.cost else ""
    return f"{tokens:,} tokens{cost}"


class _Live:
    """A line on a terminal, drawn anew several times a second."""

    def __init__(self, display: Progress, task: TaskID) -> None:
        self._display, self._task = display, task
        self._started = time.monotonic()
        self._details = ""

    def outcome(self, outcome: Outcome, totals: Totals) -> None:
        if (line := _failure_line(outcome)) is not None:
            self._display.console.print(printable(line), markup=False, highlight=False)
        rate = (totals.written + totals.failed) / max(time.monotonic() - self._started, 0.001)
        self._details = f"{totals.failed:,} failed · {_used(totals, ' · ')} · {rate:.1f}/s"
        self._display.update(self._task, completed=totals.read, details=self._details)

    def waiting(self, busy: Busy | None) -> None:
        self._display.update(self._task, details=phrase(busy) if busy else self._details)


@contextlib.contextmanager
def _live(inputs: list[str], limit: int | None) -> Iterator[Display]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from extractor.files.counting import count_articles

    total = count_articles(inputs)
    if limit is not None:
        total = limit if total is None else min(total, limit)
    columns = (
        SpinnerColumn(),
        MofNCompleteColumn(),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[details]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield _Live(display, display.add_task("", total=total, details=""))
