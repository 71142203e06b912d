"""Which decisions hold.

Of one person's decisions about an item the last counts that was not taken back. It holds as long as the item says what
it said then; when a later run says something else under the same id, the item is to be decided again. A later run that
says by itself what a person corrected it to, or added, has been accepted by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.results.review.contents import digest
from extractor.results.review.decisions import Decision

Key = tuple[str, str]


class Standing:
    """All decisions so far, by article and item. Decisions may be added in any portions, and twice."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._seen: set[str] = set()
        self._by_key: dict[Key, list[Decision]] = {}
        self._articles: dict[str, dict[str, None]] = {}
        self.reviewers: dict[str, int] = {}
        self.add(decisions)

    def add(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Takes decisions in; returns those that are new."""
        fresh = {decision.id: decision for decision in decisions if decision.id not in self._seen}
        self._seen.update(fresh)
        for decision in fresh.values():
            self.reviewers[decision.who] = self.reviewers.get(decision.who, 0) + 1
            history = self._by_key.setdefault(decision.key, [])
            self._articles.setdefault(decision.article, {}).setdefault(decision.item)
            if decision.what == "undo":
                history[:] = [old for old in history if (old.id, old.who) != (decision.undoes, decision.who)]
            else:
                history.append(decision)
        return list(fresh.values())

    def history(self, key: Key) -> list[Decision]:
        """Decisions and comments about an item, oldest first, without what was taken back."""
        return self._by_key.get(key, [])

    def verdicts(self, key: Key) -> dict[str, Decision]:
        """The last decision of each person, comments aside, in the order in which they were made."""
        found: dict[str, Decision] = {}
        for decision in self.history(key):
            if decision.what != "comment":
                found.pop(decision.who, None)
                found[decision.who] = decision
        return found

    def items(self, article: str) -> Iterator[str]:
        """The ids of all items of an article about which anything was ever decided."""
        yield from self._articles.get(article, ())

    def articles(self) -> Iterator[str]:
        yield from self._articles


def holds(decision: Decision, current: str) -> bool:
    """Whether a decision is about an item that says what has this digest."""
    if decision.what == "add":
        return digest(decision.after) == current
    return digest(decision.before) == current or (decision.what == "correct" and digest(decision.after) == current)


def outcome(decision: Decision, current: str) -> str:
    """What a decision comes to for an item with this digest: accept, reject or correct."""
    if decision.what == "add" or (decision.what == "correct" and digest(decision.after) == current):
        return "accept"
    return decision.what


def same_verdict(one: Decision, other: Decision, current: str) -> bool:
    """Whether two people decided the same; two corrections must come to the same item."""
    ours, theirs = outcome(one, current), outcome(other, current)
    return ours == theirs and (ours != "correct" or digest(one.after) == digest(other.after))
