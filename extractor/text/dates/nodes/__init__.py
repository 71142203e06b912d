"""What a date expression means: a small tree whose nodes turn a context into a span of days.

A node is either fixed (one span in a context) or recurring (a month, a weekday, the 15th, Christmas): a recurring one
lists its instances around a day, and context or a larger whole chooses among them. A plan looks forward to the first
instance that is not over yet, a report back to the last one that has begun.
"""

from __future__ import annotations

from extractor.text.dates.nodes.base import Context, Fixed, NearDay, Node
from extractor.text.dates.nodes.bounds import Approximately, Bound, Either, Range
from extractor.text.dates.nodes.parts import Around, Ending, Nth, Of, Starting, Third, WeekdayNear, YearOfPoint
from extractor.text.dates.nodes.recurring import (
    Holiday,
    Month,
    MonthDay,
    MonthlyDay,
    Season,
    ShortDecade,
    Weekday,
    Weekend,
    WeekNumber,
    Yearly,
    YearPart,
    with_weekday,
)
from extractor.text.dates.nodes.relative import (
    AnchoredUnit,
    Counted,
    CountedFrom,
    NextUnits,
    Point,
    Relative,
    Rest,
    UnitShift,
    Window,
)

__all__ = [
    "Context",
    "Node",
    "Fixed",
    "NearDay",
    "Yearly",
    "Month",
    "Season",
    "ShortDecade",
    "YearPart",
    "MonthDay",
    "MonthlyDay",
    "Weekday",
    "Weekend",
    "Holiday",
    "UnitShift",
    "AnchoredUnit",
    "Relative",
    "Point",
    "Counted",
    "Window",
    "NextUnits",
    "Rest",
    "Of",
    "Third",
    "Nth",
    "WeekNumber",
    "Around",
    "WeekdayNear",
    "YearOfPoint",
    "CountedFrom",
    "Ending",
    "Starting",
    "Bound",
    "Range",
    "Either",
    "Approximately",
    "with_weekday",
]
