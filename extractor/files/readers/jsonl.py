"""JSON Lines: one article per line, read as they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from extractor.errors import UnreadableInput
from extractor.files.decoding import CHUNK, MAX_LINE, decode, lines, refuse_other_formats
from extractor.files.inputs import Source
from extractor.files.readers.fields import article_from
from extractor.files.readers.interface import Located, Unread

ONE_PER_LINE = "Write one JSON object per line; from a JSON array: jq -c '.[]' FILE"


def read_jsonl(file: BinaryIO, source: Source) -> Iterator[Located]:
    """Each line is an object with the article's fields; blank lines are passed over."""
    return articles(chunks(file), source)


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """What has arrived, as soon as it has: a pipe's first line is not held back until a buffer is full."""
    read = getattr(file, "read1", file.read)
    while chunk := read(CHUNK):
        yield chunk


def articles(stream: Iterable[bytes], source: Source) -> Iterator[Located]:
    for number, line in lines(stream):
        if line is not None and not line.strip():
            continue
        if number == 1 and line is not None:
            refuse_other_formats(line)
        locator = source.at(number)
        try:
            yield locator, article_from(_object(line), locator=locator)
        except UnreadableInput as error:
            yield locator, Unread(locator, None, error)


def _object(line: bytes | None) -> dict[str, object]:
    if line is None:
        raise UnreadableInput(f"the line is longer than {MAX_LINE:,} bytes", hint=ONE_PER_LINE)
    try:
        value = json.loads(decode(line))
    except json.JSONDecodeError as error:
        raise UnreadableInput(f"broken JSON: {error.msg} at column {error.colno}", hint=ONE_PER_LINE) from error
    except ValueError as error:  # a number with thousands of digits
        raise UnreadableInput("broken JSON: a number is too long", hint=ONE_PER_LINE) from error
    except RecursionError as error:
        raise UnreadableInput("the JSON is nested too deeply", hint=ONE_PER_LINE) from error
    if not isinstance(value, dict):
        raise UnreadableInput("the line is no JSON object", hint=ONE_PER_LINE)
    if "schema_version" in value and isinstance(value.get("article"), dict):
        raise UnreadableInput(
            "the line is a record that this program wrote", hint="Give it the articles, not its output."
        )
    return value
