"""Which of a cassette's interactions a set of articles uses."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.errors import CassetteMiss
from extractor.files.prompts import Prompt
from extractor.files.readers import Unread
from extractor.models.cassette import Cassette
from extractor.models.opening import resolve
from extractor.pipeline.extract import extract_article
from extractor.schema.article import Article
from extractor.settings import Settings


async def used_interactions(
    cassette: Cassette, articles: Iterator[Article | Unread], prompt: Prompt, settings: Settings
) -> tuple[set[str], list[str]]:
    """The keys of the interactions that replaying the articles plays, and the ids of articles that it cannot answer."""
    played: set[str] = set()
    missing: list[str] = []
    model = resolve(None, settings, cassette=cassette).open(settings, on_play=played.add)
    try:
        for article in articles:
            if isinstance(article, Article):
                try:
                    await extract_article(article, model, prompt)
                except CassetteMiss:
                    missing.append(article.id)
    finally:
        await model.aclose()
    return played, missing
