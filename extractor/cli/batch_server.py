"""`extractor batch submit`, `status` and `fetch`: request files at the server, and their responses back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from extractor.cli import common
from extractor.cli.common import note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import openai

    from extractor.models.offline_batch.remote import Job

R = TypeVar("R")

ModelOption = Annotated[
    str | None,
    typer.Option("--model", "-m", help="openai/NAME, or another as for `extractor run`.", show_default=False),
]
_Requests = Annotated[
    Path, typer.Argument(metavar="REQUESTS.jsonl", help="The first file of a series; .2.jsonl … are taken along.")
]
_BaseURL = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Address of an OpenAI-compatible server.")
]
_AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON lines on stdout.")]


@common.reports
def submit(requests: _Requests, model: ModelOption = None, base_url: _BaseURL = None, as_json: _AsJSON = False) -> None:
    """Upload request files and start their batches; those that are under way or done are left alone.

    The state is kept in REQUESTS.batch.json. A batch that the server refused as a whole (too many tokens waiting, say)
    is started again by the next `submit`.
    """
    from extractor.models.offline_batch import remote

    job, started = _at_the_server(requests, model, base_url, remote.submit)
    _show(job, as_json=as_json)
    note(f"Batches started: {started:,}.")


@common.reports
def status(requests: _Requests, model: ModelOption = None, base_url: _BaseURL = None, as_json: _AsJSON = False) -> None:
    """Tell how the batches of these request files stand."""
    from extractor.models.offline_batch import remote

    job, _ = _at_the_server(requests, model, base_url, remote.refresh)
    _show(job, as_json=as_json)


@common.reports
def fetch(
    requests: _Requests,
    model: ModelOption = None,
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
    from extractor import settings as settings_module
    from extractor.models import providers
    from extractor.models.offline_batch import remote

    settings = settings_module.load()
    job = remote.Job(requests)
    provider = providers.find(model or settings.model or providers.DEFAULT_OPENAI, settings, base_url=base_url)

    async def main() -> R:
        async with remote.connect(provider, seconds=settings.timeout) as client:
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
