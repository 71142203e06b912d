"""How fast a server may be asked: by the limits that are known, and by what its rejections teach.

Known limits (the user's, and those in `x-ratelimit-limit-*` headers) are kept by spacing calls evenly, the generic cell
rate algorithm (ITU-T I.371) with little tolerance, so that a server sees no bursts whatever window it
counts in.

Where no limit is known, rejections (429) teach it: the pace goes below the rate of calls that got through. If that ends
the rejections, the pace then grows again, slowly up to the rate at which it was cut and then ever faster, and every
further rejection takes a little off: additive increase and multiplicative decrease, applied to the rate instead of the
number of calls under way, which follows from the rate. If it does not end them, they do not come from the rate (servers
also reject by chance, or when others overload them), and the cut is given up.
"""

from __future__ import annotations

import enum
import random

from extractor.models.board import Board, Slot

MARGIN = 0.98
"""Share of a known limit that is used: what leaves evenly does not arrive evenly."""

_TOLERANCE, _TIGHT = 0.05, 0.05
"""Seconds by which calls may be ahead of their time, which makes up for a busy event loop. Where they are further apart
than the second number they may be ahead by no more than the margin: some servers count single intervals."""

LONGEST_PAUSE = 60.0

_MANY, _FEWEST = 0.4, 5
"""Share of rejected calls, and number of them, from which the pace is too high, whatever else speaks against it."""

_SOME = 20
"""Calls that allow to tell the rate that gets through."""

_MEASURE = 10.0
"""Seconds after which a single rejection is forgotten."""

_TEST, _TEST_CALLS = 0.8, 40
"""Share of the rate that got through to which the pace goes, and calls after which the rejections are looked at."""

_LESS = 0.97
"""What one rejection leaves of a pace that had grown to the limit."""

_PLATEAU = 20.0
"""Seconds in which the pace grows back to the rate at which it was cut; after that it doubles every half of it."""

_UNEXPLAINED = 3
"""Rejections below that rate which make it doubtful."""

_TRUST = 60.0
"""Seconds for which rejections are then taken for chance."""


class _Phase(enum.IntEnum):
    FREE = 0
    """nothing was rejected"""
    MEASURING = 1
    """something was: how much gets through?"""
    TESTING = 2
    """below that rate: do the rejections end?"""
    BOUNDED = 3
    """they did: the rate is limited"""
    TRUSTED = 4
    """they did not: they are chance"""


