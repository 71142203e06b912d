"""Where things end within a sentence: a content, the adverbials behind a cue, a clause."""

from __future__ import annotations

import re

from extractor.text.attribution import phrases
from extractor.text.attribution.lexis import lexis, words
from extractor.text.attribution.sentences import Sentence

_ADVERBIAL, _BREAKING, _ENDING = words("adverbial"), words("breaking"), words("ending")
_NEAR = 12  # words between a cue and a coordinated one that may share its subject
_BRACKET = 60  # words that a bracket may hold
_STOPS, _NARROW_STOPS = re.compile(r"[(Q,cbgI]"), re.compile(r"[(Q,cbgI;B]")  # tags at which a content may end


def skip_adverbials(s: Sentence, at: int) -> int:
    """The word behind the adverbials at `at`: "in a statement", "on Friday", "at a rally in Ohio"."""
    tags = s.tags
    size = len(tags)
    while at < size:
        tag = tags[at]
        if tag in "dR#" or (tag == "e" and tags[at + 1 : at + 2] in ("R", "d", "I")):
            at += 1
        elif tag in "IoTB" and s.lowered[at] in _ADVERBIAL:
            if tags[at + 1 : at + 2] == "d":
                at += 2
                continue
            chunk = phrases.chunk_starting(s, at + 1)
            if chunk is None and tags[at + 1 : at + 2] in ("g", "G"):
                chunk = phrases.chunk_starting(s, at + 2)
            if chunk is None:
                return at
            at = chunk[1]
        else:
            return at
    return at


def clause_follows(s: Sentence, at: int) -> bool:
    """Whether a finite verb (or a quotation that may hold one) stands behind the noun phrase at `at`."""
    phrase = phrases.after(s, at)
    if phrase is None:
        return False
    end = phrase.end
    while s.tags[end : end + 1] in ("R", "d"):
        end += 1
    return end < len(s) and s.tags[end] in "XMVCeQU"


def clause_end(s: Sentence, start: int, narrow: bool = False) -> int:
    """Where the content that starts at word `start` ends (exclusive), without its closing punctuation.

    It runs to the end of the sentence unless something there belongs to the frame again: a coordinated or participial
    cue, another "X said", "according to". `narrow` is for objects and infinitives, which also end before a new clause.
    """
    tags = s.tags
    at = start
    stops = _NARROW_STOPS if narrow else _STOPS
    while (found := stops.search(tags, at)) is not None:
        at = found.start()
        tag = tags[at]
        if tag == "(":
            closing = tags.find(")", at, at + _BRACKET)
            at = closing + 1 if closing > 0 else at + 1
            continue
        if tag == "Q" and _closes(s, at, start):
            at += 1
            break
        if at > start and _ends(s, at, start, narrow):
            at += tag == "Q"
            break
        at += 1
    else:
        at = max(start, len(tags))
    while at > start and tags[at - 1] in ",;:-.?":
        at -= 1
    return at


def _closes(s: Sentence, at: int, start: int) -> bool:
    """Whether the quotation at `at` ends the content that starts at `start`."""
    last = s.closing[at]
    following = s.tags[at + 1] if at + 1 < len(s) else "."
    if last == ",":
        return at == start
    return last in ".?!" and following not in "NVIoTcb,"


def _ends(s: Sentence, at: int, start: int, narrow: bool) -> bool:
    """Whether a content that starts at `start` ends before the word at `at` (behind it, if that is a quotation)."""
    tag = s.tags[at]
    if tag == "," or (tag == "Q" and s.closing[at] == ","):
        return _ends_at_comma(s, at, narrow)
    if tag in "cb":
        return _coordinates(s, at, start, any_tense=tag == "b")
    if tag in "gI" and s.lowered[at] == "according":
        return True
    return narrow and (tag == ";" or (tag == "B" and at > start + 1 and s.lowered[at] in _ENDING))


def _ends_at_comma(s: Sentence, comma: int, narrow: bool) -> bool:
    tags = s.tags
    if comma + 1 >= len(tags):
        return True
    following, word = tags[comma + 1], s.lowered[comma + 1]
    if (
        following == "G"
        or tags[comma + 1 : comma + 3] == "RG"
        or word == "according"
        or (following == "B" and word in _BREAKING)
    ):
        return True
    if narrow and following in "bgB":
        return True
    if following in "cb":
        behind = tags[comma + 2 : comma + 4].removeprefix("R")
        if behind[:1] in ("C", "G"):
            return True
        if following == "b" and behind[:1] in ("P", "m", "D") and _speaks(s, comma + 2):
            return True
    return is_frame(s, comma + 1)


def _speaks(s: Sentence, at: int) -> bool:
    phrase = phrases.after(s, at)
    return phrase is not None and s.tags[phrase.end : phrase.end + 1] == "C"


def is_frame(s: Sentence, at: int) -> bool:
    """Whether "X said", "said X" or "X saying" stands at `at`, and what it introduces does not stand behind it."""
    tags = s.tags
    verb = at
    if tags[at] in "PmDSN":
        phrase = phrases.after(s, at)
        if phrase is None:
            return False
        verb = phrase.end
        while tags[verb : verb + 1] in ("X", "R"):
            verb += 1
    if verb >= len(tags) or tags[verb] not in "CG":
        return False
    frames = {frame for entry in lexis().verbs.get(s.lowered[verb], ()) for frame in entry.frames}
    behind = tags[verb + 1 : verb + 2]
    if tags[verb] == "G":
        return verb > at and "clause" in frames
    if "speech" not in frames:
        return False
    return behind in ("m", "D", "S", "N") if verb == at else behind in ("", ".", ",", "d", "I", "?")


def _coordinates(s: Sentence, at: int, start: int, any_tense: bool) -> bool:
    """Whether a coordinated cue follows that shares the subject of the content's own cue: "said … and warned …"."""
    verb = at + 1
    while s.tags[verb : verb + 1] == "R":
        verb += 1
    if s.tags[verb : verb + 1] != "C" or start < 1:
        return False
    cue = next((k for k in range(start - 1, max(-1, start - _NEAR), -1) if s.tags[k] in "CE"), None)
    return cue is not None and (any_tense or _tense(s.lowered[cue]) == _tense(s.lowered[verb]))


def _tense(word: str) -> str:
    if word.endswith("s") and not word.endswith("ss"):
        return "s"
    return "p" if word.endswith(("d", "t", "w", "ote", "oke")) else "b"
