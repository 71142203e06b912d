"""What the page is told: rows, entries and articles as JSON. Offsets are code points, as in a record."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from extractor.results.review.board import Order, Row, Show, place
from extractor.results.review.contents import stored
from extractor.results.review.decisions import Decision
from extractor.results.review.desk import Desk
from extractor.results.review.standing import Key, outcome
from extractor.schema.record import Item, Layer

_BEFORE, _AFTER = 3, 12  # rows around the current one


def overview(desk: Desk) -> dict[str, Any]:
    """What changes with every decision."""
    return {
        "revision": desk.revision,
        "progress": desk.progress(),
        "troubles": desk.log.troubles,
        "outdated": desk.shelf.outdated(),
    }


def queue(desk: Desk, order: Order, show: Show, layer: Layer | None, around: Key | None) -> dict[str, Any]:
    """The rows around an entry. `at` is the place of the entry among the rows given, or where it would stand; `listed`
    tells which of the two.
    """
    rows = desk.rows(order, show, layer)
    index, listed = 0, False
    if around is not None:
        try:
            own = desk.row(around)
        except KeyError:
            around = None
        else:
            index = bisect_left(rows, place(own, order), key=lambda other: place(other, order))
            listed = index < len(rows) and rows[index].entry.key == own.entry.key
    if around is None:
        listed = bool(rows)
    first = max(0, index - _BEFORE)
    window = [row_of(row) for row in rows[first : index + _AFTER + 1]]
    return {
        "rows": window,
        "at": index - first,
        "listed": listed,
        "position": index,
        "total": len(rows),
        **overview(desk),
    }


def row_of(row: Row) -> dict[str, Any]:
    entry, state = row.entry, row.state
    return {
        "article": entry.article,
        "item": entry.item,
        "kind": entry.kind,
        "layer": entry.layer,
        "label": entry.label,
        "text": entry.text,
        "doubts": [code for code, _ in (*entry.doubts, *state.doubts)],
        "mine": state.mine,
        "others": state.others,
    }


def entry(desk: Desk, key: Key) -> dict[str, Any]:
    """Everything about one entry. Raises KeyError."""
    row, content, current = desk.row(key), desk.content(key), desk.current(key)
    holding = desk.verdicts(key)
    doubts = [{"code": code, "message": message} for code, message in (*row.entry.doubts, *row.state.doubts)]
    return {
        **row_of(row),
        "doubts": doubts,
        "before": content,
        "now": None if current is None else _item(current),
        "history": [
            _told(decision, holding.get(decision.who), row.entry.digest) for decision in desk.standing.history(key)
        ],
    }


def _told(decision: Decision, holding: Decision | None, digest: str) -> dict[str, Any]:
    holds = holding is not None and holding.id == decision.id
    return {
        "who": decision.who,
        "when": decision.when.isoformat(),
        "what": outcome(decision, digest) if holds and decision.what == "correct" else decision.what,
        "after": decision.after,
        "comment": decision.comment,
        "holds": holds,
    }


def _item(item: Item) -> dict[str, Any]:
    return stored(item)


def article(desk: Desk, id_: str) -> dict[str, Any]:
    """The article's text, its sources, and where its entries stand. Raises KeyError."""
    record = desk.shelf.record(id_)
    head = record.article.model_dump(mode="json", include={"id", "title", "published", "source", "language", "text"})
    passages = []
    for row in desk.article_rows(id_):
        start, end = row.entry.start, row.entry.end
        if row.state.mine == "correct" and (item := desk.current(row.entry.key)) is not None:
            start, end = item.quote.start, item.quote.end
        if start < end:
            passages.append({**row_of(row), "start": start, "end": end})
    return {
        **head,
        "model": record.run.model,
        "notes": [check.message for check in record.checks if check.item is None and check.span is None],
        "speakers": [
            {"name": source.name, "id": source.id, "now": source.now.model_dump()}
            for source in desk.sources(id_).values()
        ],
        "passages": passages,
    }
