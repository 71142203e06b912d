"""Files that a command writes: whole or not at all, for their owner alone, and never over another by accident."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from extractor.errors import ConfigurationError

STDOUT = Path("-")


def refuse_to_overwrite(paths: Iterable[Path], overwrite: bool, inputs: Iterable[Path] = ()) -> None:
    """Raises ConfigurationError where one of the files is there already, or is one of those that are read."""
    read = {path.resolve() for path in inputs}
    for path in paths:
        if path.resolve() in read:
            raise ConfigurationError(f"{path} is what is read.", hint="Give another place with -o.")
        if path.is_dir():
            raise ConfigurationError(f"{path} is a folder.", hint="Give the name of a file with -o.")
        if path.exists() and not overwrite:
            raise ConfigurationError(f"{path} is there already.", hint="Pass --overwrite, or give another -o.")


@contextlib.contextmanager
def whole_files(paths: Iterable[Path]) -> Iterator[dict[Path, IO[bytes]]]:
    """Opens a file for each path; they appear under their names, all of them, when the block ends without an error.

    Raises ConfigurationError where one cannot be written.
    """
    with contextlib.ExitStack() as stack:
        streams: dict[Path, IO[bytes]] = {}
        temporary: dict[Path, str] = {}
        stack.callback(_remove, temporary)
        current = STDOUT
        try:
            for current in paths:
                current.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                handle, name = tempfile.mkstemp(dir=current.parent, prefix=f".{current.name}.", suffix=".tmp")
                temporary[current] = name
                streams[current] = stack.enter_context(os.fdopen(handle, "wb"))
            yield streams
            for current in streams:
                streams[current].close()
            for current in streams:
                os.replace(temporary.pop(current), current)
        except OSError as error:
            reason = error.strerror or str(error)
            hint = "Is there room, and may you write into the folder?"
            raise ConfigurationError(f"{current} cannot be written: {reason}", hint=hint) from error


def write(path: Path, data: bytes, *, overwrite: bool, inputs: Iterable[Path] = ()) -> None:
    """One file at once."""
    refuse_to_overwrite([path], overwrite, inputs)
    with whole_files([path]) as streams:
        streams[path].write(data)


def _remove(temporary: dict[Path, str]) -> None:
    for name in temporary.values():
        Path(name).unlink(missing_ok=True)
