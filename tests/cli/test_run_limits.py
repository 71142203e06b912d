"""`extractor run` with limits: requests a minute, money, and what a dry run tells."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import articles
from tests.support.articles import answering, jsonl
from tests.support.runs import ask, manifest, run
from tests.support.server import Limited, Reply, Script, Server

Serve = Callable[[Script], Server]
PRICE = ("--price", "1000,1000")
"""An answer of this server, 100 tokens in and 10 out, costs $0.11."""


@pytest.fixture
def forty(tmp_path: Path) -> Path:
    return articles.write_jsonl(tmp_path / "forty.jsonl", range(40))


@pytest.mark.slow
@pytest.mark.parametrize("known", ["--rpm", "headers"])
def test_a_server_that_enforces_600_a_minute_turns_nearly_nobody_away(
    serve: Serve, tmp_path: Path, out: Path, known: str
) -> None:
    """400 articles, ten in any second, the limit told by the user or by the server's headers: at most 1 percent of the
    calls are too many, and at least 95 percent of the rate is used.
    """
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(400))
    limited = Limited(answering(0.5), 10, 1.0, headers=known == "headers")
    options = ("--rpm", 600) if known == "--rpm" else ()
    # Before the first answer nobody knows the limit: no more than a second's worth is under way then.
    result = ask(serve(limited), source, "-o", out, "-c", 64 if options else 8, *options)
    assert result.exit_code == 0
    assert limited.violations <= 4
    assert limited.pace >= 0.95 * 10


@pytest.mark.parametrize("known", ["--rpm", "headers"])
def test_a_known_limit_is_kept(serve: Serve, tmp_path: Path, out: Path, known: str) -> None:
    """Twenty a second, told by the user or by the server's headers: hardly a call is turned away."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    limited = Limited(answering(0.1), 20, 1.0, headers=known == "headers")
    options = ("--rpm", 1200) if known == "--rpm" else ()
    started = time.monotonic()
    assert ask(serve(limited), source, "-o", out, "-c", 8, *options).exit_code == 0
    assert limited.violations <= 2
    assert time.monotonic() - started >= 60 / 20 - 1  # the first second's worth may go at once


def test_a_limit_that_nobody_told_is_learnt(serve: Serve, tmp_path: Path, out: Path) -> None:
    """Twenty a second and not a word about it: nothing is lost, and a few rejections teach the pace."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    limited = Limited(answering(0.05), 20, 1.0)
    result = ask(serve(limited), source, "-o", out, "-c", 32)
    assert result.exit_code == 0
    assert len(jsonl(out)) == 60
    assert limited.violations <= 30
    assert manifest(out)["network_retries"] == limited.violations


def test_the_budget_stops_the_run_before_the_call_that_would_pass_it(serve: Serve, forty: Path, out: Path) -> None:
    """$1 buys nine answers of $0.11: exit code 3, no article failed, and the manifest tells what was spent."""
    server = serve(answering())
    result = ask(server, forty, "-o", out, *PRICE, "--max-cost", 1.0, "-c", 4)
    assert result.exit_code == 3
    assert len(server.calls) == len(jsonl(out)) == 9
    found = manifest(out)
    assert (found["state"], found["written"], found["failed"]) == ("stopped", 9, 0)
    assert found["cost"] == pytest.approx(0.99)
    assert found["prices"] == {"input": 1000.0, "output": 1000.0, "cached": None, "source": "--price"}
    assert found["per_article"]["cost"] == pytest.approx(0.11)
    assert "$0.9900 of $1 are spent" in result.stderr
    assert "9 written, 0 failed, 0 skipped; 900 + 90 tokens; $0.9900." in result.stderr


def test_a_run_that_its_budget_stopped_is_continued(serve: Serve, forty: Path, out: Path) -> None:
    """Again and again, each time for as much, until the file is that of a run without a budget."""
    server = serve(answering())
    codes = []
    while not codes or codes[-1] == 3:
        codes.append(ask(server, forty, "-o", out, *PRICE, "--max-cost", 1.5, "-c", 8).exit_code)
        assert manifest(out)["cost"] <= 1.5
    assert codes == [3, 3, 3, 0]
    assert len(server.calls) == 40
    plain = out.with_name("plain.jsonl")
    ask(server, forty, "-o", plain)
    assert out.read_bytes() == plain.read_bytes()


def test_a_budget_for_nothing_asks_nothing(serve: Serve, forty: Path, out: Path) -> None:
    """Not even the first question."""
    server = serve(answering())
    result = ask(server, forty, "-o", out, *PRICE, "--max-cost", 0.000001)
    assert result.exit_code == 3
    assert server.calls == []


def test_reasks_and_failed_articles_are_paid_for(serve: Serve, forty: Path, out: Path) -> None:
    """An article that is re-asked twice and still fails costs three answers; refusals cost one."""

    def script(call: object) -> Reply:
        return Reply({"speakers": "nobody"}) if "bridge 1 " in call.article else Reply(refusal="No.")  # type: ignore[attr-defined]

    ask(serve(script), forty, "-o", out, *PRICE, "--limit", 2)
    found = manifest(out)
    assert (found["failed"], found["attempts"]) == (2, 4)
    assert found["cost"] == pytest.approx(4 * 0.11)
    assert found["per_article"] == {
        "articles": 2,
        "attempts": 2.0,
        "input_tokens": 200.0,
        "output_tokens": 20.0,
        "cost": pytest.approx(0.22),
    }


def test_what_comes_from_the_cache_costs_nothing(serve: Serve, forty: Path, out: Path) -> None:
    """A second output of the same articles."""
    server = serve(answering())
    ask(server, forty, "-o", out, *PRICE)
    result = ask(server, forty, "-o", out.with_name("two.jsonl"), *PRICE, "--max-cost", 0)
    assert result.exit_code == 0
    found = manifest(out.with_name("two.jsonl"))
    assert (found["from_cache"], found["cost"], found["per_article"]) == (40, 0.0, None)


def test_a_dry_run_tells_the_cost(serve: Serve, forty: Path, out: Path) -> None:
    """From the list price, from --price, or that none is known."""
    listed = run(forty, "-o", out, "--model", "openai/gpt-4.1-mini", "--dry-run")
    assert re.search(r"About \$\d+\.\d\d at \$0\.4 \+ \$1\.6 per million tokens \(genai-prices\)\.", listed.stderr)
    stated = run(forty, "-o", out, "--model", "local/x", "--dry-run", "--price", "2,8")
    assert "at $2 + $8 per million tokens (--price)" in stated.stderr
    unknown = run(forty, "-o", out, "--model", "local/x", "--dry-run")
    assert "No price is known for this model: --price IN,OUT gives one." in unknown.stderr
    assert list(out.parent.glob("out*")) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--max-cost", "1"], "No price is known for local/test"),
        (["--price", "cheap"], "'cheap' is no price"),
    ],
)
def test_what_cannot_be_kept_is_refused(serve: Serve, forty: Path, out: Path, options: list[str], message: str) -> None:
    """Exit code 2, and nothing is written."""
    result = ask(serve(answering()), forty, "-o", out, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not out.exists()
