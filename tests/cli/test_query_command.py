"""`extractor query`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.query import query
from tests.support.records import claim, port, record

app = typer.Typer()
app.command("query")(query)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    path = tmp_path / "out.jsonl"
    evil = record(id="a2", claims=[claim("c9", "trade grew", statement="=1+1\tand \x1b[31mred")])
    path.write_text(port().model_dump_json() + "\n" + evil.model_dump_json() + "\n", "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_an_answer_is_tab_separated_in_a_pipe(out: Path) -> None:
    """One row a line, so that cut and sort can go on; the number of rows is told on stderr."""
    sql = "SELECT id, actors, latest FROM commitments WHERE latest IS NOT NULL ORDER BY latest"
    result = run(sql, out)
    assert result.stdout.splitlines() == [
        "id\tactors\tlatest",
        "m1\tPort Ellen, the council\t2026-03-31",
        "m2\t\t2030-12-31",
    ]
    assert result.stderr == "2 rows\n"
    assert run("SELECT statement FROM claims WHERE id = 'c9'", out).stdout.splitlines()[1] == "=1+1 and ␛[31mred"


def test_json_and_csv_are_for_programs(out: Path) -> None:
    """JSON keeps the types; CSV is safe against formulas and escape sequences."""
    sql = "SELECT id, statement, quote_start FROM claims ORDER BY id DESC LIMIT 1"
    (row,) = json.loads(run(sql, out, "--json").stdout)
    assert row == {"id": "c9", "statement": "=1+1\tand \x1b[31mred", "quote_start": 46}
    rows = list(csv.reader(io.StringIO(run(sql, out, "--csv").stdout)))
    assert rows == [["id", "statement", "quote_start"], ["c9", "'=1+1\tand ␛[31mred", "46"]]


def test_several_files_are_one_corpus(out: Path) -> None:
    """Files and folders may be given together."""
    assert run("SELECT count(*) FROM articles", out, out.parent, "--csv").stdout.splitlines()[1] == "4"


def test_the_views_are_listed() -> None:
    """Without records."""
    lines = run("--views").stdout.splitlines()
    assert lines[0] == "view\tcolumn\ttype"
    assert "commitments\tlatest\tDATE" in lines


def test_what_cannot_be_asked_is_told(out: Path) -> None:
    """A statement without records, one that DuckDB refuses, two formats at once: exit code 2 and a remedy."""
    for arguments in (["SELECT 1"], ["SELECT x FROM claims", out], ["SELECT 1", out, "--json", "--csv"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("Error: ")
        assert result.stderr.splitlines()[-1].startswith("  ")
