"""Deciding by a model: one question about a later item and its candidates, many at once.

Where the model gives no usable answer, the rules decide, and the link says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.errors import LimitReached, ModelError, ModelRejected
from extractor.files.prompts import Prompt
from extractor.models.begun import one_article
from extractor.models.interface import Answer, Model, Question, Usage
from extractor.models.pricing import Price
from extractor.results.ledger import rules
from extractor.results.ledger.building import Plan
from extractor.results.ledger.items import Item
from extractor.results.ledger.rules import Judgement
from extractor.results.ledger.terms import covered
from extractor.schema.ledger import LinkReply, Questions
from extractor.schema.record import When

CONFIDENCE = {"high": 0.95, "medium": 0.8, "low": 0.6}
_WORTH_ASKING = 0.25  # share of a commitment that a claim or report must tell for the model to be asked about it


@dataclass
class Answers:
    """What was decided about the open pairs, and which questions failed (label and error).

    `asked` counts the questions put to the model, `usage` what they cost, failed ones included; what was answered
    `from_cache` is in neither.
    """

    decided: dict[tuple[str, str], Judgement | None] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    asked: int = 0
    from_cache: int = 0
    failed: list[tuple[str, ModelError]] = field(default_factory=list)

    def questions(self, cost: float | None = None, price: Price | None = None) -> Questions:
        """The same for the manifest. `cost` is in USD."""
        return Questions(
            asked=self.asked,
            from_cache=self.from_cache,
            failed=len(self.failed),
            attempts=self.usage.attempts,
            input_tokens=self.usage.input_tokens,
            output_tokens=self.usage.output_tokens,
            cost=None if cost is None else round(cost, 8),
            prices=price and price.published(),
        )

    def count(self, told: Answer[LinkReply] | ModelError) -> None:
        """Adds what became of one question."""
        if isinstance(told, Answer) and told.cached:
            self.from_cache += 1
            return
        self.asked += 1
        if isinstance(told, Answer):
            self.usage += told.usage
        else:
            self.usage += Usage(told.attempts, told.input_tokens, told.output_tokens)


async def by_model(planned: Plan, model: Model, prompt: Prompt, *, concurrency: int = 8) -> Answers:
    """All open pairs, decided by a model. After an error that every question would meet, nothing more is asked.

    Raises LimitReached where the model's gate lets no further question through: not before those under way are
    answered, so that a cache has what was paid for. Its hint says how far the questions had come.
    """
    answers = Answers()
    places = asyncio.Semaphore(concurrency)
    refused: list[ModelError] = []
    limits: list[LimitReached] = []
    answered = 0

    async def one(later: Item, candidates: list[Item]) -> None:
        nonlocal answered
        async with places:
            if limits:
                return
            reply, error = None, refused[0] if refused else None
            if error is None:
                try:
                    with one_article():  # to the gate, re-asks are further questions about what is begun
                        answer = await model.ask(question(later, candidates, prompt))
                    answers.count(answer)
                    answered += 1
                    reply = answer.value
                except LimitReached as limit:
                    limits.append(limit)
                    return
                except ModelError as problem:
                    error = problem
                    answers.count(problem)
                    if isinstance(problem, ModelRejected) and problem.fatal:
                        refused.append(problem)
            if error is not None:
                answers.failed.append((_label(later), error))
            for earlier, judgement in _judgements(later, candidates, reply, error):
                answers.decided[later.id, earlier.id] = judgement

    questions = [(later, asked) for later, found in planned.open() if (asked := _worth_asking(later, found))]
    async with asyncio.TaskGroup() as group:
        for later, candidates in questions:
            group.create_task(one(later, candidates))
    if limits:
        raise LimitReached(str(limits[0]), hint=f"{answered:,} of {len(questions):,} questions are answered.")
    answers.failed.sort(key=lambda failure: failure[0])
    return answers


def question(later: Item, candidates: list[Item], prompt: Prompt) -> Question[LinkReply]:
    """The question about one later item."""
    shown = [{"label": f"c{number}", **_shown(candidate)} for number, candidate in enumerate(candidates, 1)]
    messages = prompt.render({"later": _shown(later), "candidates": shown})
    return Question(messages, LinkReply, (later, candidates), _label(later))


def _worth_asking(later: Item, candidates: list[Item]) -> list[Item]:
    """Candidates for the model: most claims and reports tell nothing of most commitments."""
    if later.step.kind == "commitment":
        return candidates
    return [earlier for earlier in candidates if covered(earlier.content, later.content) >= _WORTH_ASKING]


def _judgements(
    later: Item, candidates: list[Item], reply: LinkReply | None, error: ModelError | None
) -> list[tuple[Item, Judgement | None]]:
    links = {link.candidate: link for link in reply.links} if reply else {}
    judged: list[tuple[Item, Judgement | None]] = []
    for number, earlier in enumerate(candidates, 1):
        link = links.get(f"c{number}")
        if link is None:
            why = f"the model gave no answer: {type(error).__name__}" if error else "the model left it out"
            judged.append((earlier, _by_rules(earlier, later, why)))
        elif link.relation == "unrelated" or (link.relation == "same" and later.step.kind != "commitment"):
            judged.append((earlier, None))
        else:
            changes = tuple(dict.fromkeys(link.changes)) if link.relation == "update" else ()
            confidence = CONFIDENCE[link.confidence]
            judged.append((earlier, Judgement(link.relation, confidence, link.because, "model", changes)))
    return judged


def _by_rules(earlier: Item, later: Item, why: str) -> Judgement | None:
    judgement = rules.judge(earlier, later)
    return replace(judgement, because=f"{judgement.because} (by rules; {why})") if judgement else None


def _label(later: Item) -> str:
    return f"{later.step.article.id}, {later.step.kind} {later.id}"


def _shown(item: Item) -> dict[str, Any]:
    step = item.step
    quote = step.quote
    return {
        "kind": step.kind,
        "said": step.said.isoformat() if step.said else None,
        "speaker": _one_line(step.speaker),
        "actors": _one_line(", ".join(mention.text for mention in step.actors)),
        "what": _one_line(step.text),
        "when": _one_line(_when(step.when)),
        "firmness": step.firmness,
        "condition": _one_line(step.condition),
        "passage": _one_line(f"{quote.prefix}{quote.exact}{quote.suffix}"),
    }


def _one_line(text: str | None) -> str | None:
    """What articles say stands on one line: a line of its own could look like another candidate."""
    return text if text is None else " ".join(text.split())


def _when(when: When | None) -> str | None:
    if when is None:
        return None
    days = f" ({when.earliest or '…'} to {when.latest or '…'})" if when.earliest or when.latest else ""
    return f"{when.expression}{days}"
