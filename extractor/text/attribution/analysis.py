"""One pass over an article, kept so that quotations, attributions, speakers and plans can ask it what stands where."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property, lru_cache

from extractor.text.attribution import phrases, reader, speakers
from extractor.text.attribution.article import Found, walk
from extractor.text.attribution.coreference import meant
from extractor.text.attribution.marks import Pair
from extractor.text.attribution.model import Attribution, Delivery, Mention, Source, Span
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.registry import Speaker
from extractor.text.attribution.sentences import Sentence
from extractor.text.dates import DateSpan, find_dates

_CUE = 80  # code points that a cue may have


class Intervals:
    """Which of many intervals is the innermost at a place. Where two cross, the one that starts later counts."""

    def __init__(self, intervals: Iterable[tuple[int, int, int]]) -> None:
        """`intervals` are (start, end, value) with the end exclusive; of two with one start the longer is the outer."""
        self._starts: list[int] = []
        self._values: list[int | None] = []
        around: list[tuple[int, int]] = []
        for start, end, value in sorted(intervals, key=lambda one: (one[0], -one[1])):
            self._close(around, start)
            around.append((end, value))
            self._mark(start, value)
        self._close(around, None)

    def _close(self, around: list[tuple[int, int]], until: int | None) -> None:
        while around and (until is None or around[-1][0] <= until):
            end, _ = around.pop()
            while around and around[-1][0] <= end:
                around.pop()
            self._mark(end, around[-1][1] if around else None)

    def _mark(self, place: int, value: int | None) -> None:
        if self._starts and self._starts[-1] == place:
            self._values[-1] = value
        else:
            self._starts.append(place)
            self._values.append(value)

    def at(self, place: int) -> int | None:
        """The value of the innermost interval that holds `place`."""
        index = bisect_right(self._starts, place) - 1
        return self._values[index] if index >= 0 else None


class Analysis:
    """Everything that one pass over an article finds. Treat it as read-only: it is shared between callers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.whole = reader.read(text)
        self.registry = speakers.resolve(self.whole)
        self._cited = sorted([one for one in self.registry.speakers if one.spans], key=lambda one: min(one.spans))
        self._number = {id(one): at for at, one in enumerate(self._cited)}
        self.attributions = self._attributions()

    @cached_property
    def speakers(self) -> tuple[Source, ...]:
        """The sources in order of appearance."""
        return tuple(
            [Source(one.name, one.role, one.affiliation, one.kind, tuple(sorted(one.spans))) for one in self._cited]
        )

    @cached_property
    def dates(self) -> list[DateSpan]:
        """All dates of the text, those outside of every statement too."""
        return find_dates(self.text)

    def _attributions(self) -> tuple[Attribution, ...]:
        mentions: dict[int, Mention | None] = {id(found): self._mention(found) for found in self.whole.found}
        place = {id(found): at for at, found in enumerate(self.whole.found)}
        made = []
        for found in self.whole.found:
            source, content = mentions[id(found)], tuple(found.content)
            via: tuple[Mention, ...] = ()
            inside: int | None = None
            if found.inside is not None:
                relays = [relay for outer in walk(found) if (relay := mentions[id(outer)]) is not None]
                via, inside = _distinct(relays[::-1], source), place[id(found.inside)]
            delivery = self._delivery(content, found.level)
            made.append(
                Attribution(source, found.cue, content, delivery, via, found.lemma, found.rule, found.level > 0, inside)
            )
        return tuple(made)

    def _mention(self, found: Found) -> Mention | None:
        if found.source is None:
            return None
        speaker = self.registry.of.get(id(found))
        name = self.text[slice(*found.source)] if speaker is None else speaker.name
        return Mention(*found.source, name, None if speaker is None else self._number.get(id(speaker)))

    def _delivery(self, content: tuple[Span, ...], level: int) -> Delivery:
        """Direct if all but a few characters stand in quote marks, mixed if some do."""
        if level > 0:
            return "direct"
        inside = whole = 0
        for start, end in content:
            inside += self.quoted_part(start, end)
            whole += end - start
        if inside >= 0.9 * whole:
            return "direct"
        return "mixed" if inside else "indirect"

    @cached_property
    def _outer_pairs(self) -> list[Span]:
        return [(pair.outer_start, pair.outer_end) for pair in self.whole.pairs if pair.level == 0]

    def quoted_part(self, start: int, end: int) -> int:
        """How many characters of start:end stand in quote marks."""
        pairs = self._outer_pairs
        first = max(0, bisect_left(pairs, (start, start)) - 1)
        last = bisect_left(pairs, (end, end))
        if first == last:
            return 0
        return sum([max(0, min(end, stop) - max(start, begin)) for begin, stop in pairs[first:last]])

    @cached_property
    def _contents(self) -> Intervals:
        return Intervals((start, end, at) for at, one in enumerate(self.attributions) for start, end in one.content)

    def around(self, place: int) -> Attribution | None:
        """The innermost attribution whose content holds the character at `place`."""
        found = self._contents.at(place)
        return None if found is None else self.attributions[found]

    @cached_property
    def _by_cue(self) -> list[tuple[int, int]]:
        return sorted((one.cue[0], at) for at, one in enumerate(self.attributions) if one.cue is not None)

    def inside_of(self, span: Span) -> list[Attribution]:
        """The attributions whose cue touches `span`, in order of their cues."""
        first = bisect_left(self._by_cue, (span[0] - _CUE, -1))
        found = []
        for start, at in self._by_cue[first:]:
            one = self.attributions[at]
            if start >= span[1]:
                break
            if one.cue is not None and one.cue[1] > span[0]:
                found.append(one)
        return found

    @cached_property
    def _levels(self) -> list[tuple[list[int], list[Sentence]]]:
        """For each depth of quotation the sentences, which do not overlap, and where they start."""
        levels: list[list[Sentence]] = [list(self.whole.sentences)]
        for s in self.whole.inner:
            while len(levels) <= s.level:
                levels.append([])
            levels[s.level].append(s)
        for level in levels[1:]:
            level.sort(key=lambda s: s.starts[0])
        return [([s.starts[0] for s in level], level) for level in levels]

    def sentence_at(self, place: int) -> Sentence | None:
        """The innermost sentence that holds the character at `place`."""
        for starts, level in reversed(self._levels):
            index = bisect_right(starts, place) - 1
            if index >= 0 and place < level[index].ends[-1]:
                return level[index]
        return None

    def starting_in(self, begin: int, stop: int) -> list[Sentence]:
        """The sentences that start within begin:stop, in order, at the outermost depth that has any there."""
        for starts, level in self._levels:
            found = level[bisect_left(starts, begin) : bisect_left(starts, stop)]
            if found:
                return found
        return []

    @cached_property
    def _pairs(self) -> dict[int, Pair]:
        return {pair.outer_start: pair for pair in self.whole.pairs}

    @cached_property
    def _depths(self) -> Intervals:
        return Intervals((pair.start, pair.end, pair.level + 1) for pair in self.whole.pairs)

    def inside(self, start: int, end: int) -> list[Sentence]:
        """The sentences of start:end: those inside of its quotation, if it is one, else those at its own depth."""
        pair = self._pairs.get(start)
        if pair is not None and pair.outer_end >= end - 1:
            depth, start, end = pair.level + 1, pair.start, pair.end
        else:
            depth = self._depths.at(start) or 0
        if depth >= len(self._levels):
            return []
        starts, level = self._levels[depth]
        first = max(0, bisect_right(starts, start) - 1)
        return [s for s in level[first : bisect_left(starts, end)] if s.ends[-1] > start]

    def who(self, s: Sentence, phrase: Phrase) -> Speaker | None:
        """Whom a noun phrase means, a source or not."""
        return meant(self.registry, s, phrase)

    def phrase_at(self, start: int, end: int) -> tuple[Sentence, Phrase] | None:
        """The noun phrase at start:end with its sentence."""
        s = self.sentence_at(start)
        if s is None or start not in s.starts:
            return None
        first = s.starts.index(start)
        last = next((k for k in range(len(s) - 1, -1, -1) if s.ends[k] <= end), first) + 1
        while last - 1 > first and s.tags[last - 1] in "',":
            last -= 1
        return s, Phrase(first, last, *phrases.core_of(s, first, last))


def _distinct(relays: list[Mention], source: Mention | None) -> tuple[Mention, ...]:
    """The relays without the source itself and without repetition."""
    kept: dict[str, Mention] = {}
    for relay in relays:
        if source is None or relay.name != source.name:
            kept.setdefault(relay.name, relay)
    return tuple(kept.values())


@lru_cache(maxsize=4)  # quotations, attributions, speakers and plans of one article are mostly asked for together
def analyse(text: str) -> Analysis:
    """One pass over an article."""
    return Analysis(text)
