"""One reviewer at work on a run: what the web application offers, without the web.

Other reviewers may work on the same run in other programs: what they decided is read from the file before every answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from extractor.errors import ExtractorError
from extractor.results.review.contents import Item, layer_of, new_id, restored, stored, text_of
from extractor.results.review.correcting import Checked, Setting, check, named_speaker
from extractor.results.review.decisions import Decision, DecisionLog, new_decision, reviews_path
from extractor.results.review.queue import ArticleEntries, Entry, State, arrange, found, tier
from extractor.results.review.shelf import Shelf
from extractor.results.review.speakers import Source, sources, speaker_item
from extractor.results.review.standing import Key, Standing
from extractor.schema import reading
from extractor.schema.record import Layer

Order = Literal["doubtful", "reading"]
Show = Literal["todo", "untouched", "disputed", "commented", "decided", "all"]

CHOICES = {
    "speaker_kind": get_args(reading.SpeakerKind),
    "delivery": get_args(reading.Delivery),
    "kind": get_args(reading.ClaimKind),
    "position": get_args(reading.Position),
    "firmness": get_args(reading.Firmness),
}


class Refused(ExtractorError):
    """A decision that cannot be taken as it is. `problems` are sentences with the field that each is about."""

    def __init__(self, message: str, problems: list[tuple[str, str]] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the queue has it: with its state, and its place."""

    entry: Entry
    state: State
    rank: tuple[int, int, int, str]


