"""What the resolver and the finder give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Tense = Literal["future", "past"]
Granularity = Literal[
    "day",
    "week",
    "weekend",
    "fortnight",
    "month",
    "quarter",
    "season",
    "half",
    "third",
    "year",
    "decade",
    "century",
    "range",
]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The days that an expression can mean, both ends included; None for an open end.

    `edtf` says the same as an EDTF string (ISO 8601-2:2019, level 1). `granularity` is the calendar unit that the
    expression names ("range" where it names two ends or a number of units). `rule` is the reading that answered,
    outermost first, such as "by:end:month".
    """

    edtf: str | None
    earliest: date | None
    latest: date | None
    granularity: Granularity
    rule: str


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date expression in a text: `text[start:end]`, in code points, end exclusive."""

    start: int
    end: int
    text: str
