"""Whether a server keeps the run waiting, for whoever looks on. What its rejections do to the pace is in pace.py."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.models.board import Board, Slot

GRACE = 5.0
"""Seconds in which no call gets through before there is a word about it."""


@dataclass(frozen=True)
class Busy:
    """The server turns calls away. No call got through for `since` seconds; the server asks to wait another `asked`
    seconds, or None where it does not say.
    """

    since: float
    asked: float | None


class Rejections:
    """What the server lately let through and turned away, on a board, within `board.locked()`. `now` and `sent` are
    times of the monotonic clock.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    def turned_away(self, now: float, retry_after: float | None) -> None:
        """A call was rejected; the server may have said for how long."""
        b = self._board
        if b[Slot.TURNED_AWAY] <= b[Slot.LET_THROUGH]:
            b[Slot.TURNED_AWAY] = now
        b[Slot.ASKED_UNTIL] = max(b[Slot.ASKED_UNTIL], now + (retry_after or 0.0))

    def let_through(self, now: float, sent: float) -> None:
        """A call that was sent then was answered. One that was under way before calls were turned away says nothing."""
        if sent >= self._board[Slot.TURNED_AWAY]:
            self._board[Slot.LET_THROUGH] = now

    def busy(self, now: float) -> Busy | None:
        """What to say; None as long as there are calls that the server may still answer, or not much time has gone by.

        A call that was asked to wait longer than the others counts when it is the last one that is left.
        """
        b = self._board
        turned_away, asked = b[Slot.TURNED_AWAY] > b[Slot.LET_THROUGH], b[Slot.ASKED_UNTIL] - now
        since = now - max(b[Slot.TURNED_AWAY], b[Slot.LET_THROUGH])
        if since < GRACE or not (turned_away or asked > 0) or (b.under_way and b[Slot.NOT_BEFORE] <= now):
            return None
        return Busy(since, asked if asked > 0 else None)
