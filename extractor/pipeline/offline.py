"""The first questions about many articles, as request files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractor.errors import AnswerAwaited
from extractor.files.prompts import Prompt
from extractor.files.readers import Unread
from extractor.models.interface import Model
from extractor.pipeline.extract import extract_article
from extractor.schema.article import Article


@dataclass
class Exported:
    """How many articles were asked about, and how many pieces of input hold none."""

    articles: int = 0
    unread: int = 0


async def export(
    articles: Iterator[Article | Unread],
    model: Model,
    prompt: Prompt,
    *,
    limit: int | None = None,
    unreadable: Callable[[Unread], None] = lambda _: None,
) -> Exported:
    """Asks a model without answers about every article, so that its first question becomes a request.

    A long article is read in parts, each of which is told whom the earlier ones named: its further questions follow
    when the first is answered. `unreadable` is told each piece of input that holds no article.
    """
    exported = Exported()
    for taken in itertools.islice(articles, limit):
        if isinstance(taken, Unread):
            exported.unread += 1
            unreadable(taken)
            continue
        try:
            await extract_article(taken, model, prompt)
        except AnswerAwaited:
            exported.articles += 1
    return exported
