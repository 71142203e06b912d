"""Actors of an article: from the words that name them to who they are, with the evidence.

"Moscow", "the Russian side" and "the Russian government" are Russia. "The Russian Foreign Ministry" and "President of
Russia Vladimir Putin" stay themselves and are linked to Russia. What an article does not say of a person may be known
from an earlier one. A name that nothing explains stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from extractor.results.ledger.names import Directory, Found, data, fold, slug
from extractor.schema.ledger import Actor, ActorBasis, Mention
from extractor.schema.record import Record, Speaker

_JOINT = re.compile(r"(?<!\s)\s*(?:,|;|&|\band\b)\s*", re.IGNORECASE)
_NAME = r"[A-Z][\w’'-]+(?:\s+(?:[A-Z]\.|[A-Z][\w’'-]+|al|bin|de|van|von))*"
_HERE = "@"  # before the article's id, in the id of an actor that has no name of its own
_SIDES = frozenset({"two sides", "both sides", "parties", "two countries", "both countries", "participants"})
_NEAR = 90  # characters before a person's name in which their office is looked for


@dataclass(frozen=True, slots=True)
class Resolved:
    """One actor of a mention."""

    mention: Mention
    actor: Actor


@cache
def _offices() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words) for kind, words in data("offices").items()}


@cache
def _office_pattern() -> str:
    words = sorted(_offices()["persons"], key=len, reverse=True)
    return r"(?:[\w-]+\s+){0,2}(?:" + "|".join(map(re.escape, words)) + r")s?"


@dataclass
class ArticleActors:
    """The names of one article. `elsewhere` maps persons of earlier articles to their states (ids)."""

    directory: Directory
    record: Record
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._text = self.record.article.text.replace("[", "").replace("]", "")
        self._speakers = {fold(speaker.name): speaker for speaker in self.record.speakers}
        self._persons = self._full_names()
        self._done: dict[str, tuple[Resolved, ...]] = {}

    def resolve(self, mention: str) -> tuple[Resolved, ...]:
        """Who a mention means: nobody for an empty one, several for "Pakistan and Russia"."""
        if mention not in self._done:
            self._done[mention] = tuple(self._resolve(mention.strip()))
        return self._done[mention]

    def persons(self) -> dict[str, str]:
        """Persons and their states, as far as this article tells them."""
        told: dict[str, str] = {}
        for speaker in self.record.speakers:
            if speaker.kind == "person":
                self.resolve(speaker.name)
        for resolved in self._done.values():
            for one in resolved:
                if one.actor.kind == "person" and one.actor.state and one.mention.basis != "elsewhere":
                    told[one.actor.id] = one.actor.state
        return told

    def _resolve(self, mention: str) -> Iterable[Resolved]:
        if not fold(mention):
            return []
        whole = self._single(mention)
        parts = [part for part in _JOINT.split(mention) if part]
        if whole.mention.basis != "written" or len(parts) < 2 or not all(part[0].isupper() for part in parts):
            return [whole]
        return [self._single(part) for part in parts]

    def _single(self, mention: str) -> Resolved:
        for reading in (self._by_name, self._by_office, self._by_body, self._by_person):
            if (resolved := reading(mention)) is not None:
                return resolved
        speaker = self._speakers.get(fold(mention))
        state = self._affiliation(speaker) if speaker else None
        own = f"name:{slug(mention)}"
        actor = Actor(id=own, name=_plain(mention), kind="other", state=state.actor.id if state else None)
        if state and speaker and state.actor.id != own:
            return _resolved(mention, actor, "affiliation", speaker.affiliation)
        return _resolved(mention, actor, "written")

    def _by_name(self, mention: str) -> Resolved | None:
        for name in (mention, re.sub(r"\s*\([^()]*\)", "", mention), *re.findall(r"\(([^()]+)\)", mention)):
            if (found := self.directory.find(name)) is not None:
                return _resolved(mention, found.actor, found.basis, name if name != mention else None)
        return None

    def _by_office(self, mention: str) -> Resolved | None:
        """ "the President", "the two sides": whoever holds the office in this article, else nobody known elsewhere."""
        office = fold(mention)
        if office not in _office_words() and not _is_members(office) and office not in _SIDES:
            return None
        holders = [speaker for speaker in self.record.speakers if fold(speaker.role or "").startswith(office)]
        if len(holders) == 1 and fold(holders[0].name) != office:
            held = self._single(holders[0].name)
            return _resolved(mention, held.actor, "office", holders[0].role)
        id_ = f"name:{slug(mention)}{_HERE}{self.record.article.id}"
        return _resolved(mention, Actor(id=id_, name=_plain(mention), kind="other", state=None), "written")

    def _by_body(self, mention: str) -> Resolved | None:
        """ "the Russian side", "Government of Norvale", "Iraqi Parliament", "SCO Council of Heads of State"."""
        owner, rest = self._owner(mention)
        if owner is None or not rest:
            return None
        body = fold(rest)
        if body in _offices()["state"] or (owner.actor.kind == "organization" and _is_members(body)):
            return _resolved(mention, owner.actor, "government")
        person = re.match(rf"(?:{_office_pattern()}),?\s+(?P<name>{_NAME})$", rest, re.IGNORECASE)
        if person and person["name"][0].isupper():
            return self._person(person["name"], mention, owner, "office", rest)
        if body in _offices()["persons"]:
            return _resolved(mention, owner.actor, "office")
        if owner.actor.kind == "organization":
            return _resolved(mention, owner.actor, "body")
        if any(word in _offices()["bodies"] for word in (body, *body.split())) or rest[0].isupper():
            name = _plain(mention)
            actor = Actor(
                id=f"name:{slug(mention)}", name=name, kind="organization", state=owner.actor.state or owner.actor.id
            )
            return _resolved(mention, actor, "body")
        return _resolved(mention, owner.actor, "people") if owner.basis == "people" else None

    def _owner(self, mention: str) -> tuple[Found | None, str]:
        """The state or body after the last "of", or that the mention starts with, and the rest of the mention."""
        plain = re.sub(r"^the\s+", "", mention, flags=re.IGNORECASE)
        for of in reversed(list(re.finditer(r"\s+of\s+(?:the\s+)?(?=[A-Z])", plain))):
            body, words = plain[: of.start()], plain[of.end() :].split()
            known_office = fold(body.split()[0]) in _office_words()
            for length in range(len(words), 0, -1):
                name = " ".join(words[:length])
                owner = self._state(name.rstrip(","), unknown=known_office and length == len(words))
                if owner is not None:
                    return owner, " ".join([body, *words[length:]])
        words = plain.split()
        for length in range(min(5, len(words) - 1), 0, -1):
            name, rest = " ".join(words[:length]), " ".join(words[length:])
            owner = self._state(name, unknown=name.endswith(("'s", "’s")) and fold(rest) in _office_words())
            if owner is not None:
                return owner, rest
        return None, ""

    def _state(self, name: str, *, unknown: bool = False) -> Found | None:
        """The state or body of a name. With `unknown`, a name that no list has is taken for one."""
        if (found := self.directory.find(name)) is not None:
            return found
        if unknown or fold(name) in self._affiliations():
            plain = _plain(name)
            return Found(Actor(id=f"name:{slug(plain)}", name=plain, kind="other", state=None), "written")
        return None

    def _affiliation(self, speaker: Speaker) -> Found | None:
        """Whom a speaker speaks for: also "the Russian Energy Ministry" leads to its state."""
        if not speaker.affiliation:
            return None
        named = next(self.directory.named(speaker.affiliation), None)
        if named is not None and self.directory.find(speaker.affiliation) is None:
            return Found(named.actor, named.basis)
        return self._state(speaker.affiliation)

    def _affiliations(self) -> frozenset[str]:
        return frozenset(fold(s.affiliation) for s in self.record.speakers if s.affiliation)

    def _by_person(self, mention: str) -> Resolved | None:
        match = re.match(rf"(?:{_office_pattern()}),?\s+(?P<name>{_NAME})$", mention, re.IGNORECASE)
        name = match["name"] if match and match["name"][0].isupper() else mention
        known = self._speakers.get(fold(self._full(name)))
        if not (match or fold(name) in self._persons or (known and known.kind == "person")):
            office = self._office_in_text(name)
            if office is None and f"person:{slug(name)}" not in self.elsewhere:
                return None
        return self._person(name, mention, None, "written", None)

    def _person(
        self, name: str, mention: str, owner: Found | None, basis: ActorBasis, evidence: str | None
    ) -> Resolved:
        full = self._full(name)
        id_ = f"person:{slug(full)}"
        if owner is None:
            owner, basis, evidence = self._state_of(full, id_)
        state = (owner.actor.state or owner.actor.id) if owner else None
        return _resolved(mention, Actor(id=id_, name=_plain(full), kind="person", state=state), basis, evidence)

    def _state_of(self, full: str, id_: str) -> tuple[Found | None, ActorBasis, str | None]:
        speaker = self._speakers.get(fold(full))
        if speaker is not None:
            if (found := self._affiliation(speaker)) is not None:
                return found, "affiliation", speaker.affiliation
            if speaker.role:
                owner, _ = self._owner(speaker.role)
                if owner is not None:
                    return owner, "office", speaker.role
        if (office := self._office_in_text(full)) is not None:
            return office[0], "text", office[1]
        if (state := self.elsewhere.get(id_)) is not None:
            actor = self.directory.actors.get(state)
            name = state.partition(":")[2]
            return Found(actor or Actor(id=state, name=name, kind="other", state=None), "name"), "elsewhere", None
        return None, "written", None

    def _office_in_text(self, name: str) -> tuple[Found, str] | None:
        """The state whose office stands before the name: "President of Kazakhstan N", "Russian Deputy Prime Minister
        N".
        """
        for at in re.finditer(rf"\b{re.escape(name)}\b", self._text):
            before = self._text[max(0, at.start() - _NEAR) : at.start()].rstrip(" ,")
            office_of = rf"\b({_office_pattern()})\s+(?:of|to)\s+(?:the\s+)?([A-Z][\w ’'-]+)$"
            of = re.search(office_of, before, re.IGNORECASE)
            if of and (found := self._state(of[2])) is not None:
                return found, f"{of[0]} {name}"
            if office := re.search(rf"(?P<state>[A-Z][\w’'-]+)\s+(?:{_office_pattern()})$", before, re.IGNORECASE):
                for named in self.directory.named(office[0]):
                    return Found(named.actor, named.basis), f"{office[0]} {name}"
        return None

    def _full_names(self) -> dict[str, str]:
        """The full name for each last name of the article's persons, and for each full name itself."""
        names = [speaker.name for speaker in self.record.speakers if speaker.kind == "person"]
        full: dict[str, str] = {}
        plain = {re.sub(r"[\[\]]", "", name) for name in names}
        for name in sorted(plain, key=lambda name: (-len(name.split()), name)):
            full.setdefault(fold(name), name)
            if len(name.split()) > 1:
                full.setdefault(fold(name.split()[-1]), name)
        for commitment in self.record.commitments:
            for actor in commitment.actors:
                words = actor.split()
                if len(words) > 1 and fold(words[-1]) in full and len(full[fold(words[-1])].split()) == 1:
                    full[fold(words[-1])] = actor
        return full

    def _full(self, name: str) -> str:
        name = re.sub(r"[\[\]]", "", name)
        return self._persons.get(fold(name), name)


@cache
def _office_words() -> frozenset[str]:
    return frozenset().union(*_offices().values())


def _is_members(body: str) -> bool:
    return body in {"member states", "member countries", "members", "countries", "states", "nations", "leaders"}


def nameless(id_: str) -> bool:
    """Whether an actor is nobody outside of its article: "the minister" of one is not that of another."""
    return _HERE in id_


def _plain(mention: str) -> str:
    return re.sub(r"['’]s?$", "", re.sub(r"^the\s+", "", mention.strip(), flags=re.IGNORECASE))


def _resolved(mention: str, actor: Actor, basis: ActorBasis, evidence: str | None = None) -> Resolved:
    state = actor.state if actor.kind != "state" else actor.id
    return Resolved(Mention(text=mention, actor=actor.id, state=state, basis=basis, evidence=evidence), actor)
