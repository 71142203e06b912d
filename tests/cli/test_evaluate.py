"""`extractor evaluate`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.evaluate import evaluate

app = typer.Typer()
app.command("evaluate")(evaluate)

TEXT = "Trade grew, Ann Lee said. The port will open in 2026, she said."
SPEAKER = {"id": "s1", "name": "Ann Lee", "role": None, "affiliation": None, "kind": "person"}
CLAIM = {"speaker": "s1", "via": [], "statement": "Trade grew.", "delivery": "indirect", "kind": "fact", "cue": "said"}
WHEN = {"expression": "in 2026", "edtf": "2026", "earliest": "2026-01-01", "latest": "2026-12-31"}
DEED = {"speaker": "s1", "actors": ["the port"], "action": "open the port", "firmness": "scheduled", "condition": None}


def gold_line(name: str) -> str:
    claim = CLAIM | {"quote": "Trade grew"}
    deed = DEED | {"quote": "The port will open in 2026", "when": WHEN}
    reading = {"speakers": [SPEAKER], "claims": [claim], "stances": [], "commitments": [deed]}
    return json.dumps({"id": name, "text": TEXT, "published": "2025-01-01", "licence": "none", "reading": reading})


def record_line(name: str) -> str:
    """A record with the claim right and the commitment missed."""
    quote = {"exact": "Trade grew", "prefix": "", "suffix": ",", "start": 0, "end": 10, "match": "exact"}
    article = {
        "id": name,
        "source": None,
        "title": None,
        "published": "2025-01-01",
        "language": "en",
        "sha256": "",
        "text": TEXT,
    }
    run = {"model": "m", "prompt": "p", "prompt_sha256": "", "extractor": "0", "attempts": 1, "input_tokens": 0}
    record = {
        "schema_version": "1",
        "article": article,
        "speakers": [SPEAKER],
        "claims": [CLAIM | {"id": "c1", "quote": quote}],
        "stances": [],
        "commitments": [],
        "unplaced": [],
        "checks": [],
        "run": run | {"output_tokens": 0},
    }
    return json.dumps(record)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with two gold files, their records in two parts, and the files that a run leaves beside its records."""
    (tmp_path / "gold1.jsonl").write_text(gold_line("a1") + "\n", encoding="utf-8")
    (tmp_path / "gold2.jsonl").write_text(gold_line("a2") + "\n", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "part1.jsonl").write_text(record_line("a1") + "\n", encoding="utf-8")
    (tmp_path / "out" / "part2.jsonl").write_text(record_line("a2") + "\n", encoding="utf-8")
    (tmp_path / "out" / "part1.failed.jsonl").write_text("{}\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *options: str, out: str = "out") -> Result:
    return CliRunner().invoke(
        app, [str(folder / out), str(folder / "gold1.jsonl"), str(folder / "gold2.jsonl"), *options]
    )


def test_a_table_goes_to_stdout(files: Path) -> None:
    """Without options the scores of a folder of parts against several gold files are shown as a table."""
    result = run(files)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    at = lines.index(["commitments"])
    assert lines[at + 1] == ["precision", "–", "0", "/", "0"]
    assert lines[at + 2] == ["recall", "0.000", "0.000", "–", "0.000", "0", "/", "2"]
    assert "Gold articles: 2. Resamples for the intervals: 1000 (seed 0)." in result.stdout
    assert "missed" not in result.stdout


def test_json_for_programs(files: Path) -> None:
    """--json writes one object with all scores; articles' scores and problems come with their own options."""
    report = json.loads(run(files, "--json", "--bootstrap", "0").stdout)
    assert report["scores"]["claims.f1"] == {"value": 1.0, "right": 4.0, "total": 4.0, "low": None, "high": None}
    assert report["articles"] == [{"id": name, "missing": False, "unplaced": 0} for name in ("a1", "a2")]
    full = json.loads(run(files, "--json", "--per-article", "--errors").stdout)
    assert full["articles"][1]["scores"]["commitments.recall"]["value"] == 0.0
    [problem] = full["articles"][1]["problems"]
    assert (problem["fault"], problem["gold"]["text"], problem["found"]) == ("missed", "open the port", None)


def test_errors_and_articles_for_people(files: Path) -> None:
    """--per-article adds a line per article, --errors what was missed, spurious or wrong."""
    result = run(files, "--per-article", "--errors")
    assert "  missed    Ann Lee: open the port\n            [26:52] “The port will open in 2026”\n" in result.stdout
    assert any(line.split() == ["a2", "1.000", "1.000", "–", "0.000", "1"] for line in result.stdout.splitlines())


def test_a_score_under_its_floor_fails(files: Path) -> None:
    """--floor ends with exit code 1 and names each score under its floor on stderr; the report is still written."""
    floors = files / "floors.json"
    floors.write_text('{"claims.f1": 1.0, "commitments.f1": 0.85, "commitments.when": 0.95}', encoding="utf-8")
    result = run(files, "--floor", str(floors), "--json")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "Under the floor: commitments.f1 is 0.0000; its floor is 0.85",
        "Under the floor: commitments.when could not be measured; its floor is 0.95",
    ]
    assert json.loads(result.stdout)["scores"]["claims.f1"]["value"] == 1.0
    floors.write_text('{"claims.f1": 1.0}', encoding="utf-8")
    assert run(files, "--floor", str(floors)).exit_code == 0


@pytest.mark.parametrize("out", ["nowhere.jsonl", "gold1.jsonl"])
def test_a_file_without_records_is_an_error_with_a_hint(out: str, files: Path) -> None:
    """What cannot be read as records ends the program with exit code 2, a message and a remedy."""
    result = run(files, out=out)
    assert (result.exit_code, result.stdout) == (2, "")
    message, hint = result.stderr.splitlines()
    assert message.startswith(f"Error: {files / out}")
    assert hint.startswith("  ")


def test_the_command_is_light_until_it_runs() -> None:
    """Importing the command, as `extractor --help` does, loads neither pydantic nor the evaluation."""
    code = """
        import sys, extractor.cli.evaluate
        print([name for name in ("pydantic", "rapidfuzz", "extractor.results") if name in sys.modules])
    """
    answer = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
