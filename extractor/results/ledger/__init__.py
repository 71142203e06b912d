"""The ledger: commitments followed across articles and time. docs/ledger.md says what its words mean.

    planned = plan(records, Directory())
    ledger = finish(planned, by_rules(planned), as_of=date(2025, 9, 1))
"""

from __future__ import annotations

from extractor.results.ledger.building import Earlier, Ledger, Plan, by_rules, finish, plan
from extractor.results.ledger.names import Directory, read_aliases

__all__ = ["plan", "by_rules", "finish", "Plan", "Ledger", "Earlier", "Directory", "read_aliases"]
