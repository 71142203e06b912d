"""`extractor run`: what it tells whoever looks on while it waits, and what it found in the file at the end."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.cli.waiting import phrase, sentence
from extractor.models.busy import Busy
from tests.support import articles
from tests.support.articles import answering, jsonl
from tests.support.runs import ask, command
from tests.support.server import Call, Reply, Script, Server

Serve = Callable[[Script], Server]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that waits a fifth of a second where it would wait a minute, and speaks of it at once."""
    monkeypatch.setattr("extractor.models.busy.GRACE", 0.0)
    monkeypatch.setattr("extractor.models.pace.LONGEST_PAUSE", 0.2)
    monkeypatch.setattr("extractor.models.retrying.Wait.__call__", lambda *_: 0.0)
    monkeypatch.setattr("extractor.cli.waiting._EVERY", 0.01)


def _rejecting(first: int, **headers: str) -> Script:
    """Turns the first so many articles away, twice each: with two of them, one call at a time, the run has to pause."""

    def script(call: Call) -> Reply:
        if call.repeat < 2 and int(call.article.split()[1].rstrip(".")) < first:
            return Reply(status=429, headers=headers)
        return Reply(articles.answer(call))

    return script


@pytest.mark.usefixtures("impatient")
def test_a_server_that_asks_to_wait_is_told_once_in_half_a_minute(serve: Serve, tmp_path: Path, out: Path) -> None:
    """One line for forty articles and several pauses, with the time that the server named; then the run completes."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(40))
    server = serve(_rejecting(2, **{"retry-after": "3600"}))
    result = ask(server, source, "-o", out, "-c", 1)
    assert result.exit_code == 0
    assert len(jsonl(out)) == 40
    assert len(server.calls) == 40 + 2 * 2
    assert re.sub(r"\d+", "N", result.stderr.splitlines()[0]) == (
        "No call got through for N s: the server asks to wait another N min; it is asked again every minute or so."
    )
    assert "another 60 min" in result.stderr
    assert result.stderr.count("No call got through") == 1


@pytest.mark.usefixtures("impatient")
def test_a_server_that_turns_calls_away_without_a_word_is_told(serve: Serve, ten: Path, out: Path) -> None:
    """Nobody knows for how long then."""
    result = ask(serve(_rejecting(2)), ten, "-o", out, "-c", 1)
    assert result.exit_code == 0
    (line,) = (line for line in result.stderr.splitlines() if "got through" in line)
    assert line == "No call got through for 0 s: the server turns calls away without saying for how long."


@pytest.mark.usefixtures("impatient")
def test_who_wants_errors_only_is_not_told_of_waiting(serve: Serve, ten: Path, out: Path) -> None:
    """--quiet: nothing failed, nothing is said."""
    result = ask(serve(_rejecting(2, **{"retry-after": "60"})), ten, "-o", out, "-c", 1, "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")


def test_rejections_that_pass_quickly_are_not_worth_a_line(serve: Serve, ten: Path, out: Path) -> None:
    """As with every busy server."""
    result = ask(serve(_rejecting(1, **{"retry-after-ms": "100"})), ten, "-o", out)
    assert result.stderr == "10 articles read: 10 written, 0 failed, 0 skipped; 1,000 + 100 tokens.\n"


@pytest.mark.slow  # a word is said after five seconds
def test_the_live_line_tells_how_long_the_server_asks_to_wait(serve: Serve, ten: Path, tmp_path: Path) -> None:
    """On a terminal, with the seconds counted down."""
    server = serve(lambda _: Reply(status=429, headers={"retry-after": "60"}))
    arguments = ("run", ten, "-o", tmp_path / "out.jsonl", "--model", "local/test", "--base-url", server.url)
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        command(*arguments), stderr=terminal, stdout=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"}
    )
    os.close(terminal)
    said, seconds = b"", list[int]()
    while len(seconds) < 2:
        said += os.read(screen, 4096)
        seconds = sorted({int(n) for n in re.findall(rb"the server asks to wait another (\d+) s", said)}, reverse=True)
    process.kill()
    process.wait()
    os.close(screen)
    assert 50 <= seconds[1] == seconds[0] - 1 < 56


@pytest.mark.parametrize(
    ("busy", "line", "short"),
    [
        (
            Busy(12.3, 47.8),
            "No call got through for 12 s: the server asks to wait another 48 s.",
            "the server asks to wait another 48 s",
        ),
        (
            Busy(130.0, 86400.0),
            "No call got through for 2 min: the server asks to wait another 24 h; "
            "it is asked again every minute or so.",
            "the server asks to wait another 24 h",
        ),
        (
            Busy(5.0, 1e300),
            "No call got through for 5 s: the server asks to wait another 100 h or more; "
            "it is asked again every minute or so.",
            "the server asks to wait another 100 h or more",
        ),
        (
            Busy(600.0, None),
            "No call got through for 10 min: the server turns calls away without saying for how long.",
            "the server turns calls away, for 10 min now",
        ),
    ],
)
def test_times_are_told_in_units_that_people_use(busy: Busy, line: str, short: str) -> None:
    """Seconds, minutes, hours; and that nobody waits for longer than a minute before the next try."""
    assert (sentence(busy), phrase(busy)) == (line, short)


def test_records_of_other_articles_are_told(serve: Serve, ten: Path, tmp_path: Path, out: Path) -> None:
    """An output that another input filled: how many records are not this input's; counts and exit code stay."""
    server = serve(answering())
    first = ask(server, ten, "-o", out)
    assert "also holds" not in first.stderr
    other = articles.write_jsonl(tmp_path / "other.jsonl", range(8, 13))
    result = ask(server, other, "-o", out)
    assert result.exit_code == 0
    assert result.stderr == (
        "5 articles read: 3 written, 0 failed, 2 skipped; 300 + 30 tokens.\n"
        f"{out} also holds 8 records of other articles than this input's.\n"
    )
    assert len(jsonl(out)) == 13
    quiet = ask(server, other, "-o", out, "--quiet")
    assert quiet.stderr == ""
    programs = ask(server, other, "-o", out, "--json")
    assert programs.stderr == f"{out} also holds 8 records of other articles than this input's.\n"
    assert json.loads(programs.stdout)["skipped"] == 5


