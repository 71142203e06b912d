"""W3C Web Annotations (https://www.w3.org/TR/annotation-model/): one annotation per item, in one collection.

The target is the passage in the text that was read, named by its digest, with a TextQuoteSelector and a
TextPositionSelector (code points, as the model demands). Where the article has a web address, the same passage of that
page is a second target, with the quote alone: offsets into an extracted text mean nothing on a page.

The first body says the item in words; the second carries its fields as a schema.org Claim, by the prefix that the
annotation context defines; others tag it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.results.exports.common import text_uri, uuid_of, web_address
from extractor.results.exports.interface import Note, Options, Piece
from extractor.schema.reading import SpeakerKind
from extractor.schema.record import Claim, Commitment, Item, Quote, Record, RecordArticle, Speaker, Stance, items

OPTIONS = frozenset({"title"})
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
DEFAULT_TITLE = "Claims, stances and commitments"

_PERSON: SpeakerKind = "person"
_Json = dict[str, Any]


def files(_: Options, /) -> tuple[str, ...]:
    return ()


def render(records: Iterable[Record], options: Options) -> Iterator[Piece | Note]:
    # Written as it comes, one annotation a line: what depends on all of them stands at the end, and JSON does not mind.
    head = {"@context": CONTEXT, "type": "AnnotationCollection", "label": options.title or DEFAULT_TITLE}
    page = {"type": "AnnotationPage", "startIndex": 0}
    yield Piece("", f'{_dump(head)[:-1]}, "first": {_dump(page)[:-1]}, "items": ['.encode())
    total, digest = 0, hashlib.sha256()
    for record in records:
        for annotation in annotate(record):
            line = _dump(annotation).encode()
            yield Piece("", (b",\n" if total else b"\n") + line)
            total += 1
            digest.update(line)
    collection = uuid_of("collection", digest.hexdigest()).urn
    page_end = {"id": uuid_of("page", digest.hexdigest()).urn, "partOf": collection}
    yield Piece("", f"\n], {_dump(page_end)[1:]}, {_dump({'id': collection, 'total': total})[1:]}\n".encode())


def annotate(record: Record) -> Iterator[_Json]:
    """The annotations of one record, without the context, which stands at the head of the collection."""
    article = record.article
    speakers = {speaker.id: speaker for speaker in record.speakers}
    agent = {
        "type": "Software",
        "name": f"extractor {record.run.extractor}, {record.run.model}, {record.run.prompt}",
    }
    for item in items(record):
        speaker = speakers.get(item.speaker or "")
        yield {
            "id": uuid_of(item.id).urn,
            "type": "Annotation",
            "motivation": "describing",
            "generator": agent,
            "body": [_words(item, speaker, article), _fields(item, speaker), *map(_tag, _tags(item))],
            "target": _targets(article, item.quote),
        }


def _targets(article: RecordArticle, quote: Quote) -> list[_Json]:
    exact = {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    position = {"type": "TextPositionSelector", "start": quote.start, "end": quote.end}
    source: _Json = {"id": text_uri(article), "type": "Text", "format": "text/plain"}
    if article.language:
        source["language"] = article.language
    targets: list[_Json] = [{"type": "SpecificResource", "source": source, "selector": [exact, position]}]
    if address := web_address(article):
        targets.append({"type": "SpecificResource", "source": address, "selector": exact})
    return targets


def _words(item: Item, speaker: Speaker | None, article: RecordArticle) -> _Json:
    name = speaker.name if speaker else item.speaker
    match item:
        case Claim():
            words = f"{name}: {item.statement}"
        case Stance():
            words = f"{name}: {item.position} · {item.target}"
        case Commitment():
            words = f"{', '.join(item.actors) or 'nobody named'}: {item.action}"
    body = {"type": "TextualBody", "value": words, "format": "text/plain", "purpose": "describing"}
    return body | ({"language": article.language} if article.language else {})


def _fields(item: Item, speaker: Speaker | None) -> _Json:
    body: _Json = {"type": "schema:Claim", "schema:identifier": item.id}
    match item:
        case Claim():
            body["schema:text"] = item.statement
        case Stance():
            body["schema:about"] = item.target
        case Commitment():
            body["schema:text"] = item.action
            body["schema:contributor"] = [{"schema:name": actor} for actor in item.actors]
            if item.when and item.when.edtf:
                body["schema:temporalCoverage"] = item.when.edtf
    if speaker:
        kind = "schema:Person" if speaker.kind == _PERSON else "schema:Organization"
        author = {"type": kind, "schema:name": speaker.name}
        body["schema:author"] = author | ({"schema:description": speaker.role} if speaker.role else {})
    return body


def _tags(item: Item) -> tuple[str, ...]:
    match item:
        case Claim():
            return "claim", item.kind, item.delivery
        case Stance():
            return "stance", item.position
        case Commitment():
            return "commitment", item.firmness


def _tag(value: str) -> _Json:
    return {"type": "TextualBody", "value": value, "purpose": "tagging"}


def _dump(value: _Json) -> str:
    return json.dumps(value, ensure_ascii=False)
