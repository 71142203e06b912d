"""One article, from prompt to record. This page is the whole story; each step lives in the layer below.

render the prompt → ask the model → place quotes → resolve dates → audit → ask about what is missing → record
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractor.errors import AnswerTruncated
from extractor.files import prompts
from extractor.files.prompts import Prompt
from extractor.models.begun import one_article
from extractor.models.interface import Model, Question, Usage
from extractor.models.providers import RULES
from extractor.pipeline import second_pass
from extractor.pipeline.assemble import PartReading, assemble
from extractor.pipeline.desk import at_desk
from extractor.schema.article import Article
from extractor.schema.reading import Reading
from extractor.schema.record import Check, Record
from extractor.text import parts
from extractor.text.audit import audit
from extractor.text.parts import Span

PART_LIMIT = 12_000
"""Code points of an article that are read at once. A dense article's reading is two to three times as long as its text,
so that a part of this size stays well under the output limit of current models."""

SMALLEST_PART = 400
"""A part is not halved below this: what does not fit an answer at this size never will."""

_SPEAKERS_TOLD = 40


@dataclass(frozen=True)
class Extraction:
    """A record and what it took. `cached` tells that every answer came from the cache."""

    record: Record
    usage: Usage
    cached: bool

    @property
    def line(self) -> bytes:
        """The record as it stands in the output."""
        return self.record.model_dump_json().encode() + b"\n"


@dataclass
class _Session:
    """What has been asked about one article so far, and what it cost."""

    article: Article
    model: Model
    prompt: Prompt
    asked: list[tuple[Question[Reading], PartReading]] = field(default_factory=list)
    added: list[PartReading] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    cached: bool = True
    planned: int = 1
    halved: int = 0

    async def ask(self, question: Question[Reading]) -> Reading:
        answer = await self.model.ask(question)
        self.usage += answer.usage
        self.cached = self.cached and answer.cached
        return answer.value

    def record(self) -> Record:
        """The record of all answers so far."""
        read = [part for _, part in self.asked] + self.added
        return assemble(self.article, read, self.prompt, self.model.name, self.usage, notes=self._notes)

    def with_checks(self, record: Record, checks: Sequence[Check]) -> Record:
        """The same record with these checks behind the notes on the reading."""
        notes = len(self._notes)
        return record.model_copy(update={"checks": [*record.checks[:notes], *checks, *record.checks[notes:]]})

    @property
    def _notes(self) -> list[Check]:
        return _reading_notes(self.planned, len(self.asked), self.halved)


async def extract_article(
    article: Article, model: Model, prompt: Prompt, *, part_limit: int = PART_LIMIT, passes: int = 2
) -> Extraction:
    """Reads one article. Raises a ModelError where the model gives no usable answer, after re-asks and halving.

    The record is audited against the article. With two `passes` the model is asked once more where the audit finds
    enough missing; what the audit still finds then stands in the record's checks.
    """
    session = _Session(article, model, prompt)
    with one_article():
        await _read_parts(session, part_limit)
        record, findings = await _finished(session)
        checks: list[Check] = []
        if passes > 1 and model.name != RULES and len(second_pass.missing(findings)) >= second_pass.THRESHOLD:
            asked = await _look_again(session, findings)
            before = record
            record, findings = await _finished(session)
            checks.append(second_pass.note(before, record, asked))
    return Extraction(session.with_checks(record, [*checks, *findings]), session.usage, session.cached)


async def _finished(session: _Session) -> tuple[Record, list[Check]]:
    """The record of all answers so far, and what the audit finds."""
    async with at_desk():
        record = session.record()
        return record, audit(record)


async def _read_parts(session: _Session, part_limit: int) -> None:
    """Asks about every part of the article; a part whose answer was cut off is read in halves."""
    article = session.article
    waiting = parts.split(article.text, part_limit)
    session.planned = len(waiting)
    while waiting:
        span = waiting.pop(0)
        number = len(session.asked) + 1
        earlier = [part for _, part in session.asked]
        question = ask_about(article, session.prompt, span, part=number, of=number + len(waiting), earlier=earlier)
        try:
            answer = await session.ask(question)
        except AnswerTruncated as error:
            session.usage += Usage(error.attempts, error.input_tokens, error.output_tokens)
            if span[1] - span[0] < 2 * SMALLEST_PART:
                raise
            waiting = parts.halve(article.text, span) + waiting
            session.halved += 1
        else:
            session.asked.append((question, PartReading(span, answer)))


async def _look_again(session: _Session, findings: Sequence[Check]) -> int:
    """Asks once more about each part with findings; returns how many passages were asked about."""
    prompt = prompts.load(second_pass.PROMPT)
    asked = 0
    for question, part in session.asked:
        found = second_pass.missing(findings, part.span)
        if found:
            again = second_pass.ask_again(question, part.reading, session.article.text, found, prompt)
            answer = await session.ask(again)
            session.added.append(second_pass.additions(part.reading, answer, part.span))
            asked += len(found)
    return asked


def ask_about(
    article: Article, prompt: Prompt, span: Span, *, part: int = 1, of: int = 1, earlier: Iterable[PartReading] = ()
) -> Question[Reading]:
    """The question for one part of an article. Raises PromptError where the prompt needs what is not there."""
    text = article.text[span[0] : span[1]]
    variables = {
        "title": article.title and " ".join(article.title.split()),  # above the line that begins the text
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
            names.setdefault(" ".join((f"{speaker.name}, {speaker.role}" if speaker.role else speaker.name).split()))
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
