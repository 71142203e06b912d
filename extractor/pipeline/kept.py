"""Records that were made before, kept beside the answers they were made of.

Placing quotes, resolving dates and auditing takes a hundred times as long as reading a line from the cache. A record
holds nothing that changes from run to run, so that the same article, read by the same model with the same prompt and
the same program, has the same record. What "the same program" is, is told by a digest of its source: a changed line of
code, a changed word list, another version of a library that the result depends on, and all records are made anew from
the kept answers.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from extractor.files.prompts import Prompt
from extractor.models.cached import AnswerCache
from extractor.models.interface import Model, Usage
from extractor.pipeline.versions import versions
from extractor.schema.article import Article

_SOURCES = (".py", ".toml", ".txt", ".j2", ".json")


@dataclass(frozen=True)
class MadeRecord:
    """A record as a line of the output, and what it took when it was made."""

    line: bytes
    usage: Usage
    cached: bool


class KeptRecords:
    """The records of one set-up: model, prompt, options, program."""

    def __init__(self, cache: AnswerCache, model: Model, prompt: Prompt, **options: Any) -> None:
        self._cache = cache
        made_by = [model.name, model.parameters, prompt.sha256, options, program()]
        self._set_up = json.dumps(made_by, sort_keys=True).encode()

    def key(self, article: Article) -> str:
        """SHA-256 of everything that the record depends on."""
        digest = hashlib.sha256(self._set_up)
        digest.update(json.dumps(article.model_dump(mode="json")).encode())
        return digest.hexdigest()

    def get(self, key: str) -> MadeRecord | None:
        """The record under the key, or None where there is none, or something else than one line."""
        kept = self._cache.get(key)
        try:
            line, usage = kept["line"].encode(), Usage(**kept["usage"])
        except (TypeError, KeyError, AttributeError):
            return None
        return MadeRecord(line, usage, cached=True) if line.find(b"\n") == len(line) - 1 else None

    def set(self, key: str, line: bytes, usage: Usage) -> None:
        self._cache.set(key, {"line": line.decode(), "usage": asdict(usage)})


@functools.cache
def program() -> str:
    """A digest of this program's source and of the versions of its libraries."""
    digest = hashlib.sha256()
    _add(digest, resources.files("extractor"))
    if not (
        resources.files("extractor") / "_data" / "prompts"
    ).is_dir():  # a checkout has its prompts beside the package
        from extractor.files.prompts import builtin_folder

        _add(digest, builtin_folder())
    for name, version in versions().items():
        digest.update(f"{name} {version}\n".encode())
    return digest.hexdigest()


def _add(digest: Any, folder: Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            _add(digest, entry)
        elif entry.name.endswith(_SOURCES):
            digest.update(f"{entry.name}\n".encode() + entry.read_bytes())
