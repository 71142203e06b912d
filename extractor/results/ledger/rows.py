"""Threads as a table of rows: one per step, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from extractor.results.exports.csv import cell
from extractor.schema.ledger import Step, Thread

COLUMNS = (
    "thread", "title", "actors", "state", "as_of", "reason", "slip_days", "step", "kind", "said", "article", "source",
    "speaker", "text", "quote", "start", "end", "firmness", "condition", "when", "edtf", "earliest", "latest",
    "relation", "changes", "moved_days", "confidence", "decided_by", "because",
)  # fmt: skip


def to_csv(threads: Iterable[Thread]) -> str:
    """CSV (RFC 4180) with a heading. Text that a spreadsheet would run as a formula is led by an apostrophe, and
    control characters are shown as signs.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for thread in threads:
        for step in thread.steps:
            writer.writerow(map(cell, _row(thread, step)))
    return out.getvalue()


def _row(thread: Thread, step: Step) -> Iterator[object]:
    state, quote, when, link = thread.state, step.quote, step.when, step.link
    yield from (thread.id, thread.title, "; ".join(actor.name for actor in thread.actors), state.name, state.as_of)
    yield from (state.reason, thread.slip_days, step.id, step.kind, step.said, step.article.id, step.article.source)
    yield from (step.speaker, step.text, quote.exact, quote.start, quote.end, step.firmness, step.condition)
    yield from (when.expression, when.edtf, when.earliest, when.latest) if when else (None,) * 4
    yield from (link.relation, " ".join(link.changes), link.slip_days) if link else (None,) * 3
    yield from (link.confidence, link.by, link.because) if link else (None,) * 3