class Desk:
    """The records, the decisions, and one reviewer. Raises ConfigurationError where the files cannot be used."""

    def __init__(self, records: Path, reviewer: str) -> None:
        self.reviewer = reviewer
        self.shelf = Shelf(records)
        self.log = DecisionLog(reviews_path(records))
        self.standing = Standing(self.log.read_all())
        self.revision = 0
        self.made = 0
        self._mine = self._own()
        self._numbers = {article: number for number, article in enumerate(self.shelf)}
        self._found = {article: [entry for entry, _ in found(self.shelf.record(article))] for article in self.shelf}
        self._rows: dict[str, list[Row]] = {}
        for article in self.shelf:
            self._arrange(article)
        self._cached: tuple[Any, list[Row]] = (None, [])
        self._progress: tuple[int, dict[str, Any]] = (-1, {})

    def _own(self) -> list[Decision]:
        """This reviewer's decisions that stand, in the order in which they were made."""
        keys = [(article, item) for article in self.standing.articles() for item in self.standing.items(article)]
        own = [d for key in keys for d in self.standing.history(key) if d.who == self.reviewer]
        return sorted(own, key=lambda decision: decision.when)

    # What is there

    def refresh(self) -> None:
        """Takes in what others decided since."""
        self._take(self.log.read())

    def _take(self, decisions: list[Decision]) -> None:
        new = self.standing.add(decisions)
        for decision in new:
            if decision.who == self.reviewer:
                undone = {decision.undoes, decision.id} if decision.what == "undo" else set()
                self._mine = [old for old in (*self._mine, decision) if old.id not in undone]
        for article in {decision.article for decision in new if decision.article in self.shelf}:
            self._arrange(article)
        self.revision += bool(new)

    def _arrange(self, article: str) -> ArticleEntries:
        entries = self._entries(article)
        rows = []
        for entry, _ in entries.entries:
            state = entries.state(entry, self.standing, self.reviewer)
            rank = (tier(entry, state), self._numbers[article], entry.start, entry.item)
            rows.append(Row(entry, state, rank))
        self._rows[article] = rows
        return entries

    def _entries(self, article: str) -> ArticleEntries:
        """The article's entries; their contents are filled in by `content`."""
        return arrange([(entry, None) for entry in self._found[article]], article, self.standing)

    def row(self, key: Key) -> Row:
        """Raises KeyError where there is no such entry."""
        return next((row for row in self._rows.get(key[0], ()) if row.entry.key == key), None) or _missing(key)

    def article_rows(self, article: str) -> list[Row]:
        """All entries of an article. Raises KeyError."""
        return self._rows[article]

    def content(self, key: Key) -> dict[str, Any]:
        """An entry's content, as a decision stores it in `before`."""
        record = self.shelf.record(key[0])
        entries = arrange(found(record), key[0], self.standing).entries
        return next((content for entry, content in entries if entry.key == key and content), None) or _missing(key)

    def sources(self, article: str) -> dict[str, Source]:
        return sources(self.shelf.record(article), self.standing)

    def current(self, key: Key) -> Item | None:
        """The item as this reviewer has it: as they corrected it, else as the run found it. None where there is no
        item, or none that has a place.
        """
        row = self.row(key)
        if row.entry.layer is None:
            return None
        own = self._entries(key[0]).settled(row.entry, self.standing, self.reviewer)
        if own is not None and own.what == "correct" and own.after is not None:
            return restored(row.entry.layer, own.after)
        return None if row.entry.kind == "unplaced" else restored(row.entry.layer, self.content(key))

    def verdicts(self, key: Key) -> dict[str, Decision]:
        """The decisions about an entry that hold, by reviewer, oldest first."""
        return self._entries(key[0]).verdicts(self.row(key).entry, self.standing)[0]

    # The queue

    def rows(self, order: Order, show: Show, layer: Layer | None) -> list[Row]:
        """The queue, in order."""
        wanted = (self.revision, order, show, layer)
        if self._cached[0] != wanted:
            chosen = [row for rows in self._rows.values() for row in rows if self._shown(row, show, layer)]
            self._cached = wanted, sorted(chosen, key=lambda row: place(row, order))
        return self._cached[1]

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

    # Deciding

    def decide(self, key: Key, what: str, form: dict[str, Any] | None = None, comment: str | None = None) -> Key:
        """Writes a decision; returns the key of what was decided about.

        Raises Refused where it is not valid, KeyError where there is no such entry, and ConfigurationError where it
        cannot be written.
        """
        row, before = self.row(key), self.content(key)
        entry = row.entry
        common: dict[str, Any] = {"article": entry.article, "item": entry.item, "layer": entry.layer}
        match what:
            case "comment":
                if not (comment or "").strip():
                    raise Refused("There is nothing in the comment.", [("comment", "There is nothing in it.")])
                self._write(what=what, comment=str(comment).strip(), **common)
            case "accept":
                self._accept(entry, before, common)
            case "reject":
                if entry.kind in ("gap", "empty"):
                    raise Refused("There is no item here to reject. Accept that nothing is missing, or add what is.")
                self._write(what=what, before=before, **common)
            case "correct":
                if entry.layer is None:
                    raise Refused("There is no item here to correct. Add the one that is missing.")
                checked = self.check(entry.article, entry.layer, form or {}, key)
                item = self._valid(checked)
                if not item.id:  # the item of a quote that could not be placed
                    item = item.model_copy(update={"id": new_id(entry.article, item, self._taken(entry.article, item))})
                self._refuse_twin(entry.article, item, but=entry.item)
                self._write(what=what, before=before, after=stored(item), speakers=checked.speakers, **common)
            case _:
                raise Refused(f"There is no decision called {what!r}.")
        return key

    def _accept(self, entry: Entry, before: dict[str, Any], common: dict[str, Any]) -> None:
        if entry.kind == "unplaced":
            raise Refused(
                "Its quote has no place in the article yet. Correct it (e) and select the passage, or reject it."
            )
        if entry.kind in ("gap", "empty"):
            self._write(what="accept", before=before, **common)
            return
        assert entry.layer is not None
        item = restored(entry.layer, before)
        text, names = self.shelf.record(entry.article).article.text, self.sources(entry.article)
        if text[item.quote.start : item.quote.end] != item.quote.exact:
            raise Refused("Its quote does not stand where the record says. Correct it (e), or reject it.")
        told = [name for name in (item.speaker, *getattr(item, "via", ())) if name is not None]
        if strangers := [name for name in told if name not in names]:
            raise Refused(f"“{strangers[0]}” is not among the article's sources. Correct it (e), or reject it.")
        if entry.kind == "vanished":
            self._write(what="add", after=before, **common)
        else:
            self._write(what="accept", before=before, **common)

    def agree(self, key: Key, who: str) -> Key:
        """Decides as another reviewer did. Raises as `decide`."""
        other = self.verdicts(key).get(who) or _missing(key)
        copied = {
            name: getattr(other, name) for name in ("what", "article", "item", "layer", "before", "after", "speakers")
        }
        if other.what == "add":
            copied |= {"what": "accept", "before": other.after, "after": None, "speakers": []}
        self._write(**copied)
        return key

    def add(self, article: str, layer: Layer, form: dict[str, Any]) -> Key:
        """Adds an item that the run missed; returns its key. Raises as `decide`."""
        checked = self.check(article, layer, form, None)
        item = self._valid(checked)
        self._refuse_twin(article, item, but=None)
        item = item.model_copy(update={"id": new_id(article, item, self._taken(article, item))})
        after = stored(item)
        self._write(what="add", article=article, item=item.id, layer=layer, after=after, speakers=checked.speakers)
        return article, item.id

    def correct_speaker(self, article: str, name: str, fields: dict[str, Any]) -> None:
        """Corrects what is said of a source: it counts for all of the article's items that name it."""
        source = self.sources(article).get(name) or _missing((article, name))
        after = named_speaker(fields)
        if isinstance(after, str):
            raise Refused(after, [("name", after)])
        listed = next((s for s in self.shelf.record(article).speakers if s.name == name), None)
        before = listed.model_dump(exclude={"id"}) if listed else source.now.model_dump()
        item = speaker_item(article, name)
        self._write(
            what="correct", article=article, item=item, layer="speakers", before=before, after=after.model_dump()
        )

    def undo(self, key: Key | None = None) -> Key | None:
        """Takes back this reviewer's last decision or comment, of all or about one entry; returns what it was about,
        or None where there is nothing to take back.
        """
        standing = [d for d in self._mine if key is None or d.key == key]
        if not standing:
            return None
        last = standing[-1]
        self._write(what="undo", article=last.article, item=last.item, layer=last.layer, undoes=last.id)
        return last.key

    def check(self, article: str, layer: Layer, form: dict[str, Any], key: Key | None) -> Checked:
        """What a form comes to, without deciding anything."""
        record = self.shelf.record(article)
        current = self.current(key) if key is not None else None
        if current is not None and layer_of(current) != layer:
            raise Refused("An item keeps its layer. Reject it, and add the other one.")
        setting = Setting(self.shelf.grounded(article), record.article.published, self.sources(article).keys())
        return check(layer, form, setting, current)

    def _valid(self, checked: Checked) -> Item:
        if checked.item is None:
            raise Refused("It cannot be saved like this.", checked.problems)
        return checked.item

    def _items(self, article: str) -> list[tuple[str, Item]]:
        """The items of an article as they stand, by entry."""
        keys = [row.entry for row in self._rows[article] if row.entry.kind in ("item", "added")]
        return [(entry.item, item) for entry in keys if (item := self.current(entry.key)) is not None]

    def _taken(self, article: str, item: Item) -> dict[str, str]:
        """The text of each item of the same layer by id."""
        return {id_: text_of(other) for id_, other in self._items(article) if type(other) is type(item)}

    def _refuse_twin(self, article: str, item: Item, but: str | None) -> None:
        def told(one: Item) -> tuple[Any, ...]:
            return layer_of(one), one.speaker, one.quote.exact, text_of(one)

        if any(told(other) == told(item) for id_, other in self._items(article) if id_ != but):
            raise Refused("The article has this very item already.", [("quote", "The article has this item already.")])

    def _write(self, **fields: Any) -> None:
        decision = new_decision(who=self.reviewer, **fields)
        self.log.append(decision)
        self.made += decision.what not in ("undo", "comment")
        self.refresh()


def place(row: Row, order: Order) -> tuple[int, int, int, str]:
    """What the queue is sorted by."""
    doubt, article, start, item = row.rank
    return row.rank if order == "doubtful" else (article, start, doubt, item)


def _missing(key: Key) -> Any:
    raise KeyError(" / ".join(key))
