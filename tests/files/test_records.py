"""Which files of a folder hold records."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import ConfigurationError
from extractor.files.records import read_records, record_files
from tests.support import records

OTHERS = (
    "out.failed.jsonl",
    "out.reviews.jsonl",
    "ledger.jsonl",
    "news.ledger.jsonl",
    "ledger.decisions.jsonl",
    "out.requests.jsonl",
    "out.requests.2.jsonl",
    "out.responses.jsonl",
    "out.requests.2.responses.jsonl",
    "out.requests.errors.jsonl",
)


def test_what_is_no_record_is_left_out_of_a_folder(tmp_path: Path) -> None:
    """Everything else that the program writes beside records, batch files among it."""
    for name in OTHERS:
        (tmp_path / name).write_text("{}\n")
    with pytest.raises(ConfigurationError, match=r"holds no \.jsonl file with records"):
        record_files(tmp_path)
    line = records.port().model_dump_json() + "\n"
    for name in ("out.jsonl", "my.errors.of.2024.jsonl"):
        (tmp_path / name).write_text(line)
    assert [path.name for path in record_files(tmp_path)] == ["my.errors.of.2024.jsonl", "out.jsonl"]
    assert len(list(read_records(tmp_path))) == 2
