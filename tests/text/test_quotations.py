"""Quotations: where they stand, whether they are speech, and who says them."""

from __future__ import annotations

import time

import pytest

from extractor.text.attribution.analysis import analyse
from extractor.text.quotations import Quotation, find_quotations


def only(text: str) -> Quotation:
    (quotation,) = find_quotations(text)
    return quotation


def words(text: str) -> list[str]:
    return [quotation.text for quotation in find_quotations(text)]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("“", "”"),
        ('"', '"'),
        ("«", "»"),
        ("„", "“"),
        ("„", "”"),
        ("‘", "’"),
        ("'", "'"),
        ("``", "''"),
        ("”", "”"),
        ("「", "」"),
    ],
)
def test_every_pair_of_marks_is_found_with_its_inner_and_outer_span(opening: str, closing: str) -> None:
    """Spans exclude the marks inside and include them outside, whatever the marks are."""
    text = f"She said {opening}we will sign the deal today{closing} and left."
    quotation = only(text)
    assert text[quotation.start : quotation.end] == quotation.text == "we will sign the deal today"
    assert text[quotation.outer_start : quotation.outer_end] == f"{opening}we will sign the deal today{closing}"


def test_a_nested_quotation_has_a_deeper_level() -> None:
    """Single marks inside double ones are a quotation of their own, one level down."""
    found = find_quotations("“He called it a ‘great day’ for us,” said Ann Lee.")
    assert [(one.text, one.level) for one in found] == [("He called it a ‘great day’ for us,", 0), ("great day", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "The workers’ rights and the ’90s are the lawyers' concern.",
        "It's the ministers' job, they don't deny it.",
        "A 12\" record lay on the 6'2\" man's desk.",
    ],
)
def test_apostrophes_and_inch_marks_quote_nothing(text: str) -> None:
    """Possessives, contractions, decades and inches are no quote marks."""
    assert words(text) == []


def test_an_inch_mark_inside_a_quotation_does_not_end_it() -> None:
    """Feet and inches before a small word are measured, not quoted."""
    assert words("“I am 6'2\" tall,” he said.") == ["I am 6'2\" tall,"]
    assert words('"I am 6\'2" tall," he said.') == ["I am 6'2\" tall,"]


def test_a_plural_possessive_does_not_end_a_single_quotation() -> None:
    """Of two apostrophes the one that cannot be a plural's closes."""
    assert words("'We guard the workers' rights today,' he said.") == ["We guard the workers' rights today,"]


def test_a_quotation_of_several_paragraphs_is_one_for_each_and_keeps_its_speaker() -> None:
    """A paragraph that opens and does not close goes on in the next, with the same speaker."""
    text = "Ann Lee said: “We begin in May.\n\n“We end in June.”"
    first, second = find_quotations(text)
    assert (first.text, first.continued) == ("We begin in May.", True)
    assert (second.text, second.continued) == ("We end in June.", False)
    assert first.speaker is not None
    assert second.speaker is not None
    assert first.speaker.name == second.speaker.name == "Ann Lee"


def test_a_mark_that_is_never_closed_does_not_swallow_the_next_paragraph() -> None:
    """A forgotten closer ends with its paragraph."""
    assert words("He said: “We begin in May.\n\nThe weather was fine.") == ["We begin in May."]


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("“We will win,” said Ann Lee.", "Ann Lee", "said"),
        ("“We will win,” Ann Lee said.", "Ann Lee", "said"),
        ("Ann Lee said, “We will win.”", "Ann Lee", "said"),
        ("Ann Lee said: “We will win.”", "Ann Lee", "said"),
        ("“We will win,” Ann Lee told reporters on Monday.", "Ann Lee", "told"),
        ("“Will we win?” asked Ann Lee, the minister of trade.", "Ann Lee", "asked"),
        ("According to Ann Lee, “we will win the vote.”", "Ann Lee", "According to"),
        ("Ann Lee, who left in May, warned: “We will lose.”", "Ann Lee", "warned"),
        ("“We will win the vote.” — Ann Lee", "Ann Lee", "—"),
    ],
)
def test_cue_and_speaker_stand_before_behind_or_beside_the_quotation(text: str, speaker: str, cue: str) -> None:
    """Every usual order of quotation, cue and speaker is read."""
    (quotation,) = find_quotations(text)
    assert quotation.speaker is not None
    assert quotation.cue is not None
    assert (quotation.speaker.name, text[slice(*quotation.cue)], quotation.is_speech) == (speaker, cue, True)


def test_an_interrupted_quotation_has_one_speaker() -> None:
    """Both halves around “said Lee” are hers, and so is the sentence after."""
    found = find_quotations("“We,” said Ann Lee, “will win the vote.” “It is near.”")
    assert [one.speaker.name if one.speaker else None for one in found] == ["Ann Lee"] * 3


def test_a_pronoun_means_the_last_fitting_person() -> None:
    """“She” skips the man who was named last."""
    text = "Ann Lee met Peter Marsh in Rome. “We will win the vote,” she said. “I doubt it will happen,” he said."
    first, second = find_quotations(text)
    assert first.speaker is not None
    assert second.speaker is not None
    assert (first.speaker.name, second.speaker.name) == ("Ann Lee", "Peter Marsh")


def test_a_paragraph_of_quotation_alone_belongs_to_the_speaker_of_the_paragraph_before() -> None:
    """The speaker is carried over to a paragraph without a frame."""
    found = find_quotations("“We will win,” Ann Lee said.\n\n“And we will win again.”")
    assert [one.speaker.name if one.speaker else None for one in found] == ["Ann Lee", "Ann Lee"]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “experts” left the room.",
        "He read “War and Peace” on the train.",
        "The “green wall” project starts in May.",
    ],
)
def test_scare_quotes_and_titles_are_no_speech(text: str) -> None:
    """A word, a title or a name in marks is found, but nobody said it."""
    quotation = only(text)
    assert not quotation.is_speech
    assert quotation.speaker is None


def test_text_without_marks_has_no_quotations() -> None:
    """Empty and plain texts give nothing."""
    assert find_quotations("") == []
    assert find_quotations("Nothing is quoted here.\n\n\n") == []


@pytest.mark.parametrize(
    "unit", ["“a ", '"a b', " 'a b", "“Yes,” he said. ", "“We go.\n\n", "'", '"', "“a ‘b ", "s' ", "“”"]
)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    """Twice as much of an awkward text takes about twice as long, however its marks are placed."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            analyse.cache_clear()
            begin = time.process_time()
            find_quotations(text)
            best = min(best, time.process_time() - begin)
        return best

    seconds(2_000)
    assert seconds(40_000) < 4 * 3 * max(seconds(10_000), 0.002)
