"""Parquet, one file per table, with typed columns: dates are dates (date32), lists are lists of strings.

Rows are written in groups, so that millions of articles need little memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.results.exports.interface import Note, Options, Piece
from extractor.results.exports.tables import Kind, Row, Table, chosen, file_name, file_names
from extractor.schema.record import Record

OPTIONS = frozenset({"table"})
ROWS_PER_GROUP = 20_000

_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "date": pa.date32(),
    "texts": pa.list_(pa.string()),
}


def files(options: Options) -> tuple[str, ...]:
    return file_names(options.table, ".parquet")


def render(records: Iterable[Record], options: Options) -> Iterator[Piece | Note]:
    writers = {name: _Writer(schema(table)) for name, table in chosen(options.table).items()}
    for record in records:
        for name, table in chosen(options.table).items():
            data = writers[name].add(table.rows(record))
            if data:
                yield Piece(file_name(name, ".parquet", options.table), data)
    for name, writer in writers.items():
        yield Piece(file_name(name, ".parquet", options.table), writer.close())


def schema(table: Table) -> pa.Schema:
    """A table's columns as Arrow types."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in table.columns.items()])


class _Sink(io.RawIOBase):
    """Where Arrow writes to: keeps what was not handed on yet, and where in the file it stands."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._written = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]  # io's WriteableBuffer has no name at run time
        self._waiting += view
        self._written += view.nbytes
        return view.nbytes

    def take(self) -> bytes:
        data, self._waiting = bytes(self._waiting), bytearray()
        return data


@dataclass
class _Writer:
    schema: pa.Schema
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sink = _Sink()
        self.parquet = pq.ParquetWriter(self.sink, self.schema)

    def add(self, rows: Iterable[Row]) -> bytes:
        """Takes rows; returns what of the file is ready by now."""
        self.rows += rows
        if len(self.rows) >= ROWS_PER_GROUP:
            self._write()
        return self.sink.take()

    def close(self) -> bytes:
        """The rest of the file."""
        self._write()
        self.parquet.close()
        return self.sink.take()

    def _write(self) -> None:
        if self.rows:
            self.parquet.write_table(pa.Table.from_pylist(self.rows, schema=self.schema))
            self.rows = []
