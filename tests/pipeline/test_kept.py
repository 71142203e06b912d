"""Records kept beside the answers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from extractor.files import prompts
from extractor.models.cached import AnswerCache
from extractor.models.interface import FakeModel, Usage
from extractor.pipeline import kept, versions
from extractor.pipeline.kept import KeptRecords
from tests.support import articles, readings
from tests.support.articles import answering
from tests.support.runs import ask
from tests.support.server import Script, Server

Serve = Callable[[Script], Server]
PROMPT = prompts.load()


def keeper(cache: AnswerCache, model: FakeModel | None = None, **options: object) -> KeptRecords:
    return KeptRecords(cache, model or FakeModel([]), PROMPT, **{"passes": 2, **options})


def test_a_kept_record_comes_back_as_it_was(tmp_path: Path) -> None:
    """Byte for byte, with what it took, and marked as cached."""
    cache = AnswerCache(tmp_path)
    records = keeper(cache)
    key = records.key(readings.article())
    assert records.get(key) is None
    records.set(key, '{"a":"é"}\n'.encode(), Usage(2, 30, 4, 1))
    again = keeper(cache).get(key)
    assert again is not None
    assert (again.line, again.usage, again.cached) == ('{"a":"é"}\n'.encode(), Usage(2, 30, 4, 1), True)


def test_the_key_depends_on_all_that_a_record_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, id, date, model, parameters, options and program."""
    cache, plain = AnswerCache(tmp_path), readings.article()
    keys = [
        keeper(cache).key(plain),
        keeper(cache).key(readings.article("Other words.")),
        keeper(cache).key(readings.article(id="a2")),
        keeper(cache).key(readings.article(published=None)),
        keeper(cache).key(readings.article(title="A title")),
        keeper(cache, FakeModel([], name="other")).key(plain),
        keeper(cache, FakeModel([], parameters={"temperature": 1})).key(plain),
        keeper(cache, passes=1).key(plain),
    ]
    monkeypatch.setattr(kept, "program", lambda: "another")
    keys.append(keeper(cache).key(plain))
    assert len(set(keys)) == len(keys)


NO_RECORDS = ["garbage", 7, {}, {"line": 3, "usage": {}}, {"line": "x", "usage": {}}, {"line": "a\nb\n", "usage": {}}]


@pytest.mark.parametrize("entry", NO_RECORDS)
def test_an_entry_that_is_no_record_is_a_miss(tmp_path: Path, entry: object) -> None:
    """The article is then read from its kept answers."""
    cache = AnswerCache(tmp_path)
    cache.set("k", entry)
    assert keeper(cache).get("k") is None


def test_the_program_is_told_by_its_source(tmp_path: Path) -> None:
    """A changed byte in any file of code or words gives another digest."""
    import hashlib

    def digest() -> str:
        found = hashlib.sha256()
        kept._add(found, tmp_path)
        return found.hexdigest()

    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "cues.toml").write_text("verbs = ['say']")
    (tmp_path / "notes.md").write_text("not part of it")
    before = digest()
    (tmp_path / "notes.md").write_text("still not")
    assert digest() == before
    (tmp_path / "text" / "cues.toml").write_text("verbs = ['ask']")
    assert digest() != before


def test_a_record_depends_on_the_holidays_library_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """With it "by Ramadan" has a date, without it none: another digest, also where it is not installed."""
    digests, original = [], metadata.version
    for found in ({"holidays": "1"}, {"holidays": "2"}, {}):

        def version(name: str, found: dict[str, str] = found) -> str:
            if name != "holidays":
                return original(name)
            if name not in found:
                raise metadata.PackageNotFoundError(name)
            return found[name]

        with monkeypatch.context() as patch:
            patch.setattr(versions.metadata, "version", version)
            assert versions.versions()["holidays"] == found.get("holidays", "absent")
            digests.append(kept.program.__wrapped__())
    assert len(set(digests)) == 3


def test_a_rerun_takes_records_from_the_cache_and_the_bytes_are_the_same(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is placed or dated anew; without the kept records all is, to the same end; `clear` removes both."""
    server, source = serve(answering()), articles.write_jsonl(tmp_path / "in.jsonl", range(5))
    one, two, three = (tmp_path / f"{name}.jsonl" for name in ("one", "two", "three"))
    ask(server, source, "-o", one)
    with monkeypatch.context() as patch:
        patch.setattr("extractor.pipeline.extract.assemble", None)
        result = ask(server, source, "-o", two)
    assert "(5 from the cache)" in result.stderr
    cache = AnswerCache(tmp_path / "cache")
    cache.records.clear()
    ask(server, source, "-o", three)
    assert one.read_bytes() == two.read_bytes() == three.read_bytes()
    assert len(server.calls) == 5
    assert cache.clear() == 5
    assert cache.records.stats().answers == 0
