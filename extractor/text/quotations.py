"""All quotations of an article: where they stand, whether they are speech, who said them and which words say so.

Quote marks are paired by attribution/marks.py; cue and speaker come from the attribution that has the quotation as its
content. A quotation is speech if somebody is said to have said it, or if it is a clause of its own; a word or phrase
in marks (scare quotes, titles, names) is not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.text.attribution.analysis import Analysis, Intervals, analyse
from extractor.text.attribution.lexis import FINITE
from extractor.text.attribution.marks import Pair
from extractor.text.attribution.model import Mention
from extractor.text.attribution.sentences import Sentence

Span = tuple[int, int]

_PHRASE_WORDS = 3  # the same for one inside of what somebody is said to have said
_CLAUSE_WORDS = 4  # a quotation with fewer words and no attribution is no speech


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage in quote marks. Offsets are code points into the article, end exclusive.

    `start:end` is what stands inside the marks, `outer_start:outer_end` includes them. A quotation that runs over
    several paragraphs is one for each; all but the last are `continued`, and have no closing mark. `level` is 0 for a
    quotation inside no other. `cue` is None where no word attributes it; `speaker` is None where nobody does.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    text: str
    is_speech: bool
    cue: Span | None
    speaker: Mention | None
    level: int
    continued: bool


def find_quotations(text: str) -> list[Quotation]:
    """All quotations of `text` in order, the outer before the inner."""
    return quotations_of(analyse(text))


def quotations_of(analysis: Analysis) -> list[Quotation]:
    """The quotations of an article that has been analysed."""
    text = analysis.text
    owners = dict(_owners(analysis))
    introduced = _introduced(analysis)
    inner = _Clauses(analysis)
    found: list[Quotation] = []
    for pair in analysis.whole.pairs:
        number = owners.get(pair.outer_start)
        owner = None if number is None else analysis.attributions[number]
        said = (pair.outer_start, number) in introduced or (owner is not None and inner.has_verb(pair))
        speech = said or inner.is_clause(pair)
        cue, speaker = (owner.cue, owner.source) if owner is not None else (None, None)
        span = pair.start, pair.end, pair.outer_start, pair.outer_end
        quoted = text[pair.start : pair.end]
        found.append(Quotation(*span, quoted, speech, cue, speaker, pair.level, pair.continued))
    return found


def _owners(analysis: Analysis) -> Iterator[tuple[int, int]]:
    """The number of the innermost attribution outside of each quotation that has it in its content."""
    pairs = analysis.whole.pairs
    starts = [pair.outer_start for pair in pairs]
    for number, attribution in enumerate(analysis.attributions):  # the outer first: the innermost is written last
        for start, end in attribution.content:
            for pair in pairs[bisect_left(starts, start) : bisect_right(starts, end)]:
                outside = attribution.cue is None or not pair.start <= attribution.cue[0] < pair.end
                if outside and start <= pair.outer_start and pair.outer_end <= end + 1:
                    yield pair.outer_start, number


def _introduced(analysis: Analysis) -> set[tuple[int, int]]:
    """Where the spans begin that a cue introduces, and its number: what begins there is no phrase inside of them."""
    return {
        (start, number)
        for number, attribution in enumerate(analysis.attributions)
        if attribution.delivery != "indirect"
        for start, _ in attribution.content
    }


class _Clauses:
    """Answers whether a quotation holds a clause."""

    def __init__(self, analysis: Analysis) -> None:
        self._sentences: dict[int, list[Sentence]] = {}
        around = Intervals((pair.start, pair.end, pair.start) for pair in analysis.whole.pairs)
        for sentence in analysis.whole.inner:
            start = around.at(sentence.starts[0])
            if start is not None:
                self._sentences.setdefault(start, []).append(sentence)

    def has_verb(self, pair: Pair) -> bool:
        """A few words with a verb: "… that it “breaks down barriers”"."""
        verbs = FINITE | {"e", "K"}
        return any(
            len(s) >= _PHRASE_WORDS and not verbs.isdisjoint(s.tags) for s in self._sentences.get(pair.start, [])
        )

    def is_clause(self, pair: Pair) -> bool:
        """A finite verb and a few words, or more than one sentence."""
        sentences = self._sentences.get(pair.start, [])
        if len(sentences) > 1:
            return True
        return any(
            len(s) >= _CLAUSE_WORDS and not FINITE.isdisjoint(s.tags) and s.tags[0] not in "VCK" for s in sentences
        )
