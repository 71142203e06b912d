"""Many articles at once: bounded concurrency, results in input order, nothing lost.

Articles are taken from the input only as places become free, so that a million-line file starts at once. Results wait
for those before them in a window of bounded size. One article's failure is a value; only an error that would meet every
other article too (a rejected key, a broken prompt) stops the run.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from extractor.errors import ArticleError, ConfigurationError, InternalError, LimitReached, ModelError, ModelRejected
from extractor.files.readers import Unread
from extractor.pipeline.extract import Extraction
from extractor.schema.article import Article
from extractor.schema.record import Failure

_WINDOW = 8
"""How many times `concurrency` results may wait for an earlier, slower article."""


@dataclass(frozen=True)
class Done:
    """An article that became a record."""

    article: Article
    extraction: Extraction


@dataclass(frozen=True)
class Failed:
    """An article, or a piece of input, that gave no record."""

    failure: Failure
    network_retries: int = 0


@dataclass(frozen=True)
class Skipped:
    """An article that was left out, with the reason."""

    id: str | None
    reason: str


Outcome: TypeAlias = Done | Failed | Skipped
Work: TypeAlias = Callable[[Article], Awaitable[Extraction]]


@dataclass
class _Stream:
    """The state of one pass over the input."""

    source: Iterator[Article | Unread | Skipped]
    work: Work
    concurrency: int
    stop: asyncio.Event
    changed: asyncio.Event
    waiting: deque[asyncio.Future[Outcome]]
    running: int = 0
    exhausted: bool = False

    @property
    def has_room(self) -> bool:
        room = self.running < self.concurrency and len(self.waiting) < _WINDOW * self.concurrency
        return room and not self.exhausted and not self.stop.is_set()

    async def take(self) -> None:
        """Takes the next piece of input. Reading may block (a slow disk, a pipe), so it happens beside the event
        loop.
        """
        taken = await asyncio.to_thread(next, self.source, None)
        if taken is None:
            self.exhausted = True
        elif isinstance(taken, Article):
            self.running += 1
            task: asyncio.Future[Outcome] = asyncio.ensure_future(_attempt(taken, self.work))
            task.add_done_callback(self._finished)
            self.waiting.append(task)
        else:
            ready: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
            ready.set_result(taken if isinstance(taken, Skipped) else failed_unread(taken))
            self.waiting.append(ready)

    def _finished(self, _: asyncio.Future[Outcome]) -> None:
        self.running -= 1
        self.changed.set()


async def stream(
    source: Iterator[Article | Unread | Skipped], work: Work, *, concurrency: int, stop: asyncio.Event | None = None
) -> AsyncIterator[Outcome]:
    """The outcome of every article, in input order, with at most `concurrency` articles under way.

    When `stop` is set no further article is taken; those under way are finished and yielded. Raises whatever would stop
    every article: ConfigurationError, LimitReached, or a fatal ModelRejected, after yielding all that came before it.
    """
    state = _Stream(source, work, concurrency, stop or asyncio.Event(), asyncio.Event(), deque())
    try:
        while True:
            while state.has_room:
                await state.take()
                if state.waiting and state.waiting[0].done():
                    break
            if state.waiting and state.waiting[0].done():
                yield state.waiting.popleft().result()
                continue
            if not state.waiting:
                if state.exhausted or state.stop.is_set():
                    return
                continue
            state.changed.clear()
            if not state.waiting[0].done():
                await state.changed.wait()
    finally:
        left = [task for task in state.waiting if isinstance(task, asyncio.Task)]
        for task in left:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*left, return_exceptions=True)


async def _attempt(article: Article, work: Work) -> Outcome:
    try:
        return Done(article, await work(article))
    except (ConfigurationError, LimitReached):
        raise
    except ModelRejected as error:
        if error.fatal:
            raise
        return _failed(article, error)
    except ArticleError as error:
        return _failed(article, error)
    except Exception as error:  # noqa: BLE001  # a fault of ours in one article must not lose the others; it is named as such
        return _failed(article, InternalError(f"{article.id}: {type(error).__name__}: {error}"))


def failed_unread(unread: Unread) -> Failed:
    """A piece of input that holds no article, as a failure."""
    return Failed(_failure(unread.error, unread.source, unread.article))


def _failed(article: Article, error: ArticleError) -> Failed:
    return Failed(_failure(error, article.source, article.id))


def _failure(error: ArticleError, source: str | None, article: str | None) -> Failure:
    cost = {"attempts": 0, "input_tokens": 0, "output_tokens": 0, "last_output": None}
    if isinstance(error, ModelError):
        cost = {name: getattr(error, name) for name in cost}
    return Failure(
        source=source,
        article=article,
        error=type(error).__name__,
        message=str(error),
        hint=error.hint,
        retryable=error.retryable,
        **cost,
    )
