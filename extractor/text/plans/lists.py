"""The trigger words of plans, and base forms of verbs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from extractor.text import lexicon
from extractor.text.attribution.lexis import forms, lexis

Firmness = Literal["agreed", "pledged", "scheduled", "planned", "considered", "hoped"]
Phrases = dict[str, tuple[tuple[tuple[str, ...], Firmness], ...]]  # first word → (the words behind it, firmness)

_DEGREES: tuple[Firmness, ...] = get_args(Firmness)


@dataclass(frozen=True, slots=True)
class Lists:
    """words/plans.toml, each trigger with its firmness. `bases` maps known verb forms to their base form."""

    modals: frozenset[str]
    infinitive: dict[str, Firmness]
    participle: dict[str, Firmness]
    nouns: dict[str, Firmness]
    gerund: Phrases
    state: Phrases
    event_verbs: frozenset[str]
    agenda: frozenset[str]
    event_nouns: frozenset[str]
    objects: dict[str, Firmness]
    linked: frozenset[str]
    upcoming: frozenset[str]
    forecast: frozenset[str]
    aims: frozenset[str]
    actorless: frozenset[str]
    joint: frozenset[str]
    weak: frozenset[str]
    bases: dict[str, str]

    def triggers(self) -> frozenset[str]:
        """Every word at which a plan can be found, apart from names in headlines."""
        groups = (self.modals, self.infinitive, self.participle, self.nouns, self.gerund, self.state, self.event_nouns)
        return frozenset().union(*groups, self.objects, self.upcoming, ("would", "'d", "let", "is", "are", "'s", "'re"))


@cache
def trigger_words() -> frozenset[str]:
    """`Lists.triggers`, put together once."""
    return lists().triggers()


@cache
def lists() -> Lists:
    """The lists, read once."""
    words = lexicon.load("plans")
    events = words["events"]
    return Lists(
        modals=frozenset(words["modals"].split()),
        infinitive={form: degree for lemma, degree in _single(words["infinitive"]) for form in _forms(lemma)},
        participle=dict(_single(words["participle"])),
        nouns=dict(_single(words["nouns"])),
        gerund=_phrases(words["gerund"]),
        state=_phrases(words["state"]),
        event_verbs=frozenset(events["verbs"].split()),
        agenda=frozenset(events["agenda"].split()),
        event_nouns=frozenset(events["nouns"].split()),
        objects={form: degree for lemma, degree in _single(words["objects"]) for form in _forms(lemma)},
        linked=frozenset(words["linked"].split()),
        upcoming=frozenset(events["upcoming"].split()),
        forecast=frozenset(words["forecast"]["verbs"].split()),
        aims=frozenset(words["aims"].split()),
        actorless=frozenset(words["actorless"].split()),
        joint=frozenset(words["joint"].split()),
        weak=frozenset(words["weak"].split()),
        bases=_bases(words),
    )


def _single(degrees: dict[str, str]) -> list[tuple[str, Firmness]]:
    return [(word, degree) for degree in _DEGREES for word in degrees.get(degree, "").split()]


def _phrases(degrees: dict[str, str]) -> Phrases:
    found: dict[str, tuple[tuple[tuple[str, ...], Firmness], ...]] = {}
    for degree in _DEGREES:
        for phrase in filter(None, (part.strip() for part in degrees.get(degree, "").split(","))):
            first, *rest = phrase.split()
            found[first] = (*found.get(first, ()), (tuple(rest), degree))
    return found


def _forms(lemma: str) -> dict[str, str]:
    return forms(lemma, lexicon.load("cues")["irregular"] | lexicon.load("grammar")["past"])


def _bases(words: dict[str, Any]) -> dict[str, str]:
    lemmas = {entry.lemma for found in lexis().verbs.values() for entry in found if not entry.rest}
    for text in (words["events"]["verbs"], words["forecast"]["verbs"], lexicon.load("grammar")["forms"]["bases"]):
        lemmas.update(text.split())
    return {form: lemma for lemma in sorted(lemmas) for form in _forms(lemma)}


_NEEDS_E = ("at", "iz", "is", "v", "c", "ur", "ag", "dg", "us", "ut", "id", "rg", "bl", "pl", "tl")
_NOUN_ENDINGS = {
    "isation": "ise",
    "ization": "ize",
    "ication": "icate",
    "uction": "uct",
    "entation": "ent",
    "ation": "ate",
    "ment": "",
    "ery": "er",
    "al": "",
}


def base(word: str) -> str:
    """The base form of a verb: by list if it is known, else by spelling."""
    known = lists().bases.get(word)
    if known is not None:
        return known
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) > len(suffix) + 2:
            stem = word[: -len(suffix)]
            for candidate in (stem, stem + "e", stem[:-1]):
                if is_base(candidate):
                    return candidate
            if stem.endswith("i") and suffix == "ed":
                return stem[:-1] + "y"
            if stem[-1] == stem[-2] and stem[-1] in "bdgmnprt":
                return stem[:-1]
            return stem + "e" if stem.endswith(_NEEDS_E) and not stem.endswith(("ss", "eat", "ait")) else stem
    return word


def is_base(word: str) -> bool:
    """Whether a word is the base form of a known verb."""
    return lists().bases.get(word) == word


def verb_of(noun: str) -> str:
    """The verb of an action noun, where spelling shows it ("construction": construct); else "hold the … of"."""
    if noun.endswith("ing") and len(noun) > 5:
        return base(noun)
    if is_base(noun):
        return noun
    for suffix, ending in _NOUN_ENDINGS.items():
        if noun.endswith(suffix) and len(noun) > len(suffix) + 3:
            return noun[: -len(suffix)] + ending
    return f"hold the {noun} of"
