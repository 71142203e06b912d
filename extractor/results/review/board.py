"""What there is to decide about and what was decided, as one reviewer sees it.

Other reviewers may work on the same run in other programs: `refresh` takes in what they decided.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from extractor.results.review.contents import restored
from extractor.results.review.decisions import Decision, DecisionLog, reviews_path
from extractor.results.review.queue import ArticleEntries, Entry, State, arrange, found, tier
from extractor.results.review.shelf import Shelf
from extractor.results.review.speakers import Source, sources
from extractor.results.review.standing import Key, Standing
from extractor.schema.record import Item, Layer

Order = Literal["doubtful", "reading"]
Show = Literal["todo", "untouched", "disputed", "commented", "decided", "all"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the queue has it: with its state, and its place."""

    entry: Entry
    state: State
    rank: tuple[int, int, int, str]


@dataclass(frozen=True)
class _Opened:
    """An article's entries with their contents, as long as nobody decides anything."""

    article: str
    revision: int
    entries: ArticleEntries
    contents: dict[str, tuple[Entry, dict[str, Any]]]


class Board:
    """The records and the decisions. Raises ConfigurationError where the files cannot be used."""

    def __init__(self, records: Path, reviewer: str) -> None:
        self.reviewer = reviewer
        self.shelf = Shelf(records)
        self.log = DecisionLog(reviews_path(records))
        self.standing = Standing(self.log.read_all())
        self.revision = 0
        self.mine = self._own()
        self._numbers = {article: number for number, article in enumerate(self.shelf)}
        self._found = {article: [entry for entry, _ in found(self.shelf.record(article))] for article in self.shelf}
        self._rows: dict[str, list[Row]] = {}
        for article in self.shelf:
            self._arrange(article)
        self._opened: _Opened | None = None
        self._queue: tuple[Any, list[Row]] = (None, [])
        self._progress: tuple[int, dict[str, Any]] = (-1, {})

    def _own(self) -> list[Decision]:
        """This reviewer's decisions that stand, in the order in which they were made."""
        keys = [(article, item) for article in self.standing.articles() for item in self.standing.items(article)]
        own = [d for key in keys for d in self.standing.history(key) if d.who == self.reviewer]
        return sorted(own, key=lambda decision: decision.when)

    def refresh(self) -> None:
        """Takes in what was decided since, by whomever."""
        new = self.standing.add(self.log.read())
        for decision in new:
            if decision.who == self.reviewer:
                undone = {decision.undoes, decision.id} if decision.what == "undo" else set()
                self.mine = [old for old in (*self.mine, decision) if old.id not in undone]
        for article in {decision.article for decision in new if decision.article in self.shelf}:
            self._arrange(article)
        self.revision += bool(new)

    def _arrange(self, article: str) -> None:
        arranged = arrange([(entry, None) for entry in self._found[article]], article, self.standing)
        rows = []
        for entry, _ in arranged.entries:
            state = arranged.state(entry, self.standing, self.reviewer)
            rows.append(Row(entry, state, (tier(entry, state), self._numbers[article], entry.start, entry.item)))
        self._rows[article] = rows

    # One article, one entry

    def article_rows(self, article: str) -> list[Row]:
        """All entries of an article. Raises KeyError."""
        return self._rows[article]

    def row(self, key: Key) -> Row:
        """Raises KeyError where there is no such entry."""
        return there(next((row for row in self._rows.get(key[0], ()) if row.entry.key == key), None), *key)

    def content(self, key: Key) -> dict[str, Any]:
        """An entry's content, as a decision stores it in `before`. Raises KeyError."""
        return there(self._open(key[0]).contents.get(key[1]), *key)[1]

    def verdicts(self, key: Key) -> dict[str, Decision]:
        """The decisions about an entry that hold, by reviewer, oldest first. Raises KeyError."""
        return self._open(key[0]).entries.verdicts(self.row(key).entry, self.standing)[0]

    def current(self, key: Key) -> Item | None:
        """The item as this reviewer has it: as they corrected it, else as the run found it. None where there is no
        item, or none that has a place. Raises KeyError.
        """
        entry = self.row(key).entry
        own = self.verdicts(key).get(self.reviewer)
        if entry.layer is None:
            return None
        if own is not None and own.what == "correct" and own.after is not None:
            return restored(entry.layer, own.after)
        return None if entry.kind == "unplaced" else restored(entry.layer, self.content(key))

    def items(self, article: str) -> dict[str, Item]:
        """All items of an article as this reviewer has them, by the id of their entries."""
        keys = [row.entry.key for row in self._rows[article] if row.entry.kind != "vanished"]
        return {key[1]: item for key in keys if (item := self.current(key)) is not None}

    def sources(self, article: str) -> dict[str, Source]:
        """The sources of an article by the name that items use. Raises KeyError."""
        return sources(self.shelf.record(article), self.standing)

    def _open(self, article: str) -> _Opened:
        if self._opened is None or (self._opened.article, self._opened.revision) != (article, self.revision):
            entries = arrange(found(self.shelf.record(article)), article, self.standing)
            contents = {entry.item: (entry, content) for entry, content in entries.entries if content is not None}
            self._opened = _Opened(article, self.revision, entries, contents)
        return self._opened

    # The queue

    def rows(self, order: Order, show: Show, layer: Layer | None) -> list[Row]:
        """The queue, in order."""
        wanted = (self.revision, order, show, layer)
        if self._queue[0] != wanted:
            chosen = [row for rows in self._rows.values() for row in rows if self._shown(row, show, layer)]
            self._queue = wanted, sorted(chosen, key=lambda row: place(row, order))
        return self._queue[1]

    def _shown(self, row: Row, show: Show, layer: Layer | None) -> bool:
        if layer is not None and row.entry.layer != layer:
            return False
        match show:
            case "todo":
                return row.state.mine is None
            case "untouched":
                return row.state.mine is None and not row.state.others
            case "disputed":
                return any(code == "disputed" for code, _ in row.state.doubts)
            case "commented":
                return any(d.what == "comment" for d in self.standing.history(row.entry.key))
            case "decided":
                return row.state.mine is not None
            case "all":
                return True

    def progress(self) -> dict[str, Any]:
        """How many entries there are, how many this reviewer and each other one decided, and what doubts are left."""
        if self._progress[0] != self.revision:
            total = mine = doubtful = 0
            others: Counter[str] = Counter()
            for row in (row for rows in self._rows.values() for row in rows):
                total += 1
                mine += row.state.mine is not None
                doubtful += row.state.mine is None and row.rank[0] < 2
                others.update(row.state.others.keys())
            reviewers = {name: others[name] for name in self.standing.reviewers if name != self.reviewer}
            told = {"total": total, "decided": mine, "doubtful": doubtful, "others": reviewers}
            self._progress = self.revision, told
        return self._progress[1]


def place(row: Row, order: Order) -> tuple[int, int, int, str]:
    """What the queue is sorted by."""
    doubt, article, start, item = row.rank
    return row.rank if order == "doubtful" else (article, start, doubt, item)


def there(found: T | None, *names: str) -> T:
    """What was looked for. Raises KeyError with the names where it is not there."""
    if found is None:
        raise KeyError(" / ".join(names))
    return found
