"""One reviewer at work on a run: what the web application offers, without the web."""

from __future__ import annotations

from typing import Any, get_args

from extractor.results.review.board import Board, there
from extractor.results.review.contents import layer_of, new_id, restored, stored
from extractor.results.review.correcting import Checked, Setting, check, named_speaker
from extractor.results.review.decisions import new_decision
from extractor.results.review.queue import Entry
from extractor.results.review.speakers import speaker_item
from extractor.results.review.standing import Key
from extractor.schema import reading
from extractor.schema.ids import text_of
from extractor.schema.record import Item, Layer

CHOICES = {
    "speaker_kind": get_args(reading.SpeakerKind),
    "delivery": get_args(reading.Delivery),
    "kind": get_args(reading.ClaimKind),
    "position": get_args(reading.Position),
    "firmness": get_args(reading.Firmness),
}


class Refused(Exception):
    """A decision that cannot be taken as it is. `problems` are sentences with the field that each is about."""

    def __init__(self, message: str, problems: list[tuple[str, str]] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


class Desk(Board):
    """A board on which decisions are made. All methods that make one raise Refused where it is not valid, KeyError
    where there is no such entry, and ConfigurationError where it cannot be written.
    """

    made = 0  # decisions of this session

    def decide(self, key: Key, what: str, form: dict[str, Any] | None = None, comment: str | None = None) -> Key:
        """Accepts, rejects, corrects or comments; returns the key."""
        entry, before = self.row(key).entry, self.content(key)
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
                self._correct(entry, before, form or {}, common)
            case _:
                raise Refused(f"There is no decision called {what!r}.")
        return key

    def _accept(self, entry: Entry, before: dict[str, Any], common: dict[str, Any]) -> None:
        mine = self.row(entry.key).state.mine
        if mine == "accept":
            return
        if mine == "correct":
            raise Refused("You corrected it. Undo that (u) to accept it as the run has it.")
        if entry.kind == "unplaced":
            raise Refused("Its quote has no place in the article. Correct it (e) and select the passage, or reject it.")
        if entry.layer is not None:
            self._refuse_groundless(entry.article, restored(entry.layer, before))
        if entry.kind == "vanished":
            self._write(what="add", after=before, **common)
        else:
            self._write(what="accept", before=before, **common)

    def _refuse_groundless(self, article: str, item: Item) -> None:
        """A record from elsewhere may hold what no correction would be allowed to say."""
        text = self.shelf.record(article).article.text
        if text[item.quote.start : item.quote.end] != item.quote.exact:
            raise Refused("Its quote does not stand where the record says. Correct it (e), or reject it.")
        known = self.sources(article)
        for name in (item.speaker, *getattr(item, "via", ())):
            if name is not None and name not in known:
                raise Refused(f"“{name}” is not among the article's sources. Correct it (e), or reject it.")

    def _correct(self, entry: Entry, before: dict[str, Any], form: dict[str, Any], common: dict[str, Any]) -> None:
        if entry.layer is None:
            raise Refused("There is no item here to correct. Add the one that is missing.")
        checked = self.check(entry.article, entry.layer, form, entry.key)
        item = self._valid(checked)
        if not item.id:  # its quote could not be placed before
            item = self._identified(entry.article, item)
        self._refuse_twin(entry.article, item, but=entry.item)
        told = {"after": stored(item), "speakers": checked.speakers, **common}
        if entry.kind == "vanished":
            self._write(what="add", **told)
        else:
            self._write(what="correct", before=before, **told)

    def agree(self, key: Key, who: str) -> Key:
        """Decides as another reviewer did; returns the key."""
        other = there(self.verdicts(key).get(who), who)
        copied = other.model_dump(include={"what", "layer", "before", "after", "speakers"})
        if other.what == "add":
            copied |= {"what": "accept", "before": other.after, "after": None, "speakers": []}
        self._write(article=key[0], item=key[1], **copied)
        return key

    def add(self, article: str, layer: Layer, form: dict[str, Any]) -> Key:
        """Adds an item that the run missed; returns its key."""
        checked = self.check(article, layer, form, None)
        item = self._valid(checked)
        self._refuse_twin(article, item, but=None)
        item = self._identified(article, item)
        after = stored(item)
        self._write(what="add", article=article, item=item.id, layer=layer, after=after, speakers=checked.speakers)
        return article, item.id

    def correct_speaker(self, article: str, name: str, fields: dict[str, Any]) -> None:
        """Corrects what is said of a source: it counts for all of the article's items that name it."""
        source = there(self.sources(article).get(name), article, name)
        after = named_speaker(fields)
        if isinstance(after, str):
            raise Refused(after, [("name", after)])
        told = {"before": source.listed.model_dump(), "after": after.model_dump()}
        self._write(what="correct", article=article, item=speaker_item(article, name), layer="speakers", **told)

    def undo(self, key: Key | None = None) -> Key | None:
        """Takes back this reviewer's last decision or comment, of all or about one entry; returns what it was about,
        or None where there is nothing to take back.
        """
        standing = [d for d in self.mine if key is None or d.key == key]
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

    def _identified(self, article: str, item: Item) -> Item:
        """The item with the id that a run would give it."""
        others = self.items(article).items()
        taken = {id_: text_of(other) for id_, other in others if type(other) is type(item)}
        return item.model_copy(update={"id": new_id(article, item, taken)})

    def _refuse_twin(self, article: str, item: Item, but: str | None) -> None:
        def told(one: Item) -> tuple[Any, ...]:
            return layer_of(one), one.speaker, one.quote.exact, text_of(one)

        if any(told(other) == told(item) for id_, other in self.items(article).items() if id_ != but):
            raise Refused("The article has this very item already.", [("quote", "The article has this item already.")])

    def _write(self, **fields: Any) -> None:
        decision = new_decision(who=self.reviewer, **fields)
        self.log.append(decision)
        self.made += decision.what not in ("undo", "comment")
        self.refresh()
