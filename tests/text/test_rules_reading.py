"""The reading by rules: a full Reading whose quotes are passages of the article."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.schema.article import Article
from extractor.schema.reading import CommitmentRead, Reading, SpeakerRead
from extractor.text.rules_reading import read

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def reading(text: str, published: str | None = "2025-02-12") -> Reading:
    return read(Article(id="a", text=text, published=None if published is None else dt.date.fromisoformat(published)))


def seed(name: str) -> tuple[str, Reading]:
    head, text = (SEEDS / f"{name}.txt").read_text(encoding="utf-8").split(maxsplit=2)[1:]
    return text, reading(text, head)


def speaker(found: Reading, identifier: str | None) -> SpeakerRead:
    return next(one for one in found.speakers if one.id == identifier)


def one_commitment(text: str, published: str = "2025-02-12") -> CommitmentRead:
    (commitment,) = reading(text, published).commitments
    return commitment


def test_the_ambassador_of_the_first_seed_is_one_speaker_with_his_office() -> None:
    """Surname, office and pronoun are gathered under the full name."""
    _, found = seed("000_43ab85a582bdf18f")
    assert [(one.id, one.name, one.role, one.affiliation, one.kind) for one in found.speakers] == [
        ("s1", "Albert P. Khorev", "Ambassador of Russia to Pakistan", "Russia", "person")
    ]


def test_the_first_seed_has_its_claims_stances_and_commitments() -> None:
    """The passages that matter are found with their kinds, sides and dates, the headline's only once."""
    _, found = seed("000_43ab85a582bdf18f")
    claims = {claim.quote: (claim.kind, claim.delivery, claim.cue) for claim in found.claims}
    assert claims["We support Pakistan's counter-terrorism efforts"] == ("opinion", "direct", "said")
    assert claims["Russia welcomes Pakistan's willingness to become involved in the work of BRICS"] == (
        "opinion",
        "indirect",
        "said",
    )
    assert ("support", "Pakistan's counter-terrorism efforts") in {(one.position, one.target) for one in found.stances}
    commitments = [(one.actors, one.firmness, one.when.edtf if one.when else None) for one in found.commitments]
    assert commitments[0] == (["Russia", "Pakistan"], "pledged", "2025")
    assert (["Russia"], "hoped", None) in commitments


def test_the_second_seed_relays_what_putin_thinks_through_overchuk() -> None:
    """The innermost source is the speaker; the relays stand in `via`, outermost first."""
    _, found = seed("004_3222fb550c84a5fa")
    claim = next(one for one in found.claims if one.cue == "considered")
    assert speaker(found, claim.speaker).name == "Vladimir Putin"
    assert [speaker(found, one).name for one in claim.via] == ["foreign office", "Alexei Overchuk"]


def test_the_second_seed_dates_the_train_and_the_summit() -> None:
    """Nominal plans have their month; “later this August” in July is August."""
    _, found = seed("004_3222fb550c84a5fa")
    dated = {one.action: one.when for one in found.commitments if one.when is not None}
    train = dated["launch pilot cargo train between Pakistan and Russia"]
    assert (train.expression, train.edtf) == ("in August 2025", "2025-08")
    assert (train.earliest, train.latest) == (dt.date(2025, 8, 1), dt.date(2025, 8, 31))
    assert {when.edtf for when in dated.values()} == {"2025-08"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ann Lee said the plant opened in May.", "fact"),
        ("Ann Lee said the plan was a wonderful success.", "opinion"),
        ("Ann Lee predicted that prices would fall.", "prediction"),
        ("Ann Lee, the ambassador of Chile, said Chile will build roads.", "intention"),
        ("Ann Lee urged the firm to close the plant.", "demand"),
        ("Ann Lee said the firm should close the plant.", "demand"),
    ],
)
def test_the_kind_of_a_claim_comes_from_its_cue_or_its_words(text: str, kind: str) -> None:
    """Facts, opinions, predictions, intentions and demands are told apart."""
    (claim,) = reading(text).claims
    assert claim.kind == kind


def test_two_clauses_are_two_claims_and_a_list_is_one() -> None:
    """A new subject with its verb starts a new claim; objects under one verb do not."""
    text = "Ann Lee said the plant was closed, and the workers were paid. Ann Lee said the firm makes cars and trucks."
    quotes = [claim.quote for claim in reading(text).claims]
    assert quotes == ["the plant was closed", "the workers were paid", "the firm makes cars and trucks"]


def test_later_sentences_of_a_quotation_are_claims_without_a_cue() -> None:
    """The cue belongs to the first sentence."""
    found = reading("“The plant was closed in May. The workers were paid,” Ann Lee said.")
    assert [(claim.quote, claim.cue, claim.delivery) for claim in found.claims] == [
        ("The plant was closed in May", "said", "direct"),
        ("The workers were paid", None, "direct"),
    ]


