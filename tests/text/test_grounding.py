"""Grounding: quotes are placed at exact code-point offsets, or not at all, with a reason."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from extractor.schema.record import Quote
from extractor.text.grounding import NO_WORDS, NOT_FOUND, TOO_LONG, GroundedText, NotPlaced, Placed
from extractor.text.matching.boundaries import severs, severs_number
from extractor.text.matching.normalizing import normalize

ARTICLE = (
    "The ministry said on Thursday that Ana Lovrić called the port “an open door” for trade. “We will not sign the "
    "treaty before 12 August,” she told reporters — and the co\u00adoperation wouldn’t stop.\n\n"
    "Iran ran a test of the line. Lovrić pledged to invest $5 million in the new terminal by the end of 2025. Growth "
    "of 12.5 percent was\u00a0expected. She was able to travel. It was not raining. She said “the pilot train will be "
    "launched in August 2025”. Iraq, where she has never been, will join the northern corridor next year, or in June. "
    "She said so on Friday."
)


def passage(text: str, quote: str, **options: object) -> tuple[str, str]:
    """The placed passage and how it matched, or the empty string and the reason."""
    placed = GroundedText(text).place(quote, **options)  # type: ignore[arg-type] # options of place, by name
    if isinstance(placed, NotPlaced):
        return "", placed.reason
    assert 0 <= placed.start < placed.end <= len(text)
    return text[placed.start : placed.end], placed.match


# -- what matches, and how ---------------------------------------------------------------------------------------------


def test_a_verbatim_quote_is_exact() -> None:
    """A passage copied character for character is placed at its offsets with match exact and a score of 100."""
    start = ARTICLE.index("invest $5 million")
    assert GroundedText(ARTICLE).place("invest $5 million") == Placed(start, start + 17, "exact", 100.0)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ('called the port "an open door" for trade', "called the port “an open door” for trade"),
        ("called the port 'an open door' for trade", "called the port “an open door” for trade"),
        ("CALLED THE PORT «AN OPEN DOOR»", "called the port “an open door”"),
        ("she told reporters - and the cooperation wouldn't stop", None),
        ("she told reporters--and the cooperation", "she told reporters — and the co\u00adoperation"),
        ("wouldn't  stop. Iran ran", "wouldn’t stop.\n\nIran ran"),
        ("12.5 percent was expected", "12.5 \npercent was\u00a0expected".replace("\n", "")),
        ("Ana Lovric\u0301 called", "Ana Lovrić called"),
        ("\u200bAna\u200b Lovrić\ufeff  called", "Ana Lovrić called"),
        ("ｐｏｒｔ “an open door”", "port “an open door”"),
    ],
)
def test_marks_spaces_case_and_spelling_of_unicode_do_not_matter(quote: str, expected: str | None) -> None:
    """Quote marks, dashes, spaces, case, invisible characters, composed and full-width letters match as normalized."""
    if expected is None:
        expected = "she told reporters — and the co\u00adoperation wouldn’t stop" if "told" in quote else ""
    found, how = passage(ARTICLE, quote)
    assert (found, how) == ((expected, "normalized") if expected else ("", NOT_FOUND))


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("“We will not sign the treaty before 12 August”", "We will not sign the treaty before 12 August"),
        ("'the ministry said on Thursday.'", "The ministry said on Thursday"),
        (
            "Lovrić pledged to invest $5 million in the new terminal,",
            "Lovrić pledged to invest $5 million in the new terminal",
        ),
        ("Iran ran a test of the line,", "Iran ran a test of the line"),
        ("… called the port “an open door” …", "called the port “an open door”"),
        ("[T]he pilot train will be launched", "the pilot train will be launched"),
        ("**pledged to invest**", "pledged to invest"),
        ("She said “the pilot train will be launched in August 2025.”", ARTICLE[ARTICLE.index("She said “") :][:58]),
    ],
)
def test_marks_that_a_model_adds_at_the_ends_are_left_out(quote: str, expected: str) -> None:
    """Extra quote marks, a full stop, a comma, an ellipsis or emphasis do not keep a quote from its passage."""
    assert passage(ARTICLE, quote) == (expected, "normalized")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Lovrić pledged to invset in the new terminal", ""),
        (
            "Lovrić pleged to invest $5 million in the new terminal",
            "Lovrić pledged to invest $5 million in the new terminal",
        ),
        ("the pilot trains will be launched in August", "the pilot train will be launched in August"),
        ("Lovrič called the port an open door for trade", "Lovrić called the port “an open door” for trade"),
        ("The ministry said on Thursday Ana Lovrić called", "The ministry said on Thursday that Ana Lovrić called"),
        ("Ana Lovrić praised the port as a gateway to the world", ""),
    ],
)
def test_a_few_changed_characters_match_as_fuzzy(quote: str, expected: str) -> None:
    """A typo, an inflection or a lost mark is forgiven, a paraphrase is not; the passage ends at whole words."""
    assert passage(ARTICLE, quote) == ((expected, "fuzzy") if expected else ("", NOT_FOUND))


def test_short_quotes_are_never_fuzzy() -> None:
    """Under twelve characters one edit makes another word, so nothing but the same words is accepted."""
    assert passage(ARTICLE, "told reportrs") == ("told reporters", "fuzzy")
    assert passage(ARTICLE, "reportrs") == ("", NOT_FOUND)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Lovrić pledged to invest … by the end of 2025", None),
        ("Lovrić pledged to invest ... by the end of 2025.", None),
        (
            "Lovrić pledged to invest [...] in the new [coal] terminal by the end of 2025",
            None,
        ),
        ("the pilot [cargo] train will be launched", "the pilot train will be launched"),
        ("Lovrić … invest (…) by the end of 2025", None),
        ("Lovrić pleged to invest … by the end of 2025", None),
        (
            "She was able to travel … She said “the pilot train",
            "She was able to travel. It was not raining. She said “the pilot train",
        ),
    ],
)
def test_an_elided_quote_is_placed_from_its_first_to_its_last_segment(quote: str, expected: str | None) -> None:
    """Words left out, or put in in brackets, give the hull of the segments, as fuzzy."""
    whole = "Lovrić pledged to invest $5 million in the new terminal by the end of 2025"
    assert passage(ARTICLE, quote) == (expected or whole, "fuzzy")


def test_the_segments_of_an_elided_quote_stand_in_order_and_near_each_other() -> None:
    """Segments in another order, or more than 400 characters apart, are no passage."""
    assert passage(ARTICLE, "by the end of 2025 … Lovrić pledged to invest")[0] == ""
    for gap, found in ((390, True), (410, False)):
        text = "They agreed to meet again " + "and so on " * (gap // 10) + "in the old town hall."
        assert bool(passage(text, "They agreed to meet again … in the old town hall")[0]) is found


# -- numbers, dates, negations, names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("We will not sign the treaty before 21 August", "the number 21 in the quote stands as 12 in the text"),
        ("join the northern corridor next year, or in July", "the date July in the quote stands as June in the text"),
        ("We will sign the treaty before 12 August", "the negation not of the text is missing in the quote"),
        ("and the cooperation would stop. Iran", "the negation n't of the text is missing in the quote"),
        (
            "Lovrić never pledged to invest $5 million in the new terminal by the end of 2025",
            "the negation never in the quote does not stand in that passage of the text",
        ),
        (
            "pledged to invest $5 billion in the new terminal",
            "the number $5 billion in the quote stands as $5 million in the text",
        ),
        (
            "pledged to invest €5 million in the new terminal",
            "the number €5 million in the quote stands as $5 million in the text",
        ),
        (
            "Growth of 12,5 percent was expected",
            "the number 12,5 percent in the quote stands as 12.5 percent in the text",
        ),
        ("will join the northern corridor last year", "the date last in the quote stands as next in the text"),
        ("She was unable to travel. It was not", "the word unable in the quote stands as able in the text"),
        ("Iran, where she has never been, will join", "the name Iran in the quote stands as Iraq in the text"),
        ("We will … sign the treaty before 12 August", "the negation not of the text is missing in the quote"),
        ("invest … million in the new terminal", "the number million in the quote stands as $5 million in the text"),
    ],
)
def test_a_changed_number_date_negation_or_name_is_refused(quote: str, reason: str) -> None:
    """A passage that tells something else is not placed, however alike it looks, and the reason names both sides."""
    assert passage(ARTICLE, quote) == ("", reason)


@pytest.mark.parametrize(
    ("text", "quote", "placed"),
    [
        ("The fund holds 10 percent of the shares.", "The fund holds 10 per cent of the shares", True),
        ("They cannot leave the capital today.", "They can not leave the capital today", True),
        ("They won’t leave the capital again.", "They will not leave the capital again", False),
        ("The talks resume on Feb. 12 in the city.", "The talks resume on Feb 12 in the city", True),
        ("They paid 1,000 for the two horses.", "They paid 1000 for the two horses", False),
        ("The area is 10² hectares in the plan.", "The area is 102 hectares in the plan", False),
        ("It fell to -5 degrees in the valley.", "It fell to 5 degrees in the valley", False),
        ("Officials sold 5bn shares of the bank.", "Officials sold 5mn shares of the bank", False),
        ("They talked for twenty-five days there.", "They talked for twenty five days there", True),
        ("They met from 10 to 12 at the old mill.", "They met from 12 to 10 at the old mill", False),
        ("中方将继续支持该国的经济发展，不会改变立场。", "中方将继续支持该国的经济发展，会改变立场", False),
        ("Die Regierung wird das Abkommen nicht kündigen.", "Die Regierung wird das Abkommen kündigen", False),
    ],
)
def test_the_guard_reads_what_numbers_and_negations_say(text: str, quote: str, placed: bool) -> None:
    """Two spellings of one number or negation agree; sign, power, magnitude, order and other languages are seen."""
    assert bool(passage(text, quote)[0]) is placed


def test_a_passage_that_passes_the_guard_is_preferred_to_a_closer_one_that_does_not() -> None:
    """Among look-alikes the one with the quote's number is placed."""
    text = "In 2024 the union counted 310 members. In 2025 the union counted 340 membrs in all."
    assert passage(text, "In 2025 the union counted 340 members") == ("In 2025 the union counted 340 membrs", "fuzzy")


