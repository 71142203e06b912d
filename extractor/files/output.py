"""A run's files: OUT.jsonl with the records, OUT.failed.jsonl with the failures, OUT.run.json with the manifest.

Records are appended whole, one line each, so that a run can be continued after any end. A last line that a killed run
left incomplete is cut off, and said. When lines were added out of input order (articles retried, or new among old
ones), the file is put in order at the end, into a new file that replaces the old one. A lock keeps a second run away.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from extractor.errors import ConfigurationError, OutputMismatch
from extractor.files.locking import OutputLock
from extractor.schema.record import SCHEMA_VERSION, Failure, Manifest, Record

_NO_RECORDS = (".failed.jsonl", ".reviews.jsonl", ".decisions.jsonl")
FailureKey = tuple[str | None, str | None]
_BEGINNING = b'{"schema_version":'


@dataclass(frozen=True)
class SetUp:
    """What all records of one file must share."""

    model: str
    prompt: str
    prompt_sha256: str


@dataclass
class OutputFiles:
    """The three files of a run. `done` holds the ids of articles that have their record, `failures` what failed, by
    (source, article).
    """

    path: Path
    done: set[str] = field(default_factory=set)
    failures: dict[FailureKey, Failure] = field(default_factory=dict)
    repaired: str | None = None
    _lock: OutputLock | None = None
    _records: IO[bytes] | None = None
    _failed: IO[bytes] | None = None

    @property
    def failed_path(self) -> Path:
        return beside(self.path)[0]

    @property
    def manifest_path(self) -> Path:
        return beside(self.path)[1]

    @classmethod
    def open(cls, path: Path, set_up: SetUp, *, overwrite: bool = False) -> OutputFiles:
        """Opens the files, new or to be continued.

        Raises OutputMismatch where the file holds records of another set-up or something else than records, and
        ConfigurationError where it cannot be written or another run is writing to it.
        """
        files = cls(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            files._lock = OutputLock(path)
            files._lock.acquire()
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            if overwrite:
                for old in (path, files.failed_path, files.manifest_path):
                    old.unlink(missing_ok=True)
            files._read_records(set_up)
            files._read_failures()
            files._records = _open_private(path)
            files._failed = _open_private(files.failed_path)
        except BaseException as error:
            if files._records is not None:
                files._records.close()
            files._lock.release()
            if isinstance(error, OSError):
                raise _unwritable(path, error) from error
            raise
        return files

    def _read_records(self, set_up: SetUp) -> None:
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            offset = 0
            for line in stream:
                record = _loads(line)
                if record is None or not line.endswith(b"\n"):
                    break
                _require_same(record, set_up, self.path)
                self.done.add(record["article"]["id"])
                offset += len(line)
            else:
                return
            hint = "Move it away, or pass --overwrite to start anew."
            if stream.read(1):
                raise OutputMismatch(f"{self.path} holds a line in its middle that is no record.", hint=hint)
            if not offset and not line.startswith(_BEGINNING[: len(line)]):
                raise OutputMismatch(f"{self.path} holds something else than records.", hint=hint)
        os.truncate(self.path, offset)
        self.repaired = f"The last line of {self.path} was incomplete and was cut off; its article is read again."

    def _read_failures(self) -> None:
        if not self.failed_path.exists():
            return
        for line in self.failed_path.read_bytes().splitlines(keepends=True):
            loaded = _loads(line)
            if loaded is None or not line.endswith(b"\n"):
                continue
            try:
                failure = Failure.model_validate(loaded)
            except ValidationError:
                hint = "Move it away, or pass --overwrite to start anew."
                raise OutputMismatch(f"{self.failed_path} holds something else than failures.", hint=hint) from None
            if failure.article not in self.done or failure.attempts == 0:
                self.failures[failure.source, failure.article] = failure
        self._rewrite_failures()

    def add(self, line: bytes) -> None:
        """Appends a record, a line of JSON with its newline.

        The line is handed to the operating system, whole, when this returns. Raises ConfigurationError where it cannot
        be written; a piece of it that was written is taken back.
        """
        _append(self._records, line, self.path)

    def add_failure(self, failure: Failure) -> None:
        """Appends a failure, which replaces an older one of the same article."""
        self.failures[failure.source, failure.article] = failure
        _append(self._failed, failure.model_dump_json().encode() + b"\n", self.failed_path)

    def write_manifest(self, manifest: Manifest) -> None:
        """Writes the manifest, whole or not at all. Raises ConfigurationError."""
        try:
            _replace(self.manifest_path, [manifest.model_dump_json(indent=1).encode() + b"\n"])
        except OSError as error:
            raise _unwritable(self.manifest_path, error) from error

    def put_in_order(self, place: Callable[[str], int]) -> None:
        """Sorts the records by the place of their articles in the input; those of place -1 stay in front."""
        assert self._records is not None
        try:
            with self.path.open("rb") as stream:
                places = []
                offset = 0
                for line in stream:
                    places.append((place(json.loads(line)["article"]["id"]), offset, len(line)))
                    offset += len(line)
                if all(one <= other for one, other in itertools.pairwise(places)):
                    return
                places.sort()
                _replace(self.path, _lines(stream, places))
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._records.close()
        self._records = _open_private(self.path)

    def _rewrite_failures(self) -> None:
        _replace(self.failed_path, [failure.model_dump_json().encode() + b"\n" for failure in self.failures.values()])

    def close(self, *, forget: set[FailureKey] | None = None) -> None:
        """Closes the files. Failures in `forget` (they have a record now) are taken out; an empty failures file is
        removed.
        """
        for stream in (self._records, self._failed):
            if stream is not None:
                stream.close()
        self._records = self._failed = None
        for key in forget or ():
            self.failures.pop(key, None)
        try:
            self._rewrite_failures()
            if not self.failures:
                self.failed_path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.failed_path, error) from error

    def unlock(self) -> None:
        """Lets other runs have the files."""
        if self._lock is not None:
            self._lock.release()


@dataclass
class StreamOutput:
    """Records to a stream (`-o -`): nothing to continue, no files beside it; failures are told as they happen."""

    stream: IO[bytes]
    done: set[str] = field(default_factory=set)
    failures: dict[FailureKey, Failure] = field(default_factory=dict)
    repaired: str | None = None

    def add(self, line: bytes) -> None:
        self.stream.write(line)
        self.stream.flush()

    def add_failure(self, failure: Failure) -> None:
        """Told by the run's observer."""

    def write_manifest(self, manifest: Manifest) -> None:
        """There is no place for one."""

    def put_in_order(self, place: Callable[[str], int]) -> None:
        """A stream is written in input order."""

    def close(self, *, forget: set[FailureKey] | None = None) -> None:
        """The stream is its owner's to close."""

    def unlock(self) -> None:
        """Nobody else has it."""


