"""`extractor evaluate`: the records of a run against gold readings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli import common


@common.reports
def evaluate(
    out: Annotated[Path, typer.Argument(help="Records that a run wrote: a .jsonl file, or a folder of parts.")],
    gold: Annotated[list[Path], typer.Argument(help="Gold articles: one or more .jsonl files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON.")] = False,
    floor: Annotated[
        Path | None,
        typer.Option(help='JSON file of floors, as {"claims.f1": 0.9}. Exit code 1 if a score is under its floor.'),
    ] = None,
    per_article: Annotated[bool, typer.Option("--per-article", help="Show the scores of each article too.")] = False,
    errors: Annotated[
        bool, typer.Option("--errors", help="List what was missed, spurious or wrong, side by side with the gold.")
    ] = False,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 % intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.")] = 0,
) -> None:
    """Precision, recall and F1 per layer against gold, and how right the paired items are."""
    from extractor.files.output import read_records
    from extractor.results import evaluation

    # Read first: a mistyped floor is told before the work, not after it.
    floors = evaluation.read_floors(floor) if floor else {}
    articles = [article for path in gold for article in evaluation.read_gold(path)]
    report = evaluation.evaluate(read_records(out), articles, bootstrap=bootstrap, seed=seed)
    if as_json:
        print(report.to_json(per_article=per_article, errors=errors))
    else:
        print(evaluation.render_table(report), end="")
        if per_article:
            print("\n" + evaluation.render_articles(report), end="")
        if errors:
            print("\n" + evaluation.render_problems(report), end="")
    if missed := evaluation.shortfalls(report, floors):
        for sentence in missed:
            common.note(f"Under the floor: {sentence}")
        raise typer.Exit(common.SOME_FAILED)
