"""What a commitment is about: weighted words, names, acts, matters and amounts of its action.

The weights are fixed, not counted in a corpus: what two texts have in common then depends on these two alone, and a
growing corpus never changes a link that was made. Words that most commitments share ("cooperation") weigh little,
names much.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # it ships no types

from extractor.results.ledger.names import Directory, data

GENERIC, PLAIN, TOPIC, NAME, PLACE = 0.15, 1.0, 1.0, 2.0, 0.5
_BASE = 1.5  # added to every squared length, so that texts of generic words alone are never alike
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")
_AMOUNT = re.compile(
    r"(\d+(?:[.,]\d+)*)(?:\s*[-–]\s*(\d+(?:[.,]\d+)*))?"  # 70, 60–70
    r"\s*(%|percent\b)?\s*((?:[^\W\d_]+\s+){0,2}[^\W\d_]+)?"  # billion cubic metres
)
_SCALES = {"thousand": 1e3, "million": 1e6, "mln": 1e6, "billion": 1e9, "bln": 1e9, "trillion": 1e12}
_STOP_WORDS = """
    a an the of in on at to for from by with and or as is are was were its it their his her this that these those which
    who has have had into over about than then also both all any each such via per not no will would
"""
_STOP = frozenset(_STOP_WORDS.split())
_YEAR = re.compile(r"(?:19|20)\d\d$")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")


@dataclass(frozen=True)
class Lexicon:
    """The word lists, as stems."""

    generic: frozenset[str]
    heads: frozenset[str]
    acts: Mapping[str, frozenset[str]]
    topics: Mapping[str, str]
    events: frozenset[str]
    opposites: frozenset[frozenset[str]]
    markers: Mapping[str, tuple[str, ...]]
    openings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a text is about.

    `weights` maps words (stems), names and matters to their weight; `length` is their norm; `words`
    has one written form for each stem.
    """

    weights: Mapping[str, float]
    words: Mapping[str, str]
    length: float
    names: frozenset[str]
    acts: frozenset[str]
    act: str | None
    topics: frozenset[str]
    amounts: Mapping[str, tuple[float, float]]
    years: frozenset[str]
    ordinals: frozenset[str]

    @property
    def testable(self) -> bool:
        """Whether there is anything in it that one could check."""
        return any(weight >= PLAIN for weight in self.weights.values())


