"""The second question: asked where the audit finds enough missing, merged without doubles, told in the record."""

from __future__ import annotations

import json

from extractor.files import prompts
from extractor.models.interface import FakeModel
from extractor.pipeline.extract import Extraction, extract_article
from extractor.schema.reading import Reading
from tests.support import readings
from tests.support.readings import claim, commitment, speaker, when

TEXT = (
    "The transport ministry said on Monday that the ferry was safe. “We have the ships and the crews,” the minister "
    "said. “No operator can sail without public money.” The two states will open a new terminal in May 2026."
)
FIRST = readings.reading(claims=[claim("the ferry was safe", cue="said")])
MISSED = readings.reading(
    speakers=[speaker("s2", "the minister", "unnamed")],
    claims=[
        claim("We have the ships and the crews", speaker="s2", delivery="direct"),
        claim("No operator can sail without public money", speaker="s2", delivery="direct"),
        claim("the ferry was safe", statement="told again"),
    ],
    commitments=[
        commitment(
            "The two states will open a new terminal in May 2026",
            when=when("in May 2026", "2026-05", "2026-05-01", "2026-05-31"),
        )
    ],
)


async def extract(*answers: Reading, name: str = "fake", passes: int = 2) -> tuple[Extraction, FakeModel]:
    model = FakeModel(list(answers), name=name)
    return await extract_article(readings.article(TEXT), model, prompts.load(), passes=passes), model


async def test_what_was_missed_is_asked_for_and_added_without_doubles() -> None:
    """Two quotations and a plan come in; the claim that is told again does not; the check says what was added."""
    extraction, model = await extract(FIRST, MISSED)
    record = extraction.record
    assert len(model.asked) == 2
    assert [c.quote.exact for c in record.claims] == [
        "the ferry was safe",
        "We have the ships and the crews",
        "No operator can sail without public money",
    ]
    assert [s.name for s in record.speakers] == ["The ministry", "the minister"]
    assert len(record.commitments) == 1
    assert [(c.code, c.message) for c in record.checks] == [
        ("second_pass", "asked again about 3 passages; it added 2 claims, 0 stances, 1 commitments")
    ]
    assert (record.run.attempts, record.run.input_tokens) == (2, 200)


async def test_the_second_question_continues_the_first_and_names_just_the_passages() -> None:
    """The first messages and the first answer stand in front, word for word; the passages are the audit's."""
    _, model = await extract(FIRST, MISSED)
    first, second = model.asked
    assert second.messages[: len(first.messages)] == first.messages
    assert second.messages[-2] == {"role": "assistant", "content": FIRST.model_dump_json()}
    last = second.messages[-1]["content"]
    assert [line.split(": ", 1)[0] for line in last.splitlines() if line[:1].isdigit()] == [
        "1. a quotation without a claim",
        "2. a quotation without a claim",
        "3. a dated plan without a commitment",
    ]
    assert "ferry was safe" not in last


async def test_with_one_pass_the_findings_stand_in_the_checks() -> None:
    """Nothing is asked again; the record tells what may be missing, with the passages."""
    extraction, model = await extract(FIRST, passes=1)
    assert len(model.asked) == 1
    found = [(c.code, TEXT[slice(*c.span)] if c.span else None) for c in extraction.record.checks]
    assert found == [
        ("uncovered_quotation", "We have the ships and the crews,"),
        ("uncovered_quotation", "No operator can sail without public money."),
        ("uncovered_plan", "The two states will open a new terminal in May 2026"),
    ]


async def test_a_complete_reading_is_not_asked_about_again() -> None:
    """No finding, no second question, no check."""
    whole = MISSED.model_copy(update={"speakers": [*FIRST.speakers, *MISSED.speakers]})
    extraction, model = await extract(whole)
    assert len(model.asked) == 1
    assert extraction.record.checks == []


async def test_rules_are_not_asked_twice() -> None:
    """They would give the same answer."""
    _, model = await extract(FIRST, name="rules")
    assert len(model.asked) == 1


async def test_a_speaker_of_the_first_answer_need_not_be_listed_again() -> None:
    """The second answer's `s1` is the first one's."""
    second = Reading.model_validate(
        json.loads(readings.empty().model_dump_json())
        | {"claims": [claim("We have the ships and the crews", speaker="s1")]}
    )
    extraction, _ = await extract(FIRST, second)
    assert [s.name for s in extraction.record.speakers] == ["The ministry"]
    assert {c.speaker for c in extraction.record.claims} == {"s1"}


async def test_what_is_still_missing_after_the_second_answer_is_told() -> None:
    """An empty second answer leaves the findings, and the check says that it added nothing."""
    extraction, _ = await extract(FIRST, readings.empty())
    codes = [c.code for c in extraction.record.checks]
    assert codes == ["second_pass", "uncovered_quotation", "uncovered_quotation", "uncovered_plan"]
    assert "it added 0 claims, 0 stances, 0 commitments" in extraction.record.checks[0].message
