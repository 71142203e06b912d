"""Names and sentences: who is meant, and a statement that stands without its context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractor.schema.reading import ClaimRead, CommitmentRead, Reading, SpeakerKind, SpeakerRead, StanceRead
from extractor.text import lexicon
from extractor.text.attribution import phrases, speakers
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution, Mention
from extractor.text.attribution.naming import names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence

_WORD = re.compile(r"[\w'’-]+")
_TRAILING = " \t\n\xa0,;:—–-"
_OPENING, _CLOSING = '“"‘«„', '”"’»'
_ARTICLES = ("the ", "a ", "an ", "The ", "A ", "An ")


@dataclass(frozen=True, slots=True)
class Lists:
    """words/claims.toml as sets: `kinds` by cue lemma, the others by word."""

    kinds: dict[str, str]
    silent: frozenset[str]
    demand: frozenset[str]
    future: frozenset[str]
    first: frozenset[str]
    opinion: frozenset[str]
    support_verbs: frozenset[str]
    support_words: frozenset[str]
    support_nouns: frozenset[str]
    oppose_verbs: frozenset[str]
    oppose_words: frozenset[str]


@cache
def lists() -> Lists:
    """The lists, read once."""
    words = lexicon.load("claims")
    kinds: dict[str, str] = {}
    for kind in ("fact", "opinion", "prediction", "intention", "demand"):
        kinds.update((lemma.strip(), kind) for lemma in words["kinds"][kind].split(","))
    content, support, oppose = words["content"], words["support"], words["oppose"]
    return Lists(
        kinds,
        _phrases(words["kinds"]["none"]),
        frozenset(content["demand"].split()),
        frozenset(content["future"].split()),
        frozenset(content["first"].split()),
        frozenset(content["opinion"].split()),
        _phrases(support["verbs"]),
        frozenset(support["words"].split()),
        frozenset(support["nouns"].split()),
        _phrases(oppose["verbs"]),
        frozenset(oppose["words"].split()),
    )


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(part.split()) for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Item:
    """A claim, stance or commitment whose speakers are still numbers of the cast. `start` orders it."""

    start: int
    read: ClaimRead | StanceRead | CommitmentRead
    speaker: int | None
    via: tuple[int, ...] = ()


class Cast:
    """The speakers of one article by number, and the names behind its phrases."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.people: list[SpeakerRead] = [
            SpeakerRead(id="", name=_name(one.name), role=one.role, affiliation=one.affiliation, kind=one.kind)
            for one in analysis.speakers
        ]
        self._unknown: dict[str, int] = {}

    def number(self, claims: Sequence[Item], stances: Sequence[Item], commitments: Sequence[Item]) -> Reading:
        """The reading, its speakers numbered in order of appearance; nobody is listed who says nothing."""
        items = sorted((*claims, *stances, *commitments), key=lambda item: item.start)
        order: list[int] = []
        for item in items:
            order.extend(one for one in (*item.via, item.speaker) if one is not None and one not in order)
        ids = {one: f"s{position}" for position, one in enumerate(order, 1)}
        people = [self.people[one].model_copy(update={"id": ids[one]}) for one in order]

        def finished(group: Sequence[Item]) -> list[ClaimRead | StanceRead | CommitmentRead]:
            return [
                item.read.model_copy(
                    update={"speaker": None if item.speaker is None else ids[item.speaker]}
                    | ({"via": [ids[one] for one in item.via]} if isinstance(item.read, ClaimRead) else {})
                )
                for item in sorted(group, key=lambda item: item.start)
            ]

        return Reading.model_validate(
            {
                "speakers": people,
                "claims": finished(claims),
                "stances": finished(stances),
                "commitments": finished(commitments),
            }
        )

    def of(self, mention: Mention | None) -> int | None:
        """The number of a mention's speaker; a source that could not be resolved is one of its own."""
        if mention is None:
            return None
        if mention.speaker is not None:
            return mention.speaker
        if mention.name.lower() not in self._unknown:
            self._unknown[mention.name.lower()] = len(self.people)
            self.people.append(
                SpeakerRead(id="", name=_name(mention.name), role=None, affiliation=None, kind=_kind(mention.name))
            )
        return self._unknown[mention.name.lower()]

    def party(self, speaker: int | None) -> str | None:
        """For whom a speaker says "we": the body spoken for, else the speaker."""
        if speaker is None:
            return None
        person = self.people[speaker]
        return person.affiliation or person.name if person.kind == "person" else person.name

    def speaks_for(self, speaker: int, other: int) -> bool:
        """Whether `other` is the state or body that `speaker` speaks for, or the two sides of which that is one."""
        body, name = self.people[speaker].affiliation, self.people[other].name
        return body is not None and (
            name == body or (self.people[other].kind == "group" and body in name.split(" and "))
        )

    def actors(self, s: Sentence, phrase: Phrase, speaker: int | None) -> list[str]:
        """The names behind a subject: joint ones apart, pronouns resolved, "we" as the speaker's side."""
        word = s.lower(phrase.head)
        if word in ("we", "us", "our", "ourselves"):
            party = self.party(speaker)
            return [party] if party else []
        if word in ("i", "me", "my"):
            return [self.people[speaker].name] if speaker is not None else []
        found = self.analysis.registry.name_of(s, phrase)
        if found is None:
            text = self.analysis.whole.text[s.starts[phrase.start] : s.ends[phrase.end - 1]]
            return [] if s.tags[phrase.head] in "POSwt" else [_name(text)]
        parts = found.name.split(" and ") if found.kind == "group" else [found.name]
        return [_name(part) for part in parts if part]


