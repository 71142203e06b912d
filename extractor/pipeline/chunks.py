"""A share of a run that is spread over machines: chunks of the input, and the actor that turns one into a part.

Nothing here knows who carries the chunks about (ray.py does). All that crosses processes is plain values: exceptions of
openai and instructor cannot be pickled, and no key ever leaves a node.

A part is named by a digest of its articles' ids and appears whole, so that a chunk that is read again (its node died)
finds what is there, and no article is written twice. A later run passes over every article that has a record.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from extractor import errors
from extractor.errors import ConfigurationError, ExtractorError
from extractor.files import prompts
from extractor.files.readers import Unread, read_articles
from extractor.models.interface import Model, Usage
from extractor.models.limits import Gate
from extractor.pipeline import frames
from extractor.pipeline.batch import Done, Failed, Work, failed_unread, stream
from extractor.pipeline.run import Made
from extractor.pipeline.sharding import select
from extractor.pipeline.staff import Job, opened, reading
from extractor.pipeline.totals import Totals
from extractor.schema.article import Article
from extractor.schema.record import Failure

CHUNK = 64
"""Articles in a part. More make fewer files; fewer lose less when a node dies."""

PARTS = "part-*.jsonl"
_FAILED = ".failed.jsonl"


@dataclass(frozen=True)
class ChunkJob:
    """What every node must know. `inputs` (from `home`) and `folder` are paths that it can reach.

    `before` names the files of earlier runs. It is fixed at the start: a reader that is started again must yield the
    same chunks, whatever has been written since.
    """

    work: Job
    prompt_sha256: str
    inputs: list[str]
    folder: str
    home: str = ""
    ahead: int = 0
    limit: int | None = None
    shard: str | None = None
    chunk: int = CHUNK
    before: tuple[str, ...] = ()


@dataclass
class Chunk:
    """What became of the articles of one part, and where. `fatal` is an error that every other article would meet, as
    frames.py describes it.
    """

    written: int = 0
    failed: int = 0
    skipped: int = 0
    from_cache: int = 0
    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    network_retries: int = 0
    cost: float = 0.0
    part: str = ""
    worker: str = ""
    fatal: str = ""

    def row(self) -> dict[str, Any]:
        """As plain values."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def add_to(self, totals: Totals) -> None:
        totals.written += self.written
        totals.failed += self.failed
        totals.skipped += self.skipped
        totals.already_done += self.skipped
        totals.from_cache += self.from_cache
        totals.usage += Usage(self.attempts, self.input_tokens, self.output_tokens, self.network_retries)
        if totals.cost is not None:
            totals.cost += self.cost


def read_chunks(job: ChunkJob) -> Iterator[dict[str, Any]]:
    """The input as rows of one chunk each: what is to be read, what is no article, and how many are done already."""
    folder = Path(job.folder)
    done = _finished(folder / name for name in job.before)
    # Sources stand in the records as they were named, so relative ones must lead from the same place on every node.
    with contextlib.chdir(job.home) if os.path.isdir(job.home) else contextlib.nullcontext():
        own = [path for path in folder.glob(PARTS) if path.name in job.before]
        pieces = itertools.islice(select(read_articles(job.inputs, leave_out=own), job.shard), job.limit)
        while chunk := list(itertools.islice(pieces, job.chunk)):
            yield _row(chunk, done)


def _row(chunk: list[Article | Unread], done: set[bytes]) -> dict[str, Any]:
    articles, failures = [], []
    for taken in chunk:
        if isinstance(taken, Article):
            if _key(taken) not in done:
                articles.append(taken.model_dump(mode="json"))
        elif _key(failure := failed_unread(taken).failure) not in done:
            failures.append(failure.model_dump(mode="json"))
    skipped = len(chunk) - len(articles) - len(failures)
    return {"articles": json.dumps(articles), "failures": json.dumps(failures), "skipped": skipped}


def _finished(files: Iterable[Path]) -> set[bytes]:
    """The keys of all that has a record or a failure in these parts."""
    done = set()
    for path in files:
        failed = path.name.endswith(_FAILED)
        with path.open("rb") as lines:
            for line in lines:
                row = json.loads(line)
                done.add(_key(Failure.model_validate(row) if failed else row["article"]["id"]))
    return done


_INPUT_ERRORS = {errors.UnreadableInput.__name__, errors.DuplicateId.__name__}


