"""The files of a run that a report is made of: the records, and beside them the failures and the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from extractor.errors import ConfigurationError
from extractor.files.output import FAILED, MANIFEST, beside
from extractor.files.records import read_records, record_files
from extractor.schema.record import Failure, Manifest, Record

_HINT = "Give the file or folder that `extractor run -o` wrote."


@dataclass(frozen=True)
class Source:
    """One OUT.jsonl. Everything is read when asked for; what is missing beside it is simply not there."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name as a person knows it: without its folders, which say nothing to another reader."""
        return self.path.name

    def records(self) -> Iterator[Record]:
        """The records, one at a time. Raises ConfigurationError where a line is no record."""
        return read_records(self.path)

    def failures(self) -> list[Failure]:
        """What failed. Raises ConfigurationError where a line is no failure."""
        path = beside(self.path, FAILED)
        try:
            return [Failure.model_validate_json(line) for line in path.read_bytes().splitlines() if line.strip()]
        except FileNotFoundError:
            return []
        except (OSError, ValidationError) as error:
            raise _unreadable(path, error) from error

    def manifest(self) -> Manifest | None:
        """How the run went, as it says itself. Raises ConfigurationError where the file is something else."""
        path = beside(self.path, MANIFEST)
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise _unreadable(path, error) from error


def find_sources(paths: Iterable[Path]) -> list[Source]:
    """The record files among `paths`: files as they are, folders with all .jsonl files in them, each file once.

    Raises ConfigurationError where a folder holds none, or a path is not there.
    """
    found: dict[Path, Source] = {}
    for path in paths:
        for file in _files(path):
            found.setdefault(file.resolve(), Source(file))
    return list(found.values())


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise ConfigurationError(f"{path} is not there.", hint=_HINT)
    return record_files(path)


def _unreadable(path: Path, error: OSError | ValidationError) -> ConfigurationError:
    if isinstance(error, OSError):
        return ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="May you read it?")
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return ConfigurationError(
        f"{path} is not what a run writes: {place}: {first['msg']}", hint="Move it away to leave it out of the report."
    )
