from __future__ import annotations
from extractor.text.dates.model import DateSpan
def find_dates(text: str) -> list[DateSpan]:
    return []
