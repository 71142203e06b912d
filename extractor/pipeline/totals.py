"""What a run has done so far, and the manifest that tells it."""

from __future__ import annotations

import datetime as dt
import platform
import time
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, Literal

from extractor import __version__
from extractor.errors import LimitReached
from extractor.files.prompts import Prompt
from extractor.models.interface import Usage
from extractor.models.limits import Gate
from extractor.schema.record import SCHEMA_VERSION, Manifest, PerArticle, Prices

State = Literal["running", "finished", "interrupted", "stopped"]
_PACKAGES = ("openai", "instructor", "pydantic", "tenacity", "diskcache", "vcrpy", "typer", "jinja2", "rapidfuzz")


@dataclass
class Totals:
    """What has happened so far: read = written + failed + skipped. `cost` is in USD; None where no price is known."""

    written: int = 0
    failed: int = 0
    skipped: int = 0
    already_done: int = 0
    from_cache: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float | None = None
    limit: LimitReached | None = None
    """what stopped the run, where a limit did"""

    @property
    def read(self) -> int:
        return self.written + self.failed + self.skipped


class Account:
    """The set-up of a run and its clocks; makes manifests of totals."""

    def __init__(self, model: str, prompt: Prompt, settings: dict[str, Any], gate: Gate | None) -> None:
        self._model, self._prompt, self._settings, self._gate = model, prompt, settings, gate
        self._started = dt.datetime.now(dt.UTC)
        self._clock = time.monotonic()  # not the difference of two times of day: somebody may set the clock

    def manifest(self, totals: Totals, state: State) -> Manifest:
        from extractor.models.cached import schema_digest
        from extractor.schema.reading import Reading

        asked = totals.written - totals.from_cache + totals.failed
        price = self._gate.limits.price if self._gate else None
        return Manifest(
            schema_version=SCHEMA_VERSION,
            extractor=__version__,
            model=self._model,
            prompt=self._prompt.id,
            prompt_sha256=self._prompt.sha256,
            reading_sha256=schema_digest(Reading),
            settings=self._settings,
            versions={"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}},
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
            prices=price and Prices(input=price.input, output=price.output, cached=price.cached, source=price.source),
            per_article=_per_article(totals, asked) if asked else None,
            started=self._started,
            finished=None if state == "running" else dt.datetime.now(dt.UTC),
            seconds=round(time.monotonic() - self._clock, 3),
        )


def _per_article(totals: Totals, asked: int) -> PerArticle:
    return PerArticle(
        articles=asked,
        attempts=round(totals.usage.attempts / asked, 3),
        input_tokens=round(totals.usage.input_tokens / asked, 1),
        output_tokens=round(totals.usage.output_tokens / asked, 1),
        cost=None if totals.cost is None else round(totals.cost / asked, 8),
    )
