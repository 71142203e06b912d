"""The grammar: recursive descent over tokens. Each function reads one construction at the cursor.

It returns a node and leaves the cursor behind what it read, or returns None and leaves the cursor where it was.

    bounds     the whole expression: "by X", "from X to Y", "within N units"
    ranges     two periods or more: "X to Y", "X, Y and Z"
    periods    one stretch of calendar time: which construction the next words begin
    follows    what follows it and belongs to it: a whole, a part, a weekday
    days       months and days of months, in words and numbers
    weekdays   weekdays with their dates
    years      years, decades, centuries
    year_forms what four digits of a year begin; fiscal years, seasons
    quarters   quarters, halves and weeks by their numbers
    relative   "next week", "the coming years", "the week after next"
    counted    "two days ago", "a week from Friday", "in three months"
    parts      "the first week of", "early", "the end of", "later this"
    numbers    number words, ordinals, amounts of time
    clock      times of day, which are read and left out
"""

from __future__ import annotations

# The constructions nest, so their modules import each other: periods.py, which lists them all, has to be first.
from extractor.text.dates.grammar.periods import period

__all__ = ["period"]
