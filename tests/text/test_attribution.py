"""Attributions: who is said to have said, thought or wanted what; and who the speakers are."""

from __future__ import annotations

import time

import pytest

from extractor.text.attribution import Attribution, find_attributions, find_speakers
from extractor.text.attribution.analysis import analyse

Row = tuple[str | None, str | None, str]


def rows(text: str) -> list[Row]:
    """(source, cue, content) as words of the text, without attributions inside others."""
    return [row(text, one) for one in find_attributions(text) if one.inside is None]


def row(text: str, one: Attribution) -> Row:
    source = text[one.source.start : one.source.end] if one.source else None
    cue = text[slice(*one.cue)] if one.cue else None
    return source, cue, " … ".join(text[start:end] for start, end in one.content)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Lee said that prices would fall.", ("Ann Lee", "said", "prices would fall")),
        ("Ann Lee said prices would fall.", ("Ann Lee", "said", "prices would fall")),
        ("Prices will fall, Ann Lee said.", ("Ann Lee", "said", "Prices will fall")),
        ("Prices will fall, the ministry said in a statement on Monday.", ("the ministry", "said", "Prices will fall")),
        ("Prices, Ann Lee said, would fall.", ("Ann Lee", "said", "Prices … would fall")),
        ("Ann Lee has also warned that prices would fall.", ("Ann Lee", "has also warned", "prices would fall")),
        ("She told reporters in Rome that prices would fall.", ("She", "told", "prices would fall")),
        ("The minister asked whether prices would fall.", ("The minister", "asked", "whether prices would fall")),
        ("According to the bank, prices will fall.", ("the bank", "According to", "prices will fall")),
        (
            "Prices will fall, according to a report by the bank.",
            ("a report by the bank", "according to", "Prices will fall"),
        ),
        ("The party plans to raise taxes.", ("The party", "plans", "to raise taxes")),
        ("The president refused to sign the bill.", ("The president", "refused", "to sign the bill")),
        ("The union urged the firm to raise wages.", ("The union", "urged", "to raise wages")),
        ("The minister called for higher taxes.", ("The minister", "called for", "higher taxes")),
        ("The senator criticized the plan.", ("The senator", "criticized", "the plan")),
        ("The senator called the plan a disgrace.", ("The senator", "called", "the plan a disgrace")),
        ("The bill was criticized by the senator.", ("the senator", "was criticized by", "The bill")),
        ("The firm is confident that sales will rise.", ("The firm", "is confident", "sales will rise")),
        ("The two sides are committed to lasting peace.", ("The two sides", "are committed to", "lasting peace")),
        ("As the minister put it, prices will fall.", ("the minister", "put it", "prices will fall")),
        ("A poll released on Friday shows that voters are tired.", ("A poll", "shows", "voters are tired")),
    ],
)
def test_reported_speech_and_thought_has_source_cue_and_content(text: str, expected: Row) -> None:
    """Each way of attributing is read with its exact spans."""
    assert rows(text) == [expected]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Ann Lee, a spokeswoman for the ministry, said prices would fall.",
            "Ann Lee, a spokeswoman for the ministry,",
        ),
        ("Ann Lee, who left in May, said prices would fall.", "Ann Lee"),
        ("Rep. Ann Lee (R-Ohio) said prices would fall.", "Rep. Ann Lee (R-Ohio)"),
        ("The director of the office in Rome said prices would fall.", "The director of the office in Rome"),
        ("Experts from both parties say prices will fall.", "Experts from both parties"),
        ("On Monday, Ann Lee said prices would fall.", "Ann Lee"),
        ("In the debate the minister said prices would fall.", "the minister"),
        ("The adviser on industry and trade said prices would fall.", "The adviser on industry and trade"),
        ("Ann Lee and Peter Marsh said prices would fall.", "Ann Lee and Peter Marsh"),
    ],
)
def test_the_source_is_the_whole_noun_phrase(text: str, source: str) -> None:
    """Attached phrases, appositives and brackets belong to a source; clauses about it and adverbials do not."""
    assert [found for found, _, _ in rows(text)] == [source]


def test_coordinated_cues_share_their_subject() -> None:
    """“Said … and warned …” are two attributions of one source."""
    assert rows("Ann Lee said prices would fall and warned that jobs would go.") == [
        ("Ann Lee", "said", "prices would fall"),
        ("Ann Lee", "warned", "jobs would go"),
    ]


def test_a_participle_takes_the_subject_of_its_sentence() -> None:
    """“…, adding that …” is said by the same person."""
    assert rows("Ann Lee said prices would fall, adding that jobs would stay.") == [
        ("Ann Lee", "said", "prices would fall"),
        ("Ann Lee", "adding", "jobs would stay"),
    ]


def test_an_opening_participle_ends_before_the_main_clause() -> None:
    """“Welcoming the visit, X said …” are two attributions side by side."""
    assert rows("Welcoming the visit, Ann Lee said talks would follow.") == [
        ("Ann Lee", "Welcoming", "the visit"),
        ("Ann Lee", "said", "talks would follow"),
    ]


def test_what_somebody_is_said_to_have_said_has_its_relays() -> None:
    """The inner source of nested reports is found, with the outer ones in `via`, outermost first."""
    text = "The ministry said Ann Lee stressed that Peter Marsh considered the deal important."
    inner = find_attributions(text)[-1]
    assert row(text, inner) == ("Peter Marsh", "considered", "the deal important")
    assert [relay.name for relay in inner.via] == ["ministry", "Ann Lee"]


