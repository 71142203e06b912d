"""Files that a command writes: never over another by accident."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.files.whole import whole_file

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


def write(path: Path, data: bytes, *, overwrite: bool, inputs: Iterable[Path] = ()) -> None:
    """One whole file, for its owner alone. Raises ConfigurationError."""
    refuse_to_overwrite([path], overwrite, inputs)
    with whole_file(path) as stream:
        stream.write(data)
