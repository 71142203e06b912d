"""Word classes: one letter for each word, looked up or guessed from its shape.

The letters of a sentence make a string over which phrases are found with regular expressions:

    D determiner     S possessive      P pronoun          O object pronoun   w relative       q question word
    t that           o of              T to               I preposition      c and, or        b but
    B subordinator   X auxiliary       M modal            R adverb           d day or month   # number
    V other verb     C finite cue verb G cue verb in -ing E cue participle   K cue verb or noun
    J cue adjective  e word in -ed     g word in -ing     N other word       m capitalised
    Q quotation      U quoted words that may be part of a phrase
    '  possessive clitic, and the punctuation marks , . : ; - ( ) ? (the last for ! too)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from extractor.text import lexicon

_CLASSES = {
    "adverb": "R",
    "preposition": "I",
    "subordinator": "B",
    "conjunction": "c",
    "but": "b",
    "determiner": "D",
    "possessive": "S",
    "object_pronoun": "O",
    "pronoun": "P",
    "relative": "w",
    "question": "q",
    "that": "t",
    "of": "o",
    "to": "T",
    "auxiliary": "X",
    "modal": "M",
    "time": "d",
}
_VOWELS = "aeiou"
FINITE = frozenset("XMCV")
"""The tags of finite verbs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cue: its lemma, the words that must follow its first one, and its frames (see words/cues.toml)."""

    lemma: str
    rest: tuple[str, ...]
    frames: frozenset[str]


Entries = dict[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Lexis:
    """`tags`: class of a lower-case word. All `Entries`: cues by any form of their first word, longest first."""

    tags: dict[str, str]
    verbs: Entries
    adjectives: Entries
    nouns: Entries
    prepositions: Entries
    abbreviations: frozenset[str]
    cues: frozenset[str]  # the first words of all entries
    speech: frozenset[str]  # those of verbs that can introduce a quotation
    speech_lemmas: frozenset[str]  # those verbs by their lemmas
    impersonal: frozenset[str]  # lemmas of verbs that attribute without naming a source


def entry_at(lowered: list[str], index: int, entries: Entries) -> Entry | None:
    """The cue whose words stand at `index` of a sentence, the longest if there are several."""
    found = entries.get(lowered[index])
    if found is None:
        return None
    for entry in found:
        rest = entry.rest
        if not rest or (rest[0] in lowered and tuple(lowered[index + 1 : index + 1 + len(rest)]) == rest):
            return entry
    return None


def forms(lemma: str, irregular: dict[str, list[str]]) -> dict[str, str]:
    """The forms of a verb with their kind: `b` base, `s` third person, `p` past, `g` gerund, `n` participle only."""
    third = lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "go")) else "s")
    stem, past = lemma, lemma + "ed"
    if lemma[-1] == "y" and lemma[-2] not in _VOWELS:
        third, past = lemma[:-1] + "ies", lemma[:-1] + "ied"
    elif lemma.endswith("ie"):
        stem, past = lemma[:-2] + "y", lemma + "d"
    elif lemma.endswith("e"):
        stem, past = lemma if lemma.endswith(("ee", "oe", "ye")) else lemma[:-1], lemma + "d"
    elif _doubles(lemma):
        stem = lemma + lemma[-1]
        past = stem + "ed"
    pasts = irregular.get(lemma, [past])
    found = {stem + "ing": "g", third: "s", lemma: "b"}
    for form in reversed(pasts):
        found[form] = "n" if form.endswith("n") and len(pasts) > 1 else "p"
    return found


def _doubles(lemma: str) -> bool:
    if lemma in words("doubling"):
        return True
    syllables = sum(letter in _VOWELS for letter in lemma)
    return (
        syllables == 1
        and len(lemma) > 2
        and lemma[-1] in "bdgklmnprt"
        and lemma[-2] in _VOWELS
        and lemma[-3] not in _VOWELS
    )


def _listed(text: str) -> list[str]:
    """The phrases of words/cues.toml, which stand between commas."""
    return [" ".join(phrase.split()) for phrase in text.split(",")]


def _entries(groups: list[dict[str, Any]]) -> dict[str, frozenset[str]]:
    frames: dict[str, set[str]] = {}
    for group in groups:
        for phrase in _listed(group["words"]):
            frames.setdefault(phrase, set()).update(group["frames"])
    return {phrase: frozenset(found) for phrase, found in frames.items() if phrase}


def _by_first(frames: dict[str, frozenset[str]], irregular: dict[str, list[str]] | None = None) -> Entries:
    found: dict[str, list[Entry]] = {}
    for phrase, allowed in frames.items():
        first, *rest = phrase.split()
        for form in (first,) if irregular is None else forms(first, irregular):
            found.setdefault(form, []).append(Entry(phrase, tuple(rest), allowed))
    return {form: tuple(sorted(group, key=lambda entry: -len(entry.rest))) for form, group in found.items()}


def _with_plurals(entries: Entries) -> Entries:
    plurals = {(word[:-1] + "ies" if word.endswith("y") else word + "s"): found for word, found in entries.items()}
    return entries | plurals


def _tags(
    verbs: Collection[str], nouns: Entries, adjectives: Entries, irregular: dict[str, list[str]]
) -> dict[str, str]:
    """The class of each word of the lists; what stands later in them counts."""
    grammar = lexicon.load("grammar")
    classes, listed = grammar["classes"], {key: words.split() for key, words in grammar["forms"].items()}
    tags = dict.fromkeys(listed["verbs"], "V")
    nominal = frozenset(listed["also_nouns"])
    for phrase in verbs:
        lemma = phrase.split()[0]
        if lemma not in verbs:  # attributes only with the words behind it: "give priority to"
            tags.update({form: "g" if kind == "g" else "V" for form, kind in forms(lemma, irregular).items()})
            continue
        for form, kind in forms(lemma, irregular).items():
            either = form in nouns or (kind in "bs" and lemma in nominal)
            tags[form] = {"g": "G", "n": "E"}.get(kind, "K" if either else "C")
    tags.update({word: "J" for word in adjectives if tags.get(word, "E") in "EC"})
    for key, tag in _CLASSES.items():
        tags.update(dict.fromkeys(classes[key].split(), tag))
    tags.update(dict.fromkeys(listed["not_adverbs"], "N"))
    tags.update(dict.fromkeys(classes["number"].split(), "#"))
    return tags


@cache
def lexis() -> Lexis:
    """The word classes and cues of the word lists, read once."""
    cues = lexicon.load("cues")
    irregular: dict[str, list[str]] = cues["irregular"]
    verbs = _entries(cues["verbs"])
    by_first = _by_first(verbs, irregular)
    nouns = _with_plurals(_by_first(_entries(cues["nouns"])))
    adjectives = _by_first(_entries(cues["adjectives"]))
    prepositions = _by_first(_entries([{"frames": ["source"], "words": cues["prepositions"]["words"]}]))
    return Lexis(
        tags=_tags(verbs, nouns, adjectives, irregular),
        verbs=by_first,
        adjectives=adjectives,
        nouns=nouns,
        prepositions=prepositions,
        abbreviations=frozenset(lexicon.load("grammar")["forms"]["abbreviations"].split()),
        cues=frozenset().union(by_first, adjectives, nouns, prepositions),
        speech=frozenset(word for word, found in by_first.items() if any("speech" in one.frames for one in found)),
        speech_lemmas=frozenset(phrase for phrase, frames in verbs.items() if "speech" in frames),
        impersonal=frozenset(_listed(cues["impersonal"]["words"])),
    )


@cache
def words(name: str) -> frozenset[str]:
    """The words that a rule asks for by name: one of the `sets` of words/grammar.toml."""
    return frozenset(lexicon.load("grammar")["sets"][name].split())
