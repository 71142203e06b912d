"""`extractor batch`, as a user meets it: out, to a server or by hand, and back in as many rounds as it takes."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.batch import app
from extractor.cli.main import app as main_app
from tests.support import articles, readings
from tests.support.articles import jsonl
from tests.support.batch_server import BatchServer, answer
from tests.support.server import Call, Reply, Script, Server

Serve = Callable[[Script], Server]
MODEL = ("--model", "local/test")
MISSED = "“The dam is safe,” said Ann Lee. “The road will be built in 2027,” said Bo Ray. Rain fell. "
LONG = "The ministry said that bridge 7 would open in May 2026. " + "Rain fell on the old town all day. \n\n" * 400


def batch(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.stderr
    return result


def read(call: Call) -> dict[str, Any]:
    """One claim: the article's first five words; nothing more to a second question."""
    if len(call.body["messages"]) > 2 and not call.article.startswith("Clumsy"):
        return readings.empty().model_dump(mode="json")
    quote = " ".join(call.article.split()[:5])
    return readings.reading(claims=[readings.claim(quote)]).model_dump(mode="json")


class Moody:
    """A model with every kind of answer, by the article's first word; the same whether it is asked live or by batch."""

    def __init__(self) -> None:
        self.lost: set[str] = set()

    def __call__(self, call: Call) -> Reply:
        kind, asked = call.article.split()[0], len(call.body["messages"])
        if kind == "Flaky" and kind not in self.lost:
            self.lost.add(kind)
            return Reply(status=500)
        if kind == "Expiring" and kind not in self.lost:
            self.lost.add(kind)
            return Reply(drop=True)
        if kind == "Wrong" or (kind == "Clumsy" and asked == 2):
            return Reply({"speakers": "nobody"})
        if kind == "Refused":
            return Reply(refusal="No.")
        if kind == "Rejected":
            return Reply(status=400)
        if kind == "Dense" and len(call.article) > 1000:
            return Reply(read(call), finish="length")
        return Reply(read(call))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """One article of each kind."""
    plain = "{} bridges would open in May 2026, the ministry said. "
    texts = {
        "plain": plain.format("Four"),
        "clumsy": plain.format("Clumsy"),
        "wrong": plain.format("Wrong"),
        "refused": plain.format("Refused"),
        "rejected": plain.format("Rejected"),
        "flaky": plain.format("Flaky"),
        "expiring": plain.format("Expiring"),
        "dense": "Dense fog lay over the city. " * 60,
        "missed/with a long, odd id: ünï “quoted” and more": "Two reports came. " + MISSED * 2,
        "long": LONG,
    }
    path = tmp_path / "mixed.jsonl"
    rows = [json.dumps({"id": id_, "published": "2025-07-11", "text": text}) for id_, text in texts.items()]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def answer_file(requests: Path, script: Script) -> None:
    """What the Batch API would leave beside a request file."""
    good, bad = answer(requests.read_bytes().splitlines(), script)
    requests.with_suffix(".responses.jsonl").write_bytes(b"".join(good))
    requests.with_suffix(".errors.jsonl").write_bytes(b"".join(bad))


def in_rounds(source: Path, out: Path, script: Script, *, rounds: int = 9) -> int:
    """Export, then answer and import until nothing is asked any more; returns the number of rounds."""
    job = out.parent / "job"
    new = batch("export", source, "-o", job / "requests.jsonl", *MODEL).stdout.split()
    for number in range(1, rounds):
        for path in new:
            answer_file(Path(path), script)
        arguments = ("import", *job.glob("*.responses.jsonl"), *job.glob("*.errors.jsonl"), source, "-o", out, *MODEL)
        result = CliRunner().invoke(app, [*map(str, arguments), "--requests", str(job / "more.jsonl")])
        new = result.stdout.split()
        if not new:
            return number
    raise AssertionError("it never ends")


def test_a_batch_writes_what_a_live_run_writes(serve: Serve, mixed: Path, tmp_path: Path) -> None:
    """Byte for byte, through re-asks, second questions, halves and parts; and the same articles fail for the same
    reasons.
    """
    server = serve(Moody())
    live, out = tmp_path / "live.jsonl", tmp_path / "out.jsonl"
    CliRunner().invoke(main_app, ["run", str(mixed), "-o", str(live), *MODEL, "--base-url", server.url])
    assert in_rounds(mixed, out, Moody()) == 5
    assert out.read_bytes() == live.read_bytes()
    found = {record["article"]["id"]: record for record in jsonl(out)}
    assert len(found) == 7
    assert {c["code"] for r in found.values() for c in r["checks"]} >= {"second_pass", "truncated", "read_in_parts"}
    assert found["clumsy"]["run"]["attempts"] == 2

    def failures(path: Path) -> list[tuple[str, ...]]:
        return [(f["article"], f["error"], f["message"], f["attempts"]) for f in jsonl(path)]

    assert failures(out.with_suffix(".failed.jsonl")) == failures(live.with_suffix(".failed.jsonl"))
    assert [f[1] for f in failures(live.with_suffix(".failed.jsonl"))] == [
        "AnswerInvalid",
        "AnswerRefused",
        "ModelRejected",
    ]