def test_an_article_that_the_input_has_twice_is_one(serve: Serve, ten: Path, out: Path) -> None:
    """The second one is a failure, and no other article; a limit that the input does not reach is none."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    nine = articles.write_jsonl(ten, range(9)).read_text()
    ten.write_text(nine + nine.splitlines()[0] + "\n")
    result = ask(server, ten, "-o", out, "--limit", 100)
    assert "10 articles read: 0 written, 1 failed, 9 skipped." in result.stderr
    assert "also holds 1 record of other articles than this input's." in result.stderr


@pytest.mark.parametrize("options", [["--limit", "5"], ["--shard", "1/2"], ["--overwrite"], ["--fail-fast", "-c", "1"]])
def test_a_run_that_does_not_see_the_whole_input_does_not_speak_of_other_articles(
    serve: Serve, tmp_path: Path, out: Path, options: list[str]
) -> None:
    """What is not seen may be in the input. (The input has more articles than are taken ahead of time.)"""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(40))
    ask(serve(answering()), source, "-o", out)
    grown = articles.write_jsonl(tmp_path / "in.jsonl", range(60)).read_text().splitlines(keepends=True)
    (tmp_path / "in.jsonl").write_text("".join(grown[::-1]))
    result = ask(serve(lambda _: Reply(refusal="No.")), source, "-o", out, *options)
    assert result.exit_code == 1
    assert "also holds" not in result.stderr


def test_a_run_that_its_budget_stops_does_not_speak_of_other_articles(serve: Serve, tmp_path: Path, out: Path) -> None:
    """The rest of the input was not seen."""
    ask(serve(answering()), articles.write_jsonl(tmp_path / "one.jsonl", range(3)), "-o", out)
    other = articles.write_jsonl(tmp_path / "two.jsonl", range(10, 60))
    result = ask(serve(answering()), other, "-o", out, "--price", "1000,1000", "--max-cost", 0.5, "-c", 1)
    assert result.exit_code == 3
    assert "also holds" not in result.stderr


def test_an_input_with_an_unreadable_part_does_not_speak_of_other_articles(serve: Serve, ten: Path, out: Path) -> None:
    """It may be any article."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    ten.write_text(ten.read_text().replace('{"id": "a4"', "{broken", 1))
    result = ask(server, ten, "-o", out)
    assert "10 articles read: 0 written, 1 failed, 9 skipped." in result.stderr
    assert "also holds" not in result.stderr
