"""What there is to decide about, doubtful items first.

Entries are the items of a record, its quotes that could not be placed, the passages that a check says no item covers,
a record without any item, what reviewers added, and what they accepted and a later run no longer has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from extractor.results.review.contents import LAYERS, digest, label_of, names_of, restored, stored, with_names
from extractor.results.review.decisions import Decision
from extractor.results.review.standing import Key, Standing, holds, outcome, same_verdict
from extractor.schema.ids import short_hash, text_of
from extractor.schema.record import Check, Item, Layer, Record

Kind = Literal["item", "unplaced", "gap", "empty", "added", "vanished"]
Doubt = tuple[str, str]

_ROW_TEXT = 160  # characters of an item in a list
_COVERED = 0.5  # share of a passage that an added item must cover so that nobody needs to look there again
_FIRST = {"unplaced", "vanished", "changed", "disputed"}

_CHANGED = "The run says something else now than when it was decided."
_DISPUTED = "Reviewers disagree."
_VANISHED = "It was accepted before, and this run does not have it."


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to decide about. It stands at `start` to `end` in the text; `digest` tells whether it has changed.

    `doubts` are codes with a sentence each: codes of checks, and `fuzzy`, `date_by_model`, `unplaced`, `empty`.
    """

    kind: Kind
    article: str
    item: str
    layer: Layer | None
    start: int
    end: int
    label: str
    text: str
    digest: str
    doubts: tuple[Doubt, ...] = ()

    @property
    def key(self) -> Key:
        return self.article, self.item


@dataclass(frozen=True, slots=True)
class State:
    """What was decided about an entry: by one reviewer (None where still to do), and by the others."""

    mine: str | None
    others: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


def found(record: Record) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """The entries that a record gives by itself, each with its content as a decision stores it in `before`."""
    checks = _checks_by_item(record)
    names = names_of(record)
    none = True
    for layer in LAYERS:
        for item in getattr(record, layer):
            none = False
            yield _of_item("item", record.article.id, layer, with_names(item, names), _doubts(item, checks))
    for unplaced in record.unplaced:
        none = False
        content = unplaced.model_dump(mode="json")
        quote, reason = str(unplaced.item.get("quote", "")), unplaced.reason
        told = next((str(unplaced.item[n]) for n in ("statement", "target", "action") if unplaced.item.get(n)), quote)
        id_ = short_hash(record.article.id, "unplaced", digest(content))
        doubt = ("unplaced", f"{reason[:1].upper()}{reason[1:]}.")
        yield (
            Entry("unplaced", record.article.id, id_, unplaced.layer, 0, 0, "", _row(told), digest(content), (doubt,)),
            content,
        )
    for check in record.checks:
        if check.item is None and check.span is not None:
            none = False
            yield _of_gap(record, check, check.span)
    if none:
        content = {"empty": True}
        id_ = short_hash(record.article.id, "empty")
        doubt = ("empty", "The run found nothing in this article.")
        yield Entry("empty", record.article.id, id_, None, 0, 0, "", "", digest(content), (doubt,)), content


def _checks_by_item(record: Record) -> dict[str, list[Check]]:
    by_item: dict[str, list[Check]] = {}
    for check in record.checks:
        if check.item is not None:
            by_item.setdefault(check.item, []).append(check)
    return by_item


def _doubts(item: Item, checks: Mapping[str, Sequence[Check]]) -> tuple[Doubt, ...]:
    doubts: list[Doubt] = [(check.code, check.message) for check in checks.get(item.id, ())]
    if item.quote.match == "fuzzy":
        doubts.append(("fuzzy", "The model's quote differs from the article in a few characters."))
    when = getattr(item, "when", None)
    if when is not None and when.basis == "model":
        doubts.append(("date_by_model", f"Code cannot tell what days “{when.expression}” means; the model said them."))
    return tuple(doubts)


def _of_item(
    kind: Kind, article: str, layer: Layer, item: Item, doubts: tuple[Doubt, ...] = ()
) -> tuple[Entry, dict[str, Any]]:
    content = stored(item)
    quote, told = item.quote, _row(text_of(item))
    entry = Entry(kind, article, item.id, layer, quote.start, quote.end, label_of(item), told, digest(content), doubts)
    return entry, content


def _of_gap(record: Record, check: Check, span: tuple[int, int]) -> tuple[Entry, dict[str, Any]]:
    start, end = span
    passage = record.article.text[start:end]
    content = {"code": check.code, "quote": {"exact": passage, "start": start, "end": end}}
    id_ = short_hash(record.article.id, "gap", check.code, passage)
    doubts = ((check.code, check.message),)
    entry = Entry("gap", record.article.id, id_, None, start, end, "", _row(passage), digest(content), doubts)
    return entry, content


