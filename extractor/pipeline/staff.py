"""Who does the work of a run: this process alone, or several that share it."""

from __future__ import annotations

import contextlib
import math
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from extractor import settings as settings_module
from extractor.files import prompts
from extractor.models import providers
from extractor.models.board import Board
from extractor.models.interface import Model
from extractor.models.limits import Gate, Limits
from extractor.models.opening import ModelOptions, open_model
from extractor.models.pricing import Price
from extractor.pipeline.extract import PART_LIMIT, extract_article
from extractor.pipeline.run import Made, Work
from extractor.schema.article import Article


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

    def message(self, board: Path) -> dict[str, Any]:
        """The job as plain values, for another process."""
        return asdict(self) | {"board": str(board)}

    @classmethod
    def of(cls, message: dict[str, Any]) -> tuple[Job, Path]:
        """The job and the board of a message."""
        board = Path(message.pop("board"))
        price = message["limits"].pop("price")
        limits = Limits(**message.pop("limits"), price=price and Price(**price))
        return cls(asked=ModelOptions(**message.pop("asked")), limits=limits, **message), board


@dataclass(frozen=True)
class Staff:
    """`at_work()` yields the function that makes records, for as long as its block lasts. `name` is the model's."""

    name: str
    gate: Gate
    at_work: Callable[[], AbstractAsyncContextManager[Work]]


@contextlib.contextmanager
def staffed(job: Job, workers: int) -> Iterator[Staff]:
    """The staff for a job: with one worker this process, with more as many others.

    Raises ConfigurationError where the model cannot be opened.
    """
    if workers == 1:
        gate = Gate(job.limits)
        model = opened(job, gate)
        yield Staff(job.model, gate, lambda: reader(job, model))
        return
    from extractor.pipeline.workers import worker_processes

    if job.model != "rules":  # better said once, here, than by every worker
        providers.find(job.model, settings_module.load(), base_url=job.asked.base_url, offline=job.replay is not None)
    places = math.ceil(job.limits.concurrency / workers)
    share = replace(job, limits=replace(job.limits, concurrency=places), asked=replace(job.asked, connections=places))
    with tempfile.TemporaryDirectory(prefix="extractor-") as folder:
        board = Path(folder) / "board"
        Board.create(board)
        gate = Gate(job.limits, Board(board))
        yield Staff(job.model, gate, lambda: worker_processes(share.message(board), workers))


def opened(job: Job, gate: Gate) -> Model:
    """The job's model. Raises ConfigurationError."""
    from extractor.models.cached import AnswerCache
    from extractor.models.cassette import Cassette

    settings = settings_module.load()
    return open_model(
        job.model,
        settings,
        job.asked,
        replay=Cassette.load(Path(job.replay)) if job.replay else None,
        cache=AnswerCache(settings.cache_dir) if job.cache else None,
        read_cache=job.read_cache,
        gate=gate,
    )


@contextlib.asynccontextmanager
async def reader(job: Job, model: Model) -> AsyncIterator[Work]:
    """Makes records in this process, and keeps them where answers are kept."""
    from extractor.models.cached import CachedModel
    from extractor.pipeline.kept import KeptRecords

    prompt = prompts.load(job.prompt)
    kept: KeptRecords | None = None
    if isinstance(model, CachedModel) and job.read_cache:
        kept = KeptRecords(model.cache.records, model, prompt, passes=job.passes, part_limit=job.part_limit)

    async def read(article: Article) -> Made:
        return await extract_article(article, model, prompt, part_limit=job.part_limit, passes=job.passes)

    async def read_once(article: Article) -> Made:
        assert kept is not None, "this is used where records are kept"
        key = kept.key(article)
        if (found := kept.get(key)) is not None:
            return found
        made = await read(article)
        kept.set(key, made.line, made.usage)
        return made

    try:
        yield read if kept is None else read_once
    finally:
        await model.aclose()