def test_requests_are_what_a_live_run_sends(serve: Serve, tmp_path: Path) -> None:
    """The body of a request line is the body of the live request, strict schema included."""
    source = articles.write_jsonl(tmp_path / "three.jsonl", range(3))
    server = serve(articles.answering())
    live = ["run", str(source), "-o", str(tmp_path / "live.jsonl"), *MODEL, "--base-url", server.url, "-c", "1"]
    CliRunner().invoke(main_app, live)
    requests = tmp_path / "requests.jsonl"
    result = batch("export", source, "-o", requests, *MODEL)
    assert [row["body"] for row in jsonl(requests)] == [call.body for call in server.calls]
    assert jsonl(requests)[0]["body"]["response_format"]["json_schema"]["strict"] is True
    assert result.stdout == f"{requests}\n"
    assert "3 requests for local/test in 1 file" in result.stderr
    assert stat.S_IMODE(requests.stat().st_mode) == 0o600


def test_export_splits_and_does_not_overwrite(tmp_path: Path) -> None:
    """Files of at most --per-file requests, in input order; a series that is there is replaced only with --overwrite,
    and then whole.
    """
    source = articles.write_jsonl(tmp_path / "five.jsonl", range(5))
    requests = tmp_path / "job" / "requests.jsonl"
    result = batch("export", source, "-o", requests, *MODEL, "--per-file", 2)
    names = ["requests.jsonl", "requests.2.jsonl", "requests.3.jsonl"]
    assert [Path(line).name for line in result.stdout.split()] == names
    found = [row["custom_id"].split(".")[0] for name in names for row in jsonl(requests.with_name(name))]
    assert found == ["a0", "a1", "a2", "a3", "a4"]
    refused = batch("export", source, "-o", requests, *MODEL, code=2)
    assert "is there already" in refused.stderr
    batch("export", source, "-o", requests, *MODEL, "--overwrite")
    assert [path.name for path in requests.parent.iterdir()] == ["requests.jsonl"]
    assert len(jsonl(requests)) == 5


def test_export_tells_what_is_no_article(tmp_path: Path) -> None:
    """The others are exported, and the exit code is 1."""
    source = tmp_path / "some.jsonl"
    source.write_text('{"id": "a", "text": "The bridge would open, he said."}\nnothing\n')
    result = batch("export", source, "-o", tmp_path / "requests.jsonl", *MODEL, code=1)
    assert f"Not readable: {source}:2" in result.stderr
    assert len(jsonl(tmp_path / "requests.jsonl")) == 1


def test_a_batch_needs_a_language_model(tmp_path: Path) -> None:
    """Rules need no batch, and no name leads to rules."""
    source = articles.write_jsonl(tmp_path / "one.jsonl", range(1))
    result = batch("export", source, "-o", tmp_path / "requests.jsonl", code=2)
    assert "A batch needs a language model." in result.stderr
    assert not (tmp_path / "requests.jsonl").exists()


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """A key for the server; to be asked for before anything that reads the settings."""
    monkeypatch.setenv("EXTRACTOR_API_KEY", "sk-planted-0123456789")
    return "sk-planted-0123456789"


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """Four articles, exported as two files."""
    source = articles.write_jsonl(tmp_path / "four.jsonl", range(4))
    batch("export", source, "-o", tmp_path / "job" / "requests.jsonl", *MODEL, "--per-file", 2)
    return tmp_path / "job"