def _kind(name: str) -> SpeakerKind:
    return "unnamed" if name[:1].islower() or " " not in name else "person"


def _name(name: str) -> str:
    for article in _ARTICLES:
        if name.startswith(article):
            name = name[len(article) :]
            break
    for ending in ("'s", "’s"):
        name = name.removesuffix(ending)
    return " ".join(name.removeprefix("both ").removeprefix("Both ").strip(_TRAILING + "'’").split())


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A passage without the commas, spaces and full stop at its ends, and without quote marks that the other end lacks."""
    while True:
        before = start, end
        while start < end and text[start] in _TRAILING:
            start += 1
        while end > start and text[end - 1] in _TRAILING + ".":
            end -= 1
        inner = text[start + 1 : end - 1]
        opens, closes = text[start : start + 1] in _OPENING, text[end - 1 : end] in _CLOSING
        if (opens and closes and not _marked(inner)) or (opens and not _marked(text[start + 1 : end])):
            start += 1
        if closes and (opens or not _marked(text[start : end - 1])) and not (not opens and _marked(inner)):
            end -= 1
        if (start, end) == before:
            return start, end


def _marked(text: str) -> bool:
    return any(mark in text for mark in _OPENING + _CLOSING)


def statement(quote: str, cast: Cast, speaker: int | None, cue_past: bool) -> str:
    """The quote as a sentence that stands alone: first persons replaced by the speaker or the side spoken for."""
    if speaker is None:
        body = quote
    else:
        person, party = cast.people[speaker].name, cast.party(speaker) or ""
        body = _FIRST.sub(lambda found: _third(found, person, party), quote)
        body = _HE.sub(lambda found: person if cast.people[speaker].kind == "person" else found.group(), body, count=1)
    body = " ".join(body.split()).strip()
    if not body:
        return quote
    body = body[0].upper() + body[1:]
    return body if body[-1] in ".!?" else body + "."


_FIRST = re.compile(
    r"\b(?:(I|We|we)(?:\s+(am|are|have|do|was|were)|(['’](?:m|ve|re|ll|d)))?|(my|our|My|Our)|(me|us|ourselves|myself))\b(?!-)"
)
_HE = re.compile(r"^(?:he|she|He|She)\b")
_VERBS = {"am": "is", "are": "is", "have": "has", "do": "does", "were": "was", "was": "was"}
_CLITICS = {"m": "is", "re": "is", "ve": "has", "ll": "will", "d": "would"}


def _third(found: re.Match[str], person: str, party: str) -> str:
    subject, verb, clitic, possessive, objective = found.groups()
    if possessive is not None:
        return (person if possessive.lower() == "my" else party) + "’s"
    if objective is not None:
        return person if objective in ("me", "myself") else party
    name = person if subject == "I" else party
    if verb is not None:
        return f"{name} {_VERBS[verb]}"
    if clitic is not None:
        return f"{name} {_CLITICS[clitic[1:]]}"
    return name


def words_of(text: str) -> list[str]:
    """The words in lower case."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


__all__ = [
    "Attribution",
    "Cast",
    "Item",
    "Lists",
    "lists",
    "names",
    "phrases",
    "replace",
    "speakers",
    "statement",
    "trim",
    "words_of",
]
