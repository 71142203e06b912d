"""How many articles an input holds, roughly and cheaply, for a progress bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_MANY = {".jsonl", ".ndjson", ".csv"}
_CHUNK = 1 << 20
_MOST_BYTES = 2 << 30
"""Line files are counted up to this size: beyond it, counting would delay the first article by seconds."""


def count_articles(inputs: Sequence[str]) -> int | None:
    """The number of articles, counting a line of a line file as one; None where it cannot be known beforehand (stdin,
    Parquet).
    """
    from extractor.files.inputs import find_files

    total = size = 0
    if "-" in inputs:
        return None
    for path in find_files(inputs):
        ending = path.suffix.lower()
        if ending == ".parquet":
            return None
        if ending not in _MANY:
            total += 1
            continue
        size += path.stat().st_size
        if size > _MOST_BYTES:
            return None
        total += _lines(path)
    return total


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(_CHUNK), b""))
    except OSError:
        return 0
