"""The records of a run, as they were when the review began.

They are kept compressed, a fifth of their size, and unpacked one at a time: a run of ten thousand articles fits, and a
run that is repeated meanwhile changes nothing under the reviewer's hands.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.files.records import read_records
from extractor.schema.record import Record
from extractor.text.grounding import GroundedText

_UNPACKED = 16  # records that are kept ready
_FAST = 1  # zlib's level


class Shelf:
    """Records by the id of their article, in the order of the file or folder."""

    def __init__(self, path: Path) -> None:
        self._packed: dict[str, bytes] = {}
        self._ready: OrderedDict[str, tuple[Record, GroundedText]] = OrderedDict()
        self.path = path
        self._state = self._look()
        for record in read_records(path):
            if record.article.id in self._packed:
                raise ConfigurationError(
                    f"{path} holds the article {record.article.id} twice: decisions could not tell them apart.",
                    hint="Review the files one by one, or give the articles ids of their own.",
                )
            self._packed[record.article.id] = zlib.compress(record.model_dump_json().encode(), _FAST)

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def outdated(self) -> bool:
        """Whether the file has been written to since. A folder is not watched for its files' contents."""
        return self._look() != self._state

    def __contains__(self, article: object) -> bool:
        return article in self._packed

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def record(self, article: str) -> Record:
        """Raises KeyError for an article that is not there."""
        return self._open(article)[0]

    def grounded(self, article: str) -> GroundedText:
        """The article's text, in which quotes are looked for."""
        return self._open(article)[1]

    def _open(self, article: str) -> tuple[Record, GroundedText]:
        if article not in self._ready:
            record = Record.model_validate_json(zlib.decompress(self._packed[article]))
            self._ready[article] = record, GroundedText(record.article.text)
            if len(self._ready) > _UNPACKED:
                self._ready.popitem(last=False)
        self._ready.move_to_end(article)
        return self._ready[article]
