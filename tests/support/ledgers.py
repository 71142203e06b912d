"""`extractor ledger` in this process, and a server that decides its links."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from extractor.cli.main import app
from extractor.schema.record import Record
from tests.support.server import Call, Reply

DAY = ("--as-of", "2025-07-20")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["ledger", *map(str, arguments)], env={"COLUMNS": "110"})


def written(path: Path, *records: Record) -> Path:
    path.write_text("".join(record.model_dump_json() + "\n" for record in records), "utf-8")
    return path


def threads(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def linking(relation: str) -> Callable[[Call], Reply]:
    """A server that gives every candidate the same relation."""

    def answer(call: Call) -> Reply:
        shown = call.body["messages"][1]["content"]
        labels = [f"c{number}" for number in range(1, 11) if f"- c{number}: " in shown]
        link = {"because": "so", "relation": relation, "changes": [], "confidence": "high"}
        return Reply({"links": [{"candidate": label, **link} for label in labels]})

    return answer
