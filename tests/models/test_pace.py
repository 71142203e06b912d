"""How fast a server is asked: simulated servers on a simulated clock."""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable

import pytest

from extractor.models.board import Board, Slot
from extractor.models.pace import Pace

Server = Callable[[float], float | None]
"""Asked at a time, it answers with the seconds to wait, or None where it takes the call."""


def bucket(rate: float, size: int) -> Server:
    """Tokens that come at `rate` a second, `size` at most."""
    state = {"tokens": float(size), "at": 0.0}

    def ask(now: float) -> float | None:
        state["tokens"] = min(size, state["tokens"] + (now - state["at"]) * rate)
        state["at"] = now
        if state["tokens"] < 1:
            return 1.0
        state["tokens"] -= 1
        return None

    return ask


def window(limit: int, seconds: float) -> Server:
    """So many calls in any stretch of time of that length."""
    taken: deque[float] = deque()

    def ask(now: float) -> float | None:
        while taken and taken[0] <= now - seconds:
            taken.popleft()
        if len(taken) >= limit:
            return taken[0] + seconds - now
        taken.append(now)
        return None

    return ask


def by_chance(share: float) -> Server:
    draw = random.Random(7)
    return lambda _: 1.0 if draw.random() < share else None


class Simulation:
    """`count` articles, `places` at once, against a server that takes `latency` to answer and 3 ms to turn away."""

    def __init__(self, server: Server, count: int, *, rpm: float | None = None, latency: float = 0.5) -> None:
        random.seed(1)  # the jitter of pauses
        self.board = Board()
        pace, draw = Pace(self.board, rpm=rpm), random.Random(1)
        now, done, under_way, fresh = 1000.0, 0, 0, count
        again: list[float] = []
        events: list[tuple[float, int, float | None, float]] = []
        self.sent = self.rejected = 0
        while done < count:
            back = next((at for at in again if at <= now), None)
            if under_way < 64 and (fresh or back is not None):
                if (wait := pace.wait(now)) == 0:
                    if back is not None:
                        again.remove(back)
                    else:
                        fresh -= 1
                    number = pace.admit(now, 10)
                    under_way, self.sent = under_way + 1, self.sent + 1
                    told = server(now + 0.0005)
                    answered = now + (latency * draw.uniform(0.9, 1.1) if told is None else 0.003)
                    heapq.heappush(events, (answered, number, told, now))
                    now += 0.0015  # what a call costs this machine
                else:
                    now += wait + draw.uniform(0, 0.003)  # nobody wakes up in time
                    now = min(now, events[0][0]) if events else now
            else:
                now = max(now, min([*(event[0] for event in events[:1]), *(at for at in again if at > now)]))
            while events and events[0][0] <= now:
                _, number, told, sent = heapq.heappop(events)
                under_way -= 1
                if told is None:
                    done += 1
                else:
                    self.rejected += 1
                    pace.rejected(now, number, sent, told)
                    again.append(now + told * draw.uniform(1.0, 1.1))
        self.per_minute = count / (now - 1000.0) * 60


@pytest.mark.parametrize("server", [bucket(10, 1), bucket(10, 10), window(600, 60), window(10, 1)])
def test_a_known_limit_is_used_and_kept(server: Server) -> None:
    """At 600 a minute, whatever way the server counts: at most 1 percent of the calls too many, at least 95 percent of
    the rate used.
    """
    run = Simulation(server, 1500, rpm=600)
    assert run.rejected <= 0.01 * run.sent
    assert run.per_minute >= 0.95 * 600


@pytest.mark.parametrize("latency", [0.05, 0.5, 5.0])
@pytest.mark.parametrize("server", [lambda: bucket(10, 10), lambda: bucket(10, 600), lambda: window(600, 60)])
def test_an_unknown_limit_is_found(server: Callable[[], Server], latency: float) -> None:
    """Without --rpm and without headers: at most 2 percent of 2,500 calls too many, at least 95 percent of the rate
    used. With a bucket that holds a minute's worth the first 600 go out at once.
    """
    run = Simulation(server(), 2500, latency=latency)
    assert run.rejected <= 0.02 * run.sent
    assert run.per_minute >= 0.95 * 600


def test_chance_rejections_do_not_slow_the_run_down_for_long() -> None:
    """One call in a hundred turned away whatever the rate: the run is at most a quarter slower than without."""
    assert Simulation(by_chance(0.01), 1000).per_minute > 0.75 * Simulation(by_chance(0.0), 1000).per_minute


def test_many_chance_rejections_cost_their_pauses_and_no_more() -> None:
    """One in ten, each with a second to wait: above 1,000 a minute, where halving with each would end near 10."""
    assert Simulation(by_chance(0.1), 1000).per_minute > 1000


def test_a_pause_ends_without_a_herd() -> None:
    """Of 64 calls that wait for the end of a pause, fewer than ten go within its first fifth of a second."""
    board = Board()
    pace, now = Pace(board), 1000.0
    numbers = [pace.admit(now, 1) for _ in range(3)]
    for number in numbers[1:]:
        pace.rejected(now + 0.01, number, now, 2.0)
    until = board[Slot.NOT_BEFORE]
    assert until >= now + 2.0
    assert pace.wait(until - 0.1) > 0
    went, now = 0, until
    while now < until + 0.2:
        wait = pace.wait(now)
        if wait == 0:
            pace.admit(now, 1)
            went += 1
        now += wait or 0.0001
    assert 1 <= went < 10


def test_a_token_limit_counts_estimates_and_corrects_them() -> None:
    """6,000 a minute let 100 tokens through each second; what the answer took beyond the estimate is waited for."""
    pace = Pace(Board(), tpm=6000)
    pace.admit(1000.0, 98)
    assert pace.wait(1000.0) == pytest.approx(0.95, abs=0.01)
    pace.correct(98)
    assert pace.wait(1000.0) == pytest.approx(1.95, abs=0.01)


def test_limits_that_the_server_tells_are_kept_beside_the_users() -> None:
    """The smaller one counts; 0 takes the server's back."""
    pace = Pace(Board(), rpm=600)
    pace.told(60, None)
    pace.admit(1000.0, 1)
    assert pace.wait(1000.0) == pytest.approx(1 / 0.98 - 0.02 / 0.98, abs=0.01)
    pace.told(0, None)
    pace.admit(1002.0, 1)
    assert pace.wait(1002.0) == pytest.approx(0.1, abs=0.01)
