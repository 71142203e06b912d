"""Gold readings and records as the same kind of thing: items that stand at a place in the text and name their source.

Ids are resolved to names and the items put into an order of their own, so that neither the ids nor the order of a file
can change a score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractor.errors import ConfigurationError
from extractor.results.evaluation.gold import GoldArticle
from extractor.schema.reading import ClaimRead, CommitmentRead, SpeakerRead, StanceRead, WhenRead
from extractor.schema.record import Claim, Commitment, Record, Speaker, Stance, When
from extractor.text.names import Source

Interval = tuple[dt.date | None, dt.date | None]
Span = tuple[int, int]

_Read = ClaimRead | StanceRead | CommitmentRead
_Published = Claim | Stance | Commitment


@dataclass(frozen=True)
class Item:
    """A claim, stance or commitment. `text` is its statement, target or action; `labels` its choices, as `kind`.

    `places` are code points into the article, end exclusive: one span in a record; in gold all where the quote stands,
    for gold does not say which one it means. `interval` is None where no day is known.
    """

    places: tuple[Span, ...]
    quote: str
    text: str
    speaker: Source | None
    via: tuple[Source, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    actors: tuple[str, ...] = ()
    interval: Interval | None = None

    @property
    def length(self) -> int:
        return self.places[0][1] - self.places[0][0]

    @property
    def order(self) -> tuple[Span, str, str]:
        rest = (self.speaker, self.via, sorted(self.labels.items()), self.actors, self.interval)
        return self.places[0], self.text, repr(rest)


@dataclass(frozen=True)
class View:
    """All that one side says about an article, sources and items in an order that depends on their content alone."""

    speakers: tuple[Source, ...] = ()
    claims: tuple[Item, ...] = ()
    stances: tuple[Item, ...] = ()
    commitments: tuple[Item, ...] = ()


def view_of_gold(article: GoldArticle) -> View:
    """The gold reading with its quotes located in the text. Raises ConfigurationError where one is not there."""
    reading = article.reading
    sources = _sources(reading.speakers)

    def layer(items: Sequence[_Read]) -> tuple[Item, ...]:
        return _ordered([_item(item, item.quote, _occurrences(item.quote, article), sources) for item in items])

    return View(_names(reading.speakers), layer(reading.claims), layer(reading.stances), layer(reading.commitments))


def view_of_record(record: Record) -> View:
    """What a record publishes. Its unplaced items have no place in the text, and are no part of this."""
    sources = _sources(record.speakers)

    def layer(items: Sequence[_Published]) -> tuple[Item, ...]:
        return _ordered(
            [_item(item, item.quote.exact, ((item.quote.start, item.quote.end),), sources) for item in items]
        )

    return View(_names(record.speakers), layer(record.claims), layer(record.stances), layer(record.commitments))


def _occurrences(quote: str, article: GoldArticle) -> tuple[Span, ...]:
    found: list[Span] = []
    start = article.text.find(quote) if quote else -1
    while start >= 0:
        found.append((start, start + len(quote)))
        start = article.text.find(quote, start + 1)
    if not found:
        raise ConfigurationError(
            f"gold article {article.id}: its text does not hold the quote {quote!r}",
            hint="Gold quotes are copied from the text character for character.",
        )
    return tuple(found)


def _item(item: _Read | _Published, quote: str, places: tuple[Span, ...], sources: Mapping[str, Source]) -> Item:
    def source(reference: str) -> Source:
        # A reference to nobody is a source without a name, which is the same as no other.
        return sources.get(reference, Source("", "unnamed"))

    speaker = None if item.speaker is None else source(item.speaker)
    match item:
        case ClaimRead() | Claim():
            via = tuple(map(source, item.via))
            return Item(places, quote, item.statement, speaker, via, {"kind": item.kind, "delivery": item.delivery})
        case StanceRead() | Stance():
            return Item(places, quote, item.target, speaker, labels={"position": item.position})
        case CommitmentRead() | Commitment():
            return Item(
                places,
                quote,
                item.action,
                speaker,
                labels={"firmness": item.firmness},
                actors=tuple(item.actors),
                interval=_interval(item.when),
            )


def _interval(when: WhenRead | When | None) -> Interval | None:
    if when is None or (when.earliest is None and when.latest is None):
        return None
    return when.earliest, when.latest


def _sources(speakers: Sequence[SpeakerRead | Speaker]) -> dict[str, Source]:
    return {speaker.id: Source(speaker.name, speaker.kind) for speaker in speakers}


def _names(speakers: Sequence[SpeakerRead | Speaker]) -> tuple[Source, ...]:
    return tuple(
        sorted(
            (Source(speaker.name, speaker.kind) for speaker in speakers), key=lambda source: (source.name, source.kind)
        )
    )


def _ordered(items: list[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.order))
