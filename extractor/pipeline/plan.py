"""What a run would read and ask, without asking: for `--dry-run`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from extractor.files.prompts import Prompt
from extractor.files.readers import Unread
from extractor.models import estimating
from extractor.pipeline.extract import PART_LIMIT, ask_about
from extractor.schema.article import Article
from extractor.text import parts

_SHOWN = 10


@dataclass
class Plan:
    """Totals of a run that has not happened. Tokens are estimates. `unread` holds the first few that are no
    articles.
    """

    articles: int = 0
    done: int = 0
    """articles that have their record already"""
    questions: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    unread: list[Unread] = field(default_factory=list)
    unread_more: int = 0


def plan(
    articles: Iterator[Article | Unread], prompt: Prompt, limit: int | None = None, *, done: Set[str] = frozenset()
) -> Plan:
    """Reads the input to its end, in constant memory. Articles whose ids are `done` are only counted.

    Raises PromptError where the prompt cannot be rendered.
    """
    planned, asked, read = Plan(), 0, 0
    for taken in itertools.islice(articles, limit):
        if not isinstance(taken, Article):
            if len(planned.unread) < _SHOWN:
                planned.unread.append(taken)
            else:
                planned.unread_more += 1
            continue
        if taken.id in done:
            planned.done += 1
            continue
        planned.articles += 1
        spans = parts.split(taken.text, PART_LIMIT)
        for number, span in enumerate(spans, 1):
            question = ask_about(taken, prompt, span, part=number, of=len(spans))
            asked += sum(len(message["content"]) for message in question.messages)
        read += len(taken.text)
        planned.questions += len(spans)
    planned.input_tokens = round(estimating.tokens(asked))
    planned.output_tokens = round(estimating.reading_tokens(read))
    return planned
