"""The finder: which words of a text are date expressions, and which only look like some."""

from __future__ import annotations

import ast
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.text.dates import DateSpan, find_dates, grammar, holidays, vocabulary
from extractor.text.dates.tokens import cut

GOLD = Path(__file__).parents[1] / "gold"


def found(text: str) -> list[str]:
    """The expressions of a text as it writes them."""
    return [span.text for span in find_dates(text)]


def test_a_span_points_into_the_text() -> None:
    """Offsets are code points of the original text, end exclusive."""
    text = "İstanbul’da 🚆: the talks resume in August 2025."
    start = text.index("in August")
    assert find_dates(text) == [DateSpan(start, start + 14, "in August 2025")]


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("The plan is due by the end of next month, officials said.", ["by the end of next month"]),
        ("They meet later this August in Beijing.", ["later this August"]),
        ("On September 10–12 the forum convenes.", ["On September 10–12"]),
        ("Talks resume on Friday, July 18, at 5 pm in Doha.", ["on Friday, July 18, at 5 pm"]),
        ("It runs from 2026 to 2028.", ["from 2026 to 2028"]),
        ("The bridge opens no later than March 31, 2026, the ministry said.", ["no later than March 31, 2026"]),
        ("Within five years, trade will double by 2030.", ["Within five years", "by 2030"]),
        ("The vote is next week; the count takes two days, until Sunday.", ["next week", "until Sunday"]),
        ("In the second half of 2026 or early in 2027.", ["In the second half of 2026 or early in 2027"]),
        ("over the next three to five years", ["over the next three to five years"]),
        ("as of 23.04.2022 and on 7/8/07", ["as of 23.04.2022 and on 7/8/07"]),
        ("by the end of the decade", ["by the end of the decade"]),
        ("In two weeks’ time, before Christmas.", ["In two weeks’ time", "before Christmas"]),
        ("Last week she spoke; today he answers; tomorrow they vote.", ["Last week", "today", "tomorrow"]),
        ("in the first quarter of next year", ["in the first quarter of next year"]),
    ],
)
def test_the_longest_expression_is_found_with_its_preposition(text: str, expressions: list[str]) -> None:
    """Preposition, range, weekday and time of day belong to the expression."""
    assert found(text) == expressions


@pytest.mark.parametrize(
    "text",
    [
        "Prime Minister May said she may resign. May Smith agreed. It may rain.",
        "They march on the capital. The March for Science drew thousands.",
        "The second meeting took a second. Wait a second!",
        "The sun rose. He sat down. We wed. Sun Microsystems, SAT scores, Mon Dieu.",
        "Oil prices fall, spring back and fall again after the fall of the dictator.",
        "He ordered 2000 copies for $2025 and 1,999 words at 2026 km.",
        "Every Friday they pray; each week 10 people leave; every 2 years.",
        "April Jones met June Carter and August Wilson.",
        "The Sunday Times and the Sunday Telegraph reported it.",
        "A 24/7 service, a 9/11 survivor, a 3.5 percent rise, one in three, at 10:30.",
        "For the second time in a year. The first, the last, the end of the line.",
        "He is in his thirties. One day, some day, the day the music died.",
        "100 years; the 10-year deal; 5-day trips; 30 seconds.",
    ],
)
def test_words_that_only_look_like_dates_are_left_alone(text: str) -> None:
    """Names, verbs, amounts, numbers, clock times and recurring days are no date expressions."""
    assert found(text) == []


def test_a_full_stop_and_a_paragraph_end_an_expression() -> None:
    """What belongs to different sentences or paragraphs is not joined."""
    assert found("It opens in May. 2026 will be busy.")[0] == "in May"
    assert found("until Monday\n\nTuesday, they left") == ["until Monday", "Tuesday"]


def test_the_dates_of_the_gold_articles_are_found() -> None:
    """Every expression of a dated commitment that is no reference to an event lies in a found span."""
    missing = []
    for line in (GOLD / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        spans = find_dates(article["text"])
        for commitment in article["reading"]["commitments"]:
            when = commitment["when"]
            if when is None or when["edtf"] is None or when["expression"].lower().startswith("following"):
                continue
            covered = {article["text"][span.start : span.end] for span in spans}
            if not any(when["expression"].lower() in text.lower() for text in covered):
                missing.append(when["expression"])
    assert missing == []


_PIECES = ["in May 2025", "MARCH 2025", "next week", "by 12 July", "the 12th", "Friday’s", "may", "of", "'s", "\n\n"]
_PIECES += [",", ".", "-", "–", "/", "İ", "ﬁ", "🚆", "İn May"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=20).map(" ".join))
def test_spans_are_ordered_apart_and_true(text: str) -> None:
    """In any text the spans quote it, do not overlap, and come in order."""
    end = 0
    for span in find_dates(text):
        assert text[span.start : span.end] == span.text
        assert end <= span.start < span.end
        end = span.end


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "March ",
            "the first day of ",
            "2 years ",
            "2025 ",
            "12/",
            "the end of the ",
            "next year ",
            "Monday at 5 pm ",
        ),
        *("early to ", "in the last week of the first month of the second half of ", "-", "the ", "9, "),
    ],
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    """Four times the text takes about four times as long, whatever it repeats."""

    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        times = []
        for _ in range(2):
            started = time.process_time()
            find_dates(text)
            times.append(time.process_time() - started)
        return min(times)

    small, large = seconds(3_000), seconds(12_000)
    assert large < 8 * small + 0.02


def test_the_finder_knows_every_word_that_the_grammar_names() -> None:
    """The finder gives up at a word that the grammar cannot step over: it has to know all those that it can."""
    kinds = {
        "approximate",
        "exact",
        "plain",
        "span",
        "vague",
        "weekday",
    }  # names in the grammar that are no words of it
    code_letters = {"mywqd"}
    named = set()
    for module in Path(grammar.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            words = cut(text)[1::2]
            if len(words) == 1 and not words[0].isdecimal():
                named.update(words)
    assert {"ago", "fiscal", "/"} < named
    assert named - kinds - code_letters <= vocabulary.KNOWN | holidays.WORDS
