"""The JSON Schemas of the published models: `python -m extractor.schema.json_schemas FOLDER` writes them to
schemas/.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor.schema.ledger import Decision, LedgerManifest, LinkReply, Thread
from extractor.schema.reading import Reading
from extractor.schema.record import Failure, Manifest, Record

PUBLISHED: dict[str, type[BaseModel]] = {
    "record": Record,
    "reading": Reading,
    "failure": Failure,
    "manifest": Manifest,
    "thread": Thread,
    "decision": Decision,
    "ledger_manifest": LedgerManifest,
    "link_reply": LinkReply,
}


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a published model, as it is serialized. Raises KeyError for other names."""
    schema = PUBLISHED[name].model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def write(folder: Path) -> None:
    """Writes every schema to FOLDER/NAME.schema.json."""
    for name in PUBLISHED:
        text = json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.schema.json").write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
