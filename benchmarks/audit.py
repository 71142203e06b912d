"""How many deleted items the audit points at, and how often it points at nothing missing.

Items are taken out of readings at random (`--share`, several seeds). A deleted quotation claim (delivery `direct`) or
dated commitment counts as found if a finding of the matching kind overlaps its passage. A finding counts as false if it
overlaps and retells nothing that was deleted, and nothing that the reference has and the reading lacks. Readings: the
reference annotations in tests/gold, and the records replayed from cassettes/.

    python benchmarks/audit.py [--floors]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from rapidfuzz import fuzz

from extractor.files import prompts
from extractor.models.interface import Usage
from extractor.pipeline.api import extract_many
from extractor.pipeline.assemble import PartReading, assemble
from extractor.results.evaluation import read_gold
from extractor.schema.article import Article
from extractor.schema.record import Record
from extractor.text.audit import audit

SEEDS = 20
FLOORS = {"quotation claims found": 0.80, "dated commitments found": 0.70, "false findings": 0.15}


@dataclass
class Tally:
    """Counts over all articles and seeds."""

    claims: int = 0
    claims_found: int = 0
    dated: int = 0
    dated_found: int = 0
    findings: int = 0
    false: int = 0
    complete_findings: int = 0
    articles: int = 0


def gold_records() -> Iterator[Record]:
    prompt = prompts.load()
    for name in ("seeds", "dev"):
        for gold in read_gold(ROOT / "tests" / "gold" / f"{name}.jsonl"):
            article = Article(id=gold.id, text=gold.text, published=gold.published)
            yield assemble(article, [PartReading((0, len(gold.text)), gold.reading)], prompt, "gold", Usage())


async def recorded() -> list[Record]:
    found = []
    for name, source in (("seeds", ROOT / "seeds"), ("dev", ROOT / "tests" / "gold" / "dev.jsonl")):
        async for result in extract_many([source], replay=ROOT / "cassettes" / f"{name}.json", passes=1):
            assert isinstance(result, Record), result
            found.append(result)
    return found


def measure(records: list[Record], share: float, complete: dict[str, Record]) -> Tally:
    """`complete` holds the reference readings: what they have and a record lacks is missing too, deleted or not."""
    tally = Tally(articles=len(records))
    for record in records:
        tally.complete_findings += sum(c.code != "speaker_disagreement" for c in audit(record))
        for seed in range(SEEDS):
            _delete_and_look(record, random.Random(f"{record.article.id}:{seed}"), share, tally, complete)
    return tally


def _delete_and_look(
    record: Record, chance: random.Random, share: float, tally: Tally, complete: dict[str, Record]
) -> None:
    gone = {item.id for item in [*record.claims, *record.commitments] if chance.random() < share}
    # What rests on a deleted claim's passage goes too: a reading that missed the sentence has no stance from it either.
    lost = [c.quote for c in [*record.claims, *record.commitments] if c.id in gone]
    depleted = record.model_copy(
        update={
            "claims": [c for c in record.claims if c.id not in gone],
            "commitments": [c for c in record.commitments if c.id not in gone],
            "stances": [s for s in record.stances if not any(_overlap(s.quote, quote) for quote in lost)],
        }
    )
    findings = [c for c in audit(depleted) if c.code != "speaker_disagreement"]
    tally.findings += len(findings)
    text = record.article.text
    whole = complete[record.article.id]
    lacking = [g.quote for g in whole.claims if not any(_overlap(g.quote, c.quote) for c in record.claims)]
    lacking += [g.quote for g in whole.commitments if not any(_overlap(g.quote, c.quote) for c in record.commitments)]
    lost = lost + lacking
    tally.false += sum(not any(_touches(f.span, q) or _retells(text, f.span, q) for q in lost) for f in findings)
    for claim in record.claims:
        if claim.id in gone and claim.delivery == "direct":
            tally.claims += 1
            tally.claims_found += any(_touches(f.span, claim.quote) for f in findings)
    for commitment in record.commitments:
        if (
            commitment.id in gone
            and commitment.when is not None
            and (commitment.when.earliest or commitment.when.latest)
        ):
            tally.dated += 1
            plans = [f for f in findings if f.code == "uncovered_plan"]
            tally.dated_found += any(_touches(f.span, commitment.quote) for f in plans)


def _touches(span, quote) -> bool:
    return span is not None and span[0] < quote.end and quote.start < span[1]


def _retells(text, span, quote) -> bool:
    """A headline and the first sentence say the same: pointing at either points at what is missing."""
    return fuzz.partial_ratio(text[span[0] : span[1]], quote.exact) >= 90


def _overlap(one, other) -> bool:
    return one.start < other.end and other.start < one.end


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--share", type=float, default=0.3, help="share of the items to delete (0.3)")
    options.add_argument("--floors", action="store_true", help="exit with 1 if a floor is missed")
    given = options.parse_args()
    missed = False
    reference = list(gold_records())
    complete = {record.article.id: record for record in reference}
    for name, records in (("reference", reference), ("recorded", asyncio.run(recorded()))):
        tally = measure(records, given.share, complete)
        scores = {
            "quotation claims found": tally.claims_found / max(1, tally.claims),
            "dated commitments found": tally.dated_found / max(1, tally.dated),
            "false findings": tally.false / max(1, tally.findings),
        }
        print(f"{name} readings, {tally.articles} articles, {given.share:.0%} deleted, {SEEDS} seeds")
        for score, value in scores.items():
            less = score.startswith("false")
            wrong = value > FLOORS[score] if less else value < FLOORS[score]
            missed |= wrong
            bound = f"{'at most' if less else 'at least'} {FLOORS[score]:.2f}{'  MISSED' if wrong else ''}"
            print(f"  {score:26}{value:6.3f}   {bound}")
        print(f"  findings on the complete readings: {tally.complete_findings}")
    return int(missed and given.floors)


if __name__ == "__main__":
    sys.exit(main())
