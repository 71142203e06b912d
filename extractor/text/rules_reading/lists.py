"""The word lists of the reading: kinds of claims and sides of stances (words/claims.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast, get_args

from extractor.schema.reading import ClaimKind
from extractor.text import lexicon


@dataclass(frozen=True, slots=True)
class Lists:
    """`kinds` and `silent` by the lemma of a cue (see words/cues.toml), the others by word."""

    kinds: dict[str, ClaimKind]
    silent: frozenset[str]
    reporter: frozenset[str]
    courtesy: frozenset[str]
    address: frozenset[str]
    connectives: frozenset[str]
    demand: frozenset[str]
    future: frozenset[str]
    intention: frozenset[str]
    intention_to: frozenset[str]
    intention_nouns: frozenset[str]
    possessive: frozenset[str]
    first: frozenset[str]
    opinion: frozenset[str]
    support_verbs: frozenset[str]
    support_words: frozenset[str]
    support_nouns: frozenset[str]
    oppose_verbs: frozenset[str]
    oppose_words: frozenset[str]
    declared: frozenset[str]


@cache
def lists() -> Lists:
    """The lists, read once."""
    words = lexicon.load("claims")
    kinds: dict[str, ClaimKind] = {}
    for kind in get_args(ClaimKind):
        kinds.update(dict.fromkeys(_phrases(words["kinds"][kind]), cast("ClaimKind", kind)))
    content, support, oppose = words["content"], words["support"], words["oppose"]
    return Lists(
        kinds=kinds,
        silent=_phrases(words["kinds"]["none"]),
        reporter=_phrases(words["kinds"]["reporter"]),
        courtesy=frozenset(content["courtesy"].split()),
        address=frozenset(content["address"].split()),
        connectives=frozenset(content["connectives"].split()),
        demand=frozenset(content["demand"].split()),
        future=frozenset(content["future"].split()),
        intention=frozenset(content["intention"].split()),
        intention_nouns=frozenset(content["intention_nouns"].split()),
        possessive=frozenset(content["possessive"].split()),
        intention_to=frozenset(content["intention_to"].split()),
        first=frozenset(content["first"].split()),
        opinion=frozenset(content["opinion"].split()),
        support_verbs=_phrases(support["verbs"]),
        support_words=frozenset(support["words"].split()),
        support_nouns=frozenset(support["nouns"].split()),
        oppose_verbs=_phrases(oppose["verbs"]),
        oppose_words=frozenset(oppose["words"].split()),
        declared=_phrases(words["commitments"]["declared"]),
    )


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(part.split()) for part in text.split(",") if part.strip())
