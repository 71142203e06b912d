"""A run on many machines, by Ray Data: chunks of articles go to one actor per node, which writes each as a part.

The input is read by one task, in order. The output is a folder that all nodes see (`report`, `ledger` and the rest
read it as one): part-….jsonl with records, part-….failed.jsonl with failures, run.json. A part is named by a digest of
its articles' ids and appears whole, so that a chunk that Ray runs again (its node died) replaces or finds what is there,
and no article is written twice. A later run passes over every article that has a record.

Everything that crosses processes is a plain value: exceptions of openai and instructor cannot be pickled, and no key
ever leaves a node. Each node takes its keys from its own environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor import errors, settings
from extractor.errors import ConfigurationError, ExtractorError, OutputMismatch
from extractor.files import prompts
from extractor.files.readers import Unread, read_articles
from extractor.models.cached import AnswerCache
from extractor.models.interface import Model, Usage
from extractor.models.opening import Mode, ModelOptions, open_model
from extractor.pipeline.batch import Done, Failed, failed_unread, stream
from extractor.pipeline.extract import Extraction, extract_article
from extractor.pipeline.run import RunOptions, State, Totals, manifest
from extractor.pipeline.sharding import select
from extractor.schema.article import Article
from extractor.schema.record import Failure

if TYPE_CHECKING:
    from ray.data import Dataset

CHUNK = 64
"""Articles in a part. More make fewer files; fewer lose less when a node dies."""

_CPUS = 0.1
"""Of a node, for tasks that wait for the network. With Ray's default of 1, two actors on two cores leave none to the
reader, and the run waits for ever."""

_LOCK = ".lock"


@dataclass(frozen=True)
class RayJob:
    """What every node must know. `inputs` and `folder` are paths that it can reach; `nodes` is 0 for all there are."""

    inputs: list[str]
    folder: str
    model: str
    prompt: str
    prompt_sha256: str
    base_url: str | None = None
    mode: Mode = "json"
    temperature: float | None = None
    concurrency: int = 64
    passes: int = 2
    limit: int | None = None
    shard: str | None = None
    cache: bool = True
    retry_failed: bool = False
    nodes: int = 0
    chunk: int = CHUNK


@dataclass
class Chunk:
    """What became of the articles of one part. `fatal` is an error that would meet every other article too."""

    written: int = 0
    failed: int = 0
    skipped: int = 0
    from_cache: int = 0
    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    network_retries: int = 0
    part: str = ""
    fatal: str = ""

    def row(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def count(self, usage: Usage) -> None:
        for name in ("attempts", "input_tokens", "output_tokens", "network_retries"):
            setattr(self, name, getattr(self, name) + getattr(usage, name))


def read_chunks(job: RayJob) -> Iterator[dict[str, Any]]:
    """The input as rows of one chunk each: what is to be read, what is no article, and how many are done already."""
    done = finished(Path(job.folder))
    pieces = itertools.islice(select(read_articles(job.inputs), job.shard), job.limit)
    while chunk := list(itertools.islice(pieces, job.chunk)):
        articles, failures, skipped = [], [], 0
        for taken in chunk:
            failure = failed_unread(taken).failure if isinstance(taken, Unread) else None
            if _key(taken if failure is None else failure) in done:
                skipped += 1
            elif failure is not None:
                failures.append(failure.model_dump(mode="json"))
            elif isinstance(taken, Article):
                articles.append(taken.model_dump(mode="json"))
        yield {"articles": json.dumps(articles), "failures": json.dumps(failures), "skipped": skipped}


def finished(folder: Path) -> set[bytes]:
    """Digests of what has a record or a failure in the folder."""
    done = set()
    for path in folder.glob("part-*.jsonl"):
        failed = path.name.endswith(".failed.jsonl")
        with path.open("rb") as stream:
            for line in stream:
                row = json.loads(line)
                done.add(_key(Failure.model_validate(row) if failed else row["article"]["id"]))
    return done


def _key(what: Article | Unread | Failure | str) -> bytes:
    """An article is known by its id; input that holds none, or a second article of one id, by its place."""
    match what:
        case str():
            name = what
        case Article():
            name = what.id
        case Failure() if what.attempts or what.error not in _INPUT_ERRORS:
            name = what.article or ""
        case Failure():
            name = f"\0{what.source}\0{what.article}"
        case Unread():
            return _key(failed_unread(what).failure)
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()


_INPUT_ERRORS = {errors.UnreadableInput.__name__, errors.DuplicateId.__name__}


class Node:
    """The actor: one model and one set of connections for a node, with at most `concurrency` articles under way."""

    def __init__(self, job: RayJob) -> None:
        self._job, self._folder = job, Path(job.folder)
        self._places = asyncio.Semaphore(job.concurrency)
        self._prompt = prompts.load(job.prompt)
        self._model: Model | None = None

    def _open(self) -> Model:
        job = self._job
        if self._prompt.sha256 != job.prompt_sha256:
            hint = "Install the same version on every node, and keep prompt files where all nodes see them."
            raise ConfigurationError(f"The prompt {job.prompt} is another one on this node.", hint=hint)
        loaded = settings.load()
        options = ModelOptions(job.base_url, job.mode, job.temperature, job.concurrency)
        cache = AnswerCache(loaded.cache_dir) if job.cache and job.model != "rules" else None
        return open_model(job.model, loaded, options, cache=cache)

    async def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Reads one chunk and writes its part; the row that comes back holds the counts."""
        articles = [Article.model_validate(article) for article in json.loads(row["articles"])]
        failures = [Failure.model_validate(failure) for failure in json.loads(row["failures"])]
        try:
            chunk = await self._read(articles, failures)
        except ExtractorError as error:
            told = {"error": type(error).__name__, "message": str(error), "hint": error.hint}
            return Chunk(fatal=json.dumps(told)).row()
        chunk.skipped = int(row["skipped"])
        return chunk.row()

    async def _read(self, articles: list[Article], failures: list[Failure]) -> Chunk:
        if not articles and not failures:
            return Chunk()
        keys = [*map(_key, articles), *map(_key, failures)]
        path = self._folder / f"part-{blake2b(b''.join(keys), digest_size=12).hexdigest()}.jsonl"
        chunk = Chunk(part=path.name)
        if path.exists():  # written by a node that died before it could say so
            chunk.written = len(path.read_bytes().splitlines())
            chunk.failed = len(keys) - chunk.written
            return chunk
        self._model = self._model or self._open()
        records = []
        async for outcome in stream(iter(articles), self._extract, concurrency=len(articles) or 1):
            if isinstance(outcome, Done):
                records.append(outcome.extraction.record)
                chunk.from_cache += outcome.extraction.cached
                if not outcome.extraction.cached:
                    chunk.count(outcome.extraction.usage)
            elif isinstance(outcome, Failed):
                failed = outcome.failure
                failures.append(failed)
                chunk.count(Usage(failed.attempts, failed.input_tokens, failed.output_tokens, outcome.network_retries))
        chunk.written, chunk.failed = len(records), len(failures)
        # The failures first: where there is a part, its failures are there too.
        _write(path.with_suffix(".failed.jsonl"), [failure.model_dump_json() for failure in failures])
        _write(path, [record.model_dump_json() for record in records], empty=True)
        return chunk

    async def _extract(self, article: Article) -> Extraction:
        assert self._model is not None, "the model is opened before the first article"
        async with self._places:
            return await extract_article(article, self._model, self._prompt, passes=self._job.passes)


