"""The ledger: commitments followed across articles and time. docs/ledger.md says what its words mean.

planned = plan(records, Directory())
ledger = finish(planned, by_rules(planned), as_of=date(2025, 9, 1))
"""

from __future__ import annotations

from extractor.results.ledger.asking import Answers, by_model
from extractor.results.ledger.building import Earlier, Ledger, Plan, by_rules, finish, plan
from extractor.results.ledger.calendar import to_ics
from extractor.results.ledger.evaluation import LedgerReport, evaluate_ledger
from extractor.results.ledger.files import (
    append_decisions,
    decisions_path,
    read_decisions,
    read_earlier,
    read_threads,
    write,
)
from extractor.results.ledger.gold import agreement, read_gold_threads
from extractor.results.ledger.html import to_html
from extractor.results.ledger.names import Directory, read_aliases
from extractor.results.ledger.rows import to_csv
from extractor.results.ledger.selecting import Selection, days
from extractor.results.ledger.states import state_as_of
from extractor.results.ledger.table import render

__all__ = [
    "plan", "by_rules", "by_model", "finish", "Plan", "Answers", "Ledger", "Earlier",
    "Directory", "read_aliases",
    "read_earlier", "read_threads", "read_decisions", "decisions_path", "append_decisions", "write",
    "state_as_of", "Selection", "days",
    "evaluate_ledger", "agreement", "read_gold_threads", "LedgerReport",
    "render", "to_html", "to_ics", "to_csv",
]  # fmt: skip
