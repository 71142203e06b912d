"""Commitments: the plans of the text layer with the names of their actors, their speaker, and their dates."""

from __future__ import annotations

import datetime as dt

from rapidfuzz import fuzz

from extractor.schema.reading import CommitmentRead, Firmness, WhenRead
from extractor.text import dates
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution
from extractor.text.attribution.naming import names
from extractor.text.plans import Plan, plans_of
from extractor.text.rules_reading.wording import Cast, Item, trim

_WINDOW = 60  # how many commitments back a second telling is looked for
_SAME = 90.0  # likeness of two actions from which they are one commitment told twice


def read_commitments(analysis: Analysis, cast: Cast, published: dt.date | None) -> list[Item]:
    """The commitments of an article; one that is told twice is kept in its fullest telling."""
    items: list[Item] = []
    anchor: dt.date | None = None
    for plan in plans_of(analysis, published):
        if plan.negated:
            continue
        around = _voice(analysis, cast, plan)
        speaker = cast.of(around.source) if around is not None else None
        when, anchor = _when(analysis.whole.text, plan, published, anchor)
        start, end = _quote(analysis.whole.text, plan, around)
        if not plan.action or end <= start:
            continue
        read = CommitmentRead(
            quote=analysis.whole.text[start:end],
            speaker=None,
            actors=_actors(analysis, cast, plan, speaker),
            action=plan.action,
            firmness=_firmness(plan, cast, speaker),
            condition=None if plan.condition is None else analysis.whole.text[slice(*plan.condition)],
            when=when,
        )
        _keep(items, Item(start, read, speaker))
    return items


def _voice(analysis: Analysis, cast: Cast, plan: Plan) -> Attribution | None:
    """The attribution in whose words the plan stands: one that says something, not the wish or plan itself."""
    around = analysis.around(plan.trigger[0])
    while around is not None:
        outer = analysis.attributions[around.inside] if around.inside is not None else None
        inner, relay = cast.of(around.source), cast.of(outer.source) if outer is not None else None
        own = inner is not None and relay is not None and cast.speaks_for(relay, inner)
        if around.rule not in ("noun", "adjective") and not own and around.source is not None and inner is not None:
            return around
        around = outer
    return None


def _quote(text: str, plan: Plan, around: Attribution | None) -> tuple[int, int]:
    start, end = plan.start, plan.end
    if around is not None:
        for first, last in around.content:
            if first <= plan.trigger[0] < last:
                start, end = max(start, first), min(end, last)
    return trim(text, start, end)


def _actors(analysis: Analysis, cast: Cast, plan: Plan, speaker: int | None) -> list[str]:
    if plan.actor is not None:
        found = analysis.phrase_at(*plan.actor)
        if found is not None:
            return _distinct(cast.actors(found[0], found[1], speaker))
    states = names().states
    named = [
        states[word]
        for word in analysis.whole.text[plan.start : plan.end].replace("’s", "").replace("'s", "").split()
        if word.strip(",.") in states and word in states
    ]
    party = cast.party(speaker)
    return _distinct(named[:2]) or ([party] if party else [])


def _distinct(actors: list[str]) -> list[str]:
    return list(dict.fromkeys(actor for actor in actors if actor))


def _firmness(plan: Plan, cast: Cast, speaker: int | None) -> Firmness:
    """What a signed document says is agreed by those who signed it."""
    if (
        speaker is not None
        and cast.people[speaker].kind == "document"
        and plan.firmness in ("pledged", "scheduled", "planned")
    ):
        return "agreed"
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


def _keep(items: list[Item], item: Item) -> None:
    """Adds a commitment, unless it is there already; of two tellings the one that says more stays."""
    read = item.read
    for index in range(max(0, len(items) - _WINDOW), len(items)):
        other = items[index]
        known = other.read
        if isinstance(known, CommitmentRead) and isinstance(read, CommitmentRead) and _same(known, read):
            if (read.when is not None, len(read.quote)) > (known.when is not None, len(known.quote)):
                items[index] = item
            return
    items.append(item)


def _same(one: CommitmentRead, other: CommitmentRead) -> bool:
    if one.actors != other.actors and not set(one.actors) & set(other.actors):
        return False
    return fuzz.token_sort_ratio(one.action.lower(), other.action.lower()) >= _SAME
