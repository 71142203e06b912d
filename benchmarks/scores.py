"""The scores of the recorded answers and of `rules` on the reference articles, as the table of the README.

python benchmarks/scores.py
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from extractor.pipeline.api import extract_many
from extractor.results.evaluation import evaluate, read_gold
from extractor.schema.record import Record

ROWS = {
    "claims, F1": "claims.f1",
    "claims, right speaker": "claims.speaker",
    "claims, right kind": "claims.kind",
    "stances, F1": "stances.f1",
    "stances, right position": "stances.position",
    "commitments, F1": "commitments.f1",
    "commitments, right firmness": "commitments.firmness",
    "dated commitments, right days": "commitments.when",
}


async def records(model: str | None) -> list[Record]:
    """The records of the fourteen articles: replayed, or read by the named model."""
    found = []
    for name, source in (("seeds", ROOT / "seeds"), ("dev", ROOT / "tests" / "gold" / "dev.jsonl")):
        replay = None if model else ROOT / "cassettes" / f"{name}.json"
        async for result in extract_many([source], model=model, replay=replay):
            assert isinstance(result, Record), result
            found.append(result)
    return found


def main() -> None:
    gold = [article for name in ("seeds", "dev") for article in read_gold(ROOT / "tests" / "gold" / f"{name}.jsonl")]
    reports = {
        "recorded model": evaluate(asyncio.run(records(None)), gold),
        "`rules`": evaluate(asyncio.run(records("rules")), gold),
    }
    print(f"| {'on ' + str(len(gold)) + ' articles'} | {' | '.join(reports)} |")
    print("| --- | " + " | ".join("---" for _ in reports) + " |")
    for label, name in ROWS.items():
        cells = []
        for report in reports.values():
            score = report.scores[name]
            cells.append(f"{score.value:.2f} ({score.low:.2f} – {score.high:.2f})")
        print(f"| {label} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
