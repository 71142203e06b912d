"""What every reader is: a source's bytes in, articles and failures out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from extractor.errors import UnreadableInput
from extractor.files.inputs import Source
from extractor.schema.article import Article


@dataclass(frozen=True, slots=True)
class Unread:
    """An article that could not be read, and why: the others go on.

    `source` is the path, with `:LINE` in a file of many articles. `article` is its id, where it got as far as having
    one. `error` carries the message and the hint.
    """

    source: str
    article: str | None
    error: UnreadableInput


Located = tuple[str, Article | Unread]
"""Where an article stands (path, or path and line), and the article. Its own `source` field may name another place."""


class Reader(Protocol):
    """One per format. `file` stands at its beginning and is closed by the caller.

    Yields each article after its locator, a bad one as Unread; raises UnreadableInput where the file as a whole, or the
    rest of it, is no input.
    """

    def __call__(self, file: BinaryIO, source: Source) -> Iterator[Located]: ...
