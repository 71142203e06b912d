"""Answers kept on disk, so that nothing is asked or paid for twice.

diskcache 5.6.3 unpickles rows that say they are pickles, even under JSONDisk (CVE-2025-69872): whoever can write into
the folder could run code. `_JSONOnlyDisk` refuses such rows, rows that name a file outside of the
folder, and rows that unpack to more than any answer; and any entry that cannot be read is a miss.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import diskcache
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from extractor.errors import ConfigurationError
from extractor.files.whole import make_folder
from extractor.models.interface import Answer, Model, Question, Usage

T = TypeVar("T", bound=BaseModel)
_MAX_ENTRY = 2**28
"""Bytes of an unpacked entry. The record of the longest article that is read stays below it."""

_UNREADABLE = (
    ValueError,
    RecursionError,
    TypeError,
    KeyError,
    OSError,
    EOFError,
    zlib.error,
    sqlite3.Error,
    diskcache.Timeout,
    ValidationError,
)


class _JSONOnlyDisk(diskcache.JSONDisk):  # type: ignore[misc]  # diskcache has no types
    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        packed = zlib.compress(to_json(value), self.compress_level)  # as JSONDisk does, with a faster writer
        return diskcache.Disk.store(self, packed, read, key=key)

    def get(self, key: Any, raw: bool) -> Any:
        if not raw:
            raise ValueError("a pickled cache key is refused")
        return super().get(key, raw)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        if mode == diskcache.core.MODE_PICKLE:
            raise ValueError("a pickled cache value is refused")
        if filename is not None and not self._is_inside(filename):
            raise ValueError("a file outside of the cache is refused")
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(diskcache.Disk.fetch(self, mode, filename, value, read), _MAX_ENTRY)
        if not unpacker.eof:
            raise ValueError("a cache value that is cut off or unpacks to too much is refused")
        return json.loads(unpacked)

    def remove(self, file_path: str) -> None:
        if self._is_inside(file_path):
            super().remove(file_path)

    def _is_inside(self, name: str) -> bool:
        folder = os.path.realpath(self._directory)
        return bool(os.path.commonpath([folder, os.path.realpath(os.path.join(folder, name))]) == folder)


@dataclass(frozen=True)
class CacheStats:
    """What a cache folder holds."""

    folder: Path
    answers: int
    bytes: int


class AnswerCache:
    """A folder of answers, shared by any number of processes. Nothing is ever evicted; only the owner may enter it.

    Raises ConfigurationError where the folder cannot be opened. A read or write that fails later is a miss, not an
    error: the cache saves money, it must never lose an answer.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._records: AnswerCache | None = None
        try:
            make_folder(folder)
            folder.chmod(0o700)
            self._cache = diskcache.Cache(str(folder), disk=_JSONOnlyDisk, eviction_policy="none", size_limit=2**62)
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            raise ConfigurationError(
                f"The cache folder {folder} cannot be opened: {error}",
                hint="Delete it, choose another with EXTRACTOR_CACHE_DIR, or run with --no-cache.",
            ) from error

    def get(self, key: str) -> Any:
        """The entry, or None where there is none or none that can be read."""
        try:
            return self._cache.get(key)
        except _UNREADABLE:
            return None

    def set(self, key: str, value: Any) -> None:
        with contextlib.suppress(*_UNREADABLE):
            self._cache.set(key, value)

    @property
    def records(self) -> AnswerCache:
        """A cache of its own in a folder below, for the records that were made of the answers."""
        if self._records is None:
            self._records = AnswerCache(self.folder / "records")
        return self._records

    def keys(self) -> Iterator[str]:
        """All keys, oldest first."""
        yield from self._cache

    def stats(self) -> CacheStats:
        below = self.records.stats().bytes if (self.folder / "records").is_dir() else 0
        return CacheStats(self.folder, len(self._cache), self._cache.volume() + below)

    def clear(self) -> int:
        """Removes every answer, and the records made of them; returns how many answers there were."""
        if (self.folder / "records").is_dir():
            self.records.clear()
        return int(self._cache.clear())

    def close(self) -> None:
        if self._records is not None:
            self._records.close()
        self._cache.close()


class CachedModel:
    """Any model, with its answers kept. A failure is never kept; a corrupt entry is asked for again and replaced."""

    def __init__(self, model: Model, cache: AnswerCache, *, read: bool = True) -> None:
        self.cache = cache
        self._model = model
        self._read = read

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def parameters(self) -> dict[str, Any]:
        return self._model.parameters

    async def ask(self, question: Question[T]) -> Answer[T]:
        """The kept answer to the very same question, else a new one, which is kept before it is returned."""
        key = cache_key(self._model, question)
        if self._read and (kept := self._kept(key, question)) is not None:
            return kept
        answer = await self._model.ask(question)
        self.cache.set(key, {"reply": answer.value.model_dump_json(), "usage": asdict(answer.usage)})
        return answer

    def _kept(self, key: str, question: Question[T]) -> Answer[T] | None:
        entry = self.cache.get(key)
        if entry is None:
            return None
        try:
            return Answer(question.reply.model_validate_json(entry["reply"]), Usage(**entry["usage"]), cached=True)
        except _UNREADABLE:
            return None

    async def aclose(self) -> None:
        await self._model.aclose()
        self.cache.close()


def cache_key(model: Model, question: Question[Any]) -> str:
    """SHA-256 of everything that an answer depends on: messages, model, its parameters, and the schema of the reply."""
    messages = [[message["role"], _digest(message["content"])] for message in question.messages]
    schema: type[BaseModel] = question.reply
    asked = [messages, model.name, model.parameters, schema.__name__, schema_digest(schema)]
    return _sha256(json.dumps(asked, sort_keys=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_digest = functools.lru_cache(maxsize=8)(_sha256)  # the instructions are long, and the same for every article


@functools.cache
def schema_digest(schema: type[BaseModel]) -> str:
    """SHA-256 of a schema; computed once per class."""
    return _sha256(json.dumps(schema.model_json_schema(), sort_keys=True))
