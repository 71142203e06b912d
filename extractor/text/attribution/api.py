"""The public face of the package: attributions and speakers as plain values."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from extractor.text.attribution import phrases, reader, speakers
from extractor.text.attribution.naming import Kind
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.reader import Found, Text
from extractor.text.attribution.sentences import Sentence
from extractor.text.attribution.speakers import Registry

Span = tuple[int, int]
Delivery = Literal["direct", "indirect", "mixed"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a source stands (code points, end exclusive) and who it is: the speaker's fullest name, if it was resolved.

    `speaker` is the index of the speaker in `find_speakers`, None where a pronoun could not be resolved.
    """

    start: int
    end: int
    name: str
    speaker: int | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody is said to have said, thought or wanted something. Spans are code points, end exclusive.

    `content` has more than one span where the frame interrupts it ("“A,” said X, “B.”") or a quotation goes on in a
    later sentence. `via` are the sources of the attributions around this one, outermost first. `lemma` is the cue's base
    form, "" where there is no word; `rule` is the way of attributing that was recognised (see events.py). `inside` is the position in the list of the attribution whose content holds this one.
    """

    source: Mention | None
    cue: Span | None
    content: tuple[Span, ...]
    delivery: Delivery
    via: tuple[Mention, ...]
    lemma: str
    rule: str
    inside: int | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source with the fullest name, role and affiliation that the article gives, and where it stands as a source."""

    name: str
    role: str | None
    affiliation: str | None
    kind: Kind
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that one pass over an article finds."""

    whole: Text
    attributions: tuple[Attribution, ...]
    speakers: tuple[Speaker, ...]
    registry: Registry

    def around(self, place: int) -> Attribution | None:
        """The innermost attribution whose content holds the character at `place`."""
        found: Attribution | None = None
        for attribution in self.attributions:
            if any(start <= place < end for start, end in attribution.content):
                found = attribution
        return found

    def sentence_at(self, place: int) -> Sentence | None:
        """The innermost sentence with a word at `place`."""
        found: Sentence | None = None
        for s in (*self.whole.sentences, *self.whole.inner):
            if s.starts[0] <= place < s.ends[-1] and (found is None or s.level >= found.level):
                found = s
        return found

    def inside(self, start: int, end: int) -> list[Sentence]:
        """The sentences of start:end: those inside its quotation, if it is one, else those outside of quotations."""
        quoted = next((pair for pair in self.whole.pairs if pair.outer_start == start and pair.outer_end >= end - 1), None)
        if quoted is not None:
            return [s for s in self.whole.inner if s.level == quoted.level + 1 and quoted.start <= s.starts[0] < quoted.end]
        return [s for s in (*self.whole.sentences, *self.whole.inner) if s.starts[0] < end and s.ends[-1] > start and self._same_level(s, start)]

    def _same_level(self, s: Sentence, start: int) -> bool:
        return s.level == sum(pair.start <= start < pair.end for pair in self.whole.pairs)

    def phrase_at(self, start: int, end: int) -> tuple[Sentence, Phrase] | None:
        """The noun phrase at start:end with its sentence."""
        s = self.sentence_at(start)
        if s is None or start not in s.starts:
            return None
        first = s.starts.index(start)
        last = next((k for k in range(len(s) - 1, -1, -1) if s.ends[k] <= end), first) + 1
        base = phrases.after(s, first, last)
        return (s, Phrase(first, last, first, last)) if base is None else (s, Phrase(first, max(last, base.core_end), *phrases.core_of(s, first, last)))


def find_attributions(text: str) -> list[Attribution]:
    """All attributions of an article in order of their content, nested ones included."""
    return list(analyse(text).attributions)


def find_speakers(text: str) -> list[Speaker]:
    """The sources of an article in order of appearance."""
    return list(analyse(text).speakers)


@lru_cache(maxsize=4)  # quotations, attributions and speakers of one article are mostly asked for together
def analyse(text: str) -> Analysis:
    """One pass over an article."""
    whole = reader.read(text)
    registry = speakers.resolve(whole)
    cited = sorted((one for one in registry.speakers if one.spans), key=lambda one: min(one.spans))
    index = {id(one): at for at, one in enumerate(cited)}
    quoted = [(pair.outer_start, pair.outer_end) for pair in whole.pairs if pair.level == 0]

    def mention(found: Found) -> Mention | None:
        speaker = registry.of.get(id(found))
        if found.source is None:
            return None
        name = whole.text[found.source[0] : found.source[1]] if speaker is None else speaker.name
        return Mention(*found.source, name, None if speaker is None else index.get(id(speaker)))

    place = {id(found): at for at, found in enumerate(whole.found)}
    attributions = []
    for found in whole.found:
        relays = [relay for outer in reader.walk(found) if (relay := mention(outer)) is not None]
        source = mention(found)
        via = _distinct(relays[::-1], source)
        inside = place[id(found.inside)] if found.inside is not None else None
        content = tuple(found.content)
        attributions.append(
            Attribution(source, found.cue, content, _delivery(content, quoted, found.level), via, found.lemma, found.rule, inside)
        )
    public = tuple(Speaker(one.name, one.role, one.affiliation, one.kind, tuple(sorted(one.spans))) for one in cited)
    return Analysis(whole, tuple(attributions), public, registry)


def _distinct(relays: list[Mention], source: Mention | None) -> tuple[Mention, ...]:
    seen = {source.name} if source is not None else set()
    return tuple(relay for relay in relays if not (relay.name in seen or seen.add(relay.name)))  # type: ignore[func-returns-value]


def _delivery(content: tuple[Span, ...], quoted: list[Span], level: int) -> Delivery:
    """Direct if all but a few characters stand in quote marks, mixed if some do."""
    if level > 0:
        return "direct"
    total = sum(end - start for start, end in content)
    inside = 0
    for start, end in content:
        inside += sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in _around(quoted, start, end))
    if inside >= 0.9 * total:
        return "direct"
    return "mixed" if inside else "indirect"


def _around(quoted: list[Span], start: int, end: int) -> list[Span]:
    first = max(0, bisect_left(quoted, (start, start)) - 1)
    last = bisect_left(quoted, (end, end))
    return quoted[first:last]
