"""Cues of one sentence with their source and content: what is attributed to whom, as word spans.

A rule for each way of attributing: a verb with its subject before it ("X said that ..."), inverted or after its content
("...," said X), passive ("was told by X"), participles ("..., adding that ..."), adjectives ("is confident that ..."),
nouns ("X's claim that ..."), prepositions ("according to X") and colons ("X: ...").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.text.attribution import phrases
from extractor.text.attribution.lexis import Entries, Entry, lexis
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence

_PREPOSITIONS = frozenset(["for", "on", "to", "about", "of", "against", "at", "with", "in", "by"])
_BE = frozenset(
    ["is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re", "'m", "’s", "’re", "’m", "isn't", "wasn't", "aren't", "weren't", "isn’t", "wasn’t", "aren’t", "weren’t"]
)
_LINKING = frozenset(["remain", "remains", "remained", "feel", "feels", "felt", "stand", "stands", "stood", "seem", "seems", "seemed"])
_IMPERSONAL = frozenset(
    ["say", "believe", "expect", "report", "think", "allege", "claim", "estimate", "know", "consider", "understand", "assume", "presume", "rumor", "suppose", "fear", "hope", "note", "predict"]
)
_BREAKING = frozenset(["while", "though", "although", "whereas", "after", "as"])
_ADVERBIALS = frozenset(
    ["in", "at", "on", "during", "via", "through", "by", "after", "before", "from", "to", "with", "over", "near", "outside", "inside", "following"]
)


@dataclass(slots=True)
class Event:
    """One attribution. `cue` and `content` are word spans; `source` is None where the sentence names none."""

    cue: tuple[int, int]
    source: Phrase | None
    content: list[tuple[int, int]]
    lemma: str
    rule: str
    speech: bool = False  # the cue may introduce a quotation


def find(s: Sentence) -> list[Event]:
    """All attributions of a sentence, in order of their cues."""
    lex = lexis()
    events: list[Event] = []
    last_subject: Phrase | None = None
    for index, tag in enumerate(s.tags):
        event: Event | None = None
        if tag in "CE":
            event = _verbal(s, index, last_subject)
        elif tag == "G":
            event = _participle(s, index, last_subject, events[-1] if events else None)
        elif tag == "J":
            event = _adjective(s, index)
        elif tag in "NK" and index and s.tags[index - 1] in "'SNe" and s.lower(index) in lex.nouns:
            event = _noun(s, index)
        elif s.lowered[index] in lex.prepositions:
            event = _preposition(s, index)
        if event is None or not (event.content or event.rule == "intro"):
            continue
        if event.source is not None:
            last_subject = event.source
        event.speech = event.speech or any("speech" in entry.frames for entry in entry_at(s, index, lex.verbs))
        if event.rule in ("after", "inverted") and not _settle(s, event, events):
            continue
        events.append(event)
    return events


def _settle(s: Sentence, event: Event, earlier: list[Event]) -> bool:
    """Cuts the content before a frame at the frame before it. False if an earlier cue already has the same quotation."""
    first, end = event.content[0]
    for other in earlier:
        if other.rule in ("after", "inverted") and other.source is not None:
            first = max(first, other.cue[1], other.source.end)
    while first < end and s.tags[first] in ",.:;-cbdR":
        first += 1
    if first >= end:
        return False
    event.content[0] = (first, end)
    for other in earlier:
        other.content = [(start, min(stop, end) if start < end else stop) for start, stop in other.content]
    if s.tags[end - 1] not in "QU":
        return True
    for other in earlier:
        if other.speech and any(start < end <= stop for start, stop in other.content):
            return False
        if other.speech and other.cue[0] < end and other.rule not in ("after", "inverted"):
            event.content[0] = (max(first, other.content[-1][1] if other.content else first), end)
            if event.content[0][0] >= end or other.cue[1] > event.content[0][0]:
                event.content[0] = (end - 1, end)
    return True


def entry_at(s: Sentence, index: int, entries: Entries) -> list[Entry]:
    """The cue entries whose words stand at `index`: those of the longest phrase."""
    found: list[Entry] = []
    for entry in entries.get(s.lower(index), ()):
        length = len(entry.rest)
        if found and length < len(found[0].rest):
            break
        if length == 0 or tuple(s.lower(k) for k in range(index + 1, min(len(s), index + 1 + length))) == entry.rest:
            found.append(entry)
    return found


def _verbal(s: Sentence, index: int, last_subject: Phrase | None) -> Event | None:
    tags = s.tags
    entries = entry_at(s, index, lexis().verbs)
    if not entries:
        return None
    entry = entries[0]
    frames = entry.frames
    after = index + 1 + len(entry.rest)
    start = index
    while start > 0 and tags[start - 1] in "XMR'" and not (tags[start - 1] == "'" and s.words[start - 1] in ("'", "’")):
        start -= 1
    group = tags[start:index]
    if any(s.lower(k) in _BE for k in range(start, index)) and "G" not in tags[index]:
        return _passive(s, start, index, entry)
    if tags[index] == "E" and "X" not in group:
        return None
    if start > 0 and tags[start - 1] == "T":
        return _infinitive(s, start - 1, index, entry, last_subject)
    # inverted: “...,” said Lee
    inverted = _inverted(s, start, index, after, frames)
    if inverted is not None:
        return Event((start, after), inverted, _preceding(s, start, inverted.end), entry.lemma, "inverted")
    subject, shared = subject_of(s, start, last_subject)
    if subject is None:
        return None
    if tags[-1] == ":" and "speech" in frames and _skip(s, after) == len(s) - 1:
        return Event((start, after), subject, [], entry.lemma, "intro")
    if (
        "speech" in frames
        and not shared
        and (
            _quoted_before(s, subject.start, after)
            or (
                subject.start > 2
                and tags[subject.start - 1] in ",QU"
                and tags[after : after + 1] == "I"
                and _skip(s, after) >= len(s) - 1
            )
        )
    ):
        return Event((start, after), subject, _preceding(s, subject.start, after), entry.lemma, "after")
    if subject.start > 0 and "speech" in frames and s.lower(subject.start - 1) == "as":
        return Event((start, after), subject, _beside(s, subject.start - 1, after), entry.lemma, "as")
    content = _following(s, after, frames, index)
    if content is not None:
        cue_end, spans = content
        return Event((start, cue_end), subject, spans, entry.lemma, "shared" if shared else "verb")
    if "speech" in frames and not shared and _stands_after(s, subject, after):
        return Event((start, after), subject, _preceding(s, subject.start, _skip(s, after)), entry.lemma, "after")
    return None


def _quoted_before(s: Sentence, subject: int, after: int) -> bool:
    """Whether a quotation before the subject is what the verb that ends at `after` introduces: "“...,” Lee told us"."""
    tags = s.tags
    quote = subject - 1
    while quote > 0 and tags[quote] in ",-":
        quote -= 1
    if quote > 0 and tags[quote - 1] in "IoNm" and _is_title(s, quote):
        return False
    if quote < 0 or tags[quote] not in "QU" or (tags[quote + 1] == "," and s.closing[quote] not in ",?!…"):
        return False
    if tags[after : after + 1] in ("", ",", ".", ":", "?", ";"):
        return True
    return (s.closing[quote] in ",?!…—-" or tags[quote + 1] in ",-") and tags[after] not in "tQU"


def _is_title(s: Sentence, quote: int) -> bool:
    """Whether a quotation is short and capitalised throughout, like the title of a programme."""
    return quote in s.titles


def _beside(s: Sentence, first: int, after: int) -> list[tuple[int, int]]:
    """The content beside "as Lee put it, ...": behind its comma, or before it."""
    tags = s.tags
    if tags[:first].strip("cbR,"):
        return _preceding(s, first, after) if tags[first - 1] == "," else []
    comma = tags.find(",", after)
    return [(comma + 1, clause_end(s, comma + 1))] if comma >= 0 else []


def subject_of(s: Sentence, start: int, last_subject: Phrase | None = None) -> tuple[Phrase | None, bool]:
    """The subject of a verb group that starts at `start`, and whether it is shared with an earlier verb."""
    tags = s.tags
    at = start
    while at > 0 and tags[at - 1] in "dR":
        at -= 1
        if at > 1 and tags[at] == "d" and tags[at - 1] == "I":
            at -= 1
    if at == 0:
        return None, False
    tag = tags[at - 1]
    if tag == "e" and at < start:
        at, tag = at - 1, tags[at - 2]  # "a poll released Friday shows ..."
    if tag in "cb" or (tag == "," and at > 1 and tags[at - 2] in "Q" and last_subject is not None):
        return last_subject or _first_subject(s, at), True
    if tag in "wt":
        if at > 1 and tags[at - 2] in "NmKQ,)'" and (tag == "w" or tags[at - 2] != ","):
            return Phrase(at - 1, at, at - 1, at), False
        return None, False
    if tag == "O":
        return None, False
    return phrases.before(s, at), False


def _first_subject(s: Sentence, limit: int) -> Phrase | None:
    """The first noun phrase before `limit` that starts the sentence or follows its opening phrase."""
    tags = s.tags
    at = 0
    while at < limit and tags[at] in "cbR,":
        at += 1
    if at < limit and tags[at] in "IBgGe":
        comma = tags.find(",", at, limit)
        at = comma + 1 if comma >= 0 else limit
    chunk = phrases.chunk_starting(s, at) if at < limit else None
    return None if chunk is None else phrases.after(s, at, limit)


def _inverted(s: Sentence, start: int, index: int, after: int, frames: frozenset[str]) -> Phrase | None:
    """The subject behind an inverted verb of speaking, or None."""
    tags = s.tags
    if "speech" not in frames or after >= len(s) or (start > 0 and tags[start - 1] not in ",QU-?"):
        return None
    if start == 0 and tags[after] in "mDSN":
        phrase = phrases.after(s, after)  # "Said Lee: “...”"
        return phrase if phrase is not None and tags[phrase.end : phrase.end + 1] == ":" else None
    if start == 0 or start != index or tags[after] not in "mDSNPU#" or (tags[after] == "P" and tags[start - 1] == ","):
        return None
    if tags[start - 1] == "," and "Q" not in tags[:start] and _before_is_subject(s, start):
        return None
    phrase = phrases.after(s, after)
    if phrase is None:
        return None
    following = tags[phrase.end] if phrase.end < len(s) else "."
    return phrase if following in ".,?Qd-:;IwBcgGTR" else None


def _before_is_subject(s: Sentence, start: int) -> bool:
    """Whether an insertion between commas stands before the verb: "Lee, a lawyer, said Monday ..."."""
    phrase = phrases.before(s, start)
    return phrase is not None and (phrase.start == 0 or s.tags[phrase.start - 1] in ",.bcBt")


def _stands_after(s: Sentence, subject: Phrase, after: int) -> bool:
    """Whether "X said" follows its content: something stands before it, and nothing that could be content behind it."""
    tags = s.tags
    return subject.start > 1 and tags[subject.start - 1] in ",QU-?"


def _preceding(s: Sentence, end: int, after: int) -> list[tuple[int, int]]:
    """The content before word `end`, and its continuation behind the frame, which ends at `after`."""
    tags = s.tags
    if end == 0:
        return [(after + 1, clause_end(s, after + 1))]
    first = 0
    stop = end
    while stop > first and tags[stop - 1] in ",-":
        stop -= 1
    if stop <= first:
        return []
    if tags[stop - 1] == "Q" and stop - first > 1 and (quote_only := _quotes_from(tags, stop)) is not None:
        first = quote_only
    spans = [(first, stop)]
    at = _skip(s, after)
    if at < len(s) and tags[at] in ",:-" and at + 1 < len(s):
        following = tags[at + 1]
        quoted = "Q" in tags[first:stop]
        if following in "QU" or (following in "cb" and quoted and "Q" in tags[at + 2 : at + 8]) or (not quoted and following not in "GgBECe.,cb" and tags[at] == ","):
            spans.append((at + 1, clause_end(s, at + 1)))
    elif at < len(s) and tags[at] == "Q":
        spans.append((at, at + 1))
    return spans


def _quotes_from(tags: str, stop: int) -> int | None:
    """Where the quotation that ends at `stop` starts, if it is one of its own and not part of a clause."""
    first = stop - 1
    return first if tags[first - 1] in ",:.-?" else None


def _following(s: Sentence, after: int, frames: frozenset[str], index: int) -> tuple[int, list[tuple[int, int]]] | None:
    """The end of the cue and the content behind it, for a verb or adjective whose words end at `after`."""
    tags = s.tags
    size = len(tags)
    at = after
    while at < size and tags[at] in "Rd" and tags[at + 1 : at + 2] != "'":
        at += 1
    if at >= size:
        return None
    word = s.lower(at)
    # told reporters (that) ..., urged Lee to ...
    if "to" in frames or "to-inf" in frames:
        content = _addressed(s, at, frames)
        if content is not None:
            return after, content
    tag = tags[at]
    if tag == ":":
        return (
            (at + 1, [(at + 1, clause_end(s, at + 1))]) if at + 1 < size and "speech" in frames | {"speech"} else None
        )
    if tag == "," and at + 1 < size and tags[at + 1] in "QU" and "speech" in frames:
        return after, [(at + 1, clause_end(s, at + 1))]
    if (
        word in ("this", "that", "so", "it", "as")
        and at + 1 < size
        and tags[at + 1] in ".,I?d"
        and tags[at + 2 : at + 3] not in ("Q", "U")
    ):
        return None  # "said this in an interview": the content is elsewhere
    clausal = "clause" in frames or "that" in frames
    if tag == "t" and clausal:
        return after, [(at + 1, clause_end(s, at + 1))]
    if tag == "q" and clausal:
        return after, [(at, clause_end(s, at))]
    if tag == "B" and word == "if" and clausal:
        return after, [(at, clause_end(s, at))]
    if tag == "T" and "inf" in frames:
        return after, [(at, clause_end(s, at, narrow=True))]
    if tag in "gG" and "ing" in frames:
        return after, [(at, clause_end(s, at, narrow=True))]
    if tag in "IoTB" and word in frames and word in _PREPOSITIONS:
        return at + 1, [(at + 1, clause_end(s, at + 1, narrow=True))]
    if tag in "QU" and ("speech" in frames or "np" in frames or clausal):
        return after, [(at, clause_end(s, at))]
    if "clause" in frames and tag in "PDSmNK#eEgGA":
        return after, [(at, clause_end(s, at))]
    if "np" in frames and tag in "PODSmNKQU#eEgG":
        return after, [(at, clause_end(s, at, narrow=True))]
    if "that" in frames and tag in "PDSmN" and _clause_follows(s, at):
        return after, [(at, clause_end(s, at))]
    if "as" in frames and tag in "PODSmNKQU":
        end = clause_end(s, at, narrow=True)
        return (after, [(at, end)]) if _predicates(s, at, end, index) or _object_moved(s, index) else None
    if "as" in frames and word == "as":
        return at + 1, [(at + 1, clause_end(s, at + 1, narrow=True))]
    if tag in "Io" and ("clause" in frames or "that" in frames or "speech" in frames):
        beyond = _skip(s, at)
        if beyond > at and beyond < size and tags[beyond] in "tq:":
            return after, [(beyond + (tags[beyond] != "q"), clause_end(s, beyond + 1))]
        if beyond > at and beyond + 1 < size and tags[beyond] == "," and tags[beyond + 1] in "QU":
            return after, [(beyond + 1, clause_end(s, beyond + 1))]
        if "clause" in frames and tags[at : at + 1] == "I" and _clause_follows(s, at + 1):
            return after, [(at, clause_end(s, at))]
    return None


def _addressed(s: Sentence, at: int, frames: frozenset[str]) -> list[tuple[int, int]] | None:
    """The content behind an addressee, or None where none stands at `at`."""
    tags = s.tags
    size = len(tags)
    if tags[at] not in "PODSmNKQU":
        return None
    person = phrases.after(s, at)
    if person is None:
        return None
    stop = person.end if person.end < size and tags[person.end] in "tTq:,BdI" else phrases.chunk_starting(s, at)[1]  # type: ignore[index]
    beyond = stop
    while beyond < size and tags[beyond] in "Rd":
        beyond += 1
    if beyond >= size:
        return None
    skipped = _skip(s, beyond)
    for place in (beyond, skipped):
        if place >= size:
            continue
        tag = tags[place]
        if tag == "T" and "to-inf" in frames:
            return [(place, clause_end(s, place, narrow=True))]
        if "to" not in frames:
            continue
        if tag in "t:":
            return [(place + 1, clause_end(s, place + 1))]
        if tag in "qP" or (tag == "B" and s.lower(place) == "if"):
            return [(place, clause_end(s, place))]
        if tag == "," and place + 1 < size and tags[place + 1] in "QU":
            return [(place + 1, clause_end(s, place + 1))]
        if tag in "QU":
            return [(place, clause_end(s, place))]
        if tag in "o" or (tag == "I" and s.lower(place) in ("about", "against")):
            return [(place + 1, clause_end(s, place + 1, narrow=True))]
        if tag in "mDSN" and place == beyond and _clause_follows(s, place):
            return [(place, clause_end(s, place))]
    return None


def _clause_follows(s: Sentence, at: int) -> bool:
    """Whether a finite verb stands behind the noun phrase at `at`, so that it starts a clause."""
    phrase = phrases.after(s, at)
    if phrase is None:
        return False
    end = phrase.end
    tags = s.tags
    while end < len(tags) and tags[end] in "Rd":
        end += 1
    return end < len(tags) and tags[end] in "XMVCeQU"


def _predicates(s: Sentence, start: int, end: int, index: int) -> bool:
    """Whether start:end holds an object and what it is called: "Lee a liar", "the plan as weak", "it “wrong”"."""
    tags = s.tags[start:end]
    lemma = s.lower(index)
    if any(s.words[k].lower() == "as" for k in range(start, end)):
        return True
    if not lemma.startswith(
        (
            "call",
            "label",
            "brand",
            "deem",
            "dub",
            "consider",
            "declare",
            "name",
            "term",
            "rate",
            "liken",
            "compar",
            "refer",
        )
    ):
        return False
    thing = phrases.after(s, start, end)
    if thing is None or thing.end >= end:
        return "Q" in tags or "U" in tags
    return tags[thing.end - start] in "DSNQUeEgJRmT"


def _object_moved(s: Sentence, index: int) -> bool:
    """Whether the object stands before the subject: "what she called ...", "a plan that Lee called ..."."""
    subject = phrases.before(s, index)
    return subject is not None and subject.start > 0 and s.tags[subject.start - 1] in "qwt"


def _skip(s: Sentence, at: int) -> int:
    """Behind the adverbials at `at`: "in a statement", "on Friday", "at a rally in Ohio"."""
    tags = s.tags
    size = len(tags)
    while at < size:
        tag = tags[at]
        if tag in "dR#" or (tag == "e" and at + 1 < size and tags[at + 1] in "RdI"):
            at += 1
        elif tag in "IoTB" and s.lower(at) in _ADVERBIALS | {"of", "for"}:
            if at + 1 < size and tags[at + 1] == "d":
                at += 2
                continue
            chunk = phrases.chunk_starting(s, at + 1)
            if chunk is None:
                if at + 2 < size and tags[at + 1] in "gG" and (chunk := phrases.chunk_starting(s, at + 2)):
                    at = chunk[1]
                    continue
                return at
            at = chunk[1]
        else:
            return at
    return at


def clause_end(s: Sentence, start: int, narrow: bool = False) -> int:
    """Where the content that starts at word `start` ends (exclusive), without its closing punctuation.

    It runs to the end of the sentence unless something there belongs to the frame again: a coordinated or participial
    cue, another "X said", "according to". `narrow` is for objects and infinitives, which also end before a new clause.
    """
    tags = s.tags
    size = len(tags)
    at = start
    while at < size:
        tag = tags[at]
        if tag == "(":
            closing = tags.find(")", at, at + 60)
            at = closing + 1 if closing > 0 else at + 1
            continue
        if tag in ".?" and at + 1 >= size:
            break
        if tag == "Q" and _closes(s, at, start):
            at += 1
            break
        if at > start and tag in "Q," and (tag == "," or s.closing[at] == ",") and _ends_at_comma(s, at, narrow):
            at += tag == "Q"
            break
        if at > start and tag in "cb" and _coordinates(s, at, start):
            break
        if at > start and tag in "gI" and s.lower(at) == "according":
            break
        if (
            narrow
            and tag == "B"
            and at > start + 1
            and s.lower(at) in ("because", "after", "while", "although", "though", "when", "before")
        ):
            break
        if narrow and tag in ";":
            break
        at += 1
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


def _ends_at_comma(s: Sentence, comma: int, narrow: bool) -> bool:
    tags = s.tags
    size = len(tags)
    if comma + 1 >= size:
        return True
    following = tags[comma + 1]
    word = s.lower(comma + 1)
    if following == "G" or word == "according":
        return True
    if following == "B" and word in _BREAKING:
        return True
    if following in "cb" and comma + 2 < size:
        third = tags[comma + 2]
        if third in "CG" or (third == "R" and comma + 3 < size and tags[comma + 3] == "C"):
            return True
        if narrow and following == "b":
            return True
        if following == "b" and third in "PmD" and _speaks(s, comma + 2):
            return True
    if narrow and following in "bwgB":
        return following != "w"
    return _is_frame(s, comma + 1)


def _speaks(s: Sentence, at: int) -> bool:
    phrase = phrases.after(s, at)
    return phrase is not None and phrase.end < len(s) and s.tags[phrase.end] == "C"


def _is_frame(s: Sentence, at: int) -> bool:
    """Whether "X said" (or "said X") stands at `at` with nothing behind it that it could introduce."""
    tags = s.tags
    size = len(tags)
    verb = at
    if tags[at] in "PmDSN":
        phrase = phrases.after(s, at)
        if phrase is None:
            return False
        verb = phrase.end
        while verb < size and tags[verb] in "XR":
            verb += 1
    if (
        verb < size
        and verb > at
        and tags[verb] == "G"
        and any("clause" in one.frames for one in lexis().verbs.get(s.lower(verb), ()))
    ):
        return True
    if verb >= size or tags[verb] != "C":
        return False
    if not any("speech" in entry.frames for entry in lexis().verbs.get(s.lower(verb), ())):
        return False
    if verb == at:
        return tags[verb + 1 : verb + 2] in ("m", "D", "S", "N")
    behind = tags[verb + 1 : verb + 2]
    return behind in ("", ".", ",", "d", "I", "?")


def _coordinates(s: Sentence, at: int, start: int) -> bool:
    """Whether a coordinated cue follows that has the same subject as the content's own cue: "said ... and warned ..."."""
    tags = s.tags
    verb = at + 1
    while verb < len(tags) and tags[verb] in "R":
        verb += 1
    if verb >= len(tags) or tags[verb] != "C" or start < 1:
        return False
    cue = next((k for k in range(start - 1, max(-1, start - 12), -1) if tags[k] in "CE"), None)
    if cue is None:
        return False
    return _tense(s.lower(cue)) == _tense(s.lower(verb))


