"""Where a quote stands in an article.

A model copies a passage, and copies it almost: it straightens quote marks, closes a sentence, leaves words out with an
ellipsis. A quote is looked for as it stands (`exact`), then in a form that knows no marks, spaces and case
(`normalized`), then with words left out or a few characters changed (`fuzzy`). Whatever was found is a passage of the
original text, given by its offsets; what is not exact is checked for changed numbers, dates and negations, which no
score of similarity shows.

It does not find paraphrases, and it never puts a passage together from several places, but for what stands between the
segments of an elided quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from extractor.schema.record import Match, Quote
from extractor.text.matching.approximate import SHORTEST, Hit
from extractor.text.matching.boundaries import severs, severs_number
from extractor.text.matching.elided import elided, segments_of
from extractor.text.matching.guard import difference
from extractor.text.matching.normalizing import Verbatim, normalize
from extractor.text.matching.passages import EDGE_MARKS, Passages

NOT_FOUND = "quote not found in the article"
NO_WORDS = "the quote holds no words"
TOO_LONG = "the quote is longer than the article"

CONTEXT = 32  # characters of prefix and suffix

_WORDS = re.compile("[^\\W_]|[\u2600-\u275a\U0001f000-\U0001faff]")  # letters, digits, emoji
_OPENED = re.compile(r"[ (]'\w[^']*$")
_BRACKETS = str.maketrans("", "", "[]")
_NEARBY = 2000  # characters on both sides of `near` that are searched before the rest
_MOST_CANDIDATES = 64  # fuzzy passages that are checked for numbers and negations before giving up


class Placed(NamedTuple):
    """A passage `text[start:end]` (code points, end exclusive); `score` is 100, or 90 and more where letters differ."""

    start: int
    end: int
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """No passage was found, with the reason for a person to read."""

    reason: str


class _Scope(NamedTuple):
    """Where to look: the offsets from `low` to `high`; of several passages, the one that starts nearest to `near`."""

    low: int
    high: int
    near: int | None

    def distance(self, start: int) -> int:
        return start if self.near is None else abs(start - self.near)


class GroundedText:
    """A text in which many quotes are looked for; normalised once, for the first that does not stand verbatim."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._exact = Passages(text, Verbatim(text))

    @cached_property
    def _normalized(self) -> Passages:
        return Passages(self.text, normalize(self.text))

    def place(
        self, quote: str, *, near: int | None = None, within: tuple[int, int] | None = None
    ) -> Placed | NotPlaced:
        """The passage that the quote copies, or why there is none.

        Of several, the one whose start is nearest to the offset `near`, else the first. `within` limits the search to a
        range of offsets. Passages begin and end at whole words where the script has spaces.
        """
        if not _WORDS.search(quote):
            return NotPlaced(NO_WORDS)
        low, high = within or (0, len(self.text))
        scope = _Scope(max(0, low), max(0, min(high, len(self.text))), near)
        if found := self._at_once(quote, scope) or self._find(self._exact, quote, scope):
            return Placed(*found, "exact", 100.0)
        if len(quote) > 4 * len(self.text) + 64:  # so that a huge quote costs nothing
            return NotPlaced(TOO_LONG)
        refused: str | None = None
        for placed, told in self._candidates(quote, scope):
            refusal = difference(quote, self.text[placed.start : placed.end], self.text, told=told)
            if refusal is None:
                return placed
            refused = refused or refusal
        return NotPlaced(refused or (TOO_LONG if len(quote) > len(self.text) else NOT_FOUND))

    def quote(self, placed: Placed) -> Quote:
        """The passage as a record publishes it, with its surroundings."""
        start, end = placed.start, placed.end
        return Quote(
            exact=self.text[start:end],
            prefix=self.text[max(0, start - CONTEXT) : start],
            suffix=self.text[end : end + CONTEXT],
            start=start,
            end=end,
            match=placed.match,
        )

    def _candidates(self, quote: str, scope: _Scope) -> Iterator[tuple[Placed, str | None]]:
        """Passages that are not exact, the most faithful first; beside those of elided quotes, what they tell."""
        whole = normalize(quote).text.strip()
        inner = whole.strip("' ")
        core = inner.strip(EDGE_MARKS)
        plain = core.translate(_BRACKETS)
        # “X.” for “X”. - a quotation that was opened inside of the passage is closed inside of it.
        closed = core + "'" if _OPENED.search(core) and "'" in whole[whole.rfind(core) + len(core) :] else core
        for form in dict.fromkeys((whole, inner, closed, core, plain)):
            if form and (found := self._find(self._normalized, form, scope)):
                yield Placed(*found, "normalized", 100.0), None
        low, high = self._normalized.form.positions(scope.low, scope.high)
        segments = segments_of(inner)
        if len(segments) > 1 and sum(map(len, segments)) >= SHORTEST:
            hulls = list(elided(self._normalized, segments, low, high))
            for hull, told in sorted(hulls, key=lambda found: self._rank(found.hit, scope)):
                yield self._fuzzy(hull), told
        near = 0 if scope.near is None else self._normalized.form.positions(scope.near, scope.near)[0]
        close = list(self._normalized.close_to(plain, low, high, near))
        for hit in islice(sorted(close, key=lambda hit: self._rank(hit, scope)), _MOST_CANDIDATES):
            yield self._fuzzy(hit), None

    def _fuzzy(self, hit: Hit) -> Placed:
        return Placed(*self._normalized.offsets(hit.start, hit.end), "fuzzy", hit.score)

    def _rank(self, hit: Hit, scope: _Scope) -> tuple[float, int]:
        return -hit.score, scope.distance(self._normalized.offsets(hit.start, hit.end)[0])

    def _at_once(self, quote: str, scope: _Scope) -> tuple[int, int] | None:
        """Offsets of the verbatim quote that starts nearest, if it cuts nothing: the best there is, found at once.

        None says nothing about the rest.
        """
        near = scope.low if scope.near is None else max(0, scope.near)
        size, text = len(quote), self.text
        last = scope.high if scope.near is None else min(scope.high, near + _NEARBY + size)
        at = text.find(quote, max(scope.low, near), last)
        before = text.rfind(quote, max(scope.low, near - _NEARBY), min(scope.high, near + size - 1))
        if before >= 0 and (at < 0 or near - before <= at - near):
            at = before
        if at < 0 or severs(text, at) or severs(text, at + size) or self._severs_number((at, at + size)):
            return None
        return at, at + size

    def _find(self, passages: Passages, wanted: str, scope: _Scope) -> tuple[int, int] | None:
        """Offsets of the best occurrence of `wanted`."""
        if scope.near is not None:
            low = max(scope.low, scope.near - _NEARBY)
            high = max(0, min(scope.high, scope.near + _NEARBY + 2 * len(wanted)))
            best = self._best(passages, wanted, _Scope(low, high, scope.near))
            if best is not None and not self._severs_number(best) and scope.distance(best[0]) <= _NEARBY:
                return best
        return self._best(passages, wanted, scope)

    def _best(self, passages: Passages, wanted: str, scope: _Scope) -> tuple[int, int] | None:
        """Offsets of the occurrence that cuts no number, then the nearest, then the first."""
        best: tuple[int, int] | None = None
        best_rank = (True, 0)
        for hit in passages.occurrences(wanted, *passages.form.positions(scope.low, scope.high)):
            span = passages.offsets(hit.start, hit.end)
            rank = (self._severs_number(span), scope.distance(span[0]))
            if best is None or rank < best_rank:
                best, best_rank = span, rank
            if not best_rank[0] and (scope.near is None or span[0] >= scope.near):
                break  # what follows is further away
        return best

    def _severs_number(self, span: tuple[int, int]) -> bool:
        return severs_number(self.text, span[0]) or severs_number(self.text, span[1])
