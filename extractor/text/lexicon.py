"""The word lists of the text layer: TOML files under extractor/text/words, each naming its definition's source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The word list `extractor/text/words/NAME.toml` as a dictionary. Treat it as read-only: it is shared."""
    return tomllib.loads((files("extractor.text") / "words" / f"{name}.toml").read_text(encoding="utf-8"))
