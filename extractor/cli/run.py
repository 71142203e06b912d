"""`extractor run`: the batch command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from extractor.cli import common, limiting
from extractor.cli.common import EXIT_CODES, note
from extractor.cli.recording import require_one


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
    rpm: limiting.RequestsPerMinute = None,
    tpm: limiting.TokensPerMinute = None,
    max_cost: limiting.MaxCost = None,
    price: limiting.StatedPrice = None,
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
    from extractor.cli.ending import end
    from extractor.cli.running import Request, run_here
    from extractor.errors import ConfigurationError
    from extractor.files import prompts
    from extractor.models.cassette import Cassette
    from extractor.models.opening import ModelOptions, resolve
    from extractor.models.providers import RULES
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.staff import Job

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
    limits = limiting.limits_of(
        chosen.name, places, rpm=rpm, tpm=tpm, max_cost=max_cost, price=price, replayed=replay is not None
    )
    request = Request(inputs, shard, output, overwrite, quiet)
    if dry_run:
        from extractor.cli.dry_run import tell_plan

        kept = None if overwrite or request.to_stdout else output
        tell_plan(request.articles(), chosen_prompt, limit, limits.price, output=kept, as_json=as_json)
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
        limits=limits,
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
        totals, state = run_here(request, chosen, job, chosen_prompt, options, workers, record)
    end(request, totals, state, as_json=as_json)


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
