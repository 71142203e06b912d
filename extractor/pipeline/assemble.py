"""From what the model returned to a record: places quotes, resolves dates, merges parts, notes what does not fit
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from extractor import __version__
from extractor.files.prompts import Prompt
from extractor.models.interface import Usage
from extractor.schema.article import Article
from extractor.schema.ids import item_id, text_of
from extractor.schema.reading import ClaimRead, CommitmentRead, Reading, SpeakerRead, StanceRead
from extractor.schema.record import (
    SCHEMA_VERSION,
    Check,
    CheckCode,
    Claim,
    Commitment,
    Item,
    Layer,
    Quote,
    Record,
    RecordArticle,
    RecordRun,
    Speaker,
    Stance,
    Unplaced,
)
from extractor.text.grounding import GroundedText, NotPlaced
from extractor.text.parts import Span
from extractor.text.planned_dates import date_commitment


@dataclass(frozen=True)
class PartReading:
    """What the model returned for article.text[span[0]:span[1]]."""

    span: Span
    reading: Reading


class _Read(Protocol):
    @property
    def quote(self) -> str: ...

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


@dataclass
class _Assembly:
    """The record in the making."""

    article: Article
    prompt: Prompt
    grounded: GroundedText
    speakers: dict[str, Speaker] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    stances: dict[str, Stance] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def note(self, code: CheckCode, item: str | None, message: str, span: Span | None = None) -> None:
        self.checks.append(Check(code=code, item=item, message=message, span=span))


def assemble(
    article: Article,
    readings: Sequence[PartReading],
    prompt: Prompt,
    model: str,
    usage: Usage,
    *,
    notes: Iterable[Check] = (),
) -> Record:
    """The record of an article that was read in one or more parts. Items stand in the order of their passages."""
    work = _Assembly(article, prompt, GroundedText(article.text))
    work.checks.extend(notes)
    _note_date_basis(work)
    for part in readings:
        _add_part(work, part)
    return Record(
        schema_version=SCHEMA_VERSION,
        article=RecordArticle(
            **article.model_dump(include={"id", "source", "title", "published", "language"}),
            sha256=article.sha256,
            text=article.text,
        ),
        speakers=list(work.speakers.values()),
        claims=sorted(work.claims.values(), key=_position),
        stances=sorted(work.stances.values(), key=_position),
        commitments=sorted(work.commitments.values(), key=_position),
        unplaced=work.unplaced,
        checks=work.checks,
        run=RecordRun(
            model=model,
            prompt=prompt.id,
            prompt_sha256=prompt.sha256,
            extractor=__version__,
            attempts=usage.attempts,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
        ),
    )


def _position(item: Item) -> tuple[int, int, str]:
    return item.quote.start, item.quote.end, item.id


def _note_date_basis(work: _Assembly) -> None:
    if work.article.published is None:
        message = "no publication date: times that are told from it (“next week”) stay unresolved"
        work.note("no_publication_date", None, message)
    elif work.article.published_basis == "dateline":
        message = f"the publication date {work.article.published} was taken from the article's dateline"
        work.note("published_from_dateline", None, message)


def _add_part(work: _Assembly, part: PartReading) -> None:
    ids = _add_speakers(work, part.reading.speakers)
    near = part.span[0]
    for claim in part.reading.claims:
        near = _add_claim(work, claim, ids, part.span, near)
    near = part.span[0]
    for stance in part.reading.stances:
        near = _add_stance(work, stance, ids, part.span, near)
    near = part.span[0]
    for commitment in part.reading.commitments:
        near = _add_commitment(work, commitment, ids, part.span, near)


def _add_speakers(work: _Assembly, speakers: Iterable[SpeakerRead]) -> dict[str, str]:
    """Adds who is new; returns the ids of this part's speakers in the record, by the model's id and by name."""
    ids: dict[str, str] = {}
    for read in speakers:
        key = " ".join(read.name.casefold().split())
        if key not in work.speakers:
            work.speakers[key] = Speaker(id=f"s{len(work.speakers) + 1}", **read.model_dump(exclude={"id"}))
        else:
            work.speakers[key] = _fuller(work.speakers[key], read)
        ids.setdefault(read.name, work.speakers[key].id)
        ids[read.id] = work.speakers[key].id
    return ids


def _fuller(known: Speaker, read: SpeakerRead) -> Speaker:
    """What a later part adds about a speaker that an earlier one named."""
    update = {"role": known.role or read.role, "affiliation": known.affiliation or read.affiliation}
    return known.model_copy(update=update)


def _add_claim(work: _Assembly, read: ClaimRead, ids: dict[str, str], span: Span, near: int) -> int:
    quote = _place(work, "claims", read, span, near)
    if quote is None:
        return near
    speaker, unknown = _speaker(read.speaker, ids)
    item = _new_id(work, work.claims, "claims", (_name(work, speaker), quote.exact), read.statement)
    if item is None:
        return quote.start
    via = [_speaker(relay, ids) for relay in read.via]
    work.claims[item] = Claim(
        id=item,
        speaker=speaker,
        via=[relay for relay, _ in via],
        statement=read.statement,
        kind=read.kind,
        delivery=read.delivery,
        cue=_cue(work, read.cue, item, quote),
        quote=quote,
    )
    _note_unknown(work, item, [unknown, *(u for _, u in via)])
    return quote.start


def _add_stance(work: _Assembly, read: StanceRead, ids: dict[str, str], span: Span, near: int) -> int:
    quote = _place(work, "stances", read, span, near)
    if quote is None:
        return near
    speaker, unknown = _speaker(read.speaker, ids)
    item = _new_id(work, work.stances, "stances", (_name(work, speaker), quote.exact), read.target)
    if item is None:
        return quote.start
    work.stances[item] = Stance(id=item, speaker=speaker, target=read.target, position=read.position, quote=quote)
    _note_unknown(work, item, [unknown])
    return quote.start


def _add_commitment(work: _Assembly, read: CommitmentRead, ids: dict[str, str], span: Span, near: int) -> int:
    quote = _place(work, "commitments", read, span, near)
    if quote is None:
        return near
    speaker, unknown = (None, None) if read.speaker is None else _speaker(read.speaker, ids)
    item = _new_id(work, work.commitments, "commitments", (_name(work, speaker), quote.exact), read.action)
    if item is None:
        return quote.start
    dated = date_commitment(read.when, quote, work.grounded, work.article.published)
    work.commitments[item] = Commitment(
        id=item,
        speaker=speaker,
        actors=list(read.actors),
        action=read.action,
        firmness=read.firmness,
        condition=read.condition,
        quote=quote,
        when=dated.when,
    )
    for code, message in dated.checks:
        work.note(code, item, message, dated.when.span if dated.when else None)
    _note_unknown(work, item, [unknown])
    return quote.start


def _place(work: _Assembly, layer: Layer, read: _Read, span: Span, near: int) -> Quote | None:
    """The quote in the article's text; what cannot be placed is kept, with its reason.

    Items come in the order of the text more often than not: of several places, the one nearest to the item before is
    meant.
    """
    placed = work.grounded.place(read.quote, near=near, within=span)
    if not isinstance(placed, NotPlaced):
        return work.grounded.quote(placed)
    work.unplaced.append(Unplaced(layer=layer, item=read.model_dump(mode="json"), reason=placed.reason))
    if any(read.quote in example.text for example in work.prompt.examples):
        work.note("example_leak", None, f"the model returned a passage of a worked example: “{read.quote[:80]}”")
    return None


def _cue(work: _Assembly, cue: str | None, item: str, quote: Quote) -> str | None:
    """The cue as the article has it, from the place nearest to the quote."""
    if cue is None:
        return None
    placed = work.grounded.place(cue, near=quote.start)
    if isinstance(placed, NotPlaced):
        work.note("cue_not_found", item, f"the cue “{cue[:80]}” does not stand in the article")
        return None
    return work.article.text[placed.start : placed.end]


def _speaker(reference: str, ids: dict[str, str]) -> tuple[str, str | None]:
    """The record's id for the model's reference, and the reference itself where nobody is listed under it."""
    return (ids[reference], None) if reference in ids else (reference, reference)


def _name(work: _Assembly, speaker: str | None) -> str:
    for known in work.speakers.values():
        if known.id == speaker:
            return known.name
    return speaker or ""


def _note_unknown(work: _Assembly, item: str, references: Iterable[str | None]) -> None:
    for reference in references:
        if reference is not None:
            work.note("unknown_speaker", item, f"the model attributes this to {reference!r}, whom it did not list")


def _new_id(work: _Assembly, layer: Mapping[str, Item], name: Layer, content: tuple[str, str], text: str) -> str | None:
    """The id of an item; None where the very same one is there already."""
    plain = item_id(work.article.id, name, *content)
    if plain not in layer:
        return plain
    detailed = item_id(work.article.id, name, *content, text)
    return None if text_of(layer[plain]) == text or detailed in layer else detailed
