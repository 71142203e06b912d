"""One attribution within one sentence, in words."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.text.attribution.phrases import Phrase

Words = tuple[int, int]


@dataclass(slots=True)
class Event:
    """`cue` and `content` are spans of words, end exclusive; `source` is None where the sentence names none.

    `rule` is the way of attributing: verb, shared, after, inverted, as, intro, passive, impersonal, infinitive,
    participle, adjective, noun, preposition, colon, label, signed.
    """

    cue: Words
    source: Phrase | None
    content: list[Words]
    lemma: str
    rule: str
    speech: bool = False  # the cue may introduce a quotation
