"""What the article seems to hold and the record does not: quotations, reported statements and dated plans that no item
covers, and quotations that the record gives to somebody else than the text does.

    coverage    which characters stand in quotes
    expected    the passages that an item should cover

The findings are hints, not verdicts: the text layer knows word order and word lists, the model knows meaning. A passage
is covered if at least `coverage.COVERED` of it stands in the quotes of the record's items.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from extractor.schema.record import Check, Claim, Record, Speaker
from extractor.text.attribution.analysis import Analysis, analyse
from extractor.text.audit.coverage import COVERED, FEWEST_IN_CLAUSE, SAME_WORDS, Coverage
from extractor.text.audit.expected import Passage, dated_plans, is_clause, reported, spoken
from extractor.text.names import Source, same_source
from extractor.text.quotations import Quotation, quotations_of

__all__ = ["audit"]

_RETOLD = 65.0
"""Likeness (0-100) to a claim's restatement from which reported speech counts as told again in other words."""


def audit(record: Record) -> list[Check]:
    """The findings on a record, in the order of the text. Checks that the record has already are not repeated."""
    text = record.article.text
    analysis = analyse(text)
    quotations = quotations_of(analysis)
    told = Coverage(claim.quote for claim in record.claims)
    noted = Coverage([claim.quote for claim in record.claims] + [item.quote for item in record.commitments])
    findings = [p for p in spoken(analysis, quotations) if _left_out(p, told, analysis)]
    statements = {claim.statement for claim in record.claims} | {item.action for item in record.commitments}
    findings += [
        p
        for p in reported(analysis, findings)
        if not noted.hold(p.start, p.end, text) and not _is_retold(text[p.start : p.end], statements)
    ]
    findings += _plans_left_out(record, analysis)
    checks = [finding.check() for finding in findings] + list(_other_speakers(record, quotations))
    return sorted(checks, key=lambda check: (check.span or (0, 0), check.code))


def _left_out(passage: Passage, told: Coverage, analysis: Analysis) -> bool:
    """Whether the claims leave out the sentence, or a clause of it that is long enough to be a claim of its own."""
    text = analysis.whole.text
    if not told.hold(passage.start, passage.end, text):
        return True
    return any(
        len(text[a:b].split()) >= FEWEST_IN_CLAUSE
        and is_clause(analysis, a, b)
        and not _holds_cue(analysis, a, b)  # a reporting frame is no content
        for a, b in told.gaps(passage.start, passage.end)
    )


def _holds_cue(analysis: Analysis, start: int, end: int) -> bool:
    cues = [attribution.cue for attribution in analysis.inside_of((start, end)) if attribution.cue]
    return any(start <= first and last <= end for first, last in cues)


def _is_retold(words: str, statements: Iterable[str]) -> bool:
    return any(fuzz.token_set_ratio(words, statement, score_cutoff=_RETOLD) for statement in statements)


def _plans_left_out(record: Record, analysis: Analysis) -> list[Passage]:
    text = record.article.text
    promised = Coverage(commitment.quote for commitment in record.commitments)
    forecast = Coverage(claim.quote for claim in record.claims if claim.kind == "prediction")
    taken = {commitment.when.span for commitment in record.commitments if commitment.when}
    return [
        passage
        for passage in dated_plans(analysis, record.article.published)
        if not promised.hold(passage.start, passage.end, text)
        and (passage.start, passage.end) not in taken
        and forecast.of(passage.start, passage.end) < COVERED
    ]


def _other_speakers(record: Record, quotations: Sequence[Quotation]) -> Iterator[Check]:
    speakers = {speaker.id: speaker for speaker in record.speakers}
    speech = _outermost_speech(quotations)
    for claim in record.claims:
        quotation = _quotation_of(claim, speech)
        if quotation is None or quotation.speaker is None or quotation.speaker.speaker is None:
            continue
        named = quotation.speaker.name
        chain = [speakers[id_] for id_ in [claim.speaker, *claim.via] if id_ in speakers]
        if chain and not any(_may_be(named, speaker) for speaker in chain):
            given = " via ".join(speaker.name for speaker in chain)
            message = f"the text seems to give this quotation to {named}, the record to {given}"
            span = (claim.quote.start, claim.quote.end)
            yield Check(code="speaker_disagreement", item=claim.id, message=message, span=span)


def _outermost_speech(quotations: Sequence[Quotation]) -> list[Quotation]:
    """The quotations that are speech, in order, without those inside of another: so none overlap."""
    kept: list[Quotation] = []
    for quotation in quotations:
        if quotation.is_speech and (not kept or kept[-1].outer_end <= quotation.outer_start):
            kept.append(quotation)
    return kept


def _quotation_of(claim: Claim, speech: Sequence[Quotation]) -> Quotation | None:
    if claim.delivery != "direct":
        return None
    at = bisect_right(speech, claim.quote.start, key=lambda quotation: quotation.start) - 1
    return speech[at] if at >= 0 and claim.quote.end <= speech[at].outer_end else None


def _may_be(named: str, speaker: Speaker) -> bool:
    """Whether the text's words for a source can mean this speaker: the same name, or a description like its role."""
    known = [speaker.name, *filter(None, (speaker.role, speaker.affiliation))]
    if any(same_source(Source(named, "unnamed"), Source(name, "unnamed")) for name in known):
        return True
    described = not any(word[:1].isupper() for word in named.split()[-1:])
    return described or fuzz.token_set_ratio(named.casefold(), " ".join(known).casefold()) >= SAME_WORDS
