"""The EDTF strings that the resolver writes, read by the `edtf` library, and what holds for any expression at all."""

from __future__ import annotations

import warnings
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.text import lexicon
from extractor.text.dates import Resolved, resolve

PUBLISHED = date(2025, 7, 11)
EXPRESSIONS = (
    """
in 2025, August 2025, on August 5 2025, by 2030, from 2026, until the end of June, before 2030, since Monday
the 2030s, this century, early 2026, mid-August, late 2027, the end of the decade, the early 2030s, in 1066
Q3 2026, H1 2027, this fall, next winter, next week, this weekend, within five years, in the coming weeks
September 10–12, from 2026 to March 2028, June–August 2026, around August 10, fiscal 2026, fiscal 2025-26
in about three months, later this year, the first week of 2027, Easter 2026, at least two years from now
for at least three years, from 1999 to 2001, 2025-W01, 2026-27, over the past decade
""".strip()
    .replace("\n", ", ")
    .split(", ")
)


def bounds(written: str) -> tuple[date | None, date | None]:
    """First and last day of an EDTF string as the library reads it; None for an open end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        edtf = pytest.importorskip("edtf")
        parsed = edtf.parse_edtf(written)
    ends = (parsed.lower_strict(), parsed.upper_strict())
    return tuple(date(*end[:3]) if hasattr(end, "tm_year") else None for end in ends)  # type: ignore[return-value]  # two ends


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_edtf_library_reads_the_same_days(expression: str) -> None:
    """The string parses, and its bounds are earliest and latest."""
    resolved = resolve(expression, PUBLISHED)
    assert resolved is not None
    assert resolved.edtf is not None
    assert bounds(resolved.edtf) == (resolved.earliest, resolved.latest)


def _vocabulary() -> list[str]:
    """Every word of the lists, and the small words and signs that the grammar itself knows."""
    words: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, str):
            words.update(value.split())
        elif isinstance(value, dict):
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(lexicon.load("dates"))
    glue = "of the a and or to - – / , . ' 's : in on 1 2 3 5 12 15 31 2025 2026 1999 99 100 00 st nd th am pm q h w s"
    return sorted(words | set(glue.split()))


def _is_sound(resolved: Resolved | None) -> None:
    if resolved is None:
        return
    assert resolved.edtf
    bounds = [day for day in (resolved.earliest, resolved.latest) if day is not None]
    assert bounds
    assert bounds == sorted(bounds)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_vocabulary()), min_size=1, max_size=9), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_no_words_break_the_resolver(words: list[str], published: date) -> None:
    """Any jumble of date words has an ordered interval with an EDTF string, or no answer; never an error."""
    for expression in (" ".join(words), "".join(words)):
        for tense in ("future", "past"):
            _is_sound(resolve(expression, published, tense=tense))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_resolver(text: str) -> None:
    """Any string at all has such an interval, or no answer; and the same one each time."""
    resolved = resolve(text, PUBLISHED)
    _is_sound(resolved)
    assert resolve(text, PUBLISHED) == resolved


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_vocabulary()), min_size=1, max_size=6))
def test_every_answer_agrees_with_the_edtf_library(words: list[str]) -> None:
    """Whatever is answered, the library reads the same bounds from the EDTF string."""
    resolved = resolve(" ".join(words), PUBLISHED)
    if resolved is not None and resolved.edtf is not None:
        assert bounds(resolved.edtf) == (resolved.earliest, resolved.latest)
