"""One run over several processes: this one reads the input and writes the output, the workers do what lies between.

One process is bound by its core. Order, resumption and counting stay where they are, in `run`; to it the workers are
just another way to make a record of an article. A worker that dies is replaced, its articles are given out anew, and
what it had set aside for its calls is free again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.errors import ConfigurationError, InternalError
from extractor.models.interface import Usage
from extractor.pipeline import frames
from extractor.pipeline.batch import Work
from extractor.pipeline.kept import MadeRecord
from extractor.schema.article import Article

_MOST_DEATHS = 2
"""An article that was under way in so many workers that died is not given to another one."""

_MOST_STARTS = 10
"""Times that a worker is replaced before the run gives up."""


@dataclass(frozen=True)
class Death:
    """A worker, by its number from 0, ended before its time with this exit code (the negative number of a signal).

    So many articles that it had are given out anew: to the one that takes its place, or, where it is not `replaced` any
    more, to the others.
    """

    worker: int
    code: int
    again: int
    replaced: bool


@dataclass
class _Order:
    """An article that is under way in a worker."""

    number: int
    article: Article
    result: asyncio.Future[MadeRecord]
    deaths: int = 0


@dataclass
class _Worker:
    number: int
    process: asyncio.subprocess.Process
    orders: dict[int, _Order] = field(default_factory=dict)
    listener: asyncio.Task[None] | None = None

    def send(self, order: _Order) -> None:
        assert self.process.stdin is not None
        self.orders[order.number] = order
        self.process.stdin.write(frames.pack({"n": order.number}, order.article.model_dump_json().encode()))


class Workers:
    """The worker processes of a run; `worker_processes` starts and ends them."""

    def __init__(self, jobs: Sequence[dict[str, Any]], on_death: Callable[[Death], None]) -> None:
        self._jobs, self._on_death = jobs, on_death
        self._workers: list[_Worker] = []
        self._numbers = itertools.count()
        self._starts = 0
        self._closing = False

    async def start(self) -> None:
        for number in range(len(self._jobs)):
            await self._start_one(number)

    async def read(self, article: Article) -> MadeRecord:
        """The record of an article, made by the worker with the least to do. Raises what it raised."""
        order = _Order(next(self._numbers), article, asyncio.get_running_loop().create_future())
        self._give(order)
        return await order.result

    def _give(self, order: _Order) -> None:
        if not self._workers:
            hint = "Their messages stand above. Run without --workers to see more."
            order.result.set_exception(ConfigurationError("The worker processes die one after the other.", hint=hint))
            return
        min(self._workers, key=lambda worker: len(worker.orders)).send(order)

    async def _start_one(self, number: int) -> None:
        self._starts += 1
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "extractor.pipeline.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        worker = _Worker(number, process)
        assert process.stdin is not None
        process.stdin.write(frames.pack(self._jobs[number]))
        worker.listener = asyncio.create_task(self._listen(worker))
        self._workers.append(worker)

    async def _listen(self, worker: _Worker) -> None:
        stdout = worker.process.stdout
        assert stdout is not None
        while (received := await frames.receive(stdout)) is not None:
            message, line = received
            order = worker.orders.pop(message["n"])
            if order.result.done():  # cancelled meanwhile
                continue
            if "error" in message:
                order.result.set_exception(frames.restore(message["error"]))
            else:
                order.result.set_result(MadeRecord(line, Usage(**message["usage"]), message["cached"]))
        if not self._closing:
            await self._replace(worker)

    async def _replace(self, dead: _Worker) -> None:
        code = await dead.process.wait()
        self._workers.remove(dead)
        anew, given_up = _sorted_out(dead.orders.values())
        replaced = self._starts < len(self._jobs) + _MOST_STARTS
        self._on_death(Death(dead.number, code, len(anew) if replaced or self._workers else 0, replaced))
        if replaced:
            await self._start_one(dead.number)
        for order in given_up:
            said = f"{order.article.id}: the worker process died while it read this article (exit code {code})"
            order.result.set_exception(InternalError(said))
        for order in anew:
            self._give(order)

    async def close(self) -> None:
        """Ends the workers: nothing that they have under way is wanted any more."""
        self._closing = True
        for worker in self._workers:
            assert worker.process.stdin is not None
            worker.process.stdin.close()
        for worker in self._workers:
            try:
                await asyncio.wait_for(worker.process.wait(), timeout=5)
            except TimeoutError:
                worker.process.kill()
                await worker.process.wait()
            if worker.listener is not None:
                await worker.listener


def _sorted_out(orders: Iterable[_Order]) -> tuple[list[_Order], list[_Order]]:
    """What a dead worker had under way: the orders to give out anew, and those that too many workers died of."""
    anew: list[_Order] = []
    given_up: list[_Order] = []
    for order in orders:
        order.deaths += 1
        if not order.result.done():
            (given_up if order.deaths >= _MOST_DEATHS else anew).append(order)
    return anew, given_up


@contextlib.asynccontextmanager
async def worker_processes(
    jobs: Sequence[dict[str, Any]], on_death: Callable[[Death], None] = lambda _: None
) -> AsyncIterator[Work[MadeRecord]]:
    """Makes records in processes of their own, for the time of the block. `jobs` are the messages that they begin with,
    one for each. `on_death` is told of a worker that died before another one takes its place.
    """
    pool = Workers(jobs, on_death)
    try:
        await pool.start()
        yield pool.read
    finally:
        await asyncio.shield(pool.close())
