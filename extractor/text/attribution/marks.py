"""Quote marks: which pairs stand in a text, how they nest, and where a quotation runs on without a closer.

Marks of one family pair with each other whatever their shape, because printed and scraped news mix them (“…", "…”,
”…“). A mark's role comes from its shape and from the white space around it; apostrophes and inch marks are told apart
by their neighbours. A pair stays within one paragraph. A paragraph that opens a quotation and never closes it is quoted
to its end where the next paragraph opens again (the multi-paragraph convention of The Chicago Manual of Style, 13.32).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

# Each pattern starts with a set of characters, which makes the search for it many times faster than that for a choice.
_DOUBLE = re.compile(
    r"[\"“”„‟«»＂「」『』`'‚‘’&]"
    r"(?:(?<=[\"“”„‟«»＂「」『』])|(?<=`)`|(?<=')'(?!')|(?<=‚)‚|(?<=‘)‘|(?<=’)’|(?<=&)quot;)"
)
_SINGLE = re.compile(r"[‘’'‹›‚](?<!['‘’‚].)(?!['‘’‚])")
_BLANK = re.compile(r"\n[ \t\r\xa0]*\n\s*")
_LINE = re.compile(r"\n\s*")

_OPENERS = frozenset("“„‟«「『‘‹‚") | {"``", "‚‚", "‘‘"}
_CLOSERS = frozenset("”»」』’›") | {"''", "’’"}
_BEFORE_OPENER = frozenset(" \t\n\r\xa0\u2009\u202f([{—–―-/:,;") | _OPENERS | {'"', "'", ""}
_AFTER_CLOSER = frozenset(" \t\n\r\xa0\u2009\u202f)]}—–―-/:,;.?!…") | _CLOSERS | {'"', "'", ""}
_ELISIONS = frozenset(("em", "tis", "twas", "cause", "til", "till", "n", "round", "bout", "cuz"))
_HARD_WRAP = 100  # lines no longer than this, between blank lines, are one paragraph wrapped by hand


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks and what stands between them. `outer_*` includes the marks; `level` is 0 for one inside no other.

    `continued` says that the quotation goes on in the next paragraph; its mark at the end is then missing.
    """

    outer_start: int
    start: int
    end: int
    outer_end: int
    level: int = 0
    continued: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs, without the white space between them.

    Every line is a paragraph, except where blank lines set off blocks of short lines: those were wrapped by hand.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _split(text, 0, len(text), _BLANK):
        block = text[start:end]
        wrapped = "\n" in block and len(block) > 2 * _HARD_WRAP and max(map(len, block.split("\n"))) <= _HARD_WRAP
        if wrapped:
            spans.append((start, end))
        else:
            lines = _split(text, start, end, _LINE)
            spans.extend([(first, first + len(text[first:stop].rstrip())) for first, stop in lines])
    return spans


