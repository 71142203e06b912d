"""A handful of numbers that all workers of a run share: what has been sent, spent and learnt about the server.

In one process they stand in memory. For several processes they stand in a file that each maps into its memory, under a
lock that the operating system lets go of when its holder dies. The clock of all of them is the machine's monotonic one,
which neither the user nor the network can set.

What is set aside for calls under way and for articles that are begun stands in a row for each worker, so that a dead
one's can be freed.
"""

from __future__ import annotations

import contextlib
import enum
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import ConfigurationError


class Slot(enum.IntEnum):
    """The numbers, all floats; times are seconds of the monotonic clock, 0 stands for never."""

    NEXT_CALL = 0
    """when the next call is due under the request rate"""
    NEXT_TOKENS = enum.auto()
    """when the tokens of the calls so far are worked off under the token rate"""
    TOLD_RPM = enum.auto()
    """requests a minute, as the server's headers say; 0 where they do not"""
    TOLD_TPM = enum.auto()
    """tokens a minute, likewise"""
    NOT_BEFORE = enum.auto()
    """no call before this time"""
    PHASE = enum.auto()
    """what is being learnt about the server, see pace.py"""
    PACE = enum.auto()
    """calls a second at the beginning of the phase; 0 for any number"""
    LEVEL = enum.auto()
    """calls a second at which calls were rejected"""
    SHARE = enum.auto()
    """of the calls before the phase, rejected"""
    SINCE = enum.auto()
    """when the phase began"""
    CALLS = enum.auto()
    """calls in the phase"""
    REJECTIONS = enum.auto()
    """of them, rejected"""
    UNEXPLAINED = enum.auto()
    """rejections in the phase that the rate does not explain"""
    NUMBER = enum.auto()
    """calls in all"""
    LAST_REJECTED = enum.auto()
    """number of the last call that was rejected"""
    PAUSED_AT = enum.auto()
    STREAK = enum.auto()
    """pauses without a call that got through between them"""
    SPENT = enum.auto()
    """USD for answers so far"""
    ANSWERS = enum.auto()
    """answers whose tokens are known"""
    INPUT_RATIO = enum.auto()
    """most input tokens per estimated one"""
    OUTPUT_RATIO = enum.auto()
    """most output tokens per estimated one"""
    STOPPED = enum.auto()
    """1 when no more articles are to be begun"""
    TURNED_AWAY = enum.auto()
    """when the first call was rejected after the last one that got through"""
    LET_THROUGH = enum.auto()
    """when a call last got through"""
    ASKED_UNTIL = enum.auto()
    """until when the server asked to wait"""


_ROW = 3
"""Numbers of a worker: USD set aside for its calls under way, how many these are, and USD held back for the further
questions about articles that are begun."""


def _size(workers: int) -> int:
    return 8 * (len(Slot) + _ROW * workers)


class Board:
    """The numbers by their Slot, to be read and written within `locked()`. `worker`, from 0, is whose board this is."""

    def __init__(self, path: Path | None = None, worker: int = 0) -> None:
        self._file: int | None = None
        self._row = len(Slot) + _ROW * worker
        if path is None:
            self._numbers = memoryview(bytearray(_size(1))).cast("d")
        else:
            self._file = os.open(path, os.O_RDWR)
            self._numbers = memoryview(mmap.mmap(self._file, 0)).cast("d")

    @staticmethod
    def create(path: Path, workers: int = 1) -> None:
        """Makes the file of a board that so many workers share. Raises ConfigurationError where the system has no file
        locks.
        """
        try:
            import fcntl  # noqa: F401  # only whether it is there
        except ImportError:
            hint = "Run without --workers, or split the input and run the program once for each part."
            raise ConfigurationError("--workers needs a system with POSIX file locks.", hint=hint) from None
        path.touch(mode=0o600)
        path.write_bytes(bytes(_size(workers)))

    def __getitem__(self, slot: Slot) -> float:
        return self._numbers[slot]

    def __setitem__(self, slot: Slot, value: float) -> None:
        self._numbers[slot] = value

    @property
    def reserved(self) -> float:
        """USD set aside for the calls under way of all workers."""
        return sum(self._numbers[len(Slot) :: _ROW])

    @property
    def under_way(self) -> int:
        """The calls under way of all workers."""
        return int(sum(self._numbers[len(Slot) + 1 :: _ROW]))

    @property
    def held(self) -> float:
        """USD held back for articles that are begun, of all workers."""
        return sum(self._numbers[len(Slot) + 2 :: _ROW])

    def hold(self, cost: float) -> None:
        """Holds back so much more for this worker's articles, or so much less."""
        self._numbers[self._row + 2] = max(0.0, self._numbers[self._row + 2] + cost)

    def reserve(self, cost: float) -> None:
        """One more call of this worker is under way, with so many USD set aside for it."""
        self._numbers[self._row] += cost
        self._numbers[self._row + 1] += 1

    def free(self, cost: float) -> None:
        """One call less."""
        left = self._numbers[self._row + 1] = max(0.0, self._numbers[self._row + 1] - 1)
        # A sum of floats does not come back to zero by itself.
        self._numbers[self._row] = self._numbers[self._row] - cost if left else 0.0

    def forget(self, worker: int) -> None:
        """Frees all that a worker has set aside: it is dead, and nobody else will."""
        row = len(Slot) + _ROW * worker
        with self.locked():
            self._numbers[row] = self._numbers[row + 1] = self._numbers[row + 2] = 0.0

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Held for microseconds: nothing is awaited within."""
        if self._file is None:
            yield
            return
        import fcntl

        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
