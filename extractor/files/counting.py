"""How many articles an input holds, roughly and cheaply, for a progress bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.files.inputs import MANY_ARTICLES, ending, find_sources

_CHUNK = 1 << 20
_MOST_BYTES = 2 << 30
"""Line files are counted up to this size in all: beyond it, counting would delay the first article by seconds."""


def count_articles(inputs: Sequence[str]) -> int | None:
    """The number of articles, counting each line of a line file as one.

    None where it cannot be known beforehand: standard input, Parquet, or files too large to count.
    """
    try:
        sources = find_sources(inputs)
    except ConfigurationError:
        return None  # whoever reads the input will say so
    total = size = 0
    for source in sources:
        if source.path is None or ending(source.name) == ".parquet":
            return None
        if ending(source.name) not in MANY_ARTICLES:
            total += 1
            continue
        try:
            size += source.path.stat().st_size
            total += _lines(source.path) if size <= _MOST_BYTES else 0
        except OSError:
            continue
    return total if size <= _MOST_BYTES else None


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(_CHUNK), b""))
