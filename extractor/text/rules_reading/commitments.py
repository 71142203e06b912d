"""Commitments: the plans of the text layer with the names of their actors, their speaker, and their dates."""

from __future__ import annotations

import datetime as dt

from rapidfuzz import fuzz

from extractor.schema.reading import CommitmentRead, Firmness, WhenRead
from extractor.text import dates
from extractor.text.attribution import phrases
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution
from extractor.text.attribution.namelists import names
from extractor.text.plans import Plan, plans_of
from extractor.text.plans.lists import lists as plan_lists
from extractor.text.rules_reading.cast import Cast, Item
from extractor.text.rules_reading.lists import lists
from extractor.text.rules_reading.wording import trim

_BINDING = ("pledged", "scheduled", "planned")  # what a document's words make agreed
_WINDOW = 60  # how many commitments back a second telling is looked for
_SAME = 90.0  # likeness of two actions from which they are one commitment told twice
_WITH = 4  # first words of an action in which "meet … with" names who else acts
_MEETING = frozenset(
    ["meet", "meeting", "meetings", "talks", "talk", "discuss", "negotiations", "summit", "conversation", "exchange"]
)


def read_commitments(analysis: Analysis, cast: Cast, published: dt.date | None) -> list[Item[CommitmentRead]]:
    """The commitments of an article; one that is told twice is kept in its fullest telling."""
    items: list[Item[CommitmentRead]] = []
    anchor: dt.date | None = None
    for plan in plans_of(analysis, published):
        if plan.negated or not plan.action:
            continue
        around = _voice(analysis, cast, plan)
        speaker = cast.of(around.source) if around is not None else _declarer(analysis, cast, plan)
        when, anchor = _when(analysis.text, plan, published, anchor)
        start, end = _quote(analysis.text, plan, around)
        if end <= start:
            continue
        read = CommitmentRead(
            quote=analysis.text[start:end],
            speaker=None,
            actors=_actors(analysis, cast, plan, speaker),
            action=plan.action,
            firmness=_firmness(analysis, plan, cast, speaker, around is not None, when),
            condition=None if plan.condition is None else analysis.text[slice(*plan.condition)],
            when=when,
        )
        _keep(items, Item(start, read, speaker))
    return items


def _voice(analysis: Analysis, cast: Cast, plan: Plan) -> Attribution | None:
    """The attribution in whose words the plan stands.

    A person's own wish or plan is in his voice even where another reports it ("Lee said Marsh hopes to …"); that of a
    body is in the voice of whoever reports it.
    """
    at = next((one for one in analysis.inside_of(plan.trigger) if _is_person(cast, one)), None)
    if at is not None and at.inside is not None:
        return at
    around = analysis.around(plan.trigger[0])
    while around is not None:
        outer = analysis.attributions[around.inside] if around.inside is not None else None
        inner, relay = cast.of(around.source), cast.of(outer.source) if outer is not None else None
        own = inner is not None and relay is not None and cast.speaks_for(relay, inner)
        thing = inner is not None and not cast.can_speak(inner)
        if around.rule not in ("noun", "adjective") and not own and not thing and inner is not None:
            return around
        around = outer
    return None


def _is_person(cast: Cast, attribution: Attribution) -> bool:
    speaker = cast.of(attribution.source)
    return speaker is not None and cast.people[speaker].kind == "person"


def _declarer(analysis: Analysis, cast: Cast, plan: Plan) -> int | None:
    """Who declares a plan that the trigger itself reports: "the sides agreed to …", "the firm announced …"."""
    for one in analysis.inside_of(plan.trigger):
        speaker = cast.of(one.source)
        if one.lemma in lists().declared and speaker is not None and cast.can_speak(speaker):
            return speaker
    return None


def _quote(text: str, plan: Plan, around: Attribution | None) -> tuple[int, int]:
    start, end = plan.start, plan.end
    if around is not None:
        for first, last in around.content:
            if first <= plan.trigger[0] < last:
                start, end = max(start, first), min(end, last)
    return trim(text, start, end)


