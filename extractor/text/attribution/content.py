"""What is attributed: the words behind a cue, before it, or around it."""

from __future__ import annotations

from extractor.text.attribution import phrases
from extractor.text.attribution.boundaries import clause_end, clause_follows, skip_adverbials
from extractor.text.attribution.event import Words
from extractor.text.attribution.lexis import words
from extractor.text.attribution.sentences import Sentence

_PREPOSITIONS, _ANAPHORIC = words("content_prepositions"), words("anaphoric")
_PREDICATE = "DSNQUeEgJRmT"  # what may be said of an object right behind it


def following(s: Sentence, after: int, frames: frozenset[str], index: int) -> tuple[int, list[Words]] | None:
    """The end of the cue and the content behind it, for the verb or adjective at `index` whose words end at `after`.

    None where nothing that the cue's frames allow stands there.
    """
    tags = s.tags
    at = after
    while tags[at : at + 1] in ("R", "d") and tags[at + 1 : at + 2] != "'":
        at += 1
    if tags[at : at + 2] == "Id" and tags[at + 2 : at + 3] in ("D", "m", "P", "S", "t", "N"):
        at += 2  # "said in May the bank would …"
    if at >= len(tags):
        return None
    if "to" in frames or "to-inf" in frames:
        content = _addressed(s, at, frames)
        if content is not None:
            return after, [content]
    if s.lowered[at] in _ANAPHORIC and _refers_back(s, at + 1):
        return None  # "said this in an interview": the content is elsewhere
    return _introduced(s, at, after, frames) or _governed(s, at, after, frames) or _objects(s, at, after, frames, index)


def _refers_back(s: Sentence, at: int) -> bool:
    """Whether nothing but adverbials stands behind a pronoun that ends at word `at`."""
    if s.tags[at - 1] == "t":
        return s.tags[at : at + 1] in ("", ".", "?")
    behind = skip_adverbials(s, at)
    return s.tags[behind : behind + 1] in ("", ".", "?", "U", ",") and s.tags[behind + 1 : behind + 2] != "Q"


def _introduced(s: Sentence, at: int, after: int, frames: frozenset[str]) -> tuple[int, list[Words]] | None:
    """A content that a colon, a comma, a conjunction or its own mark introduces."""
    tags = s.tags
    tag = tags[at]
    if tag == ":":
        return (after, [(at + 1, clause_end(s, at + 1))]) if at + 1 < len(tags) else None
    if tag == "," and tags[at + 1 : at + 2] in ("Q", "U") and "speech" in frames:
        return after, [(at + 1, clause_end(s, at + 1))]
    clausal = "clause" in frames or "that" in frames
    if clausal and tag == "t":
        return after, [(at + 1, clause_end(s, at + 1))]
    if clausal and (tag == "q" or s.lowered[at] == "if"):
        return after, [(at, clause_end(s, at))]
    if tag in "QU" and not (at in s.titles and tag == "U"):  # not "read “War and Peace”"
        return (after, [(at, clause_end(s, at))]) if clausal or "speech" in frames or "np" in frames else None
    return None


def _governed(s: Sentence, at: int, after: int, frames: frozenset[str]) -> tuple[int, list[Words]] | None:
    """An infinitive, a gerund or the object of a preposition."""
    tag, word, then = s.tags[at], s.lowered[at], s.tags[at + 1 : at + 2]
    as_object = tag == "T" and "to" in frames and "inf" in frames and then in ("g", "G", "D", "S", "m", "N")
    if tag in "IoTB" and word in frames and word in _PREPOSITIONS and (as_object or tag != "T" or "inf" not in frames):
        return at + 1, [(at + 1, clause_end(s, at + 1, narrow=True))]
    if (tag == "T" and "inf" in frames) or (tag in "gG" and "ing" in frames):
        return after, [(at, clause_end(s, at, narrow=True))]
    if word == "as" and "as" in frames:
        return at + 1, [(at + 1, clause_end(s, at + 1, narrow=True))]
    return None


