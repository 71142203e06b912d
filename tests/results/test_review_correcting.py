"""Corrections and additions are held to the same rules as a model's answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from extractor.results.review.correcting import Checked, Setting, check
from extractor.schema.record import Commitment, Layer
from extractor.text.grounding import GroundedText
from tests.support import records
from tests.support.records import TEXT
from tests.support.reviewing import claim_form, commitment_form, stance_form

PUBLISHED = dt.date(2025, 5, 2)
QUOTE = "Repairs will be finished by 2030"


def checked(layer: Layer, form: dict[str, Any], *, text: str = TEXT, current: Any = None) -> Checked:
    return check(layer, form, Setting(GroundedText(text), PUBLISHED, {"Ann Lee", "Bo Dahl"}), current)


def fields(done: Checked) -> list[str]:
    return [where for where, _ in done.problems]


def test_a_whole_form_gives_an_item_with_its_passage() -> None:
    """The quote has its surroundings, the cue is the article's."""
    done = checked("claims", claim_form("trade grew by 4% last year", cue="SAID", via=["Bo Dahl"]))
    assert done.problems == []
    assert done.item is not None
    assert done.item.model_dump(exclude={"quote", "statement"}) == {
        "id": "",
        "speaker": "Ann Lee",
        "via": ["Bo Dahl"],
        "kind": "fact",
        "delivery": "indirect",
        "cue": "said",
    }
    quote = done.item.quote
    assert TEXT[quote.start : quote.end] == quote.exact == "trade grew by 4% last year"
    assert (quote.prefix, quote.match) == (TEXT[quote.start - 32 : quote.start], "exact")


@pytest.mark.parametrize(
    ("layer", "form", "field"),
    [
        ("claims", claim_form(QUOTE, kind="guess"), "kind"),
        ("claims", claim_form(QUOTE, delivery=None), "delivery"),
        ("claims", claim_form(QUOTE, speaker="Nobody"), "speaker"),
        ("claims", claim_form(QUOTE, speaker=None), "speaker"),
        ("claims", claim_form(QUOTE, speaker=""), "speaker"),
        ("claims", claim_form(QUOTE, via=["Nobody"]), "via"),
        ("claims", claim_form(QUOTE, statement="  "), "statement"),
        ("claims", claim_form(QUOTE, statement=["a"]), "statement"),
        ("claims", claim_form(QUOTE, cue="promised"), "cue"),
        ("claims", claim_form(QUOTE, new_speakers=[{"name": "", "kind": "person"}]), "speaker"),
        ("claims", claim_form(QUOTE, new_speakers=[{"name": "Cy", "kind": "robot"}]), "speaker"),
        ("claims", claim_form(QUOTE, mood="glad"), "mood"),
        ("stances", stance_form(QUOTE, position="maybe"), "position"),
        ("stances", stance_form(QUOTE, target=""), "target"),
        ("commitments", commitment_form(QUOTE, firmness="sure"), "firmness"),
        ("commitments", commitment_form(QUOTE, action=""), "action"),
        ("commitments", commitment_form(QUOTE, actors="Bo"), "actors"),
        ("commitments", commitment_form(QUOTE, when={"expression": "by 2040", "means": ""}), "when"),
        ("commitments", commitment_form(QUOTE, when={"expression": "", "means": "2030"}), "when"),
        ("commitments", commitment_form(QUOTE, when={"expression": "by 2030", "means": "soonish"}), "means"),
    ],
)
def test_a_field_without_an_allowed_value_is_told_by_its_name(layer: Layer, form: dict[str, Any], field: str) -> None:
    """And nothing is saved."""
    done = checked(layer, form)
    assert set(fields(done)) == {field}
    assert done.item is None


@pytest.mark.parametrize(
    "quote",
    [
        {"start": 0, "end": 0},
        {"start": -3, "end": 4},
        {"start": 5, "end": 10**9},
        {"start": 12, "end": 5},
        {"start": 1, "end": 9},
        {"text": "The new pier will open in March 2027"},
        {"text": "something that nobody wrote at all"},
        {"text": "The new pyer will opened in March 2026"},
        {"start": "0", "end": "10"},
        None,
        "PORT ELLEN",
    ],
)
def test_a_quote_must_be_a_passage_of_the_article(quote: Any) -> None:
    """By its offsets, or by its words but for quote marks, spaces and case."""
    done = checked("claims", claim_form(QUOTE) | {"quote": quote})
    assert fields(done) == ["quote"]
    assert done.item is None


