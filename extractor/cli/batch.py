"""`extractor batch`: read articles through the Batch API, which costs half and answers within a day."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.cli import batch_server, common
from extractor.cli.batch_server import ModelOption
from extractor.cli.common import note, plural

if TYPE_CHECKING:
    from extractor.models.interface import Model
    from extractor.models.offline_batch.model import Tally
    from extractor.models.offline_batch.responses import Responses
    from extractor.pipeline.batch import Outcome
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.totals import Totals

app = typer.Typer(no_args_is_help=True, help="Read articles through the Batch API: requests and responses as files.")

_Prompt = Annotated[str, typer.Option("--prompt", "-p", help="A prompt's name or the path of a prompt file.")]
_Mode = Annotated[Literal["json", "tools"], typer.Option(help="How answers are asked for.")]
_Temperature = Annotated[
    float | None, typer.Option(min=0, max=2, help="Sent to the model only if given.", show_default=False)
]
_Limit = Annotated[int | None, typer.Option(min=1, help="Read only the first N articles.", show_default=False)]

_Shard = Annotated[
    str | None, typer.Option(metavar="I/N", help="Only share I of N equal ones, cut by article id.", show_default=False)
]


@app.command("export")
@common.reports
def export(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Articles, as for `extractor run`.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="REQUESTS.jsonl", help="Where the requests go (.2.jsonl … too).")
    ],
    model: ModelOption = None,
    prompt: _Prompt = "extract.v1",
    mode: _Mode = "json",
    temperature: _Temperature = None,
    limit: _Limit = None,
    shard: _Shard = None,
    per_file: Annotated[int, typer.Option(min=1, max=50_000, help="Requests in one file at most.")] = 50_000,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace request files that are there.")] = False,
) -> None:
    """Write the requests that reading these articles takes, in files within the limits of the Batch API.

    `extractor batch export articles/ -o job/requests.jsonl --model openai/gpt-4.1-mini`
    """
    from extractor import settings as settings_module
    from extractor.files import prompts
    from extractor.files.readers import Unread, read_articles
    from extractor.models import providers
    from extractor.models.offline_batch.model import open_offline
    from extractor.models.offline_batch.requests import RequestFiles, parts_of, remove_series
    from extractor.models.offline_batch.responses import Responses
    from extractor.pipeline import offline
    from extractor.pipeline.sharding import select

    settings = settings_module.load()
    loaded = prompts.load(prompt)
    own = tuple(parts_of(output))  # a folder of articles may hold the requests of an earlier export
    articles = select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=own), shard)
    remove_series(output, allowed=overwrite)
    requests = RequestFiles(output, most_requests=per_file)
    asked = settings.temperature if temperature is None else temperature
    name = providers.choose(model, settings)
    opened = open_offline(name, settings, Responses([]), requests, mode=mode, temperature=asked, resend=True)

    def unreadable(unread: Unread) -> None:
        note(f"Not readable: {unread.source}: {unread.error}")

    try:
        done = asyncio.run(offline.export(articles, opened, loaded, limit=limit, unreadable=unreadable))
        paths = requests.close()
    finally:
        requests.discard()
    for path in paths:
        print(path)
    size = f"{requests.bytes / 1e6:,.1f} MB"
    note(f"{plural(requests.requests, 'request')} for {name} in {plural(len(paths), 'file')}, {size}.")
    if done.unread:
        note(f"{plural(done.unread, 'piece')} of input held no article.")
        raise typer.Exit(common.SOME_FAILED)


@app.command("import")
@common.reports
def import_(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="RESPONSES... INPUT...",
            help="All response and error files of the job, and the articles of its export.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.jsonl", help="Where the records go.")],
    model: ModelOption = None,
    prompt: _Prompt = "extract.v1",
    mode: _Mode = "json",
    temperature: _Temperature = None,
    limit: _Limit = None,
    shard: _Shard = None,
    passes: Annotated[int, typer.Option(min=1, max=2, help="2: ask once more about what the audit misses.")] = 2,
    requests: Annotated[
        Path | None,
        typer.Option(metavar="REQUESTS.jsonl", help="Where further questions go.  [default: OUT.requests.jsonl]"),
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Ask again whatever has no answer in these files, also what was asked.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Start OUT.jsonl anew instead of continuing it.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Write the records that a live run would write, and the further questions that they take as new request files.

    Response files are told from articles by what they hold. Give all of them each time: an article's later questions
    follow from its earlier answers. Exit code 0 when nothing is left, 1 while some articles wait or have failed.

    `extractor batch import job/*.responses.jsonl articles/ -o out.jsonl --model openai/gpt-4.1-mini`
    """
    from extractor import settings as settings_module
    from extractor.errors import ConfigurationError
    from extractor.files.output import beside
    from extractor.models import providers
    from extractor.models.offline_batch.model import open_offline
    from extractor.models.offline_batch.requests import RequestFiles
    from extractor.models.offline_batch.responses import Responses, split_arguments
    from extractor.pipeline.run import RunOptions

    files, inputs = split_arguments(arguments)
    if not files or not inputs:
        missing = "the articles" if files else "a response file"
        raise ConfigurationError(
            f"{missing[0].upper()}{missing[1:]} must be named too.",
            hint="extractor batch import RESPONSES.jsonl... INPUT... -o OUT.jsonl",
        )
    settings = settings_module.load()
    responses = Responses(files)
    again = RequestFiles(requests or beside(output, ".requests.jsonl"))
    asked = settings.temperature if temperature is None else temperature
    opened = open_offline(
        providers.choose(model, settings), settings, responses, again, mode=mode, temperature=asked, resend=resend
    )
    options = RunOptions(
        concurrency=1,
        limit=limit,
        retry_failed=True,
        settings={
            "inputs": inputs,
            "responses": [path.name for path in files],
            "mode": mode,
            "temperature": asked,
            "limit": limit,
            "shard": shard,
            "passes": passes,
        },
    )
    for problem in responses.problems:
        note(f"No response of this job: {problem}")
    try:
        totals = _read(inputs, shard, files, output, opened, prompt, passes, options, overwrite=overwrite)
        paths = again.close()
    finally:
        again.discard()
        responses.close()
    for path in paths:
        print(path)
    _tell(totals, opened.tally, responses, again.first, paths, output, quiet=quiet)
    if totals.failed:
        raise typer.Exit(common.SOME_FAILED)


