"""JSON Lines, one file per table: flat objects with strings, integers, lists of strings and null."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from extractor.results.exports.interface import Note, Options, Piece
from extractor.results.exports.tables import Row, chosen, file_name, file_names
from extractor.schema.record import Record

OPTIONS = frozenset({"table"})


def files(options: Options) -> tuple[str, ...]:
    return file_names(options.table, ".jsonl")


def render(records: Iterable[Record], options: Options) -> Iterator[Piece | Note]:
    tables = chosen(options.table)
    for record in records:
        for name, table in tables.items():
            lines = [_line(row) for row in table.rows(record)]
            if lines:
                yield Piece(file_name(name, ".jsonl", options.table), "".join(lines).encode())


def _line(row: Row) -> str:
    plain = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False) + "\n"