def test_what_is_not_answered_yet_is_listed_and_not_asked_twice(job: Path, tmp_path: Path) -> None:
    """An import of half the responses writes half the records; the rest is waited for, until --resend."""
    answer_file(job / "requests.jsonl", articles.answering())
    out = tmp_path / "out.jsonl"
    arguments = ("import", job / "requests.responses.jsonl", tmp_path / "four.jsonl", "-o", out, *MODEL)
    result = batch(*arguments, code=1)
    assert "4 articles read: 2 written, 0 failed, 0 skipped, 2 waiting for answers." in result.stderr
    assert result.stdout == ""
    waiting = jsonl(out.with_suffix(".failed.jsonl"))
    assert [(f["article"], f["error"], f["retryable"]) for f in waiting] == [
        ("a2", "AnswerAwaited", True),
        ("a3", "AnswerAwaited", True),
    ]
    again = batch(*arguments, "--resend", code=1)
    assert "2 already" not in again.stderr
    (new,) = again.stdout.split()
    assert new == str(tmp_path / "out.requests.jsonl")
    assert [row["body"] for row in jsonl(Path(new))] == [row["body"] for row in jsonl(job / "requests.2.jsonl")]
    answer_file(job / "requests.2.jsonl", articles.answering())
    done = batch("import", job / "requests.2.responses.jsonl", *arguments[1:])
    assert "4 articles read: 2 written, 0 failed, 2 skipped, 0 waiting" in done.stderr
    assert [record["article"]["id"] for record in jsonl(out)] == ["a0", "a1", "a2", "a3"]
    assert not out.with_suffix(".failed.jsonl").exists()


def test_the_failures_are_where_the_message_says(job: Path, tmp_path: Path) -> None:
    """Also where the output has another ending."""
    answer_file(job / "requests.jsonl", articles.answering())
    out = tmp_path / "out.v2"
    result = batch("import", job / "requests.responses.jsonl", tmp_path / "four.jsonl", "-o", out, *MODEL, code=1)
    failed = tmp_path / "out.v2.failed.jsonl"
    assert f"What failed or waits, and what to do about it: {failed}\n" in result.stderr
    assert [f["article"] for f in jsonl(failed)] == ["a2", "a3"]


def test_further_questions_are_written_once(tmp_path: Path) -> None:
    """Importing the same responses twice asks nothing twice; a second error after a second request does ask again."""
    source = articles.write_jsonl(tmp_path / "two.jsonl", range(2))
    requests, out = tmp_path / "job" / "requests.jsonl", tmp_path / "out.jsonl"
    batch("export", source, "-o", requests, *MODEL)
    answer_file(requests, lambda call: Reply({"no": 1}) if "bridge 0" in call.article else Reply(status=500))
    arguments = ("import", *requests.parent.glob("*s.jsonl"), source, "-o", out, *MODEL)
    arguments = tuple(a for a in arguments if a != requests)
    first = batch(*arguments, code=1)
    again = tmp_path / "out.requests.jsonl"
    assert first.stdout == f"{again}\n"
    assert len(jsonl(again)) == 2
    assert len(jsonl(again)[0]["body"]["messages"]) == 4
    assert batch(*arguments, code=1).stdout == ""
    answer_file(again, lambda call: Reply(status=503) if "bridge 1" in call.article else Reply(articles.answer(call)))
    more = (tmp_path / "out.requests.responses.jsonl", tmp_path / "out.requests.errors.jsonl")
    third = batch(*arguments, *more, code=1)
    assert third.stdout == f"{tmp_path / 'out.requests.2.jsonl'}\n"
    assert f"1 further question in {tmp_path / 'out.requests.2.jsonl'}." in third.stderr
    assert f"`extractor batch submit {again}` asks them" in third.stderr
    assert [row["custom_id"].split(".")[0] for row in jsonl(tmp_path / "out.requests.2.jsonl")] == ["a1"]
    waiting = jsonl(out.with_suffix(".failed.jsonl"))
    assert "503: scripted 503" in waiting[0]["message"]
    assert [record["article"]["id"] for record in jsonl(out)] == ["a0"]


def test_answers_to_other_questions_are_not_paid_for_again(job: Path, tmp_path: Path) -> None:
    """Another prompt, model or article: the import says so, and asks nothing until --resend."""
    answer_file(job / "requests.jsonl", articles.answering())
    out = tmp_path / "out.jsonl"
    arguments = ("import", job / "requests.responses.jsonl", tmp_path / "four.jsonl", "-o", out, "--limit", 2)
    result = batch(*arguments, "--model", "local/other", code=1)
    assert "2 articles: the answers given belong to other questions than those now asked." in result.stderr
    assert result.stdout == ""
    assert {f["error"] for f in jsonl(out.with_suffix(".failed.jsonl"))} == {"AnswerAwaited"}
    assert batch(*arguments, "--model", "local/other", "--resend", code=1).stdout != ""


