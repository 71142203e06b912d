"""The ledger of records: read the items, find candidates, decide, grow threads, tell their states.

With an earlier ledger only pairs that have a new article in them are decided; what was decided before stands in its
threads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from extractor.results.ledger import decisions as deciding
from extractor.results.ledger import rules
from extractor.results.ledger.candidates import candidates
from extractor.results.ledger.history import thread
from extractor.results.ledger.items import Item, Reader
from extractor.results.ledger.names import Directory
from extractor.results.ledger.rules import Judgement
from extractor.results.ledger.threads import Forest, Judged, grow
from extractor.schema.ledger import LEDGER_VERSION, Actor, Decision, LedgerManifest, Questions, Thread
from extractor.schema.record import Record

Asked = list[tuple[Item, list[Item]]]
Decided = Mapping[tuple[str, str], Judgement | None]
"""Judgements by the ids of the later and the earlier item; None is unrelated."""


@dataclass(frozen=True)
class Earlier:
    """A ledger that is continued."""

    threads: Sequence[Thread] = ()
    articles: frozenset[str] = frozenset()
    persons: Mapping[str, str] = field(default_factory=dict)
    questions: Questions | None = None


@dataclass
class Plan:
    """All items in order with their candidates, before anything is decided.

    `open` tells the pairs that are to be decided: those with a new article in them.
    """

    pairs: Asked
    earlier: Earlier
    new: frozenset[str]
    actors: Mapping[str, Actor]
    persons: Mapping[str, str]

    def open(self) -> Iterator[tuple[Item, list[Item]]]:
        """Each item with those candidates that nothing was decided about yet; items without any are left out."""
        for later, found in self.pairs:
            fresh = later.step.article.id in self.new
            undecided = [one for one in found if fresh or one.step.article.id in self.new]
            if undecided:
                yield later, undecided


@dataclass(frozen=True)
class Ledger:
    """The threads as of a day, in the order of their first telling, and what continues them."""

    threads: list[Thread]
    manifest: LedgerManifest


def plan(records: Iterable[Record], directory: Directory, earlier: Earlier | None = None) -> Plan:
    """What is to be decided. Records of articles that the earlier ledger has read are passed over."""
    earlier = earlier or Earlier()
    reader = Reader(directory, persons=dict(earlier.persons))
    kept = reader.saved(earlier.threads)
    given = {record.article.id: record for record in reversed(list(records))}
    fresh = [record for id_, record in given.items() if id_ not in earlier.articles]
    fresh.sort(key=lambda record: (record.article.published or dt.date.max, record.article.id))
    unique = {item.id: item for item in kept}
    for record in fresh:
        for item in reader.read(record):
            unique.setdefault(item.id, item)
    items = sorted(unique.values(), key=lambda item: item.order)
    return Plan(
        pairs=list(candidates(items)),
        earlier=earlier,
        new=frozenset(record.article.id for record in fresh),
        actors=reader.actors,
        persons=reader.persons,
    )


def by_rules(planned: Plan) -> dict[tuple[str, str], Judgement | None]:
    """All open pairs, decided by rules."""
    return {(later.id, one.id): rules.judge(one, later) for later, found in planned.open() for one in found}


def finish(
    planned: Plan,
    decided: Decided,
    as_of: dt.date,
    *,
    decisions: Sequence[Decision] = (),
    linked_by: str = "rules",
    prompt_sha256: str | None = None,
    questions: Questions | None = None,
) -> Ledger:
    """The ledger of a plan whose open pairs are decided. People's decisions win.

    `questions` tells what deciding took; where there were none, what the earlier ledger tells stays.
    """
    forest = grow(_judged(planned, decided))
    deciding.rearrange(forest, decisions)
    rated = deciding.ratings(forest, decisions, as_of)
    kept = frozenset(one.id for one in planned.earlier.threads)
    threads = [
        thread(items, ties, planned.actors, as_of, kept=kept, rated=rated.get(_root(forest, items)))
        for items, ties in forest.groups()
    ]
    articles = sorted(planned.earlier.articles | planned.new)
    manifest = LedgerManifest(
        schema_version=LEDGER_VERSION,
        linked_by=linked_by,
        prompt_sha256=prompt_sha256,
        articles=articles,
        persons=dict(sorted(planned.persons.items())),
        questions=questions or planned.earlier.questions,
    )
    return Ledger(threads, manifest)


def _root(forest: Forest, items: Sequence[Item]) -> str:
    return forest.root(next(item.id for item in items if item.step.kind == "commitment"))


def _judged(planned: Plan, decided: Decided) -> Iterator[tuple[Item, Judged]]:
    saved = _saved_links(planned.earlier.threads)
    by_id = {item.id: item for item, _ in planned.pairs}
    for later, found in planned.pairs:
        links = {one.id: judgement for one in found if (judgement := decided.get((later.id, one.id))) is not None}
        links = saved.get(later.id, {}) | links
        yield later, [(by_id[id_], judgement) for id_, judgement in links.items() if id_ in by_id]


def _saved_links(threads: Iterable[Thread]) -> dict[str, dict[str, Judgement]]:
    """The links of an earlier ledger as judgements; people's are left out: their decisions are applied again."""
    saved: dict[str, dict[str, Judgement]] = {}
    for one in threads:
        for step in one.steps:
            link = step.link
            if link is not None and link.by != "person":
                judgement = Judgement(link.relation, link.confidence, link.because, link.by, tuple(link.changes))
                saved.setdefault(step.id, {})[link.to] = judgement
    return saved