# -- which of several --------------------------------------------------------------------------------------------------


def test_words_are_not_cut_in_two() -> None:
    """A quote inside of a longer word, a contraction or a soft-hyphenated word is not placed there."""
    assert GroundedText(ARTICLE).place("ran") == Placed(*_span(ARTICLE, " ran ", 1), "exact", 100.0)
    assert passage("Iran and Iranians", "ran")[1] == NOT_FOUND
    assert passage("He can’t go, as all know", "He can")[1] == NOT_FOUND
    assert passage("the co\u00adoperation", "the co")[1] == NOT_FOUND
    assert passage("the ﬁne", "the fi")[1] == NOT_FOUND
    assert passage("外交部发言人表示", "发言人") == ("发言人", "exact")
    assert passage("กระทรวงการต่างประเทศ", "การต่าง") == ("การต่าง", "exact")


def _span(text: str, around: str, margin: int) -> tuple[int, int]:
    start = text.index(around) + margin
    return start, start + len(around) - 2 * margin


def test_a_number_is_not_cut_where_it_stands_whole() -> None:
    """12 is placed at the 12 by itself rather than in 12.5, and in 12.5 only where there is no other."""
    assert GroundedText("It grew 12.5 and then 12 percent").place("12") == Placed(22, 24, "exact", 100.0)
    assert GroundedText("It grew 12.5 percent").place("12") == Placed(8, 10, "exact", 100.0)


