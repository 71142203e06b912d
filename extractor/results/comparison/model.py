"""A comparison as a value: what appeared, vanished or changed in each article, and the totals."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from extractor.results.comparison.facets import LayerName
from extractor.results.comparison.rates import Change

Kind = Literal["appeared", "vanished", "changed"]
KINDS: tuple[Kind, ...] = ("changed", "vanished", "appeared")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Side(_Part):
    """One side: its runs and what made them. More than one set-up means that they are not runs of the same."""

    runs: int
    set_ups: list[str]


class Shown(_Part):
    """An item as the first run of a side that has it gives it. A speaker has no passage."""

    id: str
    speaker: str | None
    text: str
    quote: str | None
    start: int | None
    end: int | None


class Answer(_Part):
    """A value of a field, and how many runs of the side give it."""

    value: str
    runs: int


class FieldChange(_Part):
    """A field with another value: the answers of both sides, the most frequent first."""

    field: str
    a: list[Answer]
    b: list[Answer]


class Difference(_Part):
    """One item that differs. `runs_a` and `runs_b` count the runs that have it."""

    layer: LayerName
    kind: Kind
    clear: bool
    runs_a: int
    runs_b: int
    a: Shown | None
    b: Shown | None
    fields: list[FieldChange]


class ArticleComparison(_Part):
    """One article: its differences in the order of layers and text."""

    id: str
    title: str
    published: str | None
    differences: list[Difference]


class LayerTotals(_Part):
    """`items_a` and `items_b` are means over the runs; the others count items, `fields` the changes of each field."""

    items_a: float
    items_b: float
    same: int
    changed: int
    vanished: int
    appeared: int
    fields: dict[str, int]


class Skipped(_Part):
    """An article that was not compared, and why."""

    id: str
    reason: str


class Comparison(_Part):
    """All of it. `changes` is as rates.py says, by layer and field ("claims.kind")."""

    a: Side
    b: Side
    articles: list[ArticleComparison]
    layers: dict[LayerName, LayerTotals]
    changes: dict[str, Change]
    skipped: list[Skipped]
    bootstrap: int
    seed: int

    @property
    def noise_known(self) -> bool:
        """Whether a side has several runs, so that noise can be told."""
        return self.a.runs > 1 or self.b.runs > 1