def _objects(s: Sentence, at: int, after: int, frames: frozenset[str], index: int) -> tuple[int, list[Words]] | None:
    """A clause without a conjunction, an object, an object with its predicate."""
    tags = s.tags
    tag = tags[at]
    if "clause" in frames and tag in "PDSmNKV#eEgG":
        return after, [(at, clause_end(s, at))]
    if "np" in frames and tag in "PODSmNK#eEgG":
        return after, [(at, clause_end(s, at, narrow=True))]
    if "that" in frames and tag in "PDSmN" and clause_follows(s, at):
        return after, [(at, clause_end(s, at))]
    if tag in "PODSmNKQU" and ("as" in frames or "predicate" in frames):
        end = clause_end(s, at, narrow=True)
        found = _predicates(s, at, end, "predicate" in frames) or _object_moved(s, index)
        return (after, [(at, end)]) if found else None
    if tag in "Io" and not frames.isdisjoint(("clause", "that", "speech")):
        beyond = skip_adverbials(s, at)
        then = tags[beyond : beyond + 1]
        if beyond > at and (then in ("t", ":") or (then == "," and tags[beyond + 1 : beyond + 2] in ("Q", "U"))):
            return after, [(beyond + 1, clause_end(s, beyond + 1))]
        if beyond > at and then == "q":
            return after, [(beyond, clause_end(s, beyond))]
        if "clause" in frames and tag == "I" and clause_follows(s, at + 1):
            return after, [(at, clause_end(s, at))]
    return None


def _addressed(s: Sentence, at: int, frames: frozenset[str]) -> Words | None:
    """The content behind an addressee at word `at`: "told reporters in Rome that …", "urged Lee to …"."""
    tags = s.tags
    base = phrases.chunk_starting(s, at)
    person = phrases.after(s, at)
    if tags[at] not in "PODSmNKQU" or person is None or base is None:
        return None
    beyond = person.end if tags[person.end : person.end + 1] in tuple("tTq:,BdI") else base[1]
    while tags[beyond : beyond + 1] in ("R", "d"):
        beyond += 1
    for place in (beyond, skip_adverbials(s, beyond)):
        if place >= len(tags):
            break
        tag, then = tags[place], tags[place + 1 : place + 2]
        if tag == "T" and "to-inf" in frames:
            return place, clause_end(s, place, narrow=True)
        if "to" not in frames:
            continue
        if tag in "t:" or (tag == "," and then in ("Q", "U")):
            return place + 1, clause_end(s, place + 1)
        if (
            tag in "qPQU"
            or s.lowered[place] == "if"
            or (tag in "mDSN" and place == beyond and clause_follows(s, place))
        ):
            return place, clause_end(s, place)
        if s.lowered[place] in ("of", "about", "against"):
            return place + 1, clause_end(s, place + 1, narrow=True)
    return None


def _predicates(s: Sentence, start: int, end: int, bare: bool) -> bool:
    """Whether start:end holds an object and what is said of it: "the plan as weak"; with `bare` also "Lee a liar"."""
    if any(s.lowered[k] == "as" for k in range(start, end)):
        return True
    if not bare:
        return False
    thing = phrases.after(s, start, end)
    if thing is None or thing.end >= end:
        return any(tag in "QU" for tag in s.tags[start:end])
    return s.tags[thing.end] in _PREDICATE


def _object_moved(s: Sentence, index: int) -> bool:
    """Whether the object stands before the subject: "what she called …", "a plan that Lee called …"."""
    subject = phrases.before(s, index)
    return subject is not None and subject.start > 0 and s.tags[subject.start - 1] in "qwt"


def preceding(s: Sentence, end: int, after: int) -> list[Words]:
    """The content before the frame, which starts at word `end` and ends at `after`, and its continuation behind it."""
    tags = s.tags
    if end == 0:
        return [(after + 1, clause_end(s, after + 1))]  # "Said Lee: “…”"
    stop = end
    while stop > 0 and tags[stop - 1] in ",-":
        stop -= 1
    if stop == 0:
        return []
    # A quotation of its own is the whole content; one inside a clause is part of it.
    first = stop - 1 if tags[stop - 1] == "Q" and stop > 1 and tags[stop - 2] in ",:.-?" else 0
    spans = [(first, stop)]
    at = skip_adverbials(s, after)
    tag, then = tags[at : at + 1], tags[at + 1 : at + 2]
    if tag == "Q":
        spans.append((at, at + 1))
    elif tag and tag in ",:-" and then:
        quoted = "Q" in tags[first:stop]
        goes_on = "Q" in tags[at + 2 : at + 8] if then in "cb" else then not in "GgBECe." and tag == ","
        if then in "QU" or (goes_on and quoted == (then in "cb")):
            spans.append((at + 1, clause_end(s, at + 1)))
    return spans


def beside(s: Sentence, first: int, after: int) -> list[Words]:
    """The content beside "as Lee put it", which starts at word `first`: behind its comma, or before it."""
    tags = s.tags
    if tags[:first].strip("cbR,"):
        return preceding(s, first, after) if tags[first - 1] == "," else []
    comma = tags.find(",", after)
    return [(comma + 1, clause_end(s, comma + 1))] if comma >= 0 else []
