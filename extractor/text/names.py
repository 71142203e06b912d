"""Whether two names mean the same source: "Putin" and "Vladimir Putin" do, "Putin" and "Putin's critics" do not.

Articles and readers shorten names, so equality alone would be unfair, and containment alone would take Russia for its
Foreign Ministry. The rule of `same_source` stands between the two. It knows no aliases ("Moscow" for "Russia") and no
pronouns.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Letters that Unicode does not decompose into a base letter and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'", "‘": "'"}
)
_FILLERS = re.compile(r"\b(?:the|an?|unnamed|anonymous|unidentified)\s")  # "a senior official", but not "A. Khorev"
_TITLE_WORDS = """
    mr mrs ms miss dr prof professor sir dame lord lady king queen prince princess pope archbishop bishop
    president prime minister premier chancellor ambassador senator governor secretary general spokesman spokeswoman
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_PREPOSITIONS = frozenset({"of", "for", "to", "in", "from", "at", "on", "between", "against", "with", "under"})
_JOINT = re.compile(r"\s+and\s+|\s*&\s*|\s*;\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A speaker as far as it can be compared across two readings: the name as written, and the kind."""

    name: str
    kind: str


def same_source(one: Source, other: Source) -> bool:
    """Whether two sources are the same, going by name and kind.

    Names are compared without case, accents, punctuation, articles, titles of persons ("President") and possessive
    endings. They are the same if

    - they have the same words, or
    - both name the same parties of a joint source ("Putin and Niyazov", "Vladimir Putin and Saparmurat Niyazov"), or
    - both are persons, or neither is (`unnamed` may be either), neither is joint, and
      one's words contain the other's, the head among them: "European Union" is no "Ambassador of the European Union";
      or a first name is abbreviated ("A. Khorev"); or one is the other's initials ("NATO").

    What stands in brackets counts as another name of the same source: "African Union (AU)".
    """
    if _words(one.name, one.kind) == _words(other.name, other.kind):
        return bool(_words(one.name, one.kind))
    persons = {source.kind == "person" for source in (one, other) if source.kind != "unnamed"}
    return any(
        _same(first, second, one.kind, other.kind, kinds_agree=len(persons) < 2)
        for first in _alternatives(one.name)
        for second in _alternatives(other.name)
    )


def same_actor(one: str, other: str) -> bool:
    """Whether two actors of a commitment are the same. They are names without a kind, and compared by the same rule."""
    return same_source(Source(one, "unnamed"), Source(other, "unnamed"))


def _same(one: str, other: str, kind: str, other_kind: str, *, kinds_agree: bool) -> bool:
    parties, other_parties = _parties(one), _parties(other)
    if len(parties) != len(other_parties):
        return False
    if len(parties) > 1:
        # The kind says nothing of a single party, so that titles are left out of each as of a person.
        matches = [[_same_single(a, b, "person", "person") for b in other_parties] for a in parties]
        return all(map(any, matches)) and all(map(any, zip(*matches, strict=True)))
    return kinds_agree and _same_single(one, other, kind, other_kind)


def _same_single(one: str, other: str, kind: str, other_kind: str) -> bool:
    words, other_words = _words(one, kind, possessives=True), _words(other, other_kind, possessives=True)
    if not words or not other_words:
        return False
    short, long = sorted((words, other_words), key=len)
    return (
        set(words) == set(other_words)
        or (set(short) <= set(long) and not _head(long).isdisjoint(short))
        or _abbreviated(words, other_words)
        or _acronym(one, other)
        or _acronym(other, one)
    )


def _head(words: list[str]) -> set[str]:
    """The words before the first preposition; all of them where it stands first, as after a title that was left out."""
    first = next((index for index, word in enumerate(words) if word in _PREPOSITIONS), len(words))
    return set(words[:first] or words)


def _abbreviated(one: list[str], other: list[str]) -> bool:
    if min(len(one), len(other)) < 2 or one[-1] != other[-1]:
        return False
    short, long = sorted((one[0], other[0]), key=len)
    return len(short) == 1 and long.startswith(short)


def _acronym(short: str, long: str) -> bool:
    letters = short.strip().removeprefix("the ").replace(".", "")
    initials = "".join(word[0] for word in re.findall(r"\w+", long) if word[0].isupper() and word != "The")
    return len(letters) > 1 and letters.isupper() and letters == initials


def _parties(name: str) -> list[str]:
    if not _JOINT.search(name):
        return [name]
    return [part for piece in _JOINT.split(name) for part in re.split(r"\s*,\s*", piece) if part]


def _alternatives(name: str) -> list[str]:
    inside = re.findall(r"\(([^()]+)\)", name)
    return [re.sub(r"\([^()]*\)", " ", name).strip(), *inside]


def _words(name: str, kind: str, *, possessives: bool = False) -> list[str]:
    """Folded words of a name. With `possessives`, "Putin's" stays another word than "Putin": what he owns is not he."""
    text = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", text)  # u.s. → us
    words = re.findall(r"\w+(?:'\w*)?", _FILLERS.sub("", text))
    if kind in {"person", "unnamed"}:
        words = [word for word in words if word not in _TITLES] or words
    return words if possessives else [re.sub(r"'s?$", "", word) for word in words]
