"""One stretch of calendar time, with the whole that it is part of: "Tuesday of next week", "October 2014", "next year's first quarter"."""

from __future__ import annotations

from extractor.text.dates import holidays, nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import absolute, clock, numbers, parts, relative
from extractor.text.dates.nodes import Fixed, Node, Of, UnitShift, Weekday
from extractor.text.dates.tokens import Cursor

MAX_DEPTH = 6  # nesting such as "the first day of the last week of the second month of …" ends here
_SHORT = 8  # so few tokens are read again sooner than looked up
_WHOLES = (UnitShift, nodes.AnchoredUnit)
_PARTS = (
    nodes.Month,
    nodes.MonthDay,
    nodes.MonthlyDay,
    nodes.Season,
    nodes.YearPart,
    nodes.Weekday,
    nodes.Weekend,
    nodes.WeekNumber,
    nodes.Holiday,
    nodes.Range,
    nodes.Third,
)


def period(c: Cursor, clocked: bool = False) -> Node | None:
    """The period at the cursor; behind a time of day where `clocked` ("9 am on Tuesday")."""
    if c.depth >= MAX_DEPTH:
        return None
    start = c.i
    long = c.size > _SHORT
    if long:
        key = (start * MAX_DEPTH + c.depth) * 2 + clocked
        known = c.memo.get(key)
        if known is not None:
            c.i = known[1]
            return known[0]
    c.depth += 1
    if clocked and clock.skip_clock(c, sure=True):
        c.skip("on", "of", ",")
    node = _head(c)
    if node is None or (clocked and isinstance(node, (UnitShift, nodes.AnchoredUnit, Fixed))):
        node = None
        c.i = start
    elif c.i < c.size:
        node = _extended(c, node)
        clock.skip_clock(c)
    c.depth -= 1
    if long:
        c.memo[key] = (node, c.i)
    return node


def _head(c: Cursor) -> Node | None:
    word = c.words[c.i]
    if not word:
        return None
    start = c.i
    if word[0].isdecimal():
        for read in _YEAR_LED if len(word) > 2 else _RANK_LED if c.words[c.i + 1] in numbers.SUFFIXES else _NUMBER_LED:
            node = read(c)
            if node is not None:
                return node
            c.i = start
        return None
    for read in _WORD_LED.get(word, ()):
        node = read(c)
        if node is not None:
            return node
        c.i = start
    if word in ("the", "a", "an", "this", "next", "last") or word in holidays.FIRST_WORDS:
        node = holidays.named(c)
        if node is not None:
            return node
        c.i = start
    if word == "the":
        if c.words[c.i + 1] in ("year", "calendar"):
            c.i += 1
            node = absolute.year(c)
            if node is not None:
                return node
            c.i = start
        for read in (
            relative.near_day,
            parts.ranked,
            relative.related,
            parts.third,
            parts.unit_of,
            relative.definite_unit,
            absolute.day_led,
            absolute.century,
        ):
            node = read(c)
            if node is not None:
                return node
            c.i = start
        c.i += 1
        if c.words[c.i] != "the":
            node = _head(c)
            if node is not None and not isinstance(node, (nodes.Point,)):
                return node
        c.i = start
    return None


def recurring_head(c: Cursor) -> Node | None:
    """What "next", "this" and "last" can choose an instance of: a weekday, month, day of a month, season, holiday, quarter."""
    word = c.words[c.i]
    start = c.i
    node: Node | None = None
    if word in v.WEEKDAYS:
        node = parts.weekday_led(c)
    elif word in v.MONTHS:
        node = absolute.month_led(c)
    elif word in v.SEASONS:
        node = absolute.season(c)
    elif word in holidays.FIRST_WORDS:
        node = holidays.named(c)
    if node is None and word:
        c.i = start
        node = absolute.day_led(c)
    if node is None:
        c.i = start
        node = parts.ranked(c)
        if not isinstance(node, nodes.YearPart):
            node = None
    if node is None:
        c.i = start
    return node


