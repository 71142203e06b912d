"""An annotator's work on one task as a record.

Each annotated region becomes an item. Where the task was made of a record, a region that the annotator left alone comes
back unchanged. What does not fit the schema (a claim without a statement, a day that is none) is kept under `unplaced`
with its reason.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from extractor.errors import UnreadableInput
from extractor.results.exports.common import uuid_of
from extractor.results.exports.labelstudio.controls import CONTROLS, LABELS, LAYER, SPEAKERS, TEXT
from extractor.results.exports.labelstudio.tasks import shown_names, speaker_line, values
from extractor.schema.reading import WhenRead
from extractor.schema.record import (
    Claim,
    Commitment,
    Item,
    Layer,
    Quote,
    Record,
    Speaker,
    Stance,
    Unplaced,
    When,
    items,
)
from extractor.text.grounding import GroundedText, NotPlaced, Placed
from extractor.text.planned_dates import date_commitment

MODEL = "label-studio"  # what the record says that it was made by

_Json = dict[str, Any]
_LAYERS: dict[str, Layer] = {label: layer for layer, label in LABELS.items()}
_TYPES: dict[Layer, type[Claim] | type[Stance] | type[Commitment]] = {
    "claims": Claim,
    "stances": Stance,
    "commitments": Commitment,
}


class Annotated:
    """The record of a task in the making."""

    def __init__(self, base: Record, result: Sequence[_Json]) -> None:
        self.base = base
        self.text = base.article.text
        self.grounded = GroundedText(self.text)
        self.regions = _regions(result)
        self.speakers = {speaker.id: speaker for speaker in self._listed(result)}
        self.unplaced: list[Unplaced] = list(base.unplaced)

    def record(self) -> Record:
        known = {item.id: item for item in items(self.base)}
        layers: dict[str, list[Item]] = {layer: [] for layer in _TYPES}
        for id_, region in self.regions.items():
            layer = _LAYERS.get(region.get(LAYER, ""))
            if layer is None:
                continue
            old = known.get(id_)
            item = self._item(id_, layer, region, old if isinstance(old, _TYPES[layer]) else None)
            if item is not None:
                layers[layer].append(item)
        kept = {item.id for found in layers.values() for item in found}
        for found in layers.values():
            found.sort(key=lambda item: (item.quote.start, item.quote.end, item.id))
        return self.base.model_copy(
            update={
                **layers,
                "speakers": list(self.speakers.values()),
                "unplaced": self.unplaced,
                "checks": [check for check in self.base.checks if check.item is None or check.item in kept],
                "run": self.base.run.model_copy(update={"model": MODEL}),
            }
        )

    def _listed(self, result: Sequence[_Json]) -> Iterator[Speaker]:
        """The speakers as the annotator left the list of them; the record's own where there is no list."""
        lists = [part["value"].get(TEXT) or [] for part in result if part.get("from_name") == SPEAKERS]
        if not lists:
            yield from self.base.speakers
            return
        unchanged = {speaker_line(speaker): speaker for speaker in self.base.speakers}
        for line in lists[-1]:
            if line in unchanged:
                yield unchanged[line]
                continue
            id_, kind, name, role, affiliation = [*(part.strip() for part in line.split("|")), *[""] * 5][:5]
            fields = {"kind": kind, "name": name, "role": role or None, "affiliation": affiliation or None}
            try:
                yield Speaker.model_validate({"id": id_, **fields})
            except ValidationError:
                message = f"article {self.base.article.id}: {line!r} is no speaker"
                hint = "A line of speakers is: id | kind | name | role | affiliation."
                raise UnreadableInput(message, hint=hint) from None

    def _item(self, id_: str, layer: Layer, region: _Json, old: Item | None) -> Item | None:
        quote = self._quote(region, old)
        shown = {name: region[name] for control in CONTROLS if (name := control.name) in region}
        if isinstance(quote, str):
            self._keep(layer, region, quote)
            return None
        if old is not None and quote == old.quote and shown == values(old, shown_names(self.base.speakers)):
            return old
        if old is None:
            id_ = uuid_of(self.base.article.id, layer, quote.exact, str(quote.start), json.dumps(shown)).hex[:12]
        try:
            return _TYPES[layer].model_validate({"id": id_, "quote": quote, **self._fields(layer, shown, old, quote)})
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self._keep(layer, region, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
        except ValueError as error:
            self._keep(layer, region, str(error))
        return None

    def _keep(self, layer: Layer, region: _Json, reason: str) -> None:
        item = {name: value for name, value in region.items() if name != LAYER} | {"quote": region.get("quote") or ""}
        self.unplaced.append(Unplaced(layer=layer, item=item, reason=reason))

    def _quote(self, region: _Json, old: Item | None) -> Quote | str:
        """The passage of a region, or why there is none."""
        span = (region["start"], region["end"])
        if old is not None and span == (old.quote.start, old.quote.end):
            return old.quote
        exact = region["quote"]
        for start, end in (span, _from_utf16(self.text, span)):
            # Label Studio's Text tag counts code points; older versions counted UTF-16 units.
            if 0 <= start < end <= len(self.text) and exact in (None, self.text[start:end]):
                return self.grounded.quote(Placed(start, end, "exact", 100.0))
        placed = self.grounded.place(exact or "", near=span[0])
        return placed.reason if isinstance(placed, NotPlaced) else self.grounded.quote(placed)

    def _fields(self, layer: Layer, shown: _Json, old: Item | None, quote: Quote) -> _Json:
        fields: _Json = {name: lines[0].strip() for name, lines in shown.items() if lines}
        for name in ("cue", "condition"):
            fields.setdefault(name, None)
        fields["speaker"] = self._speaker(fields.get("speaker"))
        match layer:
            case "claims":
                fields["via"] = [self._speaker(name) for name in shown.get("via", ())]
                wanted = set(Claim.model_fields)
            case "stances":
                wanted = set(Stance.model_fields)
            case "commitments":
                fields["actors"] = [name.strip() for name in shown.get("actors", ()) if name.strip()]
                fields["when"] = self._when(fields, old if isinstance(old, Commitment) else None, quote)
                wanted = set(Commitment.model_fields)
        return {name: value for name, value in fields.items() if name in wanted}

    def _speaker(self, shown: str | None) -> str | None:
        """The id of the speaker whom a field names; somebody new is added under that name."""
        if not shown:
            return None
        if shown in self.speakers:
            return shown
        for speaker in (*self.speakers.values(), *self.base.speakers):  # the record's own: one may be renamed since
            if speaker.name.casefold() == shown.casefold() and speaker.id in self.speakers:
                return speaker.id
        number = next(n for n in range(1, len(self.speakers) + 2) if f"s{n}" not in self.speakers)
        new = Speaker(id=f"s{number}", name=shown, role=None, affiliation=None, kind="unnamed")
        self.speakers[new.id] = new
        return new.id

    def _when(self, fields: _Json, old: Commitment | None, quote: Quote) -> When | None:
        """The annotator's days, marked as resolved where code comes to the same."""
        expression = fields.get("expression")
        earliest, latest = (_day(fields.get(name)) for name in ("earliest", "latest"))
        if not expression:
            if earliest or latest:
                raise ValueError("a date needs the words that give it (expression)")
            return None
        before = old.when if old else None
        if before and (before.expression, before.earliest, before.latest) == (expression, earliest, latest):
            return before
        edtf = str(earliest) if earliest == latest else f"{earliest or '..'}/{latest or '..'}"
        read = WhenRead(
            expression=expression, edtf=edtf if earliest or latest else None, earliest=earliest, latest=latest
        )
        dated = date_commitment(read, quote, self.grounded, self.base.article.published).when
        if dated is None or (dated.earliest, dated.latest) == (earliest, latest):
            return dated
        # Code reads the words otherwise; a person who has seen the article decides.
        return dated.model_copy(update={"basis": "model" if earliest or latest else "unresolved"} | _days_of(read))


def _days_of(read: WhenRead) -> _Json:
    return {"edtf": read.edtf, "earliest": read.earliest, "latest": read.latest}


def _regions(result: Sequence[_Json]) -> dict[str, _Json]:
    """The fields of each region by its id: its layer, its place, and what its controls say."""
    regions: dict[str, _Json] = {}
    for part in result:
        name, value = part.get("from_name"), part.get("value") or {}
        if name is None or name == SPEAKERS or "start" not in value:
            continue
        region = regions.setdefault(part["id"], {"start": int(value["start"]), "end": int(value["end"]), "quote": None})
        if name == LAYER:
            region[LAYER] = (value.get("labels") or [""])[0]
            region["quote"] = value.get(TEXT)
        else:
            region[name] = list(value.get("choices") or value.get(TEXT) or ())
    return regions


def _from_utf16(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Offsets in UTF-16 code units as code points."""
    units = text.encode("utf-16-le", "surrogatepass")
    start, end = (len(units[: 2 * offset].decode("utf-16-le", "ignore")) for offset in span)
    return start, end


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None
