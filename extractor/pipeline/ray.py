"""A run on many machines, by Ray Data: chunks of articles go to actors on every node, which write each as a part.

The input is read by one task, in order. The output is a folder that all nodes see (`report`, `ledger` and the rest
read it as one): part-….jsonl with records, part-….failed.jsonl with failures, run.json. What keeps articles from being
lost or written twice stands in chunks.py.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor import errors
from extractor.errors import ConfigurationError, OutputMismatch
from extractor.files import prompts
from extractor.files.locking import OutputLock
from extractor.models.limits import Limits
from extractor.pipeline import frames
from extractor.pipeline.chunks import PARTS, Chunk, ChunkJob, Node, forget_failures, read_chunks, write_whole
from extractor.pipeline.run import RunOptions
from extractor.pipeline.totals import State, Totals, manifest

if TYPE_CHECKING:
    from ray.data import Dataset

_CPUS = 0.1
"""Of a node, for tasks that wait for the network. With Ray's default of 1, two actors on two cores leave none to the
reader, and the run waits for ever."""

Observer = Callable[[Chunk, Totals], None]


def run_on_ray(
    job: ChunkJob,
    options: RunOptions,
    *,
    nodes: int | None = None,
    workers: int = 1,
    overwrite: bool = False,
    observe: Observer = lambda _chunk, _totals: None,
) -> tuple[Totals, State]:
    """Reads all articles on the Ray cluster that is connected (else RAY_ADDRESS, else this machine alone), with so many
    `workers` on each of its `nodes` (all there are).

    `observe` is told every chunk, in the order in which they end, with the totals so far. Limits and budget are divided
    equally. Raises ConfigurationError where Ray is not installed or the folder holds another run, and the first error
    of any node that every article would meet; what is done by then is written.
    """
    folder = Path(job.folder)
    lock = _lock(folder)
    try:
        _make_ready(folder, job, overwrite=overwrite, retry_failed=options.retry_failed)
        job = replace(job, before=tuple(sorted(path.name for path in folder.glob(PARTS))))
        return _run(job, options, nodes, workers, observe)
    finally:
        lock.release()


def _run(
    job: ChunkJob, options: RunOptions, nodes: int | None, workers: int, observe: Observer
) -> tuple[Totals, State]:
    price = job.work.limits.price
    totals = Totals(cost=None if price is None else 0.0)
    state: State = "running"
    started, clock = dt.datetime.now(dt.UTC), time.monotonic()
    prompt = prompts.load(job.work.prompt)

    def write_manifest() -> None:
        seconds = time.monotonic() - clock
        told = manifest(job.work.model, prompt, options.settings, totals, state, started, seconds, price)
        write_whole(Path(job.folder) / "run.json", [told.model_dump_json(indent=1).encode() + b"\n"])

    write_manifest()
    state = "stopped"
    try:
        for row in _rows(_dataset(job, nodes, workers)):
            chunk = Chunk(**row)
            chunk.add_to(totals)
            if chunk.fatal:
                raise frames.restore(json.loads(chunk.fatal))
            observe(chunk, totals)
        state = "finished"
    except errors.LimitReached as error:
        totals.limit = error
    except KeyboardInterrupt:
        state = "interrupted"
        raise
    finally:
        write_manifest()
    return totals, state


def _rows(dataset: Dataset) -> Iterator[dict[str, Any]]:
    """The rows as they come. Raises InternalError where Ray itself gives up."""
    from ray.exceptions import RayError

    try:
        yield from dataset.iter_rows()
    except RayError as error:
        reason = str(error).strip().splitlines()[-1:] or [""]
        hint = "What is done is written; the same command continues. Ray's logs are in its session folder."
        raise errors.InternalError(f"Ray gave up ({type(error).__name__}): {reason[0][:300]}", hint=hint) from error


def _dataset(job: ChunkJob, nodes: int | None, workers: int) -> Dataset:
    ray = _connected()
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = 1  # one chunk, one block, one task: what a dead node loses is small
    actors = workers * (nodes or len([node for node in ray.nodes() if node["Alive"]]))
    job = replace(job, work=replace(job.work, limits=_share(job.work.limits, actors)))
    at_once = max(2, math.ceil(2 * job.work.limits.concurrency / job.chunk))  # one chunk may wait for its last article
    pool = ray.data.ActorPoolStrategy(size=actors, max_concurrent_calls_per_actor=at_once)
    source = ray.data.from_items([{"input": 0}], override_num_blocks=1)
    chunks = source.flat_map(lambda _: read_chunks(job), num_cpus=_CPUS)
    # Another share of a core than the reader's: with the same one Ray would fuse both into one actor.
    return chunks.map(Node, fn_constructor_args=(job,), compute=pool, num_cpus=2 * _CPUS)


def _share(limits: Limits, actors: int) -> Limits:
    """One actor's part of what the whole run may do a minute, and spend. Concurrency is meant for each."""

    def part(whole: float | None) -> float | None:
        return None if whole is None else whole / actors

    return replace(limits, rpm=part(limits.rpm), tpm=part(limits.tpm), max_cost=part(limits.max_cost))


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
    logging.getLogger("ray.data").setLevel(logging.ERROR)  # plans and statistics, which nobody asked for
    if not ray.is_initialized():
        # Never Ray's own search for a cluster: one that was killed is still found, and waited for without an end.
        address = os.environ.get("RAY_ADDRESS")
        alone = {} if address else {"include_dashboard": False}
        ray.init(address=address or "local", logging_level="ERROR", log_to_driver=False, **alone)
    return ray


def _lock(folder: Path) -> OutputLock:
    """The folder, made for its owner alone, and held against a second run."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = OutputLock(folder)
        lock.acquire()
    except OSError as error:
        hint = "With --engine ray the output is a folder that all nodes see."
        raise ConfigurationError(f"{folder} cannot be used: {error.strerror}", hint=hint) from error
    return lock


def _make_ready(folder: Path, job: ChunkJob, *, overwrite: bool, retry_failed: bool) -> None:
    if overwrite:
        for path in [*folder.glob(PARTS), folder / "run.json"]:
            path.unlink(missing_ok=True)
    _require_same(folder, job)
    if retry_failed:
        forget_failures(folder)


def _require_same(folder: Path, job: ChunkJob) -> None:
    try:
        found = json.loads((folder / "run.json").read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise OutputMismatch(f"{folder}/run.json cannot be read: {error}") from error
    for name, value in (("model", job.work.model), ("prompt_sha256", job.prompt_sha256)):
        if found.get(name) != value:
            raise OutputMismatch(f"{folder} was made with another {name} ({found.get(name)!s:.40}, now {value!s:.40}).")
