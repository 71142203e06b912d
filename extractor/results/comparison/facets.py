"""What is compared on an item: its fields in words, with sources by name instead of the ids of one record.

Sources count as the same by the evaluation's rule ("Putin" and "Vladimir Putin"), everything else only where it is
equal: a comparison is to show every change of wording, and the summary tells which fields change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.results.evaluation.items import Item
from extractor.schema.record import Claim, Commitment, Layer, Record, Speaker, Stance, When
from extractor.text.names import Source, same_source

LayerName = Literal["speakers", "claims", "stances", "commitments"]
LAYERS: tuple[LayerName, ...] = ("speakers", "claims", "stances", "commitments")
FIELDS: Mapping[LayerName, tuple[str, ...]] = {
    "speakers": ("name", "kind", "role", "affiliation"),
    "claims": ("speaker", "via", "kind", "delivery", "statement", "cue", "quote"),
    "stances": ("speaker", "position", "target", "quote"),
    "commitments": ("speaker", "actors", "firmness", "when", "expression", "condition", "action", "quote"),
}
NOBODY = "–"

Value = str | tuple[Source, ...]


@dataclass(frozen=True)
class Facets:
    """An item of one run: who says it, its text (statement, target, action, name), its passage, and all of FIELDS."""

    id: str
    text: str
    speaker: Source | None
    quote: str | None
    span: tuple[int, int] | None
    values: Mapping[str, Value]

    def as_item(self) -> Item:
        """What the evaluation's pairing asks of an item: its place, its words and its source."""
        assert self.span is not None, "speakers have no passage"
        assert self.quote is not None
        return Item((self.span,), self.quote, self.text, self.speaker)

    def as_source(self) -> Source:
        """A speaker as the evaluation's pairing takes it."""
        return Source(self.text, str(self.values["kind"]))


def facets(record: Record) -> dict[LayerName, list[Facets]]:
    """All items of a record in an order that depends on their content alone."""
    sources = {speaker.id: Source(speaker.name, speaker.kind) for speaker in record.speakers}
    found: dict[LayerName, list[Facets]] = {
        "speakers": [_speaker(speaker) for speaker in record.speakers],
        "claims": [_item(item, sources) for item in record.claims],
        "stances": [_item(item, sources) for item in record.stances],
        "commitments": [_item(item, sources) for item in record.commitments],
    }
    for layer in found.values():
        layer.sort(key=lambda each: (each.span or (0, 0), each.text, shown_all(each)))
    return found


def same(one: Value, other: Value) -> bool:
    """Whether two values of a field are the same."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return len(one) == len(other) and all(map(same_source, one, other))


def shown(value: Value) -> str:
    """A value in words."""
    if isinstance(value, str):
        return value or NOBODY
    return " > ".join(source.name for source in value) or NOBODY


def shown_all(item: Facets) -> tuple[str, ...]:
    return tuple(shown(value) for value in item.values.values())


def is_item_layer(layer: LayerName) -> Layer | None:
    """The layer as the record names it; None for speakers."""
    return None if layer == "speakers" else layer


def _speaker(speaker: Speaker) -> Facets:
    values: dict[str, Value] = {
        "name": speaker.name,
        "kind": speaker.kind,
        "role": speaker.role or "",
        "affiliation": speaker.affiliation or "",
    }
    return Facets(speaker.id, speaker.name, None, None, None, values)


def _item(item: Claim | Stance | Commitment, sources: Mapping[str, Source]) -> Facets:
    speaker = _sources([item.speaker] if item.speaker else [], sources)
    values: dict[str, Value] = {"speaker": speaker, "quote": item.quote.exact}
    match item:
        case Claim():
            text = item.statement
            values |= {
                "via": _sources(item.via, sources),
                "kind": item.kind,
                "delivery": item.delivery,
                "statement": text,
                "cue": item.cue or "",
            }
        case Stance():
            text = item.target
            values |= {"position": item.position, "target": text}
        case Commitment():
            text = item.action
            values |= {
                "actors": ", ".join(item.actors),
                "firmness": item.firmness,
                "when": _days(item.when),
                "expression": item.when.expression if item.when else "",
                "condition": item.condition or "",
                "action": text,
            }
    span = (item.quote.start, item.quote.end)
    return Facets(item.id, text, speaker[0] if speaker else None, item.quote.exact, span, values)


def _sources(references: Sequence[str], sources: Mapping[str, Source]) -> tuple[Source, ...]:
    return tuple(sources.get(reference, Source(reference, "unnamed")) for reference in references)


def _days(when: When | None) -> str:
    if when is None or (when.earliest is None and when.latest is None):
        return ""
    return f"{when.earliest or '…'} to {when.latest or '…'}"
