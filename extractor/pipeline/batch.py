"""Many articles at once: bounded concurrency, results in input order, nothing lost.

Articles are taken from the input only as places become free, so that a million-line file starts at once. Results wait
for those before them in a window of bounded size. One article's failure is a value; only an error that would meet every
other article too (a rejected key, a broken prompt) stops the run. A spent budget ends it more gently: what is under way
is finished, and what was left out is neither written nor failed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from extractor.errors import ArticleError, ConfigurationError, InternalError, LimitReached, ModelError, ModelRejected
from extractor.files.readers import Unread
from extractor.pipeline.reading import ReadAhead
from extractor.schema.article import Article
from extractor.schema.record import Failure

R = TypeVar("R")
_NO_COST = ModelError("").cost()

_WINDOW = 8
"""How many times `concurrency` results may wait for an earlier, slower article."""

_AT_ONCE = 8
"""Articles that are started in one turn of the event loop: the questions of the first go out before the next are made
ready.
"""


@dataclass(frozen=True)
class Done(Generic[R]):
    """An article that was read, and what came of it."""

    article: Article
    extraction: R


@dataclass(frozen=True)
class Failed:
    """An article, or a piece of input, that gave no record."""

    failure: Failure
    network_retries: int = 0


@dataclass(frozen=True)
class Skipped:
    """An article that an earlier run has done: there is a record of it, or it `failed` and is not to be read again."""

    id: str | None
    failed: bool = False


@dataclass(frozen=True)
class _LeftOut:
    """An article that the budget did not allow."""

    error: LimitReached


Outcome: TypeAlias = Done[Any] | Failed | Skipped
Work: TypeAlias = Callable[[Article], Awaitable[R]]


class _Stream(Generic[R]):
    """The state of one pass over the input."""

    def __init__(
        self, source: Iterator[Article | Unread | Skipped], work: Work[R], concurrency: int, stop: asyncio.Event
    ) -> None:
        self._input = ReadAhead(source, ahead=min(max(concurrency, 4), 64))
        self._work, self._concurrency, self._stop = work, concurrency, stop
        self._running = 0
        self.waiting: deque[Outcome | asyncio.Task[Outcome | _LeftOut]] = deque()
        self.limit: LimitReached | None = None
        self.changed = self._input.changed
        self._stopped = asyncio.ensure_future(stop.wait())
        self._stopped.add_done_callback(lambda _: self.changed.set())

    @property
    def taking(self) -> bool:
        """Whether more articles are wanted."""
        return not (self._input.exhausted or self._stop.is_set() or self.limit)

    def fill(self) -> None:
        """Starts the next few articles, as many as there are and as there is room for."""
        started = 0
        while self.taking and self._running < self._concurrency and len(self.waiting) < _WINDOW * self._concurrency:
            if started == _AT_ONCE:
                self.changed.set()  # for the others in the next turn
                return
            started += 1
            taken = self._input.take()
            if taken is None:
                return
            if isinstance(taken, Article):
                self._running += 1
                task = asyncio.ensure_future(_attempt(taken, self._work))
                task.add_done_callback(self._finished)
                self.waiting.append(task)
            else:
                self.waiting.append(taken if isinstance(taken, Skipped) else failed_unread(taken))

    def _finished(self, task: asyncio.Task[Outcome | _LeftOut]) -> None:
        self._running -= 1
        self.changed.set()
        if not task.cancelled() and task.exception() is None and isinstance(result := task.result(), _LeftOut):
            self.limit = self.limit or result.error

    def ready(self) -> Iterator[Outcome]:
        """The outcomes that are next in order, as far as they are there. Raises what stops the run."""
        while self.waiting:
            first = self.waiting[0]
            if isinstance(first, asyncio.Task):
                if not first.done():
                    return
                self.waiting.popleft()
                outcome = first.result()
                if not isinstance(outcome, _LeftOut):
                    yield outcome
            else:
                self.waiting.popleft()
                yield first
            self.fill()

    async def close(self) -> None:
        self._input.close()
        self._stopped.cancel()
        left = [task for task in self.waiting if isinstance(task, asyncio.Task)]
        for task in left:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*left, return_exceptions=True)


async def stream(
    source: Iterator[Article | Unread | Skipped], work: Work[R], *, concurrency: int, stop: asyncio.Event | None = None
) -> AsyncGenerator[Outcome, None]:
    """The outcome of every article, in input order, with at most `concurrency` articles under way.

    When `stop` is set no further article is taken; those under way are finished and yielded. Raises what would
    stop every article: ConfigurationError or a fatal ModelRejected, after yielding all that came before it, and
    LimitReached, after yielding all that was finished.
    """
    state = _Stream(source, work, concurrency, stop or asyncio.Event())
    try:
        while True:
            state.changed.clear()
            state.fill()
            for outcome in state.ready():
                yield outcome
            if not state.waiting and not state.taking:
                break
            await asyncio.sleep(0)
            await state.changed.wait()
    finally:
        await state.close()
    if state.limit is not None:
        raise state.limit


async def _attempt(article: Article, work: Work[R]) -> Outcome | _LeftOut:
    try:
        return Done(article, await work(article))
    except LimitReached as error:
        return _LeftOut(error)
    except ConfigurationError:
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
    return Failure(
        source=source,
        article=article,
        error=type(error).__name__,
        message=str(error),
        hint=error.hint,
        retryable=error.retryable,
        **(error.cost() if isinstance(error, ModelError) else _NO_COST),
    )
