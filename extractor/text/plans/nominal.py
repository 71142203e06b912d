"""Plans in noun phrases and gerunds."""

from __future__ import annotations

from extractor.text.attribution import phrases
from extractor.text.attribution.nominal import possessor
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.dates import DateSpan
from extractor.text.plans.build import Plan, build, end_of, simple, when_of
from extractor.text.plans.lists import Firmness, Phrases, base, lists, verb_of
from extractor.text.plans.triggers import Candidate
from extractor.text.plans.verbs import be_before, can_act, clause_subject, group_start, subject

_PAST = frozenset(("was", "were", "had", "been"))
_NOW = frozenset(("being", "currently", "now"))
_PURPOSE = 12  # words behind "talks are under way" within which "to …" says what for
_NEAR = 40  # code points between a noun phrase and its date


def at(s: Sentence, text: str, dates: list[DateSpan], index: int) -> Plan | None:
    """The plan whose trigger stands at word `index`."""
    known, lower = lists(), s.lowered[index]
    if lower in known.gerund:
        return _gerund(s, text, dates, index)
    if lower in known.state:
        return _state(s, text, dates, index)
    if lower in known.upcoming:
        return _upcoming(s, text, dates, index)
    if lower in known.objects and s.tags[index] in "CGVe":
        return _object(s, text, dates, index, known.objects[lower])
    if lower in known.event_nouns and s.tags[index + 1 : index + 2] == "o" and dates:
        return _dated_event(s, text, dates, index)
    return None


def _phrase(s: Sentence, index: int, entries: Phrases) -> tuple[int, Firmness] | None:
    """The end of the trigger phrase at word `index`, and its firmness."""
    for rest, firmness in entries.get(s.lowered[index], ()):
        stop = index + 1 + len(rest)
        if tuple(s.lowered[index + 1 : stop]) == rest:
            return stop, firmness
    return None


def _gerund(s: Sentence, text: str, dates: list[DateSpan], index: int) -> Plan | None:
    """A gerund: "is considering cutting …", "looks forward to meeting …", "reaffirmed their commitment to …ing"."""
    found = _phrase(s, index, lists().gerund)
    if found is None or s.tags[found[0] : found[0] + 1] not in ("g", "G"):
        return None
    verb, firmness = found
    if s.tags[index] in "NK":
        actor = possessor(s, index)
        telling = clause_subject(s, index - (actor is not None)) or actor
        actor = actor or telling
    else:
        actor = telling = subject(s, group_start(s, index))
        if not can_act(s, actor):
            return None
    if actor is None or telling is None:
        return None
    start = min(actor.start, telling.start)
    return build(s, text, dates, Candidate(index, verb, firmness, actor, start, opening=False))


def _state(s: Sentence, text: str, dates: list[DateSpan], index: int) -> Plan | None:
    """A state of affairs: "the modernisation of X is being considered", "talks are under way to launch X"."""
    found = _phrase(s, index, lists().state)
    start = group_start(s, index)
    group = set(s.lowered[start:index])
    if found is None or not be_before(s, index) or group & _PAST:
        return None
    if s.tags[index] in "eECVK" and not group & _NOW:
        return None  # "is considered important"
    stop, firmness = found
    topic = subject(s, start)
    if topic is None:
        return None
    to = next(
        (k for k in range(stop, min(len(s) - 1, stop + _PURPOSE)) if s.tags[k] == "T" and s.tags[k + 1] in "VCKN"), None
    )
    if to is not None:
        end = end_of(s, to + 1, split=False)
        action = f"{base(s.lowered[to + 1])}{text[s.ends[to + 1] : s.ends[end - 1]]}"
    else:
        end = stop
        if s.tags[topic.head + 1 : topic.head + 2] != "o":
            return None
        action = f"{verb_of(s.lowered[topic.head])}{text[s.ends[topic.head + 1] : s.ends[topic.end - 1]]}"
    when = when_of(s, dates, s.starts[topic.start], s.ends[end - 1])
    return simple(s, text, (topic.start, end), index, action, firmness, when)


def _upcoming(s: Sentence, text: str, dates: list[DateSpan], index: int) -> Plan | None:
    """An event ahead: "the upcoming summit in Tianjin later this August"."""
    phrase = phrases.after(s, index + 1) if s.tags[index + 1 : index + 2] in ("N", "m", "K") else None
    if phrase is None:
        return None
    end, when = _with_date(s, dates, index, phrase)
    start = index - (s.tags[index - 1 : index] in ("D", "S"))
    action = "hold the " + text[s.starts[index + 1] : s.ends[phrase.end - 1]]
    return simple(s, text, (start, end), index, action, "scheduled", when)


def _with_date(s: Sentence, dates: list[DateSpan], index: int, phrase: Phrase) -> tuple[int, tuple[int, int] | None]:
    """The word behind a noun phrase and the date that belongs to it, and the date."""
    last = s.ends[phrase.end - 1]
    date = next((one for one in dates if s.starts[index] <= one.start < last + _NEAR and one.end <= s.ends[-1]), None)
    if date is None:
        return phrase.end, None
    end = next((k + 1 for k in range(len(s) - 1, -1, -1) if s.ends[k] <= date.end), phrase.end)
    return max(end, phrase.end), (date.start, date.end)


def _object(s: Sentence, text: str, dates: list[DateSpan], index: int, firmness: Firmness) -> Plan | None:
    """The object of a verb is what is planned: "announced a complete withdrawal from the region"."""
    phrase = phrases.after(s, index + 1)
    if phrase is None or s.lowered[phrase.head] not in lists().event_nouns:
        return None
    actor = subject(s, group_start(s, index))
    if actor is None or not can_act(s, actor):
        return None
    end, when = _with_date(s, dates, index, phrase)
    if s.tags[phrase.head + 1 : phrase.head + 2] == "o":
        action = f"{verb_of(s.lowered[phrase.head])}{text[s.ends[phrase.head + 1] : s.ends[phrase.end - 1]]}"
    else:
        action = f"carry out {text[s.starts[phrase.start] : s.ends[phrase.end - 1]]}"
    return simple(s, text, (actor.start, end), index, action, firmness, when, actor)


def _dated_event(s: Sentence, text: str, dates: list[DateSpan], index: int) -> Plan | None:
    """An event noun with a date: "the launching of a train between X and Y in August"."""
    if s.tags[index - 1 : index] not in tuple("DSN'c,"):
        return None
    phrase = phrases.after(s, index + 2)
    if phrase is None:
        return None
    end, when = _with_date(s, dates, index, phrase)
    if when is None:
        return None
    start = index - (s.tags[index - 1 : index] in ("D", "S"))
    action = f"{verb_of(s.lowered[index])}{text[s.ends[index + 1] : when[0]]}"
    return simple(s, text, (start, end), index, action, "scheduled", when)
