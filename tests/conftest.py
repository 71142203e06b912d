"""No test reaches a network, a key, or the user's cache."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from extractor import settings
from tests.support.server import Script, Server

_KEYS = ("OPENAI_API_KEY", "OPENROUTER_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A private cache, no keys, no .env, and sockets that connect to loopback only."""
    for name in _KEYS:
        monkeypatch.delenv(name, raising=False)
    for name in ("MODEL", "BASE_URL", "API_KEY", "CONCURRENCY", "TIMEOUT", "TEMPERATURE"):
        monkeypatch.delenv(f"EXTRACTOR_{name}", raising=False)
    monkeypatch.setenv("EXTRACTOR_CACHE_DIR", str(tmp_path / "cache"))
    connect = socket.socket.connect

    def loopback_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", loopback_only)
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Server]]:
    """Starts chat servers that live as long as the test."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(Server(script).running())


@pytest.fixture
def root() -> Path:
    """The repository."""
    return Path(__file__).parents[1]
