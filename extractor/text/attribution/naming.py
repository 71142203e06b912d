"""What the words of a source say about it: name, role, affiliation and kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from extractor.text.attribution.kinds import (
    affiliation,
    gender_of_name,
    gender_of_word,
    is_title,
    kind_of_name,
    kind_of_noun,
    kind_of_role,
)
from extractor.text.attribution.namelists import Gender, Kind, names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence

_DEFINITE = frozenset(("the", "that", "this", "these", "those", "both"))
_HONORIFICS = frozenset(("mr.", "mrs.", "ms.", "mr", "mrs", "ms", "miss"))


class Description(NamedTuple):
    """A source as one phrase describes it. `name` is empty for a pronoun, `pronoun` for everything else."""

    name: str
    kind: Kind
    role: str | None = None
    affiliation: str | None = None
    gender: Gender = ""
    pronoun: str = ""
    definite: bool = False
    office: bool = False  # named by what it is ("the ambassador"), not by its name


@dataclass(slots=True)
class _Source:
    """A source phrase while it is being read: its core is the words first:end, from `start` on without determiners."""

    s: Sentence
    text: str
    phrase: Phrase
    first: int
    start: int
    end: int
    definite: bool
    attached: str  # what stands behind the core: " of Russia to Pakistan"
    appositive: tuple[int, int] | None  # words

    @property
    def head(self) -> str:
        return self.s.lowered[self.end - 1]

    def words(self, first: int, end: int) -> str:
        """The words first:end as the text has them."""
        return self.text[self.s.starts[first] : self.s.ends[end - 1]]

    def person(self, name: str, role: str, gender: Gender) -> Description:
        return Description(
            name, "person", role=role, affiliation=affiliation(role), gender=gender, definite=self.definite
        )


def describe(s: Sentence, phrase: Phrase, text: str) -> Description:
    """Reads a source phrase: "Deputy Prime Minister Peter Marsh", "Ann Lee, a spokeswoman for the ministry"."""
    tags = s.tags
    first, end = phrase.core_start, phrase.core_end
    if (tags[first] in "POSw" and end - first == 1) or tags[first] == "t":
        return _pronoun(s.lowered[first])
    definite = tags[first] == "S" or s.lowered[first] in _DEFINITE
    start = first
    while start < end - 1 and tags[start] in "DSR":
        start += 1
    if phrase.start < first:
        full = text[s.starts[phrase.start] : s.ends[phrase.end - 1]].rstrip(" ,")
        if " and " in full:
            if not _is_one_office(s, phrase):
                return Description(_bare(full), "group", definite=definite)
            first = start = phrase.start  # "the trade and industry commissioner": one office
    attached, appositive = _attached(s, phrase, text), _appositive(s, phrase)
    source = _Source(s, text, phrase, first, start, end, definite, attached, appositive)
    return _named(source) if tags[end - 1] == "m" else _common_noun(source)


def _pronoun(word: str) -> Description:
    return Description("", "person", gender=gender_of_word(word), pronoun=word)


def _named(source: _Source) -> Description:
    """A source whose core ends in a name or in a capitalised office."""
    s, start, end = source.s, source.start, source.end
    split = _name_start(source)
    before = source.words(start, split) if split > start else ""
    if source.head in names().titles:
        if (found := _office_before_name(source)) is not None:
            return found
        if split == end - 1 or not before:
            role = source.words(start, end) + source.attached
            return Description(role, "person", role=role, affiliation=affiliation(role), definite=True, office=True)
    name = clean(source.words(split, end))
    kind = kind_of_role(before) or kind_of_name(name, s.lowered[source.first] == "the", bool(before))
    return _person(source, name, before) if kind == "person" else _body(source, name, kind)


def _name_start(source: _Source) -> int:
    """The first word of the name at the core's end: the one behind the last office before it."""
    s, lists = source.s, names()
    run = source.end
    while run > source.start and s.tags[run - 1] == "m" and s.words[run - 1] not in ("'s", "’s"):
        run -= 1
    for at in range(source.end - 2, run - 1, -1):
        if is_title(s.words[at], lists):
            return at + 1
    return source.end - 1 if source.head in lists.titles else run


def _office_before_name(source: _Source) -> Description | None:
    """An office whose holder is named behind it: "President of Russia Vladimir Putin"."""
    s, appositive = source.s, source.appositive
    if source.attached.startswith(" of ") and (named := _name_at_the_end(s, source.phrase)) is not None:
        name = clean(source.words(*named))
        return source.person(name, source.words(source.start, named[0]), gender_of_name(name, ""))
    if appositive is not None and s.tags[appositive[0]] == "m":  # "Ambassador of Russia to Pakistan, Albert P. Khorev"
        role, name = source.words(source.start, source.end) + source.attached, source.words(*appositive)
        return source.person(name, role, gender_of_name(name, role))
    return None


def _body(source: _Source, name: str, kind: Kind) -> Description:
    """A named body, group or document: "the Bank of England"."""
    full = name + source.attached
    shown = full if source.attached.startswith(" of ") else name
    return Description(shown, kind, affiliation=affiliation(full), definite=source.definite)


def _person(source: _Source, name: str, before: str) -> Description:
    """A person with the office before the name, else in the apposition: "Ann Lee, a spokeswoman for the ministry"."""
    role = before or (source.words(*source.appositive) if source.appositive is not None else "")
    if before and before.lower().split()[-1] in _HONORIFICS:
        role = before.rsplit(None, 1)[0] if " " in before else ""
    return Description(
        name,
        "person",
        role=_bare(role) or None,
        affiliation=affiliation(role),
        gender=gender_of_name(name, before),
        definite=source.definite,
    )


def _common_noun(source: _Source) -> Description:
    """A source that is named in an apposition or not at all: "the mayor, Ann Lee", "two officials"."""
    s, first, start, head = source.s, source.first, source.start, source.head
    lists, bare = names(), source.words(source.start, source.end) + source.attached
    if source.appositive is not None and (head in lists.person or head in lists.titles):
        at = end = source.appositive[1]
        while at > source.appositive[0] and s.tags[at - 1] == "m":
            at -= 1
        if at < end:
            name = source.words(at, end)
            return source.person(name, bare, gender_of_name(name, bare))
    # "Russian envoy said"
    definite = source.definite or (start == first and s.tags[first] == "m" and head in lists.person)
    owner = source.words(first, first + 1) + " " if s.tags[first] == "S" else ""
    return Description(
        owner + bare,
        kind_of_noun(head, definite),
        affiliation=affiliation(bare),
        gender=gender_of_word(head),
        definite=definite,
        office=True,
    )


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
