"""A run: articles in, records, failures and a manifest out; continued where an earlier run stopped."""

from __future__ import annotations

import asyncio
import datetime as dt
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, Literal

from extractor import __version__
from extractor.files.output import FailureKey, OutputFiles, SetUp, StreamOutput
from extractor.files.prompts import Prompt
from extractor.files.readers import Unread
from extractor.models.interface import Model, Usage
from extractor.pipeline.batch import Done, Failed, Outcome, Skipped, stream
from extractor.pipeline.extract import PART_LIMIT, Extraction, extract_article
from extractor.schema.article import Article
from extractor.schema.record import SCHEMA_VERSION, Manifest

State = Literal["running", "finished", "interrupted", "stopped"]
_PACKAGES = ("openai", "instructor", "pydantic", "tenacity", "diskcache", "vcrpy", "typer", "jinja2", "rapidfuzz")


@dataclass(frozen=True)
class RunOptions:
    """How a run goes. `settings` are the user's options as the manifest shows them: never secrets."""

    concurrency: int = 8
    limit: int | None = None
    retry_failed: bool = False
    fail_fast: bool = False
    passes: int = 2
    part_limit: int = PART_LIMIT
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class Totals:
    """What has happened so far: read = written + failed + skipped."""

    written: int = 0
    failed: int = 0
    skipped: int = 0
    already_done: int = 0
    from_cache: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def read(self) -> int:
        return self.written + self.failed + self.skipped


Observer = Callable[[Outcome, Totals], None]


def set_up(model: Model, prompt: Prompt) -> SetUp:
    """What the records of this run share."""
    return SetUp(model.name, prompt.id, prompt.sha256)


async def run(
    articles: Iterator[Article | Unread],
    model: Model,
    prompt: Prompt,
    files: OutputFiles | StreamOutput,
    options: RunOptions,
    *,
    observe: Observer | None = None,
    stop: asyncio.Event | None = None,
) -> tuple[Totals, State]:
    """Reads all articles and writes their records in input order. Raises ConfigurationError and fatal ModelErrors.

    `observe` is told every outcome with the totals so far. `stop` ends the run after the articles under way. Whatever
    ends the run, what is done is written, and the same call continues it.
    """
    stop = stop or asyncio.Event()
    totals, progress = Totals(), _Progress(files, options)
    started, clock = dt.datetime.now(dt.UTC), time.monotonic()
    state: State = "stopped"

    async def work(article: Article) -> Extraction:
        return await extract_article(article, model, prompt, part_limit=options.part_limit, passes=options.passes)

    try:
        async for outcome in stream(progress.pending(articles), work, concurrency=options.concurrency, stop=stop):
            _write(outcome, files, totals, progress)
            if observe is not None:
                observe(outcome, totals)
            if options.fail_fast and isinstance(outcome, Failed):
                break
        else:
            state = "interrupted" if stop.is_set() else "finished"
    except asyncio.CancelledError:
        state = "interrupted"
        raise
    finally:
        if progress.out_of_order:
            files.put_in_order(progress.order)
        files.close(forget=progress.mended)
        files.write_manifest(manifest(model.name, prompt, options, totals, state, started, time.monotonic() - clock))
    return totals, state


class _Progress:
    """Which articles of the input are still to be read, and where they belong in the output."""

    def __init__(self, files: OutputFiles | StreamOutput, options: RunOptions) -> None:
        self._files, self._options = files, options
        self._done = frozenset(files.done)
        self._failed = dict(files.failures)
        self._started_new = False
        self.order: dict[str, int] = {}
        self.out_of_order = False
        self.mended: set[FailureKey] = set()

    def pending(self, articles: Iterator[Article | Unread]) -> Iterator[Article | Unread | Skipped]:
        """The input with what is done already turned into skips, as far as --limit goes."""
        for number, taken in enumerate(articles):
            if self._options.limit is not None and number >= self._options.limit:
                return
            yield self._sort(number, taken)

    def _sort(self, number: int, taken: Article | Unread) -> Article | Unread | Skipped:
        key = self.key(taken)
        if isinstance(taken, Article):
            self.order[taken.id] = number
            if taken.id in self._done:
                self.out_of_order |= self._started_new
                return Skipped(taken.id, "already in the output")
        if key in self._failed and not self._options.retry_failed:
            return Skipped(key[1], "failed in an earlier run; --retry-failed reads it again")
        self._started_new |= isinstance(taken, Article)
        return taken

    @staticmethod
    def key(taken: Article | Unread) -> FailureKey:
        return (taken.source, taken.id) if isinstance(taken, Article) else (taken.source, taken.article)


def _write(outcome: Outcome, files: OutputFiles | StreamOutput, totals: Totals, progress: _Progress) -> None:
    """Puts an outcome on disk, then counts it: a number never runs ahead of the file."""
    match outcome:
        case Done(article, extraction):
            files.add(extraction.record)
            progress.mended.add(progress.key(article))
            totals.written += 1
            totals.from_cache += extraction.cached
            if not extraction.cached:
                totals.usage += extraction.usage
        case Failed(failure):
            files.add_failure(failure)
            totals.failed += 1
            totals.usage += Usage(
                failure.attempts, failure.input_tokens, failure.output_tokens, outcome.network_retries
            )
        case Skipped():
            totals.skipped += 1
            totals.already_done += 1


def manifest(
    model: str,
    prompt: Prompt,
    options: RunOptions,
    totals: Totals,
    state: State,
    started: dt.datetime,
    seconds: float,
) -> Manifest:
    """What OUT.run.json says."""
    from extractor.models.cached import schema_digest
    from extractor.schema.reading import Reading

    return Manifest(
        schema_version=SCHEMA_VERSION,
        extractor=__version__,
        model=model,
        prompt=prompt.id,
        prompt_sha256=prompt.sha256,
        reading_sha256=schema_digest(Reading),
        settings=options.settings,
        versions={"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}},
        state=state,
        read=totals.read,
        written=totals.written,
        failed=totals.failed,
        skipped=totals.skipped,
        already_done=totals.already_done,
        from_cache=totals.from_cache,
        attempts=totals.usage.attempts,
        network_retries=totals.usage.network_retries,
        input_tokens=totals.usage.input_tokens,
        output_tokens=totals.usage.output_tokens,
        started=started,
        finished=dt.datetime.now(dt.UTC),
        seconds=round(seconds, 3),
    )
