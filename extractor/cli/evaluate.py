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
    ledger: Annotated[
        bool, typer.Option("--ledger", help="OUT is a kept ledger, GOLD holds threads: threads, relations and states.")
    ] = False,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 % intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.")] = 0,
) -> None:
    """Precision, recall and F1 per layer against gold, and how right the paired items are."""
    if ledger:
        _ledger(out, gold, floor, as_json=as_json)
        return
    from extractor.files.records import read_records
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
    _hold(evaluation.shortfalls(report, floors))


def _ledger(out: Path, gold: list[Path], floor: Path | None, *, as_json: bool) -> None:
    import json

    from extractor.results import evaluation
    from extractor.results.ledger import evaluation as ledgers
    from extractor.results.ledger.files import read_threads
    from extractor.results.ledger.gold import read_gold_threads

    floors = evaluation.read_floors(floor, ledgers.SCORES) if floor else {}
    report = ledgers.evaluate_ledger(read_threads(out), [t for path in gold for t in read_gold_threads(path)])
    print(json.dumps(report.scores(), indent=1) if as_json else ledgers.render_report(report), end="\n" * as_json)
    _hold(evaluation.under(report.scores(), floors))


def _hold(missed: list[str]) -> None:
    for sentence in missed:
        common.note(f"Under the floor: {sentence}")
    if missed:
        raise typer.Exit(common.SOME_FAILED)
