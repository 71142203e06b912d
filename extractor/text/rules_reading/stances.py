"""Stances: whom or what a speaker is for or against, from the polarity of cues and of evaluative words."""

from __future__ import annotations

from extractor.schema.reading import Position, StanceRead
from extractor.text.attribution import phrases
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution, Mention
from extractor.text.attribution.sentences import Sentence
from extractor.text.rules_reading.wording import Cast, Item, lists, trim, words_of

Span = tuple[int, int]
_MAX_TARGET = 14  # words


def read_stances(analysis: Analysis, cast: Cast) -> list[Item]:
    """One stance for each speaker and target, the first that the article expresses."""
    items: list[Item] = []
    seen: set[tuple[int | None, str]] = set()
    for attribution in analysis.attributions:
        position = _position(attribution)
        found = _by_cue(analysis, attribution) if position is not None else None
        if found is None:
            position, found = _by_words(analysis, attribution)
        if position is None or found is None or attribution.source is None:
            continue
        (start, end), target = found
        speaker = cast.of(_voice(analysis, cast, attribution))
        target = _clean(target)
        if (
            speaker is None
            or not words_of(target)
            or _is_self(cast, speaker, target)
            or (speaker, target.lower()) in seen
        ):
            continue
        seen.add((speaker, target.lower()))
        stance = StanceRead(quote=analysis.whole.text[start:end], speaker="", target=target, position=position)
        items.append(Item(start, stance, speaker))
    return items


def _voice(analysis: Analysis, cast: Cast, attribution: Attribution) -> Mention | None:
    """Who takes the position: in "the envoy said Russia welcomes X" the envoy, for he speaks for Russia."""
    inner = cast.of(attribution.source)
    if attribution.inside is not None and inner is not None:
        outer = analysis.attributions[attribution.inside]
        relay = cast.of(outer.source)
        if relay is not None and cast.speaks_for(relay, inner):
            return _voice(analysis, cast, outer)
    return attribution.source


def _is_self(cast: Cast, speaker: int, target: str) -> bool:
    person = cast.people[speaker]
    return any(
        target == own or target.startswith(f"{own} and ") or target.endswith(f" and {own}")
        for own in (person.name, person.affiliation)
        if own
    )


def _position(attribution: Attribution) -> Position | None:
    known = lists()
    if attribution.lemma in known.support_verbs:
        return "support"
    return "oppose" if attribution.lemma in known.oppose_verbs else None


def _by_cue(analysis: Analysis, attribution: Attribution) -> tuple[Span, str] | None:
    """The object of a verb of support or opposition."""
    text = analysis.whole.text
    if attribution.cue is None or attribution.source is None:
        return None
    start, end = attribution.content[0]
    quote = min(attribution.source.start, attribution.cue[0], start), max(end, attribution.cue[1])
    if text[attribution.cue[1] : start].strip() == "that" or text[start] in '“"':
        return None
    s = analysis.sentence_at(start)
    if s is None:
        return None
    first = next((k for k in range(len(s)) if s.starts[k] >= start), None)
    if first is None:
        return None
    target = _target(s, first, end, text)
    return None if target is None else (trim(text, *quote), target)


def _target(s: Sentence, first: int, end: int, text: str) -> str | None:
    """The noun phrase at word `first`; "the importance of X" is about X."""
    at = first
    if s.tags[at] == "T" and at + 1 < len(s):
        at += 1
    if s.tags[at] in "gGVCK":
        last = next((k for k in range(at, len(s)) if s.starts[k] >= end or s.tags[k] in ",;"), len(s))
        return text[s.starts[at] : s.ends[min(last, at + _MAX_TARGET) - 1]]
    phrase = phrases.after(s, at)
    if phrase is None:
        return None
    if s.tags[phrase.core_start] in "PO" and phrase.core_end - phrase.core_start == 1:
        return None
    begin = phrase.start
    if s.lower(phrase.head) in lists().support_nouns and phrase.core_end + 1 < phrase.end:
        begin = phrase.core_end + 1
    stop = min(phrase.end, begin + _MAX_TARGET)
    while stop > begin and s.ends[stop - 1] > end:
        stop -= 1
    return text[s.starts[begin] : s.ends[stop - 1]] if stop > begin else None


def _by_words(analysis: Analysis, attribution: Attribution) -> tuple[Position | None, tuple[Span, str] | None]:
    """An evaluation of a subject: "the deal is a disgrace", "cooperation looks promising"."""
    text = analysis.whole.text
    known = lists()
    for start, end in attribution.content[:2]:
        for s in analysis.inside(start, end)[:3]:
            first = next((k for k in range(len(s)) if s.starts[k] >= start), 0)
            last = next((k for k in range(len(s) - 1, -1, -1) if s.ends[k] <= end), len(s) - 1) + 1
            verb = next((k for k in range(first, last) if s.tags[k] in "XMV"), None)
            if verb is None:
                continue
            rest = {s.lower(k) for k in range(verb, last)}
            negated = bool(rest & {"not", "never", "no", "n't", "isn't", "aren't"})
            good, bad = rest & known.support_words, rest & known.oppose_words
            if bool(good) == bool(bad):
                continue
            subject = phrases.before(s, verb)
            if subject is None or subject.start < first or s.tags[subject.core_start] in "POSwt":
                continue
            position: Position = "support" if bool(good) != negated else "oppose"
            target = text[s.starts[subject.start] : s.ends[subject.end - 1]]
            return position, (trim(text, s.starts[subject.start], s.ends[last - 1]), target)
    return None, None


def _clean(target: str) -> str:
    words = target.strip(' ,.;:“”"').split()
    if words and words[0].lower() in ("the", "a", "an", "that", "this", "both"):
        words = words[1:]
    return " ".join(words)
