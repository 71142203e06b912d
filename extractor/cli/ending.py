"""What `extractor run` says when it has ended, and its exit code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

from extractor.cli import common
from extractor.cli.common import note, plural

if TYPE_CHECKING:
    from extractor.cli.running import Request
    from extractor.pipeline.totals import State, Totals


def end(request: Request, totals: Totals, state: State, *, as_json: bool) -> None:
    """Tells the totals. Raises LimitReached or Exit where not everything was done."""
    if as_json:
        print(json.dumps(_totals(totals, state)), file=sys.stderr if request.to_stdout else sys.stdout)
    elif not request.quiet:
        _tell(totals, state)
    if not request.quiet:
        _tell_others(request, totals)
    some_failed = bool(totals.failed or totals.failed_earlier)
    if some_failed and not request.to_stdout:
        from extractor.files.output import FAILED, beside

        output = request.output
        where = output / f"part-*{FAILED}" if output.is_dir() else beside(output, FAILED)
        note(f"What failed, and what to do about it: {where}")
    if totals.limit is not None:
        raise totals.limit
    if state == "interrupted":
        raise typer.Exit(common.INTERRUPTED)
    if some_failed:
        raise typer.Exit(common.SOME_FAILED)


def _tell(totals: Totals, state: State) -> None:
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


def _tell_others(request: Request, totals: Totals) -> None:
    """What an earlier run over another input left in the file. One share of the input says nothing about the rest."""
    if totals.others and request.shard is None:
        note(f"{request.output} also holds {plural(totals.others, 'record')} of other articles than this input's.")


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
