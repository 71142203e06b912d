"""The `extractor` program: its commands, and nothing that takes time to import."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.deferred import Entry, group_of

READ, LOOK, MEASURE, HAND_ON, INSPECT = "Read articles", "Look and decide", "Measure", "Hand on", "Inspect"

COMMANDS = (
    Entry("run", READ, "run:run", "Read articles and write one record per article, in input order."),
    Entry("triage", READ, "triage:triage", "List articles by how much they seem to hold. Asks no model."),
    Entry("when", READ, "when:when", "Say which days a date expression means."),
    Entry("batch", READ, "batch:app", "Read articles through the Batch API: requests and responses as files."),
    Entry("show", LOOK, "show:show", "Print speakers, claims, stances and commitments, or those asked for."),
    Entry("report", LOOK, "report:report", "Write one self-contained page: plans in time, and who stands where."),
    Entry("review", LOOK, "review:review", "Go through the items in a browser: accept, reject, correct, add."),
    Entry("ledger", LOOK, "ledger:ledger", "Follow commitments across articles: what moved, is due or done."),
    Entry("query", LOOK, "query:query", "Ask the records in SQL."),
    Entry("evaluate", MEASURE, "evaluate:evaluate", "Precision, recall and F1 against gold."),
    Entry("compare", MEASURE, "compare:compare", "What appeared, vanished or changed from A to B."),
    Entry("export", HAND_ON, "export:export", "Write records as tables, a calendar, annotations or a brief."),
    Entry("import", HAND_ON, "imports:import_", "Read annotated Label Studio tasks back as records, or as gold."),
    Entry("schema", INSPECT, "schema:schema", "Print a JSON Schema of what goes in or out."),
    Entry("prompts", INSPECT, "prompts:app", "List, show or render prompts: what the model is told."),
    Entry("cache", INSPECT, "cache:app", "Look at or clear the answers kept on this machine."),
    Entry("cassette", INSPECT, "cassette:app", "Inspect or prune recorded answers."),
)

app = typer.Typer(
    name="extractor",
    cls=group_of(COMMANDS),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,  # a traceback must never show a key or an article
    rich_markup_mode="markdown",
    help="Who claims what, who stands where, who promised what, by when, and where exactly does the article say so?",
    epilog="Without a key: `extractor run seeds/ -o out.jsonl --model rules`, or `--replay CASSETTE`.",
)


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