def test_a_statement_stands_alone() -> None:
    """First persons become the speaker or the side spoken for."""
    found = reading("“We have closed our plant,” said Ann Lee, ambassador of Chile. “I am proud of it.”")
    assert [claim.statement for claim in found.claims] == ["Chile has closed Chile’s plant.", "Ann Lee is proud of it."]


@pytest.mark.parametrize(
    ("text", "position", "target"),
    [
        ("The senator criticized the trade deal.", "oppose", "trade deal"),
        ("The minister welcomed the visit.", "support", "visit"),
        ("The party opposes higher taxes.", "oppose", "higher taxes"),
        ("Ann Lee underscored the importance of trade.", "support", "trade"),
        ("Ann Lee said the deal was a disgrace.", "oppose", "deal"),
    ],
)
def test_stances_follow_the_polarity_of_cue_or_words(text: str, position: str, target: str) -> None:
    """Verbs of judgement and evaluative words give the side and what it is about."""
    assert [(one.position, one.target) for one in reading(text).stances] == [(position, target)]


def test_a_plan_in_the_reporters_words_has_no_speaker_and_no_claim() -> None:
    """Nobody is made to say what the reporter says."""
    found = reading("The president will visit Rome on June 8.")
    assert (found.claims, found.speakers) == ([], [])
    (commitment,) = found.commitments
    assert (commitment.speaker, commitment.firmness) == (None, "scheduled")


def test_those_who_are_met_act_too() -> None:
    """A meeting has at least two actors, by their names."""
    text = "President Ann Lee will meet with President of Chile Peter Marsh in Lima on June 8."
    assert one_commitment(text).actors == ["Ann Lee", "Peter Marsh"]


def test_we_are_the_side_spoken_for() -> None:
    """An ambassador's “we” is the state."""
    commitment = one_commitment("“We will build roads in 2026,” said Ann Lee, ambassador of Chile.")
    assert (commitment.actors, commitment.when.edtf if commitment.when else None) == (["Chile"], "2026")


def test_what_a_document_says_is_agreed() -> None:
    """The content of an agreement binds those who signed it."""
    assert one_commitment("According to the agreement, Chile will build roads.").firmness == "agreed"


def test_a_commitment_told_twice_is_one() -> None:
    """The telling with a date stays."""
    text = "Chile will build a long railway.\n\nChile will build a long railway in 2026."
    commitment = one_commitment(text)
    assert commitment.when is not None
    assert commitment.when.expression == "in 2026"


def test_without_a_publication_date_relative_dates_stay_open() -> None:
    """The words are kept, no day is invented."""
    (commitment,) = reading("Chile will build a railway next year.", None).commitments
    assert commitment.when is not None
    assert (commitment.when.expression, commitment.when.earliest) == ("next year", None)


def test_an_empty_article_has_an_empty_reading() -> None:
    """No text, no items, no error."""
    assert reading("") == Reading(speakers=[], claims=[], stances=[], commitments=[])


def check(text: str, found: Reading) -> None:
    """Every quote, cue and expression is in the text; every reference is to a speaker of the list."""
    known = {one.id for one in found.speakers}
    assert [one.id for one in found.speakers] == [f"s{number}" for number in range(1, len(known) + 1)]
    for item in (*found.claims, *found.stances, *found.commitments):
        assert item.quote
        assert item.quote in text
        assert item.speaker is None or item.speaker in known
    for claim in found.claims:
        assert claim.cue is None or claim.cue in text
        assert claim.speaker in known
        assert set(claim.via) <= known - {claim.speaker}
    for commitment in found.commitments:
        assert commitment.action
        assert commitment.when is None or commitment.when.expression in text


@pytest.mark.parametrize("name", ["000_43ab85a582bdf18f", "004_3222fb550c84a5fa"])
def test_every_quote_of_a_seed_is_copied_from_its_text(name: str) -> None:
    """Quotes are verbatim and references resolve."""
    text, found = seed(name)
    assert found.claims
    check(text, found)


_WORDS = """Ann Lee;said;that;“;”;";';,;.;?;:;will;plans to;build;roads;in May 2026;and;but;the minister;he;they;of
;according to;\n\n;—;(;);is;welcomed;who;’s;…;[;];we;😀;to"""
_PIECES = st.sampled_from([piece.rstrip("\n") or "\n\n" for piece in _WORDS.split(";")])


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=40).map(" ".join))
def test_any_text_has_a_reading_of_its_own_words(text: str) -> None:
    """Whatever is read, nothing breaks and nothing is made up."""
    check(text, reading(text))
