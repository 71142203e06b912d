"""A run: articles in, records, failures and a manifest out; continued where an earlier run stopped."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from extractor.errors import ExtractorError, LimitReached, ModelUnavailable
from extractor.files.output import OutputFiles, SetUp, StreamOutput
from extractor.files.prompts import Prompt
from extractor.files.readers import Unread
from extractor.models.interface import Usage
from extractor.models.limits import Gate
from extractor.pipeline.batch import Done, Failed, Outcome, Skipped, Work, stream
from extractor.pipeline.resuming import Progress
from extractor.pipeline.totals import State, Totals, manifest
from extractor.schema.article import Article


@dataclass(frozen=True)
class RunOptions:
    """How a run goes. `settings` are the user's options as the manifest shows them: never secrets.

    `ahead` articles more than `concurrency` are under way where the model limits its calls itself: they are made ready
    or finished while others wait for the server.
    """

    concurrency: int = 8
    ahead: int = 0
    limit: int | None = None
    retry_failed: bool = False
    fail_fast: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


class Made(Protocol):
    """What work makes of an article: a line of the output, and what it took. `cached` tells that nobody was asked."""

    @property
    def line(self) -> bytes: ...

    @property
    def usage(self) -> Usage: ...

    @property
    def cached(self) -> bool: ...


Observer: TypeAlias = Callable[[Outcome, Totals], None]


MOST_LOST = 25
"""Articles in a row that the server did not answer, after all repeats: then the run stops, rather than to turn a
million articles into failures while a server is down.
"""

_LATER = "When the server answers again, the same command with --retry-failed continues."


class Named(Protocol):
    """A model, or what stands for it where others ask it."""

    @property
    def name(self) -> str: ...


def set_up(model: Named, prompt: Prompt) -> SetUp:
    """What the records of this run share."""
    return SetUp(model.name, prompt.id, prompt.sha256)


async def run(
    work: Work[Made],
    articles: Iterator[Article | Unread],
    model: Named,
    prompt: Prompt,
    files: OutputFiles | StreamOutput,
    options: RunOptions,
    *,
    gate: Gate | None = None,
    observe: Observer | None = None,
    stop: asyncio.Event | None = None,
) -> tuple[Totals, State]:
    """Makes a record of each article by `work`, wherever that happens, and writes the records in input order.

    `model` and `prompt` stand in the manifest; `gate` is the model's, for what the run costs. `observe` is told every
    outcome with the totals so far. `stop` ends the run after the articles under way, and so does a limit that is
    reached (`Totals.limit`). Raises ConfigurationError and fatal ModelErrors; whatever ends the run, what is done is
    written, and the same call continues it.
    """
    stop = stop or asyncio.Event()
    progress = Progress(files, limit=options.limit, retry_failed=options.retry_failed)
    totals = Totals()
    state: State = "running"
    started, clock = dt.datetime.now(dt.UTC), time.monotonic()

    def write_manifest() -> None:
        totals.cost = gate.spent if gate else None
        price = gate.limits.price if gate else None
        seconds = time.monotonic() - clock
        files.write_manifest(manifest(model.name, prompt, options.settings, totals, state, started, seconds, price))

    stopped = asyncio.ensure_future(stop.wait())
    if gate is not None:
        stopped.add_done_callback(lambda done: None if done.cancelled() else gate.begin_no_more())
    lost = 0
    try:
        write_manifest()
        state = "stopped"
        pending, places = progress.pending(articles), options.concurrency + options.ahead
        async with contextlib.aclosing(stream(pending, work, concurrency=places, stop=stop)) as outcomes:
            async for outcome in outcomes:
                _write(outcome, files, totals, progress)
                if observe is not None:
                    totals.cost = gate.spent if gate else None
                    observe(outcome, totals)
                if options.fail_fast and isinstance(outcome, Failed):
                    break
                lost = lost + 1 if _is_lost(outcome) else lost if isinstance(outcome, Skipped) else 0
                if lost == MOST_LOST:
                    totals.limit = LimitReached(f"The server did not answer {lost} articles in a row.", hint=_LATER)
                    break
            else:
                state = "interrupted" if stop.is_set() else "finished"
    except LimitReached as error:
        if stop.is_set():
            state = "interrupted"
        else:
            totals.limit = error
    except asyncio.CancelledError:
        state = "interrupted"
        raise
    finally:
        stopped.cancel()
        totals.others = progress.others
        _finish(files, progress, write_manifest)
    return totals, state


def _is_lost(outcome: Outcome) -> bool:
    return isinstance(outcome, Failed) and outcome.failure.error == ModelUnavailable.__name__


def _write(outcome: Outcome, files: OutputFiles | StreamOutput, totals: Totals, progress: Progress) -> None:
    """Puts an outcome on disk, then counts it: a number never runs ahead of the file."""
    match outcome:
        case Done(article, made):
            files.add(made.line)
            progress.written(article)
        case Failed(failure):
            files.add_failure(failure)
    totals.count(outcome)


def _finish(files: OutputFiles | StreamOutput, progress: Progress, write_manifest: Callable[[], None]) -> None:
    """Puts the files in order and closes them. One step that fails does not keep the others from being done, and does
    not hide what ended the run.
    """
    steps: list[Callable[[], None]] = [
        lambda: files.close(forget=progress.mended),
        write_manifest,
        files.unlock,
    ]
    if progress.out_of_order:
        steps.insert(0, lambda: files.put_in_order(progress.place()))
    failure: ExtractorError | None = None
    for step in steps:
        try:
            step()
        except ExtractorError as error:
            failure = failure or error
    if failure is not None and sys.exc_info()[0] is None:
        raise failure
