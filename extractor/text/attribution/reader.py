"""All attributions of an article as character spans: sentences read one by one, then what reaches beyond a sentence.

Beyond one sentence reach: a quotation that goes on after its cue ("“A,” said X. “B.”"), one that a sentence or a
paragraph introduces ("Lee added:"), paragraphs that are all quotation and have the speaker of the paragraph before, and
transcripts ("Lee: …"), whose turns go on until the next name.
"""

from __future__ import annotations

from extractor.text.attribution import events, nominal
from extractor.text.attribution.article import Found, Span, Text, nest
from extractor.text.attribution.event import Event
from extractor.text.attribution.lexis import words
from extractor.text.attribution.marks import find_pairs, paragraphs
from extractor.text.attribution.sentences import Sentence, children, sentences, within

_MAX_DEPTH = 3  # quotations inside more than so many others are not read for attributions of their own
_MIN_INNER = 15  # code points of a quotation from which it is read for attributions of its own
_FIRST = words("first")
_TURNS = 2  # names before colons that make a text a transcript


def read(text: str) -> Text:
    """Everything that is attributed in `text`, in order of the content."""
    spans = paragraphs(text)
    pairs = find_pairs(text, spans)
    whole = Text(text, spans, pairs)
    starts = [pair.outer_start for pair in pairs]
    for index, (start, end) in enumerate(spans):
        whole.sentences.extend(sentences(text, start, end, within(pairs, starts, start, end), index))
    _Outer(whole).read()
    for pair, inside in children(pairs):
        if pair.end - pair.start > _MIN_INNER and pair.level < _MAX_DEPTH:
            for s in sentences(text, pair.start, pair.end, inside, level=pair.level + 1):
                whole.inner.append(s)
                whole.found.extend(_found(s, event) for event in events.find(s))
    whole.found = [found for found in whole.found if found.content]
    whole.found.sort(key=lambda found: (found.content[0][0], -found.content[-1][1]))
    nest(whole.found)
    return whole


class _Outer:
    """Reads the sentences outside of quotations, and finds out whose the quotations are."""

    def __init__(self, whole: Text) -> None:
        self.whole = whole
        self.speaking: Found | None = None  # who spoke last
        self.introduced: Found | None = None  # "Lee added:" waits for what follows
        self.waiting: list[Sentence] = []  # quotations at the start of a paragraph that nobody has said yet
        self.turn: Found | None = None  # the current turn of a transcript
        self.transcript = False
        self.done = -1  # last paragraph that a turn or an introduction has taken as a whole

    def read(self) -> None:
        self.transcript = self._is_transcript()
        paragraph = -1
        for s in self.whole.sentences:
            if s.paragraph != paragraph:
                paragraph = s.paragraph
                self._adopt_waiting()
            if s.paragraph == self.done:
                self._add(s, events.find(s))
            elif not self._labelled(s) and not self._introduced_block(s):
                if bool(s.quotes) and not s.tags.strip("QU,.-?:c"):
                    self._quotation_alone(s)
                else:
                    self._sentence(s)
        self._adopt_waiting()

    def _is_transcript(self) -> bool:
        """Whether turns go on over paragraphs: several names before colons, or an officeholder's and "we" after it."""
        labelled = [s for s in self.whole.sentences if s.initial and s.paragraph > 0 and ":" in s.tags]
        labels = [s for s in labelled if nominal.label(s) is not None]
        if len({tuple(s.lowered[: s.tags.index(":")]) for s in labels}) >= _TURNS:
            return True
        if not labels or not nominal.names_office(labels[0]):
            return False
        rest = [s for s in self.whole.sentences if s.paragraph > labels[0].paragraph]
        spoken = {s.paragraph for s in rest if not _FIRST.isdisjoint(s.lowered)}
        return len(spoken) >= 0.5 * len({s.paragraph for s in rest}) > 0

    def _add(self, s: Sentence, found: list[Event]) -> list[Found]:
        items = [_found(s, event) for event in found]
        self.whole.found.extend(items)
        return items

    def _labelled(self, s: Sentence) -> bool:
        """A turn of a transcript, or a paragraph that belongs to the turn before it."""
        if not s.initial:
            return False
        label = nominal.label(s)
        if label is not None:
            turn = _found(s, label)
            turn.content = [(turn.content[0][0], self.whole.paragraphs[s.paragraph][1])]
            self.turn = turn if self.transcript and s.paragraph > 0 else None
            self.whole.found.append(turn)
        elif self.turn is not None:
            self.turn.content.append(self.whole.paragraphs[s.paragraph])
        else:
            return False
        self.done = s.paragraph
        self._add(s, events.find(s))
        return True

    def _introduced_block(self, s: Sentence) -> bool:
        """What "Lee added:" introduces, if it has no marks: the next paragraph, or the next sentence of its own."""
        introduced = self.introduced
        if introduced is None or s.tags[0] in "QU":
            return False
        self.introduced = None
        if introduced.lemma == ":":
            return False  # a colon alone introduces nothing but a quotation
        introduced.content.append(self.whole.paragraphs[s.paragraph] if s.initial else _span(s, 0, len(s)))
        if s.initial:
            self.done = s.paragraph
        return s.initial

    def _quotation_alone(self, s: Sentence) -> None:
        """A sentence of nothing but quotation: introduced before, going on, or waiting for its frame."""
        turn = _quoted_turn(self.whole, s) if s.initial and len(s) == 1 else None
        if turn is not None:
            self.whole.found.append(turn)
            self.speaking = turn
        elif self.introduced is not None:
            self.introduced.content.extend(_quotes(s))
            self.introduced.direct = True
            self.speaking, self.introduced = self.introduced, None
        elif self.speaking is not None and self.whole.last_of(self.speaking) == s.paragraph:
            self.speaking.content.extend(_quotes(s))
        else:
            self.waiting.append(s)

    def _sentence(self, s: Sentence) -> None:
        found = events.find(s)
        if (signed := nominal.signature(s) if s.quotes else None) is not None:
            found.insert(0, signed)
        if ":" in s.tags and (by_colon := _by_colon(s, found)) is not None:
            found.append(by_colon)
        items = self._add(s, found) if found else []
        self.introduced = next((item for item in reversed(items) if item.rule == "intro"), None) if items else None
        direct = _direct(s, items, found) if items and s.quotes else None
        if direct is not None:
            direct.content.extend(_left_over(s, direct))
            direct.content[:0] = [quote for sentence in self.waiting for quote in _quotes(sentence)]
            self.waiting = []
            direct.direct = True
            self.speaking = direct
        elif self.speaking is not None and s.tags[0] in "QU" and self.whole.last_of(self.speaking) == s.paragraph:
            self.speaking.content.append(_span(s, 0, len(s)))
        elif items and items[-1].content:
            self.speaking = items[-1]

    def _adopt_waiting(self) -> None:
        """Paragraphs of nothing but quotation belong to whoever spoke in the paragraph before."""
        for s in self.waiting:
            if self.speaking is None or s.paragraph - self.whole.last_of(self.speaking) > 1:
                self.speaking = None
            elif self.speaking.direct:
                self.speaking.content.extend(_quotes(s))
            else:
                self.speaking = Found(s, None, self.speaking.source, None, _quotes(s), "", "carried", 0, direct=True)
                self.whole.found.append(self.speaking)
        self.waiting = []


