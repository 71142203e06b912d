"""All quotations of an article: where they stand, whether they are speech, who said them and which words say so.

Quote marks are paired by attribution/marks.py; cue and speaker come from the attribution that has the quotation as its
content. A quotation is speech if somebody is said to have said it, or if it is a clause of its own; a word or phrase
in marks (scare quotes, titles, names) is not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.text.attribution.analysis import Analysis, analyse
from extractor.text.attribution.marks import Pair
from extractor.text.attribution.model import Attribution, Mention
from extractor.text.attribution.sentences import Sentence

Span = tuple[int, int]

_FINITE = frozenset("XMCV")
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
    inner = _Clauses(analysis)
    found: list[Quotation] = []
    for pair in analysis.whole.pairs:
        owner = owners.get(pair.outer_start)
        said = owner is not None and (_is_whole(pair, owner) or inner.has_verb(pair))
        speech = said or inner.is_clause(pair)
        cue, speaker = (owner.cue, owner.source) if owner is not None else (None, None)
        span = pair.start, pair.end, pair.outer_start, pair.outer_end
        quoted = text[pair.start : pair.end]
        found.append(Quotation(*span, quoted, speech, cue, speaker, pair.level, pair.continued))
    return found


def _owners(analysis: Analysis) -> Iterator[tuple[int, Attribution]]:
    """The innermost attribution outside of each quotation that has it in its content."""
    pairs = analysis.whole.pairs
    starts = [pair.outer_start for pair in pairs]
    for attribution in analysis.attributions:  # in order of content, the outer first: the innermost is written last
        for start, end in attribution.content:
            for pair in pairs[bisect_left(starts, start) : bisect_right(starts, end)]:
                outside = attribution.cue is None or not pair.start <= attribution.cue[0] < pair.end
                if outside and start <= pair.outer_start and pair.outer_end <= end + 1:
                    yield pair.outer_start, attribution


def _is_whole(pair: Pair, owner: Attribution) -> bool:
    """Whether the quotation is one of the spans that the cue introduces, not a phrase inside reported speech."""
    return any(start == pair.outer_start for start, _ in owner.content) and owner.delivery != "indirect"


class _Clauses:
    """Answers whether a quotation holds a clause."""

    def __init__(self, analysis: Analysis) -> None:
        self._sentences: dict[int, list[Sentence]] = {}
        starts = [pair.start for pair in analysis.whole.pairs]
        for sentence in analysis.whole.inner:
            at = bisect_right(starts, sentence.starts[0]) - 1
            while at >= 0 and analysis.whole.pairs[at].end <= sentence.starts[0]:
                at -= 1
            self._sentences.setdefault(starts[max(at, 0)], []).append(sentence)

    def has_verb(self, pair: Pair) -> bool:
        """A few words with a verb: "… that it “breaks down barriers”"."""
        verbs = _FINITE | {"e", "K"}
        return any(
            len(s) >= _PHRASE_WORDS and not verbs.isdisjoint(s.tags) for s in self._sentences.get(pair.start, [])
        )

    def is_clause(self, pair: Pair) -> bool:
        """A finite verb and a few words, or more than one sentence."""
        sentences = self._sentences.get(pair.start, [])
        if len(sentences) > 1:
            return True
        return any(
            len(s) >= _CLAUSE_WORDS and not _FINITE.isdisjoint(s.tags) and s.tags[0] not in "VCK" for s in sentences
        )
