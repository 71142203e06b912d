"""Who speaks and who acts in one article: speakers by number until all items are known, then by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from extractor.schema.reading import ClaimRead, CommitmentRead, Reading, SpeakerKind, SpeakerRead, StanceRead
from extractor.text.attribution.analysis import Analysis, analyse
from extractor.text.attribution.model import Mention
from extractor.text.attribution.namelists import names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence

R = TypeVar("R", ClaimRead, StanceRead, CommitmentRead)

_ARTICLES = ("the ", "a ", "an ", "The ", "A ", "An ", "both ", "Both ", "some ", "Some ")
_WE = frozenset(("we", "us", "our", "ourselves", "'s"))  # "let's"
_I = frozenset(("i", "me", "my", "myself"))
_BODIES = frozenset(("sides", "countries", "nations", "states", "governments", "parties"))


@dataclass(frozen=True, slots=True)
class Item(Generic[R]):
    """A claim, stance or commitment whose speakers are still numbers of the cast. `start` orders it."""

    start: int
    read: R
    speaker: int | None
    via: tuple[int, ...] = ()


class Cast:
    """The speakers of one article, and the names behind its phrases."""

    def __init__(self, analysis: Analysis, title: str | None = None) -> None:
        """`title` may have a fuller name than the text."""
        self.analysis = analysis
        self._title = analyse(title).registry.by_name if title else {}
        self.people = [
            SpeakerRead(
                id="", name=self._full(one.name, one.kind), role=one.role, affiliation=one.affiliation, kind=one.kind
            )
            for one in analysis.speakers
        ]
        self._unknown: dict[str, int] = {}

    def _full(self, name: str, kind: SpeakerKind) -> str:
        name = bare(name)
        known = self._title.get(name) if kind == "person" and " " not in name else None
        return known.name if known is not None and known.kind == "person" else name

    def number(
        self,
        claims: Sequence[Item[ClaimRead]],
        stances: Sequence[Item[StanceRead]],
        commitments: Sequence[Item[CommitmentRead]],
    ) -> Reading:
        """The reading, its speakers numbered in order of appearance; nobody is listed who says nothing."""
        said: list[tuple[int, tuple[int | None, ...]]] = [(one.start, (*one.via, one.speaker)) for one in claims]
        said.extend((one.start, (one.speaker,)) for one in stances)
        said.extend((one.start, (one.speaker,)) for one in commitments)
        said.sort(key=lambda one: one[0])
        order = dict.fromkeys(one for _, group in said for one in group if one is not None)
        ids = {one: f"s{position}" for position, one in enumerate(order, 1)}

        def finished(items: Sequence[Item[R]]) -> list[R]:
            return [_finish(item, ids) for item in sorted(items, key=lambda item: item.start)]

        return Reading(
            speakers=[self.people[one].model_copy(update={"id": ids[one]}) for one in order],
            claims=finished(claims),
            stances=finished(stances),
            commitments=finished(commitments),
        )

    def of(self, mention: Mention | None) -> int | None:
        """The number of a mention's speaker; a source that could not be resolved is one of its own."""
        if mention is None or mention.speaker is not None:
            return None if mention is None else mention.speaker
        key = mention.name.lower()
        if key not in self._unknown:
            self._unknown[key] = len(self.people)
            kind: SpeakerKind = "unnamed" if mention.name[:1].islower() or " " not in mention.name else "person"
            self.people.append(SpeakerRead(id="", name=bare(mention.name), role=None, affiliation=None, kind=kind))
        return self._unknown[key]

    def can_speak(self, speaker: int) -> bool:
        """Whether a speaker is somebody, or a text: not "the weather" or "the summit"."""
        person, known = self.people[speaker], names()
        if person.kind != "unnamed":
            return True
        words = person.name.lower().split()
        return any(word in known.unnamed or word in known.person or word in known.group for word in words)

    def party(self, speaker: int | None) -> str | None:
        """For whom a speaker says "we": the body spoken for, else the speaker."""
        if speaker is None:
            return None
        person = self.people[speaker]
        return (person.affiliation or person.name) if person.kind == "person" else person.name

    def speaks_for(self, speaker: int, other: int) -> bool:
        """Whether `other` is the state or body that `speaker` speaks for, or the two sides of which that is one."""
        body, name = self.people[speaker].affiliation, self.people[other].name
        return body is not None and (
            name == body or (self.people[other].kind == "group" and body in name.split(" and "))
        )

    def is_document(self, s: Sentence, phrase: Phrase) -> bool:
        """Whether a subject is a text, which binds others: "the agreement aims to …"."""
        found = self.analysis.who(s, phrase) if s.tags[phrase.head] not in "POSwt" else None
        return found is not None and found.kind == "document"

    def actors(self, s: Sentence, phrase: Phrase, speaker: int | None) -> list[str]:
        """The names behind a subject: joint ones apart, pronouns resolved, "we" as the speaker's side."""
        word = s.lowered[phrase.head]
        if word in _WE:
            party = self.party(speaker)
            return [] if party is None else [party]
        if word in _I:
            return [] if speaker is None else [self.people[speaker].name]
        if word in _BODIES and len(self.analysis.registry.states) == 2:
            return list(self.analysis.registry.states)
        found = self.analysis.who(s, phrase)
        if found is None:
            text = self.analysis.text[s.starts[phrase.start] : s.ends[phrase.end - 1]]
            return [] if s.tags[phrase.head] in "POSwt" else [bare(text)]
        if found.kind != "group":
            return [self._full(found.name, found.kind)]
        return [self._full(part, "person") for part in found.name.split(" and ") if part]


def _finish(item: Item[R], ids: dict[int, str]) -> R:
    update: dict[str, object] = {"speaker": None if item.speaker is None else ids[item.speaker]}
    if isinstance(item.read, ClaimRead):
        update["via"] = [ids[one] for one in item.via]
    return item.read.model_copy(update=update)


def bare(name: str) -> str:
    """A name without article, possessive ending and punctuation around it."""
    for article in _ARTICLES:
        name = name.removeprefix(article)
    name = name.strip(" \t\n\xa0,;:—–-'’")
    for ending in ("'s", "’s"):
        name = name.removesuffix(ending)
    return " ".join(name.split())
