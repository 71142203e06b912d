"""`extractor run`: the batch command."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from extractor.cli import common
from extractor.cli.common import EXIT_CODES, note, plural
from extractor.cli.dry_run import tell_plan
from extractor.cli.recording import recorded, require_one
from extractor.cli.stopping import stopping

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.files.readers import Unread
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.staff import Staff
    from extractor.pipeline.totals import State, Totals
    from extractor.schema.article import Article


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
            "--concurrency", "-c", min=1, max=4096, help="Calls to the model under way at once (8).", show_default=False
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
    from extractor.models.cassette import Cassette
    from extractor.models.limits import Limits
    from extractor.models.opening import ModelOptions, resolve
    from extractor.models.providers import RULES
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.staff import Job, staffed

    require_one(replay, record)
    if record and workers > 1:
        raise ConfigurationError("A recording is made by one process.", hint="Leave out --workers with --record.")
    settings = settings_module.load()
    chosen_prompt = prompts.load(prompt)
    places = concurrency or settings.concurrency
    chosen = resolve(
        model,
        settings,
        ModelOptions(base_url, mode, temperature, places),
        cassette=Cassette.load(replay) if replay else None,
        cache=not no_cache,
    )
    if chosen.name == RULES and model is None and not quiet:
        _note_rules()
    chosen_price = None if replay else pricing.choose(chosen.name, price, needed=max_cost is not None)
    if dry_run:
        kept = None if overwrite or str(output) == "-" else output
        planned = _articles(inputs, shard, output)
        tell_plan(planned, chosen_prompt, limit, chosen_price, output=kept, as_json=as_json)
        return
    options = RunOptions(
        concurrency=places,
        ahead=0 if chosen.name == RULES else places,
        limit=limit,
        retry_failed=retry_failed,
        fail_fast=fail_fast,
        settings={
            "inputs": inputs,
            "mode": chosen.options.mode,
            "temperature": chosen.options.temperature,
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
        model=chosen.name,
        prompt=prompt,
        asked=chosen.options,
        limits=Limits(places, rpm, tpm, chosen_price, max_cost),
        passes=passes,
        cache=chosen.cached,
        read_cache=record is None,  # a cassette must hold every answer, also those this machine knows already
        replay=str(replay) if replay else None,
    )
    if engine == "ray":
        from extractor.cli.cluster import run_on_cluster

        totals, state = run_on_cluster(
            inputs, shard, output, job, chosen_prompt, options, nodes, workers, overwrite=overwrite, quiet=quiet
        )
    else:
        with recorded(record, chosen), staffed(job, workers) as staff:
            totals, state = _run(inputs, shard, output, staff, chosen_prompt, options, overwrite=overwrite, quiet=quiet)
    _finish(totals, state, output, as_json=as_json, quiet=quiet)
    if totals.limit is not None:
        raise totals.limit
    if state == "interrupted":
        raise typer.Exit(common.INTERRUPTED)
    if totals.failed or totals.failed_earlier:
        raise typer.Exit(common.SOME_FAILED)


run.__doc__ = f"""Read articles and write one record per article, in input order.

The run is continued if OUT.jsonl holds records already. Beside it stand OUT.failed.jsonl (what failed, why, and what to
do) and OUT.run.json (settings, versions, counts).

{EXIT_CODES}

Examples:

`extractor run seeds/ -o out.jsonl --replay cassettes/seeds.json` (no key, no network)

`extractor run articles/ -o out.jsonl --model openai/gpt-4.1-mini` (OPENAI_API_KEY in the environment or in .env)

`extractor run articles.jsonl -o out.jsonl --model ollama/qwen3:14b`
"""


def _note_rules() -> None:
    note("No model is named and no key is set: reading with `rules` (word lists and grammar, no language model).")
    note("  For a language model, set OPENAI_API_KEY or pass --model (see `extractor run --help`).")


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
    from extractor.pipeline.collecting import collect_seldom
    from extractor.pipeline.run import run as run_pipeline
    from extractor.pipeline.run import set_up

    collect_seldom()
    articles = _articles(inputs, shard, output)
    if str(output) == "-":
        files: OutputFiles | StreamOutput = StreamOutput(sys.stdout.buffer)
    else:
        files = OutputFiles.open(output, set_up(staff, prompt), overwrite=overwrite)
    if files.repaired:
        note(files.repaired)

    async def main() -> tuple[Totals, State]:
        stop = asyncio.Event()
        with progress(inputs, options.limit, quiet=quiet) as observe, stopping(stop):
            async with staff.at_work() as work:
                return await run_pipeline(
                    work, articles, staff, prompt, files, options, gate=staff.gate, observe=observe, stop=stop
                )

    return asyncio.run(main())


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
        if totals.failed_earlier:
            note(f"{totals.failed_earlier:,} of those skipped failed earlier; --retry-failed reads them again.")
        if state == "interrupted":
            note("Interrupted. The same command continues where this run stopped.")
    if (totals.failed or totals.failed_earlier) and str(output) != "-":
        from extractor.files.output import FAILED, beside

        where = output / f"part-*{FAILED}" if output.is_dir() else beside(output, FAILED)
        note(f"What failed, and what to do about it: {where}")


def _totals(totals: Totals, state: State) -> dict[str, Any]:
    return {
        "state": state,
        "read": totals.read,
        "written": totals.written,
        "failed": totals.failed,
        "skipped": totals.skipped,
        "failed_earlier": totals.failed_earlier,
        "from_cache": totals.from_cache,
        "input_tokens": totals.usage.input_tokens,
        "output_tokens": totals.usage.output_tokens,
        "cost": totals.cost,
    }


def _articles(inputs: list[str], shard: str | None, output: Path) -> Iterator[Article | Unread]:
    """The input without the run's own output, which a folder of articles may hold."""
    from extractor.files.output import own_files
    from extractor.files.readers import read_articles
    from extractor.pipeline.sharding import select

    own = () if str(output) == "-" else own_files(output)
    return select(read_articles(inputs, stdin=sys.stdin.buffer, leave_out=own), shard)