def test_white_space_at_the_ends_of_a_selection_is_left_out() -> None:
    """Nobody selects exactly."""
    start = TEXT.index(QUOTE)
    done = checked("claims", claim_form(QUOTE) | {"quote": {"start": start - 1, "end": start + len(QUOTE)}})
    assert done.item is not None
    assert done.item.quote.exact == QUOTE


def test_offsets_are_code_points_also_after_characters_beyond_the_basic_plane() -> None:
    """A ship (U+1F6A2) is one."""
    start = TEXT.index("🚢")
    done = checked("claims", claim_form(QUOTE) | {"quote": {"start": start, "end": start + 7}})
    assert done.item is not None
    assert done.item.quote.exact == "🚢 trade"


def test_typed_words_become_the_articles_own() -> None:
    """Straight marks and other spaces are no other words."""
    done = checked("claims", claim_form(QUOTE) | {"quote": {"text": "repairs  will be finished BY 2030"}})
    assert done.item is not None
    assert (done.item.quote.exact, done.item.quote.match) == (QUOTE, "exact")


def test_a_new_source_may_speak_and_relay() -> None:
    """It comes back beside the item."""
    cy = {"name": " Cy Roe ", "kind": "person", "role": "", "affiliation": "the port"}
    done = checked("claims", claim_form(QUOTE, speaker="Cy Roe", new_speakers=[cy]))
    assert done.problems == []
    assert [speaker.model_dump() for speaker in done.speakers] == [
        {"name": "Cy Roe", "kind": "person", "role": None, "affiliation": "the port"}
    ]


@pytest.mark.parametrize(
    ("words", "means", "edtf", "earliest", "latest", "basis"),
    [
        ("by 2030", "", "../2030", None, "2030-12-31", "resolved"),
        ("BY 2030", "", "../2030", None, "2030-12-31", "resolved"),
        ("in March 2026", "", "2026-03", "2026-03-01", "2026-03-31", "resolved"),
        ("last year", "", "2024", "2024-01-01", "2024-12-31", "resolved"),
        ("if the council agrees", "", None, None, None, "unresolved"),
        ("if the council agrees", "August 2025", "2025-08", "2025-08-01", "2025-08-31", "resolved"),
        ("if the council agrees", "next week", "2025-05-05/2025-05-11", "2025-05-05", "2025-05-11", "resolved"),
        ("if the council agrees", "2025-08-05", "2025-08-05", "2025-08-05", "2025-08-05", "resolved"),
        ("if the council agrees", "../2030", "../2030", None, "2030-12-31", "resolved"),
        ("if the council agrees", "2026-03/..", "2026-03/..", "2026-03-01", None, "resolved"),
    ],
)
def test_a_time_is_read_by_code_from_the_articles_words_or_from_the_reviewers(
    words: str, means: str, edtf: str | None, earliest: str | None, latest: str | None, basis: str
) -> None:
    """Its words stand in the article, its days are counted from the day of publication."""
    done = checked("commitments", commitment_form(QUOTE, when={"expression": words, "means": means}))
    assert done.problems == []
    when = done.when
    assert when is not None
    assert when.span is not None
    assert TEXT[slice(*when.span)] == when.expression
    assert when.model_dump(mode="json", include={"edtf", "earliest", "latest", "basis"}) == {
        "edtf": edtf,
        "earliest": earliest,
        "latest": latest,
        "basis": basis,
    }


def test_the_days_are_told_while_other_fields_are_still_missing() -> None:
    """They are shown while the reviewer types."""
    done = checked("commitments", {"when": {"expression": "by 2030", "means": ""}})
    assert done.when is not None
    assert done.when.edtf == "../2030"
    assert set(fields(done)) == {"quote", "action", "firmness"}


def test_what_is_left_alone_stays_as_it_is() -> None:
    """How the quote was found, and a date that only the model knew."""
    run = records.port()
    model = run.commitments[0].when
    assert model is not None
    when = model.model_copy(update={"basis": "model", "edtf": "2026-04", "expression": "if the council agrees"})
    quote = run.commitments[0].quote.model_copy(update={"match": "fuzzy"})
    current = run.commitments[0].model_copy(update={"when": when, "quote": quote, "speaker": "Ann Lee"})
    form = current.model_dump(mode="json", exclude={"id"}) | {"firmness": "agreed"}
    form["when"] = {"expression": "if the council agrees", "means": "2026-04"}
    done = checked("commitments", form, current=current)
    assert done.item == current.model_copy(update={"firmness": "agreed"})
    form["when"]["means"] = ""
    again = checked("commitments", form, current=current).item
    assert isinstance(again, Commitment)
    assert again.when is not None
    assert again.when.basis == "unresolved"
