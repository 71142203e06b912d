"""`extractor query`: SQL over records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli import common

if TYPE_CHECKING:
    from extractor.results.query import Answer


@common.reports
def query(
    sql: Annotated[
        str | None, typer.Argument(metavar="SQL", help="A statement in DuckDB's SQL.", show_default=False)
    ] = None,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="OUT.jsonl...", help="Records: files, or folders of parts.", show_default=False),
    ] = None,
    views: Annotated[bool, typer.Option("--views", help="List the views and their columns.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, safe to open in a spreadsheet.")] = False,
) -> None:
    """Ask the records in SQL: `extractor query "SELECT speaker, count(*) FROM claims GROUP BY ALL" out.jsonl`.

    The views are articles, speakers, claims, stances, commitments, unplaced and checks.
    """
    import itertools

    from extractor.errors import ConfigurationError
    from extractor.files.records import read_records
    from extractor.results.query import ask, columns

    if as_json and as_csv:
        raise ConfigurationError("--json and --csv exclude each other.", hint="Leave one out.")
    if views:
        answer = columns()
    elif sql is None or not paths:
        raise ConfigurationError(
            "a statement and records are needed.",
            hint='As in: extractor query "SELECT * FROM commitments" out.jsonl; --views lists what there is.',
        )
    else:
        answer = ask(itertools.chain.from_iterable(map(read_records, paths)), sql)
    _print(answer, as_json, as_csv)


def _print(answer: Answer, as_json: bool, as_csv: bool) -> None:
    import json

    from extractor.results.exports.csv import lines
    from extractor.results.query import objects

    if as_json:
        print(json.dumps(objects(answer), ensure_ascii=False, indent=1))
    elif as_csv:
        sys.stdout.buffer.write(lines([answer.columns, *answer.rows]))
        sys.stdout.buffer.flush()
    elif answer.columns:
        _table(answer)
        common.note(common.plural(len(answer.rows), "row"))


def _table(answer: Answer) -> None:
    """A table as wide as the terminal; into a pipe, tab-separated lines that `cut` and `sort` understand."""
    from extractor.results.query import in_words
    from extractor.results.terminal import visible

    rows = [[visible(" ".join(in_words(value).split())) for value in row] for row in answer.rows]
    if not sys.stdout.isatty():
        for row in (answer.columns, *rows):
            print("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for number, name in enumerate(answer.columns):
        numeric = all(isinstance(row[number], int | float) for row in answer.rows)
        table.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)
