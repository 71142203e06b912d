"""`extractor batch`: read articles through the Batch API, which costs half and answers within a day."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.cli import common
from extractor.cli.common import note, plural

if TYPE_CHECKING:
    from extractor.models.offline_batch.model import Tally
    from extractor.models.offline_batch.requests import RequestFiles
    from extractor.models.offline_batch.responses import Responses
    from extractor.pipeline.batch import Outcome
    from extractor.pipeline.run import State, Totals

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
    from extractor.models.offline_batch.requests import RequestFiles, remove_series
    from extractor.models.offline_batch.responses import Responses
    from extractor.pipeline import offline

    set_up = settings.load()
    articles, loaded = read_articles(inputs, stdin=sys.stdin.buffer), prompts.load(prompt)
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
            "passes": passes,
        },
    )
    for problem in responses.problems:
        note(f"No response of this job: {problem}")
    try:
        totals, state = _read(inputs, output, opened, prompt, options, overwrite=overwrite)
        paths = again.close()
    finally:
        again.discard()
        responses.close()
    for path in paths:
        print(path)
    _tell(totals, state, opened.tally, responses, again, output, quiet=quiet)
    if totals.failed:
        raise typer.Exit(common.SOME_FAILED)
