"""`extractor export` and `extractor import`."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import typer
from icalendar import Calendar
from typer.testing import CliRunner, Result

from extractor.cli import filters
from extractor.cli.export import export
from extractor.cli.imports import import_
from extractor.results.evaluation import read_gold
from extractor.results.exports.tables import TABLES
from extractor.schema import reading
from extractor.schema.record import Layer, Record
from tests.support.records import port

app = typer.Typer()
app.command("export")(export)
app.command("import")(import_)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two records in a file."""
    path = tmp_path / "out.jsonl"
    path.write_text("".join(port(article={"id": id}).model_dump_json() + "\n" for id in ("a1", "a2")), "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_folder_format_writes_its_files(out: Path) -> None:
    """One file a table, for their owner alone; what was written is told on stderr."""
    folder = out.parent / "tables"
    result = run("export", out, "--to", "csv", "-o", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.csv" for name in TABLES)
    assert result.stderr.startswith(f"{folder}: articles.csv, ")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_file_format_goes_to_stdout_or_to_a_file(out: Path) -> None:
    """Without -o, and with -o -, the data is on stdout and nothing else; what was left out is told on stderr."""
    first, second = run("export", out, "--to", "ics"), run("export", out, "--to", "ics", "-o", "-")
    assert first.stdout == second.stdout
    assert first.stdout_bytes.startswith(b"BEGIN:VCALENDAR\r\n")
    assert first.stderr.startswith("left out of the calendar: 2 without a resolved date\n")
    path = out.parent / "promises.ics"
    assert run("export", out, "--to", "ics", "-o", path).exit_code == 0
    assert path.read_bytes() == first.stdout_bytes


def test_one_table_is_a_file(out: Path) -> None:
    """--table makes one file of csv, jsonl and parquet."""
    result = run("export", out, "--to", "jsonl", "--table", "stances")
    assert [json.loads(line)["article"] for line in result.stdout.splitlines()] == ["a1", "a2"]
    path = out.parent / "stances.parquet"
    assert run("export", out, "--to", "parquet", "--table", "stances", "-o", path).exit_code == 0
    assert path.read_bytes()[:4] == b"PAR1"


def test_items_are_chosen_by_options(out: Path) -> None:
    """The same options as `show` has: a calendar of what one actor pledged and is due in a span of days."""
    options = [
        "--actor",
        "port ellen",
        "--firmness",
        "pledged",
        "--due-after",
        "2026-01-01",
        "--due-before",
        "2027-01-01",
    ]
    calendar = Calendar.from_ical(run("export", out, "--to", "ics", *options).stdout)
    assert {str(event["SUMMARY"]) for event in calendar.events} == {"Port Ellen, the council: open the new pier"}


def test_nothing_is_overwritten_unasked(out: Path) -> None:
    """A file that is there stays as it is, all of a folder's files with it; --overwrite replaces them."""
    folder = out.parent / "tables"
    folder.mkdir()
    (folder / "claims.csv").write_text("mine", "utf-8")
    result = run("export", out, "--to", "csv", "-o", folder)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {folder / 'claims.csv'} is there already.")
    assert [path.name for path in folder.iterdir()] == ["claims.csv"]
    assert run("export", out, "--to", "csv", "-o", folder, "--overwrite").exit_code == 0
    assert (folder / "claims.csv").read_text("utf-8") != "mine"


def test_a_failing_export_leaves_nothing_behind(out: Path) -> None:
    """A record that cannot be read ends it before any file appears."""
    out.write_text(out.read_text("utf-8") + "{}\n", "utf-8")
    folder = out.parent / "tables"
    result = run("export", out, "--to", "csv", "-o", folder)
    assert result.exit_code == 2
    assert "out.jsonl:3 is no record" in result.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "csv"], "Error: csv is a folder of files."),
        (["--to", "csv", "-o", "-"], "Error: csv is a folder of files."),
        (["--to", "csv", "-o", "{out}"], "Error: {out} is a file."),
        (["--to", "ics", "-o", "{out}", "--overwrite"], "Error: {out} is what is read."),
        (["--to", "ics", "-o", "{folder}"], "Error: {folder} is a folder."),
        (["--to", "ics", "--bom"], "Error: --bom means nothing to ics."),
        (["--to", "markdown", "--table", "claims"], "Error: --table means nothing to markdown."),
        (["--to", "ics", "-o", "/dev/null/x.ics"], "Error: /dev/null/x.ics cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told_with_a_remedy(arguments: list[str], message: str, out: Path) -> None:
    """Exit code 2, one line of error, one of remedy."""
    places = {"out": str(out), "folder": str(out.parent)}
    result = run("export", out, *(argument.format(**places) for argument in arguments))
    assert result.exit_code == 2
    error, hint = result.stderr.splitlines()
    assert error.startswith(message.format(**places))
    assert hint.startswith("  ")


def test_no_table_is_written_into_the_folder_that_is_read(out: Path) -> None:
    """JSONL files there would be taken for records the next time."""
    result = run("export", out.parent, "--to", "jsonl", "-o", out.parent / "tables")
    assert result.exit_code == 2
    assert "lies in the folder that is read" in result.stderr
    assert run("export", out.parent, "--to", "csv", "-o", out.parent / "tables").exit_code == 0


def test_annotations_come_back_from_label_studio(out: Path) -> None:
    """Tasks out, one of them annotated, records in; what nobody annotated is counted, and taken with --predictions."""
    folder = out.parent / "tasks"
    run("export", out, "--to", "labelstudio", "-o", folder)
    assert sorted(path.name for path in folder.iterdir()) == ["interface.xml", "tasks.json"]
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    tasks[0]["annotations"] = [{"result": tasks[0]["predictions"][0]["result"][:-1]}]
    exported = out.parent / "export.json"
    exported.write_text(json.dumps(tasks), "utf-8")
    result = run("import", exported, "--from", "labelstudio")
    (record,) = map(Record.model_validate_json, result.stdout.splitlines())
    assert (record.article.id, record.commitments) == ("a1", port().commitments)
    assert result.stderr == "1 article read, 1 without annotation, 0 failed\n"
    gold = out.parent / "gold.jsonl"
    assert run("import", exported, "--from", "labelstudio", "--as-gold", "--predictions", "-o", gold).exit_code == 0
    assert [article.id for article in read_gold(gold)] == ["a1", "a2"]
    assert run("import", exported, "--from", "labelstudio", "-o", gold).exit_code == 2  # it is there already


def test_a_task_that_cannot_be_read_lets_the_others_go_on(out: Path) -> None:
    """It is told, and the exit code is 1."""
    run("export", out, "--to", "labelstudio", "-o", out.parent / "tasks")
    tasks = json.loads((out.parent / "tasks" / "tasks.json").read_text("utf-8"))
    path = out.parent / "export.json"
    path.write_text(json.dumps([{"id": 9, "data": {}, "annotations": [{"result": []}]}, *tasks]), "utf-8")
    result = run("import", path, "--from", "labelstudio", "--predictions")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.splitlines() == [
        "Task 9: the task's data hold no text",
        "2 articles read, 0 without annotation, 1 failed",
    ]


def test_the_choices_are_those_of_the_schema() -> None:
    """They are written twice, so that the program starts quickly."""
    pairs = [
        (filters.LayerName, Layer),
        (filters.KindName, reading.ClaimKind),
        (filters.PositionName, reading.Position),
        (filters.FirmnessName, reading.Firmness),
    ]
    for names, literal in pairs:
        assert [str(name) for name in names] == list(literal.__args__)


def test_the_commands_are_light_until_they_run() -> None:
    """Importing them, as `extractor --help` does, loads neither pydantic nor a format's library."""
    code = """
        import sys, extractor.cli.export, extractor.cli.imports, extractor.cli.query, extractor.cli.compare
        heavy = ("pydantic", "pyarrow", "icalendar", "duckdb", "rapidfuzz", "rich", "extractor.results")
        print([name for name in heavy if name in sys.modules])
    """
    answer = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True, env=os.environ
    )
    assert answer.stdout.strip() == "[]"
