"""`--workers N`: several processes, one output, one rate limit, one budget."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import articles
from tests.support.articles import answering, jsonl
from tests.support.runs import ask, finish, manifest, run, start, wait_for
from tests.support.server import Call, Limited, Reply, Script, Server

Serve = Callable[[Script], Server]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in found]


def test_workers_write_what_one_process_writes(serve: Serve, tmp_path: Path, out: Path) -> None:
    """Byte for byte, in input order, whatever each answer takes; failures, tokens and cost add up as well."""

    def script(call: object) -> Reply:
        number = int(call.article.split()[1].rstrip("."))  # type: ignore[attr-defined]
        if number % 10 == 7:
            return Reply(refusal="No.")
        return Reply(articles.answer(call), delay=0.03 if number % 3 else 0.0)  # type: ignore[arg-type]

    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    server, plain = serve(script), tmp_path / "plain.jsonl"
    options = ("-c", 8, "--no-cache", "--price", "1000,1000")
    assert ask(server, source, "-o", plain, *options).exit_code == 1
    result = ask(server, source, "-o", out, *options, "--workers", 2)
    assert result.exit_code == 1
    assert out.read_bytes() == plain.read_bytes()
    assert out.with_suffix(".failed.jsonl").read_bytes() == plain.with_suffix(".failed.jsonl").read_bytes()
    same = ("read", "written", "failed", "attempts", "input_tokens", "output_tokens")
    assert {name: manifest(out)[name] for name in same} == {name: manifest(plain)[name] for name in same}
    assert manifest(out)["cost"] == pytest.approx(60 * 0.11)
    assert server.most_in_flight <= 8


def test_workers_share_one_rate_limit_and_one_budget(serve: Serve, tmp_path: Path, out: Path) -> None:
    """Twenty a second for both together, and $3 buy 27 answers of $0.11 from both together."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    limited = Limited(answering(0.05), 20, 1.0)
    options = ("-c", 8, "--workers", 2, "--rpm", 1200, "--price", "1000,1000", "--max-cost", 3.0)
    result = ask(serve(limited), source, "-o", out, *options)
    assert result.exit_code == 3
    assert limited.violations <= 1
    assert len(jsonl(out)) == limited.accepted == 27
    assert manifest(out)["cost"] == pytest.approx(2.97)


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(serve: Serve, tmp_path: Path, out: Path) -> None:
    """Killed in the middle of the run: its articles are given to another one, and nothing is lost."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(40))
    server = serve(answering(0.2))
    process = start(server, source, out, tmp_path / "cache", "--workers", 2)
    wait_for(lambda: server.answered >= 4)
    os.kill(_children(process.pid)[0], signal.SIGKILL)
    code, said = finish(process)
    assert code == 0, said
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(40)]


def test_a_worker_that_dies_is_told(serve: Serve, tmp_path: Path, out: Path) -> None:
    """One line, also for those who want errors only: why, and that what it had under way is read again."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(4))
    server = serve(lambda call: Reply(articles.answer(call), delay=0.0 if call.repeat else 1.0))
    process = start(server, source, out, tmp_path / "cache", "--workers", 2)
    wait_for(lambda: len(server.calls) == 4)  # two articles each
    os.kill(_children(process.pid)[0], signal.SIGKILL)
    code, said = finish(process)
    assert (code, said) == (0, "Worker process 1 died (SIGKILL) and is replaced; its 2 articles are read again.\n")
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(4)]
    assert len(server.calls) == 6


def test_workers_that_die_together_take_no_article_with_them(serve: Serve, tmp_path: Path, out: Path) -> None:
    """All are killed at once, as by a machine without memory: no article is taken for the cause, and none is lost."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(12))
    server = serve(lambda call: Reply(articles.answer(call), delay=0.0 if call.repeat else 1.0))
    process = start(server, source, out, tmp_path / "cache", "--workers", 3)
    wait_for(lambda: len(server.calls) == 12)
    process.send_signal(signal.SIGSTOP)  # so that it sees all of them dead when it looks again
    for child in _children(process.pid):
        os.kill(child, signal.SIGKILL)
    process.send_signal(signal.SIGCONT)
    code, said = finish(process)
    assert code == 0, said
    assert said.count("died (SIGKILL) and is replaced") == 3
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(12)]


def test_workers_that_cannot_start_are_told_each_and_end_the_run(
    serve: Serve, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are tried; the last ones are not replaced, and nobody reads the articles again."""
    monkeypatch.setattr("extractor.pipeline.workers._MOST_STARTS", 1)
    monkeypatch.setattr("extractor.pipeline.workers._MOST_DEATHS", 9)
    monkeypatch.setattr("extractor.pipeline.workers.sys.executable", "/bin/false")
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(1))
    result = ask(serve(answering()), source, "-o", out, "--workers", 2)
    assert result.exit_code == 2
    deaths = [line for line in result.stderr.splitlines() if "Worker process" in line]
    assert len(deaths) == 3
    assert sum(" and is replaced" in line for line in deaths) == 1
    assert sum(" and is not replaced any more" in line for line in deaths) == 2
    assert all("died (exit code 1)" in line for line in deaths)
    assert "The worker processes die one after the other." in result.stderr