def day_of_month(c: Cursor) -> Node | None:
    """The date behind a weekday: "July 18", "18 July 2025", "the 18th", "18", "7/18"."""
    start = c.i
    for read in (absolute.numeric, absolute.year_led, absolute.day_led, absolute.month_led):
        node = read(c)
        if isinstance(node, Of) and isinstance(node.part, (nodes.MonthDay, nodes.Range)):
            return node
        if isinstance(node, (nodes.MonthDay, nodes.MonthlyDay)) or (isinstance(node, nodes.Range)):
            return node
        c.i = start
    word = c.words[c.i]
    if (
        word.isdecimal()
        and len(word) <= 2
        and 1 <= int(word) <= 31
        and not (
            c.words[c.i + 1] in (":", "am", "pm", "-", "–", "to", "a", "p", "o", "h") or c.words[c.i + 1] in v.UNITS
        )
    ):
        c.i += 1
        return nodes.MonthlyDay(int(word))
    return None


def month_near(c: Cursor, index: int) -> bool:
    """Whether a month stands at token `index` or behind an "of" or a sign there."""
    return (
        c.words[index] in v.MONTHS
        or c.words[index] in ("/", "-", ".")
        or (c.words[index] == "of" and c.words[index + 1] in v.MONTHS)
    )


def counted_point(c: Cursor) -> nodes.Point | None:
    """ "Two weeks from now", as it stands behind a weekday."""
    start = c.i
    node = relative.counted(c)
    if isinstance(node, nodes.Point) and not node.anchored:
        return node
    c.i = start
    return None


def adjacent_whole(c: Cursor) -> Node | None:
    """A whole that follows with no "of": "2026", "next year", "this month", "last week"."""
    start = c.i
    node = absolute.year(c)
    if node is not None:
        return node
    c.skip("of", "in", "during", "on", ",")
    if c.words[c.i] in ("next", "this", "last", "the", "following", "coming", "that", "current", "same", "previous"):
        node = relative.related(c) or relative.definite_unit(c)
        if isinstance(node, _WHOLES):
            return node
    c.i = start
    return None


def _whole_of(c: Cursor, node: Node) -> Node | None:
    start = c.i
    linked = c.skip("of", "in", ",")
    whole = adjacent_whole(c)
    if whole is not None:
        c.skip("'s")
        return whole
    if (
        linked
        and c.words[start] in ("of",)
        and isinstance(node, (nodes.MonthlyDay, nodes.Weekday, nodes.YearPart, nodes.Third))
    ):
        whole = period(c)
        if whole is not None:
            return whole
    c.i = start
    return None


def _extended(c: Cursor, node: Node) -> Node:
    """The node with what follows it: its whole, its part, the time of day."""
    clock.skip_clock(c)
    if isinstance(node, nodes.MonthDay) and node.weekday is None:
        mark = c.i
        if (c.skip(",") or c.skip("(")) and c.words[c.i] in v.WEEKDAYS and c.words[c.i + 1] not in ("of", ","):
            node = nodes.with_weekday(node, v.WEEKDAYS[c.words[c.i]])
            c.i += 1
            c.skip(")")
        else:
            c.i = mark
    if isinstance(node, (nodes.Month, nodes.Season)) and c.words[c.i : c.i + 2] == ["after", "next"]:
        c.i += 2
        return nodes.Relative(node, "after-next")
    if isinstance(node, nodes.Holiday) and c.skip("weekend"):
        return nodes.Around("weekend", node)
    if isinstance(node, _PARTS):
        whole = _whole_of(c, node)
        if whole is not None:
            node = Of(node, whole)
            clock.skip_clock(c)
        elif isinstance(node, (nodes.Month, nodes.Holiday, nodes.Season)):
            mark = c.i
            if c.skip("in"):
                pass
            point = relative.in_amount(c) if c.words[c.i - 1] == "in" and c.i > mark else counted_point(c)
            if isinstance(point, nodes.Point) and point.sign > 0 and point.base is None:
                return nodes.YearOfPoint(node, point)
            c.i = mark
    if isinstance(node, _WHOLES) or (isinstance(node, Fixed) and node.kind == "year") or _is_week(node):
        part = _part_behind(c)
        if part is not None:
            node = Of(part, node)
            clock.skip_clock(c)
    elif isinstance(node, nodes.Point):
        mark = c.i
        c.skip(",")
        c.skip("on")
        if c.words[c.i] in v.WEEKDAYS:
            weekday = v.WEEKDAYS[c.words[c.i]]
            c.i += 1
            return nodes.WeekdayNear(weekday, node)
        c.i = mark
    elif isinstance(node, nodes.NearDay):
        mark = c.i
        if c.skip(",", "(", "-", "–"):
            day = day_of_month(c)
            if day is not None and not isinstance(day, nodes.MonthlyDay):
                c.skip(")")
                return day
        c.i = mark
    return node


