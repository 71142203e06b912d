"""`extractor compare`: what changed between two runs, or two sets of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli import common

if TYPE_CHECKING:
    from extractor.results.comparison import FloorReport


@common.reports
def compare(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="A.jsonl B.jsonl", help="Records of two runs: files, or folders.", show_default=False),
    ] = None,
    a: Annotated[
        list[Path] | None,
        typer.Option("--a", metavar="A.jsonl", help="A run of side A; repeat for several.", show_default=False),
    ] = None,
    b: Annotated[
        list[Path] | None,
        typer.Option("--b", metavar="B.jsonl", help="A run of side B; repeat for several.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="Print the totals without the items.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write both sides as a page; - is stdout.", show_default=False)
    ] = None,
    against_floor: Annotated[
        Path | None,
        typer.Option(
            metavar="FLOORS.json",
            help="Score both sides against --gold too; exit code 1 if B is under a floor.",
            show_default=False,
        ),
    ] = None,
    gold: Annotated[
        list[Path] | None, typer.Option(metavar="GOLD.jsonl", help="Gold for --against-floor.", show_default=False)
    ] = None,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 % intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a page that is there.")] = False,
) -> None:
    """What appeared, vanished or changed from A to B, item by item and field by field.

    With several runs on a side it tells change from noise: `extractor compare --a a1.jsonl --a a2.jsonl --b b1.jsonl`.
    """
    from extractor.errors import ConfigurationError
    from extractor.files.records import read_records
    from extractor.results import comparison

    side_a, side_b = _sides(paths or [], a or [], b or [])
    if bool(against_floor) != bool(gold):
        raise ConfigurationError("--against-floor and --gold go together.", hint="Give both, or neither.")
    floors = _floors(against_floor, gold or [], side_a, side_b, bootstrap, seed) if against_floor else None
    result = comparison.compare(
        [read_records(path) for path in side_a], [read_records(path) for path in side_b], bootstrap=bootstrap, seed=seed
    )
    if html is not None:
        _page(html, comparison.render_page(result).encode(), overwrite, [*side_a, *side_b])
    if str(html) != "-":
        if as_json:
            print(result.model_dump_json(indent=1))
        else:
            print(comparison.render_summary(result), end="")
            if floors:
                print("\n" + comparison.render_floors(floors), end="")
            if not brief and html is None:
                print("\n" + comparison.render_differences(result), end="")
    if floors and floors.missed:
        for sentence in floors.missed:
            common.note(f"Under the floor: {sentence}")
        raise typer.Exit(common.SOME_FAILED)


def _sides(paths: list[Path], a: list[Path], b: list[Path]) -> tuple[list[Path], list[Path]]:
    from extractor.errors import ConfigurationError

    if len(paths) not in (0, 2):
        hint = "As in: extractor compare a.jsonl b.jsonl, or --a a1.jsonl --a a2.jsonl --b b1.jsonl"
        raise ConfigurationError(f"two runs are compared, not {len(paths)}.", hint=hint)
    side_a, side_b = [*paths[:1], *a], [*paths[1:], *b]
    if not side_a or not side_b:
        hint = "As in: extractor compare a.jsonl b.jsonl"
        raise ConfigurationError("there is nothing to compare.", hint=hint)
    return side_a, side_b


def _floors(
    floors: Path, gold: list[Path], side_a: list[Path], side_b: list[Path], bootstrap: int, seed: int
) -> FloorReport:
    from extractor.files.records import read_records
    from extractor.results import comparison, evaluation

    least = evaluation.read_floors(floors)
    articles = [article for path in gold for article in evaluation.read_gold(path)]
    runs_a, runs_b = ([read_records(path) for path in side] for side in (side_a, side_b))
    return comparison.against_floors(runs_a, runs_b, articles, least, bootstrap=bootstrap, seed=seed)


def _page(path: Path, page: bytes, overwrite: bool, inputs: list[Path]) -> None:
    import sys

    from extractor.cli.writing import write

    if str(path) == "-":
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
        return
    write(path, page, overwrite=overwrite, inputs=inputs)
    common.note(f"{path} written ({len(page) / 1e6:.1f} MB)")
