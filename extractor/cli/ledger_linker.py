"""Who decides the links of `extractor ledger`: the rules, or a model with its prompt, its limits and its budget."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.limiting import limits_of
from extractor.cli.recording import recorded
from extractor.errors import ConfigurationError, LimitReached

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.models.interface import Model
    from extractor.models.limits import Gate, Limits
    from extractor.results.ledger import Answers, Plan
    from extractor.schema.ledger import Questions


@dataclass(frozen=True)
class LinkOptions:
    """What the user said about who decides, option by option."""

    model: str | None
    base_url: str | None
    prompt: str
    replay: Path | None
    record: Path | None
    concurrency: int | None
    rpm: float | None
    tpm: float | None
    max_cost: float | None
    price: str | None
    no_cache: bool

    @property
    def asked_anew(self) -> str | None:
        """The option for which answers of earlier runs are not used; None where they are."""
        return "--no-cache" if self.no_cache else "--record" if self.record else None

    def limits(self, model: str, places: int) -> Limits:
        """What calls of this model must keep. Raises ConfigurationError, also where the rules, which call nobody, do
        not need what is wrong.
        """
        return limits_of(
            model,
            places,
            rpm=self.rpm,
            tpm=self.tpm,
            max_cost=self.max_cost,
            price=self.price,
            replayed=self.replay is not None,
        )


@dataclass(frozen=True)
class Asking:
    """A model that is ready, how it is asked, and the gate that its calls pass."""

    model: Model
    prompt: Prompt
    gate: Gate
    asked_anew: str | None

    async def ask(self, planned: Plan) -> Answers:
        from extractor.results import ledger as ledgers

        try:
            return await ledgers.by_model(planned, self.model, self.prompt, concurrency=self.gate.limits.concurrency)
        except LimitReached as limit:
            raise LimitReached(str(limit), hint=f"{limit.hint} {self._going_on()}") from None
        finally:
            await self.model.aclose()

    def _going_on(self) -> str:
        if self.asked_anew:
            return f"With {self.asked_anew} all are asked anew: give a higher --max-cost. No ledger was written."
        if not self.gate.spent:  # where nothing could be asked, the same command would get no further
            return "Give a higher --max-cost. No ledger was written."
        return "Their answers are in the cache: the same command goes on with as much again. No ledger was written."


@dataclass(frozen=True)
class Linker:
    """Who decides the links: the rules, or the model that is asked. `name` and `sha256` (the prompt's) stand in the
    manifest.
    """

    name: str
    sha256: str | None = None
    asking: Asking | None = None

    def decide(self, planned: Plan) -> Answers:
        """The open pairs, decided. Raises LimitReached where the budget does not allow for all questions; those that
        were answered are kept as answers are.
        """
        from extractor.results import ledger as ledgers

        if self.asking is None:
            return ledgers.Answers(decided=ledgers.by_rules(planned))
        return asyncio.run(self.asking.ask(planned))

    def questions(self, answers: Answers) -> Questions | None:
        """What the answers took, for the manifest; None where there was no question."""
        if self.asking is None or not (answers.asked or answers.from_cache):
            return None
        return answers.questions(self.asking.gate.spent, self.asking.gate.limits.price)


@contextlib.contextmanager
def linker(options: LinkOptions) -> Iterator[Linker]:
    """The rules unless a model is named; a cassette names its own. Raises ConfigurationError."""
    from extractor.models.providers import RULES

    if options.model in (None, RULES) and options.replay is None and options.record is None:
        options.limits(RULES, 1)
        yield Linker(RULES)
        return
    from extractor import settings as settings_module
    from extractor.files import prompts
    from extractor.models.cassette import Cassette
    from extractor.models.limits import Gate
    from extractor.models.opening import ModelOptions, resolve

    settings = settings_module.load()
    prompt = prompts.load(options.prompt)
    places = options.concurrency or settings.concurrency
    chosen = resolve(
        options.model,
        settings,
        ModelOptions(options.base_url, connections=places),
        cassette=Cassette.load(options.replay) if options.replay else None,
        cache=not options.no_cache,
    )
    if chosen.name == RULES:
        raise ConfigurationError("There is no model to ask.", hint="Name one with --model; rules need no cassette.")
    gate = Gate(options.limits(chosen.name, places))
    opened = chosen.open(settings, read_cache=options.record is None, gate=gate)
    with recorded(options.record, chosen):
        yield Linker(f"{prompt.id} {chosen.name}", prompt.sha256, Asking(opened, prompt, gate, options.asked_anew))