@pytest.mark.parametrize("quote", ["she said so", "She Said  so", "she saidd so to us"])
def test_the_occurrence_nearest_to_near_is_chosen(quote: str) -> None:
    """Of several occurrences the first is placed, or with `near` the one that starts nearest to it, exact or not."""
    text = "she said so to us, " * 3 + "filler words stand here. " * 400 + "she said so to us, " * 2
    grounded = GroundedText(text)
    starts = [match.start() for match in re.finditer("she said so", text)]
    first = grounded.place(quote)
    assert isinstance(first, Placed)
    assert first.start == 0
    for near in (-5000, -5, 0, 9, 10, 28, 30, 3000, 9000, len(text), len(text) + 99):
        placed = grounded.place(quote, near=near)
        assert isinstance(placed, Placed)
        assert placed.start == min(starts, key=lambda start: abs(start - near))


def test_within_limits_the_search() -> None:
    """A passage outside of the range, or across its edge, is not placed; one that fills it is."""
    text = "Peace talks began. Peace  talks began."
    assert GroundedText(text).place("Peace talks", within=(5, 38)) == Placed(19, 31, "normalized", 100.0)
    assert GroundedText(text).place("Peace talks", within=(19, 31)) == Placed(19, 31, "normalized", 100.0)
    for within in ((1, 30), (19, 30), (20, 31), (9, 2), (-9, 3), (50, 90), (0, -1)):
        assert GroundedText(text).place("Peace talks", within=within) == NotPlaced(NOT_FOUND)