def _key(what: Article | Failure | str) -> bytes:
    """An article is known by its id; input that holds none, or a second article of one id, by its place."""
    if isinstance(what, Failure):
        unread = what.error in _INPUT_ERRORS or what.article is None
        name = f"\0{what.source}\0{what.article}" if unread else what.article or ""
    else:
        name = what.id if isinstance(what, Article) else what
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Node:
    """The actor: one model and one set of connections, with a bounded number of articles under way."""

    def __init__(self, job: ChunkJob) -> None:
        self._job, self._folder = job, Path(job.folder)
        self._gate = Gate(job.work.limits)
        self._places = asyncio.Semaphore(job.work.limits.concurrency + job.ahead)
        self._prompt = prompts.load(job.work.prompt)
        self._model: Model | None = None
        self._work: Work[Made] | None = None
        self._told = 0.0

    async def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Reads one chunk and writes its part; the row that comes back holds the counts."""
        articles = [Article.model_validate(article) for article in json.loads(row["articles"])]
        failures = [Failure.model_validate(failure) for failure in json.loads(row["failures"])]
        try:
            chunk = await self._read(articles, failures)
        except ExtractorError as error:
            chunk = Chunk(fatal=json.dumps(frames.describe(error)))
        else:
            chunk.skipped = int(row["skipped"])
        spent = self._gate.spent or 0.0
        chunk.cost, self._told = spent - self._told, spent
        return chunk.row()

    async def aclose(self) -> None:
        """Closes the connections; an actor's end closes them too."""
        if self._model is not None:
            await self._model.aclose()

    async def _read(self, articles: list[Article], failures: list[Failure]) -> Chunk:
        if not articles and not failures:
            return Chunk()
        keys = [*map(_key, articles), *map(_key, failures)]
        path = self._folder / f"part-{blake2b(b''.join(keys), digest_size=12).hexdigest()}.jsonl"
        chunk = Chunk(part=path.name, worker=f"{platform.node()}:{os.getpid()}")
        if path.exists():  # written by a node that died before it could say so
            chunk.written = len(path.read_bytes().splitlines())
            chunk.failed = len(keys) - chunk.written
            return chunk
        lines, totals = [], Totals()
        if self._work is None:
            self._work = self._open()
        async for outcome in stream(iter(articles), self._extract, concurrency=max(len(articles), 1)):
            totals.count(outcome)
            if isinstance(outcome, Done):
                lines.append(outcome.extraction.line)
            elif isinstance(outcome, Failed):
                failures.append(outcome.failure)
        # The failures first: where there is a part, its failures are there too.
        write_whole(path.with_suffix(_FAILED), [failure.model_dump_json().encode() + b"\n" for failure in failures])
        write_whole(path, lines, keep=True)
        chunk.written, chunk.failed, chunk.from_cache = len(lines), len(failures), totals.from_cache
        return replace(chunk, **asdict(totals.usage))

    def _open(self) -> Work[Made]:
        if self._prompt.sha256 != self._job.prompt_sha256:
            hint = "Install the same version on every node, and keep prompt files where all nodes see them."
            raise ConfigurationError(f"The prompt {self._job.work.prompt} is another one on this node.", hint=hint)
        self._model = opened(self._job.work, self._gate)
        return reading(self._job.work, self._model)

    async def _extract(self, article: Article) -> Made:
        assert self._work is not None, "the model is opened before the first article"
        async with self._places:
            return await self._work(article)


def write_whole(path: Path, lines: list[bytes], *, keep: bool = False) -> None:
    """A whole file or none; one without lines is taken away unless it is to be kept. Raises ConfigurationError, which
    stops the run.
    """
    if not lines and not keep:
        path.unlink(missing_ok=True)
        return
    temporary = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        hint = "Is the folder there on every node, and is there room?"
        raise ConfigurationError(f"{path} cannot be written: {error.strerror or error}", hint=hint) from error
    finally:
        temporary.unlink(missing_ok=True)


def forget_failures(folder: Path) -> None:
    """Removes the failures, so that their articles are read again; and parts that hold nothing else."""
    for path in folder.glob(f"part-*{_FAILED}"):
        part = path.with_name(path.name.removesuffix(_FAILED) + ".jsonl")
        if part.exists() and part.stat().st_size == 0:
            part.unlink()
        path.unlink()
