"""The whole expression: bounds ("by", "after"), windows ("within", "over"), and ranges with a preposition."""

from __future__ import annotations

from collections.abc import Callable

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import counted, numbers, parts, periods, ranges, relative
from extractor.text.dates.nodes import Approximately, Bound, Node, Point, Range, Window
from extractor.text.dates.tokens import Cursor

MAX_PREFIXES = 4  # "by no later than around the …"
_IN = {"in": v.BOUNDS["in"]}
_ENDED = frozenset({*v.ENDINGS, ",", "fiscal", "financial"})


def expression(c: Cursor) -> Node | None:
    """The longest date expression at the cursor, with its prepositions."""
    start = c.i
    node = _bounded(c)
    if node is None:
        c.i = start
        return None
    return _ended(c, node) if c.i < c.size else node


def _bounded(c: Cursor) -> Node | None:
    start = c.i
    # "Beginning of May", "a couple of", "up to three" and their like begin as a bound does, but are none.
    word = c.words[start]
    if word in periods.HEADS or word.isdecimal():
        plain = ranges.ranged(c)
        if plain is not None:
            return plain
        c.i = start
    if c.prefixes >= MAX_PREFIXES:
        return None
    kind = c.phrase(v.BOUNDS)
    node: Node | None = None
    if kind is not None:
        c.prefixes += 1
        node = _KINDS[kind](c)
        c.prefixes -= 1
    if node is None:
        c.i = start
        node = periods.behind_clock(c) if c.prefixes == 0 else None
    return node


def _approximate(c: Cursor) -> Node | None:
    node = _bounded(c)
    return None if node is None else Approximately(node)


def _operand(c: Cursor) -> Node | None:
    """What a bound is about: a period or range, perhaps with a preposition of its own, or a point ("in two weeks")."""
    start = c.i
    if c.words[c.i] == "in" and c.phrase(_IN) == "in":
        found = counted.in_amount(c) or periods.period(c)
        if found is not None:
            return found
        c.i = start
    for _ in range(3):
        found = periods.period(c)
        if found is not None:
            return found
        mark = c.i
        kind = c.phrase(v.BOUNDS)
        if kind not in ("plain", "approximate"):
            c.i = mark
            break
    c.i = start
    return None


def _bound(kind: str) -> Callable[[Cursor], Node | None]:
    def read(c: Cursor) -> Node | None:
        operand = _operand(c)
        return None if operand is None else Bound(kind, operand)

    return read


def _from(c: Cursor) -> Node | None:
    if (node := ranges.plain(c)) is not None:
        return node
    first = _operand(c)
    if first is None:
        return None
    mark = c.i
    if c.skip(*ranges.TO):
        if c.words[c.i - 1] == "up":
            c.skip("to", "until")
        last = _operand(c)
        if last is not None:
            return Range(first, last)
    c.i = mark
    if (window := parts.window_from(c, first)) is not None:
        return window
    return Bound("from", first)


def _between(c: Cursor) -> Node | None:
    if (node := ranges.plain(c)) is not None:
        return node
    first = _operand(c)
    if first is not None and c.skip("and", "&", *ranges.TO):
        last = _operand(c)
        if last is not None:
            return Range(first, last)
    return None


def _running(c: Cursor) -> Window | None:
    """The stretch of "within the next year", which starts at publication."""
    start = c.i
    window = relative.related(c, window=True)
    if isinstance(window, Window):
        return window
    c.i = start
    return None


def _within(c: Cursor) -> Node | None:
    if (window := _running(c)) is not None:
        return window
    if (found := numbers.amounts(c)) is not None:
        base = None
        if c.skip("of", "from", "after", "following"):
            base = periods.period(c)
            if base is None:
                return None
            if isinstance(base, nodes.NearDay) and base.days == 0:
                base = None
        return Window(found[1], 1, base)
    return _bounded(c)


def _span(c: Cursor) -> Node | None:
    start = c.i
    if (window := _running(c)) is not None:
        return window
    if (found := numbers.amounts(c)) is not None:
        mark = c.i
        c.skip(",")
        if c.skip("from", "starting", "beginning", "commencing", "after", "following"):
            c.skip("from", "on", "in", "with")
            base = periods.period(c)
            if base is not None:
                return Window(found[1], 1, base)
            c.i = start
            return None
        c.i = mark
        if c.words[c.i] not in ("ago", "later", "earlier", "before"):
            return Window(found[1], 1)
    c.i = start
    return _bounded(c)


def _in(c: Cursor) -> Node | None:
    start = c.i
    if (window := _running(c)) is not None:
        return window
    if (point := counted.in_amount(c)) is not None:
        mark = c.i
        c.skip(",")
        c.skip("on")
        weekday = v.WEEKDAYS.get(c.words[c.i])
        if weekday is not None and isinstance(point, Point):
            c.i += 1
            return nodes.WeekdayNear(weekday, point)
        c.i = mark
        return point
    c.i = start
    return _bounded(c)


_KINDS = {
    "plain": _bounded,
    "approximate": _approximate,
    "by": _bound("by"),
    "before": _bound("before"),
    "until": _bound("until"),
    "since": _bound("since"),
    "after": _bound("after"),
    "from": _from,
    "between": _between,
    "within": _within,
    "span": _span,
    "in": _in,
}


def _ended(c: Cursor, node: Node) -> Node:
    """The expression with "onwards", "or later", "at the latest", "or so"."""
    if isinstance(node, Range):
        c.skip("period")
    if c.words[c.i] not in _ENDED:
        return node
    if c.skip("fiscal", "financial"):
        if not c.skip("year"):
            c.i -= 1
        elif isinstance(node, Range) or (isinstance(node, nodes.Fixed) and node.kind == "year"):
            return Approximately(node)
    mark = c.i
    c.skip(",")
    ending = c.phrase(v.ENDINGS)
    if ending == "from" and c.words[c.i - 1] == "on" and not (isinstance(node, Bound) and node.kind == "from"):
        ending = None
    if ending is None or (isinstance(node, Bound) and ending == "by"):
        if ending is None:
            c.i = mark
        return node
    if ending == "approximate":
        return Approximately(node)
    if isinstance(node, (Bound, Window)):
        return node
    return Bound(ending, node)
