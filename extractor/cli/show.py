"""`extractor show`: records, readable in a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli import common, filters


@common.reports
def show(
    path: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Records, or a folder of them.")],
    article: Annotated[
        list[str] | None, typer.Option("--article", "-a", help="Only the article with this id.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N articles.", show_default=False)] = None,
    layer: filters.Layers = None,
    speaker: filters.Speakers = None,
    actor: filters.Actors = None,
    kind: filters.Kinds = None,
    position: filters.Positions = None,
    firmness: filters.Firmnesses = None,
    due_after: filters.DueAfter = None,
    due_before: filters.DueBefore = None,
) -> None:
    """Print each article's speakers, claims, stances and commitments, or those of them that are asked for."""
    import itertools

    from extractor.files.records import read_records
    from extractor.results.selection import select
    from extractor.results.summary import render

    wanted = filters.selection(layer, speaker, actor, kind, position, firmness, due_after, due_before)
    records = select((record for record in read_records(path) if not article or record.article.id in article), wanted)
    width = min(max(shutil.get_terminal_size((110, 24)).columns, 60), 120)
    shown = 0
    for page in render(itertools.islice(records, limit), width=width, color=_colored()):
        sys.stdout.write(page)
        shown += 1
    if wanted and not shown:
        common.note("Nothing of this kind.")


def _colored() -> bool:
    """Colours go to a terminal that has them (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
