"""`extractor run` with a budget, several processes, and shards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support import articles
from tests.support.articles import answering, jsonl
from tests.support.runs import ask, manifest
from tests.support.server import Script, Server

Serve = Callable[[Script], Server]


def test_a_budget_stops_before_the_call_that_would_pass_it(serve: Serve, tmp_path: Path) -> None:
    """Exit code 3, what was paid for is written, and a higher budget continues to the same bytes."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(30))
    server, out, plain = serve(answering()), tmp_path / "out.jsonl", tmp_path / "plain.jsonl"
    priced = ("--price", "1,1", "-c", 1)
    stopped = ask(server, source, "-o", out, *priced, "--max-cost", 0.001)
    assert stopped.exit_code == 3
    assert "it continues where it stopped" in stopped.stderr
    assert len(jsonl(out)) == len(server.calls) == 9  # 110 tokens each, at a dollar a million
    assert manifest(out)["state"] == "stopped"
    assert ask(server, source, "-o", out, *priced, "--max-cost", 1).exit_code == 0
    assert len(server.calls) == 30
    ask(server, source, "-o", plain)
    assert out.read_bytes() == plain.read_bytes()


def test_two_workers_write_what_one_writes(serve: Serve, tmp_path: Path) -> None:
    """The same bytes, and every article asked once."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(20))
    server, alone, shared = serve(answering()), tmp_path / "alone.jsonl", tmp_path / "shared.jsonl"
    assert ask(server, source, "-o", shared, "--workers", 2, "--no-cache").exit_code == 0
    assert len(server.calls) == 20
    ask(server, source, "-o", alone, "--no-cache")
    assert shared.read_bytes() == alone.read_bytes()


def test_shards_divide_the_input(serve: Serve, tmp_path: Path) -> None:
    """Every article is in exactly one shard."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(30))
    server = serve(answering())
    ids = []
    for number in (1, 2, 3):
        out = tmp_path / f"part-{number}.jsonl"
        assert ask(server, source, "-o", out, "--shard", f"{number}/3").exit_code == 0
        ids += [record["article"]["id"] for record in jsonl(out)]
    assert sorted(ids) == sorted(f"a{n}" for n in range(30))
    assert len(server.calls) == 30
