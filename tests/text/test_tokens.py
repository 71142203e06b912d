"""Words and their offsets."""

from __future__ import annotations

import pytest

from extractor.text.attribution import tokens
from extractor.text.attribution.tokens import Tokens


def _read(text: str) -> Tokens:
    found = Tokens()
    found.read(text, 0, len(text))
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mr. Lee’s bank, the U.S. lender.", ["Mr.", "Lee", "’s", "bank", ",", "the", "U.S.", "lender", "."]),
        ("  two  spaces\nand a line ", ["two", "spaces", "and", "a", "line"]),
        ("__ _Ann_ (D-S.C.) paid $3.5m", ["__", "_Ann_", "(", "D-S.C.", ")", "paid", "$3.5m"]),
        ("etc... [W]e didn't", ["etc.", "[W]e", "didn't"]),
        (" \n ", []),
    ],
)
def test_words_stand_where_the_offsets_say(text: str, words: list[str]) -> None:
    """Every word is the passage between its offsets, and the lists are parallel."""
    found = _read(text)
    assert found.words == words
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == words
    assert len(found.lowered) == len(found.tags()) == len(found.ending()) == len(words)


def test_a_sentence_may_end_behind_marks_only() -> None:
    """A full stop, a closing bracket and an abbreviation may end a sentence; a comma may not."""
    found = _read("No, Inc. (so) it is.")
    ends = [word for word, ending in zip(found.words, found.ending(), strict=True) if ending == "."]
    assert ends == ["Inc.", ")", "."]


def test_what_is_forgotten_is_read_again_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are the same when the memory for pieces is too small for the text."""
    text = "Ann Lee, of Rome, said it. Ann Lee left."
    before = _read(text)
    monkeypatch.setattr(tokens, "_MOST", 2)
    monkeypatch.setattr(tokens, "_pieces", tokens._Pieces())
    after = _read(text)
    assert (after.words, after.lowered, after.starts) == (before.words, before.lowered, before.starts)
    assert len(tokens._pieces) <= 2
