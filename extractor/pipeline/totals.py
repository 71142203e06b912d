"""What a run has done so far, and the manifest that tells it."""

from __future__ import annotations

import datetime as dt
import platform
from dataclasses import dataclass, field
from typing import Any, Literal

from extractor import __version__
from extractor.errors import LimitReached
from extractor.files.prompts import Prompt
from extractor.models.interface import Usage
from extractor.models.pricing import Price
from extractor.pipeline.batch import Done, Failed, Outcome, Skipped
from extractor.pipeline.versions import versions
from extractor.schema.record import SCHEMA_VERSION, Manifest, PerArticle

State = Literal["running", "finished", "interrupted", "stopped"]


@dataclass
class Totals:
    """What has happened so far: read = written + failed + skipped. `cost` is in USD; None where no price is known."""

    written: int = 0
    failed: int = 0
    skipped: int = 0
    already_done: int = 0
    failed_earlier: int = 0
    """of those skipped, failures of earlier runs"""
    from_cache: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float | None = None
    others: int | None = None
    """records in the file of articles that this input does not have; None where it is not known"""
    limit: LimitReached | None = None
    """what stopped the run, where a limit did"""

    @property
    def read(self) -> int:
        return self.written + self.failed + self.skipped

    def count(self, outcome: Outcome) -> None:
        """Adds what became of one article. What came from the cache was paid for before."""
        match outcome:
            case Done(_, made):
                self.written += 1
                self.from_cache += made.cached
                if not made.cached:
                    self.usage += made.usage
            case Failed(failure, network_retries):
                self.failed += 1
                self.usage += Usage(failure.attempts, failure.input_tokens, failure.output_tokens, network_retries)
            case Skipped(failed=failed):
                self.skipped += 1
                self.already_done += 1
                self.failed_earlier += failed


def manifest(
    model: str,
    prompt: Prompt,
    settings: dict[str, Any],
    totals: Totals,
    state: State,
    started: dt.datetime,
    seconds: float,
    price: Price | None = None,
) -> Manifest:
    """What OUT.run.json says. `settings` are the user's options: never secrets. `seconds` is the time that went by, not
    the difference of two times of day: somebody may set the clock.
    """
    from extractor.models.cached import schema_digest
    from extractor.schema.reading import Reading

    asked = totals.written - totals.from_cache + totals.failed
    return Manifest(
        schema_version=SCHEMA_VERSION,
        extractor=__version__,
        model=model,
        prompt=prompt.id,
        prompt_sha256=prompt.sha256,
        reading_sha256=schema_digest(Reading),
        settings=settings,
        versions={"python": platform.python_version(), **versions()},
        state=state,
        read=totals.read,
        written=totals.written,
        failed=totals.failed,
        skipped=totals.skipped,
        already_done=totals.already_done,
        from_cache=totals.from_cache,
        attempts=totals.usage.attempts,
        network_retries=totals.usage.network_retries,
        input_tokens=totals.usage.input_tokens,
        output_tokens=totals.usage.output_tokens,
        cost=None if totals.cost is None else round(totals.cost, 8),
        prices=price and price.published(),
        per_article=_per_article(totals, asked) if asked else None,
        started=started,
        finished=None if state == "running" else dt.datetime.now(dt.UTC),
        seconds=round(seconds, 3),
    )


def _per_article(totals: Totals, asked: int) -> PerArticle:
    return PerArticle(
        articles=asked,
        attempts=round(totals.usage.attempts / asked, 3),
        input_tokens=round(totals.usage.input_tokens / asked, 1),
        output_tokens=round(totals.usage.output_tokens / asked, 1),
        cost=None if totals.cost is None else round(totals.cost / asked, 8),
    )
