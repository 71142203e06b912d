"""Records as flat tables: articles, speakers, one for each layer, unplaced items and checks.

Rows of a layer name their speaker in full, so that each table can be read alone. Column names are no reserved words of
SQL; offsets are Unicode code points into the article's text, end exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from extractor.schema.record import Item, Quote, Record, Speaker

Kind = Literal["text", "integer", "date", "texts"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table: its columns in order with their kinds, and the rows of one record. Any cell but a list may be None."""

    columns: Mapping[str, Kind]
    rows: Callable[[Record], Iterator[Row]]


_ARTICLE: dict[str, Kind] = {"article": "text", "published": "date", "title": "text", "source": "text"}
_SPEAKER: dict[str, Kind] = dict.fromkeys(("speaker", "speaker_kind", "speaker_role", "speaker_affiliation"), "text")
_QUOTE: dict[str, Kind] = {"quote": "text", "quote_start": "integer", "quote_end": "integer", "quote_match": "text"}
_COUNTED = ("speakers", "claims", "stances", "commitments", "unplaced", "checks")


def _articles(record: Record) -> Iterator[Row]:
    article, run = record.article, record.run
    yield {
        **_article(record),
        "language": article.language,
        "sha256": article.sha256,
        **{name: len(getattr(record, name)) for name in _COUNTED},
        "model": run.model,
        "prompt": run.prompt,
        "prompt_sha256": run.prompt_sha256,
        "extractor": run.extractor,
        "attempts": run.attempts,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "text": article.text,
    }


def _speakers(record: Record) -> Iterator[Row]:
    for speaker in record.speakers:
        yield {**_article(record), **speaker.model_dump()}


def _claims(record: Record) -> Iterator[Row]:
    speakers = _by_id(record)
    for claim in record.claims:
        yield {
            **_head(record, claim, speakers),
            "via": [speakers[relay].name if relay in speakers else relay for relay in claim.via],
            "statement": claim.statement,
            "kind": claim.kind,
            "delivery": claim.delivery,
            "cue": claim.cue,
            **_quote(claim.quote),
        }


def _stances(record: Record) -> Iterator[Row]:
    speakers = _by_id(record)
    for stance in record.stances:
        yield {
            **_head(record, stance, speakers),
            "target": stance.target,
            "position": stance.position,
            **_quote(stance.quote),
        }


def _commitments(record: Record) -> Iterator[Row]:
    speakers = _by_id(record)
    for commitment in record.commitments:
        when = commitment.when
        start, end = (when.span if when else None) or (None, None)
        yield {
            **_head(record, commitment, speakers),
            "actors": commitment.actors,
            "action": commitment.action,
            "firmness": commitment.firmness,
            "condition": commitment.condition,
            "expression": when and when.expression,
            "expression_start": start,
            "expression_end": end,
            "edtf": when and when.edtf,
            "earliest": when and when.earliest,
            "latest": when and when.latest,
            "basis": when and when.basis,
            **_quote(commitment.quote),
        }


def _unplaced(record: Record) -> Iterator[Row]:
    for entry in record.unplaced:
        quote = entry.item.get("quote")
        yield {
            **_article(record),
            "layer": entry.layer,
            "reason": entry.reason,
            "quote": quote if isinstance(quote, str) else None,
            "item": json.dumps(entry.item, ensure_ascii=False, sort_keys=True),
        }


def _checks(record: Record) -> Iterator[Row]:
    for check in record.checks:
        start, end = check.span or (None, None)
        yield {
            **_article(record),
            "code": check.code,
            "item": check.item,
            "message": check.message,
            "span_start": start,
            "span_end": end,
        }


def _article(record: Record) -> Row:
    return {name: getattr(record.article, "id" if name == "article" else name) for name in _ARTICLE}


def _by_id(record: Record) -> dict[str, Speaker]:
    return {speaker.id: speaker for speaker in record.speakers}


def _head(record: Record, item: Item, speakers: Mapping[str, Speaker]) -> Row:
    """What every item's row begins with. A speaker whom the record does not list is called by the reference to it."""
    speaker = speakers.get(item.speaker or "")
    return {
        "id": item.id,
        **_article(record),
        "speaker": speaker.name if speaker else item.speaker,
        "speaker_kind": speaker and speaker.kind,
        "speaker_role": speaker and speaker.role,
        "speaker_affiliation": speaker and speaker.affiliation,
    }


def _quote(quote: Quote) -> Row:
    return {
        "quote": quote.exact,
        "quote_start": quote.start,
        "quote_end": quote.end,
        "quote_match": quote.match,
    }


def _columns(*names: str, kind: Kind = "text") -> dict[str, Kind]:
    return dict.fromkeys(names, kind)


_ITEM: dict[str, Kind] = {"id": "text", **_ARTICLE, **_SPEAKER}

TABLES: dict[str, Table] = {
    "articles": Table(
        {
            **_ARTICLE,
            **_columns("language", "sha256"),
            **_columns(*_COUNTED, kind="integer"),
            **_columns("model", "prompt", "prompt_sha256", "extractor"),
            **_columns("attempts", "input_tokens", "output_tokens", kind="integer"),
            **_columns("text"),
        },
        _articles,
    ),
    "speakers": Table({**_ARTICLE, **_columns("id", "name", "role", "affiliation", "kind")}, _speakers),
    "claims": Table(
        {**_ITEM, "via": "texts", **_columns("statement", "kind", "delivery", "cue"), **_QUOTE},
        _claims,
    ),
    "stances": Table({**_ITEM, **_columns("target", "position"), **_QUOTE}, _stances),
    "commitments": Table(
        {
            **_ITEM,
            "actors": "texts",
            **_columns("action", "firmness", "condition", "expression"),
            **_columns("expression_start", "expression_end", kind="integer"),
            **_columns("edtf"),
            **_columns("earliest", "latest", kind="date"),
            **_columns("basis"),
            **_QUOTE,
        },
        _commitments,
    ),
    "unplaced": Table({**_ARTICLE, **_columns("layer", "reason", "quote", "item")}, _unplaced),
    "checks": Table(
        {**_ARTICLE, **_columns("code", "item", "message"), **_columns("span_start", "span_end", kind="integer")},
        _checks,
    ),
}


def chosen(table: str | None) -> dict[str, Table]:
    """All tables, or the one of this name."""
    return TABLES if table is None else {table: TABLES[table]}


def file_names(table: str | None, ending: str) -> tuple[str, ...]:
    """One file per table, or () where one table is asked for, which is one file."""
    return tuple(name + ending for name in TABLES) if table is None else ()


def file_name(table: str, ending: str, only: str | None) -> str:
    """The file in which a table goes."""
    return "" if only else table + ending