@cache
def lexicon() -> Lexicon:
    """The package's word lists."""
    lists = data("lexicon")
    acts: dict[str, set[str]] = {}
    for act, words in lists["acts"].items():
        for word in words.split():
            acts.setdefault(stem(word), set()).add(act)
    topics = {stem(word): topic for topic, words in lists["topics"].items() for word in words.split()}
    return Lexicon(
        generic=frozenset(stem(word) for word in lists["generic"].split()),
        heads=frozenset(stem(word) for word in lists["heads"].split()),
        acts={word: frozenset(kinds) for word, kinds in acts.items()},
        topics=topics,
        events=frozenset(lists["events"]["acts"]),
        opposites=frozenset(frozenset(pair) for pair in lists["opposites"]["pairs"]),
        markers={
            name: tuple(word.replace("_", " ") for word in words.split()) for name, words in lists["markers"].items()
        },
        openings=tuple(lists["continues"]["openings"]),
    )


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of an English word (Porter2), British spellings as American ones."""
    word = re.sub(r"is(e|ed|es|ing|ation)$", r"iz\1", word.casefold().replace("’", "'"))
    return str(_stemmer().stemWord(word.removesuffix("'s")))


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


def content(text: str, directory: Directory, parties: frozenset[str] = frozenset()) -> Content:
    """What a text is about.

    The `parties` (ids of states, persons and others) are compared on their own and left out; bodies of several states
    count whether they are a party or only named: "the SCO will hold a summit" is near "attend the summit of the SCO".
    """
    lex = lexicon()
    bodies = {party for party in parties if party.startswith("org:")}
    weights = dict.fromkeys(sorted(bodies), NAME)
    names = set(bodies)
    acts: list[frozenset[str]] = []
    words: dict[str, str] = {}
    own = frozenset(stem(word) for party in parties - bodies for word in party.partition(":")[2].split("-"))
    named = [one for one in directory.named(text) if one.actor.kind in ("state", "organization")]
    for index, match in enumerate(_WORD.finditer(text)):
        word = match.group()
        lower = word.casefold().replace("’", "'")
        root = stem(lower)
        words.setdefault(root, word)
        if (one := next((one for one in named if one.start <= match.start() < one.end), None)) is not None:
            if one.actor.kind == "organization":
                weights[one.actor.id] = NAME
                words[one.actor.id] = one.actor.name
                names.add(one.actor.id)
            elif one.actor.id not in parties:
                weights[one.actor.id] = PLACE
        elif lower in _STOP or root in own:
            continue
        elif _is_name(word, index) and root not in lex.generic and root not in lex.heads:
            weights[root] = NAME
            names.add(root)
        elif word[0].isdigit():
            weights[root] = PLAIN / 2
        elif kinds := lex.acts.get(root):
            acts.append(kinds)
            weights[root] = PLAIN / 2
        else:
            weights.setdefault(root, GENERIC if root in lex.generic else PLAIN)
    topics = frozenset(topic for word in weights if (topic := lex.topics.get(word)) is not None)
    kinds_told = frozenset[str]().union(*acts)
    weights |= {f"act:{act}": PLAIN for act in sorted(kinds_told)}
    weights |= {f"topic:{topic}": TOPIC for topic in sorted(topics)}
    return Content(
        weights=weights,
        words={root: word for root, word in words.items() if root in weights},
        length=math.sqrt(_BASE + sum(weight * weight for weight in weights.values())),
        names=frozenset(names),
        acts=kinds_told,
        act=min(acts[0]) if acts else None,
        topics=topics,
        amounts=_amounts(text),
        years=frozenset(word for word in weights if _YEAR.match(word)),
        ordinals=frozenset(_ORDINAL.findall(text)),
    )


def _is_name(word: str, index: int) -> bool:
    return word[0].isupper() and (index > 0 or (len(word) > 1 and word.isupper()))


def _amounts(text: str) -> dict[str, tuple[float, float]]:
    """Amounts by their unit ("60–70 billion cubic metres" is {"cubic metr": (6e10, 7e10)}). Years are none."""
    amounts: dict[str, tuple[float, float]] = {}
    for match in _AMOUNT.finditer(text):
        low, high, percent, words = match.groups()
        if _YEAR.match(low) or text[match.end(1) : match.end(1) + 2] in ("st", "nd", "rd", "th"):
            continue
        unit = [word.casefold() for word in (words or "").split()]
        scale = 1.0
        if unit and unit[0] in _SCALES:
            scale = _SCALES[unit.pop(0)]
        unit = [stem(word) for word in unit if word not in _STOP][:2]
        key = "%" if percent else " ".join(unit)
        if key:
            first = _number(low) * scale
            amounts.setdefault(key, (first, _number(high) * scale if high else first))
    return amounts


def _number(digits: str) -> float:
    return float(digits.replace(",", ""))


def likeness(one: Content, other: Content) -> float:
    """Cosine of the two weighted word vectors, from 0 to 1."""
    return shared(one, other) / (one.length * other.length)


def covered(plan: Content, told: Content) -> float:
    """How much of a plan another text tells, from 0 to 1: the shared weight over the plan's own."""
    own = plan.length * plan.length - _BASE
    return shared(plan, told) / own if own else 0.0


def shared(one: Content, other: Content) -> float:
    """Sum of the products of the weights that both have."""
    short, long = sorted((one.weights, other.weights), key=len)
    return sum(weight * long.get(word, 0.0) for word, weight in short.items())


def in_common(one: Content, other: Content) -> list[str]:
    """The four weightiest words that both have, as one of them writes them; a matter stands for words that differ."""
    shares = {word: weight * other.weights[word] for word, weight in one.weights.items() if word in other.weights}
    both = sorted(shares, key=lambda word: (-shares[word], word))
    written = [other.words[word] for word in both if word in other.words and one.weights[word] > GENERIC]
    matters = [word.partition(":")[2] for word in both if word.startswith("topic:")]
    return (written or matters)[:4]


def specific(one: Content, other: Content) -> bool:
    """Whether two texts share a word that tells which undertaking is meant: a name, a place, a word of its own."""
    return any(
        word in other.weights and (weight >= PLAIN or word.startswith("state:"))
        for word, weight in one.weights.items()
        if not word.startswith(("act:", "topic:"))
    )
