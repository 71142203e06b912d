"""Parquet: one article per row, read batch by batch. Needs pyarrow, an optional extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from extractor.errors import ConfigurationError, UnreadableInput
from extractor.files.inputs import Source
from extractor.files.readers.fields import NAMES, article_from
from extractor.files.readers.interface import Located, Unread

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

_BATCH = 64  # rows that are held at once, each perhaps of the largest size
_MAX_UNPACKED = 2**28  # bytes of a row group's columns that are unpacked however small they were packed
_MAX_RATIO = 100  # beyond that: news text packs to a third or a tenth
_HINT = "Write the file again, with a column text and where known id, published, title, source, language."


def require_pyarrow() -> None:
    """Raises ConfigurationError where pyarrow is not installed; does not import it, which takes its time."""
    if importlib.util.find_spec("pyarrow") is None:
        raise ConfigurationError(
            "reading Parquet files needs pyarrow", hint="pip install 'claim-commitment-extractor[parquet]'"
        )


def read_parquet(file: BinaryIO, source: Source) -> Iterator[Located]:
    """Columns are the article's fields."""
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file)
        columns = [name for names in NAMES.values() for name in names if name in table.schema_arrow.names]
        if not set(NAMES["text"]).intersection(columns):
            raise UnreadableInput("the file has no column text, body or content", hint=_HINT)
        _refuse_bombs(table.metadata, columns)
        # As dictionaries: a value that is stored once and repeated a million times is held once.
        table = parquet.ParquetFile(file, metadata=table.metadata, read_dictionary=columns)
        row = 0
        for batch in table.iter_batches(batch_size=_BATCH, columns=columns):
            for index in range(batch.num_rows):
                row += 1
                locator = source.at(row)
                try:
                    fields = {name: batch.column(name)[index].as_py() for name in columns}
                except (pyarrow.ArrowException, ValueError, LookupError, OverflowError) as error:
                    # A string may hold any bytes, a date any number, a time any zone.
                    yield locator, Unread(locator, None, UnreadableInput(f"unreadable value: {error}", hint=_HINT))
                else:
                    yield locator, article_from(fields, locator=locator)
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise UnreadableInput(f"broken Parquet file: {reason}", hint=_HINT) from error


def _refuse_bombs(metadata: FileMetaData, columns: list[str]) -> None:
    """Raises UnreadableInput where a small row group unpacks to a huge one."""
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        chunks = [group.column(number) for number in range(group.num_columns)]
        chunks = [chunk for chunk in chunks if chunk.path_in_schema in columns]
        packed = sum(chunk.total_compressed_size for chunk in chunks)
        unpacked = sum(chunk.total_uncompressed_size for chunk in chunks)
        if unpacked > max(_MAX_UNPACKED, _MAX_RATIO * packed):
            raise UnreadableInput(f"{packed:,} bytes of it unpack to {unpacked:,}", hint=_HINT)
