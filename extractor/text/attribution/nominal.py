"""Cues that are no verbs: nouns with a possessor, prepositions, colons and signatures."""

from __future__ import annotations

import re

from extractor.text.attribution import phrases
from extractor.text.attribution.boundaries import clause_end
from extractor.text.attribution.event import Event
from extractor.text.attribution.lexis import entry_at, lexis, words
from extractor.text.attribution.namelists import names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.attribution.subjects import first_subject

_SIGNED = re.compile(r"(?<=[QU])-(?=[DSm#N]*m)")
_NAME_COLON = re.compile(r"^[DS]?[NmK#]{1,7}(?:[oI][DS]?[Nm]{1,5}){0,2}(?:,[DSNm]{1,8},?)?(?:\([NmeE]{1,4}\))?:")
_NO_LABEL = words("no_label")
_MODIFIERS = 3  # words that may stand between a possessor and the noun


def noun(s: Sentence, index: int) -> Event | None:
    """A noun for what is said or thought, with its possessor: "Lee's claim that …", "his plan to …"."""
    tags = s.tags
    entry = entry_at(s.lowered, index, lexis().nouns)
    after = index + 1
    if entry is None or after >= len(s):
        return None
    tag = tags[after]
    if tag == "t" and "clause" in entry.frames:
        content = (after + 1, clause_end(s, after + 1))
    elif tag == "T" and "inf" in entry.frames:
        content = (after, clause_end(s, after, narrow=True))
    elif tag in "IoT" and s.lowered[after] in entry.frames:
        content = (after + 1, clause_end(s, after + 1, narrow=True))
    else:
        return None
    start = index
    while start > 0 and tags[start - 1] in "NeEgGJ" and index - start < _MODIFIERS:
        start -= 1
    owner = possessor(s, start)
    return None if owner is None else Event((index, after), owner, [content], entry.lemma, "noun")


def possessor(s: Sentence, end: int) -> Phrase | None:
    """Whose the words at `end` are: "his …", "the ministry's …"."""
    if s.tags[end - 1 : end] == "S":
        return Phrase(end - 1, end, end - 1, end)
    chunk = phrases.chunk_ending(s, end - 1) if s.tags[end - 1 : end] == "'" else None
    return None if chunk is None else Phrase(chunk[0], end, chunk[0], end - 1)


def preposition(s: Sentence, index: int) -> Event | None:
    """A preposition before the source: "according to Lee, …", "…, according to Lee"."""
    tags = s.tags
    entry = entry_at(s.lowered, index, lexis().prepositions)
    if entry is None:
        return None
    after = index + 1 + len(entry.rest)
    opens = not tags[:index].strip("cbR,")
    source = phrases.after(s, after, closed=opens)
    if source is None or (entry.lemma == "under" and not (opens and s.lowered[source.head] in names().document)):
        return None
    if opens:
        comma = tags.find(",", source.end)
        content = [(comma + 1, clause_end(s, comma + 1))] if comma >= 0 else []
    else:
        stop = index
        while stop > 0 and tags[stop - 1] in ",-":
            stop -= 1
        content = [(0, stop)]
    return Event((index, after), source, content, entry.lemma, "preposition")


def colon(s: Sentence) -> Event | None:
    """The colon alone attributes: "Lee took to Twitter: “…”", or "Lee made this comment:" before a paragraph."""
    tags = s.tags
    at = tags.rfind(":")
    if at < 2 or tags[at + 1 : at + 2] not in ("", "Q", "U"):
        return None
    subject = first_subject(s, at)
    if subject is None or subject.end >= at or not any(tag in "XMVCGKe" for tag in tags[subject.end : at]):
        return None
    content = [(at + 1, clause_end(s, at + 1))] if at + 1 < len(tags) else []
    return Event((at, at + 1), subject, content, ":", "colon" if content else "intro")


def signature(s: Sentence) -> Event | None:
    """A name behind a dash: "“…” — Lee"."""
    found = _SIGNED.search(s.tags)
    source = phrases.after(s, found.end()) if found is not None else None
    if found is None or source is None or s.tags[source.end : source.end + 1] not in ("", ",", "."):
        return None
    return Event(found.span(), source, [(found.start() - 1, found.start())], "", "signed")


def names_office(s: Sentence) -> bool:
    """Whether the name before a colon has an office with it: "President of Chile Ann Lee: …"."""
    return any(s.lowered[at] in names().titles for at in range(s.tags.index(":")))


def label(s: Sentence) -> Event | None:
    """A name and a colon at the start of a paragraph, as in a transcript: "Lee: …"."""
    found = _NAME_COLON.match(s.tags) if s.initial and ":" in s.tags else None
    if found is None or found.end() >= len(s):
        return None
    source = phrases.after(s, 0)
    end = found.end() - 1
    if s.tags[end - 1] == ")" and source is not None and source.end < end:
        source = source._replace(end=end)  # "Ann Lee (through an interpreter):"
    if source is None or source.end != end or "m" not in s.tags[source.core_start : source.end]:
        return None
    if s.lowered[source.head] in _NO_LABEL:
        return None
    return Event((source.end, found.end()), source, [(found.end(), len(s))], ":", "label")
