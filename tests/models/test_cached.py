"""Answers kept on disk."""

from __future__ import annotations

import pickle
import sqlite3
import stat
import zlib
from pathlib import Path
from typing import Any

import pytest

from extractor import errors
from extractor.models import cached
from extractor.models.cached import AnswerCache, CachedModel, cache_key
from extractor.models.interface import FakeModel, Question
from extractor.schema.reading import Reading
from tests.support import readings


def question(content: str = "Read this.") -> Question[Reading]:
    return Question(({"role": "user", "content": content},), Reading, readings.article(), "a1")


async def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    """The second answer comes from the cache, equal to the first in value and usage, and says so."""
    fake = FakeModel([readings.reading()])
    model = CachedModel(fake, AnswerCache(tmp_path))
    first, second = await model.ask(question()), await model.ask(question())
    assert (first.cached, second.cached) == (False, True)
    assert (second.value, second.usage) == (first.value, first.usage)
    assert len(fake.asked) == 1


async def test_answers_outlive_the_process(tmp_path: Path) -> None:
    """A cache opened anew on the same folder knows the answer."""
    first = CachedModel(FakeModel(readings.reading()), AnswerCache(tmp_path))
    await first.ask(question())
    await first.aclose()
    silent = FakeModel([])
    assert (await CachedModel(silent, AnswerCache(tmp_path)).ask(question())).cached
    assert silent.asked == []


@pytest.mark.parametrize(
    "changed",
    [
        FakeModel([], name="other"),
        FakeModel([], parameters={"temperature": 1}),
    ],
)
def test_the_key_depends_on_model_and_parameters(changed: FakeModel) -> None:
    """Another model or another parameter is another key; so is another message."""
    plain = FakeModel([])
    assert cache_key(plain, question()) == cache_key(FakeModel([]), question())
    assert cache_key(plain, question()) != cache_key(changed, question())
    assert cache_key(plain, question()) != cache_key(plain, question("Read that."))


async def test_failures_are_never_kept(tmp_path: Path) -> None:
    """After an error the next question reaches the model."""
    fake = FakeModel([errors.AnswerEmpty("nothing"), readings.reading()])
    model = CachedModel(fake, AnswerCache(tmp_path))
    with pytest.raises(errors.AnswerEmpty):
        await model.ask(question())
    assert not (await model.ask(question())).cached


@pytest.mark.parametrize(
    "entry", ["garbage", 7, [], {}, {"reply": "{", "usage": {}}, {"reply": "{}", "usage": {"x": 1}}]
)
async def test_an_entry_that_is_no_answer_is_a_miss_and_is_replaced(tmp_path: Path, entry: Any) -> None:
    """Whatever stands under the key, the model is asked and its answer kept."""
    fake = FakeModel([readings.reading()])
    cache = AnswerCache(tmp_path)
    cache.set(cache_key(fake, question()), entry)
    model = CachedModel(fake, cache)
    assert not (await model.ask(question())).cached
    assert (await model.ask(question())).cached


class _Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("exploded"),))


async def test_planted_pickles_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row whose mode says pickle is a miss; the code in it does not run."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cache"
    fake = FakeModel([readings.reading(), readings.reading()])
    cache = AnswerCache(folder)
    await CachedModel(fake, cache).ask(question())
    cache.close()
    with sqlite3.connect(folder / "cache.db") as database:
        changed = database.execute("UPDATE Cache SET mode = 4, value = ?, filename = NULL", (pickle.dumps(_Bomb()),))
        assert changed.rowcount == 1
    database.close()
    assert not (await CachedModel(fake, AnswerCache(folder)).ask(question())).cached
    assert not (tmp_path / "exploded").exists()


def test_only_the_owner_may_enter_the_folder(tmp_path: Path) -> None:
    """The folder is 0700, also where it existed with other rights."""
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o755)
    AnswerCache(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_is_no_cache_is_reported_with_a_remedy(tmp_path: Path) -> None:
    """A cache.db that is no database gives a ConfigurationError that names the folder and the ways out."""
    (tmp_path / "cache.db").write_text("this is not a database, but it is long enough to be taken for one" * 50)
    with pytest.raises(errors.ConfigurationError, match="cannot be opened") as caught:
        AnswerCache(tmp_path)
    assert "--no-cache" in caught.value.hint


async def test_nothing_is_evicted(tmp_path: Path) -> None:
    """Fifty answers of 50 kB all stay."""
    cache = AnswerCache(tmp_path)
    for number in range(50):
        cache.set(f"{number:064x}", {"reply": "x" * 50_000, "usage": {}})
    assert cache.stats().answers == 50
    assert cache.get(f"{0:064x}")["reply"] == "x" * 50_000
    assert cache.clear() == 50
    assert cache.stats().answers == 0


async def _planted(folder: Path, statement: str, *values: Any) -> bool:
    """Whether the answer still comes from the cache after its row was changed."""
    fake = FakeModel([readings.reading(), readings.reading()])
    cache = AnswerCache(folder)
    await CachedModel(fake, cache).ask(question())
    cache.close()
    with sqlite3.connect(folder / "cache.db") as database:
        assert database.execute(statement, values).rowcount == 1
    database.close()
    return (await CachedModel(fake, AnswerCache(folder)).ask(question())).cached


async def test_a_planted_row_reaches_no_file_outside_of_the_folder(tmp_path: Path) -> None:
    """Neither to read it, nor to delete it when the entry is replaced."""
    mine = tmp_path / "mine.txt"
    mine.write_bytes(zlib.compress(b'{"reply": "x"}'))
    change = "UPDATE Cache SET mode = 2, value = NULL, filename = ?"
    assert not await _planted(tmp_path / "cache", change, "../mine.txt")
    assert mine.exists()


@pytest.mark.parametrize("packed", [zlib.compress(b"[" * 100_000), zlib.compress(b" " * 3_000_000), b"no zlib"])
async def test_a_planted_row_is_unpacked_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bytes
) -> None:
    """Nested too deeply, larger than any answer, or garbled: a miss."""
    monkeypatch.setattr(cached, "_MAX_ENTRY", 1_000_000)
    assert not await _planted(tmp_path / "cache", "UPDATE Cache SET mode = 1, value = ?, filename = NULL", packed)
