"""The `extractor` program: its commands, and nothing that takes time to import."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.batch import app as batch
from extractor.cli.cache import app as cache
from extractor.cli.cassette import app as cassette
from extractor.cli.compare import compare
from extractor.cli.evaluate import evaluate
from extractor.cli.export import export
from extractor.cli.imports import import_
from extractor.cli.ledger import ledger
from extractor.cli.prompts import app as prompts
from extractor.cli.query import query
from extractor.cli.report import report
from extractor.cli.review import review
from extractor.cli.run import HELP as RUN_HELP
from extractor.cli.run import run
from extractor.cli.schema import schema
from extractor.cli.show import show
from extractor.cli.triage import triage
from extractor.cli.when import when

READ, LOOK, MEASURE, HAND_ON, INSPECT = "Read articles", "Look and decide", "Measure", "Hand on", "Inspect"

app = typer.Typer(
    name="extractor",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,  # a traceback must never show a key or an article
    rich_markup_mode="markdown",
    help="Who claims what, who stands where, who promised what, by when, and where exactly does the article say so?",
    epilog="Without a key: `extractor run seeds/ -o out.jsonl --model rules`, or `--replay CASSETTE`.",
)
app.command("run", help=RUN_HELP, rich_help_panel=READ)(run)
app.add_typer(batch, name="batch", rich_help_panel=READ)
app.command("triage", rich_help_panel=READ)(triage)
app.command("when", rich_help_panel=READ)(when)
app.command("show", rich_help_panel=LOOK)(show)
app.command("report", rich_help_panel=LOOK)(report)
app.command("review", rich_help_panel=LOOK)(review)
app.command("ledger", rich_help_panel=LOOK)(ledger)
app.command("query", rich_help_panel=LOOK)(query)
app.command("evaluate", rich_help_panel=MEASURE)(evaluate)
app.command("compare", rich_help_panel=MEASURE)(compare)
app.command("export", rich_help_panel=HAND_ON)(export)
app.command("import", rich_help_panel=HAND_ON)(import_)
app.command("schema", rich_help_panel=INSPECT)(schema)
app.add_typer(prompts, name="prompts", rich_help_panel=INSPECT)
app.add_typer(cache, name="cache", rich_help_panel=INSPECT)
app.add_typer(cassette, name="cassette", rich_help_panel=INSPECT)


def _version(wanted: bool) -> None:
    if wanted:
        from extractor import __version__

        print(f"extractor {__version__}")
        raise typer.Exit


@app.callback()
def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Global options; the help text stands in `app`."""


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
