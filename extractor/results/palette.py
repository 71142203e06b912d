"""The colours and typefaces that the pages share, as custom properties of a style sheet, for light and dark screens."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def palette() -> str:
    """The style sheet palette.css."""
    return resources.files(__package__).joinpath("palette.css").read_text(encoding="utf-8")
