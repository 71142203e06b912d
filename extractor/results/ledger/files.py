"""The ledger's files: ledger.jsonl with the threads, ledger.run.json with what continues them, and people's decisions
in ledger.decisions.jsonl, which is only ever appended to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extractor.errors import ConfigurationError, OutputMismatch
from extractor.files.output import MANIFEST, beside
from extractor.files.whole import unwritable, whole_files
from extractor.results.ledger.building import Earlier, Ledger
from extractor.schema.ledger import Decision, LedgerManifest, Thread

T = TypeVar("T", bound=BaseModel)
_WRITTEN_BY = "Ledgers are written by `extractor ledger -o`."


def manifest_path(path: Path) -> Path:
    """ledger.run.json, beside ledger.jsonl."""
    return beside(path, MANIFEST)


def decisions_path(path: Path) -> Path:
    """ledger.decisions.jsonl, beside ledger.jsonl."""
    return beside(path, ".decisions.jsonl")


def read_threads(path: Path) -> list[Thread]:
    """The threads of a ledger. Raises ConfigurationError where the file is none."""
    return list(_lines(path, Thread, _WRITTEN_BY))


def read_decisions(path: Path) -> list[Decision]:
    """People's decisions, oldest first; none where there is no file. Raises ConfigurationError."""
    hint = "Decisions are written by `extractor ledger` with --merge, --split or --rate."
    return list(_lines(path, Decision, hint)) if path.exists() else []


def read_earlier(path: Path, linked_by: str, prompt_sha256: str | None) -> Earlier:
    """The ledger to be continued; an empty one where there is no file.

    Raises OutputMismatch where it was linked in another way, and ConfigurationError where it is no ledger.
    """
    if not path.exists():
        return Earlier()
    threads = read_threads(path)
    try:
        manifest = LedgerManifest.model_validate_json(manifest_path(path).read_bytes())
    except (OSError, ValidationError) as error:
        raise OutputMismatch(f"{manifest_path(path)} is missing or not valid: {path} cannot be continued.") from error
    if (manifest.linked_by, manifest.prompt_sha256) != (linked_by, prompt_sha256):
        raise OutputMismatch(
            f"The links of {path} were decided by {manifest.linked_by}, now by {linked_by}"
            + ("." if manifest.linked_by != linked_by else " with another prompt."),
            hint="Choose another file, or pass --overwrite to decide them anew. People's decisions are kept.",
        )
    return Earlier(threads, frozenset(manifest.articles), manifest.persons, manifest.questions)


def write(path: Path, ledger: Ledger) -> None:
    """Writes the threads and, beside them, what continues them; whole or not at all. Raises ConfigurationError."""
    manifest = manifest_path(path)
    with whole_files([path, manifest]) as streams:
        streams[path].writelines(_line(thread) for thread in ledger.threads)
        streams[manifest].write(_line(ledger.manifest, indent=1))


def _line(value: BaseModel, indent: int | None = None) -> bytes:
    return value.model_dump_json(indent=indent).encode("utf-8", "surrogatepass") + b"\n"


def append_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    """Adds decisions at the end of their file. Raises ConfigurationError where it cannot be written."""
    text = "".join(decision.model_dump_json() + "\n" for decision in decisions)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as stream:
            stream.write(text.encode())
    except OSError as error:
        raise unwritable(path, error) from error


def _lines(path: Path, kind: type[T], hint: str) -> Iterator[T]:
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield kind.model_validate_json(line)
                except ValidationError as error:
                    first = error.errors(include_url=False, include_input=False)[0]
                    place = ".".join(map(str, first["loc"])) or "line"
                    raise ConfigurationError(f"{path}:{number}: {place}: {first['msg']}", hint=hint) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint=hint) from error