# -- nothing to place --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ["", "  \n", "“…”", "...", "—", "\u200b", "[ ]"])
def test_a_quote_without_words_is_not_placed(quote: str) -> None:
    """Empty, blank and punctuation-only quotes say so, though the text has such marks."""
    assert GroundedText(ARTICLE + " ... — ").place(quote) == NotPlaced(NO_WORDS)


def test_a_quote_longer_than_the_text_is_not_placed() -> None:
    """It says so; a huge one is not even read."""
    assert GroundedText("A short text.").place("A short text that goes on") == NotPlaced(TOO_LONG)
    assert GroundedText("").place("word") == NotPlaced(TOO_LONG)
    assert GroundedText("short").place("long " * 1_000_000) == NotPlaced(TOO_LONG)


def test_extra_marks_do_not_make_a_quote_too_long() -> None:
    """A quote that is longer only by its marks is placed on the whole text."""
    assert passage("We agree", "“ We  agree! ”") == ("We agree", "normalized")


# -- scripts and sequences ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quote", "expected", "how"),
    [
        ("قال الوزير إنه سيوقع الاتفاق غدا", "سيوقع الاتفاق", "سيوقع الاتفاق", "exact"),
        ("قال \u200fالوزير\u200f إنه", "قال الوزير إنه", "قال \u200fالوزير\u200f إنه", "normalized"),
        ("می\u200cخواهم بروم", "میخواهم", "می\u200cخواهم", "normalized"),
        ("그는 서울에서 말했다", unicodedata.normalize("NFD", "서울에서"), "서울에서", "normalized"),
        (
            unicodedata.normalize("NFD", "그는 서울에서 말했다"),
            "서울에서",
            unicodedata.normalize("NFD", "서울에서"),
            "normalized",
        ),
        ("the cafe\u0301 opened", "caf\u00e9", "cafe\u0301", "normalized"),
        ("the cafe\u0301 opened", "cafe", "", NOT_FOUND),
        ("in İstanbul now", "i\u0307stanbul", "İstanbul", "normalized"),
        ("the o\ufb03ce closed", "office", "o\ufb03ce", "normalized"),
        ("die große Straße", "GROSSE STRASSE", "große Straße", "normalized"),
        ("well 👩\u200d💻 done", "well 👩\u200d💻", "well 👩\u200d💻", "exact"),
        ("well 👩\u200d💻 done", "well 👩", "", NOT_FOUND),
        ("I ❤\ufe0f it", "I ❤", "I ❤\ufe0f", "normalized"),
        ("ok 👍🏽 yes", "ok 👍", "", NOT_FOUND),
        ("go 🇵🇰🇷🇺 go", "go 🇵🇰", "go 🇵🇰", "exact"),
        ("go 🇵🇰🇷🇺 go", "go 🇵", "", NOT_FOUND),
        ("हिन्दी में कहा", "हिन्दी में", "हिन्दी में", "exact"),
        ("ｶﾞｽを輸入する", "ガスを輸入", "ｶﾞｽを輸入", "normalized"),
        ("a\U0001f600b and 𝐛𝐨𝐥𝐝 text", "bold text", "𝐛𝐨𝐥𝐝 text", "normalized"),
    ],
)
def test_offsets_stay_true_in_every_script(text: str, quote: str, expected: str, how: str) -> None:
    """Right-to-left, CJK, jamo, marks, ligatures, growing letters, emoji: whole sequences, code-point offsets."""
    assert passage(text, quote) == (expected, how)


