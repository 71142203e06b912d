"""What tokens cost."""

from __future__ import annotations

import pytest

from extractor.errors import ConfigurationError
from extractor.models import pricing
from extractor.models.pricing import Price


def test_list_prices_come_from_the_installed_table() -> None:
    """USD per million tokens, with the price of cached input; the same model through a relay has one too."""
    assert pricing.find("openai/gpt-4.1-mini") == Price(0.4, 1.6, 0.1, "genai-prices")
    relayed = pricing.find("openrouter/openai/gpt-4.1-mini")
    assert relayed is not None
    assert (relayed.input, relayed.output) == (0.4, 1.6)


@pytest.mark.parametrize("model", ["local/x", "ollama/qwen3:14b", "openai/no-such-model"])
def test_where_no_price_is_known_there_is_none(model: str) -> None:
    """Not zero: a machine of one's own costs something too."""
    assert pricing.find(model) is None


def test_rules_cost_nothing() -> None:
    """They are the one model without a server."""
    price = pricing.find("rules")
    assert price is not None
    assert price.cost(10**9, 10**9) == 0.0


def test_the_users_price_wins() -> None:
    """Input and output, and cached input if given."""
    assert pricing.choose("openai/gpt-4.1-mini", "2,8", needed=False) == Price(2.0, 8.0)
    assert pricing.choose("local/x", "2, 8, 0.5", needed=True) == Price(2.0, 8.0, 0.5)


def test_a_cost_is_the_sum_of_its_parts() -> None:
    """A million input tokens, 400,000 of them cached, and half a million output tokens."""
    assert Price(2.0, 8.0, 0.5).cost(1_000_000, 500_000, 400_000) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.5 * 8)
    assert Price(2.0, 8.0).cost(1_000_000, 0, 400_000) == 2.0


@pytest.mark.parametrize("text", ["", "cheap", "1", "1,2,3,4", "1,-2", "1,nan", "inf,1"])
def test_what_is_no_price_is_refused_with_an_example(text: str) -> None:
    """The hint shows how to write one."""
    with pytest.raises(ConfigurationError) as caught:
        pricing.parse(text)
    assert "--price 0.40,1.60" in caught.value.hint


def test_a_budget_needs_a_price() -> None:
    """--max-cost with a model of unknown price cannot be kept, and is refused."""
    with pytest.raises(ConfigurationError, match="No price is known for local/x") as caught:
        pricing.choose("local/x", None, needed=True)
    assert "--price" in caught.value.hint
    assert pricing.choose("local/x", None, needed=False) is None
