"""From a trigger to a plan: how far the telling goes, what is to be done, when, and on what condition."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractor.text.attribution import phrases
from extractor.text.attribution.boundaries import clause_end
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.dates import DateSpan
from extractor.text.plans.lists import Firmness, base, lists
from extractor.text.plans.triggers import Candidate
from extractor.text.plans.verbs import starts_verb_phrase

Span = tuple[int, int]

_CONDITIONS = frozenset(("if", "unless", "provided"))
_NEGATIONS = frozenset(("not", "never", "n't", "won't", "refuse", "refuses", "refused", "no"))
_HANGING = frozenset(("following", "after", "during"))
_OPENING = 12  # code points from the beginning of a sentence within which its opening date starts


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan. Spans are code points, end exclusive.

    `start:end` is the whole telling. `actor` is where the subject stands, None where the sentence names none. `action`
    is an infinitive phrase without "to", in the text's words. `trigger` are the words that make it a plan. `condition`
    and `when` are spans of the text. `after` is a time that hangs on another event ("following the talks"); where
    `when` is such a time, `anchor` is the date of that event, if the text gives one. `negated`: it is not to be done.
    """

    start: int
    end: int
    actor: Span | None
    action: str
    firmness: Firmness
    trigger: Span
    condition: Span | None = None
    when: Span | None = None
    after: Span | None = None
    anchor: Span | None = None
    negated: bool = False


def build(s: Sentence, text: str, dates: list[DateSpan], candidate: Candidate) -> Plan | None:
    """The plan of a trigger, None where nothing follows it."""
    verb, actor = candidate.verb, candidate.actor
    end = end_of(s, verb)
    if end <= verb:
        return None
    second = s.tags[candidate.trigger] == "c"
    when = when_of(s, dates, s.starts[verb], s.ends[end - 1], candidate.opening, only_opening=second)
    if candidate.needs_date and (when is None or when[0] < s.starts[verb]):
        return None
    if candidate.passive and actor is not None:
        thing = text[s.starts[actor.start] : s.ends[actor.end - 1]].rstrip(" ,")
        thing = thing if s.tags[actor.start] == "m" else thing[:1].lower() + thing[1:]
        action = f"{base(s.lowered[verb])} {thing}{_rest(s, text, verb + 1, end, when)}"
        doer = phrases.after(s, verb + 2) if s.lowered[verb + 1 : verb + 2] == ["by"] else None
    else:
        action = f"{base(s.lowered[verb])}{_rest(s, text, verb + 1, end, when)}"
        doer = actor
    if s.lowered[verb : verb + 2] == ["take", "place"] and actor is not None:
        # "meetings of the council will take place": the council holds them
        thing = text[s.starts[actor.start] : s.ends[actor.end - 1]]
        action = f"hold {thing}{_rest(s, text, verb + 2, end, when)}"
        of = actor.core_end
        doer = phrases.after(s, of + 1, actor.end) if s.tags[of : of + 1] == "o" else None
    after = _hanging(s, verb, end, candidate.start)
    start = s.starts[candidate.start]
    if after is not None and after[1] <= start and not text[after[1] : start].strip(" ,"):
        start = after[0]
    if when is not None and when[1] <= start and not text[when[1] : start].strip(" ,"):
        start = when[0]
    return Plan(
        start,
        s.ends[end - 1],
        None if doer is None else (s.starts[doer.start], s.ends[doer.end - 1]),
        tidy(action),
        candidate.firmness,
        (s.starts[candidate.trigger], s.ends[verb - 1]),
        _condition(s, verb),
        when,
        after,
        negated=not _NEGATIONS.isdisjoint(s.lowered[candidate.start : verb]),
    )


def end_of(s: Sentence, verb: int, split: bool = True) -> int:
    """The word behind a plan whose verb is `verb`: behind its clause, or before the next verb of the same subject."""
    end = clause_end(s, verb)
    for at in range(verb + 1, end):
        if split and s.tags[at] == "c" and starts_verb_phrase(s, at + 1):
            end = at
            break
        if s.tags[at] == "," and (_new_clause(s, at + 1) or s.lowered[at + 1 : at + 2] == ["with"]):
            end = at
            break
    while end > verb and s.tags[end - 1] in ",;:-c":
        end -= 1
    return end


