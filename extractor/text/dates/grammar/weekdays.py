"""What a weekday begins: "Friday, July 18", "Thu 15th", "Friday after next", "Monday two weeks from now"."""

from __future__ import annotations

from extractor.text.dates import nodes
from extractor.text.dates import vocabulary as v
from extractor.text.dates.grammar import clock, follows
from extractor.text.dates.nodes import Node, Weekday
from extractor.text.dates.tokens import Cursor


def weekday_led(c: Cursor) -> Node | None:
    """ "Friday", "Friday, July 18", "Thu 15th", "Friday after next", "Monday two weeks from now", "Tuesday week"."""
    word = c.words[c.i]
    weekday = v.WEEKDAYS.get(word)
    if weekday is None:
        return None
    c.i += 1
    if word in v.ABBREVIATED and c.words[c.i] == ".":
        c.i += 1
    c.skip("'s")
    mark = c.i
    if mark >= c.size:
        return Weekday(weekday)
    node = _weeks_on(c, weekday)
    if node is not None:
        return node
    c.i = mark
    clock.skip_clock(c)
    if _hours(c):
        return Weekday(weekday)
    before = c.i
    c.skip(",", "-", "(", "–")
    day = follows.day_of_month(c)
    if day is not None:
        c.skip(")")
        return nodes.with_weekday(day, weekday)
    c.i = before
    c.skip(",")
    c.skip("in")
    point = follows.counted_point(c)
    if point is not None:
        return nodes.WeekdayNear(weekday, point)
    c.i = mark
    return Weekday(weekday)


def _weeks_on(c: Cursor, weekday: int) -> Node | None:
    """ "After next" or "week" behind a weekday."""
    start = c.i
    if c.skip("after") and c.skip("next"):
        return nodes.Relative(Weekday(weekday), "after-next")
    c.i = start
    if c.skip("week") and c.words[c.i] not in ("of", "after", "before", "-"):
        return nodes.Counted(2, Weekday(weekday), 1)
    return None


def _hours(c: Cursor) -> bool:
    """Step over the hours of "Monday 12-4"."""
    words, at = c.words, c.i
    if not (words[at].isdecimal() and words[at + 1] in ("-", "–") and words[at + 2].isdecimal()):
        return False
    if follows.month_near(c, at + 3):
        return False
    c.i += 3
    clock.skip_clock(c)
    return True