def _tense(word: str) -> str:
    if word.endswith("ing"):
        return "g"
    if word.endswith("s") and not word.endswith("ss"):
        return "s"
    return "p" if word.endswith(("ed", "d", "t", "w", "ew", "ote", "oke")) else "b"


def _passive(s: Sentence, start: int, index: int, entry: Entry) -> Event | None:
    """ "was told by X", "is seen by X as": the source is behind "by"; without one, nothing is attributed to anybody."""
    tags = s.tags
    for at in range(index + 1, min(len(s), index + 14)):
        if tags[at] in ".;:?":
            break
        if s.lower(at) == "by":
            source = phrases.after(s, at + 1)
            subject = phrases.before(s, start)
            if source is None or subject is None:
                return None
            beyond = source.end
            spans = [(subject.start, subject.end)]
            if beyond < len(s) and tags[beyond] in "tTBIoQ":
                spans = [(beyond, clause_end(s, beyond, narrow=True))]
            elif at > index + 1:
                spans = [(index + 1, at)]
            return Event((start, at + 1), source, spans, entry.lemma, "passive")
    return _impersonal(s, start, index, entry)


def _impersonal(s: Sentence, start: int, index: int, entry: Entry) -> Event | None:
    """ "It is expected that ...", "the jet is said to be ...": nobody is named."""
    tags = s.tags
    after = index + 1
    if entry.lemma not in _IMPERSONAL or after >= len(s) or tags[after] not in "tT":
        return None
    subject = phrases.before(s, start)
    if subject is None:
        return None
    content = (after + (tags[after] == "t"), clause_end(s, after + 1))
    whole = (
        [content] if s.lower(subject.head) == "it" and tags[after] == "t" else [(subject.start, subject.end), content]
    )
    return Event((start, after), None, whole, entry.lemma, "impersonal")