def record_files(path: Path) -> list[Path]:
    """The file itself, or the files with records in a folder, sorted: other files that the program writes are left out.

    Raises ConfigurationError where a folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(f for f in path.rglob("*.jsonl") if not f.name.endswith(_NO_RECORDS) and not _is_ledger(f))
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


def beside(path: Path) -> tuple[Path, Path]:
    """The files of failures and of the manifest that belong to an output."""
    stem = path.name.removesuffix(".jsonl")
    return path.with_name(f"{stem}.failed.jsonl"), path.with_name(f"{stem}.run.json")


def _loads(line: bytes) -> dict[str, Any] | None:
    try:
        loaded = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _require_same(record: dict[str, Any], set_up: SetUp, path: Path) -> None:
    try:
        run, version = record["run"], record["schema_version"]
        found = {"schema": version, "model": run["model"], "prompt": run["prompt"], "prompt text": run["prompt_sha256"]}
        record["article"]["id"]
    except (KeyError, TypeError):
        raise OutputMismatch(f"{path} holds something else than records.") from None
    wanted = {
        "schema": SCHEMA_VERSION,
        "model": set_up.model,
        "prompt": set_up.prompt,
        "prompt text": set_up.prompt_sha256,
    }
    for name, value in wanted.items():
        if found[name] != value:
            raise OutputMismatch(f"{path} was made with another {name} ({found[name]!s:.40}, now {value!s:.40}).")


def _open_private(path: Path) -> IO[bytes]:
    """Articles and what is said in them may be confidential: only the owner may read the output.

    Raises OSError also for a link that leads nowhere, through which a file would be made in another place.
    """
    new = 0 if path.exists() else os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | new, 0o600), "ab", buffering=0)


def _append(stream: IO[bytes] | None, line: bytes, path: Path) -> None:
    assert stream is not None, "the files are open while a run writes"
    written = 0
    try:
        while written < len(line):  # a signal, or the end of the disk, can cut a write short
            written += stream.write(line[written:])
    except OSError as error:
        if written:
            with contextlib.suppress(OSError):  # what cannot be taken back is repaired by the next run
                os.truncate(stream.fileno(), os.fstat(stream.fileno()).st_size - written)
        raise _unwritable(path, error) from error


def _replace(path: Path, lines: Any) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")  # created 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(lines)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _lines(stream: IO[bytes], places: list[tuple[int, int, int]]) -> Iterator[bytes]:
    for _, offset, length in places:
        stream.seek(offset)
        yield stream.read(length)


def _unwritable(path: Path, error: OSError) -> ConfigurationError:
    hint = (
        "Is there room on the disk, and may you write into the folder? What was written is kept: run again to continue."
    )
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}", hint=hint)
