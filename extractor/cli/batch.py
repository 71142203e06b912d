"""`extractor batch`: read articles through the Batch API, which costs half and answers within a day."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from extractor.cli import common
from extractor.cli.common import note, plural

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import openai

    from extractor.models.interface import Model
    from extractor.models.offline_batch.model import Tally
    from extractor.models.offline_batch.remote import Job
    from extractor.models.offline_batch.requests import RequestFiles
    from extractor.models.offline_batch.responses import Responses
    from extractor.pipeline.batch import Outcome
    from extractor.pipeline.run import RunOptions, Totals

R = TypeVar("R")
app = typer.Typer(no_args_is_help=True, help="Read articles through the Batch API: requests and responses as files.")

_Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="openai/NAME, or another as for `extractor run`.", show_default=False),
]
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
    model: _Model = None,
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
    from extractor import settings
    from extractor.files import prompts
    from extractor.files.readers import Unread, read_articles
    from extractor.models import providers
    from extractor.models.offline_batch.model import open_offline
    from extractor.models.offline_batch.requests import RequestFiles, parts_of, remove_series
    from extractor.models.offline_batch.responses import Responses
    from extractor.pipeline import offline
    from extractor.pipeline.sharding import select

    set_up = settings.load()
    loaded = prompts.load(prompt)
    own = tuple(parts_of(output))  # a folder of articles may hold the requests of an earlier export
    articles = select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=own), shard)
    remove_series(output, allowed=overwrite)
    requests = RequestFiles(output, most_requests=per_file)
    asked = set_up.temperature if temperature is None else temperature
    name = providers.choose(model, set_up)
    opened = open_offline(name, set_up, Responses([]), requests, mode=mode, temperature=asked, resend=True)

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
    model: _Model = None,
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
    from extractor import settings
    from extractor.errors import ConfigurationError
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
    set_up = settings.load()
    responses = Responses(files)
    again = RequestFiles(requests or output.with_name(f"{output.name.removesuffix('.jsonl')}.requests.jsonl"))
    asked = set_up.temperature if temperature is None else temperature
    opened = open_offline(
        providers.choose(model, set_up), set_up, responses, again, mode=mode, temperature=asked, resend=resend
    )
    options = RunOptions(
        concurrency=1,
        limit=limit,
        retry_failed=True,
        passes=passes,
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
        totals = _read(inputs, shard, files, output, opened, prompt, options, overwrite=overwrite)
        paths = again.close()
    finally:
        again.discard()
        responses.close()
    for path in paths:
        print(path)
    _tell(totals, opened.tally, responses, again, output, quiet=quiet)
    if totals.failed:
        raise typer.Exit(common.SOME_FAILED)


def _read(
    inputs: list[str],
    shard: str | None,
    responses: list[Path],
    output: Path,
    model: Model,
    prompt: str,
    options: RunOptions,
    *,
    overwrite: bool,
) -> Totals:
    from extractor.files import prompts
    from extractor.files.output import OutputFiles, beside
    from extractor.files.readers import read_articles
    from extractor.pipeline.run import run, set_up
    from extractor.pipeline.sharding import select

    loaded = prompts.load(prompt)
    own = (output, *beside(output), *responses)  # they may stand in a folder of articles
    articles = select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=own), shard)
    files = OutputFiles.open(output, set_up(model, loaded), overwrite=overwrite)
    if files.repaired:
        note(files.repaired)
    totals, _ = asyncio.run(run(articles, model, loaded, files, options, observe=_observe))
    return totals


def _observe(outcome: Outcome, _: Totals) -> None:
    from extractor.pipeline.batch import Failed

    if isinstance(outcome, Failed) and outcome.failure.error != "AnswerAwaited":
        note(f"Failed: {outcome.failure.message}")


def _tell(
    totals: Totals, tally: Tally, responses: Responses, again: RequestFiles, output: Path, *, quiet: bool
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
        note(f"{plural(tally.requested, 'further question')} in {again.first}: submit it, and import again.")
    if totals.failed:
        note(f"What failed or waits, and what to do about it: {output.with_suffix('.failed.jsonl')}")


_Requests = Annotated[
    Path, typer.Argument(metavar="REQUESTS.jsonl", help="The first file of a series; .2.jsonl … are taken along.")
]
_BaseURL = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Address of an OpenAI-compatible server.")
]
_AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON lines on stdout.")]


@app.command("submit")
@common.reports
def submit(requests: _Requests, model: _Model = None, base_url: _BaseURL = None, as_json: _AsJSON = False) -> None:
    """Upload request files and start their batches; those that are under way or done are left alone.

    The state is kept in REQUESTS.batch.json. A batch that the server refused as a whole (too many tokens waiting, say)
    is started again by the next `submit`.
    """
    from extractor.models.offline_batch import remote

    job, started = _at_the_server(requests, model, base_url, remote.submit)
    _show(job, as_json=as_json)
    note(f"Batches started: {started:,}.")


@app.command("status")
@common.reports
def status(requests: _Requests, model: _Model = None, base_url: _BaseURL = None, as_json: _AsJSON = False) -> None:
    """Tell how the batches of these request files stand."""
    from extractor.models.offline_batch import remote

    job, _ = _at_the_server(requests, model, base_url, remote.refresh)
    _show(job, as_json=as_json)


@app.command("fetch")
@common.reports
def fetch(
    requests: _Requests,
    model: _Model = None,
    base_url: _BaseURL = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all batches have ended.")] = False,
    every: Annotated[float, typer.Option(min=0, help="Seconds between two looks while waiting.")] = 60.0,
) -> None:
    """Bring the responses of ended batches to REQUESTS.responses.jsonl and REQUESTS.errors.jsonl, and print the paths.

    Exit code 1 while some batches have not ended.
    """
    from extractor.models.offline_batch import remote

    async def work(job: remote.Job, client: openai.AsyncOpenAI) -> list[Path]:
        if wait:
            await remote.wait(job, client, every=every)
        return await remote.fetch(job, client)

    job, paths = _at_the_server(requests, model, base_url, work)
    for path in paths:
        print(path)
    left = [path for path, part in job if part is None or not part.ended]
    refused = [path for path, part in job if part is not None and part.status == "failed"]
    for path in left:
        note(f"{path}: not done yet.")
    for path in refused:
        note(f"{path}: the server refused the batch; `extractor batch status {requests}` tells why.")
    if left or refused:
        raise typer.Exit(common.SOME_FAILED)


def _at_the_server(
    requests: Path, model: str | None, base_url: str | None, work: Callable[[Job, openai.AsyncOpenAI], Awaitable[R]]
) -> tuple[Job, R]:
    from extractor import settings
    from extractor.models import providers
    from extractor.models.offline_batch import remote

    set_up = settings.load()
    job = remote.Job(requests)
    provider = providers.find(model or set_up.model or providers.DEFAULT_OPENAI, set_up, base_url=base_url)

    async def main() -> R:
        async with remote.connect(provider, seconds=set_up.timeout) as client:
            return await work(job, client)

    return job, asyncio.run(main())


def _show(job: Job, *, as_json: bool) -> None:
    import json

    from extractor.models.offline_batch.remote import summary

    for path, part in job:
        if as_json:
            print(json.dumps({"requests": str(path), **summary(part)}))
            continue
        counts = part.counts if part is not None else {}
        numbers = f"{counts['completed']:,} done, {counts['failed']:,} failed of {counts['total']:,}" if counts else ""
        batch, state = (part.batch or "", part.status) if part is not None else ("", "not submitted")
        print("  ".join(word for word in (str(path), batch, state, numbers) if word))
        for error in part.errors if part is not None else []:
            print(f"  {error}")
