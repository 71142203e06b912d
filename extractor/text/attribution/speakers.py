"""Who a source is: the mentions of an article gathered into speakers, pronouns and offices resolved to persons.

Resolution is by recency with agreement, in the manner of S. Lappin and H. Leass (1994) cut down to what light grammar
shows: a pronoun means the first fitting person of its own sentence, else of the sentence before, and so on.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extractor.text.attribution import phrases
from extractor.text.attribution.naming import (
    Description,
    Gender,
    Kind,
    affiliation,
    after_state,
    clean,
    describe,
    is_title,
    names,
)
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.reader import Found, Text
from extractor.text.attribution.sentences import Sentence

Span = tuple[int, int]

_NAMES = re.compile(r"m+")
_LOOK_BACK = 12  # sentences that a pronoun may reach over
_PERSONAL = frozenset(["he", "she", "him", "her", "his", "himself", "herself"])
_PLURAL = frozenset(["they", "them", "their", "themselves"])
_NEUTER = frozenset(["it", "its", "itself", "this", "that"])
_HONORIFICS = frozenset(["mr", "mrs", "ms", "miss", "sir"])
_FIRST = frozenset(["i", "we", "me", "us", "my", "our"])
_BODIES = frozenset(["sides", "parties", "countries", "nations", "states", "governments"])
_JOINT = _BODIES | frozenset(["leaders", "presidents", "ministers", "men", "women"])


@dataclass(slots=True, eq=False)
class Speaker:
    """A source of the article. `name` is its fullest form; `spans` are the places where it stands as a source."""

    name: str
    role: str | None
    affiliation: str | None
    kind: Kind
    gender: Gender = ""
    spans: list[Span] = field(default_factory=list)
    first: int = 0


@dataclass(slots=True)
class Registry:
    """The speakers of one article while it is being read."""

    whole: Text
    speakers: list[Speaker] = field(default_factory=list)
    by_name: dict[str, Speaker] = field(default_factory=dict)
    mentions: list[list[tuple[int, Speaker]]] = field(default_factory=list)  # per outer sentence
    starts: list[int] = field(default_factory=list)
    full: dict[str, str] = field(default_factory=dict)  # last word or acronym → a longer name in the text
    most_named: Speaker | None = None  # the person whom the article names most
    states: list[str] = field(default_factory=list)  # the two sides, if the article is about two states
    at: dict[Span, Speaker] = field(default_factory=dict)  # where a source stands → its speaker
    of: dict[int, Speaker] = field(default_factory=dict)  # id of a Found → its speaker

    def name_of(self, s: Sentence, phrase: Phrase) -> Speaker | None:
        """Who a phrase means that is no source: the actor of a plan."""
        found = Found(s, phrase, None, None, [], "", "", s.level)
        return _resolve_phrase(self, found, s, phrase)


def resolve(whole: Text) -> Registry:
    """Finds the speaker of every attribution in `whole.found`."""
    registry = Registry(whole)
    registry.starts = [s.starts[0] for s in whole.sentences]
    registry.states = _states(registry)
    registry.mentions = [[] for _ in whole.sentences]
    for s in (*whole.sentences, *whole.inner):
        _collect_names(registry, s)
    for mentions in registry.mentions:
        mentions.sort(key=lambda mention: mention[0])
    registry.most_named = _most_named(registry)
    order = sorted((found for found in whole.found), key=lambda found: (found.level, _place(found)))
    for found in order:
        speaker = _speaker_of(registry, found)
        if speaker is None:
            continue
        registry.of[id(found)] = speaker
        if found.source is not None:
            registry.at[found.source] = speaker
            speaker.spans.append(found.source)
            at = bisect_right(registry.starts, found.source[0]) - 1
            if at >= 0:
                insort(registry.mentions[at], (found.source[0], speaker), key=lambda mention: mention[0])
    return registry


def _most_named(registry: Registry) -> Speaker | None:
    """The person whom the article names most, if nobody else is named as often."""
    counts: dict[int, int] = {}
    persons: dict[int, Speaker] = {}
    for mentions in registry.mentions:
        for _, speaker in mentions:
            persons[id(speaker)] = speaker
            counts[id(speaker)] = counts.get(id(speaker), 0) + 1
    ranked = sorted(counts, key=lambda key: -counts[key])
    if not ranked or (len(ranked) > 1 and counts[ranked[0]] == counts[ranked[1]]):
        return None
    return persons[ranked[0]]


def _place(found: Found) -> int:
    return found.source[0] if found.source is not None else found.content[0][0]


def _collect_names(registry: Registry, s: Sentence) -> None:
    """Persons by their full names, so that a later surname or pronoun finds them."""
    lists = names()
    text = registry.whole.text
    for run in _NAMES.finditer(s.tags):
        first, end = run.span()
        state_office = (
            first > 1 and s.lower(first - 1) == "of" and is_title(s.words[first - 2], lists) and after_state(s, first)
        )
        office = [at for at in range(first, end - 1) if is_title(s.words[at], lists)]
        if state_office:
            first, end = state_office
        elif office:
            first = office[-1] + 1
        titled = bool(state_office or office) or (
            first > 0 and s.tags[first - 1] == "N" and s.lower(first - 1) in lists.person
        )
        last = s.words[end - 1]
        name = clean(text[s.starts[first] : s.ends[end - 1]])
        if end - first >= 2 and s.lower(end - 1) not in lists.organization and s.lower(first) not in lists.organization:
            person = titled or s.lower(first) in lists.gender
            if person:
                role = None
                if state_office or office:
                    start = run.start() - 2 if state_office else run.start()
                    role = text[s.starts[start] : s.ends[first - 1]]
                    role = None if role.lower().strip(".") in _HONORIFICS else role
                gender = lists.gender.get(s.lower(first)) or (lists.gender.get(s.lower(first - 1), "") if first else "")
                speaker = _person(registry, Description(name, role, affiliation(role or "", lists), "person", gender))
            else:
                registry.full.setdefault(last, name)
                continue
        elif end - first == 1 and (known := registry.by_name.get(last)) is not None and known.kind == "person":
            speaker = known
        else:
            if s.tags[end : end + 3] == "(m)" and s.words[end + 1].isupper():
                registry.full.setdefault(s.words[end + 1], name)
            continue
        _add_role(registry, speaker, s, run.start(), end)
        at = bisect_right(registry.starts, s.starts[first]) - 1
        registry.mentions[at].append((s.starts[first], speaker))
        if s.tags[end : end + 3] == "(m)" and s.words[end + 1].isupper():
            registry.full.setdefault(s.words[end + 1], name)


def _add_role(registry: Registry, speaker: Speaker, s: Sentence, start: int, end: int) -> None:
    """The office in an apposition: "the ambassador to Pakistan, Lee", "Lee, the finance minister,"."""
    lists, tags = names(), s.tags
    office: Phrase | None = None
    if start > 1 and tags[start - 1] == ",":
        office = phrases.before(s, start - 1)
    if (office is None or not _is_office(s, office)) and tags[end : end + 1] == "," and end + 1 < len(tags):
        office = phrases.after(s, end + 1)
    if office is None or not _is_office(s, office) or speaker.role is not None:
        return
    first = office.core_start + (tags[office.core_start] in "DS" and s.lower(office.core_start) in ("the", "a", "an"))
    last = next((k for k in range(office.core_end, office.end) if tags[k] in ",(-:"), office.end)
    speaker.role = registry.whole.text[s.starts[first] : s.ends[last - 1]]
    speaker.affiliation = speaker.affiliation or affiliation(speaker.role, lists)


def _is_office(s: Sentence, phrase: Phrase) -> bool:
    head = s.lower(phrase.head)
    return head in names().person or head in names().titles


def _speaker_of(registry: Registry, found: Found) -> Speaker | None:
    if found.phrase is None:
        if found.source is None:
            return None
        return registry.at.get(found.source)
    return _resolve_phrase(registry, found, found.sentence, found.phrase)


def _resolve_phrase(registry: Registry, found: Found, s: Sentence, phrase: Phrase) -> Speaker | None:
    place = s.starts[phrase.core_start]
    described = describe(s, phrase, registry.whole.text)
    if described.pronoun:
        return _pronoun(registry, found, s, phrase, described, place)
    if described.kind == "person":
        return (
            (_by_role(registry, described, place) or _add(registry, described))
            if described.office
            else _person(registry, described)
        )
    if described.kind == "group" and _is_joint(described.name):
        return _joint(registry, described, place) or _add(registry, described)
    if described.kind == "group" and described.definite and len(described.name.split()) == 1:
        earlier = _last(
            registry, place, lambda speaker: speaker.kind == "group" and described.name.lower() in speaker.name.lower()
        )
        return earlier or _add(registry, described)
    if (
        described.kind == "organization"
        and described.definite
        and described.name[:1].islower()
        and len(described.name.split()) == 1
    ):
        earlier = _last(
            registry, place, lambda speaker: speaker.kind == "organization" and described.name in speaker.name.lower()
        )
        return earlier or _add(registry, described)
    return _add(registry, described)


def _person(registry: Registry, described: Description) -> Speaker:
    """The person of that surname, or a new one; what is new about a known person is added."""
    last = described.name.split()[-1]
    known = registry.by_name.get(last)
    if known is None and " " not in described.name and described.name in registry.full:
        described = replace(described, name=registry.full[described.name])
    if known is not None and known.kind == "person" and _compatible(known.name, described.name):
        if len(described.name.split()) > len(known.name.split()):
            known.name = described.name
        known.role = known.role or described.role
        known.affiliation = known.affiliation or described.affiliation
        known.gender = known.gender or described.gender
        return known
    return _add(registry, described)


def _compatible(one: str, other: str) -> bool:
    """Whether two names with the same surname can be one person: no two different first names."""
    first, second = one.split()[:-1], other.split()[:-1]
    if not first or not second:
        return True
    return first[0][0] == second[0][0] and (
        first[0] == second[0] or "." in first[0] + second[0] or first[-1] == second[-1]
    )


def _add(registry: Registry, described: Description) -> Speaker:
    if described.kind != "person" and described.name in registry.full:
        described = replace(described, name=registry.full[described.name])
    if described.kind == "group" and " and " in described.name:
        parts = [part.removeprefix("both ").removeprefix("Both ") for part in described.name.split(" and ")]
        known_parts = [registry.by_name.get(part.split()[-1]) if part.split() else None for part in parts]
        described = replace(
            described,
            name=" and ".join(
                one.name if one is not None and one.kind == "person" else part
                for one, part in zip(known_parts, parts, strict=True)
            ),
        )
    key = described.name.lower().removeprefix("the ")
    known = registry.by_name.get(key)
    if known is not None:
        known.role = known.role or described.role
        return known
    speaker = Speaker(described.name, described.role, described.affiliation, described.kind, described.gender)
    registry.speakers.append(speaker)
    registry.by_name[key] = speaker
    if described.kind == "person":
        registry.by_name[described.name.split()[-1]] = speaker
    return speaker


def _last(registry: Registry, place: int, fits: Callable[[Speaker], bool]) -> Speaker | None:
    """The speaker mentioned last before `place` that fits; within a sentence the first, which is most often its subject."""
    at = bisect_right(registry.starts, place) - 1
    for index in range(at, max(-1, at - _LOOK_BACK), -1):
        for position, speaker in registry.mentions[index]:
            if position < place and fits(speaker):
                return speaker
    return None


def _pronoun(
    registry: Registry, found: Found, s: Sentence, phrase: Phrase, described: Description, place: int
) -> Speaker | None:
    word = described.pronoun
    if word in _FIRST:
        outer = found.inside
        while outer is not None and outer.level >= found.level:
            outer = outer.inside
        return registry.of.get(id(outer)) if outer is not None else None
    if s.tags[phrase.core_start] in "wt":
        antecedent = phrases.before(s, phrase.core_start - (s.tags[phrase.core_start - 1] == ","))
        return None if antecedent is None else _resolve_phrase(registry, found, s, antecedent)
    if word in _PERSONAL:
        gender = described.gender
        return _last(
            registry, place, lambda speaker: speaker.kind in ("person", "unnamed") and speaker.gender in ("", gender)
        )
    if word in _PLURAL:
        return _last(registry, place, lambda speaker: speaker.kind == "group") or _last(
            registry, place, lambda speaker: speaker.kind in ("organization", "unnamed")
        )
    if word in _NEUTER:
        return _last(registry, place, lambda speaker: speaker.kind in ("organization", "document", "media"))
    return None


def _by_role(registry: Registry, described: Description, place: int) -> Speaker | None:
    """Whom an office means: the person with that office (and state) named last, the one whose state it is, or whom the
    article is about: "the president" without a state is not the foreign president of the sentence before."""
    head = described.name.lower().split(" of ")[0].split(" for ")[0].split()[-1]
    body = described.affiliation

    def holds(speaker: Speaker) -> bool:
        return speaker.kind == "person" and head in (speaker.role or "").lower().split()

    if body is not None:
        found = (
            _last(registry, place, lambda one: holds(one) and one.affiliation in (None, body))
            or next((one for one in registry.speakers if holds(one) and one.affiliation == body), None)
            or _last(registry, place, lambda one: one.kind == "person" and one.affiliation == body and bool(one.spans))
        )
        if found is not None:
            found.affiliation = found.affiliation or body
        return found
    holders = [one for one in registry.speakers if holds(one)]
    if len(holders) == 1 and holders[0].affiliation is None:
        return holders[0]
    main = registry.most_named
    found = _last(registry, place, lambda one: holds(one) and (one is main or not _abroad(one, main)))
    if found is not None:
        return found
    sources = [one for one in registry.speakers if one.kind == "person" and one.spans]
    if len(sources) == 1 and described.gender in ("", sources[0].gender or described.gender):
        return sources[0]
    return main if main is not None and main.role is None and holders else None


def _abroad(one: Speaker, main: Speaker | None) -> bool:
    """Whether a person speaks for a state while the article is about somebody whose state it leaves unsaid."""
    return one.affiliation is not None and main is not None and main.affiliation is None


def _is_joint(name: str) -> bool:
    words = name.lower().split()
    return words[-1] in _JOINT and (len(words) == 1 or words[0] in ("two", "both"))


def _joint(registry: Registry, described: Description, place: int) -> Speaker | None:
    """ "The two presidents": both persons named last. "The two sides": the two states named most so far."""
    if described.name.lower().split()[-1] in _BODIES:
        parties = registry.states
        affiliation_ = None
    else:
        pair = _last_persons(registry, place)
        parties = [speaker.name for speaker in pair]
        states = [speaker.affiliation for speaker in pair if speaker.affiliation]
        affiliation_ = " and ".join(states) if len(states) == 2 else None
    if len(parties) < 2:
        return None
    return _add(registry, Description(" and ".join(parties), None, affiliation_, "group"))


def _last_persons(registry: Registry, place: int) -> list[Speaker]:
    """The two persons named last before `place`, in the order of their names."""
    seen: dict[int, Speaker] = {}
    at = bisect_right(registry.starts, place) - 1
    for index in range(at, max(-1, at - _LOOK_BACK), -1):
        for position, speaker in registry.mentions[index]:
            if position < place and speaker.kind == "person" and speaker not in seen.values():
                seen[position] = speaker
        if len(seen) >= 2:
            break
    return [speaker for _, speaker in sorted(list(seen.items())[:2], key=lambda mention: mention[0])]


def _states(registry: Registry) -> list[str]:
    """The two states that the text names most, in order of appearance."""
    states = names().states
    counts: dict[str, int] = {}
    for s in registry.whole.sentences:
        for index, tag in enumerate(s.tags):
            if tag == "m" and s.words[index] in states:
                state = states[s.words[index]]
                counts[state] = counts.get(state, 0) + 1
    chosen = sorted(counts, key=lambda state: -counts[state])[:2]
    return [state for state in counts if state in chosen]
