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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from extractor.errors import ConfigurationError, OutputMismatch
from extractor.files.decoding import json_object
from extractor.files.locking import OutputLock
from extractor.files.whole import make_folder, whole_file
from extractor.schema.record import SCHEMA_VERSION, Failure, Manifest

FAILED, MANIFEST = ".failed.jsonl", ".run.json"
"""Endings of the files beside the records."""
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
        return beside(self.path, FAILED)

    @property
    def manifest_path(self) -> Path:
        return beside(self.path, MANIFEST)

    @classmethod
    def open(cls, path: Path, set_up: SetUp, *, overwrite: bool = False) -> OutputFiles:
        """Opens the files, new or to be continued.

        Raises OutputMismatch where the file holds records of another set-up or something else than records, and
        ConfigurationError where it cannot be written or another run is writing to it.
        """
        files = cls(path)
        try:
            make_folder(path.parent)
            files._lock = OutputLock(path)
            files._lock.acquire()
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            if overwrite:
                for old in own_files(path):
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
                record = json_object(line)
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
            loaded = json_object(line)
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
        with whole_file(self.manifest_path) as stream:
            stream.write(manifest.model_dump_json(indent=1).encode() + b"\n")

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
                with whole_file(self.path, durable=True) as ordered:
                    ordered.writelines(_lines(stream, places))
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._records.close()
        self._records = _open_private(self.path)

    def _rewrite_failures(self) -> None:
        with whole_file(self.failed_path) as stream:
            stream.writelines(failure.model_dump_json().encode() + b"\n" for failure in self.failures.values())

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


def beside(path: Path, ending: str) -> Path:
    """A file that belongs to an output: OUT.failed.jsonl beside OUT.jsonl, and run.v2.failed.jsonl beside run.v2."""
    return path.with_name(path.name.removesuffix(".jsonl") + ending)


def own_files(path: Path) -> tuple[Path, ...]:
    """All files of a run: the records, the failures and the manifest."""
    return path, beside(path, FAILED), beside(path, MANIFEST)


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

    Raises OSError, and ConfigurationError for a link that leads nowhere: whoever can write into the folder would choose
    the place where the file is made.
    """
    if path.is_symlink() and not path.exists():
        hint = "Make what it leads to (an empty file is enough), remove the link, or name another file."
        raise ConfigurationError(f"{path} is a link to {os.readlink(path)}, which is not there.", hint=hint)
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


def _lines(stream: IO[bytes], places: list[tuple[int, int, int]]) -> Iterator[bytes]:
    for _, offset, length in places:
        stream.seek(offset)
        yield stream.read(length)


def _unwritable(path: Path, error: OSError) -> ConfigurationError:
    hint = (
        "Is there room on the disk, and may you write into the folder? What was written is kept: run again to continue."
    )
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}", hint=hint)