def _direct(s: Sentence, items: list[Found], found: list[Event]) -> Found | None:
    """The first attribution of a sentence that has a quotation in its content."""
    for item, event in zip(items, found, strict=True):
        if any(a <= k < b for a, b in event.content for k in s.quotes):
            return item
    return None


def _by_colon(s: Sentence, found: list[Event]) -> Event | None:
    """The attribution that only a colon makes, where no cue claims the quotation behind it."""
    if any(event.rule == "intro" for event in found):
        return None
    event = nominal.colon(s)
    if event is None or not event.content:
        return event
    first = event.content[0][0]
    return None if any(start <= first < end for one in found for start, end in one.content) else event


def _left_over(s: Sentence, direct: Found) -> list[Span]:
    """Quotations of a sentence behind its direct speech that no attribution has as content."""
    end = direct.content[-1][1]
    return [
        (pair.outer_start, pair.outer_end)
        for index, pair in s.quotes.items()
        if pair.outer_start >= end and s.tags[index] == "Q" and s.tags[index - 1] in ",-:NdmVI"
    ]


def _quoted_turn(whole: Text, s: Sentence) -> Found | None:
    """A paragraph of a quoted transcript: "“Lee: …"."""
    pair = s.quotes[0]
    inner = next(sentences(whole.text, pair.start, pair.end, [], s.paragraph, s.level), None)
    label = None if inner is None else nominal.label(inner)
    if inner is None or label is None:
        return None
    turn = _found(inner, label)
    turn.content = [(turn.content[0][0], pair.end)]
    turn.direct = True
    return turn


def _quotes(s: Sentence) -> list[Span]:
    return [(s.quotes[index].outer_start, s.quotes[index].outer_end) for index in sorted(s.quotes)]


def _span(s: Sentence, first: int, end: int) -> Span:
    return s.starts[first], s.ends[end - 1]


def _found(s: Sentence, event: Event) -> Found:
    source = None if event.source is None else _span(s, event.source.start, event.source.end)
    content = [_span(s, first, end) for first, end in event.content if end > first]
    return Found(s, event.source, source, _span(s, *event.cue), content, event.lemma, event.rule, s.level)
