from __future__ import annotations
from collections.abc import Mapping, Sequence
from extractor.schema.ledger import Thread
def to_html(threads: Sequence[Thread], texts: Mapping[str, str]) -> str:
    return ""
