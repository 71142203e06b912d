"""What the word lists say about the words of a source: its kind, its gender, and whom it speaks for."""

from __future__ import annotations

from functools import lru_cache

from extractor.text.attribution.namelists import Gender, Kind, Names, names

_MOST = 1 << 12  # names and roles that are remembered: an article says the same ones again and again


def is_title(word: str, lists: Names) -> bool:
    """Whether a word before a name is an office: "Minister", "Secretary-General", "spokesman"."""
    lower = word.lower()
    return lower in lists.titles or lower in lists.person or ("-" in lower and lower.split("-")[0] in lists.titles)


def kind_of_role(role: str) -> Kind | None:
    """What stands before a name may say what kind of body it is: "daily newspaper Magyar Nemzet"."""
    lists = names()
    last = role.lower().split()[-1] if role else ""
    if last in lists.media or last in ("agency", "outlet", "broadcaster", "website"):
        return "media"
    return "organization" if last in lists.organization else None


@lru_cache(maxsize=_MOST)
def kind_of_name(name: str, has_article: bool, has_role: bool) -> Kind:
    """What a name names, by its words and by what stands before it."""
    lists = names()
    words = [word.lower().strip("().,") for word in name.split()]
    if name in lists.states:
        return "organization"
    if any(word in lists.media for word in words):
        return "media"
    if any(word in lists.organization for word in words):
        return "organization"
    if words[-1] in lists.group:
        return "group"
    if words[-1] in lists.document:
        return "document"
    if len(words) == 1 and name.isupper() and len(name) > 1 and not has_role:
        return "organization"
    if has_article and not has_role:
        return "organization"
    return "person"


def kind_of_noun(head: str, definite: bool) -> Kind:
    """What a common noun names: one person if it is definite, somebody unnamed if not."""
    lists = names()
    if head in lists.document:
        return "document"
    if head in lists.organization:
        return "organization"
    if head in lists.media:
        return "media"
    if head in lists.group:
        return "group"
    if head in lists.person:
        return "person" if definite else "unnamed"
    if head in lists.unnamed:
        return "unnamed"
    return "group" if head.endswith("s") and not head.endswith("ss") else "unnamed"


def gender_of_word(word: str) -> Gender:
    """What a pronoun or a common noun says: "him", "spokeswoman"."""
    return names().gendered.get(word, "")


@lru_cache(maxsize=_MOST)
def gender_of_name(name: str, before: str) -> Gender:
    """What the title before a name says, else the first name."""
    gender = names().gender
    for word in (*before.lower().split()[-1:], name.split()[0].lower()):
        if word in gender:
            return gender[word]
    return gender_of_word(before.lower().split()[-1]) if before else ""


@lru_cache(maxsize=_MOST)
def affiliation(role: str) -> str | None:
    """The state or body that a role speaks for: "Russian Deputy Prime Minister", "spokesman for the ministry"."""
    if not role:
        return None
    states = names().states
    words = role.replace("’s", "").replace("'s", "").split()
    for marker in (" of the ", " for the ", " at the ", " of ", " for ", " at ", " from the ", " from "):
        if marker in role:
            body = role.split(marker, 1)[1].split(" to ")[0].split(",")[0].strip()
            if body in states:
                return states[body]
            if body[:1].isupper() or marker in (" for the ", " at the ", " for ", " of the "):
                return body
    for size in (2, 1):
        for at in range(len(words) - size + 1):
            found = states.get(" ".join(words[at : at + size]).strip(",."))
            if found is not None:
                return found
    return None
