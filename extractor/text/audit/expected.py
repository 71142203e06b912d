"""What the text layer expects an item for: sentences of quotations, the contents of reported speech, dated plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.schema.record import Check, CheckCode
from extractor.text import dates, lexicon
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.lexis import FINITE, lexis
from extractor.text.attribution.model import Attribution, Mention
from extractor.text.audit.coverage import Span, Spans
from extractor.text.plans import plans_of
from extractor.text.quotations import Quotation

_FEWEST_WORDS = 4
"""A quoted or reported passage with fewer words asserts nothing on its own more often than not."""

_CUT_OFF = frozenset({"and", "or", "but", "which", "that", "of", "the", "a", "to"})
"""No passage ends in these: where one does, the grammar lost its way."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that an item should cover, by the text layer's lights."""

    code: CheckCode
    start: int
    end: int
    message: str

    def check(self) -> Check:
        return Check(code=self.code, item=None, message=self.message, span=(self.start, self.end))


def spoken(analysis: Analysis, quotations: Sequence[Quotation]) -> Iterator[Passage]:
    """The sentences of all speech in quote marks and in transcripts ("Name: …"), courtesies left out."""
    text = analysis.whole.text
    turns = [(q.start, q.end, q.speaker) for q in quotations if q.is_speech and q.level == 0]
    turns += _transcript(analysis)
    for begin, stop, speaker in turns:
        for start, end in _sentences(analysis, begin, stop):
            passage = text[start:end].rstrip("”\"’' \n")
            if _says_something(passage) and not passage.endswith("?"):  # who asks asserts nothing
                by = f" of {speaker.name}" if speaker is not None else ""
                message = f"no claim covers this sentence of a quotation{by}: {_shown(text, start, end)}"
                yield Passage("uncovered_quotation", start, end, message)


def _transcript(analysis: Analysis) -> list[tuple[int, int, Mention | None]]:
    """The turns of a transcript: each goes on, over paragraphs, up to the name before the next one."""
    labels = [a for a in analysis.attributions if a.rule == "label" and a.source is not None and a.content]
    stops = [a.source.start for a in labels[1:] if a.source is not None] + [len(analysis.whole.text)]
    return [(a.content[0][0], stop, a.source) for a, stop in zip(labels, stops, strict=False)]


def _sentences(analysis: Analysis, begin: int, stop: int) -> list[Span]:
    """The sentences that start within begin:stop, at the level of the text there."""
    spans = [(s.starts[0], min(s.ends[-1], stop)) for s in analysis.starting_in(begin, stop)]
    return spans or [(begin, stop)]


def reported(analysis: Analysis, taken: Sequence[Passage] = ()) -> Iterator[Passage]:
    """The contents of indirect speech with a known source, those inside a `taken` passage left out."""
    text = analysis.whole.text
    holding = _holding(analysis)
    elsewhere = Spans((passage.start, passage.end) for passage in taken)
    for attribution in analysis.attributions:
        direct = attribution.delivery == "direct" or attribution.rule == "label"
        if direct or attribution.source is None or not _is_speech(attribution) or attribution in holding:
            continue
        start, end = attribution.content[0][0], attribution.content[-1][1]
        if elsewhere.overlap(start, end):
            continue
        if _says_something(text[start:end]) and is_clause(analysis, start, end):
            message = f"no claim covers what {attribution.source.name} is reported to say: {_shown(text, start, end)}"
            yield Passage("uncovered_statement", start, end, message)


def _holding(analysis: Analysis) -> set[Attribution]:
    """The reports of what is itself a report: the innermost one is what an item should cover."""
    return {analysis.attributions[one.inside] for one in analysis.attributions if one.inside is not None}


def _is_speech(attribution: Attribution) -> bool:
    """Whether the cue can introduce a quotation. Wanting and planning, which cannot, are for commitments to cover."""
    return attribution.rule == "preposition" or attribution.lemma in lexis().speech_lemmas


def dated_plans(analysis: Analysis, published: dt.date | None) -> Iterator[Passage]:
    """Plans with a time after publication, and other passages with a future date that says its year."""
    text = analysis.text
    seen: list[Span] = []
    for plan in plans_of(analysis, published):
        if plan.when is None or plan.negated or _is_over(text[slice(*plan.when)], published):
            continue
        seen.append(plan.when)
        message = f"no commitment covers this dated plan: {_shown(text, plan.start, plan.end)}"
        yield Passage("uncovered_plan", plan.start, plan.end, message)
    planned = Spans(seen)
    for found in analysis.dates:
        told = planned.overlap(found.start, found.end)
        if not told and found.text[0].isalpha() and _starts_ahead(found.text, published):
            around = _shown(text, max(0, found.start - 60), found.end)
            yield Passage("uncovered_plan", found.start, found.end, f"no commitment has this future date: {around}")


def _is_over(expression: str, published: dt.date | None) -> bool:
    """Whether the time lies before publication. Words that lean on another date ("the same day") are not over."""
    resolved = dates.resolve(expression, published)
    return resolved is not None and published is not None and (resolved.latest or published) < published


def _starts_ahead(expression: str, published: dt.date | None) -> bool:
    """Whether the words name their year, and all that they can mean lies after publication."""
    resolved = dates.resolve(expression, None)
    if resolved is None or published is None:
        return False
    first = resolved.earliest or resolved.latest
    return first is not None and first > published


def is_clause(analysis: Analysis, start: int, end: int) -> bool:
    """Whether start:end has a finite verb, in the sentence in which it begins: a topic without one asserts nothing."""
    sentence = analysis.sentence_at(start)
    if sentence is None:
        return False
    words = zip(sentence.starts, sentence.tags, strict=True)
    return any(start <= at < end and tag in FINITE for at, tag in words)


def _says_something(passage: str) -> bool:
    words = passage.split()
    if len(words) < _FEWEST_WORDS or words[-1] in _CUT_OFF:
        return False
    courtesies, said = lexicon.load("courtesies"), " ".join(words).casefold().strip("“\"'‘").removeprefix("and ")
    return not said.startswith(tuple(courtesies["openings"])) and not any(c in said for c in courtesies["anywhere"])


def _shown(text: str, start: int, end: int) -> str:
    words = " ".join(text[start:end].split())
    return f"“{words if len(words) <= 160 else words[:159] + '…'}”"
