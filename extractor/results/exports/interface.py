"""What a format is: a module that turns records into pieces of files, one record at a time where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from extractor.schema.record import Record


@dataclass(frozen=True)
class Options:
    """What may be asked of a format. Each format says in OPTIONS which of these it knows.

    `table` names the one table to write instead of all; `bom` puts a byte order mark before UTF-8 text; `title` stands
    at the head.
    """

    table: str | None = None
    bom: bool = False
    title: str | None = None


@dataclass(frozen=True)
class Piece:
    """The next bytes of a file. `file` is its name within the folder, or "" where the format is one file."""

    file: str
    data: bytes


@dataclass(frozen=True)
class Note:
    """Something to tell the person: what was left out, and why."""

    text: str


class Format(Protocol):
    """A module of this package. The same records and options give the same bytes."""

    OPTIONS: frozenset[str]

    def files(self, options: Options, /) -> tuple[str, ...]:
        """The names of the files in the folder that this format is; () where it is one file."""
        ...

    def render(self, records: Iterable[Record], options: Options, /) -> Iterator[Piece | Note]:
        """Pieces of each file in their order, and notes. A file without pieces is empty."""
        ...