def test_a_later_answer_without_the_earlier_one_asks_nothing(tmp_path: Path) -> None:
    """Leaving out the first round's responses in the second round does not start over."""
    source = articles.write_jsonl(tmp_path / "one.jsonl", range(1))
    requests, out = tmp_path / "job" / "requests.jsonl", tmp_path / "out.jsonl"
    batch("export", source, "-o", requests, *MODEL)
    answer_file(requests, lambda _: Reply({"no": 1}))
    batch("import", requests.with_suffix(".responses.jsonl"), source, "-o", out, *MODEL, code=1)
    again = tmp_path / "out.requests.jsonl"
    answer_file(again, articles.answering())
    result = batch("import", again.with_suffix(".responses.jsonl"), source, "-o", out, *MODEL, code=1)
    assert "Give all response files" in result.stderr
    assert result.stdout == ""


def test_broken_lines_are_told_and_lose_nothing_else(job: Path, tmp_path: Path) -> None:
    """A cut-off last line, another program's line, and one nested too deep: named, counted, and passed over."""
    answer_file(job / "requests.jsonl", articles.answering())
    responses = job / "requests.responses.jsonl"
    foreign = b'{"custom_id": "theirs", "response": {"status_code": 200, "body": {}}}\n'
    deep = b'{"custom_id": "a", "response": ' + b"[" * 100_000 + b"\n"
    whole = responses.read_bytes()
    responses.write_bytes(whole + foreign + deep + whole[:500])
    result = batch("import", responses, tmp_path / "four.jsonl", "-o", tmp_path / "out.jsonl", *MODEL, code=1)
    assert "3 lines of the response files could not be used." in result.stderr
    assert f"No response of this job: {responses}, byte {len(whole)}" in result.stderr
    assert len(jsonl(tmp_path / "out.jsonl")) == 2


@pytest.mark.parametrize("named", ["responses", "articles"])
def test_both_responses_and_articles_must_be_named(job: Path, tmp_path: Path, named: str) -> None:
    """They are told apart by what they hold."""
    answer_file(job / "requests.jsonl", articles.answering())
    path = job / "requests.responses.jsonl" if named == "responses" else tmp_path / "four.jsonl"
    missing = "The articles" if named == "responses" else "A response file"
    result = batch("import", path, "-o", tmp_path / "out.jsonl", *MODEL, code=2)
    assert f"{missing} must be named too." in result.stderr


@pytest.fixture
def start() -> Iterator[Callable[..., BatchServer]]:
    """Starts batch servers that live as long as the test."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(BatchServer(*args, **kwargs).running())


Start = Callable[..., BatchServer]


def test_submit_status_fetch(key: str, start: Start, job: Path, tmp_path: Path) -> None:
    """Two files become two batches; status tells how they stand; fetch brings what is there; import reads it."""
    server = start(articles.answering(), looks=2)
    at = (job / "requests.jsonl", *MODEL, "--base-url", server.url)
    result = batch("submit", *at)
    assert "Batches started: 2." in result.stderr
    assert result.stdout.splitlines() == [
        f"{job / 'requests.jsonl'}  batch_1  validating",
        f"{job / 'requests.2.jsonl'}  batch_2  validating",
    ]
    assert server.files["file-1"] == (job / "requests.jsonl").read_bytes()
    assert batch("fetch", *at, code=1).stdout == ""
    assert "Batches started: 0." in batch("submit", *at).stderr
    rows = [json.loads(line) for line in batch("status", *at, "--json").stdout.splitlines()]
    assert [row["requests"] for row in rows] == [str(job / "requests.jsonl"), str(job / "requests.2.jsonl")]
    assert [row["status"] for row in rows] == ["completed", "completed"]
    fetched = batch("fetch", *at).stdout.split()
    assert fetched == [str(job / "requests.responses.jsonl"), str(job / "requests.2.responses.jsonl")]
    batch("import", *fetched, tmp_path / "four.jsonl", "-o", tmp_path / "out.jsonl", *MODEL)
    assert len(jsonl(tmp_path / "out.jsonl")) == 4
    assert len(server.batches) == 2
    assert server.keys == {f"Bearer {key}"}
    assert not any(key.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_each_job_has_its_own_files(start: Start, tmp_path: Path) -> None:
    """Two jobs whose names differ by their ending: neither takes the other's state or responses."""
    server = start(articles.answering())
    for number, name in enumerate(("job.v1", "job.v2")):
        source = articles.write_jsonl(tmp_path / f"{name}.in.jsonl", [number])
        batch("export", source, "-o", tmp_path / name, *MODEL)
        at = (tmp_path / name, *MODEL, "--base-url", server.url)
        batch("submit", *at)
        assert batch("fetch", *at, "--wait", "--every", 0).stdout == f"{tmp_path / name}.responses.jsonl\n"
    for number, name in enumerate(("job.v1", "job.v2")):
        (response,) = jsonl(tmp_path / f"{name}.responses.jsonl")
        assert response["custom_id"].startswith(f"a{number}.")
        assert list(json.loads((tmp_path / f"{name}.batch.json").read_text())["parts"]) == [name]


