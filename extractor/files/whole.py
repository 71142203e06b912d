"""Files that appear under their names when they are whole, or never.

Each is written to a temporary file beside its place, which is renamed at the end and removed on failure. All of them
are their owner's alone: articles, and what is said in them, may be confidential.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from extractor.errors import ConfigurationError


class WholeFiles:
    """Files that are opened one by one and appear together. Every method but `discard` raises ConfigurationError where
    a file cannot be written.
    """

    def __init__(self) -> None:
        self._files: dict[Path, tuple[IO[bytes], str]] = {}

    def open(self, path: Path) -> IO[bytes]:
        """A stream for a file to come; the caller may close it. A folder that is missing is made."""
        try:
            make_folder(path.parent)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")  # made 0600
        except OSError as error:
            raise unwritable(path, error) from error
        stream = os.fdopen(handle, "wb")
        self._files[path] = stream, temporary
        return stream

    def keep(self) -> list[Path]:
        """Puts the files in their places, in the order of their opening, once the last of them is complete."""
        for path, (stream, _) in self._files.items():
            try:
                stream.close()
            except OSError as error:
                raise unwritable(path, error) from error
        paths = list(self._files)
        for path in paths:
            try:
                os.replace(self._files[path][1], path)
            except OSError as error:
                raise unwritable(path, error) from error
            del self._files[path]
        return paths

    def discard(self) -> None:
        """Forgets what was opened since the last `keep`."""
        for stream, temporary in self._files.values():
            with contextlib.suppress(OSError):  # what it still held may not fit on the disk
                stream.close()
            Path(temporary).unlink(missing_ok=True)
        self._files.clear()


@contextlib.contextmanager
def whole_files(paths: Iterable[Path]) -> Iterator[dict[Path, IO[bytes]]]:
    """Opens a file for each path; all of them appear when the block ends without an error.

    Raises ConfigurationError where one cannot be written.
    """
    files = WholeFiles()
    streams: dict[Path, IO[bytes]] = {}
    try:
        for path in paths:
            streams[path] = files.open(path)
        yield streams
        files.keep()
    except OSError as error:
        if not streams:
            raise
        raise unwritable(next(reversed(streams)), error) from error
    finally:
        files.discard()


@contextlib.contextmanager
def whole_file(path: Path, *, durable: bool = False) -> Iterator[IO[bytes]]:
    """Opens a file that appears when the block ends without an error. Raises ConfigurationError.

    A `durable` one is on the disk before it takes the place of what was there: a power failure leaves one of the two.
    """
    with whole_files([path]) as streams:
        yield streams[path]
        if durable:
            streams[path].flush()
            os.fsync(streams[path].fileno())


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it that are missing, all for their owner alone. Raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)


def unwritable(path: Path, error: OSError) -> ConfigurationError:
    """The error for a file that cannot be written."""
    hint = "Is there room on the disk, and may you write into the folder?"
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}", hint=hint)
