"""An item as a decision stores it, and when two items say the same.

Ids of speakers ("s1") count the speakers of one record and may differ in the next run, so a stored item has their
names instead. Otherwise it is an item as in a record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from extractor.schema.ids import item_id, short_hash, text_of
from extractor.schema.record import Claim, Commitment, Item, Layer, Record, Stance

MODELS: dict[Layer, type[Claim] | type[Stance] | type[Commitment]] = {
    "claims": Claim,
    "stances": Stance,
    "commitments": Commitment,
}
LAYERS: tuple[Layer, ...] = ("claims", "stances", "commitments")
_LABELS = {"claims": "kind", "stances": "position", "commitments": "firmness"}


def layer_of(item: Item) -> Layer:
    return next(layer for layer, model in MODELS.items() if isinstance(item, model))


def label_of(item: Item) -> str:
    """Its kind, position or firmness."""
    return str(getattr(item, _LABELS[layer_of(item)]))


def names_of(record: Record) -> dict[str, str]:
    return {speaker.id: speaker.name for speaker in record.speakers}


def with_names(item: Item, names: Mapping[str, str]) -> Item:
    """The item with names for the ids of speakers. A reference to nobody listed stays as it is."""
    return _with_speakers(item, names)


def with_ids(item: Item, ids: Mapping[str, str]) -> Item:
    """The opposite: ids for names."""
    return _with_speakers(item, ids)


def _with_speakers(item: Item, table: Mapping[str, str]) -> Item:
    update: dict[str, Any] = {} if item.speaker is None else {"speaker": table.get(item.speaker, item.speaker)}
    if isinstance(item, Claim):
        update["via"] = [table.get(relay, relay) for relay in item.via]
    return item.model_copy(update=update)


def stored(item: Item) -> dict[str, Any]:
    """As it stands in a decision."""
    return item.model_dump(mode="json")


def restored(layer: Layer, content: Mapping[str, Any]) -> Item:
    """From a decision. Raises pydantic.ValidationError where it is no such item."""
    return MODELS[layer].model_validate(content)


def digest(content: Mapping[str, Any] | None) -> str:
    """Equal for two stored items that say the same of the same words: id and offsets do not matter, nor how the quote
    was found.
    """
    if content is None:
        return ""
    told = {name: value for name, value in content.items() if name != "id"}
    if isinstance(quote := told.get("quote"), Mapping):
        told["quote"] = quote.get("exact")
    if isinstance(when := told.get("when"), Mapping):
        told["when"] = [when.get(name) for name in ("expression", "edtf", "earliest", "latest")]
    return short_hash(json.dumps(told, sort_keys=True, ensure_ascii=False))


def new_id(article: str, item: Item, taken: Mapping[str, str]) -> str:
    """The id that a run would give to this item (with names), so that it is the same item if a later run finds it.

    `taken` has the text of each item of the layer by its id: a second item on the same words of the same speaker adds
    its text, as in a run.
    """
    made_of, text = (article, layer_of(item), item.speaker or "", item.quote.exact), text_of(item)
    plain = item_id(*made_of)
    return plain if taken.get(plain, text) == text else item_id(*made_of, text)
