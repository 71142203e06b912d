"""The grammar: recursive descent over tokens. Each function reads one construction at the cursor.

It returns a node and leaves the cursor behind what it read, or returns None and leaves the cursor where it was.

    expression   bounds and ranges: "by X", "from X to Y", "within N units"          bounds.py
    period       one stretch of calendar time, with what it is part of               periods.py
    absolute     months, days, years, ISO forms, quarters, decades                   absolute.py
    relative     "next week", "two days ago", "the week after next"                  relative.py
    parts        "the first week of", "early", "the end of", "later this"            parts.py
    numbers      number words, ordinals, amounts of time                             numbers.py
    clock        times of day, which are read and left out                           clock.py
"""

from __future__ import annotations

# The constructions nest in each other, so their modules import each other: periods.py, which lists them all, has to be first.
from extractor.text.dates.grammar.periods import period

__all__ = ["period"]
