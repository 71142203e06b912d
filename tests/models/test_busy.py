"""Whether a server keeps a run waiting, by what it let through and turned away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor.models.busy import Busy
from extractor.models.limits import Estimate, Gate, Passage

ESTIMATE = Estimate(10, 10)


class Clock:
    """Seconds that go by on order."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def _call(gate: Gate, then: Callable[[Passage], None]) -> None:
    async with gate.call(ESTIMATE) as passage:
        then(passage)


def _answered(passage: Passage) -> None:
    passage.settle(10, 10)


async def test_nothing_is_said_while_calls_get_through(clock: Clock) -> None:
    """However often one in between is turned away, and however long a silence without rejections is."""
    gate = Gate(clock=clock)
    for _ in range(5):
        await _call(gate, lambda passage: gate.rejected(passage, 2.0))
        clock.now += 3
        await _call(gate, _answered)
        assert gate.busy() is None
    clock.now += 1000
    assert gate.busy() is None


async def test_a_server_that_asks_to_wait_is_busy_from_the_fifth_second(clock: Clock) -> None:
    """The time that is left is counted down; after it, that calls are still turned away."""
    gate = Gate(clock=clock)
    await _call(gate, lambda passage: gate.rejected(passage, 60.0))
    clock.now += 4.5
    assert gate.busy() is None
    clock.now += 0.5
    assert gate.busy() == Busy(since=5.0, asked=55.0)
    clock.now += 56
    assert gate.busy() == Busy(since=61.0, asked=None)
    await _call(gate, _answered)
    clock.now += 10
    assert gate.busy() is None


async def test_a_server_without_a_word_is_busy_since_the_first_rejection(clock: Clock) -> None:
    """Rejections that follow do not begin anew."""
    gate = Gate(clock=clock)
    await _call(gate, lambda passage: gate.rejected(passage, None))
    clock.now += 6
    await _call(gate, lambda passage: gate.rejected(passage, None))
    clock.now += 1
    assert gate.busy() == Busy(since=7.0, asked=None)


async def test_calls_under_way_may_still_be_answered(clock: Clock) -> None:
    """A slow answer is waited for, not the server that turned another call away; afterwards the one that has to wait is
    all that is left.
    """
    gate = Gate(clock=clock)
    await _call(gate, lambda passage: gate.rejected(passage, 60.0))
    async with gate.call(ESTIMATE) as slow:
        clock.now += 20
        assert gate.busy() is None
        slow.settle(10, 10)
    assert gate.busy() is None
    clock.now += 5
    assert gate.busy() == Busy(since=5.0, asked=35.0)


async def test_an_answer_to_an_earlier_call_does_not_end_the_waiting(clock: Clock) -> None:
    """It was let through before the server turned calls away."""
    gate = Gate(clock=clock)
    async with gate.call(ESTIMATE) as early:
        clock.now += 1
        await _call(gate, lambda passage: gate.rejected(passage, 60.0))
        clock.now += 9
        early.settle(10, 10)
    assert gate.busy() == Busy(since=9.0, asked=51.0)
