"""Stances: whom or what a speaker is for or against, from the polarity of cues, of claims and of evaluative words."""

from __future__ import annotations

from extractor.schema.reading import ClaimRead, Position, StanceRead
from extractor.text.attribution import phrases
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution, Mention
from extractor.text.attribution.sentences import Sentence
from extractor.text.rules_reading.cast import Cast, Item
from extractor.text.rules_reading.lists import lists
from extractor.text.rules_reading.wording import trim, words_of

Span = tuple[int, int]

_MAX_TARGET = 14  # words
_NEGATIONS = frozenset(
    ("not", "never", "no", "n't", "isn't", "aren't", "without", "hardly", "don't", "doesn't", "can't", "cannot")
)
_SELF = ("i", "we", "he", "she", "it", "they", "you", "this", "that", "there")


def read_stances(analysis: Analysis, cast: Cast, claims: list[Item[ClaimRead]]) -> list[Item[StanceRead]]:
    """One stance for each speaker and target, in the order in which the article expresses them."""
    found: list[Item[StanceRead]] = []
    for attribution in analysis.attributions:
        item = _from_cue(analysis, cast, attribution)
        if item is not None:
            found.append(item)
    covered = {(item.speaker, item.start) for item in found}
    for claim in claims:
        item = _from_claim(analysis, cast, claim)
        if item is not None and (item.speaker, item.start) not in covered:
            found.append(item)
    unique: dict[tuple[int | None, str], Item[StanceRead]] = {}
    for item in sorted(found, key=lambda item: item.start):
        unique.setdefault((item.speaker, item.read.target.lower()), item)
    return list(unique.values())


def _from_cue(analysis: Analysis, cast: Cast, attribution: Attribution) -> Item[StanceRead] | None:
    """The object of a verb of support or opposition: "the senator criticised the plan"."""
    position = _position(attribution)
    if position is None or attribution.source is None or attribution.cue is None:
        return None
    text, (start, end) = analysis.text, attribution.content[0]
    if text[attribution.cue[1] : start].strip().endswith("that") or text[start] in '“"':
        return None
    s = analysis.sentence_at(start)
    first = next((k for k in range(len(s)) if s.starts[k] >= start), None) if s is not None else None
    target = _target(s, first, end, text) if s is not None and first is not None else None
    begin = min(attribution.source.start, attribution.cue[0], start)
    if text[attribution.source.start : attribution.source.end].lower() in (
        "who",
        "which",
        "that",
        "their",
        "his",
        "her",
        "its",
    ):
        begin = min(attribution.cue[0], start)
    return _stance(
        analysis,
        cast,
        cast.of(_voice(analysis, cast, attribution)),
        (begin, max(end, attribution.cue[1])),
        target,
        position,
    )


def _position(attribution: Attribution) -> Position | None:
    known = lists()
    if attribution.lemma in known.support_verbs:
        return "support"
    return "oppose" if attribution.lemma in known.oppose_verbs else None


def _voice(analysis: Analysis, cast: Cast, attribution: Attribution) -> Mention | None:
    """Who takes the position: in "the envoy said Russia welcomes X" the envoy, for he speaks for Russia."""
    inner = cast.of(attribution.source)
    if attribution.inside is not None and inner is not None:
        outer = analysis.attributions[attribution.inside]
        relay = cast.of(outer.source)
        if relay is not None and cast.speaks_for(relay, inner):
            return _voice(analysis, cast, outer)
    return attribution.source


def _target(s: Sentence, first: int, end: int, text: str) -> str | None:
    """What the words from `first` are about: a noun phrase, or a gerund or infinitive with its object."""
    at = first + (s.tags[first] == "T" and first + 1 < len(s))
    if s.tags[at] in "gGVCK":
        last = next((k for k in range(at, len(s)) if s.starts[k] >= end or s.tags[k] in ",;"), len(s))
        return text[s.starts[at] : s.ends[max(at, min(last, at + _MAX_TARGET) - 1)]]
    phrase = phrases.after(s, at)
    if phrase is None or s.lowered[phrase.head] in _SELF or s.tags[phrase.core_start] == "O":
        return None
    begin = phrase.start
    if s.lowered[phrase.head] in lists().support_nouns and phrase.core_end + 1 < phrase.end:
        begin = phrase.core_end + 1  # "the importance of X" is about X
    stop = min(phrase.end, begin + _MAX_TARGET)
    while stop > begin and s.ends[stop - 1] > end:
        stop -= 1
    return text[s.starts[begin] : s.ends[stop - 1]] if stop > begin else None


def _from_claim(analysis: Analysis, cast: Cast, claim: Item[ClaimRead]) -> Item[StanceRead] | None:
    """A position that a claim expresses: what is demanded or undertaken is supported; the rest is told by its words."""
    read = claim.read
    end = claim.start + len(read.quote)
    s = analysis.sentence_at(claim.start)
    first = next((k for k in range(len(s)) if s.starts[k] >= claim.start), None) if s is not None else None
    if s is None or first is None:
        return None
    last = next((k for k in range(len(s) - 1, -1, -1) if s.ends[k] <= end), first) + 1
    words = set(words_of(read.quote))
    position: Position | None = "oppose" if words & lists().oppose_words else None
    if words & lists().support_words:
        position = None if position is not None else "support"
    if position is not None and words & _NEGATIONS and "not only" not in read.quote:
        position = "oppose" if position == "support" else "support"
    if position is None and read.kind in ("demand", "intention"):
        position = "support"
    if position is None or (read.kind in ("fact", "prediction") and not read.cue):
        return None
    target = _subject_or_object(s, first, last, end, analysis.text, cast, claim.speaker)
    return _stance(analysis, cast, claim.speaker, (claim.start, end), target, position)


def _subject_or_object(
    s: Sentence, first: int, last: int, end: int, text: str, cast: Cast, speaker: int | None
) -> str | None:
    """The subject that is judged, the object where the speaker's side is the subject, or the phrase without a verb."""
    verb = next((k for k in range(first, last) if s.tags[k] in "XMVC"), None)
    if verb is None or s.tags[first] == "T":
        return _target(s, first, end, text)
    subject = phrases.before(s, verb)
    if (
        subject is not None
        and subject.start >= first
        and s.lowered[subject.head] not in _SELF
        and s.tags[subject.core_start] not in "POSwt"
    ):
        words = text[s.starts[subject.start] : s.ends[subject.end - 1]]
        if not _is_self(cast, speaker, words):
            return words
    then = next((k for k in range(verb + 1, last) if s.tags[k] in "DSmNgGVK" and s.tags[k - 1] not in "X"), None)
    return None if then is None else _target(s, then, end, text)


def _is_self(cast: Cast, speaker: int | None, words: str) -> bool:
    if speaker is None:
        return False
    person = cast.people[speaker]
    target = _clean(words)
    return any(own and (target == own or own in target.split(" and ")) for own in (person.name, person.affiliation))


def _stance(
    analysis: Analysis, cast: Cast, speaker: int | None, span: Span, target: str | None, position: Position
) -> Item[StanceRead] | None:
    if speaker is None or target is None or not cast.can_speak(speaker):
        return None
    target = _clean(target)
    if not words_of(target) or _is_self(cast, speaker, target):
        return None
    start, end = trim(analysis.text, *span)
    if end <= start:
        return None
    return Item(
        start, StanceRead(quote=analysis.text[start:end], speaker="", target=target, position=position), speaker
    )


def _clean(target: str) -> str:
    words = target.strip(' ,.;:“”"').split()
    if words and words[0].lower() in ("the", "a", "an", "that", "this", "both"):
        words = words[1:]
    return " ".join(words)
