"""Label Studio: tasks out, annotators' work back in."""

from __future__ import annotations

import datetime as dt
import json
import typing
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from extractor.errors import ConfigurationError, UnreadableInput
from extractor.results.evaluation import GoldArticle, evaluate
from extractor.results.evaluation.gold import gold_line
from extractor.results.exports.labelstudio import read_tasks, to_record
from extractor.results.exports.labelstudio.controls import interface
from extractor.results.exports.labelstudio.tasks import task
from extractor.schema.reading import ClaimKind
from extractor.schema.record import Record
from tests.support.records import TEXT, port


def annotated(of: Record, change: Any = None) -> dict[str, Any]:
    """The task of a record as Label Studio exports it after an annotator accepted the prediction, or changed it."""
    exported = json.loads(json.dumps(task(of)))
    result = exported["predictions"][0]["result"]
    for part in result:
        part["origin"] = "manual"
    if change is not None:
        result = change(result)
    first = {"id": 1, "result": [], "was_cancelled": False, "updated_at": "2025-01-01T00:00:00Z"}
    cancelled = {"id": 3, "result": [], "was_cancelled": True, "updated_at": "2025-01-03T00:00:00Z"}
    last = {"id": 2, "result": result, "was_cancelled": False, "updated_at": "2025-01-02T00:00:00Z"}
    return {"id": 7, **exported, "predictions": [], "annotations": [first, last, cancelled]}


def read_back(exported: dict[str, Any]) -> Record:
    found = to_record(exported)
    assert found is not None
    return found


