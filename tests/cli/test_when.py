"""`extractor when`: the resolver on the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.when import when

app = typer.Typer()
app.command("when")(when)


@app.command()
def other() -> None:
    """A second command, so that `when` has to be named as in the program."""


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    """The command with these arguments, as the program would run it."""
    return CliRunner().invoke(app, ["when", *arguments], input=stdin)


def test_a_table_shows_expression_edtf_days_and_rule() -> None:
    """People get aligned columns, a dash for an open end, and "not known" where there is no answer."""
    result = run("by the end of next month", "later this August", "soon", "--published", "2025-07-11")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "expression                EDTF           earliest    latest      rule",
        "────────────────────────  ─────────────  ──────────  ──────────  ────────────────",
        "by the end of next month  ../2025-08-31  –           2025-08-31  by:late:month",
        "later this August         2025-08        2025-08-01  2025-08-31  later:this:month",
        "soon                      –              –           –           not known",
    ]


def test_json_gives_one_object_for_each_expression() -> None:
    """With --json every expression has a line, answered or not."""
    result = run("next week", "soon", "--published", "2025-07-11", "--json")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "expression": "next week",
            "edtf": "2025-07-14/2025-07-20",
            "earliest": "2025-07-14",
            "latest": "2025-07-20",
            "granularity": "week",
            "rule": "week",
        },
        {"expression": "soon", "edtf": None, "earliest": None, "latest": None, "granularity": None, "rule": None},
    ]


def test_the_tense_turns_a_weekday_around() -> None:
    """--tense past reads the article's report instead of its plan."""
    assert '"2025-07-17"' in run("Thursday", "--published", "2025-07-11", "--json").stdout
    assert '"2025-07-10"' in run("Thursday", "--published", "2025-07-11", "--json", "--tense", "past").stdout


def test_without_published_relative_expressions_are_null_with_a_note() -> None:
    """Absolute expressions resolve; for the others stderr says what is missing."""
    result = run("in 2026", "Friday", "--json")
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["edtf"], second["edtf"]) == ("2026", None)
    assert result.stderr == "note: without --published only absolute dates are resolved\n"
    assert run("in 2026").stderr == ""


def test_jsonl_answers_line_for_line() -> None:
    """One line in, one line with exactly the three fields out, in order, each with its own date and tense."""
    lines = [
        {"expression": "next week", "published": "2025-07-11"},
        {"expression": "Thursday", "published": "2025-07-11", "tense": "past"},
        {"expression": "by 2030", "published": None},
        {"expression": "after the summit", "published": "2025-07-11T08:00:00Z"},
    ]
    result = run("--jsonl", stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        '{"edtf": "2025-07-14/2025-07-20", "earliest": "2025-07-14", "latest": "2025-07-20"}',
        '{"edtf": "2025-07-10", "earliest": "2025-07-10", "latest": "2025-07-10"}',
        '{"edtf": "../2030", "earliest": null, "latest": "2030-12-31"}',
        '{"edtf": null, "earliest": null, "latest": null}',
    ]


def test_published_is_the_default_of_jsonl_lines() -> None:
    """--published and --tense hold for lines that do not say otherwise."""
    result = run("--jsonl", "--published", "2025-07-11", stdin='{"expression": "tomorrow"}\n')
    assert result.stdout == '{"edtf": "2025-07-12", "earliest": "2025-07-12", "latest": "2025-07-12"}\n'


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"not json", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"", "empty"),
        (b"[1]", 'no object with the text field "expression"'),
        (b'{"published": "2025-07-11"}', 'no object with the text field "expression"'),
        (b'{"expression": 5, "published": "2025-07-11"}', 'no object with the text field "expression"'),
        (b'{"expression": "today", "published": "yesterday"}', "\"published\" is no date: 'yesterday'"),
        (b'{"expression": "today", "published": 20250711}', '"published" is no text'),
        (b'{"expression": "today", "tense": "present"}', '"tense" is neither "future" nor "past"'),
    ],
)
def test_a_malformed_line_is_null_and_named_and_the_others_go_on(line: bytes, complaint: str) -> None:
    """The answer keeps its place, stderr names the line, and the exit code is 1 at the end."""
    good = b'{"expression": "in 2026"}\n'
    result = run("--jsonl", stdin=good + line + b"\n" + good)
    assert result.exit_code == 1
    assert result.stderr == f"line 2: {complaint}\n"
    answers = [json.loads(answer)["edtf"] for answer in result.stdout.splitlines()]
    assert answers == ["2026", None, "2026"]


def test_usage_errors_exit_with_2() -> None:
    """No expression, expressions beside --jsonl, and a date that is none are usage errors."""
    for arguments in ([], ["today", "--jsonl"], ["today", "--published", "11.07.2025"], ["today", "--tense", "never"]):
        assert run(*arguments).exit_code == 2


def test_the_stream_answers_before_it_ends() -> None:
    """Lines are answered as they come: the first answer is there while stdin is still open."""
    program = "import typer\nfrom extractor.cli.when import when\napp = typer.Typer()\napp.command()(when)\napp()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"expression": "in 2026"}\n')
        process.stdin.flush()
        assert process.stdout.readline() == '{"edtf": "2026", "earliest": "2026-01-01", "latest": "2026-12-31"}\n'
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_the_command_loads_the_grammar_only_when_it_runs() -> None:
    """Importing the command does not import the resolver, so that the program starts quickly."""
    code = "import sys, extractor.cli.when; print([name for name in sys.modules if name.startswith('extractor.text')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
