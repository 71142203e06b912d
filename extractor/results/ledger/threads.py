"""From links to threads.

Every commitment has at most one parent: an earlier commitment of the thread that it belongs to. So threads are trees,
no chain of half-likenesses can fuse two undertakings, and a thread never changes because of what is said about
another. Claims and reports hang on the commitments that they tell the outcome of; one report may do so in several
threads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from extractor.results.ledger.items import Item
from extractor.results.ledger.rules import Judgement

Judged = Sequence[tuple[Item, Judgement]]


@dataclass(frozen=True, slots=True)
class Tie:
    """A step's place: the earlier commitment that it is linked to, and as what."""

    to: str
    judgement: Judgement


@dataclass
class Forest:
    """Which commitment hangs on which (`parents`), and which outcomes are told of it (`outcomes`, by commitment)."""

    items: dict[str, Item] = field(default_factory=dict)
    parents: dict[str, Tie] = field(default_factory=dict)
    outcomes: defaultdict[str, dict[str, Tie]] = field(default_factory=lambda: defaultdict(dict))

    def root(self, commitment: str) -> str:
        """The commitment that founds the thread of this one."""
        while (tie := self.parents.get(commitment)) is not None:
            commitment = tie.to
        return commitment

    def groups(self) -> Iterator[tuple[list[Item], dict[str, Tie]]]:
        """Each thread's items in order with their ties, threads in the order of their founders."""
        members: defaultdict[str, list[str]] = defaultdict(list)
        roots: dict[str, str] = {}
        for id_, item in self.items.items():  # in order: a parent comes before its children
            if item.step.kind == "commitment":
                tie = self.parents.get(id_)
                roots[id_] = self.root(id_) if tie is None or tie.to not in roots else roots[tie.to]
                members[roots[id_]].append(id_)
        for ids in members.values():
            ties = {id_: tie for id_ in ids if (tie := self.parents.get(id_)) is not None}
            evidence: dict[str, Tie] = {}
            for id_ in ids:
                for told, tie in self.outcomes.get(id_, {}).items():
                    if told not in evidence or tie.judgement.confidence > evidence[told].judgement.confidence:
                        evidence[told] = tie
            steps = sorted((self.items[id_] for id_ in (*ids, *evidence)), key=lambda item: item.order)
            yield steps, ties | evidence


def grow(judged: Iterable[tuple[Item, Judged]]) -> Forest:
    """The threads of items that come in order, each with what it is to its candidates (unrelated ones left out)."""
    forest = Forest()
    roots: dict[str, str] = {}
    for item, links in judged:
        if item.id in forest.items:
            continue
        forest.items[item.id] = item
        links = [(earlier, judgement) for earlier, judgement in links if earlier.id in roots]
        if item.step.kind != "commitment":
            _hang(forest, item, links, roots)
            continue
        tie = _parent(links, roots)
        if tie is not None:
            forest.parents[item.id] = tie
        roots[item.id] = roots[tie.to] if tie else item.id
    return forest


def _parent(links: Judged, roots: dict[str, str]) -> Tie | None:
    """The thread of the surest link, and of its commitments the last that is linked."""
    strong = [(earlier, judgement) for earlier, judgement in links if not judgement.weak]
    if not strong:
        if len({roots[earlier.id] for earlier, _ in links}) != 1:
            return None  # none, or several that it could as well belong to
        strong = list(links)
    best, _ = max(strong, key=lambda link: (link[1].confidence, link[0].order))
    thread = roots[best.id]
    last, judgement = max((link for link in strong if roots[link[0].id] == thread), key=lambda link: link[0].order)
    return Tie(last.id, judgement)


def _hang(forest: Forest, item: Item, links: Judged, roots: dict[str, str]) -> None:
    best: dict[str, tuple[Item, Judgement]] = {}
    for earlier, judgement in links:
        thread = roots[earlier.id]
        if thread not in best or judgement.confidence > best[thread][1].confidence:
            best[thread] = (earlier, judgement)
    for earlier, judgement in best.values():
        forest.outcomes[earlier.id][item.id] = Tie(earlier.id, judgement)
