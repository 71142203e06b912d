"""What the tests of most commands begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import articles


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten articles, ids a0 to a9."""
    return articles.write_jsonl(tmp_path / "ten.jsonl", range(10))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a run's output goes; nothing is there yet."""
    return tmp_path / "out.jsonl"
