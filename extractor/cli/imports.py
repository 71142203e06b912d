"""`extractor import`: what other programs made of an export, back as records or as gold."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.cli import common

if TYPE_CHECKING:
    from extractor.schema.record import Record


@common.reports
def import_(
    path: Annotated[Path, typer.Argument(metavar="EXPORT", help="What the other program exported.")],
    source: Annotated[Literal["labelstudio"], typer.Option("--from", help="The format.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.jsonl", help="Where the records go; - is stdout.")
    ] = Path("-"),
    as_gold: Annotated[bool, typer.Option("--as-gold", help="Write gold for `extractor evaluate`.")] = False,
    predictions: Annotated[
        bool, typer.Option("--predictions", help="Take the predictions of tasks that nobody annotated.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
) -> None:
    """Read annotated Label Studio tasks (its JSON export) back as records, or as gold."""
    from extractor.cli.writing import write
    from extractor.results.evaluation.gold import gold_line
    from extractor.results.exports.labelstudio import read_tasks

    assert source == "labelstudio"
    result = _Counts()
    lines = [
        gold_line(record) if as_gold else record.model_dump_json()
        for record in _records(read_tasks(path), result, predictions)
    ]
    data = "".join(line + "\n" for line in lines).encode()
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write(output, data, overwrite=overwrite, inputs=[path])
    common.note(
        f"{common.plural(len(lines), 'article')} read, {result.skipped} without annotation, {result.failed} failed"
    )
    if result.unplaced:
        common.note(f"{common.plural(result.unplaced, 'item')} did not fit and stand under `unplaced` with the reason")
    if result.failed:
        raise typer.Exit(common.SOME_FAILED)


class _Counts:
    skipped = failed = unplaced = 0


def _records(tasks: list[dict[str, object]], result: _Counts, predictions: bool) -> Iterator[Record]:
    """The records of the tasks; one that cannot be read is told, and the others go on."""
    from extractor.errors import UnreadableInput
    from extractor.results.exports.labelstudio import to_record

    for number, task in enumerate(tasks, 1):
        try:
            record = to_record(task, predictions=predictions)
        except UnreadableInput as error:
            common.note(f"Task {task.get('id') or number}: {error}")
            result.failed += 1
            continue
        if record is None:
            result.skipped += 1
            continue
        result.unplaced += len(record.unplaced)
        yield record
