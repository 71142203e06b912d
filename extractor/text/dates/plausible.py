"""Whether words that the grammar can read as a date are one: "May", "the fall" and "2000 copies" mostly are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.tokens import Cursor

_LISTS = v.FINDER
_RECURRING = _LISTS["recurring"]
_CAPITALISED = frozenset({*v.MONTHS, *v.ABBREVIATED})
_CURRENCIES = frozenset("$€£¥#")
_BEFORE_FIGURES = _CURRENCIES | {"no", ",", ".", "-", "/", ":"}


@dataclass(slots=True)
class Candidate:
    """The tokens first:stop of a running text and how the grammar reads them; `spelled` are all tokens as written."""

    c: Cursor
    spelled: list[str]
    first: int
    stop: int
    node: nodes.Node

    @property
    def before(self) -> str:
        """The word before the expression, empty at the beginning of the text."""
        return self.c.words[self.first - 1] if self.first else ""

    @property
    def after(self) -> str:
        return self.c.words[self.stop] if self.stop < self.c.size else ""

    @property
    def opener(self) -> str:
        """The first word of the expression."""
        return self.c.words[self.first]

    @property
    def last(self) -> str:
        return self.c.words[self.stop - 1]

    @property
    def size(self) -> int:
        return self.stop - self.first

    @property
    def core(self) -> nodes.Node:
        """What is left without "by", "about" and the like."""
        node = self.node
        while isinstance(node, (nodes.Bound, nodes.Approximately)):
            node = node.base
        return node


def is_plausible(one: Candidate) -> bool:
    """Whether the words of a candidate are more likely a date than anything else."""
    core = one.core
    if _recurs(one) or _is_article_of_noun(one, core) or not _is_capitalised(one):
        return False
    if one.opener == "following" and one.after == "'s":
        return False
    check = _CHECKS.get(type(core))
    return check is None or check(one, core)


def _recurs(one: Candidate) -> bool:
    """ "Every Friday", "each of the weeks"."""
    before, first = one.before, one.first
    if before == "the" and first >= 2:
        before = one.c.words[first - 2]
    return before in _RECURRING


def _is_capitalised(one: Candidate) -> bool:
    words, spelled = one.c.words, one.spelled
    for at in range(one.first, one.stop):  # noqa: SIM110 - `all` takes twice as long, and every date comes by here
        if words[at] in _CAPITALISED and not spelled[at][0].isupper():
            return False
    return True


def _is_article_of_noun(one: Candidate, core: nodes.Node) -> bool:
    """ "The 2011 version": tried again without the article."""
    if one.opener != "the":
        return False
    second = one.c.words[one.first + 1]
    return second in v.MONTHS or second in v.WEEKDAYS or _is_year(core)


def _is_year(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Fixed) and node.kind == "year"


def _month(one: Candidate, _: nodes.Node) -> bool:
    if one.size > 1 and one.opener in v.BOUNDS:
        # "by May Smith", "for June Carter": a name goes on
        name_goes_on = one.after.isalpha() and one.spelled[one.stop][0].isupper()
        return not (name_goes_on and one.last in _LISTS["ambiguous_months"])
    return one.last not in _LISTS["ambiguous_months"] and one.spelled[one.first][0].isupper()


def _weekday(one: Candidate, _: nodes.Node) -> bool:
    if one.last in v.ABBREVIATED or (one.last == "." and one.c.words[one.stop - 2] in v.ABBREVIATED):
        return False
    return not (one.after in _LISTS["after_weekday"] and one.spelled[one.stop][0].isupper())


def _fixed(one: Candidate, core: nodes.Node) -> bool:
    """A year that counts nothing and is no part of a longer number."""
    c, stop, before, after = one.c, one.stop, one.before, one.after
    if not _is_year(core):
        return True
    if not one.last.isdecimal() and one.last != "on" and one.size < 2:
        return False
    if after in _LISTS["counted"] or after in ("%", "$", "€", "°"):
        return False
    if after in (",", ".", ":", "-", "/") and c.glued(stop) and c.words[stop + 1].isdecimal() and c.glued(stop + 1):
        return False
    return before not in _BEFORE_FIGURES or not (before in _CURRENCIES or c.glued(one.first))


def _decade(one: Candidate, _: nodes.Node) -> bool:
    return one.before not in _LISTS["ages"] and (one.size > 1 or one.opener.isdecimal() or one.before == "the")


def _monthly_day(one: Candidate, _: nodes.Node) -> bool:
    numbered = any(word.isdecimal() for word in one.c.words[one.first : one.stop])
    return one.size > 2 and one.opener in v.BOUNDS and numbered


def _month_day(one: Candidate, _: nodes.Node) -> bool:
    return not (one.opener.isdecimal() and one.c.words[one.first + 1] in ("/", ".", "-"))  # "9/11"


def _season(one: Candidate, _: nodes.Node) -> bool:
    verb = one.last == "fall" and one.c.words[one.stop - 2] != "the" and one.size < 3
    return one.opener in v.BOUNDS and one.after != "of" and not verb


def _year_part(one: Candidate, core: nodes.Node) -> bool:
    return isinstance(core, nodes.YearPart) and core.unit == "quarter" and one.opener in v.BOUNDS


def _unit_shift(one: Candidate, core: nodes.Node) -> bool:
    if one.last in v.UNITS and (one.size == 1 or (one.size == 2 and one.opener == "the")):
        return False
    if isinstance(one.node, nodes.Bound):
        return True
    about_this = isinstance(core, nodes.UnitShift) and core.steps == 0 and core is not one.node
    return about_this or one.c.words[one.stop - 2] != "the"


def _weekend(one: Candidate, _: nodes.Node) -> bool:
    return one.opener in v.BOUNDS or one.opener == "this"


def _near_day(one: Candidate, _: nodes.Node) -> bool:
    return one.last not in ("now", "present") or isinstance(one.node, nodes.Bound)


def _holiday(one: Candidate, _: nodes.Node) -> bool:
    spelled = one.spelled
    return spelled[one.stop - 1][0].isupper() or spelled[one.first][0].isupper() or one.size > 2


def _span(one: Candidate, core: nodes.Node) -> bool:
    """ "The second time in a year" is no point in time."""
    counted = isinstance(core, (nodes.Point, nodes.Window)) and core.base is None and one.opener == "in"
    return not (counted and one.before in _LISTS["before_span"])


def _range(_: Candidate, core: nodes.Node) -> bool:
    return not (isinstance(core, nodes.Range) and isinstance(core.first, nodes.MonthlyDay))


_CHECKS: dict[type[nodes.Node], Callable[[Candidate, nodes.Node], bool]] = {
    nodes.Month: _month,
    nodes.Weekday: _weekday,
    nodes.Fixed: _fixed,
    nodes.ShortDecade: _decade,
    nodes.MonthlyDay: _monthly_day,
    nodes.MonthDay: _month_day,
    nodes.Season: _season,
    nodes.YearPart: _year_part,
    nodes.UnitShift: _unit_shift,
    nodes.Weekend: _weekend,
    nodes.NearDay: _near_day,
    nodes.Holiday: _holiday,
    nodes.Point: _span,
    nodes.Window: _span,
    nodes.Range: _range,
    nodes.Either: _range,
}