def _write(path: Path, lines: list[str], *, empty: bool = False) -> None:
    """A whole file or none; an empty one only where asked for. Raises ConfigurationError, which stops the run."""
    if not lines and not empty:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        hint = "Is the folder there on every node, and is there room?"
        raise ConfigurationError(f"{path} cannot be written: {error.strerror or error}", hint=hint) from error
    finally:
        temporary.unlink(missing_ok=True)


def run_on_ray(
    job: RayJob, options: RunOptions, *, observe: Callable[[Chunk, Totals], None] = lambda _chunk, _totals: None
) -> tuple[Totals, State]:
    """Reads all articles on the Ray cluster that is connected (or RAY_ADDRESS, or this machine alone).

    `observe` is told every chunk, in the order in which they end, with the totals so far. Raises ConfigurationError
    where Ray is not installed or the folder holds another run, and the first fatal error of any node.
    """
    folder = Path(job.folder)
    totals = Totals()
    state: State = "stopped"
    with _locked(folder):
        _require_same(folder, job)
        if job.retry_failed:
            forget_failures(folder)
        started, clock = dt.datetime.now(dt.UTC), time.monotonic()

        def write_manifest() -> None:
            seconds = time.monotonic() - clock
            told = manifest(job.model, prompts.load(job.prompt), options, totals, state, started, seconds)
            _write(folder / "run.json", [told.model_dump_json(indent=1)])

        write_manifest()
        try:
            for row in _dataset(job).iter_rows():
                chunk = Chunk(**row)
                if chunk.fatal:
                    raise _error(json.loads(chunk.fatal))
                _add(totals, chunk)
                observe(chunk, totals)
            state = "finished"
        except KeyboardInterrupt:
            state = "interrupted"
            raise
        finally:
            write_manifest()
    return totals, state


