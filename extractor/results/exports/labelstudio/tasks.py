"""Records as Label Studio tasks: the article's text, and the record's items as one prediction.

A task's data carries the record itself, so that what an annotator leaves alone comes back as it was. Offsets are code
points, as Label Studio counts them in a Text tag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.results.exports.common import title_of
from extractor.results.exports.interface import Note, Options, Piece
from extractor.results.exports.labelstudio.controls import CONTROLS, LABELS, LAYER, SPEAKERS, TEXT, interface
from extractor.schema.record import Claim, Commitment, Item, Layer, Record, Speaker, Stance, items

OPTIONS: frozenset[str] = frozenset()
TASKS, INTERFACE = "tasks.json", "interface.xml"

_Json = dict[str, Any]


def files(_: Options, /) -> tuple[str, ...]:
    return TASKS, INTERFACE


def render(records: Iterable[Record], _: Options, /) -> Iterator[Piece | Note]:
    yield Piece(INTERFACE, interface())
    yield Piece(TASKS, b"[")
    for number, record in enumerate(records):
        line = json.dumps(task(record), ensure_ascii=False)
        yield Piece(TASKS, f"{',' if number else ''}\n{line}".encode())
    yield Piece(TASKS, b"\n]\n")


def task(record: Record) -> _Json:
    """One record as a task in Label Studio's JSON format."""
    article, run = record.article, record.run
    data = {
        TEXT: article.text,
        "title": f"{title_of(article)} ({article.published or 'no date'})",
        "record": record.model_dump(mode="json", exclude={"article": {"text"}}),
    }
    result = [part for item in items(record) for part in _region(item, record)]
    if record.speakers:
        lines = [speaker_line(speaker) for speaker in record.speakers]
        result.append(
            {"id": SPEAKERS, "from_name": SPEAKERS, "to_name": TEXT, "type": "textarea", "value": {TEXT: lines}}
        )
    prediction = {"model_version": f"{run.model} {run.prompt}", "result": result}
    return {"data": data, "predictions": [prediction]}


def speaker_line(speaker: Speaker) -> str:
    """`id | kind | name | role | affiliation`, the last ones left out where there is none."""
    parts = [speaker.id, speaker.kind, speaker.name, speaker.role or "", speaker.affiliation or ""]
    return " | ".join(part.replace("|", "/") for part in parts).rstrip(" |")


def values(item: Item, names: dict[str, str]) -> dict[str, list[str]]:
    """What each control shows for an item. A speaker is shown by name where the name is one speaker's alone."""
    found: dict[str, Any] = {"speaker": item.speaker and names.get(item.speaker, item.speaker)}
    match item:
        case Claim():
            found |= item.model_dump(include={"statement", "kind", "delivery", "cue"})
            found["via"] = [names.get(relay, relay) for relay in item.via]
        case Stance():
            found |= item.model_dump(include={"target", "position"})
        case Commitment():
            found |= item.model_dump(include={"actors", "action", "firmness", "condition"})
            if item.when:
                found |= item.when.model_dump(mode="json", include={"expression", "earliest", "latest"})
    lists = {name: value if isinstance(value, list) else [value] for name, value in found.items() if value is not None}
    return {name: value for name, value in lists.items() if value}


def shown_names(speakers: Iterable[Speaker]) -> dict[str, str]:
    """How each speaker is shown in a field, by id: the name, or the id where two have the same name."""
    listed = list(speakers)
    names = [speaker.name for speaker in listed]
    return {speaker.id: speaker.name if names.count(speaker.name) == 1 else speaker.id for speaker in listed}


def layer_of(item: Item) -> Layer:
    match item:
        case Claim():
            return "claims"
        case Stance():
            return "stances"
        case Commitment():
            return "commitments"


def _region(item: Item, record: Record) -> Iterator[_Json]:
    """The results of one region: its label, then one for each field. They belong together by their id."""
    place = {"start": item.quote.start, "end": item.quote.end}
    base = {"id": item.id, "to_name": TEXT, "origin": "prediction"}
    label = {**place, TEXT: item.quote.exact, "labels": [LABELS[layer_of(item)]]}
    yield base | {"from_name": LAYER, "type": "labels", "value": label}
    shown = values(item, shown_names(record.speakers))
    for control in CONTROLS:
        if control.name in shown:
            key = TEXT if control.choices is None else "choices"
            value = {**place, key: shown[control.name]}
            yield base | {"from_name": control.name, "type": control.type, "value": value}
