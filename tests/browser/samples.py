"""Records made for the page: articles of invented people with every kind of item, and articles that mean harm."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractor.schema.record import Failure, Record

Item = dict[str, Any]

HARBOUR = """Gate: The harbour of Lorum will be rebuilt by the end of 2027, Mayor Ada Quill said on Monday.

“We will rebuild the harbour by the end of 2027 and we oppose any delay,” she said, and the port office said Quill \
had called the plan affordable.

The fishers 🐟🐟 of Lorum 🐟 said the old piers are unsafe. A report is to be published in May 2026."""
BUDGET = """The council of Lorum votes on the budget next week.

Ben Oduya said the budget would fail. Ada Quill supports the budget, while Oduya opposes it, he said."""
HOSTILE = """\
<script>window.hacked = 1</script> said <img src=x onerror="window.hacked = 1"> </script><!-- the minister.
\u05e9\u05dc\u05d5\u05dd \u05d0\u05de\u05e8 \u05d4\u05e9\u05e8, and \u2028 then \U0001f600 he said
“{{ constructor }} $& \\u003c”."""


def speaker(id: str, name: str, kind: str = "person", role: str | None = None) -> Item:
    return {"id": id, "name": name, "role": role, "affiliation": None, "kind": kind}


def claim(quote: str, speaker: str = "s1", **fields: Any) -> Item:
    plain = {"via": [], "statement": quote, "kind": "fact", "delivery": "indirect", "cue": "said"}
    return {"layer": "claims", "quote": quote, "speaker": speaker, **plain, **fields}


def stance(quote: str, target: str, position: str, speaker: str = "s1") -> Item:
    return {"layer": "stances", "quote": quote, "speaker": speaker, "target": target, "position": position}


def commitment(quote: str, action: str, when: Item | None = None, **fields: Any) -> Item:
    plain = {"speaker": None, "actors": ["Lorum"], "firmness": "planned", "condition": None}
    return {"layer": "commitments", "quote": quote, "action": action, "when": when, **plain, **fields}


def when(expression: str, earliest: str | None = None, latest: str | None = None, **fields: Any) -> Item:
    dates = {"edtf": None, "earliest": earliest, "latest": latest}
    return {"expression": expression, "span": None, "basis": "resolved", **dates, **fields}


def record(id: str, text: str, speakers: Iterable[Item], items: Iterable[Item], **fields: Any) -> Record:
    """A record whose items stand where their quotes first do; the first claim's id is claim1, and so on."""
    layers: dict[str, list[Item]] = {"claims": [], "stances": [], "commitments": []}
    for given in items:
        item = dict(given)
        layer = layers[item.pop("layer")]
        start = text.index(item["quote"])
        end = start + len(item["quote"])
        quote = {"exact": item["quote"], "prefix": "", "suffix": "", "start": start, "end": end, "match": "exact"}
        layer.append(item | {"id": f"{given['layer'][:-1]}{len(layer) + 1}", "quote": quote})
    article = {
        "id": id,
        "source": f"{id}.txt",
        "title": fields.pop("title", None),
        "language": "en",
        "sha256": "0" * 64,
    }
    run = {"model": "test/model", "prompt": "extract.v1", "prompt_sha256": "f" * 64, "extractor": "0.1.0"}
    return Record.model_validate(
        {
            "schema_version": "1",
            "article": article | {"published": fields.pop("published", dt.date(2025, 3, 3)), "text": text},
            "speakers": list(speakers),
            **layers,
            "unplaced": fields.pop("unplaced", []),
            "checks": fields.pop("checks", []),
            "run": run | {"attempts": 1, "input_tokens": 900, "output_tokens": 100},
        }
    )


