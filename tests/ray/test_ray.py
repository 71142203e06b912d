"""Runs on a Ray cluster of two nodes on this machine. Run them where Ray is installed: `pytest -m ray`."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli.main import app
from extractor.files.records import record_files
from tests.support import articles
from tests.support.articles import jsonl
from tests.support.server import Call, Reply, Script, Server

pytestmark = [
    pytest.mark.ray,
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None,
        reason="Ray is not installed: pip install 'claim-commitment-extractor[ray]'",
    ),
]
Serve = Callable[[Script], Server]
_PROGRAM = Path(__file__).with_name("two_nodes.py")


def on_two_nodes(root: Path, server: Server, source: Path, folder: Path, **fields: Any) -> tuple[int, dict[str, Any]]:
    """Runs there; returns the exit code and what the run told."""
    job = {"inputs": [str(source)], "folder": str(folder), "base_url": server.url}
    environment = {**os.environ, "PYTHONPATH": str(root), "RAY_USAGE_STATS_ENABLED": "0"}
    arguments = [sys.executable, str(_PROGRAM), json.dumps({**job, **fields})]
    with (folder.parent / "ray.log").open("w+") as log:
        program = subprocess.Popen(arguments, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            code = program.wait(timeout=240)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)  # a killed driver leaves Ray's own processes behind
        log.seek(0)
        lines = log.read().splitlines()
    told = [line for line in lines if line.startswith("{")]
    assert told or code, "\n".join(lines[-30:])
    return code, json.loads(told[-1]) if told else {"log": "\n".join(lines[-30:])}


def records(folder: Path) -> list[str]:
    """All lines of all parts, sorted."""
    return sorted(line for path in record_files(folder) for line in path.read_text().splitlines())


def live(server: Server, source: Path, out: Path) -> list[str]:
    """What a run on one machine writes, sorted."""
    arguments = ["run", str(source), "-o", str(out), "--model", "local/test", "--base-url", server.url, "-c", "16"]
    CliRunner().invoke(app, [*arguments, "--no-cache", "--quiet"])
    return sorted(out.read_text().splitlines())


def test_nothing_is_lost_or_done_twice_when_a_node_dies(root: Path, serve: Serve, tmp_path: Path) -> None:
    """Both nodes work; one is killed in the middle; the other finishes, and the folder holds the very records of a run
    on one machine, each once. The report reads the folder.
    """
    source = articles.write_jsonl(tmp_path / "many.jsonl", range(200))
    server = serve(articles.answering(0.25))
    code, found = on_two_nodes(root, server, source, tmp_path / "out", kill=6)
    assert code == 0, found
    assert (found["state"], found["written"], found["failed"], found["read"]) == ("finished", 200, 0, 200)
    assert found["alive"] == 1
    assert found["parts_before"] < 40
    assert len(found["workers"]) >= 2
    assert len(found["parts"]) == len(set(found["parts"])) == 40
    expected = live(serve(articles.answering()), source, tmp_path / "live.jsonl")
    assert records(tmp_path / "out") == expected
    assert len(expected) == 200
    shown = CliRunner().invoke(app, ["report", str(tmp_path / "out"), "-o", str(tmp_path / "report.html")])
    assert shown.exit_code == 0, shown.stderr


def test_a_killed_run_is_continued_and_failures_are_retried(root: Path, serve: Serve, tmp_path: Path) -> None:
    """The whole run is killed; the next one reads only what has no part. What failed is left alone, and read again
    when asked for.
    """
    source = articles.write_jsonl(tmp_path / "many.jsonl", range(60))
    with source.open("a") as file:
        file.write('nothing\n{"id": "a1", "text": "The same id again."}\n')
    moody = {"bad": True}

    def script(call: Call) -> Reply:
        if moody["bad"] and "bridge 7 " in call.article:
            return Reply(refusal="No.")
        return Reply(articles.answer(call), delay=0.4)

    server, folder = serve(script), tmp_path / "out"
    code, _ = on_two_nodes(root, server, source, folder, die=2)
    assert code == -signal.SIGKILL
    before = len(records(folder))
    assert 0 < before < 59
    failed_before = sum(len(jsonl(path)) for path in folder.glob("*.failed.jsonl"))
    code, found = on_two_nodes(root, server, source, folder)
    assert code == 0, found
    assert (found["state"], found["read"]) == ("finished", 62)
    assert found["skipped"] >= before + failed_before  # a node may finish its chunk after the driver's death
    failures = [failure for path in folder.glob("*.failed.jsonl") for failure in jsonl(path)]
    assert sorted(f["error"] for f in failures) == ["AnswerRefused", "DuplicateId", "UnreadableInput"]
    moody["bad"] = False
    code, again = on_two_nodes(root, server, source, folder, retry_failed=True)
    assert code == 0, again
    assert (again["written"], again["failed"], again["skipped"]) == (1, 2, 59)
    assert records(folder) == live(serve(articles.answering()), source, tmp_path / "live.jsonl")


def test_an_error_that_meets_every_article_stops_the_run(root: Path, serve: Serve, tmp_path: Path) -> None:
    """A rejected key: the driver is told with the server's words, although exceptions do not cross processes."""
    source = articles.write_jsonl(tmp_path / "many.jsonl", range(20))
    server = serve(lambda _: Reply(status=401))
    code, found = on_two_nodes(root, server, source, tmp_path / "out")
    assert code == 0, found
    assert found["error"].startswith("ModelRejected: a")
    assert "401" in found["error"]
    manifest = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (manifest["state"], manifest["written"]) == ("stopped", 0)


def test_the_command_reads_into_a_folder(root: Path, tmp_path: Path) -> None:
    """`extractor run --engine ray` on this machine alone: totals on stderr, exit code 0."""
    source = articles.write_jsonl(tmp_path / "many.jsonl", range(10))
    command = ["run", str(source), "-o", "out", "--model", "rules", "--engine", "ray"]
    done = subprocess.run(
        [sys.executable, "-m", "extractor", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == "10 articles read: 10 written, 0 failed, 0 skipped."
    assert json.loads((tmp_path / "out" / "run.json").read_text())["settings"]["engine"] == "ray"
    CliRunner().invoke(app, ["run", str(source), "-o", str(tmp_path / "live.jsonl"), "--model", "rules", "--quiet"])
    assert records(tmp_path / "out") == sorted((tmp_path / "live.jsonl").read_text().splitlines())
