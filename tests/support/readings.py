"""Small articles and the readings that a model would return for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from extractor.schema.article import Article
from extractor.schema.reading import Reading

TEXT = "The ministry said the bridge would open in May 2026. “It will be safe,” the minister added."


def article(
    text: str = TEXT, id: str = "a1", published: dt.date | None = dt.date(2025, 7, 11), **fields: Any
) -> Article:
    return Article(id=id, text=text, published=published, **fields)


def empty() -> Reading:
    return Reading(speakers=[], claims=[], stances=[], commitments=[])


def speaker(id: str = "s1", name: str = "The ministry", kind: str = "organization") -> dict[str, Any]:
    return {"id": id, "name": name, "role": None, "affiliation": None, "kind": kind}


def claim(quote: str, speaker: str = "s1", **fields: Any) -> dict[str, Any]:
    plain = {"via": [], "statement": quote, "delivery": "indirect", "kind": "fact", "cue": None}
    return {"quote": quote, "speaker": speaker, **plain, **fields}


def commitment(quote: str, **fields: Any) -> dict[str, Any]:
    plain = {
        "speaker": None,
        "actors": ["The ministry"],
        "action": "open the bridge",
        "firmness": "planned",
        "condition": None,
        "when": None,
    }
    return {"quote": quote, **plain, **fields}


def when(
    expression: str, edtf: str | None = None, earliest: str | None = None, latest: str | None = None
) -> dict[str, Any]:
    return {"expression": expression, "edtf": edtf, "earliest": earliest, "latest": latest}


def reading(**layers: list[dict[str, Any]]) -> Reading:
    return Reading.model_validate({"speakers": [speaker()], "claims": [], "stances": [], "commitments": [], **layers})


def of(text: str) -> dict[str, Any]:
    """A reading of any text: its first words as one claim of one speaker."""
    quote = " ".join(text.split()[:4]) if text.split(" ")[:4] == text.split()[:4] else text.split()[0]
    return reading(claims=[claim(quote)]).model_dump(mode="json")