def test_no_proxy_stands_between(start: Start, job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment names as a proxy sees neither the requests nor the key."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server = start(articles.answering())
    assert "Batches started: 2." in batch("submit", job / "requests.jsonl", *MODEL, "--base-url", server.url).stderr


def test_fetch_waits_and_brings_each_file_once(start: Start, job: Path) -> None:
    """With --wait it looks until all have ended; what is here is not brought again."""
    server = start(lambda call: Reply(status=500) if "bridge 1" in call.article else Reply({}), looks=3)
    at = (job / "requests.jsonl", *MODEL, "--base-url", server.url)
    batch("submit", *at)
    paths = batch("fetch", *at, "--wait", "--every", 0).stdout.split()
    assert [Path(path).name for path in paths] == [
        "requests.responses.jsonl",
        "requests.errors.jsonl",
        "requests.2.responses.jsonl",
    ]
    assert stat.S_IMODE(Path(paths[0]).stat().st_mode) == 0o600
    before = len(server.requests)
    assert batch("fetch", *at).stdout.split() == paths
    assert len(server.requests) == before


def test_a_refused_batch_is_told_and_started_again(start: Start, job: Path) -> None:
    """As where too many tokens wait already: the reason is shown, and the next submit tries again with the file that is
    at the server.
    """
    server = start(articles.answering(), refusals=["Enqueued token limit reached."])
    at = (job / "requests.jsonl", *MODEL, "--base-url", server.url)
    batch("submit", *at)
    shown = batch("status", *at)
    assert "batch_1  failed\n  Enqueued token limit reached." in shown.stdout
    assert "the server refused the batch" in batch("fetch", *at, code=1).stderr
    assert "Batches started: 1." in batch("submit", *at).stderr
    assert len(server.files) - sum(1 for b in server.batches.values() if b["output_file_id"]) == 2
    batch("fetch", *at, "--wait", "--every", 0)


def test_a_batch_whose_creation_was_not_learnt_of_is_not_started_twice(start: Start, job: Path) -> None:
    """The answer to the creation got lost: the next submit finds the batch at the server."""
    server = start(articles.answering(), faults=["create"])
    at = (job / "requests.jsonl", *MODEL, "--base-url", server.url)
    batch("submit", *at, code=2)
    assert len(server.batches) == 1
    batch("submit", *at)
    assert [entry["input_file_id"] for entry in server.batches.values()] == ["file-1", "file-2"]
    assert json.loads((job / "requests.batch.json").read_text())["parts"]["requests.jsonl"]["batch"] == "batch_1"


def test_errors_of_the_server_are_told_without_the_key(key: str, start: Start, job: Path) -> None:
    """Exit code 2 and the server's words, in which the key is blotted out."""
    server = start(articles.answering(), faults=["files"])
    result = batch("submit", job / "requests.jsonl", *MODEL, "--base-url", server.url, code=2)
    assert "the server answered 400: scripted fault; you sent Bearer ***" in result.stderr
    assert key not in result.output


def test_changed_requests_are_not_taken_for_the_submitted_ones(start: Start, job: Path, tmp_path: Path) -> None:
    """A file that was submitted and then written anew is refused."""
    server = start(articles.answering())
    at = (job / "requests.jsonl", *MODEL, "--base-url", server.url)
    batch("submit", *at)
    batch("export", tmp_path / "four.jsonl", "-o", job / "requests.jsonl", *MODEL, "--limit", 1, "--overwrite")
    result = batch("submit", *at, code=2)
    assert "has changed since it was submitted as batch_1" in result.stderr
    assert len(server.batches) == 2


@pytest.mark.parametrize("command", ["submit", "status", "fetch"])
def test_the_three_say_what_is_missing(command: str, tmp_path: Path, job: Path) -> None:
    """No request file, or no key: exit code 2 with the remedy."""
    missing = batch(command, tmp_path / "no.jsonl", code=2)
    assert "There is no request file" in missing.stderr
    assert "OPENAI_API_KEY is not set." in batch(command, job / "requests.jsonl", code=2).stderr
    (job / "requests.batch.json").write_text('{"parts": 3}')
    assert "cannot be read" in batch(command, job / "requests.jsonl", *MODEL, code=2).stderr
