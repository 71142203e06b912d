"""Text in the form in which it is compared, with the way back to where each character stands.

Two texts have the same form where they differ only in quote marks, dashes, spaces, ellipses, case, soft hyphens and
other invisible characters, or in what Unicode calls a compatible spelling (NFKC_Casefold, Unicode Standard, section
3.13: composed or decomposed accents, ligatures, full-width letters). The form is for comparing, never for publishing.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from functools import lru_cache

from extractor.text.matching.boundaries import attaches, invisible

_QUOTES = frozenset("'\"`´‘’‚‛“”„‟‹›«»′″‴‵‶‷ʹʺʻʼʽ＂＇「」『』〈〉《》〝〞〟❛❜❝❞﹁﹂﹃﹄｢｣׳״")
_OTHER_DASHES = frozenset("\u2212\u2043\u02d7")
_NO_DASHES = frozenset("\u301c\u3030")  # wave dashes: category Pd, but read as "to" or as a tilde
_ELLIPSES = frozenset("…‥⋯")

# What the folding table puts in the place of a character that the second step has to look at.
_DROPPED, _MARK, _GROWS = "\x00", "\x01", "\x02"

_IRREGULAR = re.compile(
    r"(?P<sequence>[^\x00\x01\ ]\x01{1,30}|\x01{1,30}|\x02)"  # as short as in Unicode's stream-safe format
    r"|(?P<dash>\ [\ \x00]*+-[-\ \x00]*+|-[-\ \x00]++)"
    r"|(?P<space>\ [\ \x00]++)"
    r"|(?P<quote>'['\x00]++)"
    r"|(?P<ellipsis>[.…](?:\ ?[.…])++)"
    r"|(?P<dropped>\x00++)"
)
_PLAIN = {"dash": "-", "space": " ", "quote": "'", "ellipsis": "…", "dropped": ""}


def _plain(char: str) -> str | None:
    """The one form of quote marks, dashes, spaces and invisible characters; None for all others."""
    if char in _QUOTES:
        return "'"
    if char.isspace():
        return " "
    if invisible(char):
        return _DROPPED
    if char in _OTHER_DASHES or (unicodedata.category(char) == "Pd" and char not in _NO_DASHES):
        return "-"
    return None


@lru_cache(maxsize=1 << 16)
def _casefold(sequence: str) -> str:
    """NFKC_Casefold of one character with its marks."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", sequence).casefold())
    folded = unicodedata.normalize("NFKC", once.casefold())
    return "".join(_plain(char) or char for char in folded if not _is_selector(char)).replace(_DROPPED, "")


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char in "\u034f\u180b\u180c\u180d"


class _Table(dict[int, str]):
    """A translation table that works out a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        self[code] = found = self._work_out(chr(code))
        return found

    def _work_out(self, char: str) -> str:
        plain = _plain(char)
        if plain is not None:
            return plain
        if attaches(char):
            return _MARK
        if char in _ELLIPSES:
            return "…"
        folded = _casefold(char)
        return folded if len(folded) == 1 else _GROWS if folded else _DROPPED


class _PlainTable(dict[int, str]):
    """Quote marks, dashes and spaces in their one form, invisible characters left out, all else as it is."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        self[code] = found = chr(code) if plain is None else plain.replace(_DROPPED, "")
        return found


_FOLD = _Table()
_FOLD_MARKS = _PlainTable()


def plain_marks(text: str) -> str:
    """The text with quote marks, dashes and spaces each in one form and without invisible characters; case is kept."""
    return text.translate(_FOLD_MARKS)


class Normalized:
    """A text in its form for comparing. Positions are into `text`, offsets into the original.

    Only the units where the two run differently are kept: unit i is `text[at[i]:to[i]]`, `original[start[i]:end[i]]`.
    """

    __slots__ = ("_at", "_end", "_start", "_to", "text")

    def __init__(self, text: str, at: array[int], to: array[int], start: array[int], end: array[int]) -> None:
        self.text, self._at, self._to, self._start, self._end = text, at, to, start, end

    def start(self, position: int) -> int | None:
        """Offset where the character at `position` begins; None inside of what one original character became."""
        unit = bisect_right(self._at, position) - 1
        if unit < 0:
            return position
        if position >= self._to[unit]:
            return self._end[unit] + position - self._to[unit]
        return self._start[unit] if position == self._at[unit] else None

    def end(self, position: int) -> int | None:
        """Offset behind the character before `position`; None inside of what one original character became."""
        unit = bisect_right(self._at, position - 1) - 1
        if unit < 0:
            return position
        if position > self._to[unit]:
            return self._end[unit] + position - self._to[unit]
        return self._end[unit] if position == self._to[unit] else None

    def positions(self, low: int, high: int) -> tuple[int, int]:
        """The range of positions whose characters stand entirely between the offsets `low` and `high`."""
        first, last = self._before(low), self._before(high)
        return self._position(first, low, self._to), self._position(last, high, self._at)

    def _before(self, offset: int) -> int:
        """The last unit that ends at or before the offset; -1 if there is none."""
        return bisect_right(self._end, offset) - 1

    def _position(self, unit: int, offset: int, inside: array[int]) -> int:
        """Position of an offset at or behind a unit, or that of `inside` where the next unit spans the offset."""
        if unit + 1 < len(self._start) and self._start[unit + 1] < offset:
            return inside[unit + 1]
        return offset if unit < 0 else self._to[unit] + offset - self._end[unit]


class Verbatim(Normalized):
    """The text as it is: a position is an offset, without looking anything up."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        super().__init__(text, array("q"), array("q"), array("q"), array("q"))

    def start(self, position: int) -> int:
        return position

    def end(self, position: int) -> int:
        return position

    def positions(self, low: int, high: int) -> tuple[int, int]:
        return low, high


def normalize(text: str) -> Normalized:
    """The form of `text` for comparing, in time linear in its length."""
    folded = text.translate(_FOLD)  # one character for one: positions are still offsets here
    at, to, start, end = array("q"), array("q"), array("q"), array("q")
    parts: list[str] = []
    done = length = 0
    for unit in _IRREGULAR.finditer(folded):
        first, last = unit.span()
        form = _casefold(text[first:last]) if unit.lastgroup == "sequence" else _PLAIN[str(unit.lastgroup)]
        parts += (folded[done:first], form)
        length += first - done
        at.append(length)
        length += len(form)
        to.append(length)
        start.append(first)
        end.append(last)
        done = last
    parts.append(folded[done:])
    return Normalized("".join(parts), at, to, start, end)
