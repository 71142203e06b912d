"""Inputs for whole runs: many small articles, and a model that answers them all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import readings
from tests.support.server import Call, Reply


def text(number: int) -> str:
    return f"Report {number}. The ministry said that bridge {number} would open in May 2026."


def write_jsonl(path: Path, numbers: range) -> Path:
    """One article a line, ids a0, a1, …"""
    lines = [json.dumps({"id": f"a{n}", "published": "2025-07-11", "text": text(n)}) for n in numbers]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def answer(call: Call) -> dict[str, Any]:
    """The reading of one such article: one claim and one commitment."""
    number = call.article.split()[1].rstrip(".")
    quote = f"bridge {number} would open in May 2026"
    month = readings.when("in May 2026", "2026-05", "2026-05-01", "2026-05-31")
    found = readings.reading(
        claims=[readings.claim(quote, cue="said")], commitments=[readings.commitment(quote, speaker="s1", when=month)]
    )
    return found.model_dump(mode="json")


def answering(delay: float = 0.0) -> Any:
    """A script that answers every article."""
    return lambda call: Reply(answer(call), delay=delay)


def jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
