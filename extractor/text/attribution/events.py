"""All attributions of one sentence: every cue with its source and content."""

from __future__ import annotations

from itertools import compress, count

from extractor.text.attribution.event import Event
from extractor.text.attribution.lexis import lexis
from extractor.text.attribution.nominal import noun, preposition
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.attribution.verbal import adjective, participle, verbal

_BEFORE = ("after", "inverted")  # rules whose content stands before the frame


def find(s: Sentence) -> list[Event]:
    """The attributions of a sentence in order of their cues."""
    lex = lexis()
    cues = lex.cues
    events: list[Event] = []
    last_subject: Phrase | None = None
    for index in compress(count(), map(cues.__contains__, s.lowered)):
        tag, lower = s.tags[index], s.lowered[index]
        event: Event | None = None
        if tag in "CE" or (tag == "V" and lower in lex.verbs):
            event = verbal(s, index, last_subject)
        elif tag == "G" or (tag == "g" and lower in lex.verbs):
            event = participle(s, index, last_subject, events[-1] if events else None)
        elif tag == "J":
            event = adjective(s, index)
        elif tag in "NK" and index and s.tags[index - 1] in "'SNe" and lower in lex.nouns:
            event = noun(s, index)
        elif lower in lex.prepositions:
            event = preposition(s, index)
        if event is None or not (event.content or event.rule == "intro"):
            continue
        if event.rule == "infinitive" and any(a < index < b for one in events for a, b in one.content):
            continue  # "plans to raise …": the first cue has the whole of it
        if event.source is not None:
            last_subject = event.source
        event.speech = lower in lex.speech
        if event.rule not in _BEFORE or _settle(s, event, events):
            events.append(event)
    return events


def _settle(s: Sentence, event: Event, earlier: list[Event]) -> bool:
    """Cuts the content before a frame at the frame before it, and earlier contents at this frame.

    False if an earlier cue already has the same quotation: "Lee said it was “over,” she said" says it twice.
    """
    first, end = event.content[0]
    for other in earlier:
        if other.rule in _BEFORE and other.source is not None:
            first = max(first, other.cue[1], other.source.end)
    while first < end and s.tags[first] in ",.:;-cbdR":
        first += 1
    if first >= end:
        return False
    event.content[0] = (first, end)
    for other in earlier:
        other.content = [(start, min(stop, end) if start < end else stop) for start, stop in other.content]
    if s.tags[end - 1] not in "QU":
        return True
    for other in earlier:
        if other.speech and any(start < end <= stop for start, stop in other.content):
            return False
        if other.speech and other.cue[0] < end and other.rule not in _BEFORE:
            start = max(first, other.content[-1][1] if other.content else first)
            event.content[0] = (end - 1, end) if start >= end or other.cue[1] > start else (start, end)
    return True
