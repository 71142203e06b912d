"""Measures the placing of quotes: speed beside rapidfuzz alone, growth with the text's length, and what is placed.

    python benchmarks/grounding.py [--data DIR] [--quick]

Three tables. Speed: microseconds per quote on an article of 3,000 characters, and as a ratio to one call of
`rapidfuzz.fuzz.partial_ratio_alignment` on texts that are already normalised (which finds no boundaries and checks no
numbers). Growth: seconds on texts up to five million characters; a factor of ten in length should cost about ten in
time. Quality: the quotes of the reference annotations, changed as models change them, and how they were placed.
The reference annotations are read from the folder `gold` beside the data folder (--data, else $EXTRACTOR_DATA, else
../shared/data beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from rapidfuzz import fuzz

from extractor.text.grounding import GroundedText, NotPlaced, Placed
from extractor.text.matching.normalizing import normalize

SEED = 7
LAYERS = ("claims", "stances", "commitments")
SIZES = (50_000, 500_000, 5_000_000)


def best_of(work: Callable[[], object], repeat: int = 1) -> float:
    """Seconds of one call: the best of five rounds."""
    rounds = []
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(repeat):
            work()
        rounds.append((time.perf_counter() - begun) / repeat)
    return min(rounds)


def with_typos(quote: str) -> str:
    """One letter too many near the start and one too few in the middle."""
    middle = len(quote) // 2
    return quote[:10] + "x" + quote[10:middle] + quote[middle + 1 :]


def speed(article: str) -> None:
    """Microseconds for each way of matching, and the ratio to rapidfuzz alone."""
    begin = article.index(" ", len(article) // 2) + 1
    quote = article[begin : article.rindex(" ", begin, begin + 150)]
    absent = "an entirely different sentence that nobody has ever said about anything at all, here or elsewhere"
    grounded = GroundedText(article)
    grounded.place(absent)  # normalises
    form = normalize(article).text
    print(f"\nspeed on {len(article):,} characters, quotes of {len(quote)}")
    print(f"{'':24}{'µs':>8}{'ratio to partial_ratio_alignment':>36}")
    print(f"{'normalize the article':24}{best_of(lambda: normalize(article), 20) * 1e6:8.0f}")
    for name, wanted in (
        ("exact", quote),
        ("normalized", quote.swapcase()),
        ("fuzzy", with_typos(quote)),
        ("absent", absent),
    ):
        ours = best_of(lambda: grounded.place(wanted), 100)  # noqa: B023 - called at once
        needle = normalize(wanted).text
        alone = best_of(lambda: fuzz.partial_ratio_alignment(needle, form, score_cutoff=85), 100)  # noqa: B023 - same
        print(f"{name:24}{ours * 1e6:8.1f}{ours / alone:36.2f}")


def growth(articles: list[str], sizes: tuple[int, ...]) -> None:
    """Seconds by length of the text: words of real articles in random order, one passage planted in the middle."""
    words = " ".join(articles).split()
    planted = "the delegations agreed to reopen the mountain road to lorries before the first snow falls on the pass"
    shuffler = random.Random(SEED)
    heads = ("normalize", "exact", "normalized", "fuzzy", "absent", "rapidfuzz alone")
    print(f"\n{'growth, seconds':15}" + "".join(f"{head:>16}" for head in heads))
    for size in sizes:
        half: list[str] = []
        length = 0
        while length < size // 2:
            half.append(shuffler.choice(words))
            length += len(half[-1]) + 1
        text = " ".join((*half, planted, *reversed(half)))[:size]
        begun = time.perf_counter()
        form = normalize(text).text
        normalizing = time.perf_counter() - begun
        grounded = GroundedText(text)
        grounded.place("absent words that are not here at all")
        cases = (planted, planted.upper(), with_typos(planted), planted[::-1])
        seconds = [best_of(lambda: grounded.place(quote)) for quote in cases]  # noqa: B023 - called at once
        needle = with_typos(planted)
        alone = best_of(lambda: fuzz.partial_ratio_alignment(needle, form, score_cutoff=85))  # noqa: B023 - same
        print(f"{size:15,}" + "".join(f"{figure:16.4f}" for figure in (normalizing, *seconds, alone)))


def changes(quote: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What models do to a quote that they copy."""
    words = quote.split(" ")
    middle = len(words) // 2
    at = chance.choice([index for index, char in enumerate(quote) if char.isalpha()])
    yield "as it is", quote
    yield "straight marks", re.sub("[“”]", '"', quote).replace("’", "'")
    yield "marks left out", re.sub('[“”"]', "", quote)
    yield "in quote marks", f"“{quote}”"
    yield "closed by a full stop", quote.rstrip(".,") + "."
    yield "first letter's case", quote[0].swapcase() + quote[1:]
    yield "one letter wrong", quote[:at] + chance.choice("aeiou") + quote[at + 1 :]
    if len(words) > 8:
        yield "two words elided", " ".join((*words[: middle - 1], "…", *words[middle + 1 :]))
        yield "words put in", " ".join((*words[:middle], "[sic]", *words[middle:]))
        yield "one word left out", " ".join((*words[:middle], *words[middle + 1 :]))
    if any(char.isdigit() for char in quote):
        yield "one digit wrong", re.sub(r"\d", lambda found: str((int(found.group()) + 1) % 10), quote, count=1)
    if re.search(r"\bwill\b", quote):
        yield "a negation put in", re.sub(r"\bwill\b", "will not", quote, count=1)


def quality(rows: list[dict[str, object]]) -> None:
    """How the changed quotes were placed; `elsewhere` is more than 12 characters off at either end."""
    chance = random.Random(SEED)
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        grounded = GroundedText(str(row["text"]))
        reading = row["reading"]
        assert isinstance(reading, dict)
        for quote in (item["quote"] for layer in LAYERS for item in reading[layer]):
            original = grounded.place(quote)
            for name, changed in changes(quote, chance):
                counts.setdefault(name, Counter())[outcome(grounded, original, changed)] += 1
    outcomes = ("exact", "normalized", "fuzzy", "elsewhere", "not placed")
    print(f"\n{'quotes of ' + str(len(rows)) + ' articles':26}" + "".join(f"{name:>12}" for name in outcomes))
    for name, found in counts.items():
        print(f"{name:26}" + "".join(f"{found[name]:12}" for name in outcomes))


def outcome(grounded: GroundedText, original: Placed | NotPlaced, changed: str) -> str:
    """How a changed quote was placed, beside the place of the unchanged one."""
    if isinstance(original, NotPlaced):
        return "not placed"
    placed = grounded.place(changed, near=original.start)
    if isinstance(placed, NotPlaced):
        return "not placed"
    off = max(abs(placed.start - original.start), abs(placed.end - original.end))
    return "elsewhere" if off > 12 else placed.match


def main() -> None:
    """Prints the three tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("EXTRACTOR_DATA", beside)))
    parser.add_argument("--quick", action="store_true", help="leave out the text of five million characters")
    options = parser.parse_args()
    gold = options.data.parent / "gold"
    rows = [json.loads(line) for name in ("seeds", "dev") for line in (gold / f"{name}.jsonl").open(encoding="utf-8")]
    texts = [row["text"] for row in rows]
    speed(" ".join(texts[2:])[:3000])
    growth(texts, SIZES[:-1] if options.quick else SIZES)
    quality(rows)


if __name__ == "__main__":
    main()
