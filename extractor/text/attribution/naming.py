"""What the words of a source say about it: name, role, affiliation and kind."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from extractor.text.attribution.namelists import Gender, Kind, Names, names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence

_MOST = 1 << 12  # names and roles that are remembered: an article says the same ones again and again
_DEFINITE = frozenset(("the", "that", "this", "these", "those", "both"))


class Description(NamedTuple):
    """A source as one phrase describes it. `name` is empty for a pronoun, `pronoun` for everything else."""

    name: str
    role: str | None
    affiliation: str | None
    kind: Kind
    gender: Gender = ""
    pronoun: str = ""
    definite: bool = False
    office: bool = False  # named by what it is ("the ambassador"), not by its name


def describe(s: Sentence, phrase: Phrase, text: str) -> Description:
    """Reads a source phrase: "Deputy Prime Minister Peter Marsh", "Ann Lee, a spokeswoman for the ministry"."""
    lists = names()
    tags, words = s.tags, s.words
    first, end = phrase.core_start, phrase.core_end
    if (tags[first] in "POSw" and end - first == 1) or tags[first] == "t":
        return Description("", None, None, "person", _pronoun_gender(s.lowered[first]), s.lowered[first])
    definite = tags[first] == "S" or s.lowered[first] in _DEFINITE
    start = first
    while start < end - 1 and tags[start] in "DSR":
        start += 1
    if phrase.start < first:
        full = text[s.starts[phrase.start] : s.ends[phrase.end - 1]].rstrip(" ,")
        if " and " in full and _is_one_office(s, phrase):
            first = start = phrase.start  # "the trade and industry commissioner": one office
        elif " and " in full:
            return Description(_bare(full), None, None, "group", definite=definite)
    attached = _attached(s, phrase, text)
    appositive = _appositive(s, phrase)
    if tags[end - 1] == "m":
        run = end
        while run > start and tags[run - 1] in "m" and words[run - 1] not in ("'s", "’s"):
            run -= 1
        titled = [at for at in range(run, end - 1) if is_title(words[at], lists)]
        split = titled[-1] + 1 if titled else run
        if s.lowered[end - 1] in lists.titles and not titled:
            split = end - 1
        name = clean(text[s.starts[split] : s.ends[end - 1]])
        before = text[s.starts[start] : s.ends[split - 1]] if split > start else ""
        kind = _kind_of_role(before, lists) or _kind_of_name(name, s.lowered[first] == "the", bool(before))
        # "President of Russia Vladimir Putin"
        if (
            s.lowered[end - 1] in lists.titles
            and attached.startswith(" of ")
            and (named := _name_at_the_end(s, phrase)) is not None
        ):
            role = text[s.starts[start] : s.ends[named[0] - 1]]
            name = clean(text[s.starts[named[0]] : s.ends[named[1] - 1]])
            return Description(name, role, affiliation(role), "person", _gender(name, ""), "", definite)
        # "Ambassador of Russia to Pakistan, Albert P. Khorev": the name is in the appositive
        if s.lowered[end - 1] in lists.titles and appositive is not None and tags[appositive[0]] == "m":
            role = text[s.starts[start] : s.ends[end - 1]] + attached
            name = text[s.starts[appositive[0]] : s.ends[appositive[1] - 1]]
            return Description(name, role, affiliation(role), "person", _gender(name, role), "", definite)
        if s.lowered[end - 1] in lists.titles and (split == end - 1 or not before):
            role = text[s.starts[start] : s.ends[end - 1]] + attached
            return Description(role, role, affiliation(role), "person", "", "", True, True)
        if kind != "person":
            return Description(
                name + (attached if attached.startswith(" of ") else ""),
                None,
                affiliation(name + attached),
                kind,
                "",
                "",
                definite,
            )
        role = before or (text[s.starts[appositive[0]] : s.ends[appositive[1] - 1]] if appositive is not None else "")
        if before and before.lower().split()[-1] in ("mr.", "mrs.", "ms.", "mr", "mrs", "ms", "miss"):
            role = before.rsplit(None, 1)[0] if " " in before else (role if role != before else "")
        return Description(name, _bare(role) or None, affiliation(role), "person", _gender(name, before), "", definite)
    bare = text[s.starts[start] : s.ends[end - 1]]
    if appositive is not None and tags[appositive[1] - 1] == "m" and s.lowered[end - 1] in lists.person | lists.titles:
        at = appositive[1]
        while at > appositive[0] and tags[at - 1] == "m":
            at -= 1
        name = text[s.starts[at] : s.ends[appositive[1] - 1]]
        role = bare + attached
        return Description(name, role, affiliation(role), "person", _gender(name, role), "", definite)
    head = s.lowered[end - 1]
    definite = definite or (start == first and tags[first] == "m" and head in lists.person)  # "Russian envoy said"
    kind = _kind_of_noun(head, definite, lists)
    owner = text[s.starts[first] : s.ends[first]] if tags[first] == "S" else ""
    return Description(
        (owner + " " if owner else "") + bare + attached,
        None,
        affiliation(bare + attached),
        kind,
        _pronoun_gender(head),
        "",
        definite,
        True,
    )


def is_title(word: str, lists: Names) -> bool:
    """Whether a word before a name is an office: "Minister", "Secretary-General", "spokesman"."""
    lower = word.lower()
    return lower in lists.titles or lower in lists.person or ("-" in lower and lower.split("-")[0] in lists.titles)


def after_state(s: Sentence, at: int) -> tuple[int, int] | None:
    """The name right behind a state's, as words: "Russia [Vladimir Putin]"."""
    states = names().states
    while at < len(s) and s.tags[at] == "D":
        at += 1
    for size in (3, 2, 1):
        if " ".join(s.words[at : at + size]) in states:
            end = at + size
            while end < len(s) and s.tags[end] == "m":
                end += 1
            return (at + size, end) if end > at + size else None
    return None