def test_the_published_quote_carries_its_surroundings() -> None:
    """The record's quote has the exact text and up to 32 characters on each side."""
    grounded = GroundedText(ARTICLE)
    placed = grounded.place('"an open door"')
    assert isinstance(placed, Placed)
    assert grounded.quote(placed) == Quote(
        exact="“an open door”",
        prefix=ARTICLE[placed.start - 32 : placed.start],
        suffix=ARTICLE[placed.end : placed.end + 32],
        start=placed.start,
        end=placed.end,
        match="normalized",
    )
    assert grounded.quote(Placed(0, 12, "exact", 100.0)).prefix == ""


# -- properties --------------------------------------------------------------------------------------------------------

_PIECES = (
    *(
        "the",
        "ran",
        "Iran",
        "a",
        "not",
        "n't",
        "12",
        "12.5",
        "1,000",
        "²",
        "½",
        "_",
        "(",
        "[",
        "]",
        ".",
        ",",
        "...",
        "…",
    ),
    *("‘", "’", "“", "”", '"', "'", "«", "—", "–", "-", " ", "  ", "\u00a0", "\n", "\x85", "\u3000", "\x00", "\ud800"),
    *(
        "İstanbul",
        "ǆ",
        "ﬁne",
        "e\u0301",
        "\u0301",
        "ß",
        "ẞ",
        "ΐ",
        "Å",
        "\u212b",
        "\u00ad",
        "\u200b",
        "\u200d",
        "\ufe0f",
    ),
    *("👩\u200d💻", "🇵🇰", "👍🏽", "中国", "外交", "กำ", "한", "\u1112\u1161\u11ab", "ｶﾞ", "नहीं", "שלום", "مي"),
)
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and two offsets in it that cut nothing, with a letter or digit between them."""
    text = draw(texts) + draw(st.sampled_from(["word", "12", "外", "e\u0301"])) + draw(texts)
    bounds = [at for at in range(len(text) + 1) if not severs(text, at) and not severs_number(text, at)]
    start = draw(st.sampled_from(bounds[:-1]))
    end = draw(st.sampled_from([at for at in bounds if at > start]))
    assume(any(char.isalnum() for char in text[start:end]))
    return text, start, end


@settings(deadline=None)
@given(passages())
def test_any_passage_between_word_bounds_is_exact(planted: tuple[str, int, int]) -> None:
    """Whatever stands in a text between two places that cut nothing is found there, to the character."""
    text, start, end = planted
    assert GroundedText(text).place(text[start:end], near=start) == Placed(start, end, "exact", 100.0)


def _curly(quote: str) -> str:
    return quote.replace('"', "“").replace("'", "’")


def _spaces(quote: str) -> str:
    return quote.replace(" ", "\u00a0\u2009")


def _nfd(quote: str) -> str:
    return unicodedata.normalize("NFD", quote)


def _nfc(quote: str) -> str:
    return unicodedata.normalize("NFC", quote)


@settings(deadline=None)
@given(
    parts=st.tuples(texts, texts, texts),
    words=st.tuples(
        *[st.sampled_from(["word", "Iran", "İstanbul", "ﬁne", "Å", "ΐ", "中国", "한", "12", "ß", "مي"])] * 2
    ),
    changes=st.lists(st.sampled_from([_curly, _spaces, _nfd, _nfc, str.casefold]), min_size=1, max_size=3),
)
def test_what_only_looks_different_has_the_form_of_its_passage(
    parts: tuple[str, str, str], words: tuple[str, str], changes: list[Callable[[str], str]]
) -> None:
    """Curly marks, other spaces, case, composed and decomposed letters are placed where the form is the quote's."""
    left, middle, right = (re.sub("[²³¹½]", "", part) for part in parts)  # the guard keeps 10² from 102
    quote = f"{words[0]} {middle} {words[1]}"
    text = f"{left} {quote} {right}"
    form = normalize(quote).text
    for change in changes:
        quote = change(quote)
    assume(normalize(quote).text == form)  # casefold also changes some letters for good
    placed = GroundedText(text).place(quote, near=len(left) + 1)
    assert isinstance(placed, Placed)
    assert placed.match in ("exact", "normalized")
    assert normalize(text[placed.start : placed.end]).text == form


