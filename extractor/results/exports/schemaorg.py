"""Claims as schema.org Claim (https://schema.org/Claim): what was claimed, by whom, and in which article it appears.

schema.org has no type for a stance or a commitment of somebody; they are left out, and their number is told. Nor does
the data say whether a claim is true: that is a ClaimReview, which somebody has to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.results.exports.common import text_uri, title_of, uuid_of, web_address
from extractor.results.exports.interface import Note, Options, Piece
from extractor.schema.record import Claim, Record, Speaker

OPTIONS: frozenset[str] = frozenset()
CONTEXT = "https://schema.org"

_Json = dict[str, Any]


def files(_: Options, /) -> tuple[str, ...]:
    return ()


def render(records: Iterable[Record], _: Options, /) -> Iterator[Piece | Note]:
    yield Piece("", f'{{"@context": {json.dumps(CONTEXT)}, "@graph": ['.encode())
    first, stances, commitments = True, 0, 0
    for record in records:
        stances += len(record.stances)
        commitments += len(record.commitments)
        for node in _nodes(record):
            yield Piece("", f"{'' if first else ','}\n{json.dumps(node, ensure_ascii=False)}".encode())
            first = False
    yield Piece("", b"\n]}\n")
    if stances or commitments:
        yield Note(f"left out, for schema.org has no type for them: {stances} stances, {commitments} commitments")


def _nodes(record: Record) -> Iterator[_Json]:
    if not record.claims:
        return
    article = _article(record)
    yield article
    speakers = {speaker.id: speaker for speaker in record.speakers}
    for claim in record.claims:
        yield _claim(record, claim, speakers, {"@id": article["@id"]})


def _article(record: Record) -> _Json:
    article = record.article
    found = {
        "@id": text_uri(article),
        "@type": "NewsArticle",
        "identifier": article.id,
        "headline": title_of(article, 110),
        "datePublished": article.published and article.published.isoformat(),
        "inLanguage": article.language,
        "url": web_address(article),
    }
    return {name: value for name, value in found.items() if value is not None}


def _claim(record: Record, claim: Claim, speakers: dict[str, Speaker], article: _Json) -> _Json:
    published = record.article.published
    passage: _Json = {"@type": "Quotation", "text": claim.quote.exact, "isPartOf": article}
    if claim.via:
        # Whoever relayed it stands between the source and the article.
        relays = [_source(speakers[relay]) if relay in speakers else _nobody(relay) for relay in claim.via]
        passage["contributor"] = relays
    found: _Json = {
        "@id": uuid_of(claim.id).urn,
        "@type": "Claim",
        "identifier": claim.id,
        "text": claim.statement,
        "author": _source(speakers[claim.speaker]) if claim.speaker in speakers else _nobody(claim.speaker),
        "appearance": [article, passage],
        "keywords": [claim.kind, claim.delivery],
    }
    if published:
        found["datePublished"] = published.isoformat()
    return found


def _source(speaker: Speaker) -> _Json:
    found: _Json
    if speaker.kind == "person":
        found = {"@type": "Person", "name": speaker.name, "jobTitle": speaker.role}
        if speaker.affiliation:
            found |= {"affiliation": {"@type": "Organization", "name": speaker.affiliation}}
    elif speaker.kind == "unnamed":
        found = {"@type": "Person", "description": speaker.name}
    else:
        # A document has no author type of its own in schema.org; whoever issued it is an organization.
        kind = "NewsMediaOrganization" if speaker.kind == "media" else "Organization"
        found = {"@type": kind, "name": speaker.name, "description": speaker.role}
    return {name: value for name, value in found.items() if value is not None}


def _nobody(reference: str) -> _Json:
    return {"@type": "Person", "description": reference}
