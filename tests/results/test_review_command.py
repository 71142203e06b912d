"""`extractor review` as a program."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.review import review
from extractor.results.evaluation import read_gold
from extractor.schema.record import Record
from tests.support import records, reviewing

PROGRAM = [sys.executable, "-c", "import typer; from extractor.cli.review import review; typer.run(review)"]


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(review)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def request(address: str, token: str | None, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
    headers = {"content-type": "application/json"} if body is not None else {}
    if token is not None:
        headers["x-review-token"] = token
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """A run of two articles with one decision by each of two people."""
    other = records.port(article={"id": "a2"})
    ana = reviewing.desk(tmp_path, reviewing.doubtful(), other)
    ana.decide(("a1", "c2"), "reject")
    for row in ana.rows("reading", "todo", None):
        if row.entry.article == "a2":
            ana.decide(row.entry.key, "accept")
    ben = reviewing.desk(tmp_path, reviewer="ben")
    ben.decide(("a1", "c2"), "accept")
    ben.decide(("a2", "c1"), "accept")
    return tmp_path / "out.jsonl"


def test_a_review_over_a_real_connection(tmp_path: Path) -> None:
    """It prints its address, answers there alone, saves at once, and ends well with Ctrl-C."""
    path = reviewing.write(tmp_path / "out.jsonl", [reviewing.doubtful()])
    program = subprocess.Popen(
        [*PROGRAM, str(path), "--reviewer", "ana"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert program.stdout is not None
        address = program.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:\d+/([\w-]{43})/", address)
        assert found
        token = found[1]
        assert request(address, None)[0] == 200
        assert request(address.replace(token, "x" * 43), None)[0] == 403
        assert request(address + "api/desk", None)[0] == 403
        body = {"article": "a1", "item": "c1", "what": "accept"}
        assert request(address + "api/decide", None, body)[0] == 403
        assert request(address + "api/decide", token, body)[0] == 200
        assert len((tmp_path / "out.reviews.jsonl").read_text("utf-8").splitlines()) == 1
    finally:
        program.send_signal(signal.SIGINT)
        _, told = program.communicate(timeout=20)
    assert program.returncode == 0, told
    assert "1 decision made. 1 of 9 items decided; 2 of the other 8 are doubtful." in told


def test_the_browser_is_sent_to_the_page_by_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is not among the arguments of a program, which others can list; the file is gone afterwards."""
    seen: dict[str, Any] = {}

    def look(address: str) -> None:
        page = Path(urllib.request.url2pathname(address.removeprefix("file://")))
        seen.update(address=address, page=page, text=page.read_text("utf-8"), mode=page.parent.stat().st_mode & 0o777)

    monkeypatch.setattr("webbrowser.open", look)
    monkeypatch.setattr("extractor.results.review.server.serve", lambda app, listener: None)
    done = run(reviewing.write(tmp_path / "out.jsonl", [records.port()]), "--open", "--reviewer", "ana")
    assert done.exit_code == 0, done.output
    address = done.stdout.strip()
    assert f"url={address}" in seen["text"]
    assert address.split("/")[-2] not in seen["address"]
    assert seen["mode"] == 0o700
    assert not seen["page"].exists()


