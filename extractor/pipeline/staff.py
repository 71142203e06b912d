"""Who does the work of a run: this process alone, or several that share it."""

from __future__ import annotations

import contextlib
import math
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor import settings as settings_module
from extractor.files import prompts
from extractor.models import providers
from extractor.models.board import Board
from extractor.models.interface import Model
from extractor.models.limits import Gate, Limits
from extractor.models.opening import Chosen, ModelOptions
from extractor.models.pricing import Price
from extractor.pipeline.batch import Work
from extractor.pipeline.extract import PART_LIMIT, extract_article
from extractor.pipeline.run import Made
from extractor.schema.article import Article

if TYPE_CHECKING:
    from extractor.pipeline.workers import Death


@dataclass(frozen=True)
class Job:
    """What is to be done with each article. Keys are not in it: whoever needs one finds it in the environment."""

    model: str
    prompt: str
    asked: ModelOptions
    limits: Limits
    passes: int = 2
    cache: bool = True
    read_cache: bool = True
    replay: str | None = None
    part_limit: int = PART_LIMIT

    def message(self, board: Path, worker: int) -> dict[str, Any]:
        """The job as plain values, for another process."""
        return asdict(self) | {"board": str(board), "worker": worker}

    @classmethod
    def of(cls, message: dict[str, Any]) -> tuple[Job, Board]:
        """The job of a message, and the worker's board."""
        board = Board(Path(message.pop("board")), message.pop("worker"))
        price = message["limits"].pop("price")
        limits = Limits(**message.pop("limits"), price=price and Price(**price))
        return cls(asked=ModelOptions(**message.pop("asked")), limits=limits, **message), board


@dataclass(frozen=True)
class Staff:
    """`at_work()` yields the function that makes records, for as long as its block lasts. `name` is the model's."""

    name: str
    gate: Gate
    at_work: Callable[[], AbstractAsyncContextManager[Work[Made]]]


@contextlib.contextmanager
def staffed(job: Job, workers: int, on_death: Callable[[Death], None] = lambda _: None) -> Iterator[Staff]:
    """The staff for a job: with one worker this process, with more as many others. `on_death` is told of one that died.

    Raises ConfigurationError where the model cannot be opened.
    """
    if workers == 1:
        gate = Gate(job.limits)
        model = opened(job, gate)
        yield Staff(job.model, gate, lambda: reader(job, model))
        return
    from extractor.pipeline.workers import worker_processes

    if job.model != providers.RULES:  # better said once, here, than by every worker
        providers.find(job.model, settings_module.load(), base_url=job.asked.base_url, offline=job.replay is not None)
    places = math.ceil(job.limits.concurrency / workers)
    share = replace(job, limits=replace(job.limits, concurrency=places), asked=replace(job.asked, connections=places))
    with tempfile.TemporaryDirectory(prefix="extractor-") as folder:
        path = Path(folder) / "board"
        Board.create(path, workers)
        board = Board(path)

        def bury(death: Death) -> None:
            board.forget(death.worker)
            on_death(death)

        messages = [share.message(path, worker) for worker in range(workers)]
        yield Staff(job.model, Gate(job.limits, board), lambda: worker_processes(messages, on_death=bury))


def opened(job: Job, gate: Gate) -> Model:
    """The job's model. Raises ConfigurationError."""
    from extractor.models.cassette import Cassette

    cassette = Cassette.load(Path(job.replay)) if job.replay else None
    chosen = Chosen(job.model, job.asked, cassette, job.cache)
    return chosen.open(settings_module.load(), read_cache=job.read_cache, gate=gate)


def reading(job: Job, model: Model) -> Work[Made]:
    """How this process makes records. They are kept where answers are kept."""
    from extractor.models.cached import CachedModel
    from extractor.pipeline.kept import KeptRecords

    prompt = prompts.load(job.prompt)
    read = partial(extract_article, model=model, prompt=prompt, part_limit=job.part_limit, passes=job.passes)
    if not isinstance(model, CachedModel) or not job.read_cache:
        return read
    kept = KeptRecords(model.cache.records, model, prompt, passes=job.passes, part_limit=job.part_limit)

    async def read_once(article: Article) -> Made:
        key = kept.key(article)
        if (found := kept.get(key)) is not None:
            return found
        made = await read(article)
        kept.set(key, made.line, made.usage)
        return made

    return read_once


@contextlib.asynccontextmanager
async def reader(job: Job, model: Model) -> AsyncIterator[Work[Made]]:
    """Makes records in this process, for the time of the block; then the model is closed."""
    try:
        yield reading(job, model)
    finally:
        await model.aclose()
