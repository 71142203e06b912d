"""English date expressions: what days they mean (`resolve`), and where a text has them (`find_dates`).

A small grammar reads the whole expression into a tree (`grammar/`), the tree is evaluated against the publication date
(`nodes/`, `calendar.py`), and the span of days is written as EDTF (`edtf.py`). What the grammar does not know has no
date; it never guesses. The conventions are those of docs/dates.md. Times of day are read and left out. Pure: no clock,
no network.
"""

from __future__ import annotations

from extractor.text.dates.finder import find_dates
from extractor.text.dates.model import DateSpan, Granularity, Resolved, Tense
from extractor.text.dates.resolver import resolve

__all__ = ["resolve", "find_dates", "Resolved", "DateSpan", "Granularity", "Tense"]