def _split(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    at = start
    for found in separator.finditer(text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def find_pairs(text: str, spans: list[tuple[int, int]] | None = None) -> list[Pair]:
    """All quotations of the text in order, the outer before the inner. `spans` are its paragraphs, if already known."""
    spans = paragraphs(text) if spans is None else spans
    found: list[Pair] = []
    for index, (start, end) in enumerate(spans):
        doubles, unclosed = _doubles(text, start, end)
        singles = _singles(text, start, end, doubles)
        if unclosed is not None:
            following = spans[index + 1][0] if index + 1 < len(spans) else None
            doubles = _run_on(unclosed, end, doubles, following is not None and _opens(text, following))
        found.extend(_levels(doubles + singles))
    return found


def _opens(text: str, at: int) -> bool:
    mark = _DOUBLE.match(text, at) or _SINGLE.match(text, at)
    return mark is not None and mark.group() not in _CLOSERS


def _doubles(text: str, start: int, end: int) -> tuple[list[Pair], tuple[int, int] | None]:
    """Pairs of double marks within one paragraph, and the first mark (start, end) that none closes."""
    stack: list[tuple[int, int, str]] = []
    pairs: list[Pair] = []
    for mark in _DOUBLE.finditer(text, start, end):
        shape, at, after = mark.group(), mark.start(), mark.end()
        before = text[at - 1] if at > start else ""
        behind = text[after] if after < end else ""
        free_left, free_right = before in _BEFORE_OPENER, behind in _AFTER_CLOSER
        if shape == '"' and before.isdigit() and _is_inch(text, at, start, behind, bool(stack)):
            continue
        if shape in _OPENERS:
            opening = not stack or (free_left and not (free_right and stack[-1][2] in "„‚"))
        elif shape in _CLOSERS:
            opening = not stack and free_left and not free_right
        else:
            opening = free_left and not free_right if stack else free_left or not free_right
        if opening:
            stack.append((at, after, shape))
        elif stack:
            first, inner, _ = stack.pop()
            pairs.append(Pair(first, inner, at, after))
    return pairs, (stack[0][0], stack[0][1]) if stack else None


def _is_inch(text: str, at: int, start: int, behind: str, is_open: bool) -> bool:
    """Whether a straight mark after a digit stands for inches: 6'2", a 12" record."""
    if not is_open:
        return True
    left = at - 1
    while left > start and text[left].isdigit() and at - left < 4:
        left -= 1
    if text[left] in "'’′":
        return behind in " -" and text[at + 2 : at + 3].islower()
    return behind == "-"


def _run_on(mark: tuple[int, int], end: int, pairs: list[Pair], opens_again: bool) -> list[Pair]:
    """The pairs of a paragraph whose quotation has no closer: it runs to the end of the paragraph.

    Where the next paragraph does not open again the closer was forgotten. The quotation is then kept only if no other
    pair stands after it, for it may have ended anywhere.
    """
    first, inner = mark
    later = any(pair.outer_start > first for pair in pairs)
    if inner >= end or (later and not opens_again):
        return pairs
    return [*pairs, Pair(first, inner, end, end, continued=opens_again)]


def _singles(text: str, start: int, end: int, doubles: list[Pair]) -> list[Pair]:
    """Pairs of single marks within one paragraph, each inside or outside of the same double quotation."""
    marks = [(m.start(), m.group()) for m in _SINGLE.finditer(text, start, end)]
    if not marks:
        return []
    around = _enclosing([at for at, _ in marks], doubles)
    closers: dict[int, list[int]] = {}
    sure: dict[int, list[int]] = {}  # those that cannot be the apostrophe of a plural
    for (at, shape), outer in zip(marks, around, strict=True):
        if shape not in _OPENERS and _may_close(text, at, start, end):
            closers.setdefault(outer, []).append(at)
            if text[at - 1] not in "sS":
                sure.setdefault(outer, []).append(at)
    pairs: list[Pair] = []
    busy_until: dict[int, int] = {}
    for (at, shape), outer in zip(marks, around, strict=True):
        if at < busy_until.get(outer, 0) or not _may_open(text, at, shape, start, end):
            continue
        for candidates in (sure.get(outer, []), closers.get(outer, [])):
            index = bisect_left(candidates, at + 2)
            if index < len(candidates):
                pairs.append(Pair(at, at + 1, candidates[index], candidates[index] + 1))
                busy_until[outer] = candidates[index] + 1
                break
    return pairs


def _enclosing(places: list[int], pairs: list[Pair]) -> list[int]:
    """For each place, in order, the start of the innermost pair around it, or -1."""
    waiting = sorted(pairs, key=lambda pair: pair.outer_start, reverse=True)
    around: list[Pair] = []
    found = []
    for place in places:
        while waiting and waiting[-1].outer_start <= place:
            around.append(waiting.pop())
        while around and around[-1].end <= place:
            around.pop()
        found.append(around[-1].outer_start if around else -1)
    return found


def _may_open(text: str, at: int, shape: str, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else ""
    if before not in _BEFORE_OPENER or before == "-" or at + 1 >= end or text[at + 1].isspace():
        return False
    if shape in _OPENERS:
        return True
    if shape == "›" or text[at + 1].isdigit():
        return False  # '90s
    word_end = at + 1
    while word_end < end and word_end < at + 8 and text[word_end].isalpha():
        word_end += 1
    return text[at + 1 : word_end].lower() not in _ELISIONS


def _may_close(text: str, at: int, start: int, end: int) -> bool:
    if at <= start or text[at - 1].isspace():
        return False
    return at + 1 >= end or text[at + 1] in _AFTER_CLOSER


def _levels(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs in order with their depth. A pair that crosses another is left out."""
    open_until: list[int] = []
    for pair in sorted(pairs, key=lambda pair: (pair.outer_start, -pair.outer_end)):
        while open_until and open_until[-1] <= pair.outer_start:
            open_until.pop()
        if pair.end <= pair.start or (open_until and pair.outer_end > open_until[-1]):
            continue
        yield replace(pair, level=len(open_until)) if open_until else pair
        open_until.append(pair.outer_end)
