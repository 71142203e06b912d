"""An expression and a publication date in, the days it can mean out."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from extractor.text.dates import edtf
from extractor.text.dates.calendar import Undated
from extractor.text.dates.grammar.bounds import expression as read_expression
from extractor.text.dates.model import Resolved, Tense
from extractor.text.dates.nodes import Context, Node
from extractor.text.dates.tokens import tokenize

_MAX_TOKENS = 40  # no date expression is longer
_CLOSERS = (".", ",", ";", "!", "?", ")", '"', "'", "’", "”", "'s")


def resolve(
    expression: str, published: date | None, *, tense: Tense = "future", anchor: date | None = None
) -> Resolved | None:
    """The days that `expression` can mean in an article published on `published`; None where it gives none.

    `tense` says which way a bare "Thursday" or "March" looks: "future" for plans, "past" for reports. `anchor` is the
    day that "the same day", "that month" or "two days later" count from, where the caller knows it. Without `published`
    only absolute dates resolve.
    """
    return _resolved(expression, published, tense, anchor)


@lru_cache(maxsize=512)  # an article is asked the same more than once: for its plans, its audit, its claims
def _resolved(expression: str, published: date | None, tense: Tense, anchor: date | None) -> Resolved | None:
    node = parse(expression)
    if node is None:
        return None
    try:
        span = node.span(Context(published, tense, anchor))
        written = edtf.write(span)
    except (Undated, ValueError, OverflowError):
        return None
    if written is None:
        return None
    return Resolved(written, span.first, span.last, span.unit, node.name)


@lru_cache(maxsize=4096)
def parse(expression: str) -> Node | None:
    """The meaning of an expression, or None where the grammar does not read all of it."""
    cursor = tokenize(expression)
    if not 0 < cursor.size <= _MAX_TOKENS:
        return None
    while cursor.words[cursor.i] in ("(", '"', "“"):
        cursor.i += 1
    try:
        node = read_expression(cursor)
    except (Undated, ValueError, OverflowError):
        return None
    while cursor.i < cursor.size and cursor.words[cursor.i] in _CLOSERS:
        cursor.i += 1
    return node if cursor.i >= cursor.size else None
