"""How a run shows that it goes on: a live line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.cli.common import note, printable

if TYPE_CHECKING:
    from extractor.pipeline.batch import Outcome
    from extractor.pipeline.run import Observer
    from extractor.pipeline.totals import Totals

_PLAIN_EVERY = 10.0
"""Seconds between two plain lines."""


@contextlib.contextmanager
def progress(inputs: list[str], limit: int | None, *, quiet: bool) -> Iterator[Observer]:
    """An observer for a run. Failures are named as they happen; `quiet` shows only those."""
    if quiet:
        yield _failures_only
    elif sys.stderr.isatty():
        with _live(inputs, limit) as observer:
            yield observer
    else:
        yield _Plain()


def _failures_only(outcome: Outcome, _: Totals) -> None:
    if (line := _failure_line(outcome)) is not None:
        note(line)


def _failure_line(outcome: Outcome) -> str | None:
    from extractor.pipeline.batch import Failed

    if not isinstance(outcome, Failed):
        return None
    failure = outcome.failure
    where = failure.article or failure.source or "input"
    message = failure.message if where in failure.message else f"{where}: {failure.message}"
    return f"Failed: {message}" + (f"\n  {failure.hint}" if failure.hint else "")


class _Plain:
    """Lines for logs and CI."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()

    def __call__(self, outcome: Outcome, totals: Totals) -> None:
        _failures_only(outcome, totals)
        now = time.monotonic()
        if now - self._last >= _PLAIN_EVERY:
            self._last = now
            rate = (totals.written + totals.failed) / (now - self._started)
            note(f"{totals.read:,} articles, {totals.failed:,} failed, {_used(totals, ', ')}, {rate:.1f} articles/s")


def _used(totals: Totals, separator: str) -> str:
    tokens = totals.usage.input_tokens + totals.usage.output_tokens
    cost = f"{separator}${totals.cost:.4f}" if totals.cost else ""
    return f"{tokens:,} tokens{cost}"


@contextlib.contextmanager
def _live(inputs: list[str], limit: int | None) -> Iterator[Observer]:
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
        task = display.add_task("", total=total, details="")
        started = time.monotonic()

        def observe(outcome: Outcome, totals: Totals) -> None:
            if (line := _failure_line(outcome)) is not None:
                display.console.print(printable(line), markup=False, highlight=False)
            rate = (totals.written + totals.failed) / max(time.monotonic() - started, 0.001)
            details = f"{totals.failed:,} failed · {_used(totals, ' · ')} · {rate:.1f}/s"
            display.update(task, completed=totals.read, details=details)

        yield observe
