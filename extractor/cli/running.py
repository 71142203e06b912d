"""`extractor run` once its options are understood: from the input to the output, on this machine."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.common import note, plural
from extractor.cli.progress import progress
from extractor.cli.recording import recorded
from extractor.cli.stopping import stopping
from extractor.cli.waiting import watching

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.files.readers import Unread
    from extractor.models.opening import Chosen
    from extractor.pipeline.run import RunOptions
    from extractor.pipeline.staff import Job, Staff
    from extractor.pipeline.totals import State, Totals
    from extractor.pipeline.workers import Death
    from extractor.schema.article import Article


@dataclass(frozen=True)
class Request:
    """What is to be read, and where the records go; an output of "-" is stdout."""

    inputs: list[str]
    shard: str | None
    output: Path
    overwrite: bool
    quiet: bool

    @property
    def to_stdout(self) -> bool:
        return str(self.output) == "-"

    def articles(self) -> Iterator[Article | Unread]:
        """The input without the run's own output, which a folder of articles may hold."""
        from extractor.files.output import own_files
        from extractor.files.readers import read_articles
        from extractor.pipeline.sharding import select

        own = () if self.to_stdout else own_files(self.output)
        return select(read_articles(self.inputs, stdin=sys.stdin.buffer, leave_out=own), self.shard)


def run_here(
    request: Request, chosen: Chosen, job: Job, prompt: Prompt, options: RunOptions, workers: int, record: Path | None
) -> tuple[Totals, State]:
    """Reads the input in this process, or in so many workers. Raises what `pipeline.run` raises."""
    from extractor.pipeline.staff import staffed

    with recorded(record, chosen), staffed(job, workers, on_death=_tell_death) as staff:
        return _run(request, staff, prompt, options)


def _run(request: Request, staff: Staff, prompt: Prompt, options: RunOptions) -> tuple[Totals, State]:
    from extractor.files.output import OutputFiles, StreamOutput
    from extractor.pipeline.collecting import collect_seldom
    from extractor.pipeline.run import run, set_up

    collect_seldom()
    articles = request.articles()
    if request.to_stdout:
        files: OutputFiles | StreamOutput = StreamOutput(sys.stdout.buffer)
    else:
        files = OutputFiles.open(request.output, set_up(staff, prompt), overwrite=request.overwrite)
    if files.repaired:
        note(files.repaired)
    gate = staff.gate

    async def main() -> tuple[Totals, State]:
        stop = asyncio.Event()
        with progress(request.inputs, options.limit, quiet=request.quiet) as display, stopping(stop):
            async with staff.at_work() as work, watching(gate, display.waiting):
                return await run(
                    work, articles, staff, prompt, files, options, gate=gate, observe=display.outcome, stop=stop
                )

    return asyncio.run(main())


def _tell_death(death: Death) -> None:
    """Said also to those who want to hear of nothing but errors."""
    how = f"exit code {death.code}" if death.code >= 0 else _signal(-death.code)
    then = "is replaced" if death.replaced else "is not replaced any more"
    again = "its article is" if death.again == 1 else f"its {plural(death.again, 'article')} are"
    note(f"Worker process {death.worker + 1} died ({how}) and {then}{f'; {again} read again' if death.again else ''}.")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
