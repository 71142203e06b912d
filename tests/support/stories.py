"""Records of small invented articles, in which two states that do not exist make and keep promises."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extractor.results.evaluation import read_gold
from extractor.results.ledger import Directory, Ledger, by_rules, finish, plan
from extractor.schema.ledger import Thread
from extractor.schema.record import Claim, Record

NORVALE, ESTMARK = "Norvale", "Estmark"
BOTH = [NORVALE, ESTMARK]
MINISTRY = ("Ministry of Transport of Norvale", "ministry", NORVALE, "organization")


def commitment(quote: str, action: str, *actors: str, **fields: Any) -> dict[str, Any]:
    """A commitment; `when` is (expression, first day, last day)."""
    return {"quote": quote, "action": action, "actors": list(actors or BOTH), **fields}


def placed(text: str, quote: str) -> dict[str, Any]:
    """A quote where it first stands in a text."""
    start = text.index(quote)
    end = start + len(quote)
    around = {"prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32]}
    return {"exact": quote, "start": start, "end": end, "match": "exact", **around}


def story(
    name: str,
    published: str | None,
    text: str,
    *commitments: dict[str, Any],
    facts: Sequence[str] = (),
    speakers: Sequence[tuple[str, str | None, str | None, str]] = (MINISTRY,),
    title: str | None = None,
) -> Record:
    """A record of an article; facts are sentences of it that its first speaker claims."""

    def id_of(*parts: str) -> str:
        return hashlib.sha256("\0".join((name, *parts)).encode()).hexdigest()[:12]

    def when(told: tuple[str, str | None, str | None] | None) -> dict[str, Any] | None:
        if told is None:
            return None
        days = {"earliest": told[1], "latest": told[2], "basis": "resolved"}
        return {"expression": told[0], "span": None, "edtf": None, **days}

    plain: dict[str, Any] = {"speaker": None, "firmness": "planned", "condition": None}
    return Record.model_validate(
        {
            "schema_version": "1",
            "article": {
                "id": name,
                "source": f"{name}.txt",
                "title": title,
                "published": published,
                "language": "en",
                "sha256": "",
                "text": text,
            },
            "speakers": [
                {"id": f"s{n}", "name": who, "role": role, "affiliation": state, "kind": kind}
                for n, (who, role, state, kind) in enumerate(speakers, 1)
            ],
            "claims": [
                {
                    "id": id_of("fact", fact),
                    "speaker": "s1",
                    "via": [],
                    "statement": fact,
                    "kind": "fact",
                    "delivery": "indirect",
                    "cue": None,
                    "quote": placed(text, fact),
                }
                for fact in facts
            ],
            "stances": [],
            "commitments": [
                plain
                | one
                | {
                    "id": id_of("commitment", one["action"]),
                    "quote": placed(text, one["quote"]),
                    "when": when(one.get("when")),
                }
                for one in commitments
            ],
            "unplaced": [],
            "checks": [],
            "run": {
                "model": "story",
                "prompt": "none",
                "prompt_sha256": "",
                "extractor": "0",
                "attempts": 1,
                "input_tokens": 0,
                "output_tokens": 0,
            },
        }
    )


def of_gold(path: Path) -> list[Record]:
    """Gold articles as the records that a perfect reader would write."""
    records = []
    for article in read_gold(path):
        reading = article.reading.model_dump(mode="json")
        names = {speaker["id"]: speaker for speaker in reading["speakers"]}
        record = story(
            article.id,
            article.published.isoformat() if article.published else None,
            article.text,
            *(
                one
                | {"when": one["when"] and (one["when"]["expression"], one["when"]["earliest"], one["when"]["latest"])}
                for one in reading["commitments"]
            ),
            speakers=[(s["name"], s["role"], s["affiliation"], s["kind"]) for s in names.values()],
        )
        claims = [
            Claim.model_validate(claim | {"id": f"{article.id}-{n}", "quote": placed(article.text, claim["quote"])})
            for n, claim in enumerate(reading["claims"])
        ]
        records.append(record.model_copy(update={"claims": claims}))
    return records


def ledger(*records: Record, as_of: str = "2025-07-20", aliases: dict[str, list[str]] | None = None) -> Ledger:
    """The ledger of records by rules."""
    planned = plan(records, Directory(aliases))
    return finish(planned, by_rules(planned), dt.date.fromisoformat(as_of))


def holding(result: Ledger, words: str) -> Thread:
    """The one thread with a step whose text has these words."""
    found = [thread for thread in result.threads if any(words in step.text for step in thread.steps)]
    assert len(found) == 1, [thread.title for thread in found]
    return found[0]


def relations(thread: Thread) -> list[str]:
    """What each step is: "first", a relation, or an update with its changes."""
    told = []
    for step in thread.steps:
        link = step.link
        told.append("first" if link is None else " ".join([link.relation, *link.changes]))
    return told


BRIDGE = story(
    "bridge-1",
    "2023-03-01",
    "Norvale and Estmark agreed on Wednesday to build a bridge over the Holm strait by the end of 2024. "
    "Norvale will deliver five ferries to Estmark in 2024.",
    commitment(
        "build a bridge over the Holm strait by the end of 2024",
        "build a bridge over the Holm strait",
        firmness="agreed",
        when=("by the end of 2024", None, "2024-12-31"),
    ),
    commitment(
        "Norvale will deliver five ferries to Estmark in 2024",
        "deliver five ferries to Estmark",
        NORVALE,
        firmness="pledged",
        when=("in 2024", "2024-01-01", "2024-12-31"),
    ),
    title="Two governments agree on a bridge",
)
DELAY = story(
    "bridge-2",
    "2023-05-20",
    "The Holm bridge will open in June 2025, the transport ministry said.",
    commitment(
        "The Holm bridge will open in June 2025",
        "open the Holm bridge",
        speaker="s1",
        firmness="scheduled",
        when=("in June 2025", "2025-06-01", "2025-06-30"),
    ),
    title="Bridge to open later than planned",
)
FERRIES = story(
    "ferries",
    "2024-11-02",
    "Norvale delivered the first two of the five ferries to Estmark, half of what was promised.",
    facts=["Norvale delivered the first two of the five ferries to Estmark, half of what was promised."],
)
SECOND_DELAY = story(
    "bridge-3",
    "2025-02-10",
    "The Holm bridge is now to open to traffic by March 2026.",
    commitment(
        "The Holm bridge is now to open to traffic by March 2026",
        "open the Holm bridge to traffic",
        when=("by March 2026", None, "2026-03-31"),
    ),
)
OPENING = story(
    "bridge-4",
    "2026-03-20",
    "The Holm bridge between Norvale and Estmark was opened on Friday. Thousands came to see it.",
)
ALL = (BRIDGE, DELAY, FERRIES, SECOND_DELAY, OPENING)
