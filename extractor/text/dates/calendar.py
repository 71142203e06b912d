"""Calendar arithmetic over spans of days: units, thirds, weeks of a month, steps of an amount.

Weeks run from Monday to Sunday and belong to the month or year that holds their Thursday (ISO 8601). Seasons are the
meteorological ones of the northern hemisphere. A decade runs from a year that ends in 0, a century from one that ends
in 00.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from extractor.text.dates.model import Granularity

DAY = timedelta(days=1)
MONTHS_OF: dict[str, int] = {
    "month": 1,
    "quarter": 3,
    "season": 3,
    "half": 6,
    "year": 12,
    "decade": 120,
    "century": 1200,
}
DAYS_OF: dict[str, int] = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}
SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


class Undated(Exception):
    """The words are known, but give no date in this context."""


class Span(NamedTuple):
    """Days from `first` to `last`, both included, None for an open end. `grain` is what the ends are precise to."""

    first: date | None
    last: date | None
    unit: Granularity = "day"
    grain: str = "day"
    approximate: bool = False

    @property
    def start(self) -> date:
        """The first day. Raises Undated where the start is open."""
        if self.first is None:
            raise Undated
        return self.first

    @property
    def end(self) -> date:
        """The last day. Raises Undated where the end is open."""
        if self.last is None:
            raise Undated
        return self.last


def months_span(start: date, months: int, unit: Granularity, grain: str = "month") -> Span:
    """The `months` months from the first of a month on."""
    return Span(start, first_of_month(start, months) - DAY, unit, grain)


def first_of_month(day: date, shift: int = 0) -> date:
    """The first day of the month `shift` months away. Raises ValueError outside the years 1 to 9999."""
    years, month = divmod(day.month - 1 + shift, 12)
    return date(day.year + years, month + 1, 1)


def year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), "year", "year")


def month_span(year: int, month: int) -> Span:
    return months_span(date(year, month, 1), 1, "month")


def day_span(day: date) -> Span:
    return Span(day, day)


def week_span(day: date) -> Span:
    """The week, Monday to Sunday, that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6), "week")


def season_span(year: int, season: str) -> Span:
    """The season that starts in `year`; a winter ends in the next year."""
    return months_span(date(year, SEASON_STARTS[season], 1), 3, "season")


def unit_span(day: date, unit: str, shift: int = 0) -> Span:
    """The calendar unit `shift` units away from the one that holds `day`. Raises Undated for any other word."""
    if unit == "day":
        return day_span(day + timedelta(days=shift))
    if unit == "week":
        return week_span(day + timedelta(weeks=shift))
    if unit == "weekend":
        monday = week_span(day).start + timedelta(weeks=shift)
        return Span(monday + timedelta(days=5), monday + timedelta(days=6), "weekend")
    if unit == "fortnight":
        monday = week_span(day).start + timedelta(weeks=2 * shift)
        return Span(monday, monday + timedelta(days=13), "fortnight")
    if unit in ("month", "quarter", "half"):
        size = MONTHS_OF[unit]
        start = first_of_month(day, -((day.month - 1) % size) + size * shift)
        return months_span(start, size, unit)  # type: ignore[arg-type]  # the three names are granularities
    if unit == "year":
        return year_span(day.year + shift)
    if unit == "decade":
        first_year = day.year // 10 * 10 + 10 * shift
        return Span(date(first_year, 1, 1), date(first_year + 9, 12, 31), "decade", "year")
    if unit == "century":
        first_year = day.year // 100 * 100 + 100 * shift
        return Span(date(first_year, 1, 1), date(first_year + 99, 12, 31), "century", "year")
    raise Undated


def first_week(whole: Span) -> date:
    """The Monday of the first week whose Thursday lies in `whole`."""
    thursday = whole.start + timedelta(days=(3 - whole.start.weekday()) % 7)
    return thursday - timedelta(days=3)


def last_week(whole: Span) -> date:
    """The Monday of the last week whose Thursday lies in `whole`."""
    thursday = whole.end - timedelta(days=(whole.end.weekday() - 3) % 7)
    return thursday - timedelta(days=3)


def whole_months(span: Span) -> int:
    """How many months `span` has if it starts on the first and ends on the last day of a month, else 0."""
    after = span.end + DAY
    if span.start.day != 1 or after.day != 1:
        return 0
    return (after.year - span.start.year) * 12 + after.month - span.start.month


def slice_span(span: Span, part: int, parts: int, unit: Granularity = "third") -> Span:
    """Part number `part` (from 0) of `parts` equal ones: whole months where they fit, else days."""
    start, end = span.start, span.end
    if span.unit == "month":
        days = 30
    else:
        months = whole_months(span)
        if months and months % parts == 0:
            size = months // parts
            return months_span(first_of_month(start, part * size), size, unit)
        days = (end - start).days + 1
    if days < parts:
        return span
    first = start + timedelta(days=part * days // parts) if part else start
    last = end if part == parts - 1 else start + timedelta(days=(part + 1) * days // parts - 1)
    return Span(first, last, unit)


class Amount(NamedTuple):
    """So much time: months and days, perhaps working days.

    `vague` for "a few weeks"; `sense` is "about", "least" or "most" where the text says so, else "exact".
    """

    months: int
    days: int
    business: bool = False
    vague: bool = False
    unit: str = "day"
    sense: str = "exact"

    @property
    def number(self) -> int | None:
        """How many of its unit this is, if a whole number of one unit."""
        months, days = MONTHS_OF.get(self.unit), DAYS_OF.get(self.unit)
        if months is not None and not self.days and self.months % months == 0:
            return self.months // months
        if days is not None and not self.months and self.days % days == 0:
            return self.days // days
        return None

    def after(self, day: date, sign: int = 1) -> date:
        """The day so much later (`sign` 1) or earlier (-1). A month later is the same day of it, or its last day."""
        if self.business:
            for _ in range(min(self.days, 5000)):
                day += sign * DAY
                while day.weekday() > 4:
                    day += sign * DAY
            return day
        if self.months:
            day += relativedelta(months=sign * self.months)
        return day + timedelta(days=sign * self.days) if self.days else day


def amount_of(number: float, unit: str) -> Amount:
    """`number` units as whole months and days: half a year is 6 months, half a month 15 days.

    Raises Undated for numbers that no date needs.
    """
    if number > 10_000:
        raise Undated
    if unit in MONTHS_OF:
        months = number * MONTHS_OF[unit]
        return Amount(int(months), int((months - int(months)) * 30), unit=unit)
    return Amount(0, int(number * DAYS_OF[unit]), unit=unit)