def _row(text: str) -> str:
    flat = " ".join(text[: 4 * _ROW_TEXT].split())
    return flat if len(flat) <= _ROW_TEXT else flat[: _ROW_TEXT - 1].rstrip() + "…"


@dataclass
class ArticleEntries:
    """The entries of one article with what reviewers made of them. `carried` has decisions about items that stand
    under another id now, by the digest of what they came to.
    """

    entries: list[tuple[Entry, dict[str, Any] | None]]
    carried: dict[str, dict[str, Decision]] = field(default_factory=dict)

    def state(self, entry: Entry, standing: Standing, who: str | None) -> State:
        """What was decided about an entry, as `who` sees it; with None, everybody is somebody else."""
        verdicts, stale = self.verdicts(entry, standing)
        others = {name: outcome(decision, entry.digest) for name, decision in verdicts.items() if name != who}
        mine = outcome(verdicts[who], entry.digest) if who in verdicts else None
        doubts: list[Doubt] = []
        if stale and (who is None or who in stale) and mine is None and entry.kind != "vanished":
            doubts.append(("changed", _CHANGED))
        decided = list(verdicts.values())
        if any(not same_verdict(decided[0], other, entry.digest) for other in decided[1:]):
            doubts.append(("disputed", _DISPUTED))
        return State(mine, others, tuple(doubts))

    def settled(self, entry: Entry, standing: Standing, who: str | None = None) -> Decision | None:
        """The decision that counts: the last one that holds, or the one of `who`."""
        verdicts, _ = self.verdicts(entry, standing)
        if who is not None:
            return verdicts.get(who)
        return next(reversed(verdicts.values()), None)

    def verdicts(self, entry: Entry, standing: Standing) -> tuple[dict[str, Decision], set[str]]:
        """Decisions that hold, by person, oldest first; and whose decision does not hold any more."""
        made = standing.verdicts(entry.key)
        if entry.kind == "vanished":
            return {who: decision for who, decision in made.items() if decision.what == "reject"}, set()
        holding = {who: decision for who, decision in made.items() if holds(decision, entry.digest)}
        return {**self.carried.get(entry.digest, {}), **holding}, made.keys() - holding.keys()


def arrange(static: Iterable[tuple[Entry, dict[str, Any] | None]], article: str, standing: Standing) -> ArticleEntries:
    """The entries of an article, its own and those that decisions give."""
    known = list(static)
    ids = {entry.item for entry, _ in known}
    digests = {entry.digest for entry, _ in known}
    result = ArticleEntries(known)
    for item in standing.items(article):
        if item in ids:
            continue
        verdicts = standing.verdicts((article, item))
        kind, content, layer = _told(standing.history((article, item)))
        if content is None or not verdicts:
            continue
        if digest(content) in digests:
            same = {who: decision for who, decision in verdicts.items() if holds(decision, digest(content))}
            result.carried.setdefault(digest(content), {}).update(same)
        elif kind == "added" or any(decision.what != "reject" for decision in verdicts.values()):
            try:
                known.append(_extra(kind, article, item, layer, content))
            except ValidationError:
                continue  # written by another version of the program
    added = [entry for entry, _ in known if entry.kind == "added"]
    result.entries = [pair for pair in known if not _filled(pair[0], added)]
    return result


def _told(history: Sequence[Decision]) -> tuple[Kind, dict[str, Any] | None, Layer | None]:
    """What an item that the run does not have is, going by the decisions about it."""
    added = next((decision for decision in reversed(history) if decision.what == "add"), None)
    if added is not None:
        return "added", added.after, _plain(added)
    for decision in reversed(history):
        content = decision.after if decision.what == "correct" else decision.before
        if _plain(decision) is not None and content is not None and "quote" in content:
            return "vanished", content, _plain(decision)
    return "vanished", None, None


def _plain(decision: Decision) -> Layer | None:
    return None if decision.layer == "speakers" else decision.layer


def _extra(kind: Kind, article: str, item: str, layer: Layer | None, content: dict[str, Any]) -> Any:
    assert layer is not None
    doubts = (("vanished", _VANISHED),) if kind == "vanished" else ()
    return _of_item(kind, article, layer, restored(layer, {**content, "id": item}), doubts)


def _filled(gap: Entry, added: Iterable[Entry]) -> bool:
    """Whether a person added an item where a check found none."""
    if gap.kind != "gap":
        return False
    shared = (min(gap.end, entry.end) - max(gap.start, entry.start) for entry in added)
    return any(both >= _COVERED * (gap.end - gap.start) for both in shared)


def tier(entry: Entry, state: State) -> int:
    """How doubtful: 0 what cannot stay as it is, 1 what a check or an approximate match speaks against, 2 where
    something may be missing, 3 the rest.
    """
    codes = {code for code, _ in (*entry.doubts, *state.doubts)}
    if codes & _FIRST:
        return 0
    if entry.kind in ("gap", "empty"):
        return 2
    return 1 if codes else 3
