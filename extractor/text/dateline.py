"""The publication date that an article states in its own dateline.

A dateline is the place, date and agency before a report's first words ("KYIV, March 3, 2024 (Reuters) —"), or the date
that stands alone on a line of the article's head ("Tuesday, October 15, 2019"). Only a full date counts, in English or
ISO form and written so that day and month cannot be confused; a date in the running prose of a paragraph never does.
Where two datelines disagree, or a weekday contradicts its date, there is no answer: a wrong anchor would misdate the
whole article.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

WINDOW = 1500
"""Characters from the beginning within which a dateline's line must begin."""
PLAUSIBLE_YEARS = range(1600, 2201)
"""The first newspapers are of 1605; what lies after is a typing error or a database's filler."""

_LINE = 240  # characters of a line that are looked at: what comes later in a paragraph is no dateline
_HEAD_LINE = 160  # a longer line is a paragraph: the head with headline, byline and date is over

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_DATE = rf"""
    (?: (?P<weekday>{_WEEKDAY}) ,? [ ] )?
    (?P<date>
        (?P<month>{_MONTH}) [ ] (?P<day>\d{{1,2}})(?:st|nd|rd|th)? ,? [ ] (?P<year>\d{{4}})
      | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)? [ ] (?:of[ ])? (?P<month2>{_MONTH}) ,? [ ] (?P<year2>\d{{4}})
      | (?P<iso>\d{{4}}-\d\d-\d\d)
    )(?!-?\d)
"""
_TIME = r"""
    (?: (?:T|,?[ ](?:at[ ])?) \d{1,2}[:.]\d\d (?:[:.]\d\d(?:\.\d+)?)? (?:[ ]?[ap]\.?m\b\.?)?
        (?:Z|[+-]\d\d:?\d\d|[ ][A-Z]{2,4})? )?
"""
_DASH = r"(?:--?|[–—―])"

# A capital letter at the beginning of a sentence does not make these a place.
_NO_PLACE = (
    r"(?:after|and|as|at|before|between|but|by|during|for|from|in|it|on|or|since|the(?![ ]hague)|this|today|tomorrow"
    r"|until|yesterday)\b"
)
_WORD = rf"(?!(?i:{_WEEKDAY}|{_MONTH}))[^\W\d_a-z][\w.'’-]*"
_MORE = rf"(?:[ ]{_WORD}){{0,3}}(?:,[ ]{_WORD}(?:[ ]{_WORD}){{0,3}}){{0,2}}"
# "Kyiv", "New York", "Port-au-Prince, Haiti"; and with the capitals of agency style "KYIV, Ukraine", "ST. PETERSBURG"
_PLACE = rf"(?!(?i:{_NO_PLACE})){_WORD}{_MORE}"
_CAPITALS = rf"(?=[^\W\d_a-z.]{{2}}[^a-z,(–—]*(?:[,(–—]|--|[ ]-)){_PLACE}"
_AGENCY = r"\([^\W\d_a-z][^()\d]{1,60}\)"
_WIRE = r"/[\w .-]{2,40}/"
_OPENING = rf"[ ]?(?:,|,?[ ]?{_AGENCY}|{_DASH})(?:[ ]?(?:{_AGENCY}|{_DASH}))?[ ]?"
_CLOSING = rf"(?:[ ]?{_AGENCY})?[ ]?(?:{_WIRE}[ ]?)?"

# A line of its own, or a part of one between bars: "By Jane Doe | March 3, 2024".
_ALONE = re.compile(
    rf"""(?ix) (?:^|[|•·]) [ \t]* (?:(?P<label>published|posted|date|issued|released)(?:[ ]on)?:?[ ])?
    {_DATE}{_TIME} [ \t]* \.? (?:$|[|•·])"""
)
_PLACED = tuple(
    re.compile(pattern.replace("DATE", f"(?i:{_DATE})"), re.VERBOSE)
    for pattern in (
        # KYIV, Ukraine, March 3, 2024 (Reuters) —   LONDON (Reuters) - 12 Feb 2025 -   MIAMI, Feb. 12, 2025 /WIRE/ --
        rf"{_CAPITALS} {_OPENING} DATE {_CLOSING} (?:{_DASH}|:|$)",
        # New York, 12 February 2025 —   Moscow – February 12, 2025 –
        rf"{_PLACE} {_OPENING} DATE {_CLOSING} {_DASH}",
        # GENEVA (3 March 2024) —
        rf"{_CAPITALS} [ ]? \(DATE\) [ ]? (?:{_DASH}|:|$)",
        # ISLAMABAD, (UrduPoint / Pakistan Point News - 12th Feb, 2025)   (Reuters, March 3, 2024)
        rf"(?:{_CAPITALS} ,?[ ]?)? \([^\W\d_a-z][^()\d]{{1,60}}?(?:[ ]?{_DASH}|,)[ ]?DATE\)",
        # (Reuters) - 12 Feb 2025
        rf"{_AGENCY} [ ]? {_DASH}? [ ]? DATE (?:[ ]?{_DASH}|:|$)",
        # Feb. 12, 2025 (Reuters) -
        rf"DATE [ ]? {_AGENCY} [ ]? {_DASH}",
    )
)


def find_dateline(text: str) -> tuple[dt.date, int, int] | None:
    """The dateline's date, and start and end of where it is written (`text[start:end]`, without weekday and time)."""
    found = list(_candidates(text))
    return found[0] if len({day for day, _, _ in found}) == 1 else None


def _candidates(text: str) -> Iterator[tuple[dt.date, int, int]]:
    head = True
    labelled = False
    for start, line in _lines(text):
        if head and (match := _ALONE.search(line)):
            if labelled and not match["label"]:
                continue  # the page said which date is that of its publication
            labelled = labelled or bool(match["label"])
        else:
            match = next((m for pattern in _PLACED if (m := pattern.match(line))), None)
        if match and (day := _day(match)):
            yield day, start + match.start("date"), start + match.end("date")
        head = head and len(line) <= _HEAD_LINE


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Start and beginning of each line that begins within the window and is not blank."""
    start = 0
    while 0 <= start < min(WINDOW, len(text)):
        newline = text.find("\n", start)
        line = text[start : newline if newline >= 0 else len(text)]
        stripped = line.lstrip()
        if stripped:
            # The mark keeps "$" from matching at the cut.
            cut = stripped if len(stripped) <= _LINE else stripped[:_LINE] + "…"
            yield start + len(line) - len(stripped), cut.rstrip()
        start = newline + 1 if newline >= 0 else -1


def _day(match: re.Match[str]) -> dt.date | None:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
    else:
        year = int(match["year"] or match["year2"])
        month = _MONTHS.index((match["month"] or match["month2"])[:3].lower()) + 1
        day = int(match["day"] or match["day2"])
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    weekday = match["weekday"]
    contradicted = weekday is not None and _DAYS.index(weekday[:3].lower()) != date.weekday()
    return None if contradicted or year not in PLAUSIBLE_YEARS else date
