"""Runs of the command line: in this process, and as processes of their own that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from extractor.cli.main import app
from tests.support.server import Server


def run(*arguments: object, **options: Any) -> Result:
    """`extractor run` in this process."""
    return CliRunner().invoke(app, ["run", *map(str, arguments)], catch_exceptions=False, **options)


def ask(server: Server, *arguments: object) -> Result:
    """`extractor run` with the model behind that server."""
    return run(*arguments, "--model", "local/test", "--base-url", server.url)


def manifest(out: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(out.with_suffix(".run.json").read_text())
    return loaded


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "extractor", *map(str, arguments)]


def start(
    server: Server, source: Path, out: Path, cache: Path, *more: object, **options: Any
) -> subprocess.Popen[bytes]:
    """The same as a process, with eight articles under way and a cache of its own."""
    arguments = ("run", source, "-o", out, "--model", "local/test", "--base-url", server.url, "-c", 8, "--quiet", *more)
    environment = {**os.environ, "EXTRACTOR_CACHE_DIR": str(cache)}
    return subprocess.Popen(
        command(*arguments), env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, **options
    )


def finish(process: subprocess.Popen[bytes], seconds: float = 60) -> tuple[int, str]:
    """The exit code and what was said on stderr."""
    _, said = process.communicate(timeout=seconds)
    return process.returncode, said.decode()


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.005)
