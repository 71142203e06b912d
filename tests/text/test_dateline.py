"""Datelines: full dates in the article's head, and nothing else."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from extractor.text.dateline import WINDOW, find_dateline

STATED = [
    ("ISLAMABAD, (UrduPoint / Pakistan Point News - 12th Feb, 2025) The envoy said", "2025-02-12", "12th Feb, 2025"),
    ("Tuesday, October 15, 2019\n\nLate on Sunday, the force said", "2019-10-15", "October 15, 2019"),
    ("A headline\n\nJanuary 09, 2008\n\nThe commission said", "2008-01-09", "January 09, 2008"),
    ("KYIV, March 3, 2024 — The ministry said", "2024-03-03", "March 3, 2024"),
    ("KYIV, Ukraine, March 3, 2024 (AP) -- The ministry said", "2024-03-03", "March 3, 2024"),
    ("PARIS, Tuesday, March 5, 2024 – The ministry said", "2024-03-05", "March 5, 2024"),
    ("THE HAGUE, March 3, 2024 — The court said", "2024-03-03", "March 3, 2024"),
    ("PORT-AU-PRINCE, Haiti, March 3, 2024 — The council said", "2024-03-03", "March 3, 2024"),
    ("(Reuters) - 12 Feb 2025", "2025-02-12", "12 Feb 2025"),
    ("LONDON (Reuters) - 12 Feb 2025 - The bank said", "2025-02-12", "12 Feb 2025"),
    ("Feb. 12, 2025 (Reuters) - The bank said", "2025-02-12", "Feb. 12, 2025"),
    ("GENEVA (12 February 2025) – The experts said", "2025-02-12", "12 February 2025"),
    ("New York, 12 February 2025— The council said", "2025-02-12", "12 February 2025"),
    ("SEATTLE, Feb. 12, 2025 /PRNewswire/ -- The company said", "2025-02-12", "Feb. 12, 2025"),
    ("NEW YORK--(BUSINESS WIRE)--Feb. 12, 2025--The company said", "2025-02-12", "Feb. 12, 2025"),
    ("KYIV, 2024-03-03 - The ministry said", "2024-03-03", "2024-03-03"),
    ("2025-02-12\nThe ministry said", "2025-02-12", "2025-02-12"),
    ("2025-02-12T10:00:00Z\nThe ministry said", "2025-02-12", "2025-02-12"),
    ("Headline\nFriday, July 11, 2025 at 10:30 a.m. EDT\nThe ministry said", "2025-07-11", "July 11, 2025"),
    ("By the foreign desk | March 3, 2024\nThe ministry said", "2024-03-03", "March 3, 2024"),
    ("Published: 12 February 2025 10:30 GMT\nUpdated: 13 February 2025", "2025-02-12", "12 February 2025"),
    ("A first paragraph of the summary.\n\nISLAMABAD, 12 Feb 2025 (APP) - The envoy", "2025-02-12", "12 Feb 2025"),
]

NOT_STATED = {
    "no year": "MOSCOW, February 12. /TASS/. The minister said",
    "no year with agency": "BEIJING, Feb. 12 (Xinhua) -- The ministry said",
    "no day": "March 2024\nThe ministry said",
    "day and month could be confused": "LONDON, 03/04/2024 - The bank said",
    "a sentence that begins with a date": "October 15, 2019 was a day of talks.",
    "a sentence about a date": "On March 3, 2024 — the anniversary — the ministry said",
    "prose with a place": "In Kyiv, March 3, 2024 — the day of the vote — was calm",
    "prose with a day": "Yesterday, March 3, 2024 – a holiday – the ministry said",
    "a date within a paragraph": "The ministry said in Kyiv on March 3, 2024 — and again later",
    "a line that is part of a sentence": "He said on March 3, 2024\nthat the talks would go on.",
    "a date of birth": "Obama (born in Hawaii, August 4, 1961) said",
    "a caption": "Barack Obama, March 3, 2016\nThe ministry said",
    "no such day": "KYIV, February 30, 2024 — The ministry said",
    "a weekday that contradicts the date": "Monday, October 15, 2019\nThe ministry said",
    "two that disagree": "March 3, 2024\nTalks began.\nMarch 4, 2024\nTalks ended.",
    "after a paragraph of prose": "The ministry said so. " * 10 + "\nMarch 3, 2024\nThe end.",
    "a year no article is from": "KYIV, March 3, 3024 — The ministry said",
    "too far down": "x" * WINDOW + "\nKYIV, March 3, 2024 — The ministry said",
    "a long paragraph": "KYIV, " + "Ukraine, " * 200 + "March 3, 2024 —",
    "nothing": "",
    "blank": "\n \n",
}


@pytest.mark.parametrize(("text", "day", "written"), STATED)
def test_a_full_date_in_a_dateline_is_found(text: str, day: str, written: str) -> None:
    """A full date beside place and agency, or alone on a line of the head, is the dateline's, with its exact span."""
    found = find_dateline(text)
    assert found is not None
    assert (found[0], text[found[1] : found[2]]) == (dt.date.fromisoformat(day), written)


@pytest.mark.parametrize("text", NOT_STATED.values(), ids=NOT_STATED)
def test_anything_less_is_no_dateline(text: str) -> None:
    """Partial, ambiguous, impossible and contradicted dates, and dates in running prose, give None."""
    assert find_dateline(text) is None


@pytest.mark.parametrize(
    "line", ["A A A A, " * 30, "AA (AAAA) - " * 20, "A-" * 120, "(A" * 120, "A.'" * 80, "May " * 60]
)
def test_no_line_makes_the_search_slow(line: str) -> None:
    """Lines made to confuse the patterns cost no more than milliseconds each."""
    began = time.process_time()
    assert find_dateline((line + "\n") * 20) is None
    assert time.process_time() - began < 0.5
