"""`extractor compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.compare import compare
from extractor.results.evaluation.gold import gold_line
from extractor.schema.record import Record
from tests.support.records import port

app = typer.Typer()
app.command("compare")(compare)


def write(path: Path, *records: Record) -> Path:
    path.write_text("".join(record.model_dump_json() + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def a(tmp_path: Path) -> Path:
    return write(tmp_path / "a.jsonl", port())


@pytest.fixture
def b(tmp_path: Path) -> Path:
    """The same, but the first claim is a demand and the second is gone."""
    claims = [port().claims[0].model_copy(update={"kind": "demand"})]
    return write(tmp_path / "b.jsonl", port().model_copy(update={"claims": claims}))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_totals_and_items_go_to_stdout(a: Path, b: Path) -> None:
    """First how much, then what, with both values of each field; --brief leaves the items out."""
    result = run(a, b)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "A  1 run: test/model extract.v1 (00000000)"
    assert next(line for line in lines if line.startswith("claims ")).split() == [
        "claims",
        "2",
        "1",
        "0",
        "1",
        "1",
        "0",
    ]
    assert result.stdout.endswith(
        "== a1\nclaims\n"
        "  ~ changed Ann Lee: Trade grew by 4% in 2024. [46:72]\n"
        "      kind: fact → demand\n"
        "  − vanished Ann Lee: The new pier of Port Ellen will open in March 2026. [76:112]\n"
    )
    assert result.stdout.startswith(run(a, b, "--brief").stdout)


def test_several_runs_are_given_by_options(a: Path, b: Path) -> None:
    """--a and --b add to the sides; together they tell change from noise."""
    result = run("--a", a, "--a", a, "--b", b, "--b", b)
    assert "A  2 runs" in result.stdout
    assert "(runs: 2 of A, 0 of B; clear)" in result.stdout
    assert run(a, b, "--a", a, "--b", b).stdout == result.stdout


def test_json_is_the_whole_comparison(a: Path, b: Path) -> None:
    """For programs."""
    found = json.loads(run(a, b, "--json").stdout)
    assert [each["kind"] for each in found["articles"][0]["differences"]] == ["changed", "vanished"]
    assert found["changes"]["claims.kind"]["excess"] is None


def test_a_page_is_written(a: Path, b: Path) -> None:
    """With the totals on stdout; never over a file that is there."""
    page = a.parent / "what.html"
    result = run(a, b, "--html", page)
    assert "== a1" not in result.stdout
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run(a, b, "--html", page).exit_code == 2
    assert run(a, b, "--html", page, "--overwrite").exit_code == 0
    assert run(a, b, "--html", a, "--overwrite").exit_code == 2
    assert run(a, b, "--html", "-").stdout == page.read_text("utf-8")


def test_a_score_under_its_floor_fails(a: Path, b: Path) -> None:
    """--against-floor scores both sides against gold; exit code 1 if B is under a floor, 0 if only A is."""
    gold, floors = a.parent / "gold.txt", a.parent / "floors.json"
    gold.write_text(gold_line(port()) + "\n", "utf-8")
    floors.write_text('{"claims.f1": 0.9}', "utf-8")
    result = run(a, b, "--against-floor", floors, "--gold", gold)
    assert result.exit_code == 1
    assert "Under the floor: claims.f1 is 0.6667; its floor is 0.9" in result.stderr
    assert "claims.f1                   0.9   1.000   0.667" in result.stdout
    assert run(b, a, "--against-floor", floors, "--gold", gold).exit_code == 0


def test_what_cannot_be_compared_is_told(a: Path) -> None:
    """One run, three, floors without gold, no article in common: exit code 2 and a remedy."""
    other = write(a.parent / "other.jsonl", port(article={"id": "x"}))
    for arguments in ([a], [a, a, a], [], ["--a", a], [a, a, "--against-floor", "f.json"], [a, other]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert result.stderr.startswith("Error: ")
        assert result.stderr.splitlines()[-1].startswith("  ")
