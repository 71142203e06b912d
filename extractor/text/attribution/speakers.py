"""The mentions of an article gathered into speakers: names and offices first, then the source of each attribution."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from functools import cache
from operator import itemgetter

from extractor.text.attribution import phrases
from extractor.text.attribution.article import Found, Text
from extractor.text.attribution.coreference import speaker_of
from extractor.text.attribution.kinds import affiliation, is_title
from extractor.text.attribution.lexis import words
from extractor.text.attribution.namelists import names
from extractor.text.attribution.naming import Description, after_state, clean
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.registry import Registry, Speaker
from extractor.text.attribution.sentences import Sentence

_by_place = itemgetter(0)
_NAMES = re.compile(r"m+")
_HONORIFICS = words("honorifics")


def resolve(whole: Text) -> Registry:
    """Finds the speaker of every attribution in `whole.found`."""
    registry = Registry(whole)
    registry.starts = [s.starts[0] for s in whole.sentences]
    registry.states = _states(registry)
    registry.mentions = [[] for _ in whole.sentences]
    for s in (*whole.sentences, *whole.inner):
        _collect_names(registry, s)
    for mentions in registry.mentions:
        if len(mentions) > 1:
            mentions.sort(key=_by_place)
    registry.most_named = _most_named(registry)
    order = sorted(whole.found, key=lambda found: (found.level, _place(found)))
    for found in order:
        speaker = speaker_of(registry, found)
        if speaker is None:
            continue
        registry.of[id(found)] = speaker
        registry.recent.append(found)
        if found.source is not None:
            registry.at[found.source] = speaker
            speaker.spans.append(found.source)
            at = bisect_right(registry.starts, found.source[0]) - 1
            if at >= 0:
                insort(registry.mentions[at], (found.source[0], speaker), key=_by_place)
    return registry


def _collect_names(registry: Registry, s: Sentence) -> None:
    """Persons by their full names, so that a later surname or pronoun finds them."""
    organizations = names().organization
    words, lowered = s.words, s.lowered
    for run in _NAMES.finditer(s.tags):
        first, end = run.span()
        office: int | None = None
        if end - first > 1 or (first > 1 and lowered[first - 1] == "of"):
            first, end, office = _after_office(s, first, end)
        if end - first > 1 and lowered[first] not in organizations and lowered[end - 1] not in organizations:
            speaker = _full_name(registry, s, first, end, office)
            if speaker is None:
                continue
        else:
            speaker = registry.by_name.get(words[first]) if end - first == 1 else None
            speaker = speaker if speaker is not None and speaker.kind == "person" else None
        if speaker is not None:
            _add_role(registry, speaker, s, run.start(), end)
            at = bisect_right(registry.starts, s.starts[first]) - 1
            registry.mentions[at].append((s.starts[first], speaker))
        if s.tags.startswith("(m)", end) and words[end + 1].isupper():
            registry.full.setdefault(words[end + 1], clean(registry.whole.text[s.starts[first] : s.ends[end - 1]]))


def _after_office(s: Sentence, first: int, end: int) -> tuple[int, int, int | None]:
    """The name in the capitalised words first:end, and where the office before it starts, if one does."""
    lists = names()
    if first > 1 and s.lowered[first - 1] == "of" and is_title(s.words[first - 2], lists):
        named = after_state(s, first)  # "President of Russia Vladimir Putin"
        if named is not None:
            return *named, first - 2
    last = next((at for at in range(end - 2, first - 1, -1) if is_title(s.words[at], lists)), None)
    return (first, end, None) if last is None else (last + 1, end, first)


def _full_name(registry: Registry, s: Sentence, first: int, end: int, office: int | None) -> Speaker | None:
    """The person whom the words first:end name in full, None if they may be anything."""
    lists, text = names(), registry.whole.text
    given, before = s.lowered[first], s.lowered[first - 1] if first else ""
    name = clean(text[s.starts[first] : s.ends[end - 1]])
    described = first > 0 and s.tags[first - 1] == "N" and before in lists.person
    if office is None and not described and given not in lists.gender:
        registry.full.setdefault(s.words[end - 1], name)
        return None
    role = None if office is None else text[s.starts[office] : s.ends[first - 1]]
    if role is not None and role.lower().strip(".") in _HONORIFICS:
        role = None
    gender = lists.gender.get(given) or lists.gender.get(before, "")
    body = affiliation(role or "")
    return registry.person(Description(name, "person", role=role, affiliation=body, gender=gender))


def _add_role(registry: Registry, speaker: Speaker, s: Sentence, start: int, end: int) -> None:
    """The office in an apposition: "the ambassador to Pakistan, Lee", "Lee, the finance minister,"."""
    if speaker.role is not None:
        return
    tags = s.tags
    office: Phrase | None = None
    if start > 1 and tags[start - 1] == ",":
        office = phrases.before(s, start - 1)
    if (office is None or not _is_office(s, office)) and tags[end : end + 1] == "," and end + 1 < len(tags):
        office = phrases.after(s, end + 1)
    if office is None or not _is_office(s, office):
        return
    first = office.core_start + (tags[office.core_start] in "DS" and s.lowered[office.core_start] in ("the", "a", "an"))
    last = next((k for k in range(office.core_end, office.end) if tags[k] in ",(-:"), office.end)
    speaker.role = registry.whole.text[s.starts[first] : s.ends[last - 1]]
    speaker.affiliation = speaker.affiliation or affiliation(speaker.role)


def _is_office(s: Sentence, phrase: Phrase) -> bool:
    head = s.lowered[phrase.head]
    return head in names().person or head in names().titles


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


@cache
def _state_names() -> frozenset[str]:
    return frozenset(names().states)


def _states(registry: Registry) -> list[str]:
    """The two states that the text names most, in order of appearance."""
    states = names().states
    counts: dict[str, int] = {}
    for s in registry.whole.sentences:
        if _state_names().isdisjoint(s.words):
            continue
        for word, tag in zip(s.words, s.tags, strict=True):
            if tag == "m" and word in states:
                counts[states[word]] = counts.get(states[word], 0) + 1
    chosen = sorted(counts, key=lambda state: -counts[state])[:2]
    return [state for state in counts if state in chosen]
