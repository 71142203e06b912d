"""`extractor triage`: which articles are worth a model's time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli import common

if TYPE_CHECKING:
    from extractor.schema.article import Article
    from extractor.text.triage import Yield


@common.reports
def triage(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs, or - for stdin.", show_default=False)
    ],
    at_least: Annotated[int, typer.Option("--at-least", min=0, help="Leave out articles with a lower score.")] = 0,
    top: Annotated[int | None, typer.Option(min=1, help="Only the N articles with the highest scores.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="KEPT.jsonl", help="Write the articles that are kept, in input order."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line per article.")] = False,
) -> None:
    """List articles by how many attributed statements and dated plans they seem to hold. Asks no model.

    The score is the sum of both. With -o the articles that pass are written as JSONL, for `extractor run` to read.
    """
    from extractor.text.triage import assess

    rows = [assess(article) for article in _articles(inputs)]
    kept = sorted((row for row in rows if row.score >= at_least), key=lambda row: (-row.score, row.id))[:top]
    if output is not None:
        _write(output, inputs, {row.id for row in kept})
        common.note(f"{len(kept):,} of {common.plural(len(rows), 'article')} written to {output}.")
        if not as_json:
            return
    for line in _lines(kept, as_json=as_json):
        print(line)


def _articles(inputs: list[str], *, quiet: bool = False) -> Iterator[Article]:
    from extractor.files.readers import read_articles
    from extractor.schema.article import Article

    for taken in read_articles(inputs, stdin=sys.stdin.buffer):
        if isinstance(taken, Article):
            yield taken
        elif not quiet:
            common.note(f"Not readable: {taken.source}: {taken.error}")


def _lines(rows: list[Yield], *, as_json: bool) -> Iterator[str]:
    if not as_json:
        yield f"{'score':>6} {'statements':>11} {'quotations':>11} {'dated plans':>12} {'characters':>11}  article"
    for row in rows:
        if as_json:
            yield json.dumps(
                {name: getattr(row, name) for name in row.__slots__} | {"score": row.score}, ensure_ascii=False
            )
        else:
            counts = (
                f"{row.score:6,} {row.statements:11,} {row.quotations:11,} {row.dated_plans:12,} {row.characters:11,}"
            )
            yield f"{counts}  {row.id}"


def _write(output: Path, inputs: list[str], wanted: set[str]) -> None:
    """Reads the input a second time rather than holding all articles in memory."""
    from extractor.errors import ConfigurationError
    from extractor.files.whole import whole_files

    if "-" in inputs:
        hint = "Save the articles to a file first."
        raise ConfigurationError("standard input cannot be read twice, which -o needs", hint=hint)
    with whole_files([output]) as streams:
        for article in _articles(inputs, quiet=True):
            if article.id in wanted:
                fields = article.model_dump(mode="json", exclude={"published_basis"}, exclude_none=True)
                streams[output].write(json.dumps(fields, ensure_ascii=False).encode() + b"\n")
