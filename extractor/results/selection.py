"""Which items of a record are wanted: by speaker, actor, layer, kind, firmness, position, and the day something is due.

A condition that a layer knows nothing of leaves that layer out: who asks for firmness asks for commitments.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields

from extractor.schema.record import Claim, Commitment, Item, Record, Speaker, Stance


@dataclass(frozen=True)
class Selection:
    """What an item must fulfil, all of it; an empty field asks for nothing.

    `speakers` are parts of a name or affiliation of whoever says or relays it, `actors` parts of the name of one who is
    to act; case and accents do not count. `due_after` and `due_before` concern the last day that a commitment can mean:
    it lies after, or before, the day given. A commitment with an open end ("from 2026") may always be due later, so it
    is due after any day and before none; one without any day is neither.
    """

    layers: Collection[str] = ()
    speakers: Collection[str] = ()
    actors: Collection[str] = ()
    kinds: Collection[str] = ()
    positions: Collection[str] = ()
    firmness: Collection[str] = ()
    due_after: dt.date | None = None
    due_before: dt.date | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def select(records: Iterable[Record], wanted: Selection) -> Iterator[Record]:
    """The records with the wanted items alone, and their speakers and checks; those with none are left out.

    With an empty selection, the records as they are.
    """
    for record in records:
        if not wanted:
            yield record
            continue
        narrowed = _narrow(record, wanted)
        if narrowed is not None:
            yield narrowed


def _narrow(record: Record, wanted: Selection) -> Record | None:
    speakers = {speaker.id: speaker for speaker in record.speakers}
    claims = [item for item in record.claims if _matches(item, wanted, speakers)]
    stances = [item for item in record.stances if _matches(item, wanted, speakers)]
    commitments = [item for item in record.commitments if _matches(item, wanted, speakers)]
    kept: list[Item] = [*claims, *stances, *commitments]
    if not kept:
        return None
    named = {reference for item in kept for reference in _references(item)}
    ids = {item.id for item in kept}
    return record.model_copy(
        update={
            "speakers": [speaker for speaker in record.speakers if speaker.id in named],
            "claims": claims,
            "stances": stances,
            "commitments": commitments,
            "unplaced": [],
            "checks": [check for check in record.checks if check.item in ids],
        }
    )


def _matches(item: Item, wanted: Selection, speakers: dict[str, Speaker]) -> bool:
    match item:
        case Claim():
            fits = not (wanted.positions or wanted.firmness or wanted.actors or wanted.due_after or wanted.due_before)
            fits = fits and _among(item.kind, wanted.kinds) and _among("claims", wanted.layers)
        case Stance():
            fits = not (wanted.kinds or wanted.firmness or wanted.actors or wanted.due_after or wanted.due_before)
            fits = fits and _among(item.position, wanted.positions) and _among("stances", wanted.layers)
        case Commitment():
            fits = not (wanted.kinds or wanted.positions) and _among("commitments", wanted.layers)
            fits = fits and _among(item.firmness, wanted.firmness) and _due(item, wanted) and _acts(item, wanted.actors)
    return fits and (not wanted.speakers or any(_said_by(item, part, speakers) for part in wanted.speakers))


def _among(value: str, allowed: Collection[str]) -> bool:
    return not allowed or value in allowed


def _references(item: Item) -> list[str]:
    via = item.via if isinstance(item, Claim) else []
    return [*via, item.speaker] if item.speaker else via


def _said_by(item: Item, part: str, speakers: dict[str, Speaker]) -> bool:
    sources = [speakers[reference] for reference in _references(item) if reference in speakers]
    return any(fold(part) in fold(name) for each in sources for name in (each.name, each.affiliation or ""))


def _acts(item: Commitment, parts: Collection[str]) -> bool:
    return not parts or any(fold(part) in fold(actor) for part in parts for actor in item.actors)


def _due(item: Commitment, wanted: Selection) -> bool:
    if wanted.due_after is None and wanted.due_before is None:
        return True
    when = item.when
    if when is None or (when.earliest is None and when.latest is None):
        return False
    after = wanted.due_after is None or when.latest is None or when.latest > wanted.due_after
    before = wanted.due_before is None or (when.latest is not None and when.latest < wanted.due_before)
    return after and before


def fold(text: str) -> str:
    """The text without case and accents, each run of white space as one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
