"""Records read back from the files that runs wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from extractor.errors import ConfigurationError
from extractor.files.output import FAILED
from extractor.schema.record import Record

_OTHERS = r"\.(?:reviews|decisions|(?:requests|responses|errors)(?:\.\d+)?)\.jsonl"
_NO_RECORDS = re.compile(f"(?:{re.escape(FAILED)}|{_OTHERS})$")


def record_files(path: Path) -> list[Path]:
    """The file itself, or the files with records in a folder, sorted: other files that the program writes are left out.

    Raises ConfigurationError where a folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(f for f in path.rglob("*.jsonl") if not _NO_RECORDS.search(f.name) and not _is_ledger(f))
    if not found:
        hint = "Give the file or folder that `extractor run -o` wrote."
        raise ConfigurationError(f"{path} holds no .jsonl file with records.", hint=hint)
    return found


def _is_ledger(file: Path) -> bool:
    """A kept ledger has its own manifest beside it, which a run's records do not."""
    return file.name == "ledger.jsonl" or file.name.endswith(".ledger.jsonl")


def read_records(path: Path) -> Iterator[Record]:
    """The records of a file, or of all .jsonl files in a folder, one at a time.

    Raises ConfigurationError where there are none, or a line is no record.
    """
    for file in record_files(path):
        try:
            with file.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    yield _record(line, file, number)
        except OSError as error:
            raise ConfigurationError(f"{file} cannot be read: {error.strerror}", hint="Is the path right?") from error


def _record(line: bytes, file: Path, number: int) -> Record:
    try:
        return Record.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(
            f"{file}:{number} is no record: {place}: {first['msg']}",
            hint="Records are written by `extractor run`; `extractor schema record` prints their schema.",
        ) from None
