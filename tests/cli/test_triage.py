"""`extractor triage`: thinning out a corpus without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.main import app

ARTICLES = {
    "empty": "The weather was mild. A bridge stands over the river.",
    "talk": "The ministry said that the bridge was safe. “It is very safe indeed,” the minister said.",
    "plan": "The ministry said that the bridge was safe. The two states will open a terminal in May 2026.",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": id, "published": "2025-07-11", "text": text}) for id, text in ARTICLES.items()]
    path.write_text("\n".join([*lines, "{broken"]) + "\n", "utf-8")
    return path


def triage(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["triage", *map(str, arguments)], catch_exceptions=False)


def test_articles_are_listed_by_what_they_seem_to_hold(corpus: Path) -> None:
    """Counts of statements, quotations and dated plans; the fullest first; what is unreadable is told."""
    result = triage(corpus, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["id"], row["statements"], row["quotations"], row["dated_plans"], row["score"]) for row in rows] == [
        ("plan", 1, 0, 1, 2),
        ("talk", 2, 1, 0, 2),
        ("empty", 0, 0, 0, 0),
    ]
    assert "Not readable" in result.stderr


def test_what_is_kept_can_be_run(corpus: Path, tmp_path: Path) -> None:
    """-o writes the articles above the bar, in input order, as input for `extractor run`."""
    kept, out = tmp_path / "kept.jsonl", tmp_path / "out.jsonl"
    result = triage(corpus, "--at-least", 1, "-o", kept)
    assert "2 of 3 articles written" in result.stderr
    assert [json.loads(line)["id"] for line in kept.read_text("utf-8").splitlines()] == ["talk", "plan"]
    done = CliRunner().invoke(app, ["run", str(kept), "-o", str(out), "--model", "rules"])
    assert done.exit_code == 0
    texts = [json.loads(line)["article"]["text"] for line in out.read_text("utf-8").splitlines()]
    assert texts == [ARTICLES["talk"], ARTICLES["plan"]]


def test_the_table_is_for_people(corpus: Path) -> None:
    """A heading, a line per article, and --top."""
    lines = triage(corpus, "--top", 1).stdout.splitlines()
    assert lines[0].split() == ["score", "statements", "quotations", "dated", "plans", "characters", "article"]
    assert lines[1].split()[-1] == "plan"
    assert len(lines) == 2
