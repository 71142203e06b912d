"""Cues that are verbs or adjectives."""

from __future__ import annotations

from extractor.text.attribution import phrases
from extractor.text.attribution.boundaries import clause_end, skip_adverbials
from extractor.text.attribution.content import beside, following, preceding
from extractor.text.attribution.event import Event
from extractor.text.attribution.lexis import Entry, entry_at, lexis, words
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.attribution.subjects import first_subject, inverted_subject, next_subject, quoted_before, subject_of

_BE, _LINKING, _BY_DOING = words("be"), words("linking"), words("by_doing")
_COPULAS = _BE | _LINKING
_ACTIVE_OBJECTS = ("np", "as", "predicate", "to", "to-inf", "clause", "that", "ing")  # frames with a passive
_BY = 14  # words behind a passive within which "by" names its source


def _entry(s: Sentence, index: int) -> tuple[Entry, int] | None:
    """The cue verb at `index` and the word behind it."""
    entry = entry_at(s.lowered, index, lexis().verbs)
    return None if entry is None else (entry, index + 1 + len(entry.rest))


def verbal(s: Sentence, index: int, last_subject: Phrase | None) -> Event | None:
    """A finite verb: "Lee said that …", "“…,” said Lee", "…, Lee said", "Lee was told by …"."""
    tags = s.tags
    found = _entry(s, index)
    if found is None:
        return None
    entry, after = found
    start = index
    while start > 0 and tags[start - 1] in "XMR'" and s.words[start - 1] not in ("'", "’"):
        start -= 1
    if start < index and not _BE.isdisjoint(s.lowered[start:index]):
        return _passive(s, start, index, entry)
    if tags[index] == "E" and "X" not in tags[start:index]:
        return None
    if start > 0 and tags[start - 1] == "T":
        return _infinitive(s, start - 1, entry, after, index, last_subject)
    speech = "speech" in entry.frames
    inverted = inverted_subject(s, start, index, after, last_subject) if speech else None
    if inverted is not None:
        return Event((start, after), inverted, preceding(s, start, inverted.end), entry.lemma, "inverted")
    subject, shared = subject_of(s, start, last_subject)
    if subject is None:
        return None
    if speech and (event := _framed(s, subject, shared, (start, after), entry.lemma)) is not None:
        return event
    content = following(s, after, entry.frames, index)
    if content is not None:
        return Event((start, content[0]), subject, content[1], entry.lemma, "shared" if shared else "verb")
    if speech and not shared and subject.start > 1 and tags[subject.start - 1] in ",QU-?":
        behind = skip_adverbials(s, after)
        return Event((start, after), subject, preceding(s, subject.start, behind), entry.lemma, "after")
    return None


def _framed(s: Sentence, subject: Phrase, shared: bool, cue: tuple[int, int], lemma: str) -> Event | None:
    """A verb of speaking whose content does not follow it in its own sentence: it stands before, beside, or later."""
    tags = s.tags
    after = cue[1]
    behind = skip_adverbials(s, after)
    if tags[-1] == ":" and behind == len(s) - 1:
        return Event(cue, subject, [], lemma, "intro")
    last = subject.start > 2 and tags[subject.start - 1] in ",QU" and tags[after : after + 1] == "I"
    if not shared and (quoted_before(s, subject.start, after) or (last and behind >= len(s) - 1)):
        return Event(cue, subject, preceding(s, subject.start, after), lemma, "after")
    if subject.start > 0 and s.lowered[subject.start - 1] == "as":
        return Event(cue, subject, beside(s, subject.start - 1, after), lemma, "as")
    return None


def _passive(s: Sentence, start: int, index: int, entry: Entry) -> Event | None:
    """What is said by somebody is his: "the plan was criticised by Lee", "Lee was told by the bank that …"."""
    tags = s.tags
    by = next(
        (k for k in range(index + 1, min(len(s), index + _BY)) if tags[k] in ".;:?" or s.lowered[k] == "by"), None
    )
    if by is None or s.lowered[by] != "by":
        return _impersonal(s, start, index, entry)
    source, subject = phrases.after(s, by + 1), phrases.before(s, start)
    if source is None or subject is None or entry.frames.isdisjoint(_ACTIVE_OBJECTS):
        return None
    spans = [(subject.start, subject.end)]
    if tags[source.end : source.end + 1] in tuple("tTBIoQ"):
        spans = [(source.end, clause_end(s, source.end, narrow=True))]
    elif by > index + 1:
        spans = [(index + 1, by)]
    return Event((start, by + 1), source, spans, entry.lemma, "passive")


