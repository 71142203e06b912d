"""Decisions, one JSON line each, in a file that is only ever appended to.

Several programs may write to one file at the same time: a line is written whole, by one system call, under a lock, and
is on the disk before the reviewer is told so. A program that is killed leaves at most one incomplete line at the end;
it is passed over and told, and the next line starts on a line of its own. Review files may be joined with `cat`: a
decision counts once, by its id.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import ConfigurationError
from extractor.schema.reading import SpeakerKind
from extractor.schema.record import Layer

What = Literal["accept", "reject", "correct", "add", "comment", "undo"]
ReviewedLayer = Layer | Literal["speakers"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NamedSpeaker(_Part):
    """A source, by name: the ids of a record ("s1") may differ in the next run."""

    name: str = Field(min_length=1, max_length=400)
    role: str | None
    affiliation: str | None
    kind: SpeakerKind


class Decision(_Part):
    """What one person decided about one item, and the item before and after.

    `before` and `after` are items as in a record, but with names in place of the ids of speakers. `before` is null for
    what was added, `after` for what was rejected. For a quote that could not be placed `before` is the entry of
    `unplaced`; for a passage that no item covers, the check; for a speaker (layer "speakers"), the speaker.
    """

    version: Literal["1"] = "1"
    id: str
    item: str = Field(description="id of the item; a hash of the content where the record gives none")
    layer: ReviewedLayer | None = Field(description="null for a passage that no item covers, and for an empty record")
    article: str
    who: str
    when: dt.datetime = Field(description="UTC")
    what: What
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    speakers: list[NamedSpeaker] = Field(default=[], description="sources that `after` names and the record does not")
    comment: str | None = None
    undoes: str | None = Field(default=None, description="undo: id of the decision of the same person taken back")

    @property
    def key(self) -> tuple[str, str]:
        """Article and item."""
        return self.article, self.item


def new_decision(**fields: Any) -> Decision:
    """A decision made now."""
    return Decision(id=secrets.token_hex(8), when=dt.datetime.now(dt.UTC), **fields)


def reviews_path(records: Path) -> Path:
    """Where the decisions about a file or folder of records stand: OUT.reviews.jsonl beside OUT.jsonl or OUT/."""
    records = records if records.name else records.resolve()
    return records.with_name(records.name.removesuffix(".jsonl") + ".reviews.jsonl")


class DecisionLog:
    """The file of decisions. `troubles` tells what was passed over, for a person to read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.troubles: list[str] = []
        self._offset = 0
        self._line = 0

    def append(self, decision: Decision) -> None:
        """Writes one line; it is on the disk when this returns. Raises ConfigurationError where it cannot be."""
        line = decision.model_dump_json(exclude_none=False).encode() + b"\n"
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                with _locked(handle):
                    if not _ends_with_newline(handle):
                        line = b"\n" + line
                    if os.write(handle, line) != len(line):
                        raise OSError("it was written only in part")
                    os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise ConfigurationError(
                f"The decision could not be written to {self.path}: {error.strerror or error}",
                hint="Is there room on the disk, and may you write into the folder?",
            ) from error

    def read(self) -> list[Decision]:
        """The decisions that were added since the last call, by whomever, in the order of the file."""
        try:
            with self.path.open("rb") as stream:
                if stream.seek(0, os.SEEK_END) < self._offset:  # somebody put another file in its place
                    self._offset = self._line = 0
                stream.seek(self._offset)
                content = stream.read()
        except FileNotFoundError:
            return []
        except OSError as error:
            hint = "Decisions are kept there: it must be a file that you may read."
            raise ConfigurationError(f"{self.path} cannot be read: {error.strerror}", hint=hint) from error
        whole, newline, _ = content.rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        return [decision for line in whole.split(b"\n") if (decision := self._decision(line)) is not None]

    def read_all(self) -> list[Decision]:
        """As `read`, for a file that nobody is writing: an incomplete last line is told in `troubles`."""
        decisions = self.read()
        with contextlib.suppress(OSError):
            if self.path.stat().st_size > self._offset:
                self.troubles.append(
                    f"The last line of {self.path.name} is incomplete: a program was stopped while it wrote. "
                    "That one decision is lost; all before it are read."
                )
        return decisions

    def _decision(self, line: bytes) -> Decision | None:
        self._line += 1
        if not line.strip():
            return None
        try:
            return Decision.model_validate_json(line)
        except ValidationError:
            self.troubles.append(f"{self.path.name}:{self._line} is no decision and was passed over.")
            return None


def _ends_with_newline(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size == 0 or os.pread(handle, 1, size - 1) == b"\n"


@contextlib.contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Nobody else writes meanwhile. Where the system has no flock, O_APPEND alone keeps lines apart."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)
