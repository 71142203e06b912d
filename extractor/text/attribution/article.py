"""An article as it is being read: its paragraphs, quotations and sentences, and the attributions found in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.text.attribution.marks import Pair
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence

Span = tuple[int, int]

_MAX_AROUND = 40  # attributions around one that are looked at for what holds it


@dataclass(slots=True)
class Found:
    """One attribution in code points. `inside` is the attribution whose content holds this one."""

    sentence: Sentence
    phrase: Phrase | None
    source: Span | None
    cue: Span | None
    content: list[Span]
    lemma: str
    rule: str
    level: int
    inside: Found | None = None
    direct: bool = False  # the content is a quotation


@dataclass(slots=True)
class Text:
    """An article cut up: paragraphs, quotations, the sentences outside of them and those inside of each."""

    text: str
    paragraphs: list[Span]
    pairs: list[Pair]
    sentences: list[Sentence] = field(default_factory=list)
    inner: list[Sentence] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def last_of(self, item: Found) -> int:
        """Number of the paragraph in which the content of `item` ends so far."""
        last = bisect_right(self.paragraphs, (item.content[-1][1] - 1, len(self.text))) - 1
        return max(item.sentence.paragraph, last)


def nest(found: list[Found]) -> None:
    """Sets `inside` by containment. `found` is sorted by content."""
    around: list[Found] = []
    for item in found:
        place = item.cue[0] if item.cue is not None else item.content[0][0]
        while around and around[-1].content[-1][1] <= item.content[0][0]:
            around.pop()
        for outer in around[: -_MAX_AROUND - 1 : -1]:
            if any(start <= place < end for start, end in outer.content):
                item.inside = outer
                break
        around.append(item)


def walk(item: Found) -> Iterator[Found]:
    """The attributions around `item`, innermost first."""
    outer = item.inside
    while outer is not None:
        yield outer
        outer = outer.inside