def harbour() -> Record:
    """Three layers on overlapping passages, a relayed claim, passages after emoji, and checks."""
    people = [speaker("s1", "Ada Quill", role="Mayor"), speaker("s2", "port office", "organization")]
    fishers = speaker("s3", "fishers", "group")
    by_2027 = when("by the end of 2027", None, "2027-12-31", edtf="../2027")
    missed = HARBOUR.index("The fishers")
    return record(
        "harbour",
        HARBOUR,
        [*people, fishers],
        [
            claim("We will rebuild the harbour by the end of 2027", kind="intention", delivery="direct"),
            claim("called the plan affordable", via=["s2"], kind="opinion", statement="The plan is affordable."),
            claim("the old piers are unsafe", "s3", statement="The old piers of Lorum are unsafe."),
            stance("we oppose any delay", "any delay", "oppose"),
            commitment(
                "will rebuild the harbour by the end of 2027 and",
                "rebuild the harbour",
                by_2027,
                firmness="pledged",
                speaker="s1",
            ),
            commitment(
                "A report is to be published in May 2026",
                "publish a report",
                when("in May 2026", "2026-05-01", "2026-05-31"),
            ),
        ],
        title="Lorum rebuilds its harbour",
        checks=[
            {"code": "date_disagreement", "item": "claim1", "message": "the model read 2028", "span": None},
            {"code": "uncovered_plan", "item": None, "message": "nothing covers this", "span": [missed, missed + 11]},
        ],
        unplaced=[
            {
                "layer": "claims",
                "item": {"quote": "a sentence that nobody wrote", "statement": "Nobody wrote it.", "speaker": "s1"},
                "reason": "quote not found in the article",
            }
        ],
    )


def budget() -> Record:
    """Two speakers, one of whom stands in the other article too, with opposite positions on one target."""
    return record(
        "budget/1 ä",
        BUDGET,
        [speaker("s1", "Ben Oduya"), speaker("s2", "Mayor Ada Quill".removeprefix("Mayor "))],
        [
            claim("the budget would fail", kind="prediction", statement="The budget of Lorum will fail."),
            stance("Ada Quill supports the budget", "the budget", "support", "s2"),
            stance("Oduya opposes it", "The budget", "oppose"),
            commitment(
                "votes on the budget next week",
                "vote on the budget",
                when("next week", "2025-04-07", "2025-04-13"),
                actors=["the council"],
                firmness="scheduled",
            ),
        ],
        published=dt.date(2025, 4, 2),
    )


def hostile() -> Record:
    """Markup, right-to-left text, separators and template marks wherever a string can stand."""
    bad = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    head = HOSTILE.split(" said ")[0]
    return record(
        bad,
        HOSTILE,
        [speaker("s1", bad, role=bad)],
        [
            claim(head, statement=bad, cue=bad),
            stance("\u05d0\u05de\u05e8 \u05d4\u05e9\u05e8", bad, "mixed"),
            commitment("“{{ constructor }}", bad, when(bad, "2026-01-01", None), actors=[bad], condition=bad),
        ],
        title=bad,
        checks=[{"code": "cue_not_found", "item": "claim1", "message": bad, "span": None}],
        unplaced=[{"layer": "stances", "item": {"quote": bad, "target": bad, "position": "support"}, "reason": bad}],
    )


def failure(**fields: Any) -> Failure:
    plain = {
        "error": "AnswerInvalid",
        "message": "The answer did not fit.",
        "hint": "Try a stronger model.",
        "retryable": True,
    }
    counts = {"attempts": 3, "input_tokens": 10, "output_tokens": 5, "last_output": "{<b>half"}
    return Failure.model_validate({"source": "broken.txt", "article": "broken", **plain, **counts, **fields})


def write(
    path: Path, records: Iterable[Record], failures: Iterable[Failure] = (), manifest: Item | None = None
) -> Path:
    """The files of a run, as `extractor run` leaves them."""
    path.write_bytes(b"".join(record.model_dump_json().encode() + b"\n" for record in records))
    lines = [failure.model_dump_json() + "\n" for failure in failures]
    if lines:
        path.with_name(path.name.removesuffix(".jsonl") + ".failed.jsonl").write_text("".join(lines), encoding="utf-8")
    if manifest is not None:
        path.with_name(path.name.removesuffix(".jsonl") + ".run.json").write_text(
            json.dumps(manifest), encoding="utf-8"
        )
    return path


def manifest() -> Item:
    digests = {"prompt_sha256": "f" * 64, "reading_sha256": "e" * 64}
    counts = {"read": 4, "written": 3, "failed": 1, "skipped": 0, "already_done": 0, "from_cache": 2, "attempts": 6}
    return {
        **digests,
        **counts,
        "schema_version": "1",
        "extractor": "0.1.0",
        "model": "test/model",
        "prompt": "extract.v1",
        "settings": {"concurrency": 8},
        "versions": {"pydantic": "2.12"},
        "state": "finished",
        "network_retries": 0,
        "input_tokens": 2700,
        "output_tokens": 300,
        "started": "2025-05-01T10:00:00Z",
        "finished": "2025-05-01T10:01:00Z",
        "seconds": 60.0,
    }