def _is_one_office(s: Sentence, phrase: Phrase) -> bool:
    """Whether a coordination is inside an office, and not of two sources: "the trade and industry commissioner"."""
    joint = phrase.core_start - 1
    single = s.tags[joint - 1] == "N" and not s.lowered[joint - 1].endswith("s")
    return s.tags[joint] == "c" and single and s.tags[phrase.core_start] == "N" and s.tags[phrase.start] != "D"


def _name_at_the_end(s: Sentence, phrase: Phrase) -> tuple[int, int] | None:
    """The name in "President of Russia Vladimir Putin" and "Premier of the State Council of China Li Keqiang"."""
    for at in range(phrase.core_end, phrase.end):
        if s.tags[at] == "o" and (named := after_state(s, at + 1)) is not None:
            return named
    return None


def _kind_of_role(role: str, lists: Names) -> Kind | None:
    """What stands before a name may say what kind of body it is: "daily newspaper Magyar Nemzet"."""
    last = role.lower().split()[-1] if role else ""
    if last in lists.media or last in ("agency", "outlet", "broadcaster", "website"):
        return "media"
    return "organization" if last in lists.organization else None


def _attached(s: Sentence, phrase: Phrase, text: str) -> str:
    """What stands behind the core up to the first comma or bracket: " of Russia to Pakistan"."""
    at = phrase.core_end
    while at < phrase.end and s.tags[at] not in ",(-:":
        at += 1
    if (
        at < phrase.end
        and at + 1 < phrase.end
        and s.tags[at] == "("
        and s.tags[at + 1] == "m"
        and phrase.core_end == at
    ):
        return ""
    return text[s.ends[phrase.core_end - 1] : s.ends[at - 1]] if at > phrase.core_end else ""


def _appositive(s: Sentence, phrase: Phrase) -> tuple[int, int] | None:
    """Words of the appositive inside a phrase: "Lee, [the finance minister],"."""
    at = phrase.core_end
    while at < phrase.end and s.tags[at] not in ",":
        at += 1
    start, end = at + 1, phrase.end
    if end > start and s.tags[end - 1] == ",":
        end -= 1
    if start >= end or s.tags[start] not in "DSmN":
        return None
    while start < end - 1 and s.tags[start] in "DS" and s.words[start].lower() in ("a", "an", "the"):
        start += 1
    return (start, end) if end > start else None


def clean(name: str) -> str:
    """A name without the brackets of an editor's addition."""
    return name.replace("[", "").replace("]", "").replace("\xa0", " ").strip()


def _bare(text: str) -> str:
    lowered = text.lower()
    for article in ("the ", "a ", "an "):
        if lowered.startswith(article):
            return text[len(article) :]
    return text.strip(" ,")


def _pronoun_gender(word: str) -> Gender:
    if word in (
        "he",
        "him",
        "his",
        "himself",
        "man",
        "father",
        "son",
        "brother",
        "husband",
        "businessman",
        "spokesman",
        "congressman",
    ):
        return "m"
    return (
        "f"
        if word
        in (
            "she",
            "her",
            "herself",
            "woman",
            "mother",
            "daughter",
            "sister",
            "wife",
            "widow",
            "spokeswoman",
            "congresswoman",
        )
        else ""
    )


@lru_cache(maxsize=_MOST)
def _gender(name: str, before: str) -> Gender:
    gender = names().gender
    for word in (*before.lower().split()[-1:], name.split()[0].lower()):
        if word in gender:
            return gender[word]
    return _pronoun_gender(before.lower().split()[-1]) if before else ""


@lru_cache(maxsize=_MOST)
def _kind_of_name(name: str, has_article: bool, has_role: bool) -> Kind:
    lists = names()
    words = [word.lower().strip("().,") for word in name.split()]
    if name in lists.states:
        return "organization"
    if any(word in lists.media for word in words):
        return "media"
    if (
        words[-1] in lists.organization
        or words[0] in lists.organization
        or any(word in lists.organization for word in words[1:])
    ):
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


def _kind_of_noun(head: str, definite: bool, lists: Names) -> Kind:
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


__all__ = ["Description", "Gender", "Kind", "Names", "describe", "names"]
