"""Words before a verb that put what it says into the future."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractor.text.attribution import phrases
from extractor.text.attribution.nominal import possessor
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.plans.lists import Firmness, base, lists
from extractor.text.plans.verbs import (
    be_before,
    can_act,
    clause_subject,
    coordinated,
    group_start,
    starts_verb_phrase,
    subject,
    verb_behind,
)

_VERBLIKE = "VCKNEeG"
_CUE_TAGS = frozenset("CG")
_WISHING, _PAST = frozenset(("would", "'d")), frozenset(("was", "were", "had"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trigger with its verb, as word indices. `start` is where the telling starts, `opening` whether a date at the
    beginning of the sentence belongs to it, `passive` whether the subject is what is to be done something with."""

    trigger: int
    verb: int
    firmness: Firmness
    actor: Phrase | None
    start: int
    opening: bool = True
    passive: bool = False
    needs_date: bool = False  # a plan only with a date that lies ahead


def at(s: Sentence, index: int) -> list[Candidate]:
    """The plans whose trigger stands at word `index`; several where verbs are coordinated."""
    known = lists()
    tag, lower = s.tags[index], s.lowered[index]
    before_infinitive = s.tags[index + 1 : index + 2] == "T"
    if tag == "M" and lower in known.modals:
        return _modal(s, index)
    if tag == "M" and lower in ("would", "'d"):
        return _reported(s, index)
    if lower == "let" and s.lowered[index + 1 : index + 2] in (["us"], ["'s"]):
        return _let(s, index)
    if tag in "NK" and lower in known.linked and not before_infinitive:
        return _linked(s, index, known.nouns[lower])
    if tag == "X" and lower in ("is", "are", "'s", "'re") and s.tags[index + 1 : index + 2] in ("g", "G"):
        return _progressive(s, index)
    if tag == "m" and before_infinitive:
        return _headline(s, index)
    if not before_infinitive:
        return []
    if tag in _VERBLIKE and lower in known.infinitive:
        return _infinitive(s, index, known.infinitive[lower])
    if lower in known.participle and be_before(s, index):
        return _infinitive(s, index, known.participle[lower])
    if tag == "X" and lower in ("is", "are"):
        return _infinitive(s, index, "planned")
    return _noun(s, index, known.nouns[lower]) if lower in known.nouns and tag in "NKC" else []


def _linked(s: Sentence, index: int, firmness: Firmness) -> list[Candidate]:
    """An attached phrase between a noun and its infinitive: "a contract with X to …"."""
    phrase = phrases.after(s, index)
    if (
        phrase is None
        or s.tags[phrase.end : phrase.end + 1] != "T"
        or s.tags[phrase.end + 1 : phrase.end + 2] not in tuple("VCKN")
    ):
        return []
    return [replace(one, verb=phrase.end + 1) for one in _noun(s, index, firmness, phrase.end + 1)]


def _progressive(s: Sentence, index: int) -> list[Candidate]:
    """The present progressive is a plan if a date comes with it: "is travelling to Rome on Monday"."""
    verb = index + 1
    actor = subject(s, group_start(s, index))
    known, lower = lists(), s.lowered[verb]
    if actor is None or lower in ("going", "being") or lower in known.gerund or lower in known.participle:
        return []
    if not can_act(s, actor):
        return []
    return [Candidate(index, verb, "scheduled", actor, _start(actor, index), needs_date=True)]


def _headline(s: Sentence, index: int) -> list[Candidate]:
    """A headline leaves out "is": "Acme to build a plant"."""
    verb = index + 2
    if s.paragraph > 0 or s.level > 0 or any(tag in "XMC" for tag in s.tags) or not starts_verb_phrase(s, verb):
        return []
    actor = phrases.before(s, index + 1)
    return [] if actor is None or actor.start > 0 else [Candidate(index + 1, verb, "planned", actor, 0, opening=False)]


def _start(subject: Phrase | None, index: int) -> int:
    return subject.start if subject is not None and subject.start < index else index


def _modal(s: Sentence, index: int) -> list[Candidate]:
    """A future with "will", and what is coordinated with it: "will meet Y and sign Z"."""
    verb = verb_behind(s, index)
    actor = subject(s, group_start(s, index))
    if verb is None or actor is None:
        return []
    known, lemma, start = lists(), s.lowered[verb], _start(actor, index)
    if lemma == "be":
        return _will_be(s, index, verb + 1, actor, start)
    own = s.lowered[actor.head] in ("i", "we")
    if not can_act(s, actor):
        arranged = lemma in ("take", "begin", "start", "open") and s.tags[actor.head] in "NKm"
        return [Candidate(index, verb, "scheduled", actor, start)] if arranged else []
    if (lemma in known.weak) if own else (lemma in known.forecast and lemma not in known.event_verbs):
        return []
    firmness: Firmness = "scheduled" if lemma in known.event_verbs and s.level == 0 else "pledged"
    found = [Candidate(index, verb, firmness, actor, start)]
    found.extend(Candidate(at, second, firmness, actor, at + 1) for at, second in coordinated(s, verb))
    return found


