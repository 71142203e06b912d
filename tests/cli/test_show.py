"""`extractor show`."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.show import show
from tests.support.records import port, record

app = typer.Typer()
app.command("show")(show)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two articles, the second without items."""
    path = tmp_path / "out.jsonl"
    path.write_text(port().model_dump_json() + "\n" + record(id="a2").model_dump_json() + "\n", "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_everything_is_shown_plainly_where_there_is_no_terminal(out: Path) -> None:
    """A pipe gets text without colours, one page an article."""
    result = run(out)
    assert result.exit_code == 0
    assert result.stdout.count("━━━\n") == 2
    assert "\x1b" not in result.stdout
    assert "Port Ellen, the council: open the new pier, if the council agrees" in result.stdout


def test_articles_are_chosen(out: Path) -> None:
    """By id, and the first N."""
    assert "a2 · 2025-05-02" in run(out, "--article", "a2").stdout
    assert "a1 · 2025-05-02" not in run(out, "--article", "a2").stdout
    assert run(out, "--limit", "1").stdout.count("━━━\n") == 1


def test_items_are_chosen(out: Path) -> None:
    """Articles without any such item are left out, and so are other items and layers."""
    result = run(out, "--due-before", "2027-01-01", "--speaker", "lee")
    assert "Commitments (1)" in result.stdout
    assert "open the new pier" in result.stdout
    assert "Claims" not in result.stdout
    assert "a2" not in result.stdout
    assert "Claims (1)" in run(out, "--kind", "fact", "--layer", "claims").stdout


def test_nothing_found_is_said(out: Path) -> None:
    """On stderr; stdout stays empty."""
    result = run(out, "--speaker", "nobody at all")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing of this kind.\n")


@pytest.mark.parametrize("option", [["--firmness", "firm"], ["--due-before", "soon"], ["--layer", "speakers"]])
def test_what_is_no_choice_is_refused(option: list[str], out: Path) -> None:
    """With exit code 2, before anything is shown."""
    result = run(out, *option)
    assert (result.exit_code, result.stdout) == (2, "")
    assert option[1] in result.stderr