def _infinitive(s: Sentence, to: int, index: int, entry: Entry, last_subject: Phrase | None) -> Event | None:
    """ "went on to say ...", "appeared to suggest ...": the governing verb belongs to the cue and has the subject."""
    tags = s.tags
    start = to
    while start > 0 and tags[start - 1] in "VCEeRXMJK":
        start -= 1
    if start == to:
        return None
    subject, shared = subject_of(s, start, last_subject)
    content = _following(s, index + 1 + len(entry.rest), entry.frames, index)
    if subject is None or content is None:
        return None
    return Event((start, content[0]), subject, content[1], entry.lemma, "infinitive")


def _participle(s: Sentence, index: int, last_subject: Phrase | None, last: Event | None) -> Event | None:
    """ ", adding that ...", "Citing the cost, Lee said ...", "is warning that ..."."""
    tags = s.tags
    entries = entry_at(s, index, lexis().verbs)
    if not entries:
        return None
    entry = entries[0]
    after = index + 1 + len(entry.rest)
    start = index
    while start > 0 and tags[start - 1] in "XR'":
        start -= 1
    progressive = any(s.lower(k) in _BE for k in range(start, index))
    if progressive:
        subject, _ = subject_of(s, start, last_subject)
    elif index == 0 or tags[start - 1] in ",c-" or (tags[start - 1] in "B" and start == index):
        subject = last_subject or _first_subject(s, index) or _next_subject(s, index)
        if tags[start - 1 : start] == "c" and (last is None or last.rule != "participle"):
            return None
    elif tags[start - 1] == "I" and s.lower(start - 1) in ("by", "after", "before", "in", "without", "for"):
        subject = last_subject or _first_subject(s, index)
    elif tags[start - 1] in "mNPOK)":
        subject = phrases.before(s, start)
        if subject is not None and "clause" not in entry.frames:
            return None
    else:
        return None
    content = _following(s, after, entry.frames, index)
    if subject is None or content is None:
        return None
    if not tags[:start].strip("cbR,"):
        # "Welcoming the visit, Lee said ...": the main clause is no content
        first = content[1][0][0]
        comma = next(
            (k for k in range(first, len(tags)) if tags[k] in "," and k + 1 < len(tags) and _clause_follows(s, k + 1)),
            None,
        )
        if comma is not None and comma > first:
            content = (content[0], [(first, comma)])
    return Event((start, content[0]), subject, content[1], entry.lemma, "participle")


