"""From records to items: what the ledger links.

Commitments found threads. Claims of fact, and what an article tells in its own voice, can show that one was kept or
dropped.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from extractor.results.ledger.actors import ArticleActors, nameless
from extractor.results.ledger.marks import happened, opens_on, sentences, told
from extractor.results.ledger.names import Directory, fold
from extractor.results.ledger.terms import Content, content
from extractor.schema.ledger import Actor, Mention, Source, Step, StepKind, Thread
from extractor.schema.record import Commitment, Quote, Record, Speaker

_AROUND = 32  # characters of a quote's prefix and suffix
_LONGEST_REPORT = 400  # characters; a longer sentence tells too many things to be taken for one of them


@dataclass(frozen=True, slots=True)
class Item:
    """A step before it is linked, with what is compared of it.

    `actors` are the roots of who acts (states for those who act for them), `parties` those and all who are named.
    `continues` tells that its sentence opens with words like "In this context".
    """

    step: Step
    content: Content
    actors: frozenset[str]
    persons: frozenset[str]
    parties: frozenset[str]
    continues: bool = False

    @property
    def id(self) -> str:
        return self.step.id

    @property
    def order(self) -> tuple[dt.date, str, int, str]:
        """Items go in the order of their articles' dates; those without a date come last."""
        return self.step.said or dt.date.max, self.step.article.id, self.step.quote.start, self.step.id


@dataclass
class Reader:
    """Makes items of records, which are given in the order of their articles' dates.

    `actors` and `persons` (a person's id and the state's) are what the articles read so far have told.
    """

    directory: Directory
    actors: dict[str, Actor] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    _names: dict[str, Actor] = field(default_factory=dict)

    def saved(self, threads: Sequence[Thread]) -> list[Item]:
        """The items of an earlier ledger's threads."""
        for thread in threads:
            for actor in thread.actors:
                self._know(actor)
        return [self._item(step) for thread in threads for step in thread.steps]

    def read(self, record: Record) -> Iterator[Item]:
        """The items of one article: its commitments, its claims of fact, its own reports."""
        names = ArticleActors(self.directory, record, self.persons)
        speakers = {speaker.id: speaker for speaker in record.speakers}
        told_by = {commitment.id: self._actors(commitment, record, names) for commitment in record.commitments}
        for one in record.commitments:
            yield self._item(
                Step(
                    kind="commitment",
                    text=one.action,
                    actors=told_by[one.id],
                    parties=self._parties(one.action, told_by[one.id]),
                    speaker=speakers[one.speaker].name if one.speaker in speakers else None,
                    article=_source(record),
                    said=record.article.published,
                    link=None,
                    **{name: getattr(one, name) for name in ("id", "firmness", "condition", "quote", "when")},
                ),
                continues=opens_on(record.article.text, one.quote.start),
            )
        for claim in record.claims:
            if claim.kind == "fact":
                speaker = speakers.get(claim.speaker)
                yield self._evidence("claim", claim.id, claim.statement, claim.quote, record, speaker)
        for quote in _own_voice(record):
            if any(self.directory.named(quote.exact, self._names)):
                yield self._evidence("report", _hash(record, quote), quote.exact, quote, record, None)
        for person, state in names.persons().items():
            self.persons.setdefault(person, state)

    def _item(self, step: Step, *, continues: bool = False) -> Item:
        ids = frozenset(mention.actor for mention in step.actors)
        parties = frozenset(party for party in step.parties if not nameless(party))
        actors = (mention.state or mention.actor for mention in step.actors)
        return Item(
            step=step,
            content=content(step.text, self.directory, parties | ids),
            actors=frozenset(actor for actor in actors if not nameless(actor)),
            persons=frozenset(id_ for id_ in ids if id_.startswith("person:")),
            parties=parties,
            continues=continues,
        )

    def _evidence(
        self, kind: StepKind, id_: str, text: str, quote: Quote, record: Record, speaker: Speaker | None
    ) -> Item:
        mentions = self._mentions(text, speaker.affiliation if speaker else None)
        return self._item(
            Step(
                id=id_,
                kind=kind,
                article=_source(record),
                said=record.article.published,
                speaker=speaker.name if speaker else None,
                text=text,
                actors=mentions,
                parties=self._parties(text, mentions),
                firmness=None,
                condition=None,
                quote=quote,
                when=None,
                link=None,
            )
        )

    def _actors(self, commitment: Commitment, record: Record, names: ArticleActors) -> list[Mention]:
        """Who would have to act; where the record does not say, the speaker."""
        told_actors = list(commitment.actors)
        if not told_actors:
            told_actors = [speaker.name for speaker in record.speakers if speaker.id == commitment.speaker]
        mentions: dict[str, Mention] = {}
        for mention in told_actors:
            for resolved in names.resolve(mention):
                mentions.setdefault(resolved.actor.id, resolved.mention)
                self._know(resolved.actor)
        return list(mentions.values())

    def _mentions(self, text: str, affiliation: str | None) -> list[Mention]:
        mentions: dict[str, Mention] = {}
        for named in self.directory.named(text, self._names):
            words, id_ = text[named.start : named.end], named.actor.id
            state = self._state(named.actor)
            mentions.setdefault(id_, Mention(text=words, actor=id_, state=state, basis=named.basis, evidence=None))
            self.actors.setdefault(named.actor.id, named.actor)
        if not mentions and affiliation and (found := self.directory.find(affiliation)) is not None:
            self.actors.setdefault(found.actor.id, found.actor)
            state = found.actor.state
            return [Mention(text=affiliation, actor=found.actor.id, state=state, basis="affiliation", evidence=None)]
        return list(mentions.values())

    def _parties(self, text: str, mentions: Iterable[Mention]) -> list[str]:
        parties = {mention.state or mention.actor for mention in mentions}
        for named in self.directory.named(text, self._names):
            parties.add(self._state(named.actor) or named.actor.id)
            self.actors.setdefault(named.actor.id, named.actor)
        return sorted(parties)

    def _state(self, actor: Actor) -> str | None:
        return actor.state or self.persons.get(actor.id)

    def _know(self, actor: Actor) -> None:
        known = self.actors.get(actor.id)
        if known is None or (known.state is None and actor.state is not None):
            self.actors[actor.id] = actor
        if actor.kind in ("person", "other") and not nameless(actor.id):
            self._names.setdefault(fold(actor.name), actor)
        if actor.kind == "person":
            self._names.setdefault(fold(actor.name.split()[-1]), actor)


def _source(record: Record) -> Source:
    article = record.article
    return Source(id=article.id, title=article.title, published=article.published, source=article.source)


def _own_voice(record: Record) -> Iterator[Quote]:
    """Sentences that the article tells in its own voice as done, or as dropped, and that no item of the record
    covers.
    """
    text = record.article.text
    quotes = [*(claim.quote for claim in record.claims), *(one.quote for one in record.commitments)]
    taken = [(quote.start, quote.end) for quote in quotes]
    for start, end in sentences(text):
        if end - start > _LONGEST_REPORT or any(start < until and begin < end for begin, until in taken):
            continue
        exact = text[start:end]
        if happened(exact) or told("abandoned", exact) or told("postponed", exact):
            prefix, suffix = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
            yield Quote(exact=exact, prefix=prefix, suffix=suffix, start=start, end=end, match="exact")


def _hash(record: Record, quote: Quote) -> str:
    key = f"{record.article.id}\0report\0{quote.start}\0{quote.exact}"
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
