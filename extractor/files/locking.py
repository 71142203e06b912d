"""One run at a time for each output: two runs that append to one file would garble it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import filelock

from extractor.errors import ConfigurationError


class OutputLock:
    """A lock beside an output file, held from `acquire` to `release`.

    The operating system lets go of it when the process ends, however it ends; the hidden file that a killed run leaves
    behind holds nothing and is used again. Raises ConfigurationError where another process holds it, and OSError where
    it cannot be made.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._path = output.with_name(f".{output.name}.lock")
        self._lock = filelock.FileLock(self._path, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            if not os.access(self._path, os.W_OK):  # filelock takes a file that cannot be made for one that is held
                raise OSError(errno.EACCES, os.strerror(errno.EACCES)) from None
            raise ConfigurationError(
                f"Another run is writing to {self._output}.",
                hint="Wait until it has ended, or choose another output file. Inputs can be split over several runs.",
            ) from None

    def release(self) -> None:
        if self._lock.is_locked:
            self._path.unlink(missing_ok=True)  # while it is held: whoever comes next makes a file of their own
            self._lock.release()
