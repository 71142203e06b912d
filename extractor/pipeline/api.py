"""The Python interface: one article, or a stream of them, without files in between."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from extractor import settings as settings_module
from extractor.errors import ConfigurationError
from extractor.files import prompts
from extractor.files.readers import Unread, read_articles
from extractor.models.cassette import Cassette
from extractor.models.interface import Model
from extractor.models.opening import ModelOptions, resolve
from extractor.pipeline.batch import Done, Failed, stream
from extractor.pipeline.extract import extract_article
from extractor.schema.article import Article
from extractor.schema.record import Failure, Record

ArticleLike: TypeAlias = Article | str | os.PathLike[str]


def extract(
    article: ArticleLike,
    *,
    model: str | Model | None = None,
    prompt: str = prompts.DEFAULT,
    base_url: str | None = None,
    replay: str | os.PathLike[str] | None = None,
    cache: bool = True,
    passes: int = 2,
) -> Record:
    """The record of one article: an Article, or the path of a file that holds one.

    `model` is a name as on the command line ("openai/NAME", "rules", …) or any object with the Model interface; without
    it the command line's choice is made. With two `passes` the model is asked again about what the audit finds missing.
    Raises an ExtractorError: ConfigurationError for what cannot be done as asked, UnreadableInput for a file that is no
    article, a ModelError where the model gives no usable answer. Inside a running event loop use `extract_async`.
    """
    return asyncio.run(
        extract_async(article, model=model, prompt=prompt, base_url=base_url, replay=replay, cache=cache, passes=passes)
    )


async def extract_async(
    article: ArticleLike,
    *,
    model: str | Model | None = None,
    prompt: str = prompts.DEFAULT,
    base_url: str | None = None,
    replay: str | os.PathLike[str] | None = None,
    cache: bool = True,
    passes: int = 2,
) -> Record:
    """As `extract`, for programs that run an event loop."""
    found = next(_articles([article]))
    if isinstance(found, Unread):
        raise found.error
    opened, owned = _open(model, base_url, replay, cache)
    try:
        return (await extract_article(found, opened, prompts.load(prompt), passes=passes)).record
    finally:
        if owned:
            await opened.aclose()


async def extract_many(
    articles: Iterable[ArticleLike],
    *,
    model: str | Model | None = None,
    prompt: str = prompts.DEFAULT,
    base_url: str | None = None,
    replay: str | os.PathLike[str] | None = None,
    cache: bool = True,
    passes: int = 2,
    concurrency: int = 8,
) -> AsyncIterator[Record | Failure]:
    """A Record or a Failure for every article, in the order of the input, with `concurrency` articles under way at
    once.

    The articles are taken lazily: any iterable will do, also an endless one. A path may name a file or folder of many
    articles. One article's failure is a value; ConfigurationError and a rejected key or model are raised.
    """
    loaded = prompts.load(prompt)
    opened, owned = _open(model, base_url, replay, cache)
    work = partial(extract_article, model=opened, prompt=loaded, passes=passes)
    try:
        async for outcome in stream(_articles(articles), work, concurrency=concurrency):
            if isinstance(outcome, Done):
                yield outcome.extraction.record
            elif isinstance(outcome, Failed):
                yield outcome.failure
    finally:
        if owned:
            await opened.aclose()


def _articles(articles: Iterable[ArticleLike]) -> Iterator[Article | Unread]:
    for article in articles:
        if isinstance(article, Article):
            yield article
        else:
            yield from read_articles([os.fspath(article)])


def _open(
    model: str | Model | None, base_url: str | None, replay: str | os.PathLike[str] | None, cache: bool
) -> tuple[Model, bool]:
    """The model, and whether it is ours to close."""
    if model is not None and not isinstance(model, str):
        if replay is not None:
            raise ConfigurationError("A model object cannot be replayed.", hint="Name the model, or leave it out.")
        return model, False
    settings = settings_module.load()
    cassette = Cassette.load(Path(replay)) if replay is not None else None
    chosen = resolve(model, settings, ModelOptions(base_url=base_url), cassette=cassette, cache=cache)
    return chosen.open(settings), True
