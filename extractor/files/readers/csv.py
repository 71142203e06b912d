"""CSV and TSV with a header row: one article per row, read as they come."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from extractor.errors import UnreadableInput
from extractor.files.decoding import CHUNK, MAX_LINE, MAX_TEXT, decode, guess, lines, marked, refuse_other_formats
from extractor.files.inputs import Source
from extractor.files.readers.fields import NAMES, article_from
from extractor.files.readers.interface import Located, Unread
from extractor.files.readers.jsonl import chunks

_KNOWN = frozenset(name for names in NAMES.values() for name in names)
_DELIMITERS = ",;\t"
_HEADER_HINT = (
    "Begin the file with a row of column names: text, and where known id, published, title, source, language."
)
_ROW_HINT = 'Put a field that holds the delimiter, a quote mark or a newline in double quotes: "He said ""yes"""'


def read_csv(file: BinaryIO, source: Source) -> Iterator[Located]:
    """The header names the fields; its delimiter is the one of comma, semicolon and tab that yields a text column."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_TEXT))
    bad_lines: dict[int, UnreadableInput] = {}
    physical = _physical_lines(file, bad_lines)
    above, header, delimiter = _header(physical, bad_lines)
    # Strict: a quote mark out of place would otherwise swallow the rows after it, or be dropped, without a word.
    rows = csv.reader(physical, delimiter=delimiter, strict=True)
    while True:
        locator = source.at(above + rows.line_num + 1)
        try:
            row = next(rows)
            if bad_lines:
                raise bad_lines.popitem()[1]
            if row and len(row) != len(header):
                raise UnreadableInput(f"the row has {len(row)} fields, the header has {len(header)}", hint=_ROW_HINT)
        except StopIteration:
            return
        except csv.Error as error:
            bad_lines.clear()
            yield locator, Unread(locator, None, UnreadableInput(f"broken CSV: {error}", hint=_ROW_HINT))
        except UnreadableInput as error:
            bad_lines.clear()
            yield locator, Unread(locator, None, error)
        else:
            if row:
                yield locator, article_from(dict(zip(header, row, strict=True)), locator=locator)


def _physical_lines(file: BinaryIO, bad_lines: dict[int, UnreadableInput]) -> Iterator[str]:
    """Decoded lines. One that cannot be read goes on as far as its quote marks show, and is noted as bad."""
    sample = file.read(CHUNK)
    file.seek(0)
    refuse_other_formats(sample)
    legacy = guess(sample) if not sample.isascii() and marked(sample) is None else None
    for number, line in lines(chunks(file)):
        try:
            if line is None:
                raise UnreadableInput(f"a line is longer than {MAX_LINE:,} bytes", hint=_ROW_HINT)
            yield decode(line, declared=legacy) + "\n"
        except UnreadableInput as error:
            bad_lines[number] = error
            yield (line or b"").decode("utf-8", "replace") + "\n"


def _header(physical: Iterator[str], bad_lines: dict[int, UnreadableInput]) -> tuple[int, list[str], str]:
    """Lines up to and with the header, its column names, and the delimiter."""
    for number, line in enumerate(physical, start=1):
        if bad_lines:
            raise bad_lines.popitem()[1]
        if not line.strip():
            continue
        try:
            split = {mark: next(csv.reader([line], delimiter=mark, strict=True)) for mark in _DELIMITERS}
        except csv.Error as error:
            raise UnreadableInput(f"broken CSV header: {error}", hint=_HEADER_HINT) from error
        names = {mark: [name.strip().lower() for name in columns] for mark, columns in split.items()}
        delimiter = max(_DELIMITERS, key=lambda mark: len(_KNOWN.intersection(names[mark])))
        header = names[delimiter]
        if not set(NAMES["text"]).intersection(header):
            raise UnreadableInput("the header has no column text, body or content", hint=_HEADER_HINT)
        if twice := sorted(name for name in _KNOWN.intersection(header) if header.count(name) > 1):
            raise UnreadableInput(f"the header names {twice[0]} twice", hint=_HEADER_HINT)
        return number, header, delimiter
    raise UnreadableInput("no text: the file is empty", hint=_HEADER_HINT)
