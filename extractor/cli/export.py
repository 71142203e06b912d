"""`extractor export`: records in the formats of other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.cli import common, filters

if TYPE_CHECKING:
    from extractor.results.exports import Note, Piece

# As in extractor/results/exports, which are not imported here: the command line starts without their libraries.
FormatName = Literal["csv", "jsonl", "parquet", "ics", "webannotation", "schemaorg", "labelstudio", "markdown"]
TableName = Literal["articles", "speakers", "claims", "stances", "commitments", "unplaced", "checks"]

_FORMATS = (
    "csv, jsonl, parquet: folders of tables; ics: a calendar; webannotation, schemaorg: JSON-LD; "
    "labelstudio: a folder of tasks and their interface; markdown: a brief."
)
_TABLES = (
    "csv, jsonl, parquet: one table alone, as one file: articles, speakers, claims, stances, commitments, unplaced or "
    "checks."
)


@common.reports
def export(
    path: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Records: a file, or a folder of parts.")],
    to: Annotated[FormatName, typer.Option("--to", metavar="FORMAT", help=_FORMATS, show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A folder for csv, jsonl, parquet and labelstudio, a file for the others and for one --table; "
            "- is stdout, where one file goes without this option.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[
        TableName | None,
        typer.Option(metavar="TABLE", help=_TABLES, show_default=False),
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="csv: a byte order mark, by which Excel knows UTF-8.")] = False,
    title: Annotated[
        str | None, typer.Option(help="ics, webannotation, markdown: the title.", show_default=False)
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    layer: filters.Layers = None,
    speaker: filters.Speakers = None,
    actor: filters.Actors = None,
    kind: filters.Kinds = None,
    position: filters.Positions = None,
    firmness: filters.Firmnesses = None,
    due_after: filters.DueAfter = None,
    due_before: filters.DueBefore = None,
) -> None:
    """Write records as csv, parquet, jsonl, a calendar, Web Annotations, schema.org, Label Studio tasks or a brief."""
    from extractor.errors import ConfigurationError
    from extractor.files.records import read_records
    from extractor.results.exports import FORMATS, Options, load
    from extractor.results.selection import select

    wanted = filters.selection(layer, speaker, actor, kind, position, firmness, due_after, due_before)
    form = load(to)
    asked = {name: value for name, value in (("table", table), ("bom", bom), ("title", title)) if value}
    if unknown := sorted(asked.keys() - form.OPTIONS):
        raise ConfigurationError(f"--{unknown[0]} means nothing to {to}.", hint="Leave it out.")
    options = Options(table=table, bom=bom, title=title)
    records = select(read_records(path), wanted)
    names = form.files(options)
    if names and (output is None or str(output) == "-"):
        one = " or one table: --table commitments" if "table" in form.OPTIONS else ""
        raise ConfigurationError(f"{to} is a folder of files.", hint=f"Say where: -o FOLDER/{one}")
    if output is None or str(output) == "-":
        if FORMATS[to].binary and sys.stdout.isatty():
            raise ConfigurationError(f"{to} is not for a terminal.", hint="Say where: -o FILE, or pipe it on.")
        _to_stdout(form.render(records, options))
    else:
        _to_files(form.render(records, options), output, names, overwrite, path)


def _to_stdout(pieces: Iterable[Piece | Note]) -> None:
    from extractor.results.exports import Piece

    for piece in pieces:
        if isinstance(piece, Piece):
            sys.stdout.buffer.write(piece.data)
        else:
            common.note(piece.text)
    sys.stdout.buffer.flush()


def _to_files(
    pieces: Iterable[Piece | Note], output: Path, names: tuple[str, ...], overwrite: bool, read: Path
) -> None:
    """Writes one file, or the named files of a folder; `read` is what the records come from."""
    from extractor.cli.writing import refuse_to_overwrite
    from extractor.errors import ConfigurationError
    from extractor.files.whole import whole_files
    from extractor.results.exports import Piece

    paths = {name: output / name for name in names} or {"": output}
    if names and output.exists() and not output.is_dir():
        raise ConfigurationError(f"{output} is a file.", hint="This format is a folder of files: -o FOLDER/")
    if read.is_dir() and any(path.suffix == ".jsonl" and _inside(path, read) for path in paths.values()):
        raise ConfigurationError(f"{output} lies in the folder that is read.", hint="Give another place with -o.")
    refuse_to_overwrite(paths.values(), overwrite, [read])
    with whole_files(paths.values()) as streams:
        for piece in pieces:
            if isinstance(piece, Piece):
                streams[paths[piece.file]].write(piece.data)
            else:
                common.note(piece.text)
    common.note(f"{output}: {', '.join(names)}" if names else f"{output} written")


def _inside(path: Path, folder: Path) -> bool:
    return folder.resolve() in path.resolve().parents
