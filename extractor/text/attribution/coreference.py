"""Whom a source means: names, pronouns and offices resolved to the speakers of an article.

Resolution is by recency with agreement, in the manner of S. Lappin and H. Leass (1994) cut down to what light grammar
shows: a pronoun means the first fitting person of its own sentence, else of the sentence before, and so on.
"""

from __future__ import annotations

from bisect import bisect_right

from extractor.text.attribution import phrases
from extractor.text.attribution.article import Found
from extractor.text.attribution.lexis import words
from extractor.text.attribution.namelists import Gender
from extractor.text.attribution.naming import Description, describe
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.registry import LOOK_BACK, Registry, Speaker
from extractor.text.attribution.sentences import Sentence

_PERSONAL, _PLURAL, _NEUTER, _FIRST = words("personal"), words("plural"), words("neuter"), words("first")
_BODIES = words("bodies")
_JOINT = _BODIES | words("joint")


def meant(registry: Registry, s: Sentence, phrase: Phrase) -> Speaker | None:
    """Who a phrase means that is no source: the actor of a plan."""
    return resolve_phrase(registry, Found(s, phrase, None, None, [], "", "", s.level), s, phrase)


def speaker_of(registry: Registry, found: Found) -> Speaker | None:
    if found.phrase is None:
        if found.source is None:
            return None
        return registry.at.get(found.source)
    return resolve_phrase(registry, found, found.sentence, found.phrase)


def resolve_phrase(registry: Registry, found: Found, s: Sentence, phrase: Phrase) -> Speaker | None:
    place = s.starts[phrase.core_start]
    described = describe(s, phrase, registry.whole.text)
    if described.pronoun:
        return _pronoun(registry, found, s, phrase, described, place)
    if described.kind == "person":
        return (
            (_by_role(registry, described, place) or registry.add(described))
            if described.office
            else registry.person(described)
        )
    if described.kind == "group" and _is_joint(described.name):
        return _joint(registry, described, place) or registry.add(described)
    if described.kind == "group" and described.definite and len(described.name.split()) == 1:
        earlier = registry.last(
            place, lambda speaker: speaker.kind == "group" and described.name.lower() in speaker.name.lower()
        )
        return earlier or registry.add(described)
    if (
        described.kind == "organization"
        and described.definite
        and described.name[:1].islower()
        and len(described.name.split()) == 1
    ):
        earlier = registry.last(
            place, lambda speaker: speaker.kind == "organization" and described.name in speaker.name.lower()
        )
        return earlier or registry.add(described)
    return registry.add(described)


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
        return None if antecedent is None else resolve_phrase(registry, found, s, antecedent)
    if (said := _sayer(registry, found, s, place)) is not None and _agrees(said, word, described.gender):
        return said
    if word in _PERSONAL:
        gender = described.gender
        return registry.last(
            place, lambda speaker: speaker.kind in ("person", "unnamed") and speaker.gender in ("", gender)
        )
    if word in _PLURAL:
        return registry.last(place, lambda speaker: speaker.kind == "group") or registry.last(
            place, lambda speaker: speaker.kind in ("organization", "unnamed")
        )
    if word in _NEUTER:
        return registry.last(place, lambda speaker: speaker.kind in ("organization", "document", "media"))
    return None


def _sayer(registry: Registry, found: Found, s: Sentence, place: int) -> Speaker | None:
    """Who says it, where a pronoun starts what is said: "Lee met Marsh and said she …"."""
    for other in reversed(registry.recent):
        if other.sentence is not s or other is found:
            break
        if other.cue is not None and registry.whole.text[other.cue[1] : place].strip() in ("", "that"):
            return registry.of.get(id(other))
    return None


def _agrees(speaker: Speaker, word: str, gender: Gender) -> bool:
    if word in _PERSONAL:
        return speaker.kind in ("person", "unnamed") and (not speaker.gender or not gender or speaker.gender == gender)
    if word in _PLURAL:
        return speaker.kind == "group"
    return word in _NEUTER and speaker.kind in ("organization", "document", "media")


def _by_role(registry: Registry, described: Description, place: int) -> Speaker | None:
    """Whom an office means: the person with that office (and state) named last, the one whose state it is, or whom the
    article is about: "the president" without a state is not the foreign president of the sentence before."""
    head = described.name.lower().split(" of ")[0].split(" for ")[0].split()[-1]
    body = described.affiliation

    def holds(speaker: Speaker) -> bool:
        return speaker.kind == "person" and head in (speaker.role or "").lower().split()

    if body is not None:
        found = (
            registry.last(place, lambda one: holds(one) and one.affiliation in (None, body))
            or next((one for one in registry.speakers if holds(one) and one.affiliation == body), None)
            or registry.last(place, lambda one: one.kind == "person" and one.affiliation == body and bool(one.spans))
            or _only_unplaced(registry)
        )
        if found is not None:
            found.affiliation = found.affiliation or body
        return found
    holders = [one for one in registry.speakers if holds(one)]
    if " " in described.name:
        return None  # "Lee's adviser on trade" is nobody named so far
    if len(holders) == 1 and holders[0].affiliation is None:
        return holders[0]
    main = registry.most_named
    found = registry.last(place, lambda one: holds(one) and (one is main or not _abroad(one, main)))
    if found is not None:
        return found
    sources = [one for one in registry.speakers if one.kind == "person" and one.spans]
    if len(sources) == 1 and described.gender in ("", sources[0].gender or described.gender):
        return sources[0]
    return main if main is not None and main.role is None and holders else None


def _only_unplaced(registry: Registry) -> Speaker | None:
    """The one person who is a source, if it is not said yet what he is: "Mr Lee … The Chilean president …"."""
    sources = [one for one in registry.speakers if one.kind == "person" and one.spans]
    return sources[0] if len(sources) == 1 and sources[0].role is None and sources[0].affiliation is None else None


def _abroad(one: Speaker, main: Speaker | None) -> bool:
    """Whether a person speaks for a state while the article is about somebody whose state it leaves unsaid."""
    return one.affiliation is not None and main is not None and main.affiliation is None


def _is_joint(name: str) -> bool:
    words = name.lower().split()
    return words[-1] in _JOINT and (len(words) == 1 or words[0] in ("two", "both"))


def _joint(registry: Registry, described: Description, place: int) -> Speaker | None:
    """Both persons named last ("the two presidents"), or the article's two states ("the two sides")."""
    if described.name.lower().split()[-1] in _BODIES:
        parties = registry.states
        affiliation = None
    else:
        pair = _last_persons(registry, place)
        parties = [speaker.name for speaker in pair]
        states = [speaker.affiliation for speaker in pair if speaker.affiliation]
        affiliation = " and ".join(states) if len(states) == 2 else None
    if len(parties) < 2:
        return None
    return registry.add(Description(" and ".join(parties), "group", affiliation=affiliation))


def _last_persons(registry: Registry, place: int) -> list[Speaker]:
    """The two persons named last before `place`, in the order of their names."""
    seen: dict[int, Speaker] = {}
    at = bisect_right(registry.starts, place) - 1
    for index in range(at, max(-1, at - LOOK_BACK), -1):
        for position, speaker in registry.mentions[index]:
            if position < place and speaker.kind == "person" and speaker not in seen.values():
                seen[position] = speaker
        if len(seen) >= 2:
            break
    return [speaker for _, speaker in sorted(list(seen.items())[:2], key=lambda mention: mention[0])]
