"""An index of response lines: which question has which answer.

The lines stay in their files; the index is a private SQLite database that spills to disk and vanishes with the process,
so that a million answers need no memory to speak of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from extractor.errors import ConfigurationError
from extractor.files.decoding import json_object
from extractor.models.offline_batch.requests import QuestionKey
from extractor.models.transport import MAX_ANSWER

_SCHEMA = """
CREATE TABLE line (
    article BLOB, question BLOB, digest BLOB, good INTEGER, file INTEGER, offset INTEGER, used INTEGER DEFAULT 0,
    PRIMARY KEY (article, question, digest)
) WITHOUT ROWID
"""
_SHOWN = 10


@dataclass(frozen=True)
class Response:
    """What the server said to one question: a status and a JSON body, or (status 0) why it never ran it."""

    status: int
    body: dict[str, Any]

    @property
    def good(self) -> bool:
        return self.status == 200

    @property
    def says(self) -> str:
        """The error in words."""
        inner = self.body.get("error")
        error = inner if isinstance(inner, dict) else self.body
        words = error.get("message") or error.get("code") or "no reason given"
        return " ".join(str(words).split())[:300]

    @classmethod
    def of(cls, line: dict[str, Any]) -> Response | None:
        """From a line of an output file or an error file; None where it is neither."""
        response, error = line.get("response"), line.get("error")
        if isinstance(response, dict):
            status, body = response.get("status_code"), response.get("body")
            if isinstance(status, int) and isinstance(body, dict):
                return cls(status, body)
        return cls(0, error) if isinstance(error, dict) else None


@dataclass
class Responses:
    """The response files of a batch. `problems` names lines that are no responses (the first few), `unreadable` counts
    them.
    """

    files: list[Path]
    lines: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._index = sqlite3.connect("", isolation_level=None)  # an unnamed database: on disk, and gone at the end
        self._index.execute(_SCHEMA)
        self._index.execute("BEGIN")
        for number, path in enumerate(self.files):
            try:
                self._read(number, path)
            except OSError as error:
                hint = "Give the files that the Batch API returned, or that `extractor batch fetch` wrote."
                raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint=hint) from error

    def _read(self, number: int, path: Path) -> None:
        for offset, line in _lines(path):
            self.lines += 1
            loaded = json_object(line) or {}
            key = QuestionKey.parse(loaded.get("custom_id"))
            response = Response.of(loaded)
            if key is None or response is None:
                self.unreadable += 1
                if len(self.problems) < _SHOWN:
                    self.problems.append(f"{path}, byte {offset}")
                continue
            digest = blake2b(line.strip(), digest_size=8).digest()
            row = (key.article, key.question, digest, response.good, number, offset)
            self._index.execute("INSERT OR IGNORE INTO line VALUES (?, ?, ?, ?, ?, ?, 0)", row)

    def find(self, key: QuestionKey) -> Response | None:
        """The answer to a question: the first good one, else the last error, else None."""
        wanted = (key.article, key.question)
        rows = self._index.execute(
            "SELECT good, file, offset FROM line WHERE article = ? AND question = ? ORDER BY file, offset", wanted
        ).fetchall()
        if not rows:
            return None
        self._index.execute("UPDATE line SET used = 1 WHERE article = ? AND question = ?", wanted)
        good = next((row for row in rows if row[0]), None)
        _, file, offset = good or rows[-1]
        with self.files[file].open("rb") as stream:
            stream.seek(offset)
            return Response.of(json_object(stream.readline(MAX_ANSWER)) or {})

    def errors(self, key: QuestionKey) -> int:
        """How often the server failed to answer a question."""
        query = "SELECT count(*) FROM line WHERE article = ? AND question = ? AND NOT good"
        return int(self._index.execute(query, (key.article, key.question)).fetchone()[0])

    def has(self, article: bytes, *, used: bool) -> bool:
        """Whether there are answers about an article that questions of this session did (or did not) ask for."""
        query = "SELECT 1 FROM line WHERE article = ? AND good AND used = ? LIMIT 1"
        return self._index.execute(query, (article, used)).fetchone() is not None

    def close(self) -> None:
        self._index.close()


def are_responses(path: Path) -> bool:
    """Whether a file looks like one of the Batch API's: its first line has a custom_id and a response or an error."""
    try:
        _, line = next(_lines(path))
    except (StopIteration, OSError):
        return False
    loaded = json_object(line) or {}
    return "custom_id" in loaded and ("response" in loaded or "error" in loaded)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines with their offsets, blank ones left out; a line beyond the longest answer comes in pieces, none valid."""
    with path.open("rb") as stream:
        offset = 0
        while line := stream.readline(MAX_ANSWER):
            if line.strip():
                yield offset, line
            offset += len(line)


def split_arguments(arguments: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Response files and inputs, told apart by what the files hold."""
    responses, inputs = [], []
    for argument in arguments:
        path = Path(argument)
        if argument != "-" and path.is_file() and (path.stat().st_size == 0 or are_responses(path)):
            responses.append(path)
        else:
            inputs.append(argument)
    return responses, inputs
