"""What the wording of a telling says: that something happened, was put off, dropped or denied; that it carries on the
sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extractor.results.ledger.terms import lexicon, stem

_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s*|\n+")
_PARAGRAPH = re.compile(r"\S[^\n]*\S|\S")
_STOP = re.compile(r"[.!?…][\"”’')\]]*(?P<end>\s+)(?=[\"“‘'(\[]*[A-Z0-9])")
_SHORTENED = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|Gov|St|No|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec))\.$"
)
_PAST_WORD = re.compile(r"\b[^\W\d_]{3,}\b")
_PAST_FORM = re.compile(r"\b\w{2,}(?:ed|ought|aught)\b", re.IGNORECASE)


@cache
def _pattern(marker: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(lexicon().markers[marker], key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


def told(marker: str, text: str) -> str | None:
    """The first words in the text that carry a marker ("abandoned", "partly" …), or None."""
    match = _pattern(marker).search(re.sub(r"(?<=\w)n['’]t\b", " not", text))
    return match.group() if match else None


def happened(text: str) -> bool:
    """Whether a sentence tells something as done: a past form, and neither a plan nor a denial."""
    past = told("past", text) or _PAST_FORM.search(text)
    return bool(past) and told("future", text) is None and told("negated", text) is None


def done(text: str) -> frozenset[str]:
    """The acts (lexicon.toml) that a text tells in a past form: "opened", "was built", not "opening" or "to build"."""
    lex = lexicon()
    found: frozenset[str] = frozenset()
    for match in _PAST_WORD.finditer(text):
        word = match.group().casefold()
        if word.endswith("ed") or word in lex.markers["past_forms"]:
            found |= lex.acts.get(stem(word), frozenset())
    return found


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of an article stand, in order. A stop after an initial or a title ends none."""
    for paragraph in _PARAGRAPH.finditer(text):
        start = paragraph.start()
        for stop in _STOP.finditer(text, start, paragraph.end()):
            if not _SHORTENED.search(text[max(start, stop.start() - 12) : stop.start() + 1]):
                yield start, stop.start("end")
                start = stop.end()
        if start < paragraph.end():
            yield start, paragraph.end()


def opens_on(text: str, at: int) -> bool:
    """Whether the sentence around an offset opens by carrying on what stands before ("In this context, …")."""
    start = 0
    for match in _SENTENCE_END.finditer(text, max(0, at - 400), at):
        start = match.end()
    opening = " ".join(text[start : start + 40].casefold().split())
    return opening.startswith(lexicon().openings)
