"""A span of days as an EDTF string (Extended Date/Time Format, ISO 8601-2:2019; https://www.loc.gov/standards/datetime/).

Only level 0 and level 1 forms are written: quarters, halves and seasons as ranges of months, since few readers know the
codes of level 2; decades and centuries with unspecified digits ("203X").
"""

from __future__ import annotations

from datetime import date

from extractor.text.dates.calendar import DAY, Span


def write(span: Span) -> str | None:
    """The EDTF string of `span`, as coarse as its grain allows; None where both ends are open."""
    if span.first is None and span.last is None:
        return None
    mark = "~" if span.approximate else ""
    if span.first is not None and span.last is not None and span.unit in ("decade", "century") and span.grain == "year":
        digits = f"{span.first.year:04d}"
        return digits[:3] + "X" + mark if span.unit == "decade" else digits[:2] + "XX" + mark
    first = _point(span.first, span.grain, at_end=False)
    last = _point(span.last, span.grain, at_end=True)
    if first == last:
        return first + mark
    if mark:
        first, last = (end if end == ".." else end + mark for end in (first, last))
    return f"{first}/{last}"


def _point(day: date | None, grain: str, *, at_end: bool) -> str:
    if day is None:
        return ".."
    written = day.isoformat()
    if grain == "day":
        return written
    edge = day + DAY if at_end else day
    if edge.day != 1:
        return written
    return written[:4] if grain == "year" and edge.month == 1 else written[:7]
