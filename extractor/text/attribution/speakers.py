"""The mentions of an article gathered into speakers: names and offices first, then the source of each attribution."""

from __future__ import annotations

import re
from bisect import bisect_right, insort

from extractor.text.attribution import phrases
from extractor.text.attribution.coreference import speaker_of
from extractor.text.attribution.lexis import words
from extractor.text.attribution.namelists import names
from extractor.text.attribution.naming import Description, affiliation, after_state, clean, is_title
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.reader import Found, Text
from extractor.text.attribution.registry import Registry, Speaker
from extractor.text.attribution.sentences import Sentence

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
        mentions.sort(key=lambda mention: mention[0])
    registry.most_named = _most_named(registry)
    order = sorted((found for found in whole.found), key=lambda found: (found.level, _place(found)))
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
                insort(registry.mentions[at], (found.source[0], speaker), key=lambda mention: mention[0])
    return registry


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
                speaker = registry.person(Description(name, role, affiliation(role or "", lists), "person", gender))
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
