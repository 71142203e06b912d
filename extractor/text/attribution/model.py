"""What the package gives back."""

from __future__ import annotations

from typing import Literal, NamedTuple

from extractor.text.attribution.namelists import Kind

Span = tuple[int, int]
Delivery = Literal["direct", "indirect", "mixed"]


class Mention(NamedTuple):
    """Where a source stands (code points, end exclusive) and who it is: the speaker's fullest name, if it was resolved.

    `speaker` is the position of the speaker in `find_speakers`, None where a pronoun could not be resolved.
    """

    start: int
    end: int
    name: str
    speaker: int | None


class Attribution(NamedTuple):
    """Somebody is said to have said, thought or wanted something. Spans are code points, end exclusive.

    `content` has more than one span where the frame interrupts it ("“A,” said X, “B.”") or a quotation goes on in a
    later sentence. `via` are the sources of the attributions around this one, outermost first. `lemma` is the cue's
    base form, "" where there is no word; `rule` is the way of attributing that was recognised (see events.py).
    `quoted` says that the frame itself stands in a quotation. `inside` is the position in the list of the
    attribution whose content holds this one.
    """

    source: Mention | None
    cue: Span | None
    content: tuple[Span, ...]
    delivery: Delivery
    via: tuple[Mention, ...]
    lemma: str
    rule: str
    quoted: bool
    inside: int | None


class Source(NamedTuple):
    """A speaker with the fullest name, role and affiliation that the article gives, and where it stands as a source."""

    name: str
    role: str | None
    affiliation: str | None
    kind: Kind
    spans: tuple[Span, ...]
