"""How many articles an input holds, for the progress bar."""

from __future__ import annotations

from pathlib import Path

from extractor.files.counting import count_articles
from tests.support import articles


def test_files_count_as_one_and_lines_as_many(tmp_path: Path) -> None:
    """A text file is one article, a line file as many as it has lines."""
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.md").write_text("two")
    articles.write_jsonl(tmp_path / "c.jsonl", range(7))
    assert count_articles([str(tmp_path)]) == 9
    assert count_articles([str(tmp_path / "c.jsonl"), str(tmp_path / "a.txt")]) == 8


def test_what_cannot_be_known_beforehand_is_none(tmp_path: Path) -> None:
    """Standard input, Parquet, and an input that does not exist have no total."""
    (tmp_path / "x.parquet").write_bytes(b"")
    assert count_articles(["-"]) is None
    assert count_articles([str(tmp_path / "x.parquet")]) is None
    assert count_articles([str(tmp_path / "missing.txt")]) is None