def set_field(id: str, name: str, *values: str) -> Any:
    """An annotator's change of one field of one region."""

    def change(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for part in result:
            if part["id"] == id and part["from_name"] == name:
                part["value"]["choices" if part["type"] == "choices" else "text"] = list(values)
        return result

    return change


def test_the_interface_has_every_control_and_choice() -> None:
    """Results name controls of the interface, of the right type, with values that it offers."""
    root = ET.fromstring(interface())
    controls = {each.get("name"): each for each in root.iter() if each.get("toName")}
    assert all(each.get("toName") == "text" for each in controls.values())
    types = {"labels": "Labels", "choices": "Choices", "textarea": "TextArea"}
    (prediction,) = task(port())["predictions"]
    for part in prediction["result"]:
        control = controls[part["from_name"]]
        assert control.tag == types[part["type"]]
        offered = {each.get("value") for each in control}
        assert set(part["value"].get(part["type"], [])) <= offered
    assert {each.get("value") for each in controls["kind"]} == set(typing.get_args(ClaimKind))


def test_tasks_have_the_shape_that_label_studio_documents() -> None:
    """data and predictions; each result has id, from_name, to_name, type and value; regions have their offsets."""
    only = task(port())
    result = {
        "type": "object",
        "required": ["id", "from_name", "to_name", "type", "value"],
        "properties": {
            "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
            "to_name": {"const": "text"},
            "type": {"enum": ["labels", "choices", "textarea"]},
            "value": {"type": "object"},
        },
    }
    shape = {
        "type": "object",
        "required": ["data", "predictions"],
        "properties": {
            "data": {"type": "object", "required": ["text", "title"]},
            "predictions": {
                "items": {"required": ["model_version", "result"], "properties": {"result": {"items": result}}}
            },
        },
    }
    jsonschema.Draft202012Validator(shape).validate(only)
    regions = [part for part in only["predictions"][0]["result"] if part["type"] == "labels"]
    assert len(regions) == 7
    assert all(TEXT[part["value"]["start"] : part["value"]["end"]] == part["value"]["text"] for part in regions)


def test_label_studios_own_sdk_accepts_interface_and_predictions() -> None:
    """Where its SDK is installed, it validates what is exported."""
    sdk = pytest.importorskip("label_studio_sdk.label_interface", reason="label-studio-sdk is not installed")
    found = sdk.LabelInterface(interface().decode())
    assert found.validate_prediction(task(port())["predictions"][0], return_errors=True) == []


def test_what_an_annotator_leaves_alone_comes_back_unchanged() -> None:
    """Export and import give the record itself; only who made it is another."""
    full = port(
        speakers=[{"id": "s1", "name": "Ann | Lee", "role": "Mayor", "affiliation": None, "kind": "person"}],
        unplaced=[{"layer": "claims", "item": {"quote": "x"}, "reason": "not found"}],
        checks=[{"code": "uncovered_plan", "item": "m2", "message": "m"}],
    )
    found = read_back(annotated(full))
    assert found.run.model == "label-studio"
    assert found.model_copy(update={"run": full.run}) == full


def test_corrections_come_back() -> None:
    """A changed choice, text, actor or date changes that field, and the item keeps its id."""
    kind = read_back(annotated(port(), set_field("c1", "kind", "opinion"))).claims[0]
    assert kind == port().claims[0].model_copy(update={"kind": "opinion"})
    actors = read_back(annotated(port(), set_field("m1", "actors", "Bo", " Cy "))).commitments[0]
    assert (actors.id, actors.actors) == ("m1", ["Bo", "Cy"])
    days = read_back(annotated(port(), set_field("m2", "latest", "2029-12-31"))).commitments[2].when
    assert days is not None
    assert (days.edtf, days.earliest, days.latest, days.basis) == (
        "../2029-12-31",
        None,
        dt.date(2029, 12, 31),
        "model",
    )
    speaker = read_back(annotated(port(), set_field("c1", "speaker", "Cy Ott")))
    assert speaker.speakers[2].model_dump() == {
        "id": "s3",
        "name": "Cy Ott",
        "role": None,
        "affiliation": None,
        "kind": "unnamed",
    }
    assert speaker.claims[0].speaker == "s3"


def test_a_deleted_region_is_gone_and_a_new_one_is_an_item() -> None:
    """What the annotator removed does not come back, with its checks; what was added has its quote placed."""
    place = {"start": TEXT.index("if the council"), "end": TEXT.index(" agrees. ") + 7}
    new = [
        {
            "id": "new",
            "from_name": "layer",
            "to_name": "text",
            "type": "labels",
            "value": place | {"labels": ["stance"]},
        },
        {
            "id": "new",
            "from_name": "target",
            "to_name": "text",
            "type": "textarea",
            "value": place | {"text": ["the pier"]},
        },
        {
            "id": "new",
            "from_name": "position",
            "to_name": "text",
            "type": "choices",
            "value": place | {"choices": ["mixed"]},
        },
        {
            "id": "new",
            "from_name": "speaker",
            "to_name": "text",
            "type": "textarea",
            "value": place | {"text": ["bo dahl"]},
        },
    ]
    checked = port(checks=[{"code": "cue_not_found", "item": "c1", "message": "m"}])
    found = read_back(annotated(checked, lambda result: [part for part in result if part["id"] != "c1"] + new))
    assert [each.id for each in found.claims] == ["c2"]
    assert found.checks == []
    added = found.stances[0]
    assert (added.speaker, added.target, added.position) == ("s2", "the pier", "mixed")
    assert added.quote.exact == "if the council agrees"
    assert read_back(annotated(checked, lambda result: result + new)).stances[0].id == added.id


def test_offsets_in_utf16_units_are_understood() -> None:
    """Older versions of Label Studio count an emoji as two; the text of the region tells which is meant."""

    def shifted(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for part in result:
            if "start" in part["value"]:
                part["value"] |= {"start": part["value"]["start"] + 1, "end": part["value"]["end"] + 1}
        return result

    assert read_back(annotated(port(), shifted)).claims == port().claims


def test_what_does_not_fit_is_kept_with_its_reason() -> None:
    """A day that is none or an item without its text is no item, and is not dropped in silence."""
    bad_day = read_back(annotated(port(), set_field("m1", "earliest", "next spring")))
    assert [each.id for each in bad_day.commitments] == ["m4", "m2", "m3"]
    assert bad_day.unplaced[0].reason == "Invalid isoformat string: 'next spring'"
    assert bad_day.unplaced[0].item["quote"] == "The new pier will open in March 2026"
    no_speaker = read_back(annotated(port(), set_field("c1", "speaker")))
    assert no_speaker.unplaced[0].reason == "speaker: Input should be a valid string"


def test_a_task_made_by_other_means_becomes_a_record() -> None:
    """A project of one's own texts needs the interface alone; dates are resolved by code."""
    made = annotated(port())
    made["data"] = {"text": TEXT, "id": "own", "published": "2025-05-02"}
    found = read_back(made)
    assert (found.article.id, found.run.prompt) == ("own", "none")
    assert [len(layer) for layer in (found.claims, found.stances, found.commitments)] == [2, 1, 4]
    pier = found.commitments[0].when
    assert pier is not None
    assert (pier.edtf, pier.basis) == ("2026-03", "resolved")


def test_a_task_without_annotation_is_nothing_but_for_predictions() -> None:
    """Nobody's work is no record; with `predictions`, the prediction is one."""
    exported = json.loads(json.dumps(task(port())))
    assert to_record(exported) is None
    predicted = to_record(exported, predictions=True)
    assert predicted is not None
    assert predicted.commitments == port().commitments


@pytest.mark.parametrize(
    "broken",
    [
        {"data": {}},
        {"data": {"text": 5}},
        {"data": {"text": "x", "record": {"article": {}}}},
        {"data": {"text": "x"}, "annotations": [{"result": [{"from_name": "speakers", "value": {"text": ["Ann"]}}]}]},
        {
            "data": {"text": "x"},
            "annotations": [{"result": [{"from_name": "layer", "value": {"start": "a", "end": 1}}]}],
        },
    ],
)
def test_a_task_of_another_project_is_told(broken: dict[str, Any]) -> None:
    """It is an error of its own kind with a remedy, so that the other tasks go on."""
    with pytest.raises(UnreadableInput) as error:
        to_record({"annotations": [{"result": []}]} | broken)
    assert error.value.hint


@pytest.mark.parametrize("content", ["{}", "nothing", "[1]"])
def test_a_file_that_is_no_export_is_told(content: str, tmp_path: Path) -> None:
    """JSON-MIN, CSV or anything else is refused with the remedy."""
    path = tmp_path / "export.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_tasks(path)
    assert "JSON-MIN" in error.value.hint


def test_gold_from_annotations_is_taken_by_the_evaluation() -> None:
    """A gold line is a gold article, and the record that it came from scores 1 against it."""
    article = GoldArticle.model_validate_json(gold_line(port()))
    report = evaluate([port()], [article], bootstrap=0)
    for layer in ("speakers", "claims", "stances", "commitments"):
        assert report.scores[f"{layer}.f1"].value == 1.0
    assert report.scores["commitments.when"].value == 1.0
