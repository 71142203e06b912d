"""Two periods or more: "X to Y", "X–Y", "X or Y", "X, Y and Z", "X for ten days"."""

from __future__ import annotations

from extractor.text.dates import nodes
from extractor.text.dates.grammar import parts, periods
from extractor.text.dates.nodes import Bound, Either, Node, Range
from extractor.text.dates.tokens import Cursor

TO = ("to", "through", "thru", "until", "till", "til", "up", "-", "–", "~", "/")
_JOINTS = frozenset({*TO, ",", "for", "or", "and", "&"})  # what may stand between two periods


def ranged(c: Cursor) -> Node | None:
    """A period, or two with "to", a dash, "or", "and" between them."""
    first = periods.period(c)
    if first is None or (c.words[c.i] not in _JOINTS and c.words[c.i - 1] != ","):
        return first
    mark = c.i
    if (window := parts.window_from(c, first)) is not None:
        return window
    c.i = mark
    c.skip(",")
    if c.skip(*TO):
        c.skip("-")
        if c.words[c.i - 1] == "up":
            c.skip("to", "until")
        c.skip("in", "on")
        last = periods.period(c)
        if last is not None:
            return Range(first, last)
    elif (c.skip("or", "and", "&") or _listed(c)) and not isinstance(first, Bound):
        c.skip("in", "on", "by", "perhaps", "possibly", "probably", "maybe")
        last = periods.period(c)
        if last is not None:
            return Either(first, last)
    c.i = mark
    return first


def plain(c: Cursor) -> Node | None:
    """A range that is one without its preposition too: "2026-27", "10-12 September"."""
    start = c.i
    node = ranged(c)
    if isinstance(node, Range) or (isinstance(node, nodes.Of) and isinstance(node.part, Range)):
        return node
    c.i = start
    return None


def _listed(c: Cursor) -> bool:
    """Step over the middle of "2026, 2027 and 2028", behind the first comma."""
    if c.words[c.i - 1] != ",":
        return False
    for _ in range(6):
        if periods.period(c) is None:
            return False
        comma = c.skip(",")
        if c.skip("or", "and", "&"):
            return True
        if not comma:
            return False
    return False