def _read(
    inputs: list[str],
    shard: str | None,
    responses: list[Path],
    output: Path,
    model: Model,
    prompt: str,
    passes: int,
    options: RunOptions,
    *,
    overwrite: bool,
) -> Totals:
    from extractor.files import prompts
    from extractor.files.output import OutputFiles, own_files
    from extractor.files.readers import read_articles
    from extractor.pipeline.extract import extract_article
    from extractor.pipeline.run import run, set_up
    from extractor.pipeline.sharding import select

    loaded = prompts.load(prompt)
    own = (*own_files(output), *responses)  # they may stand in a folder of articles
    articles = select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=own), shard)
    files = OutputFiles.open(output, set_up(model, loaded), overwrite=overwrite)
    if files.repaired:
        note(files.repaired)
    work = partial(extract_article, model=model, prompt=loaded, passes=passes)
    totals, _ = asyncio.run(run(work, articles, model, loaded, files, options, observe=_observe))
    return totals


def _observe(outcome: Outcome, _: Totals) -> None:
    from extractor.pipeline.batch import Failed

    if isinstance(outcome, Failed) and outcome.failure.error != "AnswerAwaited":
        note(f"Failed: {outcome.failure.message}")


def _tell(
    totals: Totals,
    tally: Tally,
    responses: Responses,
    series: Path,
    added: list[Path],
    output: Path,
    *,
    quiet: bool,
) -> None:
    waiting = tally.requested + tally.awaited + tally.mismatched
    if responses.unreadable:
        note(f"{plural(responses.unreadable, 'line')} of the response files could not be used.")
    if tally.mismatched:
        note(
            f"{plural(tally.mismatched, 'article')}: the answers given belong to other questions than those now asked."
        )
        note("  Give all response files, and the model, prompt and options of the export.")
    if quiet:
        return
    counts = f"{totals.written:,} written, {totals.failed - waiting:,} failed, {totals.skipped:,} skipped"
    note(f"{plural(totals.read, 'article')} read: {counts}, {waiting:,} waiting for answers.")
    if tally.requested:
        where = ", ".join(map(str, added))
        note(f"{plural(tally.requested, 'further question')} in {where}.")
        note(f"  `extractor batch submit {series}` asks them; then import again.")
    if totals.failed:
        from extractor.files.output import FAILED, beside

        note(f"What failed or waits, and what to do about it: {beside(output, FAILED)}")


app.command("submit")(batch_server.submit)
app.command("status")(batch_server.status)
app.command("fetch")(batch_server.fetch)