def _actors(analysis: Analysis, cast: Cast, plan: Plan, speaker: int | None) -> list[str]:
    """Who is to act: the subject, and who else takes part in a meeting; without a subject the states that are named."""
    found = analysis.phrase_at(*plan.actor) if plan.actor is not None else None
    if found is not None and not cast.is_document(*found):
        actors = cast.actors(found[0], found[1], speaker)
        if actors:
            return _distinct([*actors, *_partners(analysis, cast, plan, speaker)])
    known, telling = names().states, analysis.text[plan.start : plan.end]
    if any(f"two {body}" in telling for body in ("countries", "sides", "states", "nations")):
        return list(analysis.registry.states)
    states = [
        known[word] for word in telling.replace("’s", "").replace("'s", "").replace(",", "").split() if word in known
    ]
    party = cast.party(speaker)
    return _distinct(states[:2]) or ([party] if party else [])


def _partners(analysis: Analysis, cast: Cast, plan: Plan, speaker: int | None) -> list[str]:
    """Whom the subject meets: "will have talks with X and Y"."""
    words = plan.action.split()
    s = analysis.sentence_at(plan.trigger[1] - 1)
    if s is None or _MEETING.isdisjoint(words[:_WITH]):
        return []
    for at in range(len(s)):
        direct = s.starts[at] >= plan.trigger[1] and at > 0 and s.lowered[at - 1] == "meet" and s.tags[at] != "I"
        if s.starts[at] >= plan.trigger[1] and s.ends[at] <= plan.end and (s.lowered[at] == "with" or direct):
            found: list[str] = []
            begin = at + (not direct)
            while (phrase := phrases.after(s, begin)) is not None and len(found) < 3:
                found.extend(name for name in cast.actors(s, phrase, speaker) if name[:1].isupper())
                begin = phrase.end + 1
                if s.tags[phrase.end : phrase.end + 1] != "c":
                    break
            return found
    return []


def _distinct(actors: list[str]) -> list[str]:
    return list(dict.fromkeys(actor for actor in actors if actor))


def _firmness(
    analysis: Analysis, plan: Plan, cast: Cast, speaker: int | None, reported: bool, when: WhenRead | None
) -> Firmness:
    """What a document says is agreed by those who signed it; what the reporter says will happen is arranged."""
    subject = analysis.phrase_at(*plan.actor) if plan.actor is not None else None
    document = speaker is not None and cast.people[speaker].kind == "document"
    if (document or (subject is not None and cast.is_document(*subject))) and plan.firmness in _BINDING:
        return "agreed"
    arranged = when is not None or not plan_lists().event_nouns.isdisjoint(plan.action.split()[:5])
    if plan.firmness == "pledged" and not reported and speaker is None and arranged:
        return "scheduled"
    return plan.firmness


def _when(
    text: str, plan: Plan, published: dt.date | None, anchor: dt.date | None
) -> tuple[WhenRead | None, dt.date | None]:
    """The planned date, and the day that a later "the same day" counts from."""
    if plan.when is None:
        return None, anchor
    expression = text[slice(*plan.when)]
    resolved = dates.resolve(expression, published, tense="future", anchor=anchor)
    if resolved is None and plan.anchor is not None:
        # "Following the talks" is the last day of talks that the text dates.
        event = dates.resolve(text[slice(*plan.anchor)], published, tense="future", anchor=anchor)
        day = event.latest if event is not None else None
        resolved = dates.resolve(day.isoformat(), published) if day is not None else None
    if resolved is None:
        return WhenRead(expression=expression, edtf=None, earliest=None, latest=None), anchor
    if resolved.earliest is not None and resolved.earliest == resolved.latest:
        anchor = resolved.earliest
    when = WhenRead(expression=expression, edtf=resolved.edtf, earliest=resolved.earliest, latest=resolved.latest)
    return when, anchor


def _keep(items: list[Item[CommitmentRead]], item: Item[CommitmentRead]) -> None:
    """Adds a commitment, unless it is there already; of two tellings the one that says more stays."""
    for index in range(max(0, len(items) - _WINDOW), len(items)):
        known = items[index].read
        if _same(known, item.read):
            if (item.read.when is not None, len(item.read.quote)) > (known.when is not None, len(known.quote)):
                items[index] = item
            return
    items.append(item)


def _same(one: CommitmentRead, other: CommitmentRead) -> bool:
    if one.actors != other.actors and set(one.actors).isdisjoint(other.actors):
        return False
    return fuzz.token_sort_ratio(one.action.lower(), other.action.lower()) >= _SAME
