"""The speakers of one article while it is being read, and where they are mentioned."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from extractor.text.attribution.article import Found, Text
from extractor.text.attribution.namelists import Gender, Kind
from extractor.text.attribution.naming import Description

Span = tuple[int, int]

LOOK_BACK = 12  # sentences that a pronoun may reach over


@dataclass(slots=True, eq=False)
class Speaker:
    """A source of the article. `name` is its fullest form; `spans` are the places where it stands as a source."""

    name: str
    role: str | None
    affiliation: str | None
    kind: Kind
    gender: Gender = ""
    spans: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Registry:
    """The speakers of one article while it is being read."""

    whole: Text
    speakers: list[Speaker] = field(default_factory=list)
    by_name: dict[str, Speaker] = field(default_factory=dict)
    mentions: list[list[tuple[int, Speaker]]] = field(default_factory=list)  # per outer sentence
    starts: list[int] = field(default_factory=list)
    full: dict[str, str] = field(default_factory=dict)  # last word or acronym → a longer name in the text
    recent: list[Found] = field(default_factory=list)  # attributions in the order in which they were resolved
    most_named: Speaker | None = None  # the person whom the article names most
    states: list[str] = field(default_factory=list)  # the two sides, if the article is about two states
    at: dict[Span, Speaker] = field(default_factory=dict)  # where a source stands → its speaker
    of: dict[int, Speaker] = field(default_factory=dict)  # id of a Found → its speaker

    def person(self, described: Description) -> Speaker:
        """The person of that surname, or a new one; what is new about a known person is added."""
        last = described.name.split()[-1]
        known = self.by_name.get(last)
        if known is None and " " not in described.name and described.name in self.full:
            described = described._replace(name=self.full[described.name])
        if known is not None and known.kind == "person" and _compatible(known.name, described.name):
            if described.name != known.name and len(described.name.split()) > len(known.name.split()):
                known.name = described.name
            known.role = known.role or described.role
            known.affiliation = known.affiliation or described.affiliation
            known.gender = known.gender or described.gender
            return known
        return self.add(described)

    def add(self, described: Description) -> Speaker:
        if described.kind != "person" and described.name in self.full:
            described = described._replace(name=self.full[described.name])
        if described.kind == "group" and " and " in described.name:
            parts = [part.removeprefix("both ").removeprefix("Both ") for part in described.name.split(" and ")]
            known_parts = [self.by_name.get(part.split()[-1]) if part.split() else None for part in parts]
            described = described._replace(
                name=" and ".join(
                    one.name if one is not None and one.kind == "person" else part
                    for one, part in zip(known_parts, parts, strict=True)
                ),
            )
        key = described.name.lower().removeprefix("the ")
        known = self.by_name.get(key)
        if known is not None:
            known.role = known.role or described.role
            return known
        speaker = Speaker(described.name, described.role, described.affiliation, described.kind, described.gender)
        self.speakers.append(speaker)
        self.by_name[key] = speaker
        if described.kind == "person":
            self.by_name[described.name.split()[-1]] = speaker
        return speaker

    def last(self, place: int, fits: Callable[[Speaker], bool]) -> Speaker | None:
        """The speaker mentioned last before `place` that fits; within a sentence the first, most often its subject."""
        at = bisect_right(self.starts, place) - 1
        for index in range(at, max(-1, at - LOOK_BACK), -1):
            for position, speaker in self.mentions[index]:
                if position < place and fits(speaker):
                    return speaker
        return None


def _compatible(one: str, other: str) -> bool:
    """Whether two names with the same surname can be one person: no two different first names."""
    if one == other:
        return True
    first, second = one.split()[:-1], other.split()[:-1]
    if not first or not second:
        return True
    return first[0][0] == second[0][0] and (
        first[0] == second[0] or "." in first[0] + second[0] or first[-1] == second[-1]
    )
