"""`extractor run --engine ray`: what the command line adds to a run on many machines."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.common import note

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.pipeline.chunks import Chunk
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.staff import Job
    from extractor.pipeline.totals import State, Totals

_EVERY = 10.0
"""Seconds between two lines that tell how far it is."""


def run_on_cluster(
    inputs: list[str],
    shard: str | None,
    output: Path,
    job: Job,
    prompt: Prompt,
    options: RunOptions,
    nodes: int | None,
    workers: int,
    *,
    overwrite: bool,
    quiet: bool,
) -> tuple[Totals, State]:
    """Reads the input on the Ray cluster into the folder `output`. Raises ConfigurationError for what it cannot do."""
    from extractor.errors import ConfigurationError
    from extractor.pipeline.chunks import ChunkJob
    from extractor.pipeline.ray import run_on_ray

    if job.replay or not job.read_cache or options.fail_fast:
        raise ConfigurationError(
            "--engine ray neither records, nor replays, nor stops at the first failure.", hint="Use --engine local."
        )
    if str(output) == "-" or "-" in inputs or output.is_file():
        raise ConfigurationError(
            "With --engine ray the input is files, and the output a folder that all nodes see.",
            hint="Write -o FOLDER.",
        )
    chunk_job = ChunkJob(
        work=job,
        prompt_sha256=prompt.sha256,
        inputs=inputs,
        folder=str(output.absolute()),
        home=str(Path.cwd()),
        ahead=options.ahead,
        limit=options.limit,
        shard=shard,
    )
    last = time.monotonic()

    def observe(_: Chunk, totals: Totals) -> None:
        nonlocal last
        if not quiet and time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            tokens = totals.usage.input_tokens + totals.usage.output_tokens
            note(f"{totals.read:,} articles, {totals.failed:,} failed, {tokens:,} tokens")

    return run_on_ray(chunk_job, options, nodes=nodes, workers=workers, overwrite=overwrite, observe=observe)
