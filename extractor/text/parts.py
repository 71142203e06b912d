"""Cuts a long article into parts that a model can answer for in one go."""

from __future__ import annotations

import re

from extractor.schema.article import Article

Span = tuple[int, int]
_PARAGRAPH = re.compile(r"\n\s*\n|\n")
_SENTENCE = re.compile(r"[.!?…。！？؟]['\"”’»)\]]*\s+")
_SPACE = re.compile(r"\s+")


def split(text: str, limit: int) -> list[Span]:
    """Consecutive spans that cover the text, none longer than `limit` code points.

    A cut falls behind a paragraph where one ends in the second half of the part, else behind a sentence, else behind a
    word, else (a text without spaces) where the limit is.
    """
    spans = []
    start, end = 0, len(text)
    while end - start > limit:
        cut = _cut(text, start, limit)
        spans.append((start, cut))
        start = cut
    return [*spans, (start, end)]


def halve(text: str, span: Span) -> list[Span]:
    """Two parts of about the same length; a cut behind a paragraph or a sentence near the middle is preferred."""
    start, end = span
    half = (end - start) // 2
    cut = _cut(text, start, half + half // 2)
    return [(start, cut), (cut, end)]


def excerpt(article: Article, span: Span) -> Article:
    """The part as an article of its own, for models that answer from the article."""
    start, end = span
    return article if span == (0, len(article.text)) else article.model_copy(update={"text": article.text[start:end]})


def _cut(text: str, start: int, limit: int) -> int:
    low, high = start + limit // 2, start + limit
    for pattern in (_PARAGRAPH, _SENTENCE, _SPACE):
        cuts = [match.end() for match in pattern.finditer(text, low, high)]
        if cuts:
            return cuts[-1]
    return high