def _next_subject(s: Sentence, index: int) -> Phrase | None:
    """The subject behind an opening participle: "Citing the cost, Lee said ..."."""
    comma = s.tags.find(",", index)
    return phrases.after(s, comma + 1) if 0 < comma < len(s) - 1 else None


def _adjective(s: Sentence, index: int) -> Event | None:
    tags = s.tags
    start = index
    while start > 0 and (tags[start - 1] in "XMRV'" or s.lower(start - 1) in _LINKING):
        start -= 1
    if not any(s.lower(k) in _BE or s.lower(k) in _LINKING for k in range(start, index)):
        return None
    entries = entry_at(s, index, lexis().adjectives)
    if not entries:
        return None
    entry = entries[0]
    after = index + 1 + len(entry.rest)
    frames = entry.frames
    if after >= len(s) or (tags[after] not in "tTIoqP" and "that" not in frames):
        return None
    content = _following(s, after, frames, index)
    subject, _ = subject_of(s, start, None)
    if content is None or subject is None:
        return None
    if tags[subject.head] == "P" and s.lower(subject.head) in ("it", "there"):
        return None
    return Event((start, content[0]), subject, content[1], entry.lemma, "adjective")


def _noun(s: Sentence, index: int) -> Event | None:
    """ "X's claim that ...", "his plan to ...", "criticism of ... by X"."""
    tags = s.tags
    entries = entry_at(s, index, lexis().nouns)
    after = index + 1
    if not entries or after >= len(s):
        return None
    frames = entries[0].frames
    tag, word = tags[after], s.lower(after)
    if tag == "t" and "clause" in frames:
        content = (after + 1, clause_end(s, after + 1))
    elif tag == "T" and "inf" in frames:
        content = (after, clause_end(s, after, narrow=True))
    elif tag in "IoT" and word in frames:
        content = (after + 1, clause_end(s, after + 1, narrow=True))
    else:
        return None
    start = index
    while start > 0 and tags[start - 1] in "NeEgGJA" and index - start < 3:
        start -= 1
    if start > 0 and tags[start - 1] == "S":
        return Event((index, after), Phrase(start - 1, start, start - 1, start), [content], entries[0].lemma, "noun")
    if start > 0 and tags[start - 1] == "'":
        chunk = phrases.chunk_ending(s, start - 1)
        if chunk is None:
            return None
        return Event((index, after), Phrase(chunk[0], start, chunk[0], start - 1), [content], entries[0].lemma, "noun")
    return None


