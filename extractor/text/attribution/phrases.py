"""Noun phrases around a verb: who does it, and who it is addressed to. Light chunking over tags (S. Abney, 1991)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from sys import maxsize
from typing import NamedTuple

from extractor.text.attribution.lexis import words
from extractor.text.attribution.sentences import Sentence

_CHUNK = re.compile(
    r"(?=[PODSdeEgGJNmU#K])"  # most other words are told apart at once
    r"(?:[PO]|(?:[DS]+R?(?:d(?:#(?:,#)?)?)?|d')?[eEgGJ]*[NmU#K]+(?:'R?[eEgGJ]*[NmU#K]+|-[Nm]+)*|[DS]+)"
)
_ATTACHING = words("attaching") | {"by"}
_MAX_APPOSITIVE = 30  # words between commas that may still belong to a subject


class Phrase(NamedTuple):
    """Words start:end of a sentence. `core_start:core_end` is the base noun phrase, without what is attached to it."""

    start: int
    end: int
    core_start: int
    core_end: int

    @property
    def head(self) -> int:
        """Index of the head word."""
        return self.core_end - 1


def chunks(s: Sentence) -> list[tuple[int, int]]:
    """Base noun phrases of a sentence, in order."""
    if s.chunks is None:
        s.chunks = [found.span() for found in _CHUNK.finditer(s.tags)]
    return s.chunks


def chunk_ending(s: Sentence, end: int) -> tuple[int, int] | None:
    """The base noun phrase that ends right before word `end`."""
    found = chunks(s)
    at = bisect_left(found, (end,)) - 1
    if at < 0 or found[at][1] < end:
        return None
    return found[at][0], end  # it may reach further, as a name does that a cue follows


def chunk_starting(s: Sentence, start: int) -> tuple[int, int] | None:
    """The base noun phrase that starts at word `start`."""
    found = chunks(s)
    at = bisect_right(found, (start, maxsize)) - 1
    return (start, found[at][1]) if at >= 0 and found[at][1] > start else None


def before(s: Sentence, end: int) -> Phrase | None:
    """The noun phrase that ends right before word `end`, with its attached phrases, appositives and parentheses."""
    tags = s.tags
    last = end - 1
    if last < 0:
        return None
    if tags[last] == ",":
        return _before_comma(s, last)
    if tags[last] == "-":
        opening = tags.rfind("-", max(0, last - _MAX_APPOSITIVE), last)
        inner = before(s, opening) if opening > 0 else None
        return None if inner is None else Phrase(inner.start, end, inner.core_start, inner.core_end)
    if tags[last] == ")":
        opening = tags.rfind("(", 0, last)
        inner = before(s, opening) if opening > 0 else None
        return None if inner is None else Phrase(inner.start, end, inner.core_start, inner.core_end)
    chunk = chunk_ending(s, end)
    if chunk is None:
        return None
    core = chunk
    start = chunk[0]
    if tags[start] not in "PO":
        start = _coordinated_in_attached(s, start)
    # the head of "the director of the office in Ohio" is "director"
    while start > 1 and tags[core[0]] != "P" and (outer := _governor(s, start)) is not None:
        core, start = outer, outer[0]
    if tags[core[0]] == "O" or _bare_determiner(s, core):
        return None
    if start > 0 and tags[start - 1] in "I" and tags[core[0]] in "DS":
        # "During the debate Trump said": the name after a prepositional phrase is the subject
        split = next((k for k in range(core[1] - 1, core[0], -1) if tags[k] == "m" and tags[k - 1] == "N"), None)
        if split is not None:
            return Phrase(split, end, split, core[1])
    return Phrase(_with_coordination(s, core[0]), end, core[0], core[1])


def _governor(s: Sentence, start: int) -> tuple[int, int] | None:
    """The base noun phrase that the preposition before word `start` attaches to, through a participle if need be:
    "[the director] of …", "[a video] by …", "[a study] released by …", "[observers] in Rome and around …"."""
    tags, preposition = s.tags, s.lowered[start - 1]
    end = start - 1
    if preposition not in _ATTACHING:
        return None
    if tags[end - 1 : end] == "c":
        end -= 1
    participle = tags[end - 1 : end] in ("e", "E")
    outer = chunk_ending(s, end - participle)
    if outer is None or tags[outer[0]] in "PO" or tags[outer[1] - 1] == "#" or _bare_determiner(s, outer):
        return None
    # "the bank was criticised by the minister": a finite verb, not a participle
    return None if participle and outer[0] > 0 and tags[outer[0] - 1] in "cCV" else outer


def _coordinated_in_attached(s: Sentence, start: int) -> int:
    """Where the coordination starts that ends with the phrase at `start`, if a preposition attaches the whole:
    "the adviser on [industry and trade]", "the center at [the institute and the university]"."""
    if start < 3 or s.tags[start - 1] != "c":
        return start
    other = chunk_ending(s, start - 1)
    if other is None or other[0] < 2 or s.lowered[other[0] - 1] not in _ATTACHING:
        return start
    governor = chunk_ending(s, other[0] - 1)
    return start if governor is None or s.tags[governor[0]] in "PO" else other[0]


def _bare_determiner(s: Sentence, chunk: tuple[int, int]) -> bool:
    """Whether a chunk is an article or a possessive without a noun; "this", "many" and the like stand alone."""
    return s.tags[chunk[1] - 1] in "DS" and (
        s.tags[chunk[1] - 1] == "S" or s.lowered[chunk[1] - 1] in ("the", "a", "an", "every", "no")
    )


def _with_coordination(s: Sentence, start: int) -> int:
    """Where "A, B and C" starts, for C starting at `start`."""
    tags = s.tags
    if start < 2 or tags[start - 1] != "c":
        return start
    other = chunk_ending(s, start - 1) if tags[start - 2] != "," else chunk_ending(s, start - 2)
    if other is None:
        return start
    at = other[0]
    while (
        at > 1
        and tags[at - 1] == ","
        and (more := chunk_ending(s, at - 1)) is not None
        and tags[more[0]] == tags[start]
    ):
        at = more[0]
    if at == 0 or tags[at - 1] in ",tB-:;bqQU" or (tags[at - 1] in "CGc" and tags[at] == tags[start]):
        return at
    return start


def _before_comma(s: Sentence, comma: int) -> Phrase | None:
    """The phrase before an insertion that ends at `comma`: "Ann Lee, the minister, …", "Lee, who left in May, …"."""
    tags = s.tags
    at = comma
    while True:
        opening = tags.rfind(",", max(0, at - _MAX_APPOSITIVE), at)
        if opening <= 0:
            return None
        inserted = tags[opening + 1]
        if inserted in "cb" and tags[opening - 1] != ")":
            return None
        inner = before(s, opening) if tags[opening - 1] != "," else None
        if inner is None:
            at = opening
            continue
        # A prepositional phrase before the comma is no subject ("In Ohio, the largest, ...").
        if inner.start > 0 and tags[inner.start - 1] in "I" and inner.core_start == inner.start:
            return None
        end = comma + 1 if inserted in "DSmN#" else inner.end
        return Phrase(inner.start, end, inner.core_start, inner.core_end)


def after(s: Sentence, start: int, limit: int | None = None, closed: bool = False) -> Phrase | None:
    """The noun phrase that starts at word `start`, with its attached phrases and appositives.

    With `closed` an appositive counts only if a comma ends it.
    """
    tags = s.tags
    stop = len(tags) if limit is None else limit
    chunk = chunk_starting(s, start)
    if chunk is None or chunk[0] >= stop or _bare_determiner(s, chunk):
        return None
    core, end = chunk, chunk[1]
    while end < stop:
        tag = tags[end]
        if tag in "oIT" and s.lowered[end] in _ATTACHING:
            more = chunk_starting(s, end + 1)
            if more is None or (tag == "T" and tags[more[0]] not in "Dm"):
                break
            end = more[1]
        elif (
            tag == "c"
            and (more := chunk_starting(s, end + 1)) is not None
            and tags[more[0]] in "mDS"
            and not _finite(tags, more[1])
        ):
            end = more[1]
        elif tag == "(":
            closing = tags.find(")", end, end + 12)
            if closing < 0:
                break
            end = closing + 1
        else:
            break
    if end < stop and tags[end] == "," and end + 1 < stop and tags[end + 1] in "DSNm" and core[1] - core[0] >= 1:
        closing = next((k for k in range(end + 1, min(stop, end + _MAX_APPOSITIVE)) if tags[k] in ",.?;:Q"), stop)
        if not any(tag in "CVXM" for tag in tags[end + 1 : closing]) and (
            not closed or tags[closing : closing + 1] == ","
        ):
            end = closing
    return Phrase(start, end, core[0], core[1])


def _finite(tags: str, at: int) -> bool:
    return at < len(tags) and tags[at] in "CVXMe"


def core_of(s: Sentence, first: int, last: int) -> tuple[int, int]:
    """The base noun phrase that a phrase first:last is built on: of "A and B" the last, of "A of B" the first."""
    at = first
    core = chunk_starting(s, first) or (first, last)
    while (
        core[1] < last
        and s.tags[core[1]] in "c,"
        and (more := chunk_starting(s, core[1] + 1)) is not None
        and more[1] <= last
    ):
        core, at = more, more[0]
    return (at if at != first else core[0]), min(core[1], last)
