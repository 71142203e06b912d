"""Which questions belong to one article. What is begun is brought to an end before more is begun: a first question
without the second one that follows it is money spent for no record.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Asked:
    """An article whose questions are being put. `held` is USD that stay set aside for those still to come; a question
    that is `alone` has none to come.
    """

    alone: bool = False
    begun: bool = False
    held: float = 0.0
    release: Callable[[], None] = field(default=lambda: None)


_article: ContextVar[Asked | None] = ContextVar("article", default=None)


@contextlib.contextmanager
def one_article() -> Iterator[None]:
    """All questions that are put within, by this task, are about one article."""
    article = Asked()
    token = _article.set(article)
    try:
        yield
    finally:
        _article.reset(token)
        article.release()


def current() -> Asked:
    """The article that a question is about; outside of `one_article` every question stands for itself."""
    return _article.get() or Asked(alone=True)
