"""What the article seems to hold and the record does not: quotations, reported statements and dated plans that no item
covers, and quotations that the record gives to somebody else than the text does.

The findings are hints, not verdicts: the text layer knows word order and word lists, the model knows meaning. A passage
is covered if at least `COVERED` of it stands in the quotes of the record's items.
"""

from __future__ import annotations

import datetime as dt
import functools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from extractor.schema.record import Check, CheckCode, Claim, Quote, Record, Speaker
from extractor.text import dates, lexicon
from extractor.text.attribution.analysis import Analysis, analyse
from extractor.text.attribution.model import Attribution, Mention
from extractor.text.names import Source, same_source
from extractor.text.plans import plans_of
from extractor.text.quotations import Quotation, quotations_of

Span = tuple[int, int]

COVERED = 0.4
"""The share of a passage that items must cover. A reading may leave out the frame, a vocative or a subordinate
clause.
"""

_FEWEST_WORDS = 4
"""A quoted or reported passage with fewer words asserts nothing on its own more often than not."""

_FEWEST_IN_CLAUSE = 6
"""A stretch of a covered sentence with this many words and a verb of its own is looked at like a sentence."""

_SAME_WORDS = 90.0
"""Likeness (0-100) from which a passage counts as told elsewhere: headline and first sentence repeat each other."""

_RETOLD = 65.0
"""Likeness (0-100) to a claim's restatement from which reported speech counts as told again in other words."""

_CUT_OFF = frozenset({"and", "or", "but", "which", "that", "of", "the", "a", "to"})
"""No passage ends in these: where one does, the grammar lost its way."""

_FINITE = frozenset("XMCV")
"""Word classes of finite verbs in the attribution grammar: a reported topic without one asserts nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that an item should cover, by the text layer's lights."""

    code: CheckCode
    start: int
    end: int
    message: str

    def check(self) -> Check:
        return Check(code=self.code, item=None, message=self.message, span=(self.start, self.end))


def audit(record: Record) -> list[Check]:
    """The findings on a record, in the order of the text. Checks that the record has already are not repeated."""
    text = record.article.text
    analysis = analyse(text)
    quotations = quotations_of(analysis)
    told = _Coverage(claim.quote for claim in record.claims)
    noted = _Coverage([claim.quote for claim in record.claims] + [item.quote for item in record.commitments])
    findings = [p for p in spoken(analysis, quotations) if _left_out(p, told, analysis)]
    statements = [claim.statement for claim in record.claims] + [item.action for item in record.commitments]
    findings += [
        p
        for p in reported(analysis, findings)
        if not noted.hold(p, text) and not _is_retold(text[p.start : p.end], statements)
    ]
    findings += _plans_left_out(record, analysis)
    checks = [finding.check() for finding in findings] + list(_other_speakers(record, quotations))
    return sorted(checks, key=lambda check: (check.span or (0, 0), check.code))


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


def reported(analysis: Analysis, taken: Sequence[Passage] = ()) -> Iterator[Passage]:
    """The contents of indirect speech with a known source, those inside a `taken` passage left out."""
    text = analysis.whole.text
    holding = _holding(analysis)
    for attribution in analysis.attributions:
        direct = attribution.delivery == "direct" or attribution.rule == "label"
        if direct or attribution.source is None or not _is_speech(attribution) or attribution in holding:
            continue
        start, end = attribution.content[0][0], attribution.content[-1][1]
        if any(passage.start < end and start < passage.end for passage in taken):
            continue
        if _says_something(text[start:end]) and _is_clause(analysis, start, end):
            message = f"no claim covers what {attribution.source.name} is reported to say: {_shown(text, start, end)}"
            yield Passage("uncovered_statement", start, end, message)


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
    for found in analysis.dates:
        told = any(start < found.end and found.start < end for start, end in seen)
        if not told and found.text[0].isalpha() and _starts_ahead(found.text, published):
            around = f"{_shown(text, max(0, found.start - 60), found.end)}"
            yield Passage("uncovered_plan", found.start, found.end, f"no commitment has this future date: {around}")


def _left_out(passage: Passage, told: _Coverage, analysis: Analysis) -> bool:
    """Whether the claims leave out the sentence, or a clause of it that is long enough to be a claim of its own."""
    text = analysis.whole.text
    if not told.hold(passage, text):
        return True
    cues = [attribution.cue for attribution in analysis.attributions if attribution.cue]
    return any(
        len(text[a:b].split()) >= _FEWEST_IN_CLAUSE
        and _is_clause(analysis, a, b)
        and not any(a <= start and end <= b for start, end in cues)  # a reporting frame is no content
        for a, b in told.gaps(passage.start, passage.end)
    )


def _is_retold(words: str, statements: Iterable[str]) -> bool:
    return any(fuzz.token_set_ratio(words, statement, score_cutoff=_RETOLD) for statement in statements)


def _plans_left_out(record: Record, analysis: Analysis) -> list[Passage]:
    text = record.article.text
    promised = _Coverage(commitment.quote for commitment in record.commitments)
    forecast = _Coverage(claim.quote for claim in record.claims if claim.kind == "prediction")
    taken = {commitment.when.span for commitment in record.commitments if commitment.when}
    return [
        passage
        for passage in dated_plans(analysis, record.article.published)
        if not promised.hold(passage, text)
        and (passage.start, passage.end) not in taken
        and forecast.of(passage.start, passage.end) < COVERED
    ]


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


