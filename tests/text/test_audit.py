"""The audit: what the article seems to hold and the record does not."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest

from extractor.files import prompts
from extractor.models.interface import Usage
from extractor.pipeline.assemble import PartReading, assemble
from extractor.schema.record import Claim, Record
from extractor.text.attribution.analysis import analyse
from extractor.text.audit import audit
from extractor.text.triage import assess
from tests.support import readings
from tests.support.readings import claim, commitment, speaker, when

PUBLISHED = dt.date(2025, 7, 11)
TEXT = (
    "The transport ministry said on Monday that the ferry was safe in all weathers. “We have the ships and the crews,” "
    "Ana Silva said. “No operator can sail without public money.” The two states will open a new terminal in May 2026."
)


def record(text: str = TEXT, published: dt.date | None = PUBLISHED, **layers: list[dict[str, Any]]) -> Record:
    article = readings.article(text, published=published)
    people = [
        speaker("s1", "transport ministry"),
        speaker("s2", "Ana Silva", "person"),
        speaker("s3", "Bo Berg", "person"),
    ]
    reading = readings.reading(speakers=people, **layers)
    return assemble(article, [PartReading((0, len(text)), reading)], prompts.load(), "fake", Usage())


SAFE = claim("the ferry was safe in all weathers")
SHIPS = claim("We have the ships and the crews", speaker="s2", delivery="direct")
MONEY = claim("No operator can sail without public money", speaker="s2", delivery="direct")
TERMINAL = commitment("The two states will open a new terminal in May 2026", when=when("in May 2026"))


def found(checked: Record) -> list[tuple[str, str]]:
    """Code and passage of each finding."""
    text = checked.article.text
    return [(check.code, text[slice(*check.span)] if check.span else "") for check in audit(checked)]


def test_a_complete_record_has_no_findings() -> None:
    """Every quotation, statement and dated plan is covered."""
    assert found(record(claims=[SAFE, SHIPS, MONEY], commitments=[TERMINAL])) == []


@pytest.mark.parametrize(
    ("claims", "commitments", "finding"),
    [
        ([SHIPS, MONEY], [TERMINAL], ("uncovered_statement", "the ferry was safe in all weathers")),
        ([SAFE, MONEY], [TERMINAL], ("uncovered_quotation", "We have the ships and the crews,")),
        ([SAFE, SHIPS], [TERMINAL], ("uncovered_quotation", "No operator can sail without public money.")),
        ([SAFE, SHIPS, MONEY], [], ("uncovered_plan", "The two states will open a new terminal in May 2026")),
    ],
)
def test_what_is_left_out_is_pointed_at(claims: list[Any], commitments: list[Any], finding: tuple[str, str]) -> None:
    """Each missing item gives one finding, on its passage."""
    assert found(record(claims=claims, commitments=commitments)) == [finding]


def test_a_quotation_given_to_somebody_else_is_noticed() -> None:
    """The check names the claim, whom the text names and whom the record names."""
    checked = record(claims=[SAFE, SHIPS | {"speaker": "s3"}, MONEY], commitments=[TERMINAL])
    (check,) = audit(checked)
    assert (check.code, check.item) == ("speaker_disagreement", checked.claims[1].id)
    assert check.message == "the text seems to give this quotation to Ana Silva, the record to Bo Berg"


def test_a_relay_is_no_disagreement() -> None:
    """Whoever utters the words may be the relay of somebody else's."""
    relayed = SHIPS | {"speaker": "s3", "via": ["s2"]}
    assert found(record(claims=[SAFE, relayed, MONEY], commitments=[TERMINAL])) == []


def test_courtesies_need_no_item() -> None:
    """Thanks and greetings in quotes are neither claims nor findings."""
    text = "“Thank you very much for coming to us,” Ana Silva said."
    assert found(record(text)) == []


def test_past_dates_and_forecasts_are_no_plans() -> None:
    """What was over by publication, and what a prediction covers, is not asked for as a commitment."""
    text = "The two states will have opened a terminal in May 2020. The population will grow to nine million by 2050."
    forecast = claim("The population will grow to nine million by 2050", kind="prediction")
    assert found(record(text, claims=[forecast])) == []


def test_a_headline_told_again_is_covered_once() -> None:
    """One item covers the same words in the headline and in the first sentence."""
    sentence = "Russia and Norvale will open a new terminal in May 2026"
    text = f"{sentence}\n\nOSLO — {sentence}, the ministry said."
    items = {"claims": [claim(sentence)], "commitments": [commitment(sentence, when=when("in May 2026"))]}
    assert found(record(text, **items)) == []


def repeated(times: int) -> Record:
    """`TEXT` again and again, each time with an item for everything but one sentence of the quotation."""
    once = record(claims=[SAFE, SHIPS], commitments=[TERMINAL])
    step = len(TEXT) + 2

    def moved(claim: Claim, by: int) -> Claim:
        quote = claim.quote.model_copy(update={"start": claim.quote.start + by, "end": claim.quote.end + by})
        return claim.model_copy(update={"quote": quote})

    claims = [moved(claim, number * step) for number in range(times) for claim in once.claims]
    article = once.article.model_copy(update={"text": f"{TEXT}\n\n" * times})
    return once.model_copy(update={"article": article, "claims": claims})


def test_each_repetition_is_looked_at() -> None:
    """What is left out is found as often as the text says it, and where it says it."""
    missing = ("uncovered_quotation", "No operator can sail without public money.")
    assert found(repeated(3)) == [missing] * 3


def _ratio(work: Callable[[int], object], times: int) -> float:
    """How many times as long the work takes on four times the text."""

    def seconds(times: int) -> float:
        best = float("inf")
        for _ in range(2):
            analyse.cache_clear()
            begin = time.process_time()
            work(times)
            best = min(best, time.process_time() - begin)
        return best

    seconds(times // 10)
    return seconds(4 * times) / seconds(times)


def test_time_of_the_audit_grows_with_the_length_of_the_text() -> None:
    """Four times the text with four times the items takes about four times as long."""
    records = {times: repeated(times) for times in (20, 200, 800)}
    assert _ratio(lambda times: audit(records[times]), 200) < 7


@pytest.mark.parametrize(
    "unit",
    [
        "They will meet in May 2026. Nobody met in 2027.\n\n",
        "Ann Lee: We met.\n\nBo Berg: I said that “we go.”\n\n",
        "“She said ‘we will go’ in May,” Ana Silva said. ",
    ],
)
def test_time_of_triage_grows_with_the_length_of_the_text(unit: str) -> None:
    """Four times the text takes about four times as long: of news, of a transcript, of nothing but dates."""
    assert _ratio(lambda times: assess(readings.article(unit * times, published=PUBLISHED)), 1000) < 7