def _preposition(s: Sentence, index: int) -> Event | None:
    tags = s.tags
    entries = entry_at(s, index, lexis().prepositions)
    if not entries:
        return None
    after = index + 1 + len(entries[0].rest)
    opens = tags[:index].strip("cbR,") == ""
    source = phrases.after(s, after, closed=opens)
    if source is None:
        return None
    if index == 0 or tags[:index].strip("cbR,") == "":
        comma = tags.find(",", source.end)
        if comma < 0:
            return None
        return Event((index, after), source, [(comma + 1, clause_end(s, comma + 1))], "according to", "preposition")
    stop = index
    while stop > 0 and tags[stop - 1] in ",-":
        stop -= 1
    return Event((index, after), source, [(0, stop)], "according to", "preposition") if stop else None


_SIGNED = re.compile(r"(?<=[QU])-(?=[DSm#N]*m)")
_NAME_COLON = re.compile(r"^[DS]?[NmK#]{1,7}(?:[oI][DS]?[Nm]{1,5}){0,2}(?:,[DSNm]{1,8},?)?:")


def colon(s: Sentence) -> Event | None:
    """ "Lee took to Twitter: “...”", and "Lee made this comment:" before a paragraph: the colon alone attributes."""
    tags = s.tags
    at = tags.rfind(":")
    if at < 2 or not (at == len(tags) - 1 or tags[at + 1] in "QU"):
        return None
    subject = _first_subject(s, at)
    if subject is None or subject.end >= at or not any(tag in "XMVCGKe" for tag in tags[subject.end : at]):
        return None
    content = [(at + 1, clause_end(s, at + 1))] if at + 1 < len(tags) else []
    return Event((at, at + 1), subject, content, ":", "colon" if content else "intro")


def labels(s: Sentence) -> Event | None:
    """ "Lee: ..." at the start of a paragraph, and "“...” — Lee" in one."""
    tags = s.tags
    signed = _SIGNED.search(tags) if "-" in tags else None
    if signed is not None:
        source = phrases.after(s, signed.end())
        if source is not None and (source.end >= len(s) - 1 or tags[source.end] == ","):
            return Event(signed.span(), source, [(signed.start() - 1, signed.start())], "", "signed")
    named = _NAME_COLON.match(tags) if s.initial else None
    if named is not None and "m" in tags[: named.end()] and named.end() < len(s):
        source = phrases.after(s, 0)
        if source is not None and source.end == named.end() - 1 and tags[source.head] == "m":
            return Event((source.end, named.end()), source, [(named.end(), len(s))], ":", "label")
    return None
