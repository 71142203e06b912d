"""`extractor show`: records, readable in a terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli import common


@common.reports
def show(
    path: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Records, or a folder of them.")],
    article: Annotated[
        list[str] | None, typer.Option("--article", "-a", help="Only the article with this id.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N articles.", show_default=False)] = None,
) -> None:
    """Print each article's speakers, claims, stances and commitments."""
    import itertools

    from extractor.files.output import read_records
    from extractor.results.summary import render

    wanted = (record for record in read_records(path) if not article or record.article.id in article)
    width = min(max(shutil.get_terminal_size((110, 24)).columns, 60), 120)
    for page in render(itertools.islice(wanted, limit), width=width):
        sys.stdout.write(page)
