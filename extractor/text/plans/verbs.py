"""The verbs around a trigger: their group, its subject and whether that can act, and what is coordinated."""

from __future__ import annotations

from extractor.text.attribution import phrases
from extractor.text.attribution.lexis import words
from extractor.text.attribution.namelists import names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.attribution.subjects import subject_of
from extractor.text.plans.lists import is_base, lists

_BE, _LINKING = words("be"), words("linking")


def be_before(s: Sentence, index: int) -> bool:
    """Whether a form of "be" (or "remain", "stand") stands before a word, with nothing but adverbs between."""
    while index > 0 and s.tags[index - 1] in "RX" and s.lowered[index - 1] not in _BE:
        index -= 1
    return index > 0 and (s.lowered[index - 1] in _BE or s.lowered[index - 1] in _LINKING)


def group_start(s: Sentence, index: int) -> int:
    """Where the verb group that ends at `index` starts."""
    start = index
    while start > 0 and (s.tags[start - 1] in "XMR" or s.lowered[start - 1] in _LINKING):
        start -= 1
    return start


def subject(s: Sentence, start: int) -> Phrase | None:
    """The subject of the verb group that starts at word `start`."""
    return subject_of(s, start)[0]


def clause_subject(s: Sentence, index: int) -> Phrase | None:
    """The subject of the verb before a noun phrase that starts at word `index`: "Lee announced [a plan]"."""
    at = index
    while at > 0 and s.tags[at - 1] in "eVCKERD":
        at -= 1
    return subject(s, at) if 0 < at < index else None


def can_act(s: Sentence, phrase: Phrase | None) -> bool:
    """Whether a subject can act: a person, a body, a group. A relative pronoun acts if what it stands for does."""
    if phrase is None:
        return False
    tag, head = s.tags[phrase.head], s.lowered[phrase.head]
    if tag in "wt":
        comma = s.tags[phrase.start - 1 : phrase.start] == ","
        return (tag == "w" and head == "who") or can_act(s, phrases.before(s, phrase.start - comma))
    if tag == "P":
        # "the firm said it will …": the source itself
        return head not in lists().actorless or (head == "it" and s.tags[phrase.start - 1 : phrase.start] in ("C", "t"))
    known = names()
    return tag == "m" or (tag in "NKC#" and head in known.actors)


def verb_behind(s: Sentence, index: int) -> int | None:
    """The word behind `index` and its adverbs, where a verb stands."""
    verb = index + 1
    while s.tags[verb : verb + 1] == "R":
        verb += 1
    return verb if verb < len(s) else None


def coordinated(s: Sentence, verb: int) -> list[tuple[int, int]]:
    """The conjunction and the verb of each base form that is coordinated with `verb`."""
    found = []
    for at in range(verb + 1, len(s) - 1):
        second = at + 1
        while s.tags[second : second + 1] in ("R", "M"):
            second += 1
        if s.tags[at] in "c" and starts_verb_phrase(s, second):
            found.append((at, second))
    return found


def starts_verb_phrase(s: Sentence, at: int) -> bool:
    """Whether the base form of a verb with an object or complement stands at word `at`."""
    if at >= len(s) - 1 or not is_base(s.lowered[at]):
        return False
    return s.tags[at + 1] in ("DSmNITPo#RQUC" if s.tags[at] in "VCK" else "DS" if s.tags[at] == "N" else "")
