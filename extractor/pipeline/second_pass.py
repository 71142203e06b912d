"""One more question about what the audit found missing, naming just those passages."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from extractor.files.prompts import Prompt
from extractor.models.interface import Question
from extractor.pipeline.assemble import PartReading
from extractor.schema.reading import Reading
from extractor.schema.record import Check, Record
from extractor.text.parts import Span

PROMPT = "missed.v1"
THRESHOLD = 2
"""Findings from which a second question is worth its price. A single one is more often rightly left out than missed."""

_MISSING = {
    "uncovered_quotation": "a quotation without a claim",
    "uncovered_statement": "reported speech without a claim",
    "uncovered_plan": "a dated plan without a commitment",
}


def missing(findings: Iterable[Check], span: Span | None = None) -> list[Check]:
    """The findings that a second question can be about, as far as they lie in a part of the article."""
    low, high = span or (0, sys.maxsize)
    return [f for f in findings if f.code in _MISSING and f.span is not None and low <= f.span[0] < high]


def ask_again(
    first: Question[Reading], answer: Reading, text: str, found: Sequence[Check], prompt: Prompt
) -> Question[Reading]:
    """The second question: the first one and its answer stand in front, so that a provider's prompt cache hits."""
    passages = [{"why": _MISSING[f.code], "text": text[slice(*f.span)]} for f in found if f.span is not None]
    answered = {"role": "assistant", "content": answer.model_dump_json()}
    messages = (*first.messages, answered, *prompt.render({"passages": passages}))
    return Question(messages, Reading, first.subject, first.label)


def additions(first: Reading, second: Reading, span: Span) -> PartReading:
    """What a second answer adds: its items without those that repeat one of the first answer's, and their speakers.

    A speaker whom the second answer refers to and does not list again is the first answer's of that id.
    """
    known = {speaker.id: speaker for speaker in first.speakers}
    listed = {speaker.id for speaker in second.speakers}
    used = {claim.speaker for claim in second.claims} | {via for claim in second.claims for via in claim.via}
    used |= {stance.speaker for stance in second.stances} | {c.speaker for c in second.commitments if c.speaker}
    speakers = [known[id_] for id_ in sorted(used - listed) if id_ in known] + list(second.speakers)
    new = Reading(
        speakers=[speaker for speaker in speakers if speaker.id in used],
        claims=[c for c in second.claims if not _repeats(c.quote, (o.quote for o in first.claims))],
        stances=[s for s in second.stances if not _repeats(s.quote, (o.quote for o in first.stances))],
        commitments=[c for c in second.commitments if not _repeats(c.quote, (o.quote for o in first.commitments))],
    )
    return PartReading(span, new)


def _repeats(quote: str, others: Iterable[str]) -> bool:
    """Whether one of the quotes has the same words, or nearly all of them in one piece."""
    words = _plain(quote)
    for other in others:
        short, long = sorted((words, _plain(other)), key=len)
        if short in long and len(short) >= 0.8 * len(long):
            return True
    return False


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def note(before: Record, after: Record, asked: int) -> Check:
    """What the second question was about, and what came of it."""
    added = [
        f"{len(new) - len(old)} {name}"
        for name, old, new in (
            ("claims", before.claims, after.claims),
            ("stances", before.stances, after.stances),
            ("commitments", before.commitments, after.commitments),
        )
    ]
    passages = "1 passage" if asked == 1 else f"{asked} passages"
    return Check(code="second_pass", item=None, message=f"asked again about {passages}; it added {', '.join(added)}")
