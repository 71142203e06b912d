"""A small run to be reviewed: the port article, with one item for each kind of doubt."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractor.results.review.desk import Desk
from extractor.schema.record import Record
from tests.support import records
from tests.support.records import TEXT

LEE = "Ann Lee"


def doubtful(**fields: Any) -> Record:
    """The port article: m1's date is disputed, c1's quote approximate, one quote unplaced, one passage uncovered."""
    record = records.port()
    first = record.claims[0]
    fuzzy = first.model_copy(update={"quote": first.quote.model_copy(update={"match": "fuzzy"})})
    start = TEXT.index("Mayor Ann Lee")
    unplaced = {
        "layer": "stances",
        "item": {"quote": "Lee loves the pier", "speaker": "s1", "target": "the pier", "position": "support"},
        "reason": "quote not found in the article",
    }
    return Record.model_validate(
        record.model_dump()
        | {
            "claims": [fuzzy.model_dump(), *(claim.model_dump() for claim in record.claims[1:])],
            "unplaced": [unplaced],
            "checks": [
                {"code": "date_disagreement", "item": "m1", "message": "the model says April"},
                {"code": "uncovered_statement", "item": None, "message": "nobody", "span": [start, start + 13]},
                {"code": "no_publication_date", "item": None, "message": "of the article as a whole"},
            ],
        }
        | fields
    )


def write(path: Path, run: Iterable[Record]) -> Path:
    path.write_text("".join(record.model_dump_json() + "\n" for record in run), "utf-8")
    return path


def desk(folder: Path, *run: Record, reviewer: str = "ana") -> Desk:
    """A reviewer at a run that is written into the folder; without records, at the one that is there."""
    path = folder / "out.jsonl"
    if run:
        write(path, run)
    return Desk(path, reviewer)


def claim_form(quote: str, **fields: Any) -> dict[str, Any]:
    """A claim as the page sends it."""
    start = TEXT.index(quote)
    plain = {"speaker": LEE, "via": [], "statement": quote, "kind": "fact", "delivery": "indirect", "cue": None}
    return {"quote": {"start": start, "end": start + len(quote)}, **plain, **fields}


def commitment_form(quote: str, **fields: Any) -> dict[str, Any]:
    """A commitment as the page sends it."""
    start = TEXT.index(quote)
    plain = {"speaker": None, "actors": [], "action": quote, "firmness": "planned", "condition": None, "when": None}
    return {"quote": {"start": start, "end": start + len(quote)}, **plain, **fields}


def stance_form(quote: str, **fields: Any) -> dict[str, Any]:
    """A stance as the page sends it."""
    start = TEXT.index(quote)
    plain = {"speaker": LEE, "target": quote, "position": "support"}
    return {"quote": {"start": start, "end": start + len(quote)}, **plain, **fields}
