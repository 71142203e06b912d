"""The published JSON Schemas, and the model's reply schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from extractor.cli.main import app
from extractor.models.reply import strict_schema
from extractor.schema.json_schemas import PUBLISHED, json_schema
from extractor.schema.reading import Reading
from tests.support import readings
from tests.support.readings import claim


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_schemas_in_the_repository_are_those_of_the_code(root: Path, name: str) -> None:
    """`make schemas` was run after the last change."""
    stored = json.loads((root / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    assert stored == json_schema(name)
    jsonschema.Draft202012Validator.check_schema(stored)


def test_no_other_schema_lies_about(root: Path) -> None:
    """Every file in schemas/ is published."""
    assert {path.name for path in (root / "schemas").iterdir()} == {f"{name}.schema.json" for name in PUBLISHED}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_command_prints_them(name: str) -> None:
    """`extractor schema NAME` is the same document."""
    assert json.loads(CliRunner().invoke(app, ["schema", name]).stdout) == json_schema(name)


def _parts(schema: object) -> list[dict[str, object]]:
    if isinstance(schema, dict):
        return [schema, *(part for value in schema.values() for part in _parts(value))]
    return [part for value in schema for part in _parts(value)] if isinstance(schema, list) else []


def test_a_reading_is_safe_for_strict_structured_output() -> None:
    """Closed objects, everything required, no defaults, no dict fields, choices as enums, and no keyword that providers
    refuse.
    """
    schema = strict_schema(Reading)
    for part in _parts(schema):
        assert not {"default", "oneOf", "patternProperties", "prefixItems", "minLength", "maxLength"} & set(part)
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert set(part["required"]) == set(part["properties"])  # type: ignore[arg-type, call-overload]  # JSON


def test_every_field_that_needs_judgement_teaches_its_definition() -> None:
    """All fields carry a description, but for two whose values say what they mean: kinds of speakers, positions."""
    definitions = strict_schema(Reading)["$defs"]
    bare = [
        f"{name}.{field}"
        for name, part in definitions.items()
        for field, value in part["properties"].items()
        if "description" not in value
    ]
    assert bare == ["SpeakerRead.kind", "StanceRead.position"]


@pytest.mark.parametrize(
    "broken",
    [
        {"claims": [claim("x") | {"kind": "guess"}]},
        {"claims": [claim("x") | {"extra": 1}]},
        {"claims": [{k: v for k, v in claim("x").items() if k != "cue"}]},
        {"stances": "none"},
    ],
)
def test_a_reading_rejects_what_the_schema_does_not_allow(broken: dict[str, object]) -> None:
    """Unknown values, extra fields, missing fields and wrong types are invalid, in pydantic and in the JSON Schema
    alike.
    """
    whole = readings.empty().model_dump(mode="json") | broken
    with pytest.raises(ValueError, match="validation error"):
        Reading.model_validate(whole)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, strict_schema(Reading))
