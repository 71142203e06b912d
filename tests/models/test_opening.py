"""Which model is asked, how, and whether its answers are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.models.cassette import Cassette, Recorded
from extractor.models.opening import ModelOptions, resolve
from extractor.models.providers import RULES
from extractor.settings import Settings

RECORDED = Cassette(Path("c.json"), Recorded("local/recorded", "tools", 0.5), ())
FOREIGN = Cassette(Path("c.json"), None, ())
"""Recorded by another program: nothing tells how it was asked."""


def test_a_cassette_is_asked_as_it_was_recorded() -> None:
    """Its model unless another is named, its mode and its temperature; what it answers is not kept."""
    chosen = resolve(None, Settings(), ModelOptions(mode="json", temperature=1.0, connections=3), cassette=RECORDED)
    assert (chosen.name, chosen.cached) == ("local/recorded", False)
    assert chosen.options == ModelOptions(mode="tools", temperature=0.5, connections=3)
    assert resolve("local/x", Settings(), cassette=RECORDED).name == "local/x"


@pytest.mark.parametrize(("given", "asked"), [(None, 0.25), (0.0, 0.0), (1.0, 1.0)])
def test_a_temperature_that_is_not_given_is_the_settings(given: float | None, asked: float) -> None:
    """Also for a cassette that does not tell its own; zero is one that is given."""
    settings, options = Settings(temperature=0.25), ModelOptions(temperature=given)
    assert resolve("local/x", settings, options).options.temperature == asked
    assert resolve("local/x", settings, options, cassette=FOREIGN).options.temperature == asked


def test_answers_of_servers_are_kept_and_no_others() -> None:
    """Rules and cassettes answer for nothing; and who asks for no cache gets none."""
    assert resolve("local/x", Settings()).cached
    assert not resolve("local/x", Settings(), cache=False).cached
    assert not resolve("local/x", Settings(), cassette=FOREIGN).cached
    assert not resolve(RULES, Settings()).cached
