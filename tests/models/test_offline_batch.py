"""Request and response files, and the model between them."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import AnswerAwaited, ConfigurationError
from extractor.models.interface import Question
from extractor.models.offline_batch.model import open_offline
from extractor.models.offline_batch.requests import QuestionKey, RequestFiles, parts_of
from extractor.models.offline_batch.responses import Response, Responses
from extractor.schema.reading import Reading
from extractor.settings import Settings
from tests.support import readings
from tests.support.server import Call, Reply, completion

BODY = b'{"model": "m", "messages": []}'
GOOD = readings.empty().model_dump(mode="json")


@given(st.text())
def test_an_id_is_safe_and_leads_back_to_its_question(article: str) -> None:
    """Whatever the article's id: 64 characters at most, plain ASCII, and the key is found again."""
    key = QuestionKey.of(article, BODY)
    custom_id = key.custom_id(article)
    assert len(custom_id) <= 64
    assert custom_id.isascii()
    assert custom_id.isprintable()
    assert QuestionKey.parse(custom_id) == key


def test_an_id_tells_articles_and_questions_apart() -> None:
    """The readable part may be the same; the digests are not. The order of a body's keys does not matter."""
    ids = {QuestionKey.of(article, body).custom_id(article) for article in ("a/b", "a b") for body in (BODY, b"{}")}
    assert len(ids) == 4
    assert {id_.split(".")[0] for id_ in ids} == {"a-b"}
    assert QuestionKey.of("a", b'{"messages":[],"model":"m"}') == QuestionKey.of("a", BODY)


@pytest.mark.parametrize("other", ["", "request-1", "a.0123.4567", None, 7])
def test_ids_of_other_programs_are_no_keys(other: object) -> None:
    """They are told, not guessed at."""
    assert QuestionKey.parse(other) is None


def add(files: RequestFiles, *ids: str) -> None:
    for id_ in ids:
        files.add(id_, QuestionKey.of(id_, BODY), BODY)


def test_files_keep_to_the_limits(tmp_path: Path) -> None:
    """A file is full when the next request would pass the number or the bytes."""
    first = tmp_path / "requests.jsonl"
    files = RequestFiles(first, most_requests=3, most_bytes=10_000)
    add(files, *"abcde")
    assert [path.name for path in files.close()] == ["requests.jsonl", "requests.2.jsonl"]
    line = len(first.read_bytes().splitlines(keepends=True)[0])
    small = RequestFiles(tmp_path / "small.jsonl", most_bytes=2 * line)
    add(small, *"abcde")
    sizes = [path.stat().st_size for path in small.close()]
    assert sizes == [2 * line, 2 * line, line]


def test_files_appear_whole_or_not_at_all(tmp_path: Path) -> None:
    """Nothing stands in the folder before `close`, and nothing is left after `discard`."""
    files = RequestFiles(tmp_path / "requests.jsonl")
    add(files, "a")
    assert list(parts_of(files.first)) == []
    files.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    """As the requests in it, which hold articles."""
    files = RequestFiles(tmp_path / "job" / "requests.jsonl")
    add(files, "a")
    (path,) = files.close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_series_is_continued(tmp_path: Path) -> None:
    """New requests go behind those that are there, which are counted."""
    first = tmp_path / "requests.jsonl"
    files = RequestFiles(first)
    add(files, "a", "b")
    files.close()
    again = RequestFiles(first)
    assert again.asked == {QuestionKey.of("a", BODY): 1, QuestionKey.of("b", BODY): 1}
    add(again, "b")
    assert [path.name for path in again.close()] == ["requests.2.jsonl"]
    assert RequestFiles(first).asked[QuestionKey.of("b", BODY)] == 2


def test_a_file_of_another_kind_is_no_series(tmp_path: Path) -> None:
    """Requests are never written behind something else."""
    (tmp_path / "requests.jsonl").write_text('{"id": "an article"}\n')
    with pytest.raises(ConfigurationError, match=r"requests\.jsonl:1 is no request of this program"):
        RequestFiles(tmp_path / "requests.jsonl")


def row(article: str, status: int, body: object, **fields: object) -> str:
    response = {"status_code": status, "body": body} if status else None
    line = {"custom_id": QuestionKey.of(article, BODY).custom_id(article), "response": response, "error": None}
    return json.dumps({**line, **fields})


def responses(tmp_path: Path, *rows: str) -> Responses:
    path = tmp_path / "responses.jsonl"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return Responses([path])


def test_the_first_good_answer_counts(tmp_path: Path) -> None:
    """It wins over errors before and after it, and over later answers."""
    key = QuestionKey.of("a", BODY)
    found = responses(tmp_path, row("a", 500, {}), row("a", 200, {"n": 1}), row("a", 200, {"n": 2}), row("a", 500, {}))
    assert found.find(key) == Response(200, {"n": 1})
    assert found.find(QuestionKey.of("b", BODY)) is None


def test_errors_are_counted_once_per_line(tmp_path: Path) -> None:
    """A file that is given twice tells nothing new."""
    expired = row("a", 0, None, error={"code": "batch_expired", "message": "too late"})
    path = tmp_path / "errors.jsonl"
    path.write_text("\n".join([row("a", 503, {"error": {"message": "busy"}}, id="1"), expired]) + "\n")
    found = Responses([path, path])
    key = QuestionKey.of("a", BODY)
    assert found.errors(key) == 2
    last = found.find(key)
    assert last is not None
    assert (last.status, last.good, last.says) == (0, False, "too late")
    assert found.lines == 4


def ask(found: Responses, files: RequestFiles) -> Reading:
    model = open_offline("openai/m", Settings(), found, files)
    question = Question(({"role": "user", "content": "Read."},), Reading, readings.article(), "a1")

    async def once() -> Reading:
        try:
            return (await model.ask(question)).value
        finally:
            await model.aclose()

    return asyncio.run(once())


def test_the_model_answers_from_files_without_a_key(tmp_path: Path) -> None:
    """The request that it writes is the one whose answer it finds."""
    files = RequestFiles(tmp_path / "requests.jsonl")
    model = open_offline("openai/m", Settings(), Responses([]), files, resend=True)
    question = Question(({"role": "user", "content": "Read."},), Reading, readings.article(), "a1")
    with pytest.raises(AnswerAwaited, match="a1: it has a further question"):
        asyncio.run(model.ask(question))
    (path,) = files.close()
    request = json.loads(path.read_text())
    line = {
        "custom_id": request["custom_id"],
        "response": {"status_code": 200, "body": completion(Call(request["body"], {}, 0), Reply(GOOD))},
    }
    (tmp_path / "responses.jsonl").write_text(json.dumps(line))
    assert ask(Responses([tmp_path / "responses.jsonl"]), RequestFiles(tmp_path / "more.jsonl")) == readings.empty()


@pytest.mark.parametrize("name", ["rules", "nobody/m"])
def test_only_language_models_are_asked_by_file(name: str, tmp_path: Path) -> None:
    """Others are refused before anything is written."""
    with pytest.raises(ConfigurationError):
        open_offline(name, Settings(), Responses([]), RequestFiles(tmp_path / "r.jsonl"))
