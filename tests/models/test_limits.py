"""The gate: places, budget, headers. The arithmetic of rates is tested in test_pace.py."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from pathlib import Path

import pytest

from extractor.errors import LimitReached
from extractor.models.begun import one_article
from extractor.models.board import Board, Slot
from extractor.models.limits import Estimate, Gate, Limits, duration, told
from extractor.models.pricing import Price

DOLLAR = Price(input=1_000_000.0, output=0.0)
"""One input token, one dollar."""


async def call(gate: Gate, tokens: int, estimate: float | None = None) -> None:
    async with gate.call(Estimate(tokens if estimate is None else estimate, 0)) as passage:
        await asyncio.sleep(0)
        passage.settle(tokens, 0)


async def test_no_more_calls_at_once_than_places() -> None:
    """Twenty calls, three places: never more than three between entering and leaving."""
    gate, inside, most = Gate(Limits(concurrency=3)), 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with gate.call(Estimate(1, 1)):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(20)))
    assert most == 3


async def test_calls_go_in_the_order_in_which_they_came() -> None:
    """Also where they have to wait for the rate."""
    gate, order = Gate(Limits(concurrency=8, rpm=6000)), []

    async def one(number: int) -> None:
        async with gate.call(Estimate(1, 1)):
            order.append(number)

    await asyncio.gather(*(one(number) for number in range(30)))
    assert order == list(range(30))


async def test_the_budget_is_used_and_never_passed() -> None:
    """Calls of one dollar and a budget of 5.5: five are made, the sixth is refused."""
    gate = Gate(Limits(concurrency=1, price=DOLLAR, max_cost=5.5))
    for _ in range(5):
        await call(gate, 1)
    with pytest.raises(LimitReached, match=r"about \$1.0000, and \$5.0000 of \$5.5 are spent") as caught:
        await call(gate, 1)
    assert gate.spent == 5.0
    assert "continues" in caught.value.hint


async def test_a_call_waits_for_what_those_under_way_will_cost() -> None:
    """Two at once are estimated too high for the budget; the second is made when the first turns out to be cheap."""
    gate = Gate(Limits(concurrency=2, price=DOLLAR, max_cost=10))
    await asyncio.gather(call(gate, 2, estimate=8), call(gate, 2, estimate=8))
    assert gate.spent == 4.0


async def test_estimates_learn_from_the_answers() -> None:
    """A model that takes ten times the estimated tokens is refused at ten times the estimate."""
    gate = Gate(Limits(concurrency=1, price=DOLLAR, max_cost=15))
    await call(gate, 10, estimate=1)
    with pytest.raises(LimitReached, match=r"about \$10.0000"):
        await call(gate, 10, estimate=1)


async def test_a_first_estimate_may_be_ten_times_too_high_but_not_more() -> None:
    """Nothing is known yet: the first call is made, unless even a tenth of its estimate passes the budget."""
    await call(Gate(Limits(price=DOLLAR, max_cost=2)), 1, estimate=19)
    with pytest.raises(LimitReached):
        await call(Gate(Limits(price=DOLLAR, max_cost=2)), 1, estimate=21)


async def test_what_is_begun_is_brought_to_an_end_before_more_is_begun() -> None:
    """Ten articles of two questions at a dollar each, a budget of $7: three are read whole, and the one that was begun
    with the last dollar is told that there is no more.
    """
    gate, whole = Gate(Limits(concurrency=10, price=DOLLAR, max_cost=7)), 0

    async def read() -> None:
        nonlocal whole
        with one_article():
            await call(gate, 1)
            await call(gate, 1)
            whole += 1

    outcomes = await asyncio.gather(*(read() for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 7
    assert (whole, gate.spent) == (3, 7.0)


async def test_further_questions_go_before_first_ones() -> None:
    """With one place: what is asked once more of the first two articles goes before the third article."""
    gate, order = Gate(Limits(concurrency=1)), []

    async def read(name: str) -> None:
        with one_article():
            for number in (1, 2):
                async with gate.call(Estimate(1, 1)):
                    order.append(f"{name}{number}")
                    await asyncio.sleep(0.001)

    await asyncio.gather(*(read(name) for name in "abc"))
    assert order == ["a1", "b1", "a2", "b2", "c1", "c2"]


async def test_a_run_that_is_stopped_begins_no_more() -> None:
    """The article that is begun gets its second answer; the next one's first question is refused."""
    gate = Gate(Limits(concurrency=4))
    with one_article():
        await call(gate, 1)
        gate.begin_no_more()
        await call(gate, 1)
    with one_article(), pytest.raises(LimitReached, match="No more articles are begun"):
        await call(gate, 1)


