"""The records as the decisions leave them, and the same as gold.

Rejected items are gone, corrected ones replaced, added ones in their place. What nobody decided about stays as it was.
Checks about what was decided are gone, since a person has settled them, and so are sources that no item names any
more. Ids stay. The same records and decisions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from extractor.results.review.contents import LAYERS, layer_of, restored, with_ids
from extractor.results.review.decisions import Decision
from extractor.results.review.queue import ArticleEntries, Entry, arrange, found
from extractor.results.review.speakers import Source, sources
from extractor.results.review.standing import Standing, outcome
from extractor.schema.record import Item, Record, Speaker
from extractor.text.grounding import GroundedText, NotPlaced, Placed


@dataclass
class Tally:
    """What came of the decisions, over all articles."""

    articles: int = 0
    complete: int = 0
    undecided: int = 0
    disputed: int = 0
    changed: int = 0
    vanished: int = 0
    misplaced: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: {"accept": 0, "correct": 0, "reject": 0, "add": 0})

    def lines(self) -> list[str]:
        """What a person should know, one sentence a line."""
        told = self.outcomes
        counts = f"{told['accept']:,} accepted, {told['correct']:,} corrected, {told['reject']:,} rejected"
        others = {
            "disputed": "decided differently by different reviewers; the last decision counts",
            "changed": "changed in the run since they were decided, and taken as the run has them: review them again",
            "vanished": "accepted before but not in this run, and left out: review them to keep them",
            "misplaced": "corrected, but their quotes are no longer in the article",
        }
        return [
            f"{counts}, {told['add']:,} added; {self.undecided:,} not decided, kept as they are.",
            *(f"{number:,} {words}." for name, words in others.items() if (number := getattr(self, name))),
        ]


@dataclass
class _Work:
    record: Record
    text: GroundedText
    ids: dict[str, str]
    layers: dict[str, list[Item]] = field(default_factory=lambda: {layer: [] for layer in LAYERS})
    settled: set[str] = field(default_factory=set)
    undecided: int = 0


@dataclass(frozen=True)
class Reviewed:
    """A record as the decisions leave it. `complete`: there was a decision about everything in it."""

    record: Record
    complete: bool


def apply(records: Iterable[Record], standing: Standing, tally: Tally, *, who: str | None = None) -> Iterator[Reviewed]:
    """The records one by one; `tally` counts along. With `who`, that person's decisions alone count; otherwise the last
    one that holds, by whomever.
    """
    for record in records:
        yield _apply(record, standing, tally, who)


def _apply(record: Record, standing: Standing, tally: Tally, who: str | None) -> Reviewed:
    known = sources(record, standing, who=who)
    work = _Work(record, GroundedText(record.article.text), _ids(record, known))
    entries = arrange(found(record), record.article.id, standing)
    originals = {item.id: item for layer in LAYERS for item in getattr(record, layer)}
    for entry, content in entries.entries:
        _settle(work, entry, content or {}, originals.get(entry.item), entries, standing, tally, who)
    tally.articles += 1
    tally.complete += work.undecided == 0
    tally.undecided += work.undecided
    return Reviewed(_record(work, known), work.undecided == 0)


def _settle(
    work: _Work,
    entry: Entry,
    content: dict[str, Any],
    original: Item | None,
    entries: ArticleEntries,
    standing: Standing,
    tally: Tally,
    who: str | None,
) -> None:
    """Puts what comes of one entry into the work."""
    decision = entries.settled(entry, standing, who)
    codes = {code for code, _ in entries.state(entry, standing, None).doubts}
    tally.disputed += "disputed" in codes
    tally.changed += "changed" in codes and decision is None
    if entry.kind == "vanished":
        tally.vanished += decision is None
        return
    if entry.kind == "added" and decision is None:
        return  # somebody else's addition
    verdict = outcome(decision, entry.digest) if decision is not None else None
    item = _outcome(work, entry, content, original, decision, verdict)
    if verdict == "correct" and item is None:
        tally.misplaced += 1
        verdict, item = None, original
    if verdict is None:
        work.undecided += 1
    else:
        work.settled.add(entry.item)
        tally.outcomes["add" if entry.kind == "added" and verdict != "reject" else verdict] += 1
    if item is not None:
        work.layers[layer_of(item)].append(item)


def _outcome(
    work: _Work,
    entry: Entry,
    content: dict[str, Any],
    original: Item | None,
    decision: Decision | None,
    verdict: str | None,
) -> Item | None:
    """The item that an entry leaves behind, or None."""
    if entry.layer is None or verdict == "reject":
        return None
    if verdict == "correct" and decision is not None:
        return _placed(work, entry, decision.after or {})
    if entry.kind == "added":
        return _placed(work, entry, content)
    return original


def _placed(work: _Work, entry: Entry, content: dict[str, Any]) -> Item | None:
    """A stored item with the ids of this record; its quote is looked for again if the text has changed since."""
    assert entry.layer is not None
    try:
        item = restored(entry.layer, content)
    except ValidationError:
        return None
    quote = item.quote
    if work.text.text[quote.start : quote.end] != quote.exact:
        placed = work.text.place(quote.exact, near=quote.start)
        if isinstance(placed, NotPlaced) or placed.match != "exact":
            return None
        item = item.model_copy(update={"quote": work.text.quote(Placed(placed.start, placed.end, quote.match, 100.0))})
    return with_ids(item, work.ids)


def _ids(record: Record, known: dict[str, Source]) -> dict[str, str]:
    """Ids of the sources by name; new ones continue the numbering."""
    ids = {source.name: source.id for source in known.values() if source.id is not None}
    taken = {speaker.id for speaker in record.speakers}
    number = len(record.speakers)
    for source in known.values():
        while source.id is None and source.name not in ids:
            number += 1
            if f"s{number}" not in taken:
                ids[source.name] = f"s{number}"
    return ids


def _record(work: _Work, known: dict[str, Source]) -> Record:
    record = work.record
    layers = {name: sorted(items, key=_position) for name, items in work.layers.items()}
    items = [item for layer in layers.values() for item in layer]
    named = {name for item in items for name in _named(item)}
    before = {name for layer in LAYERS for item in getattr(record, layer) for name in _named(item)}
    speakers = [
        Speaker(id=work.ids[name], **source.now.model_dump())
        for name, source in known.items()
        if (id_ := work.ids[name]) in named or (source.id is not None and id_ not in before)
    ]
    left = {item.id for item in items}
    content = {entry.item: raw for entry, raw in found(record)}
    unplaced = [u for u in record.unplaced if _key(content, u.model_dump(mode="json")) not in work.settled]
    gaps = {id_: raw for id_, raw in content.items() if id_ in work.settled and raw and "code" in raw}
    checks = [
        check
        for check in record.checks
        if (check.item is None or (check.item in left and check.item not in work.settled))
        and not any(raw["code"] == check.code and _span(raw) == check.span for raw in gaps.values())
    ]
    return record.model_copy(update={**layers, "speakers": speakers, "unplaced": unplaced, "checks": checks})


def _position(item: Item) -> tuple[int, int, str]:
    return item.quote.start, item.quote.end, item.id


def _named(item: Item) -> Iterator[str]:
    if item.speaker is not None:
        yield item.speaker
    yield from getattr(item, "via", ())


def _key(content: dict[str, dict[str, Any]], wanted: dict[str, Any]) -> str:
    return next((id_ for id_, raw in content.items() if raw == wanted), "")


def _span(gap: dict[str, Any]) -> tuple[int, int]:
    return gap["quote"]["start"], gap["quote"]["end"]
