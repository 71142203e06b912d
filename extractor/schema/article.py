"""The input: one news article as text."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

DateBasis = Literal["stated", "dateline"]


class Article(BaseModel):
    """One article as a reader found it.

    `text` is the body without its metadata head; all offsets in a record are Unicode code points into it.
    `published` anchors relative dates; `published_basis` is `dateline` where it had to be taken from the
    text's own dateline, and None where no date is known. `source` says where it was read: a path, with
    `:LINE` for files that hold many articles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    source: str | None = None
    title: str | None = None
    published: dt.date | None = None
    published_basis: DateBasis | None = None
    language: str | None = None

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the text in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
