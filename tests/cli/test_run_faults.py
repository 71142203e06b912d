"""`extractor run` when things go wrong: servers, disks, processes, clocks. The long ones are marked slow."""

from __future__ import annotations

import json
import os
import random
import resource
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.files.locking import OutputLock
from extractor.models.cached import AnswerCache
from tests.support import articles
from tests.support.articles import answering, jsonl
from tests.support.runs import ask, command, finish, manifest, run, start, wait_for
from tests.support.server import Script, Server, seeded

Serve = Callable[[Script], Server]
FAULTS = {"429": 0.10, "500": 0.05, "hang": 0.02, "drop": 0.02, "invalid": 0.03, "cut": 0.01, "garbled": 0.01}


def _all_is_accounted_for(out: Path, count: int) -> None:
    found = manifest(out)
    failures = out.with_suffix(".failed.jsonl")
    failed = jsonl(failures) if failures.exists() else []
    assert found["read"] == found["written"] + found["failed"] + found["skipped"] == count
    assert len(jsonl(out)) == found["written"]
    assert len(failed) == found["failed"]
    assert all(failure["hint"] and failure["message"] and failure["error"] for failure in failed)


@pytest.mark.slow
def test_a_thousand_articles_survive_every_fault(
    serve: Serve, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None lost, read = written + failed + skipped, every failure explained, and --retry-failed completes them."""
    monkeypatch.setenv("EXTRACTOR_TIMEOUT", "2")
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(1000))
    result = ask(serve(seeded(FAULTS, articles.answer)), source, "-o", out, "-c", 64)
    _all_is_accounted_for(out, 1000)
    assert result.exit_code == (1 if manifest(out)["failed"] else 0)
    again = ask(serve(answering()), source, "-o", out, "--retry-failed", "-c", 64)
    assert again.exit_code == 0
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(1000)]


def test_articles_that_fail_for_good_are_told_and_completed_later(
    serve: Serve, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the answers are invalid, so that some articles fail after all re-asks."""
    monkeypatch.setattr("extractor.models.retrying.Wait.__call__", lambda *_: 0.0)
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    assert ask(serve(seeded({"invalid": 0.5}, articles.answer)), source, "-o", out, "-c", 16).exit_code == 1
    _all_is_accounted_for(out, 60)
    assert {failure["error"] for failure in jsonl(out.with_suffix(".failed.jsonl"))} == {"AnswerInvalid"}
    assert ask(serve(answering()), source, "-o", out, "--retry-failed").exit_code == 0
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(60)]


def test_invented_quotes_are_kept_apart_and_no_failure(serve: Serve, ten: Path, out: Path) -> None:
    """They stand under `unplaced` with their reason."""
    assert ask(serve(seeded({"invented": 1.0}, articles.answer)), ten, "-o", out, "--passes", 1).exit_code == 0
    records = jsonl(out)
    assert [record["article"]["id"] for record in records] == [f"a{n}" for n in range(10)]
    for record in records:
        assert record["claims"] == []
        assert [item["reason"] for item in record["unplaced"]] == ["quote not found in the article"]