def _impersonal(s: Sentence, start: int, index: int, entry: Entry) -> Event | None:
    """Nobody is named: "it is expected that …", "the jet is said to be …"."""
    after = index + 1
    subject = phrases.before(s, start)
    if entry.lemma not in lexis().impersonal or s.tags[after : after + 1] not in ("t", "T") or subject is None:
        return None
    that = s.tags[after] == "t"
    content = [(after + that, clause_end(s, after + 1))]
    if not (that and s.lowered[subject.head] == "it"):
        content.insert(0, (subject.start, subject.end))
    return Event((start, after), None, content, entry.lemma, "impersonal")


def _infinitive(
    s: Sentence, to: int, entry: Entry, after: int, index: int, last_subject: Phrase | None
) -> Event | None:
    """The governing verb belongs to the cue and has the subject: "went on to say …", "appeared to suggest …"."""
    start = to
    while start > 0 and s.tags[start - 1] in "VCEeRXMJK":
        start -= 1
    if start == to:
        return None
    subject, _ = subject_of(s, start, last_subject)
    content = following(s, after, entry.frames, index)
    if subject is None or content is None:
        return None
    return Event((start, content[0]), subject, content[1], entry.lemma, "infinitive")


def participle(s: Sentence, index: int, last_subject: Phrase | None, last: Event | None) -> Event | None:
    """A verb in -ing: "…, adding that …", "Citing the cost, Lee said …", "is warning that …"."""
    found = _entry(s, index)
    if found is None:
        return None
    entry, after = found
    start = index
    while start > 0 and s.tags[start - 1] in "XR'":
        start -= 1
    subject = _subject_of_participle(s, start, index, entry, last_subject, last)
    content = following(s, after, entry.frames, index) if subject is not None else None
    if content is None:
        return None
    cue_end, spans = content
    if not s.tags[:start].strip("cbR,"):
        first = spans[0][0]
        comma = next((k for k in range(first + 1, len(s) - 1) if s.tags[k] == "," and s.tags[k + 1] in "mPDSN"), None)
        if comma is not None:  # "Welcoming the visit, Lee said …": the main clause is no content
            spans = [(first, comma)]
    return Event((start, cue_end), subject, spans, entry.lemma, "participle")


def _subject_of_participle(
    s: Sentence, start: int, index: int, entry: Entry, last_subject: Phrase | None, last: Event | None
) -> Phrase | None:
    before = s.tags[start - 1 : start]
    if not _BE.isdisjoint(s.lowered[start:index]):
        return subject_of(s, start, last_subject)[0]
    if before == "c" and (last is None or last.rule != "participle"):
        return None
    if before in ("", ",", "c", "-") or (before == "B" and start == index):
        return last_subject or first_subject(s, index) or next_subject(s, index)
    if before == "I" and s.lowered[start - 1] in _BY_DOING:
        return last_subject or first_subject(s, index)
    return phrases.before(s, start) if before in "mNPOK)" and "clause" in entry.frames else None


def adjective(s: Sentence, index: int) -> Event | None:
    """An adjective behind "be": "is confident that …", "remains committed to …"."""
    start = index
    while start > 0 and (s.tags[start - 1] in "XMRV'" or s.lowered[start - 1] in _LINKING):
        start -= 1
    entry = entry_at(s.lowered, index, lexis().adjectives)
    if entry is None or _COPULAS.isdisjoint(s.lowered[start:index]):
        return None
    after = index + 1 + len(entry.rest)
    if s.tags[after : after + 1] not in tuple("tTIoqP"):
        return None
    content = following(s, after, entry.frames, index)
    subject, _ = subject_of(s, start)
    if content is None or subject is None or s.lowered[subject.head] in ("it", "there"):
        return None
    return Event((start, content[0]), subject, content[1], entry.lemma, "adjective")
