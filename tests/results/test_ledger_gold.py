"""The ledger against threads that two people made of all recorded articles: with the recorded model, and by rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.main import app
from extractor.results.ledger.gold import agreement, read_gold_threads

SOURCES = {"seeds": "seeds", "dev": "tests/gold/dev.jsonl", "articles": "tests/gold/articles.jsonl"}


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The records of all 38 articles, replayed."""
    root, folder = Path(__file__).parents[2], tmp_path_factory.mktemp("records")
    paths = []
    for name, source in SOURCES.items():
        path = folder / f"{name}.jsonl"
        replay = root / "cassettes" / f"{name}.json"
        assert invoke("run", root / source, "-o", path, "--replay", replay, "--quiet").exit_code == 0
        paths.append(path)
    return paths


@pytest.mark.parametrize(
    ("options", "floors"), [(["--replay", "cassettes/links.json"], "floors.json"), ([], "floors.rules.json")]
)
def test_the_ledger_keeps_its_scores(
    records: list[Path], root: Path, tmp_path: Path, options: list[str], floors: str
) -> None:
    """Threads, relations and states stay above the floors kept in the repository."""
    kept, gold = tmp_path / "ledger.jsonl", root / "tests" / "gold" / "threads"
    paths = [root / part if part.startswith("cassettes") else part for part in options]
    made = invoke("ledger", *records, "--as-of", "2026-01-01", "-o", kept, "--quiet", *paths)
    assert made.exit_code == 0, made.stderr
    done = invoke("evaluate", kept, gold / "gold.jsonl", "--ledger", "--floor", gold / floors)
    assert done.exit_code == 0, done.stdout + done.stderr
    assert re.search(r"^Gold commitments: 227, in the ledger: 227, only there: 0\.$", done.stdout, re.MULTILINE)
    scores = json.loads(invoke("evaluate", kept, gold / "gold.jsonl", "--ledger", "--json").stdout)
    assert set(scores) == {"threads.precision", "threads.recall", "threads.f1", "relations", "changes", "states"}


def test_a_floor_that_is_missed_is_named(records: list[Path], root: Path, tmp_path: Path) -> None:
    """By rules the relations are below the recorded model's floor: exit code 1, and the score is named."""
    kept, gold = tmp_path / "ledger.jsonl", root / "tests" / "gold" / "threads"
    invoke("ledger", *records, "--as-of", "2026-01-01", "-o", kept, "--quiet")
    done = invoke("evaluate", kept, gold / "gold.jsonl", "--ledger", "--floor", gold / "floors.json")
    assert done.exit_code == 1
    assert "Under the floor: relations is" in done.stderr


def test_the_seeds_threads_come_out_right_with_the_recorded_answers(
    records: list[Path], root: Path, tmp_path: Path
) -> None:
    """The Karachi steel mill and the transport links, each told first in February and again in July 2025."""
    replay = root / "cassettes" / "links.json"
    told = invoke("ledger", *records, "--as-of", "2025-09-01", "--replay", replay, "--json", "--quiet").stdout
    threads = [json.loads(line) for line in told.splitlines()]
    steps = [
        [(s["article"]["id"][:3], s["link"] and s["link"]["relation"]) for s in t["steps"]]
        for t in threads
        if len(t["steps"]) > 1
    ]
    seeds = sorted(thread for thread in steps if thread[0][0] == "000")
    assert [[article for article, _ in thread] for thread in seeds] == [["000", "000", "004"], ["000", "004"]]
    assert all(thread[-1][1] == "update" for thread in seeds)


def test_the_two_annotators_agree(root: Path) -> None:
    """Before they were reconciled: on the threads, the relations, and the states."""
    folder = root / "tests" / "gold" / "threads"
    found = agreement(read_gold_threads(folder / "a.jsonl"), read_gold_threads(folder / "b.jsonl"))
    assert round(found.threads, 3) == 0.998
    assert (found.relations.right, found.relations.total) == (228, 230)
    assert (found.states.right, found.states.total) == (354, 355)
    assert found.relations_kappa is not None
    assert found.states_kappa is not None
    assert (round(found.relations_kappa, 2), round(found.states_kappa, 2)) == (0.84, 1.0)
