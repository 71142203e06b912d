"""Small records: fictional articles with their items, each quote where it first stands in the text."""

from __future__ import annotations

import hashlib
from typing import Any

from extractor.schema.record import Record

TEXT = (
    "PORT ELLEN, 2 May 2025 - Mayor Ann Lee said 🚢 trade grew by 4% last year.\n\n"
    "“The new pier will open in March 2026,” Lee said, if the council agrees. "
    "According to harbour master Bo Dahl, Lee opposes the toll. "
    "Repairs will be finished by 2030, and a night ferry is to run from June 2025."
)
SPEAKERS = [
    {"id": "s1", "name": "Ann Lee", "role": "Mayor", "affiliation": "Port Ellen", "kind": "person"},
    {"id": "s2", "name": "Bo Dahl", "role": "harbour master", "affiliation": None, "kind": "person"},
]
RUN = {"model": "test/model", "prompt": "extract.v1", "prompt_sha256": "0" * 64, "extractor": "0.1.0"}


def quote(exact: str, text: str = TEXT) -> dict[str, Any]:
    start = text.index(exact)
    end = start + len(exact)
    around = {"prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32]}
    return {"exact": exact, **around, "start": start, "end": end, "match": "exact"}


def claim(id: str, exact: str, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    plain = {"speaker": "s1", "via": [], "statement": exact, "kind": "fact", "delivery": "indirect", "cue": None}
    return {"id": id, **plain, "quote": quote(exact, text), **fields}


def stance(id: str, exact: str, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    return {"id": id, "speaker": "s1", "target": exact, "position": "support", "quote": quote(exact, text), **fields}


def commitment(id: str, exact: str, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    plain = {"speaker": None, "actors": [], "action": exact, "firmness": "planned", "condition": None, "when": None}
    return {"id": id, **plain, "quote": quote(exact, text), **fields}


def when(
    expression: str, edtf: str | None, earliest: str | None, latest: str | None, text: str = TEXT, **fields: Any
) -> dict[str, Any]:
    start = text.index(expression)
    span = [start, start + len(expression)]
    basis = "resolved" if edtf else "unresolved"
    days = {"edtf": edtf, "earliest": earliest, "latest": latest, "basis": basis}
    return {"expression": expression, "span": span, **days, **fields}


def record(text: str = TEXT, id: str = "a1", **fields: Any) -> Record:
    """A record of any text; without layers, one without items."""
    article = {
        "id": id,
        "source": "https://example.org/port/1",
        "title": "Port Ellen to get a pier",
        "published": "2025-05-02",
        "language": "en",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "text": text,
    }
    layers: dict[str, Any] = {name: [] for name in ("claims", "stances", "commitments", "unplaced", "checks")}
    run = RUN | {"attempts": 1, "input_tokens": 10, "output_tokens": 5}
    article |= fields.pop("article", {})
    run |= fields.pop("run", {})
    return Record.model_validate(
        {"schema_version": "1", "article": article, "speakers": SPEAKERS, **layers, "run": run, **fields}
    )


def port(**fields: Any) -> Record:
    """The article above with all that it says: two claims, a stance, four commitments, one of each kind of date."""
    return record(
        **{
            "claims": [
                claim("c1", "trade grew by 4% last year", statement="Trade grew by 4% in 2024.", cue="said"),
                claim(
                    "c2",
                    "The new pier will open in March 2026",
                    kind="intention",
                    delivery="direct",
                    cue="Lee said",
                    statement="The new pier of Port Ellen will open in March 2026.",
                ),
            ],
            "stances": [stance("t1", "Lee opposes the toll", target="the toll", position="oppose")],
            "commitments": [
                commitment(
                    "m1",
                    "The new pier will open in March 2026",
                    speaker="s1",
                    actors=["Port Ellen", "the council"],
                    action="open the new pier",
                    firmness="pledged",
                    condition="if the council agrees",
                    when=when("in March 2026", "2026-03", "2026-03-01", "2026-03-31"),
                ),
                commitment("m4", "if the council agrees", actors=["the council"], action="agree", firmness="hoped"),
                commitment(
                    "m2",
                    "Repairs will be finished by 2030",
                    action="finish the repairs",
                    when=when("by 2030", "../2030", None, "2030-12-31"),
                ),
                commitment(
                    "m3",
                    "a night ferry is to run from June 2025",
                    action="run a night ferry",
                    firmness="scheduled",
                    when=when("from June 2025", "2025-06/..", "2025-06-01", None),
                ),
            ],
            **fields,
        }
    )