def _dataset(job: RayJob) -> Dataset:
    ray = _connected()
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = 1  # one chunk, one block, one task: what a dead node loses is small
    nodes = job.nodes or len([node for node in ray.nodes() if node["Alive"]])
    pool = ray.data.ActorPoolStrategy(size=nodes, max_concurrent_calls_per_actor=_at_once(job))
    source = ray.data.from_items([{"job": 0}], override_num_blocks=1)
    chunks = source.flat_map(lambda _: read_chunks(job), num_cpus=_CPUS)
    # Another share of a core than the reader's: with the same one Ray would fuse both into one actor.
    return chunks.map(Node, fn_constructor_args=(job,), compute=pool, num_cpus=2 * _CPUS, scheduling_strategy="SPREAD")


def _at_once(job: RayJob) -> int:
    """Chunks under way on a node: enough to fill its places while some chunks wait for their slowest article."""
    return max(2, -(-2 * job.concurrency // job.chunk))


def _connected() -> Any:
    """The ray module, connected."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere unless the user asks for it
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ConfigurationError(
            f"--engine ray needs Ray, which is not installed here ({error}).",
            hint="pip install 'claim-commitment-extractor[ray]'; on one machine --engine local is faster.",
        ) from error
    if not ray.is_initialized():
        ray.init(include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    return ray


def _add(totals: Totals, chunk: Chunk) -> None:
    totals.written += chunk.written
    totals.failed += chunk.failed
    totals.skipped += chunk.skipped
    totals.already_done += chunk.skipped
    totals.from_cache += chunk.from_cache
    totals.usage += Usage(chunk.attempts, chunk.input_tokens, chunk.output_tokens, chunk.network_retries)


def _error(told: dict[str, str]) -> ExtractorError:
    kind = getattr(errors, told["error"], ConfigurationError)
    error: ExtractorError = kind(told["message"], hint=told["hint"])
    return error


def forget_failures(folder: Path) -> None:
    """Removes the failures, so that their articles are read again; and parts that hold nothing else."""
    for path in folder.glob("part-*.failed.jsonl"):
        part = path.with_name(path.name.removesuffix(".failed.jsonl") + ".jsonl")
        if part.exists() and part.stat().st_size == 0:
            part.unlink()
        path.unlink()


def _require_same(folder: Path, job: RayJob) -> None:
    try:
        found = json.loads((folder / "run.json").read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise OutputMismatch(f"{folder}/run.json cannot be read: {error}") from error
    for name, value in (("model", job.model), ("prompt_sha256", job.prompt_sha256)):
        if found.get(name) != value:
            raise OutputMismatch(f"{folder} was made with another {name} ({found.get(name)!s:.40}, now {value!s:.40}).")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder, created for its owner alone and held against a second run."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        hint = "With --engine ray the output is a folder that all nodes see."
        raise ConfigurationError(f"{folder} cannot be used: {error.strerror}", hint=hint) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(f"{folder} is being written by another run.", hint="Wait for its end.") from None
        yield
    finally:
        os.close(lock)
