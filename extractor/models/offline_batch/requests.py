"""Request lines, in files that keep to the limits of the OpenAI Batch API."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

from extractor.errors import ConfigurationError
from extractor.files.whole import WholeFiles, unwritable
from extractor.models.cassette import request_key

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""Limits of one request file (OpenAI API reference, "Create batch")."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_SLUG = 22
_ID = re.compile(r"(?:.*\.)?([0-9a-f]{16})\.([0-9a-f]{24})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class QuestionKey:
    """Which question a line belongs to: a digest of the article's id (8 bytes) and of the request's body (12 bytes)."""

    article: bytes
    question: bytes

    @classmethod
    def of(cls, article: str, body: bytes) -> QuestionKey:
        return cls(_article_digest(article), bytes.fromhex(request_key(body)[:24]))

    @classmethod
    def parse(cls, custom_id: object) -> QuestionKey | None:
        """The key inside a custom_id; None where it is not one of ours."""
        found = _ID.fullmatch(custom_id) if isinstance(custom_id, str) else None
        return cls(bytes.fromhex(found[1]), bytes.fromhex(found[2])) if found else None

    def custom_id(self, article: str) -> str:
        """At most 64 characters that any server takes. The readable beginning is for people; the digests count."""
        slug = _UNSAFE.sub("-", article).strip("-")[:_SLUG]
        return f"{slug}.{self.article.hex()}.{self.question.hex()}"


def _article_digest(article: str) -> bytes:
    return blake2b(article.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def request_line(custom_id: str, body: bytes) -> bytes:
    """One line of a request file. `body` stays as a live run sends it."""
    head = json.dumps({"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions"})
    return head[:-1].encode() + b', "body": ' + body.replace(b"\n", b" ") + b"}\n"


def part_path(first: Path, number: int) -> Path:
    """requests.jsonl, requests.2.jsonl, requests.3.jsonl …"""
    return first if number == 1 else first.with_name(f"{first.stem}.{number}{first.suffix}")


def parts_of(first: Path) -> Iterator[Path]:
    """The files of a series that are there, in order."""
    number = 1
    while (path := part_path(first, number)).exists():
        yield path
        number += 1


def remove_series(first: Path, *, allowed: bool) -> None:
    """Makes room for a new series. Raises ConfigurationError where files are there and may not be removed."""
    existing = list(parts_of(first))
    if existing and not allowed:
        hint = "Pass --overwrite, or give another -o."
        raise ConfigurationError(f"{first} is there already.", hint=hint)
    for path in existing:
        path.unlink()


class RequestFiles:
    """A series of request files, continued behind those that are there. New files appear under their names when all of
    them are whole (`close`); until then nothing changes.

    `asked` counts how often each question stands in the files that were there at the beginning.
    """

    def __init__(self, first: Path, *, most_requests: int = MOST_REQUESTS, most_bytes: int = MOST_BYTES) -> None:
        self.first = first
        self.asked: Counter[QuestionKey] = Counter()
        self.requests = 0
        self.bytes = 0
        self._most_requests, self._most_bytes = most_requests, most_bytes
        existing = list(parts_of(first))
        self._next = len(existing) + 1
        self._files = WholeFiles()
        self._stream: IO[bytes] | None = None
        self._in_part = (0, 0)
        for path in existing:
            self.asked.update(_questions(path))

    def add(self, article: str, key: QuestionKey, body: bytes) -> None:
        """Adds a request. Raises ConfigurationError where it cannot be written."""
        line = request_line(key.custom_id(article), body)
        requests, size = self._in_part
        full = requests >= self._most_requests or size + len(line) > self._most_bytes
        try:
            if self._stream is None or full:
                self._open_part()
                requests, size = 0, 0
            assert self._stream is not None, "a part was just opened"
            self._stream.write(line)
        except OSError as error:
            raise unwritable(self.first, error) from error
        self._in_part = (requests + 1, size + len(line))
        self.requests += 1
        self.bytes += len(line)

    def _open_part(self) -> None:
        if self._stream is not None:
            self._stream.close()
        self._stream = self._files.open(part_path(self.first, self._next))
        self._next += 1

    def close(self) -> list[Path]:
        """The new files, now in their places. Raises ConfigurationError."""
        self._stream = None
        return self._files.keep()

    def discard(self) -> None:
        """Takes back everything that was added since the last `close`."""
        self._stream = None
        self._files.discard()


def _questions(path: Path) -> Iterator[QuestionKey]:
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    key = QuestionKey.parse(json.loads(line)["custom_id"])
                except (ValueError, TypeError, KeyError, RecursionError):
                    key = None
                if key is None:
                    hint = "Name another file for the requests; this one was not written by `extractor batch`."
                    raise ConfigurationError(f"{path}:{number} is no request of this program.", hint=hint)
                yield key
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="May you read it?") from error