class Pace:
    """The arithmetic over a board's numbers, within `board.locked()`. `now` is a time of the monotonic clock."""

    def __init__(self, board: Board, *, rpm: float | None = None, tpm: float | None = None) -> None:
        self._board = board
        self._rpm = rpm
        self._tpm = tpm

    def wait(self, now: float) -> float:
        """Seconds until a call may be made; 0 for at once."""
        b, rate = self._board, self._rate(now)
        ahead = _TOLERANCE if not rate or rate * _TIGHT > 1 else (1 - MARGIN) / rate
        due = max(b[Slot.NOT_BEFORE], b[Slot.NEXT_CALL] - ahead, b[Slot.NEXT_TOKENS] - _TOLERANCE)
        return max(0.0, due - now)

    def admit(self, now: float, tokens: float) -> int:
        """Counts a call that is made now; returns its number."""
        b = self._board
        b[Slot.SINCE] = b[Slot.SINCE] or now
        b[Slot.NUMBER] += 1
        b[Slot.CALLS] += 1
        self._judge(now)
        if rate := self._rate(now):
            b[Slot.NEXT_CALL] = max(b[Slot.NEXT_CALL], now) + 1 / rate
        if tpm := _least(self._tpm, b[Slot.TOLD_TPM]):
            b[Slot.NEXT_TOKENS] = max(b[Slot.NEXT_TOKENS], now) + tokens * 60 / (tpm * MARGIN)
        return int(b[Slot.NUMBER])

    def correct(self, tokens: float) -> None:
        """Adds tokens (or takes them back) that the estimate at admission did not have."""
        b = self._board
        if tpm := _least(self._tpm, b[Slot.TOLD_TPM]):
            b[Slot.NEXT_TOKENS] += tokens * 60 / (tpm * MARGIN)

    def rejected(self, now: float, number: int, sent: float, retry_after: float | None) -> None:
        """The call of this number, sent at that time, was rejected; the server may have said for how long.

        Two in a row make everybody wait; one alone may be chance, and only that call does.
        """
        b = self._board
        if sent >= b[Slot.SINCE]:
            b[Slot.REJECTIONS] += 1
        in_a_row = b[Slot.LAST_REJECTED] > 0 and abs(number - b[Slot.LAST_REJECTED]) <= 1
        b[Slot.LAST_REJECTED] = max(b[Slot.LAST_REJECTED], number)
        if not in_a_row:
            b[Slot.STREAK] = 0
        elif sent >= b[Slot.PAUSED_AT]:  # those under way when a pause began do not prolong it
            b[Slot.STREAK] += 1
            pause = max(retry_after or 0.0, 0.25 * 2 ** min(b[Slot.STREAK], 10))
            pause = min(pause, LONGEST_PAUSE) * random.uniform(1.0, 1.1)  # noqa: S311  # jitter is no secret
            b[Slot.NOT_BEFORE], b[Slot.PAUSED_AT] = max(b[Slot.NOT_BEFORE], now + pause), now
        self._learn(now, sent)

    def told(self, rpm: float | None, tpm: float | None) -> None:
        """What the server's headers say; 0 takes back what they said before."""
        if rpm is not None:
            self._board[Slot.TOLD_RPM] = rpm
        if tpm is not None:
            self._board[Slot.TOLD_TPM] = tpm

    def _judge(self, now: float) -> None:
        """Ends the phases that end by themselves."""
        b = self._board
        if b[Slot.PHASE] == _Phase.TESTING and b[Slot.CALLS] > _TEST_CALLS:
            share = b[Slot.REJECTIONS] / b[Slot.CALLS]
            if share and share >= b[Slot.SHARE] / 2:
                self._enter(_Phase.TRUSTED, now, 0.0)
            else:
                self._enter(_Phase.BOUNDED, now, _LESS * b[Slot.LEVEL])
        elif (b[Slot.PHASE] == _Phase.TRUSTED and now >= b[Slot.SINCE] + _TRUST) or (
            b[Slot.PHASE] == _Phase.MEASURING and now >= b[Slot.SINCE] + _MEASURE
        ):
            self._enter(_Phase.FREE, now, 0.0)

    def _learn(self, now: float, sent: float) -> None:
        b = self._board
        phase, calls, rejections, pace = b[Slot.PHASE], b[Slot.CALLS], b[Slot.REJECTIONS], self._grown(now)
        if phase == _Phase.FREE:
            self._enter(_Phase.MEASURING, now, 0.0)
            return
        elapsed = now - b[Slot.SINCE]
        through = (calls - rejections) / max(elapsed, 1.0)
        fresh = phase == _Phase.BOUNDED and sent >= b[Slot.SINCE]
        if fresh and pace < b[Slot.LEVEL]:
            b[Slot.UNEXPLAINED] += 1
        measured = phase == _Phase.MEASURING and elapsed >= 1 and rejections > 1
        if rejections >= max(_MANY * calls, _FEWEST) or (
            calls >= _SOME and (measured or b[Slot.UNEXPLAINED] >= _UNEXPLAINED)
        ):
            b[Slot.SHARE], b[Slot.LEVEL] = rejections / calls, max(through, pace / 2)
            self._enter(_Phase.TESTING, now, _TEST * b[Slot.LEVEL])
        elif fresh and pace >= b[Slot.LEVEL]:
            b[Slot.LEVEL] = min(pace, through) if calls >= _SOME else pace
            self._enter(_Phase.BOUNDED, now, _LESS * b[Slot.LEVEL])

    def _enter(self, phase: _Phase, now: float, pace: float) -> None:
        b = self._board
        b[Slot.PHASE], b[Slot.PACE], b[Slot.SINCE] = phase, pace, now
        b[Slot.CALLS] = b[Slot.REJECTIONS] = b[Slot.UNEXPLAINED] = 0
        b[Slot.NEXT_CALL] = min(b[Slot.NEXT_CALL], now + 1 / pace) if pace else 0.0

    def _grown(self, now: float) -> float:
        """The learnt pace with its growth; 0 where there is none."""
        b = self._board
        if b[Slot.PHASE] != _Phase.BOUNDED:
            return b[Slot.PACE]
        since = now - b[Slot.SINCE]
        slow = 1 + (1 / _LESS - 1) * min(since / _PLATEAU, 1.0)
        fast: float = 2.0 ** min(max(0.0, since - _PLATEAU) / (_PLATEAU / 2), 30.0)
        return b[Slot.PACE] * slow * fast

    def _rate(self, now: float) -> float | None:
        """Calls a second; None without a limit."""
        b = self._board
        known = _least(self._rpm, b[Slot.TOLD_RPM])
        after_pause = now - b[Slot.NOT_BEFORE]
        ramp = 10.0 * 32.0**after_pause if b[Slot.NOT_BEFORE] and after_pause < 1 else None  # no herd after a pause
        return _least(known and known * MARGIN / 60, self._grown(now), ramp)


def _least(*limits: float | None) -> float | None:
    return min((limit for limit in limits if limit), default=None)
