"""One article, from prompt to record. This page is the whole story; each step lives in the layer below.

render the prompt → ask the model → place every quote → resolve every date → check → record
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from extractor.errors import AnswerTruncated
from extractor.files.prompts import Prompt
from extractor.models.interface import Model, Question, Usage
from extractor.pipeline.assemble import PartReading, assemble
from extractor.schema.article import Article
from extractor.schema.reading import Reading
from extractor.schema.record import Check, Record
from extractor.text import parts
from extractor.text.parts import Span

PART_LIMIT = 12_000
"""Code points of an article that are read at once. A dense article's reading is two to three times as long as its text,
so that
a part of this size stays well under the output limit of current models."""

SMALLEST_PART = 400
"""A part is not halved below this: what does not fit an answer at this size never will."""

_SPEAKERS_TOLD = 40


@dataclass(frozen=True)
class Extraction:
    """A record and what it took. `cached` tells that every answer came from the cache."""

    record: Record
    usage: Usage
    cached: bool


async def extract_article(
    article: Article, model: Model, prompt: Prompt, *, part_limit: int = PART_LIMIT
) -> Extraction:
    """Reads one article. Raises a ModelError where the model gives no usable answer, after re-asks and halving."""
    waiting = parts.split(article.text, part_limit)
    planned = len(waiting)
    read: list[PartReading] = []
    usage, cached, halved = Usage(), True, 0
    while waiting:
        span = waiting.pop(0)
        question = ask_about(article, prompt, span, part=len(read) + 1, of=len(read) + 1 + len(waiting), earlier=read)
        try:
            answer = await model.ask(question)
        except AnswerTruncated as error:
            usage += Usage(error.attempts, error.input_tokens, error.output_tokens)
            if span[1] - span[0] < 2 * SMALLEST_PART:
                raise
            waiting = parts.halve(article.text, span) + waiting
            halved += 1
            continue
        read.append(PartReading(span, answer.value))
        usage += answer.usage
        cached = cached and answer.cached
    record = assemble(article, read, prompt, model.name, usage, notes=_reading_notes(planned, len(read), halved))
    return Extraction(record, usage, cached)


def ask_about(
    article: Article, prompt: Prompt, span: Span, *, part: int = 1, of: int = 1, earlier: Iterable[PartReading] = ()
) -> Question[Reading]:
    """The question for one part of an article. Raises PromptError where the prompt needs what is not there."""
    text = article.text[span[0] : span[1]]
    variables = {
        "title": article.title,
        "published": article.published and f"{article.published:%Y-%m-%d}, a {article.published:%A}",
        "text": text,
        # A line that the text cannot contain: its writer would have to know the hash of a text that holds it.
        "boundary": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        "part": part,
        "parts": of,
        "speakers": _known_speakers(earlier),
        "source": article.source,
        "language": article.language,
    }
    return Question(prompt.render(variables), Reading, parts.excerpt(article, span), article.id)


def _known_speakers(earlier: Iterable[PartReading]) -> list[str]:
    names: dict[str, None] = {}
    for part in earlier:
        for speaker in part.reading.speakers:
            names.setdefault(f"{speaker.name}, {speaker.role}" if speaker.role else speaker.name)
    return list(names)[-_SPEAKERS_TOLD:]


def _reading_notes(planned: int, read: int, halved: int) -> list[Check]:
    notes = []
    if planned > 1:
        notes.append(Check(code="read_in_parts", item=None, message=f"long article, read in {read} parts"))
    if halved:
        times = "once" if halved == 1 else f"{halved} times"
        message = f"the model's answer was cut off {times}; read in {read} parts instead"
        notes.append(Check(code="truncated", item=None, message=message))
    return notes
