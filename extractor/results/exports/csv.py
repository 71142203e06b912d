"""CSV as in RFC 4180, one file per table, safe to open in a spreadsheet.

A cell that a spreadsheet would run as a formula gets an apostrophe before it, and every text is in quote marks (OWASP,
CSV Injection). Control characters but tabs and newlines are shown as signs, since a table may be printed to a terminal.
Lists are joined by "; ". The articles' texts are left out, for spreadsheets cut cells at 32,767 characters; the other
formats have them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.results.exports.interface import Note, Options, Piece
from extractor.results.exports.tables import chosen, file_name, file_names
from extractor.results.terminal import visible
from extractor.schema.record import Record

OPTIONS = frozenset({"table", "bom"})
_LEFT_OUT = frozenset({"text"})
# OWASP's characters and their full-width forms, also behind blanks, which some programs trim first.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def files(options: Options) -> tuple[str, ...]:
    return file_names(options.table, ".csv")


def render(records: Iterable[Record], options: Options) -> Iterator[Piece | Note]:
    tables = chosen(options.table)
    columns = {name: [column for column in table.columns if column not in _LEFT_OUT] for name, table in tables.items()}
    for name, header in columns.items():
        data = (b"\xef\xbb\xbf" if options.bom else b"") + lines([header])
        yield Piece(file_name(name, ".csv", options.table), data)
    for record in records:
        for name, table in tables.items():
            rows = [[row[column] for column in columns[name]] for row in table.rows(record)]
            if rows:
                yield Piece(file_name(name, ".csv", options.table), lines(rows))


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows of any values as CSV in UTF-8, each text made safe."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerows(map(cell, row) for row in rows)
    return text.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as it stands in a cell: numbers as they are, everything else as text that is no formula and that a
    terminal does not obey.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    shown = "\r\n".join(map(visible, text.split("\r\n")))  # a carriage return alone moves the cursor
    return "'" + shown if _FORMULA.match(text) else shown
