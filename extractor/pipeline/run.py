"""A run: articles in, records, failures and a manifest out; continued where an earlier run stopped."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from extractor.errors import ExtractorError, LimitReached
from extractor.files.output import OutputFiles, SetUp, StreamOutput
from extractor.files.prompts import Prompt
from extractor.files.readers import Unread
from extractor.models.interface import Model, Usage
from extractor.models.limits import Gate
from extractor.pipeline.batch import Done, Failed, Outcome, Skipped, stream
from extractor.pipeline.extract import PART_LIMIT, extract_article
from extractor.pipeline.resuming import Progress
from extractor.pipeline.totals import State, Totals, manifest
from extractor.schema.article import Article

__all__ = ["Made", "Observer", "RunOptions", "State", "Totals", "Work", "manifest", "run", "set_up"]


_RUNNING: State = "running"


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
    passes: int = 2
    part_limit: int = PART_LIMIT
    settings: dict[str, Any] = field(default_factory=dict)


class Made(Protocol):
    """What work makes of an article: a line of the output, and what it took. `cached` tells that nobody was asked."""

    @property
    def line(self) -> bytes: ...

    @property
    def usage(self) -> Usage: ...

    @property
    def cached(self) -> bool: ...


Work: TypeAlias = Callable[[Article], Awaitable[Made]]
Observer: TypeAlias = Callable[[Outcome, Totals], None]


class Named(Protocol):
    """A model, or what stands for it where others ask it."""

    @property
    def name(self) -> str: ...


def set_up(model: Named, prompt: Prompt) -> SetUp:
    """What the records of this run share."""
    return SetUp(model.name, prompt.id, prompt.sha256)


def in_this_process(model: Model, prompt: Prompt, options: RunOptions) -> Work:
    """The plain way to make a record: this process asks the model."""

    async def work(article: Article) -> Made:
        return await extract_article(article, model, prompt, part_limit=options.part_limit, passes=options.passes)

    return work


async def run(
    articles: Iterator[Article | Unread],
    model: Model,
    prompt: Prompt,
    files: OutputFiles | StreamOutput,
    options: RunOptions,
    *,
    gate: Gate | None = None,
    observe: Observer | None = None,
    stop: asyncio.Event | None = None,
) -> tuple[Totals, State]:
    """Reads all articles with the model and writes their records in input order; see `run_with`."""
    work = in_this_process(model, prompt, options)
    return await run_with(work, articles, model, prompt, files, options, gate=gate, observe=observe, stop=stop)


async def run_with(
    work: Work,
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
    totals, state = Totals(), _RUNNING
    started, clock = dt.datetime.now(dt.UTC), time.monotonic()

    def write_manifest() -> None:
        totals.cost = gate.spent if gate else None
        price = gate.limits.price if gate else None
        seconds = time.monotonic() - clock
        files.write_manifest(manifest(model.name, prompt, options, totals, state, started, seconds, price))

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
            else:
                state = "interrupted" if stop.is_set() else "finished"
    except LimitReached as error:
        totals.limit = error
    except asyncio.CancelledError:
        state = "interrupted"
        raise
    finally:
        _finish(files, progress, write_manifest)
    return totals, state


def _write(outcome: Outcome, files: OutputFiles | StreamOutput, totals: Totals, progress: Progress) -> None:
    """Puts an outcome on disk, then counts it: a number never runs ahead of the file."""
    match outcome:
        case Done(article, made):
            files.add(made.line)
            progress.written(article)
            totals.written += 1
            totals.from_cache += made.cached
            if not made.cached:
                totals.usage += made.usage
        case Failed(failure):
            files.add_failure(failure)
            totals.failed += 1
            totals.usage += Usage(
                failure.attempts, failure.input_tokens, failure.output_tokens, outcome.network_retries
            )
        case Skipped():
            totals.skipped += 1
            totals.already_done += 1


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