@settings(deadline=None)
@given(
    text=texts,
    quote=texts,
    near=st.none() | st.integers(-10, 100) | st.integers(),
    within=st.none() | st.tuples(st.integers(), st.integers()),
)
@example(text="0" * 40, quote="0" * 30 + "1", near=None, within=None)
def test_place_never_raises_and_stays_in_range(
    text: str, quote: str, near: int | None, within: tuple[int, int] | None
) -> None:
    """Any text and any quote give a passage within the range, or a reason."""
    placed = GroundedText(text).place(quote, near=near, within=within)
    if isinstance(placed, NotPlaced):
        assert placed.reason
        return
    low, high = within or (0, len(text))
    assert max(0, low) <= placed.start < placed.end <= min(high, len(text))
    assert 90 <= placed.score <= 100
    assert not severs(text, placed.start)
    assert not severs(text, placed.end)
    if placed.match == "exact":
        assert text[placed.start : placed.end] == quote


@settings(deadline=None)
@given(
    numbers=st.lists(st.integers(0, 99_999), min_size=1, max_size=4),
    which=st.integers(0, 19),
    digit=st.sampled_from("0123456789"),
    typo=st.booleans(),
)
def test_a_changed_digit_is_never_placed_on_another_number(
    numbers: list[int], which: int, digit: str, typo: bool
) -> None:
    """With any digit of a quote changed, there is no passage, or one that has the quote's numbers."""
    words = ("ministers of the region", "discussed a sum of", "with the delegates", "and left for home on")
    text = " ".join(f"{words[index]} {number}" for index, number in enumerate(numbers)) + " as planned."
    places = [match.start() for match in re.finditer(r"\d", text)]
    at = places[which % len(places)]
    quote = text[:at] + digit + text[at + 1 :]
    quote = quote.replace("ministers", "minister") if typo else quote
    placed = GroundedText(text).place(quote)
    if isinstance(placed, Placed):
        assert re.findall(r"\d+", text[placed.start : placed.end]) == re.findall(r"\d+", quote)
    else:
        assert digit != text[at]


@settings(deadline=None)
@given(text=texts)
def test_the_form_leads_back_to_the_text(text: str) -> None:
    """Offsets of the form's characters never run backwards and cover the original; the form of a form is itself."""
    form = normalize(text)
    starts = [at for position in range(len(form.text)) if (at := form.start(position)) is not None]
    ends = [at for position in range(1, len(form.text) + 1) if (at := form.end(position)) is not None]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= at <= len(text) for at in (*starts, *ends))
    for start in starts:
        assert form.start(form.positions(start, len(text))[0]) == start


@settings(deadline=None)
@given(st.text())
def test_canonically_equal_texts_have_one_form(text: str) -> None:
    """Composed and decomposed spellings of a text do not differ in their form."""
    assume(text == text.strip("\u0344"))
    assert normalize(unicodedata.normalize("NFD", text)).text == normalize(unicodedata.normalize("NFC", text)).text


# -- long texts --------------------------------------------------------------------------------------------------------


def test_a_text_that_repeats_itself_is_still_searched_in_time() -> None:
    """Half a million characters with an occurrence at every step take under five seconds, fuzzy search included."""
    for text, quote in (
        ("a" * 500_000, "a" * 30),
        ("so be it. " * 50_000, "so be it. so be itt. so be"),
        ("e" + "\u0301\u0323" * 250_000, "e one two three"),
    ):
        begun = time.process_time()
        GroundedText(text).place(quote)
        assert time.process_time() - begun < 5
