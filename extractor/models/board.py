"""A handful of numbers that all workers of a run share: what has been sent, spent and learnt about the server.

In one process they stand in memory. For several processes they stand in a file that each maps into its memory, under a
lock that the operating system lets go of when its holder dies. The clock of all of them is the machine's monotonic one,
which neither the user nor the network can set.
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
    RESERVED = enum.auto()
    """USD set aside for the calls under way"""
    UNDER_WAY = enum.auto()
    """their number"""
    ANSWERS = enum.auto()
    """answers whose tokens are known"""
    INPUT_RATIO = enum.auto()
    """most input tokens per estimated one"""
    OUTPUT_RATIO = enum.auto()
    """most output tokens per estimated one"""


_SIZE = 8 * len(Slot)


class Board:
    """The numbers by their Slot, to be read and written within `locked()`."""

    def __init__(self, path: Path | None = None) -> None:
        self._file: int | None = None
        if path is None:
            self._numbers = memoryview(bytearray(_SIZE)).cast("d")
        else:
            self._file = os.open(path, os.O_RDWR)
            self._numbers = memoryview(mmap.mmap(self._file, _SIZE)).cast("d")

    @staticmethod
    def create(path: Path) -> None:
        """Makes the file of a shared board. Raises ConfigurationError where the system has no file locks."""
        try:
            import fcntl  # noqa: F401  # only whether it is there
        except ImportError:
            hint = "Run without --workers, or split the input and run the program once for each part."
            raise ConfigurationError("--workers needs a system with POSIX file locks.", hint=hint) from None
        path.touch(mode=0o600)
        path.write_bytes(bytes(_SIZE))

    def __getitem__(self, slot: Slot) -> float:
        return self._numbers[slot]

    def __setitem__(self, slot: Slot, value: float) -> None:
        self._numbers[slot] = value

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
