"""Dates a commitment: finds the words in the text, resolves them by code, and compares with what the model thinks."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from extractor.schema.reading import WhenRead
from extractor.schema.record import CheckCode, Quote, When
from extractor.text import dates
from extractor.text.grounding import GroundedText, NotPlaced
from extractor.text.named_days import days_before, days_of

_EDTF = re.compile(
    r"(?:\.\.|(?:-?\d{3}[\dX]|\d{2}XX)(?:-\d\d(?:-\d\d)?)?[~?%]?)(?:/(?:\.\.|(?:\d{3}[\dX]|\d{2}XX)(?:-\d\d(?:-\d\d)?)?[~?%]?))?"
)


@dataclass(frozen=True)
class Dated:
    """The planned date of a commitment (None where the text gives none), and what code noticed about it."""

    when: When | None
    checks: tuple[tuple[CheckCode, str], ...] = ()


def date_commitment(read: WhenRead | None, quote: Quote, text: GroundedText, published: dt.date | None) -> Dated:
    """Code's resolution where it has one; else the model's, marked so; a disagreement is kept as a check."""
    if read is None:
        return Dated(None)
    checks: list[tuple[CheckCode, str]] = []
    expression, span = read.expression, None
    placed = text.place(read.expression, near=quote.start)
    if isinstance(placed, NotPlaced):
        checks.append(("expression_not_found", f"the time “{read.expression[:80]}” does not stand in the article"))
    else:
        span = (placed.start, placed.end)
        expression = text.text[placed.start : placed.end]
    resolved = _resolve(expression, published, read, text.text, span[0] if span else len(text.text))
    if resolved is not None:
        if _differs(read, resolved):
            said = f"the model says {_interval(read.earliest, read.latest)}"
            checks.append(
                ("date_disagreement", f"“{expression}” is {_interval(resolved.earliest, resolved.latest)}; {said}")
            )
        when = When(
            expression=expression,
            span=span,
            edtf=resolved.edtf,
            earliest=resolved.earliest,
            latest=resolved.latest,
            basis="resolved",
        )
    elif (read.earliest or read.latest) and not _backwards(read):
        edtf = read.edtf if read.edtf and _EDTF.fullmatch(read.edtf) else _edtf(read.earliest, read.latest)
        when = When(
            expression=expression, span=span, edtf=edtf, earliest=read.earliest, latest=read.latest, basis="model"
        )
    else:
        when = When(expression=expression, span=span, edtf=None, earliest=None, latest=None, basis="unresolved")
    return Dated(when, tuple(checks))


def _resolve(expression: str, published: dt.date | None, read: WhenRead, text: str, end: int) -> dates.Resolved | None:
    """Code's resolution of words that stand in text[:end].

    Words that lean on another date ("the following week", "two days later") are resolved from the last day named before
    them. Where the result is not the model's, the days that the text names are tried as the day from which to count
    ("in two days", quoted from an earlier day): if one of them gives the model's interval, code confirms it.
    """
    plain = dates.resolve(expression, published)
    if plain is None or plain.rule == "anchored":
        leaning = (dates.resolve(expression, published, anchor=day) for day in days_before(text, end, published))
        plain = next((resolved for resolved in leaning if resolved is not None), plain)
    if plain is None or not _differs(read, plain):
        return plain
    counted = (dates.resolve(expression, day) for day in days_of(text, published))
    return next((other for other in counted if other is not None and not _differs(read, other)), plain)


def _differs(read: WhenRead, resolved: dates.Resolved) -> bool:
    known = read.earliest or read.latest
    return bool(known) and (read.earliest, read.latest) != (resolved.earliest, resolved.latest)


def _backwards(read: WhenRead) -> bool:
    return read.earliest is not None and read.latest is not None and read.earliest > read.latest


def _interval(earliest: dt.date | None, latest: dt.date | None) -> str:
    if earliest == latest and earliest is not None:
        return str(earliest)
    return f"{earliest or '…'} to {latest or '…'}"


def _edtf(earliest: dt.date | None, latest: dt.date | None) -> str:
    if earliest == latest:
        return str(earliest)
    return f"{earliest or '..'}/{latest or '..'}"