@pytest.mark.slow
def test_twenty_kills_lose_nothing(serve: Serve, tmp_path: Path) -> None:
    """SIGKILL at random moments, also while files are opened and put in order: the end is that of an unbroken run, and
    no answer that was kept was asked for again.
    """
    source, out, cache = articles.write_jsonl(tmp_path / "in.jsonl", range(400)), tmp_path / "out.jsonl", tmp_path / "c"
    server = serve(answering(0.05))
    draw = random.Random()
    for _ in range(20):
        process, before = start(server, source, out, cache), server.answered
        moment = before + draw.randrange(1, 25)
        wait_for(lambda m=moment, p=process: server.answered >= m or p.poll() is not None)  # type: ignore[misc]
        process.kill()
        process.communicate()
    known = len(list(AnswerCache(cache).keys()))
    asked = len(server.calls)
    assert finish(start(server, source, out, cache))[0] == 0
    assert len(server.calls) - asked == 400 - known
    whole = tmp_path / "whole.jsonl"
    assert finish(start(server, source, whole, tmp_path / "fresh"))[0] == 0
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def _with_files_of_at_most(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_ends_the_run_with_whole_records(serve: Serve, tmp_path: Path, out: Path) -> None:
    """The file ends with a whole line, the message says what to do, and with room the run is completed."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    server = serve(answering())
    arguments = ("run", source, "-o", out, "--model", "local/test", "--base-url", server.url, "--no-cache", "--quiet")
    full = subprocess.run(
        command(*arguments), capture_output=True, check=False, preexec_fn=_with_files_of_at_most(30_000)
    )
    assert full.returncode == 2
    assert b"cannot be written: File too large" in full.stderr
    assert b"Is there room on the disk" in full.stderr
    assert b"Traceback" not in full.stderr
    assert out.read_bytes().endswith(b"}\n")
    written = len(jsonl(out))
    assert 0 < written < 60
    assert ask(server, source, "-o", out, "--quiet").exit_code == 0
    assert [record["article"]["id"] for record in jsonl(out)] == [f"a{n}" for n in range(60)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(serve: Serve, ten: Path, tmp_path: Path) -> None:
    """Before anything is asked."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    server = serve(answering())
    result = ask(server, ten, "-o", folder / "out.jsonl")
    assert result.exit_code == 2
    assert "may you write into the folder?" in result.stderr
    assert server.calls == []


def test_an_output_in_a_place_that_takes_no_files_is_told(serve: Serve, ten: Path) -> None:
    """/proc is read-only also for root; nothing is asked."""
    server = serve(answering())
    result = ask(server, ten, "-o", "/proc/sys/out.jsonl")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert server.calls == []


def test_a_second_run_on_the_same_output_is_refused(serve: Serve, ten: Path, out: Path) -> None:
    """With a hint, before anything is asked; when the first one has ended the file is free."""
    server, lock = serve(answering()), OutputLock(out)
    lock.acquire()
    second = ask(server, ten, "-o", out)
    assert second.exit_code == 2
    assert f"Another run is writing to {out}." in second.stderr
    assert "choose another output file" in second.stderr
    assert server.calls == []
    lock.release()
    assert ask(server, ten, "-o", out).exit_code == 0


@pytest.mark.slow
def test_two_processes_on_one_output_do_not_meet(serve: Serve, ten: Path, tmp_path: Path) -> None:
    """The first one is not disturbed by the second."""
    out, server = tmp_path / "out.jsonl", serve(answering(1.0))
    first = start(server, ten, out, tmp_path / "cache")
    wait_for(lambda: len(server.calls) >= 8)
    assert run(ten, "-o", out, "--model", "rules").exit_code == 2
    assert finish(first)[0] == 0
    assert len(jsonl(out)) == 10


@pytest.mark.slow
def test_two_runs_share_a_cache(serve: Serve, tmp_path: Path) -> None:
    """At the same time, with outputs of their own: both complete, and a third one asks nothing."""
    source, cache = articles.write_jsonl(tmp_path / "in.jsonl", range(40)), tmp_path / "cache"
    server = serve(answering(0.01))
    runs = [start(server, source, tmp_path / name, cache) for name in ("one.jsonl", "two.jsonl")]
    assert [finish(process)[0] for process in runs] == [0, 0]
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    asked = len(server.calls)
    assert finish(start(server, source, tmp_path / "three.jsonl", cache))[0] == 0
    assert len(server.calls) == asked


@pytest.mark.parametrize(
    "ending", [b'{"schema_version":"1","article":{"id"', b"\0" * 300, b'{"schema_version":"1"}garbage\n', b"\xff\xfe\n"]
)
def test_a_broken_last_line_is_repaired_and_told(serve: Serve, ten: Path, out: Path, ending: bytes) -> None:
    """Cut off, zeros as after a power failure, garbage: it is cut off, said, and its article read again."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    whole = out.read_bytes()
    out.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]) + ending)
    result = ask(server, ten, "-o", out)
    assert result.exit_code == 0
    assert "was incomplete and was cut off" in result.stderr
    assert out.read_bytes() == whole


def test_a_line_of_text_is_not_taken_for_a_broken_record(ten: Path, out: Path) -> None:
    """A mistyped -o does not destroy somebody's notes."""
    out.write_text("remember the milk")
    assert run(ten, "-o", out, "--model", "rules").exit_code == 2
    assert out.read_text() == "remember the milk"


@pytest.fixture
def server_and_cache(serve: Serve, ten: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Server, Path]:
    """A server that was asked about ten articles, for one.jsonl, and the folder of the cache with its answers."""
    server, cache = serve(answering()), tmp_path / "kept"
    monkeypatch.setenv("EXTRACTOR_CACHE_DIR", str(cache))
    assert ask(server, ten, "-o", tmp_path / "one.jsonl").exit_code == 0
    return server, cache


def test_a_cache_that_is_damaged_inside_costs_its_answers_only(
    server_and_cache: tuple[Server, Path], ten: Path, out: Path, tmp_path: Path
) -> None:
    """With garbage in the second half of the databases of answers and records all is asked anew, and nothing fails."""
    server, cache = server_and_cache
    for database in (cache / "cache.db", cache / "records" / "cache.db"):
        whole = database.read_bytes()
        kept = len(whole) // 2
        database.write_bytes(whole[:kept] + random.Random(1).randbytes(len(whole) - kept))
    result = ask(server, ten, "-o", out)
    assert result.exit_code == 0
    assert "10 articles read: 10 written, 0 failed, 0 skipped; 1,000 + 100 tokens." in result.stderr
    assert len(server.calls) == 20
    assert out.read_bytes() == (tmp_path / "one.jsonl").read_bytes()


def test_a_cache_that_is_none_is_told(server_and_cache: tuple[Server, Path], ten: Path, out: Path) -> None:
    """A database that cannot be opened stops the run with a remedy, which works."""
    server, cache = server_and_cache
    for path in cache.rglob("*"):
        if path.is_file():
            path.write_bytes(random.Random(1).randbytes(5000))
    corrupt = ask(server, ten, "-o", out)
    assert corrupt.exit_code == 2
    assert f"The cache folder {cache} cannot be opened: file is not a database" in corrupt.stderr
    assert "or run with --no-cache." in corrupt.stderr
    assert ask(server, ten, "-o", out, "--no-cache").exit_code == 0


def test_a_clock_that_is_set_changes_no_record(
    serve: Serve, ten: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of day runs backwards by a day at every look: the records are the same, the seconds are not negative."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    days = iter(range(0, -(10**9), -86400))
    monkeypatch.setattr("time.time", lambda: 1.75e9 + next(days))
    again = out.with_name("again.jsonl")
    result = ask(server, ten, "-o", again, "--no-cache")
    assert result.exit_code == 0
    assert again.read_bytes() == out.read_bytes()
    assert 0 <= manifest(again)["seconds"] < 60


def test_a_record_is_on_disk_before_it_is_counted(serve: Serve, ten: Path, out: Path) -> None:
    """Whenever progress is told, the file holds that many whole lines; and from the start there is a manifest."""
    from extractor.pipeline import run as pipeline_run

    told: list[tuple[int, int]] = []
    original = pipeline_run._write

    def watching(outcome, files, totals, progress):  # type: ignore[no-untyped-def]
        assert manifest(out)["state"] == "running"
        original(outcome, files, totals, progress)
        told.append((totals.written, out.read_bytes().count(b"\n")))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline_run, "_write", watching)
        ask(serve(answering()), ten, "-o", out)
    assert told == [(n, n) for n in range(1, 11)]


def test_the_runs_own_output_is_no_input(serve: Serve, tmp_path: Path) -> None:
    """A folder that holds OUT.jsonl and the files beside it is read without them, also the second time."""
    folder = tmp_path / "articles"
    folder.mkdir()
    articles.write_jsonl(folder / "in.jsonl", range(3))
    out, server = folder / "out.jsonl", serve(answering())
    assert ask(server, folder, "-o", out).exit_code == 0
    again = ask(server, folder, "-o", out)
    assert again.exit_code == 0
    assert "3 articles read: 0 written, 0 failed, 3 skipped" in again.stderr
    assert "3 articles more: the record is there already." in ask(server, folder, "-o", out, "--dry-run").stderr
    alone = run(out, "-o", out, "--model", "rules")
    assert alone.exit_code == 2
    assert "nothing but this run's own output" in alone.stderr


def test_no_lock_is_left_behind(serve: Serve, ten: Path, out: Path) -> None:
    """After the end there are the three files of the run, and nothing hidden."""
    ask(serve(answering()), ten, "-o", out)
    assert sorted(path.name for path in out.parent.iterdir() if path.is_file()) == [
        "out.jsonl",
        "out.run.json",
        "ten.jsonl",
    ]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_run_goes_on_after_a_lock_that_a_killed_one_left(serve: Serve, ten: Path, out: Path) -> None:
    """The file alone means nothing; the lock on it went with its process."""
    out.with_name(".out.jsonl.lock").touch()
    assert ask(serve(answering()), ten, "-o", out).exit_code == 0


def test_json_totals_of_a_stopped_run_are_printed_too(serve: Serve, ten: Path, out: Path) -> None:
    """A program that reads stdout gets them with exit code 3 as well."""
    result = ask(serve(answering()), ten, "-o", out, "--price", "1000,1000", "--max-cost", 1.0, "--json", "-c", 1)
    assert result.exit_code == 3
    totals = json.loads(result.stdout)
    assert (totals["state"], totals["written"], round(totals["cost"], 2)) == ("stopped", 9, 0.99)