def test_what_was_decided_survives_a_kill(tmp_path: Path) -> None:
    """Every answered decision is in the file."""
    path = reviewing.write(tmp_path / "out.jsonl", [records.port()])
    program = subprocess.Popen(
        [*PROGRAM, str(path), "--reviewer", "ana"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert program.stdout is not None
    address = program.stdout.readline().strip()
    token = address.split("/")[-2]
    for item in ("c1", "c2", "t1"):
        answer = request(address + "api/decide", token, {"article": "a1", "item": item, "what": "accept"})
        assert answer[0] == 200
    program.kill()
    program.communicate()
    assert reviewing.desk(tmp_path).progress()["decided"] == 3


def test_apply_writes_the_reviewed_records_and_tells_what_came_of_the_decisions(reviewed: Path) -> None:
    """Valid records, in a new file."""
    output = reviewed.with_name("reviewed.jsonl")
    done = run(reviewed, "--apply", "-o", output, "--reviewer", "ana")
    assert done.exit_code == 0, done.output
    lines = output.read_text("utf-8").splitlines()
    assert [[claim.id for claim in Record.model_validate_json(line).claims] for line in lines] == [["c1"], ["c1", "c2"]]
    assert "7 accepted, 0 corrected, 1 rejected, 0 added; 8 not decided, kept as they are." in done.output
    assert "1 decided differently by different reviewers" in done.output
    again = run(reviewed, "--apply", "-o", output)
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert run(reviewed, "--apply", "-o", output, "--overwrite").exit_code == 0
    assert run(reviewed, "--apply", "-o", reviewed, "--overwrite").exit_code == 2


def test_as_gold_takes_the_articles_that_are_decided_whole(reviewed: Path) -> None:
    """With --partial all of them."""
    gold = reviewed.with_name("gold.jsonl")
    done = run(reviewed, "--as-gold", gold)
    assert done.exit_code == 0, done.output
    assert [article.id for article in read_gold(gold)] == ["a2"]
    assert "1 article; 1 left out, where not all is decided (--partial takes them too)" in done.output
    assert run(reviewed, "--as-gold", gold, "--partial", "--overwrite").exit_code == 0
    assert [article.id for article in read_gold(gold)] == ["a1", "a2"]


def test_records_can_go_to_standard_output(reviewed: Path) -> None:
    """Where nothing else goes."""
    done = run(reviewed, "--apply", "-o", "-")
    assert [Record.model_validate_json(line).article.id for line in done.stdout.splitlines()] == ["a1", "a2"]


def test_agreement_of_two_people_by_name_or_by_file(reviewed: Path, tmp_path: Path) -> None:
    """One agreed, one not: as often as by chance."""
    done = run(reviewed, "--agreement", "ana", "ben")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[2].split() == ["claims", "2", "50.0", "%", "0.000", "0", "/", "0", "/", "0"]
    lines = reviewed.with_name("out.reviews.jsonl").read_text("utf-8").splitlines(keepends=True)
    for who in ("ana", "ben"):
        (tmp_path / f"{who}.jsonl").write_text("".join(line for line in lines if f'"who":"{who}"' in line), "utf-8")
    by_file = run(reviewed, "--agreement", tmp_path / "ana.jsonl", tmp_path / "ben.jsonl")
    assert by_file.stdout == done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--apply"], "--apply needs a file to write to"),
        (["-o", "x.jsonl"], "-o goes with --apply"),
        (["--as-gold", "g.jsonl", "-o", "x.jsonl"], "-o goes with --apply"),
        (["--apply", "-o", "x.jsonl", "--reviewer", "cy"], "cy has decided nothing here"),
        (["--apply", "-o", "-", "--as-gold", "-"], "cannot go to one file"),
        (["--agreement", "ana", "cy"], "cy has decided nothing here"),
        (["--agreement", "ana", "ben", "--apply", "-o", "x"], "--agreement stands alone"),
        (["--reviewer", " "], "is no name"),
        (["--reviewer", "a\nb"], "is no name"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_code_2(reviewed: Path, arguments: list[str], message: str) -> None:
    """Before anything is opened or written."""
    done = run(reviewed, *arguments)
    assert done.exit_code == 2
    assert message in done.output


def test_the_commands_of_the_guide_work(reviewed: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the one that opens the page, in a folder with the files that they name."""
    lines = reviewed.with_name("out.reviews.jsonl").read_text("utf-8").splitlines(keepends=True)
    for who in ("ana", "ben"):
        told = "".join(line for line in lines if f'"who":"{who}"' in line)
        reviewed.with_name(f"{who}.reviews.jsonl").write_text(told, "utf-8")
    monkeypatch.chdir(reviewed.parent)
    guide = (root / "docs" / "reviewing.md").read_text("utf-8")
    commands = re.findall(r"^extractor review (.*)$", guide, re.MULTILINE)
    tried = [command for command in commands if "--open" not in command]
    assert len(tried) == 4
    for command in tried:
        done = run(*command.split())
        assert done.exit_code == 0, f"{command}: {done.output}"


def test_without_decisions_there_is_nothing_to_apply(tmp_path: Path) -> None:
    """And a file that is not there is told as such."""
    path = reviewing.write(tmp_path / "out.jsonl", [records.port()])
    done = run(path, "--apply", "-o", tmp_path / "x.jsonl")
    assert done.exit_code == 2
    assert "holds no decisions" in done.output
    assert run(tmp_path / "nothing.jsonl").exit_code == 2
