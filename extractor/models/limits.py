"""The gate through which every call to a server passes: so many at once, so many a minute, so much money.

It stands around single HTTP calls, so that repeats of lost calls and re-asks are limited and counted like first ones.
While a call waits here no connection is held. Several processes keep one set of limits by sharing a board.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from extractor.errors import LimitReached
from extractor.models import begun
from extractor.models.board import Board, Slot
from extractor.models.busy import Busy, Rejections
from extractor.models.pace import Pace
from extractor.models.places import Places
from extractor.models.pricing import Price

_POLL = 0.05
"""Seconds between two looks at a budget that calls under way may still free."""

_LONGEST_NAP = 1.0
_FURTHER = 1.5
"""What is held back for the further questions about an article, per cost of its first one: a second question repeats
the first one and its answer, and asks for less."""

_ROUGH = 0.1
"""Before the first answer an estimate may be ten times too high: a first call is refused only if even a tenth of its
estimate passes the budget."""


@dataclass(frozen=True)
class Limits:
    """What a run may do. None stands for no limit; `max_cost` is in USD and needs a `price`."""

    concurrency: int = 64
    rpm: float | None = None
    tpm: float | None = None
    price: Price | None = None
    max_cost: float | None = None


@dataclass(frozen=True)
class Estimate:
    """Tokens that a call will probably take, told from the number of characters."""

    input_tokens: float
    output_tokens: float


@dataclass
class Passage:
    """One call on its way through the gate. `settle` it with what it really took; else it counts as free."""

    estimate: Estimate
    number: int
    sent: float
    reserved: float
    reserved_tokens: float
    settled: tuple[int, int, int] | None = field(default=None)

    def settle(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> None:
        self.settled = (input_tokens, output_tokens, cached_tokens)


class Gate:
    """Lets calls through as the limits allow: further questions about an article before other articles' first ones,
    else in the order in which they came.
    """

    def __init__(
        self, limits: Limits | None = None, board: Board | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits or Limits()
        self._board = board or Board()
        self._pace = Pace(self._board, rpm=self.limits.rpm, tpm=self.limits.tpm)
        self._rejections = Rejections(self._board)
        self._clock = clock
        self._places = Places(self.limits.concurrency)
        self._turn = asyncio.Lock()

    @property
    def spent(self) -> float | None:
        """USD for all answers so far, those that led to failures included; None where no price is known."""
        return None if self.limits.price is None else self._board[Slot.SPENT]

    @contextlib.asynccontextmanager
    async def call(self, estimate: Estimate) -> AsyncIterator[Passage]:
        """Waits until a call may be made. Raises LimitReached where it would pass the budget, or begin an article after
        `begin_no_more`.
        """
        article = begun.current()
        async with self._places.one(first=article.begun):
            passage = await self._admit(estimate, article)
            try:
                yield passage
            finally:
                self._close(passage)

    def begin_no_more(self) -> None:
        """Lets no first question about an article through any more; those about articles that are begun still go."""
        with self._board.locked():
            self._board[Slot.STOPPED] = 1.0

    async def _admit(self, estimate: Estimate, article: begun.Asked) -> Passage:
        while True:
            async with self._turn:  # whoever came first goes first, and the others need no timers
                while True:
                    with self._board.locked():
                        if self._board[Slot.STOPPED] and not article.begun:
                            raise LimitReached("No more articles are begun: the run is being stopped.")
                        now = self._clock()
                        if not (wait := self._pace.wait(now)):
                            if not self._budget(estimate, article):
                                return self._enter(estimate, now, article)
                            break
                    await asyncio.sleep(min(wait, _LONGEST_NAP))
            await asyncio.sleep(_POLL)  # not in turn: who brings an article to an end leaves money for others

    def _enter(self, estimate: Estimate, now: float, article: begun.Asked) -> Passage:
        tokens = self._tokens(estimate)
        cost = self._cost(estimate) if self.limits.max_cost is not None else 0.0
        number = self._pace.admit(now, tokens)
        self._board.reserve(cost)
        if not article.begun and not article.alone:
            article.begun, article.held = True, _FURTHER * cost
            self._board.hold(article.held)
            article.release = lambda: self._release(article)
        return Passage(estimate, number, now, cost, tokens)

    def _release(self, article: begun.Asked) -> None:
        with self._board.locked():
            self._board.hold(-article.held)
            article.held = 0.0

    def _budget(self, estimate: Estimate, article: begun.Asked) -> bool:
        """Whether to wait for calls under way, and articles that are begun, that may leave enough. Raises LimitReached.

        A first question must leave what is held back for articles that are begun, its own included, unless it is alone.
        """
        if self.limits.max_cost is None:
            return False
        b, cost = self._board, self._cost(estimate)
        if not b[Slot.ANSWERS] and not b.under_way:
            cost *= _ROUGH
        wanted = b[Slot.SPENT] + b.reserved + cost
        fits = wanted <= self.limits.max_cost
        others = b.under_way > 0 or (not article.begun and b.held > 0)
        further = 0.0 if article.alone else _FURTHER * cost
        if fits and (article.begun or not others or wanted + b.held + further <= self.limits.max_cost):
            return False
        if others:
            return True
        raise LimitReached(
            f"The next question would cost about ${cost:.4f}, and ${b[Slot.SPENT]:.4f} of ${self.limits.max_cost:g} "
            "are spent."
        )

    def _cost(self, estimate: Estimate) -> float:
        """The estimate at the highest ratios of tokens to estimated tokens that were seen so far."""
        if self.limits.price is None:
            return 0.0
        ratios = self._board[Slot.INPUT_RATIO] or 1.0, self._board[Slot.OUTPUT_RATIO] or 1.0
        return self.limits.price.cost(estimate.input_tokens * ratios[0], estimate.output_tokens * ratios[1])

    def _tokens(self, estimate: Estimate) -> float:
        ratios = self._board[Slot.INPUT_RATIO] or 1.0, self._board[Slot.OUTPUT_RATIO] or 1.0
        return estimate.input_tokens * ratios[0] + estimate.output_tokens * ratios[1]

    def _close(self, passage: Passage) -> None:
        b = self._board
        with b.locked():
            b.free(passage.reserved)
            if passage.settled is None:
                return
            self._rejections.let_through(self._clock(), passage.sent)
            input_tokens, output_tokens, cached_tokens = passage.settled
            self._pace.correct(input_tokens + output_tokens - passage.reserved_tokens)
            if self.limits.price is not None:
                b[Slot.SPENT] += self.limits.price.cost(input_tokens, output_tokens, cached_tokens)
            if input_tokens or output_tokens:
                b[Slot.ANSWERS] += 1
                expected = passage.estimate
                b[Slot.INPUT_RATIO] = max(b[Slot.INPUT_RATIO], input_tokens / max(expected.input_tokens, 1))
                b[Slot.OUTPUT_RATIO] = max(b[Slot.OUTPUT_RATIO], output_tokens / max(expected.output_tokens, 1))

    def rejected(self, passage: Passage, retry_after: float | None) -> None:
        """The server sent the call away for now (429, or any answer with Retry-After)."""
        with self._board.locked():
            now = self._clock()
            self._pace.rejected(now, passage.number, passage.sent, retry_after)
            self._rejections.turned_away(now, retry_after)

    def busy(self) -> Busy | None:
        """Where the server turns everybody away for some time already: for how long it did, and will."""
        with self._board.locked():
            return self._rejections.busy(self._clock())

    def heard(self, headers: Mapping[str, str]) -> None:
        """Looks for limits in the headers of a response."""
        rpm, tpm = told(headers, "requests"), told(headers, "tokens")
        if rpm is not None or tpm is not None:
            with self._board.locked():
                self._pace.told(rpm, tpm)


_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LONGEST_DURATION = 40  # characters; a header of thousands of digits would take its time
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|d|h|m|s)")


def told(headers: Mapping[str, str], what: str) -> float | None:
    """The limit of "requests" or "tokens" a minute in `x-ratelimit-limit-*`; None without the header.

    The header does not name its period. It is a minute with all servers that document it, but for daily limits: where
    the limit is restored later than in a minute, the answer is 0, for no limit a minute.
    """
    limit = headers.get(f"x-ratelimit-limit-{what}")
    if limit is None:
        return None
    try:
        number = float(limit)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    reset = duration(headers.get(f"x-ratelimit-reset-{what}", ""))
    return 0.0 if number <= 0 or (reset is not None and reset > 61) else number


def duration(text: str) -> float | None:
    """Seconds in "6m0s", "120ms" or "1.5"; None for anything else."""
    try:
        return float(text)
    except ValueError:
        parts = _DURATION.findall(text) if len(text) <= _LONGEST_DURATION else []
        if not parts or "".join(n + u for n, u in parts) != text:
            return None
        return sum(float(number) * _UNITS[unit] for number, unit in parts)