async def test_a_place_is_not_lost_where_its_taker_is_cancelled() -> None:
    """Cancelled while it waits, and in the moment in which it is called."""
    gate = Gate(Limits(concurrency=1))
    async with gate.call(Estimate(1, 1)):
        waiting = [asyncio.create_task(call(gate, 1)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    waiting[1].cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in done] == [True, True, False]
    await asyncio.wait_for(call(gate, 1), 5)


async def test_a_call_that_brings_no_answer_costs_nothing() -> None:
    """What was set aside for it is free again."""
    gate = Gate(Limits(price=DOLLAR, max_cost=1))
    for _ in range(3):
        with pytest.raises(OSError, match="lost"):
            async with gate.call(Estimate(1, 0)):
                raise OSError("lost")
    assert gate.spent == 0.0
    await call(gate, 1)


async def test_input_that_the_provider_had_cached_is_cheaper() -> None:
    """Of ten tokens six at a quarter of the price."""
    gate = Gate(Limits(price=Price(1_000_000.0, 0.0, cached=250_000.0)))
    async with gate.call(Estimate(10, 0)) as passage:
        passage.settle(10, 0, 6)
    assert gate.spent == 5.5


async def test_without_a_price_nothing_is_known_of_the_cost() -> None:
    """None, not zero."""
    gate = Gate()
    await call(gate, 5)
    assert gate.spent is None


async def test_a_clock_that_is_set_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of day jumps by a year at every look: ten calls at 100 a second still take about a tenth of a second."""
    jumps = iter(range(0, 10**12, 365 * 86400))
    monkeypatch.setattr("time.time", lambda: float(next(jumps)))
    gate, started = Gate(Limits(rpm=6000)), asyncio.get_running_loop().time()
    for _ in range(15):
        await call(gate, 1)
    assert 0.05 < asyncio.get_running_loop().time() - started < 5


@pytest.mark.parametrize(
    ("headers", "limit"),
    [
        ({}, None),
        ({"x-ratelimit-limit-requests": "600"}, 600.0),
        ({"x-ratelimit-limit-requests": "600", "x-ratelimit-reset-requests": "100ms"}, 600.0),
        ({"x-ratelimit-limit-requests": "600", "x-ratelimit-reset-requests": "1m0s"}, 600.0),
        ({"x-ratelimit-limit-requests": "200", "x-ratelimit-reset-requests": "7m12s"}, 0.0),
        ({"x-ratelimit-limit-requests": "-1"}, 0.0),
        ({"x-ratelimit-limit-requests": "many"}, None),
        ({"x-ratelimit-limit-tokens": "9"}, None),
    ],
)
def test_limits_are_read_from_the_headers(headers: dict[str, str], limit: float | None) -> None:
    """Requests a minute; no limit where it is restored later than in a minute, as daily ones are; None without."""
    assert told(headers, "requests") == limit


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("7", 7.0),
        ("soon", None),
        ("1s!", None),
        ("", None),
    ],
)
def test_durations_as_servers_write_them(text: str, seconds: float | None) -> None:
    """Units one after the other, or plain seconds."""
    assert duration(text) == pytest.approx(seconds) if seconds is not None else duration(text) is None


async def test_what_a_dead_worker_set_aside_is_free_again(tmp_path: Path) -> None:
    """Two workers share a budget of $10. One dies with $8 set aside: the other's own $2 stay set aside, and a call that
    waited for the dead one's is made.
    """
    path = tmp_path / "board"
    Board.create(path, 2)
    limits = Limits(concurrency=4, price=DOLLAR, max_cost=10)
    dying, living = (Gate(limits, Board(path, worker)) for worker in range(2))
    lost, own = dying.call(Estimate(8, 0)), living.call(Estimate(2, 0))
    await lost.__aenter__()
    under_way = await own.__aenter__()
    waiting = asyncio.create_task(call(living, 1))
    await asyncio.sleep(0)
    board = Board(path)
    assert (board.reserved, board.under_way) == (10.0, 2)
    board.forget(0)
    await asyncio.wait_for(waiting, 5)
    assert (board.reserved, board.under_way) == (2.0, 1)
    under_way.settle(2, 0)
    await own.__aexit__(None, None, None)
    assert (living.spent, board.reserved, board.under_way) == (3.0, 0.0, 0)


def _spend(path: str, times: int) -> None:
    board = Board(Path(path))
    for _ in range(times):
        with board.locked():
            board[Slot.SPENT] += 1.0


def test_processes_share_a_board(tmp_path: Path) -> None:
    """Three of them add to one number 3,000 times each, and not one addition is lost."""
    path = tmp_path / "board"
    Board.create(path)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_spend, args=(str(path), 3000)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert Board(path)[Slot.SPENT] == 9000.0
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999"])
def test_a_limit_that_is_no_number_is_none(number: str) -> None:
    """A server can send what it likes."""
    assert told({"x-ratelimit-limit-requests": number}, "requests") is None


def test_a_long_header_takes_no_time() -> None:
    """Digits without an end are no duration."""
    started = time.process_time()
    assert duration("1" * 8000 + "x") is None
    assert time.process_time() - started < 0.2
