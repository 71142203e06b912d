"""`extractor run`: the batch command."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from extractor.cli import common
from extractor.cli.common import EXIT_CODES, note, plural

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.models.cassette import Cassette, SetUp
    from extractor.models.pricing import Price
    from extractor.pipeline.run import RunOptions, State, Totals
    from extractor.pipeline.staff import Staff

HELP = f"""Read articles and write one record per article, in input order.

The run is continued if OUT.jsonl holds records already. Beside it stand OUT.failed.jsonl (what failed, why, and what to
do) and OUT.run.json (settings, versions, counts).

{EXIT_CODES}

Examples:

`extractor run seeds/ -o out.jsonl --replay cassettes/seeds.json` (no key, no network)

`extractor run articles/ -o out.jsonl --model openai/gpt-4.1-mini` (OPENAI_API_KEY in the environment or in .env)

`extractor run articles.jsonl -o out.jsonl --model ollama/qwen3:14b`
"""


@common.reports
def run(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs, or - for stdin (.txt .md .html .jsonl .csv .parquet).",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.jsonl", help="Where the records go; - is stdout.")
    ],
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="openai/NAME, openrouter/NAME, ollama/NAME, local/NAME with --base-url, or rules.",
            show_default=False,
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", metavar="URL", help="Address of an OpenAI-compatible server.", show_default=False),
    ] = None,
    prompt: Annotated[
        str, typer.Option("--prompt", "-p", help="A prompt's name or the path of a prompt file.")
    ] = "extract.v1",
    replay: Annotated[
        Path | None,
        typer.Option(metavar="CASSETTE", help="Answer from a recording, and from nothing else.", show_default=False),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(metavar="CASSETTE", help="Ask the model anew and record its answers.", show_default=False),
    ] = None,
    mode: Annotated[
        Literal["json", "tools"],
        typer.Option(help="How answers are asked for: strict JSON schema, or a tool call. A replay asks as recorded."),
    ] = "json",
    temperature: Annotated[
        float | None, typer.Option(min=0, max=2, help="Sent to the model only if given.", show_default=False)
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency", "-c", min=1, max=4096, help="Articles under way at once (8).", show_default=False
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option("--workers", "-w", min=1, max=256, help="Processes that share work, output, limits and budget."),
    ] = 1,
    rpm: Annotated[
        float | None, typer.Option(min=0.01, help="At most N requests a minute.", show_default=False)
    ] = None,
    tpm: Annotated[
        float | None, typer.Option(min=1, help="At most N tokens a minute, in and out.", show_default=False)
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(min=0, metavar="USD", help="Stop before the question that would pass this.", show_default=False),
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(
            metavar="IN,OUT",
            help="USD per million input and output tokens, where the list price is not yours.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Read only the first N articles.", show_default=False)
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Read only share I of N equal ones, cut by article id.", show_default=False),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be read and asked, and about what it costs; ask nothing.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Start OUT.jsonl anew instead of continuing it.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read again what failed in an earlier run.")
    ] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first article that fails.")] = False,
    passes: Annotated[
        int, typer.Option(min=1, max=2, help="2: ask once more where the audit finds passages that no item covers.")
    ] = 2,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither use nor keep answers in this machine's cache.")
    ] = False,
    engine: Annotated[
        Literal["local", "ray"], typer.Option(help="ray: on a Ray cluster, into a folder (docs/scale.md).")
    ] = "local",
    nodes: Annotated[
        int | None, typer.Option(min=1, help="With --engine ray: machines to use (all).", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the totals as JSON on stdout (stderr with -o -).")
    ] = False,
) -> None:
    from extractor import settings as settings_module
    from extractor.errors import ConfigurationError
    from extractor.files import prompts
    from extractor.models import pricing
    from extractor.models.cassette import Cassette, SetUp
    from extractor.models.limits import Limits
    from extractor.models.opening import ModelOptions, as_recorded
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.staff import Job, staffed

    if replay and record:
        raise ConfigurationError(
            "--replay and --record exclude each other.", hint="Replay an old recording or make one."
        )
    if record and workers > 1:
        raise ConfigurationError("A recording is made by one process.", hint="Leave out --workers with --record.")
    settings = settings_module.load()
    chosen_prompt = prompts.load(prompt)
    cassette = Cassette.load(replay) if replay else None
    name = _choose_model(model, cassette, quiet=quiet)
    chosen_price = None if cassette else pricing.choose(name, price, needed=max_cost is not None)
    if dry_run:
        _dry_run(inputs, output, chosen_prompt, limit, shard, chosen_price)
        return
    places = concurrency or settings.concurrency
    asked = as_recorded(
        cassette, ModelOptions(base_url, mode, settings.temperature if temperature is None else temperature, places)
    )
    options = RunOptions(
        concurrency=places,
        ahead=0 if name == "rules" else places,
        limit=limit,
        retry_failed=retry_failed,
        fail_fast=fail_fast,
        settings={
            "inputs": inputs,
            "mode": asked.mode,
            "temperature": asked.temperature,
            "concurrency": places,
            "workers": workers,
            "rpm": rpm,
            "tpm": tpm,
            "max_cost": max_cost,
            "limit": limit,
            "shard": shard,
            "engine": engine,
            "passes": passes,
            "replay": str(replay) if replay else None,
            "record": str(record) if record else None,
            "cache": not no_cache,
        },
    )
    job = Job(
        model=name,
        prompt=prompt,
        asked=asked,
        limits=Limits(places, rpm, tpm, chosen_price, max_cost),
        passes=passes,
        cache=not (no_cache or cassette or name == "rules"),
        read_cache=record is None,  # a cassette must hold every answer, also those this machine knows already
        replay=str(replay) if replay else None,
    )
    if engine == "ray":
        from extractor.cli.cluster import run_on_cluster

        totals, state = run_on_cluster(
            inputs, shard, output, job, chosen_prompt, options, nodes, workers, overwrite=overwrite, quiet=quiet
        )
    else:
        with _recording(record, SetUp(name, asked.mode, asked.temperature)), staffed(job, workers) as staff:
            totals, state = _run(inputs, shard, output, staff, chosen_prompt, options, overwrite=overwrite, quiet=quiet)
    _finish(totals, state, output, as_json=as_json, quiet=quiet)
    if totals.limit is not None:
        raise totals.limit
    if state == "interrupted":
        raise typer.Exit(common.INTERRUPTED)
    if totals.failed:
        raise typer.Exit(common.SOME_FAILED)


def _choose_model(model: str | None, cassette: Cassette | None, *, quiet: bool) -> str:
    from extractor import settings as settings_module
    from extractor.models import providers

    recorded = cassette.set_up.model if cassette and cassette.set_up else None
    name = providers.choose(model, settings_module.load(), recorded=recorded)
    if name == "rules" and model is None and not quiet:
        note("No model is named and no key is set: reading with `rules` (word lists and grammar, no language model).")
        note("  For a language model, set OPENAI_API_KEY or pass --model (see `extractor run --help`).")
    return name


@contextlib.contextmanager
def _recording(record: Path | None, set_up: SetUp) -> Iterator[None]:
    if record is None:
        yield
        return
    from extractor import settings as settings_module
    from extractor.models.cassette import recording

    with recording(record, set_up, settings_module.load().secrets()):
        yield


def _run(
    inputs: list[str],
    shard: str | None,
    output: Path,
    staff: Staff,
    prompt: Prompt,
    options: RunOptions,
    *,
    overwrite: bool,
    quiet: bool,
) -> tuple[Totals, State]:
    from extractor.cli.progress import progress
    from extractor.files.output import OutputFiles, StreamOutput
    from extractor.files.readers import read_articles
    from extractor.pipeline.collecting import collect_seldom
    from extractor.pipeline.run import run_with, set_up
    from extractor.pipeline.sharding import select

    collect_seldom()
    articles = select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=_own_files(output)), shard)
    if str(output) == "-":
        files: OutputFiles | StreamOutput = StreamOutput(sys.stdout.buffer)
    else:
        files = OutputFiles.open(output, set_up(staff, prompt), overwrite=overwrite)
    if files.repaired:
        note(files.repaired)

    async def main() -> tuple[Totals, State]:
        stop = asyncio.Event()
        with progress(inputs, options.limit, quiet=quiet) as observe, _stopping(stop):
            async with staff.at_work() as work:
                return await run_with(
                    work, articles, staff, prompt, files, options, gate=staff.gate, observe=observe, stop=stop
                )

    return asyncio.run(main())


@contextlib.contextmanager
def _stopping(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C lets the articles under way finish; a second one stops at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def on_interrupt() -> None:
        if not stop.is_set():
            note("Stopping: the articles under way are finished and written. Press Ctrl-C again to stop at once.")
            stop.set()
        elif task is not None:
            task.cancel()

    with contextlib.suppress(NotImplementedError):  # event loops on Windows know no signals: Ctrl-C stops at once there
        loop.add_signal_handler(signal.SIGINT, on_interrupt)
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGINT)


def _finish(totals: Totals, state: State, output: Path, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        stream = sys.stderr if str(output) == "-" else sys.stdout
        print(json.dumps(_totals(totals, state)), file=stream)
    elif not quiet:
        counts = f"{totals.written:,} written, {totals.failed:,} failed, {totals.skipped:,} skipped"
        cached = f" ({totals.from_cache:,} from the cache)" if totals.from_cache else ""
        used = totals.usage
        tokens = f"; {used.input_tokens:,} + {used.output_tokens:,} tokens" if used.input_tokens else ""
        cost = f"; ${totals.cost:.4f}" if totals.cost else ""
        note(f"{plural(totals.read, 'article')} read: {counts}{cached}{tokens}{cost}.")
        if state == "interrupted":
            note("Interrupted. The same command continues where this run stopped.")
    if totals.failed and str(output) != "-":
        where = output / "part-*.failed.jsonl" if output.is_dir() else output.with_suffix(".failed.jsonl")
        note(f"What failed, and what to do about it: {where}")


def _totals(totals: Totals, state: State) -> dict[str, Any]:
    return {
        "state": state,
        "read": totals.read,
        "written": totals.written,
        "failed": totals.failed,
        "skipped": totals.skipped,
        "from_cache": totals.from_cache,
        "input_tokens": totals.usage.input_tokens,
        "output_tokens": totals.usage.output_tokens,
        "cost": totals.cost,
    }


def _own_files(output: Path) -> tuple[Path, ...]:
    """A folder of articles may hold the run's own output."""
    from extractor.files.output import beside

    return () if str(output) == "-" else (output, *beside(output))


def _dry_run(
    inputs: list[str], output: Path, prompt: Prompt, limit: int | None, shard: str | None, price: Price | None
) -> None:
    from extractor.files.readers import read_articles
    from extractor.pipeline.plan import plan
    from extractor.pipeline.sharding import select

    articles = select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=_own_files(output)), shard)
    planned = plan(articles, prompt, limit)
    note(f"{plural(planned.articles, 'article')} would be read in {plural(planned.questions, 'question')}.")
    tokens = f"{planned.input_tokens:,} tokens in and {planned.output_tokens:,} tokens out"
    note(f"About {tokens} (estimated from the number of characters; without re-asks and second questions).")
    if price is not None:
        cost = price.cost(planned.input_tokens, planned.output_tokens)
        note(f"About ${cost:.2f} at ${price.input:g} + ${price.output:g} per million tokens ({price.source}).")
    else:
        note("No price is known for this model: --price IN,OUT gives one.")
    for unread in planned.unread:
        note(f"Not readable: {unread.source}: {unread.error}")
    if planned.unread_more:
        note(f"… and {planned.unread_more:,} more that are not readable.")
