"""The program starts quickly: what takes time to import is imported by the commands that need it."""

from __future__ import annotations

import subprocess
import sys
import time

HEAVY = ("openai", "instructor", "pydantic", "vcr", "diskcache", "jinja2", "trafilatura", "yaml", "rapidfuzz")


def _seconds(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - started


def test_help_and_version_start_in_a_third_of_the_time_of_the_libraries() -> None:
    """The best of three each, in one run, as a ratio."""
    libraries = min(_seconds("-c", "import openai, instructor") for _ in range(3))
    for option in ("--help", "--version"):
        ours = min(_seconds("-m", "extractor.cli.main", option) for _ in range(3))
        assert ours < libraries / 3, f"{option}: {ours:.2f} s of {libraries:.2f} s"


def test_the_command_line_imports_nothing_heavy() -> None:
    """Not even pydantic."""
    code = f"import extractor.cli.main, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
