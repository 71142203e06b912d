"""The program starts quickly: what takes time to import is imported by the commands that need it."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from extractor.cli.main import COMMANDS, app

HEAVY = ("openai", "instructor", "pydantic", "vcr", "diskcache", "jinja2", "trafilatura", "yaml", "rapidfuzz")
BARE = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"


def _seconds(*arguments: str) -> float:
    """Processor time of a program from start to end: what else the machine does is not counted."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_starts_like_a_bare_typer_program() -> None:
    """At most half as much again: the best of five each, in turns, as a ratio."""
    times = [(_seconds("-c", BARE, "--help"), _seconds("-m", "extractor", "--help")) for _ in range(5)]
    bare, ours = (min(each) for each in zip(*times, strict=True))
    assert ours <= 1.5 * bare, f"{ours:.3f} s of {bare:.3f} s"


def test_the_command_line_imports_nothing_heavy() -> None:
    """Not even pydantic."""
    code = f"import extractor.cli.main, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [entry.name for entry in COMMANDS])
def test_every_command_of_the_list_is_there(name: str) -> None:
    """Its module is imported when it is called; its usage has its name."""
    done = CliRunner().invoke(app, [name, "--help"], prog_name="extractor")
    assert done.exit_code == 0
    assert f"Usage: extractor {name} " in done.stdout


def test_help_of_a_command_imports_no_library_of_a_model() -> None:
    """The options of `run` are told before anything that reads is imported; pydantic is typer's own need."""
    code = (
        "import sys; sys.argv = ['extractor', 'run', '--help']\n"
        "from extractor.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n"
        f"    print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "['pydantic']"
