"""What tokens cost: genai-prices' table of list prices, or the user's own prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extractor.errors import ConfigurationError
from extractor.models.providers import RULES
from extractor.schema.record import Prices

_PROVIDERS = {"openai", "openrouter"}
_MILLION = 1_000_000
_EXAMPLE = "--price 0.40,1.60 (USD per million input and output tokens)"


@dataclass(frozen=True)
class Price:
    """USD per million tokens. `cached` is for input that the provider had in its prompt cache."""

    input: float
    output: float
    cached: float | None = None
    source: str = "--price"

    def published(self) -> Prices:
        """As a manifest has it."""
        return Prices(input=self.input, output=self.output, cached=self.cached, source=self.source)

    def cost(self, input_tokens: float, output_tokens: float, cached_tokens: float = 0) -> float:
        """USD for one answer; `cached_tokens` are part of `input_tokens`."""
        cached_price = self.input if self.cached is None else self.cached
        fresh = input_tokens - cached_tokens
        return (fresh * self.input + cached_tokens * cached_price + output_tokens * self.output) / _MILLION


def parse(text: str) -> Price:
    """A price as the user writes it: "INPUT,OUTPUT" or "INPUT,OUTPUT,CACHED". Raises ConfigurationError."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3) or not all(0 <= number < float("inf") for number in numbers):
        raise ConfigurationError(f"{text!r} is no price.", hint=f"For example: {_EXAMPLE}.")
    return Price(numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else None)


def find(model: str) -> Price | None:
    """The list price of "PROVIDER/NAME", as the installed genai-prices has it; None where it has none.

    The rules cost nothing. A price that depends on the length of the prompt or the hour is taken as for a short prompt
    now. Nothing is fetched.
    """
    if model == RULES:
        return Price(0.0, 0.0, source="no charge")
    provider, _, name = model.partition("/")
    if provider not in _PROVIDERS:
        return None
    from genai_prices import Usage, calc_price

    def of(**tokens: int) -> Decimal:
        return calc_price(Usage(**tokens), name, provider_id=provider).total_price

    try:
        return Price(
            input=float(of(input_tokens=1000) * 1000),
            output=float(of(input_tokens=0, output_tokens=1000) * 1000),
            cached=float(of(input_tokens=1000, cache_read_tokens=1000) * 1000),
            source="genai-prices",
        )
    except LookupError:
        return None


def choose(model: str, stated: str | None, *, needed: bool) -> Price | None:
    """The user's price, else the list price. Raises ConfigurationError where a price is `needed` and none is known."""
    price = parse(stated) if stated is not None else find(model)
    if price is None and needed:
        raise ConfigurationError(f"No price is known for {model}, so that --max-cost cannot be kept.", hint=_EXAMPLE)
    return price
