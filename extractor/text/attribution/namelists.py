"""The words that tell who a source is (words/names.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractor.text import lexicon

Kind = Literal["person", "organization", "group", "document", "media", "unnamed"]
Gender = Literal["m", "f", ""]


@dataclass(frozen=True, slots=True)
class Names:
    """The word lists of words/names.toml as sets; `states` maps a state's name, adjective or capital to the state.

    `actors` are the nouns for whoever can act: all of them but those for documents. `gender` is that of first names and
    honorifics, `gendered` that of pronouns and common nouns.
    """

    titles: frozenset[str]
    person: frozenset[str]
    unnamed: frozenset[str]
    group: frozenset[str]
    organization: frozenset[str]
    media: frozenset[str]
    document: frozenset[str]
    gender: dict[str, Gender]
    gendered: dict[str, Gender]
    states: dict[str, str]
    actors: frozenset[str]


@cache
def names() -> Names:
    """The lists, read once."""
    words = lexicon.load("names")
    male, female = (set((words[key] + " " + words[f"honorifics_{key}"]).split()) for key in ("male", "female"))
    gender: dict[str, Gender] = dict.fromkeys(male - female, "m")
    gender.update(dict.fromkeys(female - male, "f"))
    gendered: dict[str, Gender] = dict.fromkeys(words["gendered_male"].split(), "m")
    gendered.update(dict.fromkeys(words["gendered_female"].split(), "f"))
    states = {state: state for state in words["states"]}
    for state, aliases in words["states"].items():
        states.update((alias.replace("_", " "), state) for alias in aliases.split())

    def group(key: str) -> frozenset[str]:
        return frozenset(words[key].split())

    acting = {
        "titles": group("titles"),
        "person": group("person_nouns"),
        "unnamed": group("unnamed_nouns"),
        "group": group("group_nouns"),
        "organization": group("organization_nouns"),
        "media": group("media_words"),
    }
    return Names(
        **acting,
        actors=frozenset().union(*acting.values()),
        document=group("document_nouns"),
        gender=gender,
        gendered=gendered,
        states=states,
    )
