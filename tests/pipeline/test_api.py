"""The Python interface."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

import extractor
from extractor import errors
from tests.support import articles, readings
from tests.support.readings import claim

ANSWER = readings.reading(claims=[claim("the bridge would open")])


def test_one_article_gives_one_record() -> None:
    """An Article and a model object in, a Record out."""
    record = extractor.extract(readings.article(), model=extractor.FakeModel(ANSWER), passes=1)
    assert isinstance(record, extractor.Record)
    assert record.claims[0].quote.exact == "the bridge would open"


def test_a_path_will_do(root: Path) -> None:
    """The seeds are read from their files; the date stands in the head."""
    model = extractor.FakeModel(readings.empty())
    record = extractor.extract(root / "seeds" / "000_43ab85a582bdf18f.txt", model=model)
    assert (record.article.id, str(record.article.published)) == ("000_43ab85a582bdf18f", "2025-02-12")


def test_a_file_that_is_no_article_raises_its_reason(tmp_path: Path) -> None:
    """The error that a batch would have written down."""
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(errors.UnreadableInput) as caught:
        extractor.extract(tmp_path / "empty.txt", model="rules")
    assert caught.value.hint


def test_many_articles_come_as_a_stream_in_order(tmp_path: Path) -> None:
    """Records and failures are values; the input is taken as it is needed, so that an endless one works."""
    taken = 0

    def endless() -> Iterator[extractor.Article]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield readings.article(articles.text(number), id=f"a{number}")

    def answer(question: object) -> extractor.Reading:
        label = question.label  # type: ignore[attr-defined]  # a Question
        if label == "a3":
            raise errors.AnswerRefused("a3: no")
        return readings.empty()

    async def first_five() -> list[str]:
        model = extractor.FakeModel(answer)
        stream = extractor.extract_many(endless(), model=model, concurrency=2, passes=1)
        found = []
        async for result in stream:
            found.append(
                result.article.id if isinstance(result, extractor.Record) else f"{result.article} {result.error}"
            )
            if len(found) == 5:
                break
        await stream.aclose()  # type: ignore[attr-defined]  # an async generator
        return found

    assert asyncio.run(first_five()) == ["a0", "a1", "a2", "a3 AnswerRefused", "a4"]
    assert taken < 30


def test_a_fault_of_ours_in_one_article_is_a_failure_like_others() -> None:
    """An exception that nobody foresaw is named, and the others go on."""
    answers = iter([None, readings.empty()])

    def answer(_: object) -> extractor.Reading:
        found = next(answers)
        if found is None:
            raise ZeroDivisionError("unforeseen")
        return found

    async def both() -> list[extractor.Record | extractor.Failure]:
        two = [readings.article(id="a"), readings.article(id="b")]
        return [
            r async for r in extractor.extract_many(two, model=extractor.FakeModel(answer), concurrency=1, passes=1)
        ]

    first, second = asyncio.run(both())
    assert isinstance(first, extractor.Failure)
    assert (first.error, first.message) == ("InternalError", "a: ZeroDivisionError: unforeseen")
    assert isinstance(second, extractor.Record)


def test_the_public_names_are_those_promised() -> None:
    """Everything in __all__ is there, and nothing else is offered."""
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    with pytest.raises(AttributeError):
        extractor.nonsense  # noqa: B018  # the access is the test
