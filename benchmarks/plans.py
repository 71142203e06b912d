"""Plans with their dates on MEANTIME, and the whole reading by rules against the reference annotations.

    python benchmarks/plans.py [--data FOLDER] [--gold FOLDER] [--floors] [--problems LAYER]

MEANTIME (meantime_events/dev): an event that is annotated as FUTURE, not denied, and done by an agent is found if a
plan covers its trigger word; a plan is right if it covers the trigger of any FUTURE event. Of the found FUTURE
events with a date of their own (one that includes the event, and is not the date of publication), the date is right
if the plan's expression resolves to the annotated value. MEANTIME also counts forecasts and purposes ("a contract
to supply …") as FUTURE, so full recall is not the aim.

Reference annotations (seeds and dev): the scores of `extractor evaluate`, for the reading that the model `rules` gives.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from extractor.results.evaluation.gold import GoldArticle, read_gold
from extractor.results.evaluation.items import view_of_gold
from extractor.results.evaluation.scores import score_article, shown
from extractor.schema.article import Article
from extractor.text.dates import resolve
from extractor.text.plans import Plan, find_plans
from extractor.text.rules_reading import read

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "meantime recall": 0.5,
    "meantime precision": 0.75,
    "meantime dates": 0.6,
    "gold speakers.f1": 0.7,
    "gold claims.f1": 0.7,
    "gold stances.f1": 0.5,
    "gold commitments.f1": 0.65,
    "gold commitments.when": 0.9,
}
SHOWN = {
    "speakers": ("precision", "recall", "f1", "kind"),
    "claims": ("precision", "recall", "f1", "covered", "speaker", "via", "kind", "delivery", "statement"),
    "stances": ("precision", "recall", "f1", "position"),
    "commitments": ("precision", "recall", "f1", "covered", "speaker", "actors", "firmness", "when"),
}


def measure_meantime(path: Path) -> dict[str, float]:
    """Recall, precision and dates on one MEANTIME file."""
    counts: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        published = dt.date.fromisoformat(row["published"])
        plans = [plan for plan in find_plans(row["text"], published) if plan.start < row["annotated_until"]]
        future = [event for event in row["events"] if event["time"] == "FUTURE"]
        counts["plans"] += len(plans)
        counts["right"] += sum(any(_covers(plan, event) for event in future) for plan in plans)
        for event in future:
            if not event["agent"] or event["polarity"] == "NEG":
                continue
            plan = next((one for one in plans if _covers(one, event)), None)
            counts["agentive"] += 1
            counts["found"] += plan is not None
            value = _own_date(event, row["published"])
            if plan is not None and value is not None:
                counts["dated"] += 1
                counts["dates right"] += _edtf(row["text"], plan, published) == value
    return {
        "meantime recall": counts["found"] / max(1, counts["agentive"]),
        "meantime precision": counts["right"] / max(1, counts["plans"]),
        "meantime dates": counts["dates right"] / max(1, counts["dated"]),
        "meantime events": counts["agentive"],
        "meantime plans": counts["plans"],
        "meantime dated": counts["dated"],
    }


def _covers(plan: Plan, event: dict[str, Any]) -> bool:
    start, end = event["trigger"][0]
    return plan.start <= start and end <= plan.end


def _own_date(event: dict[str, Any], published: str) -> str | None:
    """The value of the date that includes an event."""
    for date in event["times"]:
        if date["rel"] in ("IS_INCLUDED", "MEASURE", "BEGUN_ON", "ENDED_ON") and date["value"] != published:
            return str(date["value"])
    return None


def _edtf(text: str, plan: Plan, published: dt.date) -> str | None:
    found = resolve(text[slice(*plan.when)], published, tense="future") if plan.when is not None else None
    return None if found is None else found.edtf


def reading_of(article: GoldArticle, title: str | None) -> GoldArticle:
    """The same article with the reading by rules."""
    reading = read(Article(id=article.id, text=article.text, title=title, published=article.published))
    return article.model_copy(update={"reading": reading})


def measure_gold(paths: list[Path], problems: str | None) -> dict[str, float]:
    """The evaluation's scores over all articles of the files."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for path in paths:
        titles = [
            json.loads(line).get("title") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        for article, title in zip(read_gold(path), titles, strict=True):
            ratios, findings = score_article(view_of_gold(article), view_of_gold(reading_of(article, title)))
            for name, (part, whole) in ratios.items():
                right[name] += part
                total[name] += whole
            for finding in findings:
                if problems == finding.layer:
                    show_problem(article.id, finding)
    return {f"gold {name}": right[name] / total[name] if total[name] else 0.0 for name in total}


def show_problem(article: str, finding: Any) -> None:
    """One miss, spurious item or difference, in two lines."""
    print(f"{article[:20]:22}{finding.fault:10}", end="")
    for side, item in (("gold", finding.gold), ("ours", finding.found)):
        if item is not None:
            quote = getattr(item, "quote", "")
            text = getattr(item, "text", getattr(item, "name", ""))
            speaker = getattr(getattr(item, "speaker", None), "name", "")
            print(f"  {side}: [{speaker}] {text[:140]} «{quote[:140]}»", end="")
    for field in finding.fields:
        print(f"  {field}: {shown(finding.gold, field)} / {shown(finding.found, field)}", end="")
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("EXTRACTOR_DATA", ROOT.parent / "shared" / "data"))
    )
    parser.add_argument(
        "--gold", type=Path, help="folder of the reference annotations (default: gold, beside the data)"
    )
    parser.add_argument("--floors", action="store_true", help="exit with 1 where a floor is missed")
    parser.add_argument("--problems", choices=sorted(SHOWN), help="list what differs from the reference annotations")
    options = parser.parse_args()
    gold = options.gold or options.data.parent / "gold"
    measured = measure_meantime(options.data / "meantime_events" / "dev.jsonl")
    print("plans on meantime_events/dev")
    for name, value in measured.items():
        print(
            f"  {name.removeprefix('meantime '):12}{value:8.3f}"
            if isinstance(value, float)
            else f"  {name[9:]:12}{value:8}"
        )
    measured |= measure_gold([gold / "seeds.jsonl", gold / "dev.jsonl"], options.problems)
    print("the reading by rules on the reference annotations")
    for layer, names in SHOWN.items():
        print(f"  {layer:12}" + "".join(f"  {name} {measured[f'gold {layer}.{name}']:.3f}" for name in names))
    missed = {name: floor for name, floor in FLOORS.items() if measured[name] < floor}
    for name, floor in missed.items():
        print(f"below the floor: {name} is {measured[name]:.3f}, the floor is {floor}")
    return 1 if options.floors and missed else 0


if __name__ == "__main__":
    sys.exit(main())
