"""Articles in: one reader per format, one way through all of them.

`read_articles` is the interface. Whatever is wrong with a file, a line or a row becomes an `Unread` in its place, and
the reading goes on; only a request that makes no sense as a whole raises (ConfigurationError).
"""

from __future__ import annotations

import io
import itertools
import os
import re
import stat
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from extractor.errors import ConfigurationError, DuplicateId, UnreadableInput
from extractor.files.decoding import MAX_TEXT, decode, marked
from extractor.files.inputs import PERMISSIONS, Source, ending, find_sources
from extractor.files.readers import jsonl
from extractor.files.readers.csv import read_csv
from extractor.files.readers.html import read_html
from extractor.files.readers.interface import Located, Reader, Unread
from extractor.files.readers.jsonl import read_jsonl
from extractor.files.readers.parquet import read_parquet, require_pyarrow
from extractor.files.readers.text import plain_text, read_markdown, read_text, whole
from extractor.schema.article import Article

__all__ = ["read_articles", "Unread"]

_READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}


def read_articles(
    inputs: Sequence[str], *, stdin: BinaryIO | None = None, leave_out: Collection[Path] = ()
) -> Iterator[Article | Unread]:
    """The articles of files, folders, patterns and `-` (standard input), lazily, in the order of the input.

    Files in `leave_out` (a run's own output, which may stand in a folder of the input) are passed over. Raises
    ConfigurationError at once for an input that does not exist or holds nothing readable, and where
    Parquet files are named but pyarrow is missing. All else that is wrong comes as Unread. Of several articles with one
    id the first is read.
    """
    sources = find_sources(inputs)
    passed_over = {os.path.realpath(path) for path in leave_out}
    sources = [s for s in sources if s.path is None or os.path.realpath(s.path) not in passed_over]
    if not sources:
        raise ConfigurationError("The input holds nothing but this run's own output.", hint="Name the articles.")
    if any(_READERS.get(ending(source.name)) is read_parquet for source in sources):
        require_pyarrow()
    return _distinct(item for source in sources for item in _read(source, stdin))


def _distinct(items: Iterator[Located]) -> Iterator[Article | Unread]:
    seen: set[bytes] = set()  # digests: the ids of a million articles are held at once
    for locator, article in items:
        if isinstance(article, Article):
            digest = blake2b(article.id.encode(), digest_size=16).digest()
            if digest in seen:
                yield Unread(locator, article.id, DuplicateId(f"an earlier article has the id {article.id!r}"))
                continue
            seen.add(digest)
        yield article


def _read(source: Source, stdin: BinaryIO | None) -> Iterator[Located]:
    try:
        if source.problem is not None:
            raise source.problem
        if source.path is None:
            yield from _read_stdin(stdin or sys.stdin.buffer, source)
        else:
            with _opened(source.path) as file:
                yield from _READERS[ending(source.path.name)](file, source)
    except UnreadableInput as error:
        yield source.name, Unread(source.name, source.id, error)
    except OSError as error:
        problem = UnreadableInput(f"it cannot be read: {error.strerror or error}", hint=PERMISSIONS)
        yield source.name, Unread(source.name, source.id, problem)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Never waits: a named pipe opens without its writer, and is then refused like all that is no file."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableInput("it is a pipe or a device, not a file", hint="Pipe it in and name the input -.")
        yield file


def _read_stdin(file: BinaryIO, source: Source) -> Iterator[Located]:
    """JSON Lines where the first character is a brace, else one plain text."""
    stream = jsonl.chunks(file)
    begun = b""
    while not (beginning := _beginning(begun)) and (chunk := next(stream, b"")):
        begun += chunk
    if beginning == "{":
        yield from jsonl.articles(itertools.chain([begun], stream), source)
        return
    parts, size = [begun], len(begun)
    while size <= MAX_TEXT and (chunk := next(stream, b"")):
        parts.append(chunk)
        size += len(chunk)
    text = decode(whole(io.BytesIO(b"".join(parts))))
    if re.match(r"\s*\[\s*\{", text):
        raise UnreadableInput("it is a JSON array", hint=jsonl.ONE_PER_LINE)
    yield source.name, plain_text(text, source)


def _beginning(data: bytes) -> str:
    return data.decode(marked(data) or "utf-8", "replace").removeprefix("\ufeff").lstrip()[:1]