def test_a_report_inside_a_quotation_is_marked_so() -> None:
    """The frame in the quotation is `quoted`, its relay is who speaks the quotation."""
    outer, inner = find_attributions("“The bank said that prices would fall,” Ann Lee said.")
    assert (outer.quoted, outer.inside, inner.quoted, inner.inside) == (False, None, True, 0)
    assert [relay.name for relay in inner.via] == ["Ann Lee"]


@pytest.mark.parametrize(
    ("text", "delivery"),
    [
        ("“Prices will fall,” Ann Lee said.", "direct"),
        ("Ann Lee said prices would fall.", "indirect"),
        ("Ann Lee said prices would fall “like stones” this year.", "mixed"),
    ],
)
def test_delivery_says_how_much_is_quoted(text: str, delivery: str) -> None:
    """All in marks is direct, nothing indirect, and some of it mixed."""
    assert find_attributions(text)[0].delivery == delivery


def test_a_transcript_attributes_each_turn_to_the_name_before_the_colon() -> None:
    """“Name: …” at the start of a paragraph is said by that person."""
    text = "President of Chile Ann Lee: We met in May. It was good.\n\nPeter Marsh: I agree with you."
    first, second = rows(text)
    assert first == ("President of Chile Ann Lee", ":", "We met in May. It was good.")
    assert second == ("Peter Marsh", ":", "I agree with you.")
    assert [speaker.name for speaker in find_speakers(text)] == ["Ann Lee", "Peter Marsh"]


@pytest.mark.parametrize(
    "text",
    [
        "The train left the station at noon.",
        "He was told to leave.",
        "The minister said this in an interview with a daily.",
        "The report of the office was long, and the plan had a cost.",
    ],
)
def test_sentences_that_attribute_nothing_give_nothing(text: str) -> None:
    """No cue, no source, or no content: no attribution."""
    assert rows(text) == []


def test_speakers_are_gathered_with_their_fullest_name_role_and_affiliation() -> None:
    """Surname, office and pronoun are one speaker, who has the name in full and the office behind it."""
    text = (
        "Ambassador of Chile to Peru, Ann Lee, said trade would grow. Lee added that ports were open. "
        "The ambassador said roads would follow. She also welcomed the visit."
    )
    (speaker,) = find_speakers(text)
    assert (speaker.name, speaker.role, speaker.affiliation, speaker.kind) == (
        "Ann Lee",
        "Ambassador of Chile to Peru",
        "Chile",
        "person",
    )
    assert len(speaker.spans) == 4


@pytest.mark.parametrize(
    ("text", "name", "role", "affiliation", "kind"),
    [
        (
            "Russian Deputy Prime Minister Ivan Petrov said prices fell.",
            "Ivan Petrov",
            "Russian Deputy Prime Minister",
            "Russia",
            "person",
        ),
        ("Ann Lee, the finance minister, said prices fell.", "Ann Lee", "finance minister", None, "person"),
        ("The Foreign Ministry said prices fell.", "Foreign Ministry", None, None, "organization"),
        ("The New York Times reported that prices fell.", "New York Times", None, None, "media"),
        ("A senior official said prices fell.", "senior official", None, None, "unnamed"),
        ("The report said prices fell.", "report", None, None, "document"),
        ("Protesters said prices fell.", "Protesters", None, None, "group"),
        ("France said prices fell.", "France", None, "France", "organization"),
    ],
)
def test_a_source_is_described_by_its_words(
    text: str, name: str, role: str | None, affiliation: str | None, kind: str
) -> None:
    """Name, role, affiliation and kind come from the noun phrase."""
    (speaker,) = find_speakers(text)
    assert (speaker.name, speaker.role, speaker.affiliation, speaker.kind) == (name, role, affiliation, kind)


def test_two_leaders_are_one_joint_speaker() -> None:
    """“The two presidents” are both persons named before."""
    text = "President Ann Lee met President Ivan Petrov. The two presidents said trade would grow."
    (speaker,) = find_speakers(text)
    assert (speaker.name, speaker.kind) == ("Ann Lee and Ivan Petrov", "group")


def test_spans_are_code_points_in_any_script() -> None:
    """Letters beyond the basic plane and accents before a span do not shift it."""
    text = "😀😀 Пресса. Jarosław Kaczyński said prices would fall."
    assert rows(text) == [("Jarosław Kaczyński", "said", "prices would fall")]


@pytest.mark.parametrize(
    "unit",
    [
        "said ",
        "Lee said that ",
        "Lee, who said, ",
        "was told by ",
        "Lee, ",
        "(a ",
        "a. ",
        "a\n\n",
        "Lee and ",
        "the man of ",
        "Lee: yes we will.\n",
        "The two presidents said it. ",
        "a",
        "Ann Lee (AL) ",
        "“We will win,” said Ann Lee. She added that it was near.\n\n",
    ],
)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    """Twice as much text takes about twice as long, whatever it is made of."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            analyse.cache_clear()
            begin = time.process_time()
            find_attributions(text)
            best = min(best, time.process_time() - begin)
        return best

    seconds(2_000)
    assert seconds(32_000) < 4 * 3 * max(seconds(8_000), 0.002)


def test_the_turns_of_a_quoted_transcript_have_the_names_before_the_colon() -> None:
    """Each paragraph opens a quotation that only the last one closes; the words of the turn are no part of a name."""
    text = "“Ann Lee: We will build the bridge next year.\n\n“Tom Ray: No, we will not do so at all.”"
    turns = [(a.source.name, text[slice(*a.content[0])]) for a in find_attributions(text) if a.source]
    assert turns == [
        ("Ann Lee", "We will build the bridge next year."),
        ("Tom Ray", "No, we will not do so at all."),
    ]
    assert [speaker.name for speaker in find_speakers("«n L:e")] == ["L"]
