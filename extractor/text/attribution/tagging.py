"""Word classes of a sentence: looked up, guessed from the shape of a word, settled by its neighbours (see lexis.py)."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from extractor.text import lexicon
from extractor.text.attribution.lexis import lexis
from extractor.text.attribution.lexis import words as word_set

_TIME_NOUNS, _TIME_DETERMINERS = word_set("time_nouns"), word_set("time_determiners")
_PARTICLES = word_set("particles")
_SETTLED_BY_NEIGHBOURS = _TIME_NOUNS | _PARTICLES
_VERBAL_CLITIC = re.compile(r"z(?<=[PwqtR]z)")  # ’s is a verb behind a pronoun, else a possessive
_INSIDE = frozenset("DPSOoTIcXBtwqbd")  # classes that a capitalised word inside a sentence may have; others are names
_PUNCTUATION = {mark: mark for mark in ",.:;()?"} | {
    "[": "(",
    "]": ")",
    "!": "?",
    "…": "?",
    "...": "?",
    "$": "D",
    "&": "c",
    **dict.fromkeys("%#@", "N"),
    **dict.fromkeys(("—", "–", "―", "-", "--", "---"), "-"),
}


def settle(words: list[str], lowered: list[str], tags: str) -> str:
    """The tags of a sentence, from those that its words have by themselves (`look_up`)."""
    known = lexis().tags
    if words[0][0].isupper() and (first := known.get(lowered[0])) is not None:
        tags = first + tags[1:]
    if tags.count("m") > 0.5 * len(words) and _is_headline(words):
        tags = "".join([known.get(lower, one) if one == "m" else one for lower, one in zip(lowered, tags, strict=True)])
    if "z" in tags:
        tags = _VERBAL_CLITIC.sub("X", tags).replace("z", "'")
    if not _SETTLED_BY_NEIGHBOURS.isdisjoint(lowered):
        tags = _settle_by_words(lowered, list(tags))
    return _resolve(tags, lowered)


def _settle_by_words(lowered: list[str], tags: list[str]) -> str:
    for index, lower in enumerate(lowered):
        if lower in _TIME_NOUNS and tags[index] in "NK" and index and lowered[index - 1] in _TIME_DETERMINERS:
            tags[index - 1] = tags[index] = "d"  # "last week"
        elif lower in _PARTICLES and index and tags[index - 1] == "m" and tags[index + 1 : index + 2] == ["m"]:
            tags[index] = "m"  # "Ursula von der Leyen"
    return "".join(tags)


@lru_cache(maxsize=1 << 15)  # words repeat; the bound keeps a text of nonsense from filling the memory
def look_up(word: str) -> tuple[str, str]:
    """A word in lower case with straight apostrophes, and its class by itself; that of ’s is `z`."""
    return word.lower().replace("’", "'"), _tag(word)


def _tag(word: str) -> str:
    """`z` is ’s, which its neighbour decides."""
    first = word[0]
    if first == "[" and len(word) > 2 and word[1].isalnum():
        word = word[1:].replace("]", "", 1)
        first = word[0]
    if first.isalpha():
        lower = word.lower().replace("’", "'")
        tag = lexis().tags.get(lower)
        if first.isupper() and (tag is None or tag not in _INSIDE or word == "US"):
            return "m"
        if tag is None and "-" in word and not word.islower():
            return "m"  # el-Sisi
        return _guess(lower) if tag is None else tag
    if first in "'’":
        lower = word.lower().replace("’", "'")
        return "z" if lower[1:] == "s" else "M" if lower[1:] == "d" else lexis().tags.get(lower) or "'"
    if first.isdigit() or (first in "$€£¥" and len(word) > 1):
        return "#"
    return "?" if first == "[" and len(word) > 1 else _PUNCTUATION.get(word, "-" if not word.isalnum() else "N")


def _guess(lower: str) -> str:
    if lower.endswith("ly") and len(lower) > 4:
        return "R"
    if lower.endswith("ed") and len(lower) > 4:
        return "e"
    if lower.endswith("ing") and len(lower) > 5:
        return "g"
    return "N"


def _is_headline(words: list[str]) -> bool:
    """Whether nearly all content words are capitalised, verbs among them."""
    longer = [word for word in words if word[0].isalpha() and len(word) > 3]
    if len(longer) < 4 or sum(word[0].isupper() for word in longer) < 0.75 * len(longer):
        return False
    return not any(lexis().tags.get(word, "N") in "CXMV" for word in words)


# A word that is a cue verb or a noun is a noun after these, and a verb after those.
# Each pattern starts with the letter that it is about, and looks back from there: so the search is one for a letter.
_NOUN_AFTER = re.compile(r"K(?:(?<=[DS'Io#]K)|(?<=[DS]eK)|(?<='NK))")
_NO_VERB_AFTER = re.compile(r"V(?:(?<=[DSo'#]V)|(?<=[DS][eJ]V)|(?<=[DS]mV)(?=[XMI,.]))")
_COMPOUND = re.compile(r"V(?<=[DS]NV)")
_VERB_AFTER = re.compile(r"K(?:(?<=[PwMT]K)|(?<=[PwMTX]RK))")
_EITHER = re.compile(r"K(?<=[mNQU)dR,]K)(?=[tTPSDmOQUqNIR#:])")
_OBJECTS = frozenset("tTPSDmOQUq#:")


def _resolve(tags: str, lowered: list[str]) -> str:
    """The tags with the ambiguous ones settled by their neighbours."""
    if "V" in tags:
        tags = _NO_VERB_AFTER.sub("N", tags)
        tags = _COMPOUND.sub(lambda found: "N" if lowered[found.start()] in _noun_like() else "V", tags)
    if "K" in tags:
        tags = _VERB_AFTER.sub("C", tags)
        tags = _NOUN_AFTER.sub("N", tags)
        if "K" in tags:
            tags = _EITHER.sub(lambda found: "C" if _agrees(tags, lowered, found.start()) else "K", tags)
    return tags


@cache
def _noun_like() -> frozenset[str]:
    """Base forms of verbs that behind a noun are the second half of a compound: "the debt deal", "the work force"."""
    return frozenset(lexicon.load("grammar")["forms"]["compounds"].split())


def _agrees(tags: str, lowered: list[str], at: int) -> bool:
    """Whether a word is the verb of the noun before it, and no noun: "reports show", "the party plans to"."""
    following, before = tags[at + 1], tags[at - 1]
    if following == "R":
        return tags[at + 2 : at + 3] in ("C", "t", "T")
    if before in "dR,)":
        return following == "t" or (before in "R," and following in _OBJECTS)
    if following not in _OBJECTS:
        return False
    if before in "mQU":
        return True
    subject = lowered[at - 1]
    plural = subject.endswith("s") and not subject.endswith("ss")
    return plural != lowered[at].endswith("s") or (following == "t" and not plural)
