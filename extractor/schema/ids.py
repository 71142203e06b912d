"""Ids of items: made of what they say, so that they are the same in every run."""

from __future__ import annotations

import hashlib

from extractor.schema.record import Claim, Commitment, Item, Layer, Stance

_LENGTH = 12


def short_hash(*parts: str) -> str:
    """Twelve hex digits of a SHA-256, the same in every run."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def item_id(article: str, layer: Layer, speaker: str, quote: str, *text: str) -> str:
    """The id of an item, by the name of its speaker and the words of its quote.

    Several items may rest on one passage (three visits in one sentence): the first has the id without a `text`, the
    others the one with their `text_of`.
    """
    return short_hash(article, layer, speaker, quote, *text)


def text_of(item: Item) -> str:
    """The statement of a claim, the target of a stance, the action of a commitment."""
    match item:
        case Claim():
            return item.statement
        case Stance():
            return item.target
        case Commitment():
            return item.action