def _sentences(analysis: Analysis, begin: int, stop: int) -> list[Span]:
    """The sentences that start within begin:stop, at the level of the text there."""
    found = [s for s in (*analysis.whole.inner, *analysis.whole.sentences) if begin <= s.starts[0] < stop]
    level = min((s.level for s in found), default=0)
    spans = sorted((s.starts[0], min(s.ends[-1], stop)) for s in found if s.level == level)
    return spans or [(begin, stop)]


@functools.cache
def _speech_verbs() -> frozenset[str]:
    """The cues that can introduce a quotation. Wanting and planning, which cannot, are the business of commitments."""
    verbs = lexicon.load("cues")["verbs"]
    return frozenset(
        w.strip() for v in verbs if "speech" in v["frames"] for w in v["words"].replace("\n", " ").split(",")
    )


def _is_speech(attribution: Attribution) -> bool:
    return attribution.rule == "preposition" or attribution.lemma in _speech_verbs()


def _holding(analysis: Analysis) -> set[Attribution]:
    """The reports of what is itself a report: the innermost one is what an item should cover."""
    return {analysis.attributions[one.inside] for one in analysis.attributions if one.inside is not None}


def _says_something(passage: str) -> bool:
    words = passage.split()
    if len(words) < _FEWEST_WORDS or words[-1] in _CUT_OFF:
        return False
    courtesies, said = lexicon.load("courtesies"), " ".join(words).casefold().strip("“\"'‘").removeprefix("and ")
    return not said.startswith(tuple(courtesies["openings"])) and not any(c in said for c in courtesies["anywhere"])


def _is_clause(analysis: Analysis, start: int, end: int) -> bool:
    sentence = analysis.sentence_at(start)
    if sentence is None:
        return False
    words = zip(sentence.starts, sentence.tags, strict=True)
    return any(start <= at < end and tag in _FINITE for at, tag in words)


def _shown(text: str, start: int, end: int) -> str:
    words = " ".join(text[start:end].split())
    return f"“{words if len(words) <= 160 else words[:159] + '…'}”"


class _Coverage:
    """Which characters of the article stand in quotes."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        kept = list(quotes)
        self._words = {quote.exact for quote in kept}
        self._spans: list[Span] = []
        for start, end in sorted((quote.start, quote.end) for quote in kept):
            if self._spans and start <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((start, end))

    def _near(self, start: int, end: int) -> list[Span]:
        """The spans that may touch start:end; they are sorted, and do not overlap."""
        first = max(0, bisect_left(self._spans, (start, start)) - 1)
        return self._spans[first : bisect_left(self._spans, (end, end))]

    def of(self, start: int, end: int) -> float:
        """The share of start:end that is covered, from 0 to 1."""
        covered = sum([max(0, min(end, stop) - max(start, begin)) for begin, stop in self._near(start, end)])
        return covered / max(1, end - start)

    def gaps(self, start: int, end: int) -> Iterator[Span]:
        """The stretches of start:end that stand in no quote."""
        for begin, stop in self._near(start, end):
            if stop <= start or begin >= end:
                continue
            if begin > start:
                yield start, begin
            start = stop
        if start < end:
            yield start, end

    def hold(self, passage: Passage, text: str) -> bool:
        """Whether the passage is covered where it stands, or told in the same words in a quote from elsewhere."""
        if self.of(passage.start, passage.end) >= COVERED:
            return True
        words = text[passage.start : passage.end]
        return len(words.split()) >= _FEWEST_IN_CLAUSE and any(
            len(quote) >= COVERED * len(words) and fuzz.partial_ratio(words, quote, score_cutoff=_SAME_WORDS)
            for quote in self._words
        )


def _other_speakers(record: Record, quotations: Sequence[Quotation]) -> Iterator[Check]:
    speakers = {speaker.id: speaker for speaker in record.speakers}
    for claim in record.claims:
        quotation = _quotation_of(claim, quotations)
        if quotation is None or quotation.speaker is None or quotation.speaker.speaker is None:
            continue
        named = quotation.speaker.name
        chain = [speakers[id_] for id_ in [claim.speaker, *claim.via] if id_ in speakers]
        if chain and not any(_may_be(named, speaker) for speaker in chain):
            given = " via ".join(speaker.name for speaker in chain)
            message = f"the text seems to give this quotation to {named}, the record to {given}"
            span = (claim.quote.start, claim.quote.end)
            yield Check(code="speaker_disagreement", item=claim.id, message=message, span=span)


def _may_be(named: str, speaker: Speaker) -> bool:
    """Whether the text's words for a source can mean this speaker: the same name, or a description like its role."""
    known = [speaker.name, *filter(None, (speaker.role, speaker.affiliation))]
    if any(same_source(Source(named, "unnamed"), Source(name, "unnamed")) for name in known):
        return True
    described = not any(word[:1].isupper() for word in named.split()[-1:])
    return described or fuzz.token_set_ratio(named.casefold(), " ".join(known).casefold()) >= _SAME_WORDS


def _quotation_of(claim: Claim, quotations: Sequence[Quotation]) -> Quotation | None:
    if claim.delivery != "direct":
        return None
    holding = (q for q in quotations if q.is_speech and q.start <= claim.quote.start and claim.quote.end <= q.outer_end)
    return next(holding, None)
