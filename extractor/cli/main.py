"""The `extractor` program: its commands, and nothing that takes time to import."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.cache import app as cache
from extractor.cli.cassette import app as cassette
from extractor.cli.evaluate import evaluate
from extractor.cli.prompts import app as prompts
from extractor.cli.report import report
from extractor.cli.run import HELP as RUN_HELP
from extractor.cli.run import run
from extractor.cli.schema import schema
from extractor.cli.show import show
from extractor.cli.triage import triage
from extractor.cli.when import when

app = typer.Typer(
    name="extractor",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,  # a traceback must never show a key or an article
    rich_markup_mode="markdown",
    help="Who claims what, who stands where, who promised what, by when, and where exactly does the article say so?",
    epilog="Without a key: `extractor run seeds/ -o out.jsonl --model rules`, or `--replay CASSETTE`.",
)
app.command("run", help=RUN_HELP)(run)
app.command("show")(show)
app.command("triage")(triage)
app.command("report")(report)
app.command("when")(when)
app.command("evaluate")(evaluate)
app.command("schema")(schema)
app.add_typer(prompts, name="prompts")
app.add_typer(cache, name="cache")
app.add_typer(cassette, name="cassette")


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