def _is_week(node: Node) -> bool:
    return isinstance(node, nodes.Around) or (
        isinstance(node, Of) and isinstance(node.part, nodes.Nth) and node.part.unit == "week"
    )


def _part_behind(c: Cursor) -> Node | None:
    """The part in "next week Monday", "next year's first quarter", "2017 April", "2026 summer"."""
    start = c.i
    possessive = c.skip("'s", "'")
    c.skip(",")
    c.skip("on")
    word = c.words[c.i]
    node: Node | None = None
    if word in v.WEEKDAYS:
        c.i += 1
        if word in v.ABBREVIATED:
            c.skip(".") if c.words[c.i + 1] else None
        return Weekday(v.WEEKDAYS[word])
    if word in v.MONTHS and not c.words[start] == ",":
        node = absolute.month_led(c)
        if isinstance(node, (nodes.Month, nodes.MonthDay)):
            return node
    elif possessive and word in v.SEASONS:
        node = absolute.season(c)
    elif possessive:
        node = parts.ranked(c)
        if isinstance(node, nodes.YearPart):
            return node
        if node is None:
            c.skip("end") and (node := nodes.Nth(-1, "day"))
            if node is not None:
                return node
    if isinstance(node, nodes.Season):
        return node
    c.i = start
    return None


_TABLES = {
    absolute.month_led: v.MONTHS,
    parts.weekday_led: v.WEEKDAYS,
    relative.near_day: v.DAYS,
    parts.third: v.THIRDS,
    relative.related: v.RELATIONS,
    absolute.season: v.SEASONS,
}
_YEAR_LED = (absolute.year_led, relative.counted)
_RANK_LED = (parts.ranked, absolute.century, absolute.day_led)
_NUMBER_LED = (
    absolute.day_led,
    absolute.days_of_month,
    absolute.numeric,
    absolute.coded,
    absolute.named_decade,
    relative.counted,
    parts.unit_of,
)


def _word_table() -> dict[str, list]:  # type: ignore[type-arg]
    table: dict[str, list] = {}  # type: ignore[type-arg]
    for read, words in _TABLES.items():
        for word in words:
            if word != "the":
                table.setdefault(word, []).append(read)

    def also(read, *words: str) -> None:  # type: ignore[no-untyped-def]
        for word in words:
            table.setdefault(word, []).append(read)

    ranks = (*v.ORDINALS, *v.TENS, "last", "final", "latter", "penultimate", "closing", "next", "back")
    for word in ranks:
        table.setdefault(word, []).insert(0, parts.ranked)
    counts = (*v.NUMBERS, *v.TENS, *v.AMOUNTS, *v.AMOUNT_PREFIXES)
    also(absolute.day_led, *v.ORDINALS, *v.TENS, *v.NUMBERS)
    also(absolute.century, *v.ORDINALS, *v.TENS)
    also(absolute.year, *v.TENS, *v.NUMBERS, "'", "year", "calendar")
    also(relative.counted, *(word for word in counts if word != "the"))
    also(parts.unit_of, *v.UNITS, *v.NUMBERS, "w", "wc", "fiscal", "financial")
    also(absolute.week_number, "week", "w", "wk", "calendar", "iso")
    also(absolute.coded, "q", "h")
    also(absolute.fiscal, "fiscal", "financial", "fy", "fy'")
    also(absolute.named_decade, "'", *v.DECADES)
    also(relative.unit_end, *v.UNITS)
    also(relative.definite_unit, "week", "weekend", "day", "month", "year")
    also(parts.mid_unit, "midweek", "midmonth", "midyear")
    also(relative.month_end_code, *(side + unit for side in ("eo", "bo") for unit in "mywqd"))
    return table


_WORD_LED = {word: tuple(dict.fromkeys(reads)) for word, reads in _word_table().items()}

HEADS = frozenset(_WORD_LED) | holidays.FIRST_WORDS | {"the", "a", "an", "this", "next", "last"}  # words that a period can begin with
