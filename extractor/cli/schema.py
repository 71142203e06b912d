"""`extractor schema`: the JSON Schemas of what goes in and out."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from extractor.cli import common


@common.reports
def schema(
    name: Annotated[
        Literal["record", "reading", "failure", "manifest", "thread", "decision", "ledger_manifest", "link_reply"],
        typer.Argument(help="record: a line of OUT.jsonl; reading: a model's answer."),
    ] = "record",
) -> None:
    """Print a JSON Schema: of a record, of a model's reading, of a line of the failures file, or of the run
    manifest.
    """
    import json

    from extractor.schema.json_schemas import json_schema

    print(json.dumps(json_schema(name), indent=2, ensure_ascii=False))