def _will_be(s: Sentence, index: int, verb: int, actor: Phrase, start: int) -> list[Candidate]:
    """The subject is what something is to be done with: "a package will be signed". Other "will be" are forecasts."""
    if s.tags[verb : verb + 1] == "R":
        verb += 1
    if (
        s.tags[verb : verb + 1] not in tuple("eECVK")
        or s.tags[verb + 1 : verb + 2] == "T"
        or s.lowered[verb] in ("able", "likely")
    ):
        return []
    if base(s.lowered[verb]) in lists().forecast:
        return []
    return [Candidate(index, verb, "scheduled" if s.level == 0 else "pledged", actor, start, passive=True)]


def _reported(s: Sentence, index: int) -> list[Candidate]:
    """The future seen from the past, "said X would …", but not where it hangs on "if"."""
    actor, verb = subject(s, group_start(s, index)), verb_behind(s, index)
    if actor is None or verb is None or not can_act(s, actor) or "if" in s.lowered:
        return []
    if s.lowered[verb] in ("like", "love", "have", "be") or s.lowered[verb] in lists().forecast:
        return []
    if _CUE_TAGS.isdisjoint(s.tags[max(0, actor.start - 6) : actor.start]):
        return []
    return [Candidate(index, verb, "pledged", actor, _start(actor, index), opening=False)]


def _let(s: Sentence, index: int) -> list[Candidate]:
    """A proposal to oneself and others: "let us …"."""
    verb = index + 2
    if verb >= len(s) or s.tags[verb] not in "VCK":
        return []
    return [
        Candidate(index, verb, "considered", Phrase(index + 1, index + 2, index + 1, index + 2), index, opening=False)
    ]


def _infinitive(s: Sentence, index: int, firmness: Firmness) -> list[Candidate]:
    """A verb or participle before an infinitive: "X plans to …", "X is expected to …", "X is to …"."""
    known, lower = lists(), s.lowered[index]
    verb = verb_behind(s, index + 1)
    start = group_start(s, index)
    wished = not _WISHING.isdisjoint(s.lowered[start:index])
    if lower in ("like", "love") and not wished:
        return []
    if lower in ("set", "look", "looks", "looked", "means", "meant") and not be_before(s, index):
        return []
    if start > 0 and s.tags[start - 1] == "T":
        start -= 1
    actor = subject(s, start)
    if verb is None or actor is None or s.lowered[actor.head] in known.aims:
        return []
    # "was set to land" in the reporter's words is past, unless the date lies ahead
    past = not _PAST.isdisjoint(s.lowered[start:index])
    past = past and _CUE_TAGS.isdisjoint(s.tags[:start])
    if s.tags[index] == "X" and s.lowered[actor.head] in ("it", "this", "that", "what"):
        return []
    if not can_act(s, actor) and (
        firmness not in ("scheduled", "planned") and not (lower == "expected" and be_before(s, index))
    ):
        return []
    if lower.startswith("agree") and _is_joint(s, actor):
        firmness = "agreed"
    passive = s.lowered[verb] == "be" and s.tags[verb + 1 : verb + 2] in tuple("eECV")
    tells = s.tags[index] in "X" or be_before(s, index) or not lower.endswith("ed")
    first = _start(actor, start)
    found = [Candidate(start, verb + passive, firmness, actor, first, opening=tells, passive=passive, needs_date=past)]
    found.extend(Candidate(at, second, firmness, actor, at + 1, opening=tells) for at, second in coordinated(s, verb))
    return found


def _is_joint(s: Sentence, actor: Phrase) -> bool:
    return s.lowered[actor.head] in lists().joint or "c" in s.tags[actor.start : actor.end]


def _noun(s: Sentence, index: int, firmness: Firmness, verb: int | None = None) -> list[Candidate]:
    """A noun before an infinitive: "Russia's plan to …", "announced a decision to …", "their intention to …"."""
    verb = verb_behind(s, index + 1) if verb is None else verb
    if verb is None or s.tags[verb] not in _VERBLIKE:
        return []
    start = index
    while start > 0 and s.tags[start - 1] in "NeEgGJRK":
        start -= 1
    actor = possessor(s, start)
    if actor is not None:
        start = actor.start
    elif s.tags[start - 1 : start] == "D":
        start -= 1
        actor = clause_subject(s, start)
    else:
        actor = clause_subject(s, start)
    return [Candidate(start, verb, firmness, actor, start, opening=False)]
