"""The days that a text names, from which "the following week" counts."""

from __future__ import annotations

import datetime as dt

from extractor.text.named_days import days_before, days_of

PUBLISHED = dt.date(2025, 7, 11)
TEXT = "They met on 5 May 2024. They met on 9 June 2024. In July 2024 nobody met. This was agreed on 5 May 2024."


def test_the_last_day_named_comes_first() -> None:
    """Each day once; months and years are no days."""
    assert list(days_of(TEXT, PUBLISHED)) == [dt.date(2024, 5, 5), dt.date(2024, 6, 9)]
    assert list(days_before(TEXT, TEXT.index(" In July"), PUBLISHED)) == [dt.date(2024, 6, 9), dt.date(2024, 5, 5)]
    assert list(days_before(TEXT, 0, PUBLISHED)) == []


def test_a_weekday_is_the_one_to_come_and_the_one_past() -> None:
    """Without a date of publication it is no day."""
    assert list(days_of("They meet on Monday.", PUBLISHED)) == [dt.date(2025, 7, 14), dt.date(2025, 7, 7)]
    assert list(days_of("They meet on Monday.", None)) == []


def test_what_stands_behind_the_place_does_not_count() -> None:
    """At each place the days are those of the text that ends there, be they named near the place or far before it."""
    text = "".join(
        f"They met on {day} May {2000 + day}, on Monday, {day} June. {'It rained. ' * day}" for day in range(1, 15)
    )
    for end in range(len(text)):
        assert list(days_before(text, end, PUBLISHED)) == list(days_of(text[:end], PUBLISHED))
