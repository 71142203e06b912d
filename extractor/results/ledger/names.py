"""Names of states and of bodies in which states act together: whom "Moscow", "the Russian side" or "the SCO" mean.

States come from pycountry (ISO 3166-1) and data/states.toml, bodies from data/organizations.toml. A user's alias file
wins over both: TOML with one table, `[actors]`, in which each name has the list of its other names.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pycountry

from extractor.errors import ConfigurationError
from extractor.schema.ledger import Actor, ActorBasis

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*|G-?\d+|\d+")
_POSSESSIVE = re.compile(r"['’]s?$")
_LONGEST = 6  # words in a name that is looked for in running text
_BESIDE_A_SEAT = frozenset({"with", "between", "and", "by", "against"})


@dataclass(frozen=True, slots=True)
class Found:
    """Who a name means, and what shows it."""

    actor: Actor
    basis: ActorBasis


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: `text[start:end]`."""

    start: int
    end: int
    actor: Actor
    basis: ActorBasis


def fold(name: str) -> str:
    """A name as it is compared: no case, accents, dots, hyphens, leading article or possessive ending."""
    text = unicodedata.normalize("NFKD", name.replace("’", "'").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char)).replace("ı", "i")
    text = re.sub(r"(?<=\b\w)\.(?=\w?\b)|\.(?=\s|$)", "", text)
    text = " ".join(re.sub(r"[^\w'+]+", " ", text).split())
    return re.sub(r"'s?$", "", text.removeprefix("the "))


def slug(name: str) -> str:
    """A name as part of an id."""
    return re.sub(r"[^\w]+", "-", fold(name)).strip("-")


class Directory:
    """All names known without reading an article."""

    def __init__(self, aliases: Mapping[str, Sequence[str]] | None = None) -> None:
        self._known: dict[str, Found] = {}
        self._acronyms: set[str] = set()
        self.actors: dict[str, Actor] = {}
        for found, names in _builtin():
            self._add(found.actor, found.basis, names)
        for name, others in (aliases or {}).items():
            self._add_alias(name, others)

    def find(self, name: str) -> Found | None:
        """Whom a whole name means. A name that is an acronym ("US", "WHO") must be written as one."""
        key = fold(name)
        if key in self._acronyms and not re.sub(r"[^\w]|^the\s", "", name, flags=re.IGNORECASE).rstrip("s").isupper():
            return None
        return self._known.get(key)

    def named(self, text: str, also: Mapping[str, Actor] | None = None) -> Iterator[Named]:
        """The states and bodies that a text names, in order; a seat ("Moscow") only where it is plainly no place.

        `also` has further actors by their folded names.
        """
        words = list(_WORD.finditer(text))
        index = 0
        while index < len(words):
            if not words[index].group()[0].isupper():
                index += 1
                continue
            for length in range(min(_LONGEST, len(words) - index), 0, -1):
                start, end = words[index].start(), words[index + length - 1].end()
                found = self.find(text[start:end])
                if found is None and also and (actor := also.get(fold(text[start:end]))) is not None:
                    found = Found(actor, "written")
                if found is not None:
                    before = words[index - 1].group().casefold() if index else ""
                    if found.basis != "seat" or before in _BESIDE_A_SEAT:
                        end -= len(match.group()) if (match := _POSSESSIVE.search(text[start:end])) else 0
                        yield Named(start, end, found.actor, found.basis)
                    index += length
                    break
            else:
                index += 1

    def _add(self, actor: Actor, basis: ActorBasis, names: Sequence[str]) -> None:
        self.actors.setdefault(actor.id, actor)
        for name in names:
            key = fold(name)
            if key not in self._known or basis == "alias file":
                self._known[key] = Found(actor, basis)
                if len(name) <= 6 and name.replace(".", "").isupper() and basis != "alias file":
                    self._acronyms.add(key)
                else:
                    self._acronyms.discard(key)

    def _add_alias(self, name: str, others: Sequence[str]) -> None:
        known = self.find(name)
        actor = known.actor if known else Actor(id=f"name:{slug(name)}", name=name, kind="other", state=None)
        self._add(actor, "alias file", [name, *others])


def read_aliases(path: Path) -> dict[str, list[str]]:
    """A user's alias file. Raises ConfigurationError where it is none."""
    hint = 'An alias file is TOML: a table [actors] with lines like "Russia" = ["Moscow", "the Russian side"].'
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is no TOML: {error}", hint=hint) from error
    actors = table.get("actors")
    if not isinstance(actors, dict) or set(table) != {"actors"}:
        raise ConfigurationError(f"{path} needs the table [actors], and no other.", hint=hint)
    for name, others in actors.items():
        if not isinstance(others, list) or not all(isinstance(other, str) for other in others):
            raise ConfigurationError(f"{path}: {name} needs a list of names.", hint=hint)
    return actors


def data(name: str) -> dict[str, Any]:
    """One of the package's own word lists, extractor/results/ledger/data/NAME.toml."""
    return tomllib.loads((files("extractor.results.ledger") / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def _builtin() -> tuple[tuple[Found, tuple[str, ...]], ...]:
    entries: list[tuple[Found, tuple[str, ...]]] = []
    for code, entry in data("states").items():
        country = pycountry.countries.get(alpha_2=code)
        official = [getattr(country, field, None) for field in ("name", "common_name", "official_name")]
        id_ = f"state:{code}"
        actor = Actor(id=id_, name=entry["name"], kind="state", state=id_)
        names = [entry["name"], *entry.get("also", []), *(name for name in official if name and "," not in name)]
        people = [form for word in entry["people"] for form in _forms(word)]
        entries += [(Found(actor, "name"), tuple(names)), (Found(actor, "people"), tuple(people))]
        entries.append((Found(actor, "seat"), tuple(entry["seats"])))
    for name, others in data("organizations")["organizations"].items():
        actor = Actor(id=f"org:{slug(name)}", name=name, kind="organization", state=None)
        entries.append((Found(actor, "name"), (name, *others)))
    order = {"name": 0, "people": 1, "seat": 2}  # where two states share a word, its meaning as a name comes first
    return tuple(sorted(entries, key=lambda entry: order[entry[0].basis]))


def _forms(word: str) -> tuple[str, ...]:
    return (word,) if word.endswith(("s", "sh", "ch", "ese")) else (word, word + "s")
