"""All attributions of an article as character spans: sentences read one by one, then what reaches beyond a sentence.

Beyond one sentence reach: a quotation that goes on after its cue ("“A,” said X. “B.”"), one that a sentence or a
paragraph introduces ("Lee added:"), paragraphs that are all quotation and have the speaker of the paragraph before, and
transcripts ("Lee: ...").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.text.attribution import events as grammar
from extractor.text.attribution.events import Event
from extractor.text.attribution.marks import Pair, find_pairs, paragraphs
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence, children, sentences, within

Span = tuple[int, int]

_MAX_DEPTH = 3  # quotations inside more than so many others are not read for attributions of their own


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
        return max(item.sentence.paragraph, bisect_right(self.paragraphs, (item.content[-1][0], len(self.text))) - 1)


def read(text: str) -> Text:
    """Everything that is attributed in `text`, in order of the content."""
    spans = paragraphs(text)
    pairs = find_pairs(text, spans)
    whole = Text(text, spans, pairs)
    starts = [pair.outer_start for pair in pairs]
    for index, (start, end) in enumerate(spans):
        whole.sentences.extend(sentences(text, start, end, within(pairs, starts, start, end), index))
    _outer(whole)
    for pair, inside in children(pairs):
        if pair.end - pair.start > 15 and pair.level < _MAX_DEPTH:
            for sentence in sentences(text, pair.start, pair.end, inside, level=pair.level + 1):
                whole.inner.append(sentence)
                whole.found.extend(_found(sentence, event) for event in grammar.find(sentence) if event.content)
    whole.found = [found for found in whole.found if found.content]
    whole.found.sort(key=lambda found: (found.content[0][0], -found.content[-1][1]))
    _nest(whole.found)
    return whole


def _outer(whole: Text) -> None:
    """Attributions outside of quotations, and whose the quotations are."""
    speaking: Found | None = None  # the last attribution with a quotation
    introduced: Found | None = None  # "Lee added:" waits for what follows
    waiting: list[Sentence] = []  # quotations at the start of a paragraph that nobody has said yet
    paragraph = -1
    for s in whole.sentences:
        if s.paragraph != paragraph:
            paragraph = s.paragraph
            for sentence in waiting:
                speaking = _adopt(whole, sentence, speaking)
            waiting = []
        pure = bool(s.quotes) and s.tags.strip("QU,.-?:c") == ""
        if introduced is not None and introduced.lemma == ":" and not pure:
            introduced = None  # a colon alone introduces nothing but a quotation
        if introduced is not None and not pure and not s.tags.startswith(("Q", "U")):
            introduced.content.append(whole.paragraphs[s.paragraph]) if s.initial else introduced.content.append(
                _span(s, 0, len(s))
            )
            introduced = None
            if s.initial:
                continue
        if pure:
            if s.initial and len(s) == 1 and (turn := _quoted_turn(whole, s)) is not None:
                whole.found.append(turn)
                speaking = turn
            elif introduced is not None:
                introduced.content.extend(_quotes(s))
                speaking, introduced = introduced, None
            elif speaking is not None and speaking.sentence.paragraph == s.paragraph:
                speaking.content.extend(_quotes(s))
            else:
                waiting.append(s)
            continue
        introduced = None
        direct: Found | None = None
        label = grammar.labels(s)
        if label is not None and label.rule == "label":
            turn = _found(s, label)
            turn.content = [(turn.content[0][0], whole.paragraphs[s.paragraph][1])]
            whole.found.append(turn)
        events = grammar.find(s)
        if label is not None and label.rule == "signed":
            events.insert(0, label)
        if (by_colon := _by_colon(s, events)) is not None:
            events.append(by_colon)
        for event in events:
            found = _found(s, event)
            whole.found.append(found)
            if event.rule == "intro":
                introduced = found
            if direct is None and any(a <= index < b for a, b in event.content for index in s.quotes):
                direct = found
        if introduced is not None and introduced.content:
            introduced = None
        if direct is None and speaking is not None and s.tags[0] in "QU" and speaking.sentence.paragraph == s.paragraph:
            speaking.content.append(_span(s, 0, len(s)))
            continue
        if direct is not None:
            direct.content.extend(_left_over(s, direct))
            if waiting:
                direct.content[:0] = [quote for sentence in waiting for quote in _quotes(sentence)]
                waiting = []
            direct.direct = True
            speaking = direct
        elif whole.found and whole.found[-1].sentence is s and whole.found[-1].content:
            speaking = whole.found[-1] if speaking is None or speaking.sentence is not s else speaking
    for sentence in waiting:
        speaking = _adopt(whole, sentence, speaking)


def _adopt(whole: Text, s: Sentence, speaking: Found | None) -> Found | None:
    """A paragraph of nothing but quotation belongs to whoever spoke in the paragraph before."""
    if speaking is None or s.paragraph - whole.last_of(speaking) > 1:
        return None
    if speaking.direct:
        speaking.content.extend(_quotes(s))
        return speaking
    found = Found(s, None, speaking.source, None, _quotes(s), "", "carried", 0)
    whole.found.append(found)
    return found


def _by_colon(s: Sentence, events: list[Event]) -> Event | None:
    """The attribution that only a colon makes, where no cue claims the quotation behind it."""
    if ":" not in s.tags or any(event.rule == "intro" for event in events):
        return None
    event = grammar.colon(s)
    if event is None or (
        event.content and any(start <= event.content[0][0] < end for one in events for start, end in one.content)
    ):
        return None
    return event


def _left_over(s: Sentence, direct: Found) -> list[Span]:
    """Quotations of a sentence behind its direct speech that no attribution has as content."""
    end = direct.content[-1][1]
    return [
        (pair.outer_start, pair.outer_end)
        for index, pair in s.quotes.items()
        if pair.outer_start >= end and s.tags[index] == "Q" and s.tags[index - 1] in ",-:NdmVI"
    ]


def _quoted_turn(whole: Text, s: Sentence) -> Found | None:
    """A paragraph of a quoted transcript: "“Lee: ..."."""
    pair = s.quotes[0]
    inner = next(sentences(whole.text, pair.start, pair.end, []), None)
    label = None if inner is None else grammar.labels(inner)
    if inner is None or label is None or label.rule != "label":
        return None
    turn = _found(inner, label)
    turn.content = [(turn.content[0][0], pair.end)]
    turn.level = 0
    turn.direct = True
    turn.sentence = s
    return turn


def _quotes(s: Sentence) -> list[Span]:
    return [(s.quotes[index].outer_start, s.quotes[index].outer_end) for index in sorted(s.quotes)]


def _span(s: Sentence, first: int, end: int) -> Span:
    return s.starts[first], s.ends[end - 1]


def _found(s: Sentence, event: Event) -> Found:
    source = None if event.source is None else _span(s, event.source.start, event.source.end)
    content = [_span(s, first, end) for first, end in event.content if end > first]
    return Found(s, event.source, source, _span(s, *event.cue), content, event.lemma, event.rule, s.level)


def _nest(found: list[Found]) -> None:
    """Sets `inside` by containment. `found` is sorted by content."""
    around: list[Found] = []
    for item in found:
        place = item.cue[0] if item.cue is not None else item.content[0][0]
        while around and around[-1].content[-1][1] <= item.content[0][0]:
            around.pop()
        for outer in reversed(around):
            if any(start <= place < end for start, end in outer.content) and outer is not item:
                item.inside = outer
                break
        around.append(item)


def walk(item: Found | None) -> Iterator[Found]:
    """The attributions around `item`, innermost first."""
    while item is not None and item.inside is not None:
        item = item.inside
        yield item