def test_a_server_that_asks_workers_to_wait_is_told_once(
    serve: Serve, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the process that has the screen, for all of them together."""
    monkeypatch.setattr("extractor.models.busy.GRACE", 0.0)
    monkeypatch.setattr("extractor.cli.waiting._EVERY", 0.01)
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(12))
    began: list[float] = []

    def script(call: Call) -> Reply:
        began.append(time.monotonic())
        if began[-1] - began[0] < 0.5:
            return Reply(status=429, headers={"retry-after": "1"})
        return Reply(articles.answer(call))

    result = ask(serve(script), source, "-o", out, "--workers", 2)
    assert result.exit_code == 0
    assert len(jsonl(out)) == 12
    told = [line for line in result.stderr.splitlines() if "got through" in line]
    assert told == ["No call got through for 0 s: the server asks to wait another 1 s."]


def test_what_a_dead_worker_set_aside_is_not_waited_for(serve: Serve, tmp_path: Path, out: Path) -> None:
    """Killed while its articles hold $1.10 of a budget of $2.35, of which the others need $1.32."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(12))
    server = serve(lambda call: Reply(articles.answer(call), delay=1.0 if 2 <= len(server.calls) <= 9 else 0.0))
    process = start(server, source, out, tmp_path / "cache", "--workers", 2, "--price", "1000,1000", "--max-cost", 2.35)
    wait_for(lambda: len(server.calls) == 9 and server.answered == 1)  # all eight places are taken
    os.kill(_children(process.pid)[0], signal.SIGKILL)
    code, said = finish(process)
    assert code == 0, said
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(12)]


@pytest.mark.slow
def test_workers_end_with_their_parent(serve: Serve, tmp_path: Path, out: Path) -> None:
    """After a SIGKILL of the parent no worker goes on asking."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(40))
    server = serve(answering(0.2))
    process = start(server, source, out, tmp_path / "cache", "--workers", 2)
    wait_for(lambda: server.answered >= 2)
    children = _children(process.pid)
    process.kill()
    process.communicate()
    wait_for(lambda: not any(Path(f"/proc/{child}/cmdline").read_bytes() for child in children if _lives(child)), 10)
    assert finish(start(server, source, out, tmp_path / "cache", "--workers", 2))[0] == 0
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(40)]


def _lives(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@pytest.mark.slow
def test_ctrl_c_finishes_what_the_workers_have_under_way(serve: Serve, tmp_path: Path, out: Path) -> None:
    """Also where the signal reaches the whole process group, as from a terminal."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    server = serve(answering(0.2))
    process = start(server, source, out, tmp_path / "cache", "--workers", 2, start_new_session=True)
    wait_for(lambda: server.answered >= 4)
    os.killpg(process.pid, signal.SIGINT)
    code, said = finish(process)
    assert code == 130, said
    assert "Traceback" not in said
    assert 4 <= len(jsonl(out)) == len(server.calls) < 60


def test_a_rejected_key_is_said_once(serve: Serve, tmp_path: Path, out: Path) -> None:
    """As with one process: exit code 2, one message with its remedy."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(20))
    result = ask(serve(lambda _: Reply(status=401)), source, "-o", out, "--workers", 2)
    assert result.exit_code == 2
    assert result.stderr.count("The key is not accepted: check it.") == 1


def test_a_missing_key_is_said_before_workers_start(tmp_path: Path, out: Path) -> None:
    """Nothing is written."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(3))
    result = run(source, "-o", out, "--model", "openai/x", "--workers", 2)
    assert result.exit_code == 2
    assert "OPENAI_API_KEY is not set" in result.stderr
    assert not out.exists()


def test_a_recording_is_made_by_one_process(tmp_path: Path, out: Path) -> None:
    """vcrpy records the process that it is in."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(3))
    result = run(source, "-o", out, "--model", "local/x", "--workers", 2, "--record", tmp_path / "c.json")
    assert result.exit_code == 2
    assert "Leave out --workers" in result.stderr