def _new_clause(s: Sentence, at: int) -> bool:
    tag, then = s.tags[at : at + 1], s.tags[at + 1 : at + 2]
    if tag == "w":
        return then in ("X", "M", "V", "C")
    phrase = phrases.after(s, at) if tag in ("P", "D", "m") else None
    return phrase is not None and s.tags[phrase.end : phrase.end + 1] in ("X", "M", "C")


def when_of(
    s: Sentence, dates: list[DateSpan], start: int, end: int, opening: bool = False, only_opening: bool = False
) -> Span | None:
    """The date expression of a clause start:end (code points); with `opening` else one at the sentence's beginning."""
    inside = next((date for date in dates if start <= date.start and date.end <= end + 1), None)
    if inside is not None:
        return inside.start, inside.end
    if not opening:
        return None
    first = next((date for date in dates if date.end <= start and date.start - s.starts[0] <= _OPENING), None)
    if first is None and not only_opening:
        first = next((date for date in dates if s.starts[0] <= date.start and date.end <= start), None)
    return None if first is None else (first.start, first.end)


def _hanging(s: Sentence, verb: int, end: int, start: int) -> Span | None:
    """A time that hangs on an event: "following the talks", at the beginning or in the clause."""
    if _HANGING.isdisjoint(s.lowered):
        return None
    for at in (*range(min(start, 2)), *range(verb + 1, end)):
        if s.lowered[at] in _HANGING and s.tags[at + 1 : at + 2] == "D":
            phrase = phrases.after(s, at + 1)
            if phrase is not None and (
                s.lowered[phrase.head] in lists().event_nouns or s.lowered[phrase.head] == "negotiations"
            ):
                return s.starts[at], s.ends[phrase.core_end - 1]
    return None


def _condition(s: Sentence, verb: int) -> Span | None:
    """A conditional clause before the verb or behind it: "if parliament approves"."""
    if _CONDITIONS.isdisjoint(s.lowered):
        return None
    for at in range(len(s)):
        if s.lowered[at] in _CONDITIONS:
            stop = at
            while stop < len(s) and s.tags[stop] not in ",.;:?":
                stop += 1
            if stop - at > 2 and not at <= verb < stop:
                return s.starts[at], s.ends[stop - 1]
    return None


def _rest(s: Sentence, text: str, first: int, end: int, when: Span | None) -> str:
    """The text behind the verb without its date."""
    if first >= end:
        return ""
    start, stop = s.ends[first - 1], s.ends[end - 1]
    if when is not None and start <= when[0] and when[1] <= stop:
        return text[start : when[0]].rstrip(" ,") + text[when[1] : stop]
    return text[start:stop]


def cut(plan: Plan, text: str, end: int) -> Plan:
    """The plan without what lies behind `end`: "…, the minister said on Tuesday" is no part of it."""
    if end >= plan.end or end <= plan.trigger[1]:
        return plan
    lost = " ".join(text[end : plan.end].split())
    when = plan.when if plan.when is None or plan.when[1] <= end else None
    action = plan.action.removesuffix(lost) if plan.when == when else plan.action.split(lost[:20])[0]
    return replace(plan, end=end, when=when, action=tidy(action))


def simple(
    s: Sentence,
    text: str,
    words: tuple[int, int],
    trigger: int,
    action: str,
    firmness: Firmness,
    when: Span | None,
    actor: Phrase | None = None,
) -> Plan:
    """A plan in a noun phrase, words[0]:words[1]."""
    if when is not None:
        action = action.replace(text[slice(*when)], " ")
    return Plan(
        s.starts[words[0]],
        s.ends[words[1] - 1],
        None if actor is None else (s.starts[actor.start], s.ends[actor.end - 1]),
        tidy(action),
        firmness,
        (s.starts[trigger], s.ends[trigger]),
        when=when,
    )


def tidy(action: str) -> str:
    """An action without double spaces and punctuation at its ends."""
    return " ".join(action.split()).strip(' ,;:“”"')
