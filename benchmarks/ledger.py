"""How fast and how right the ledger links many commitments by rules.

    python benchmarks/ledger.py [--commitments 100000] [--seed 1]

Invents undertakings of 60 states, each told one to six times in other words, with other dates and firmness, some of
them reported done, among others of the same states and kinds. Prints seconds per step, peak memory, candidates per
item, the time for a tenth of the size (linear work makes the ratio 10), and B-cubed against what was invented.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.results.ledger import Directory, by_rules, finish, plan
from extractor.results.ledger.gold import bcubed
from extractor.schema.record import Record

PARTS_A = ["Nor", "Est", "Sud", "Vel", "Kar", "Lun", "Tor", "Bal", "Mer", "Dra", "Fen", "Gor", "Hal", "Iv", "Jas"]
PARTS_B = ["vale", "mark", "land", "heim"]
PLACE_B = ["holm", "sund", "borg", "vik", "dal", "ness", "ford", "stad", "by", "um", "ask", "ek"]
KINDS: list[tuple[str, str]] = [
    ("build|construct|launch the construction of", "a bridge at {}|the {} bridge|the bridge over the strait at {}"),
    ("modernise|upgrade|renovate", "the {} steel works|the steel mill at {}|the old steel works of {}"),
    ("open|launch|start up", "the {} railway|the railway line to {}|the new {} rail link"),
    ("deliver|supply|ship", "grain to {}|wheat for {}|grain through the port of {}"),
    ("build|construct|put up", "a nuclear power plant at {}|the {} nuclear plant|the reactor in {}"),
    ("open|set up|establish", "a hospital in {}|the {} hospital|the children's hospital of {}"),
    ("join|accede to|enter", "the {} Treaty|the {} Treaty on fisheries|the Treaty of {}"),
    ("lift|remove|abolish", "the tariffs on cheese from {}|customs duties on {} cheese|cheese tariffs against {}"),
    ("restore|repair|rebuild", "the {} airport|the airport of {}|the runway at {} airport"),
    ("release|free|hand over", "the prisoners held in {}|the {} prisoners|prisoners of war from {}"),
]
DONE = ["built", "modernised", "opened", "delivered", "built", "opened", "joined", "lifted", "restored", "released"]
FIRMNESS = ["hoped", "considered", "planned", "scheduled", "pledged", "agreed"]


@dataclass(frozen=True)
class Undertaking:
    """One invented undertaking and what its tellings are made of."""

    number: int
    actors: tuple[str, ...]
    kind: int
    place: str
    first: dt.date


def undertakings(rng: random.Random) -> Iterator[Undertaking]:
    states = [a + b for a in PARTS_A for b in PARTS_B]
    number = 0
    while True:
        place = rng.choice(PARTS_A) + rng.choice("aeiou") + rng.choice(PLACE_B) + rng.choice(["", "en", "et", "a"])
        actors = tuple(rng.sample(states, rng.choice([1, 2, 2])))
        first = dt.date(2015, 1, 1) + dt.timedelta(days=rng.randrange(3650))
        yield Undertaking(number, actors, rng.randrange(len(KINDS)), place, first)
        number += 1


def record(
    name: str, day: dt.date, sentence: str, action: str | None, actors: tuple[str, ...], rng: random.Random
) -> Record:
    quote = {"exact": sentence, "prefix": "", "suffix": "", "start": 0, "end": len(sentence), "match": "exact"}
    due = day + dt.timedelta(days=rng.randrange(60, 900))
    when = {"expression": "then", "span": None, "edtf": None, "earliest": None, "latest": due, "basis": "resolved"}
    commitments = []
    if action is not None:
        commitments.append(
            {
                "id": f"c{name}",
                "speaker": None,
                "actors": list(actors),
                "action": action,
                "firmness": rng.choice(FIRMNESS),
                "condition": None,
                "quote": quote,
                "when": when if rng.random() < 0.7 else None,
            }
        )
    article = {
        "id": name,
        "source": None,
        "title": None,
        "published": day,
        "language": "en",
        "sha256": "",
        "text": sentence,
    }
    run = {"model": "benchmark", "prompt": "", "prompt_sha256": "", "extractor": "", "attempts": 0}
    return Record.model_validate(
        {
            "schema_version": "1",
            "article": article,
            "speakers": [],
            "claims": [],
            "stances": [],
            "commitments": commitments,
            "unplaced": [],
            "checks": [],
            "run": run | {"input_tokens": 0, "output_tokens": 0},
        }
    )


def corpus(size: int, seed: int) -> tuple[list[Record], dict[str, int]]:
    """Records with `size` commitments, and the undertaking of each commitment."""
    rng = random.Random(seed)
    records: list[Record] = []
    gold: dict[str, int] = {}
    for one in undertakings(rng):
        day = one.first
        verbs, objects = (words.split("|") for words in KINDS[one.kind])
        for _ in range(rng.choice([1, 1, 1, 2, 3, 4, 6])):
            action = f"{rng.choice(verbs)} {rng.choice(objects).format(one.place)}"
            name = f"{len(records)}"
            records.append(record(name, day, f"{' and '.join(one.actors)} will {action}.", action, one.actors, rng))
            gold[f"c{name}"] = one.number
            day += dt.timedelta(days=rng.randrange(20, 400))
            if len(gold) == size:
                return records, gold
        if rng.random() < 0.2:
            told = f"{' and '.join(one.actors)} {DONE[one.kind]} {rng.choice(objects).format(one.place)} on Monday."
            records.append(record(f"{len(records)}", day, told, None, one.actors, rng))
    raise AssertionError("undertakings never end")


def measure(size: int, seed: int) -> float:
    """Links `size` commitments, prints what it took and how right it is, and returns the seconds."""
    records, gold = corpus(size, seed)
    random.Random(seed).shuffle(records)
    start = time.perf_counter()
    planned = plan(records, Directory())
    blocked = time.perf_counter()
    decided = by_rules(planned)
    judged = time.perf_counter()
    ledger = finish(planned, decided, dt.date(2026, 1, 1))
    end = time.perf_counter()
    told = {step.id: thread.id for thread in ledger.threads for step in thread.steps if step.kind == "commitment"}
    score = bcubed(told, gold)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    pairs = sum(len(found) for _, found in planned.pairs)
    fulfilled = sum(thread.state.name == "fulfilled" for thread in ledger.threads)
    print(f"{size:,} commitments in {len(records):,} articles, {len(set(gold.values())):,} undertakings")
    print(f"  read and block {blocked - start:7.1f} s   ({pairs / len(planned.pairs):.1f} candidates for an item)")
    print(f"  judge          {judged - blocked:7.1f} s   ({pairs:,} pairs)")
    print(f"  threads        {end - judged:7.1f} s   ({len(ledger.threads):,} threads, {fulfilled:,} fulfilled)")
    print(
        f"  all            {end - start:7.1f} s   ({size / (end - start):,.0f} commitments a second), {memory:.1f} GB"
    )
    print(f"  B-cubed        precision {score.precision:.4f}  recall {score.recall:.4f}  F1 {score.f1:.4f}")
    return end - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commitments", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    small = measure(options.commitments // 10, options.seed)
    large = measure(options.commitments, options.seed)
    print(f"ten times the commitments take {large / small:.1f} times as long")


if __name__ == "__main__":
    main()
