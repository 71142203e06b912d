"""Who said what: attribution recall, precision and F1 on annotated news, speaker accuracy, speed, and peers.

    python benchmarks/attribution.py [--data FOLDER] [--floors] [--peers]

A gold attribution is found if a predicted one covers at least half of its content's characters and, in the rows
"with source", has the right source head. Predictions and gold are matched one to one. A gold attribution without a
source is right with any. Two sources have the same head if a head word of their parts (cut at commas and brackets,
before the first preposition or participle) is the same word in the text. *Quotations* are attributions of which at
least half stands in quote marks; "as spans" asks for the content alone, for which finders without speakers can be
compared. *Speaker accuracy* is the share of found attributions with a named source that have the right head. Where
a set annotates no attributions inside others (PolNeAR) such predictions are left out, and so are those in spans
marked `discard`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.text.attribution import Attribution, find_attributions
from extractor.text.attribution.analysis import analyse

Span = tuple[int, int]
ROOT = Path(__file__).resolve().parents[1]
SETS = ("polnear/dev", "gum_attribution/train", "meantime_attribution/dev")
FLAT = ("polnear/dev",)  # annotated without nesting
FLOORS = {
    "polnear/dev quotations F1": 0.93,
    "polnear/dev speaker accuracy": 0.88,
    "polnear/dev all F1": 0.62,
    "articles of 3 kB per second": 300.0,
}
HALF = 0.5


@dataclass(frozen=True)
class Gold:
    """What an annotator marked. MEANTIME gives only the head word of the content."""

    content: tuple[Span, ...]
    source: Span | None
    named: bool


@dataclass(frozen=True)
class Guess:
    """What a finder found; `source` is None for one that names none."""

    content: tuple[Span, ...]
    source: Span | None


@dataclass
class Document:
    """An annotated article. Only text[:until] was annotated, without the spans in `discard`."""

    text: str
    gold: list[Gold]
    discard: list[Span]
    until: int


@dataclass
class Tally:
    """Counts of one kind of attribution."""

    gold: int = 0
    guessed: int = 0
    found: int = 0
    right: int = 0
    named: int = 0
    named_right: int = 0

    def scores(self, hits: int) -> tuple[float, float, float]:
        """Recall, precision and F1 for so many hits."""
        recall, precision = hits / max(1, self.gold), hits / max(1, self.guessed)
        return recall, precision, 2 * recall * precision / max(1e-9, recall + precision)


@dataclass
class Result:
    """A finder's tallies on one set."""

    every: Tally = field(default_factory=Tally)
    quoted: Tally = field(default_factory=Tally)


def read_set(folder: Path, name: str) -> list[Document]:
    """The documents of one set, in the shape described in the data's README."""
    documents = []
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        gold = [
            Gold(
                tuple(map(_pair, one.get("content") or one["content_head"])),
                _hull(one["source"]),
                _is_named(one, row["text"]),
            )
            for one in row["attributions"]
            if one.get("content") or one.get("content_head")
        ]
        discard = [_pair(span) for span in row.get("discard", [])]
        documents.append(Document(row["text"], gold, discard, row.get("annotated_until") or len(row["text"])))
    return documents


def _pair(span: list[int]) -> Span:
    return span[0], span[1]


def _hull(spans: list[list[int]]) -> Span | None:
    return (spans[0][0], spans[-1][1]) if spans else None


def _is_named(one: dict[str, Any], text: str) -> bool:
    """Whether a source has a name in it: a capitalised word that is not just the first of a sentence."""
    hull = _hull(one["source"])
    words = text[hull[0] : hull[1]].split() if hull is not None else []
    return any(word[0].isupper() for word in words[1:]) or (
        len(words) == 1 and words[0][0].isupper() and words[0].lower() not in PRONOUNS
    )


PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "it",
        "i",
        "we",
        "you",
        "who",
        "that",
        "which",
        "this",
        "one",
        "others",
        "many",
        "some",
        "most",
    ]
)
_PREPOSITIONS = frozenset(["of", "for", "in", "from", "at", "with", "on", "to", "by", "who", "which", "that"])
_PART = re.compile(r"[^,(]+")
_WORD = re.compile(r"[\w'’.-]+")


def heads(text: str, span: Span) -> set[int]:
    """Where the head words of a source stand: the last word before a preposition or a participle, in each part."""
    found: set[int] = set()
    for part in _PART.finditer(text[slice(*span)]):
        last: int | None = None
        for word in _WORD.finditer(part.group()):
            lower = word.group().lower()
            if last is not None and (lower in _PREPOSITIONS or lower.endswith(("ed", "ing"))):
                break
            if lower == "and" and last is not None:
                found.add(span[0] + part.start() + last)
                last = None
            elif lower not in ("'s", "’s"):
                last = word.start()
        if last is not None:
            found.add(span[0] + part.start() + last)
    return found


def same_head(text: str, gold: Span | None, guess: Span | None) -> bool:
    """Whether the two sources share a head word; any will do where the gold has none."""
    if gold is None:
        return True
    return guess is not None and not heads(text, gold).isdisjoint(heads(text, guess))


def characters(spans: Iterable[Span]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def quoted_characters(text: str) -> set[int]:
    """All characters in double marks, or in pairs of accents and apostrophes, paragraph by paragraph."""
    return characters(naive_pairs(text))


_MARKS = re.compile(r"[\"“”]|``|''")


def naive_pairs(text: str) -> list[Span]:
    """Marks in twos, each paragraph anew: the simplest finder of quotations."""
    pairs = []
    for paragraph in re.finditer(r"[^\n]+", text):
        start: int | None = None
        for mark in _MARKS.finditer(text, *paragraph.span()):
            if start is None:
                start = mark.start() if mark.group() != "”" else None
            else:
                pairs.append((start, mark.end()))
                start = None
        if start is not None:
            pairs.append((start, paragraph.end()))  # no closer: a quotation of several paragraphs
    return pairs


_SAID = re.compile(
    r"((?:[A-Z][\w.’'-]+ ?){1,4}|[Hh]e |[Ss]he |[Tt]hey )(?:has |have |had |also )*"
    r"(?:said|says|told|added|argued|noted|claimed|wrote) (?:that )?([^\n.]{10,300})"
)


def naive_guesses(text: str) -> list[Guess]:
    """Quotations of more than five words with the nearest capitalised words, and whatever follows "NAME said"."""
    guesses = []
    for start, end in naive_pairs(text):
        if len(text[start:end].split()) > 5:
            near = re.search(
                r"(?:said |says )?((?:[A-Z][\w.’'-]+ ?){1,4}|he|she)(?: said| says| told| added)?", text[end : end + 80]
            )
            source = (end + near.start(1), end + near.end(1)) if near is not None else None
            guesses.append(Guess(((start, end),), source))
    covered = quoted_characters(text)
    said = (found for found in _SAID.finditer(text) if found.start(2) not in covered)
    guesses.extend(Guess((found.span(2),), found.span(1)) for found in said)
    return guesses


def our_guesses(text: str) -> list[Guess]:
    """All attributions of the text layer."""
    return [_guess(one) for one in find_attributions(text)]


def outer_guesses(text: str) -> list[Guess]:
    """Its attributions that stand in no other."""
    return [_guess(one) for one in find_attributions(text) if one.inside is None and not one.quoted]


def _guess(one: Attribution) -> Guess:
    return Guess(one.content, None if one.source is None else (one.source.start, one.source.end))


def score(documents: list[Document], finder: Callable[[str], list[Guess]]) -> Result:
    """Tallies over all documents."""
    result = Result()
    for document in documents:
        text = document.text
        marked, dropped = quoted_characters(text), characters(document.discard)
        guesses = [
            (guess, content)
            for guess in finder(text)
            if (content := characters(guess.content))
            and guess.content[0][0] < document.until
            and len(content & dropped) < HALF * len(content)
        ]
        gold = [(one, characters(one.content)) for one in document.gold]
        matches = dict(_matches(text, gold, guesses))
        taken = {guess: one for one, (guess, _) in matches.items()}
        for index, (one, content) in enumerate(gold):
            hit = index in matches
            right = hit and matches[index][1]
            for tally in (
                (result.every, result.quoted) if len(content & marked) >= HALF * len(content) else (result.every,)
            ):
                tally.gold += 1
                tally.found += hit
                tally.right += right
                tally.named += hit and one.named
                tally.named_right += right and one.named
        for index, (_, content) in enumerate(guesses):
            # A quoted guess that answers a gold attribution with few quoted words is right, and counts on neither side.
            answered = taken.get(index)
            quoted = len(content & marked) >= HALF * len(content)
            neutral = answered is not None and len(gold[answered][1] & marked) < HALF * len(gold[answered][1])
            result.every.guessed += 1
            result.quoted.guessed += (quoted and not neutral) or (answered is not None and not quoted and not neutral)
    return result


def _matches(
    text: str, gold: list[tuple[Gold, set[int]]], guesses: list[tuple[Guess, set[int]]]
) -> Iterator[tuple[int, tuple[int, bool]]]:
    """One-to-one: right sources before wrong ones, then by how much of both contents is shared."""
    candidates = []
    for i, (one, content) in enumerate(gold):
        for j, (guess, other) in enumerate(guesses):
            shared = len(content & other)
            if shared >= HALF * len(content):
                candidates.append((same_head(text, one.source, guess.source), shared / len(content | other), -i, -j))
    seen_gold: set[int] = set()
    seen_guess: set[int] = set()
    for right, _, i, j in sorted(candidates, reverse=True):
        if -i not in seen_gold and -j not in seen_guess:
            seen_gold.add(-i)
            seen_guess.add(-j)
            yield -i, (-j, right)


def articles_per_second(documents: list[Document], size: int = 3000) -> float:
    """Processor time of the whole analysis on articles cut to `size` characters; the best of three rounds."""
    texts = [document.text[:size] for document in documents if len(document.text) >= size]
    texts = texts or [document.text for document in documents]
    best = float("inf")
    for _ in range(3):
        analyse.cache_clear()
        begin = time.process_time()
        for text in texts:
            find_attributions(text)
        best = min(best, time.process_time() - begin)
    return len(texts) / best * sum(map(len, texts)) / (len(texts) * size)


def show(name: str, finder: str, result: Result) -> None:
    """The rows of one finder on one set."""
    for label, tally, hits in (
        ("all, with source", result.every, result.every.right),
        ("all, as spans", result.every, result.every.found),
        ("quotations, with source", result.quoted, result.quoted.right),
        ("quotations, as spans", result.quoted, result.quoted.found),
    ):
        recall, precision, f1 = tally.scores(hits)
        print(f"{name:26}{finder:12}{label:25}{recall:8.3f}{precision:10.3f}{f1:8.3f}{tally.gold:8}{tally.guessed:8}")
    if result.every.named_right:
        for label, tally in (("speaker accuracy", result.every), ("  of quotations", result.quoted)):
            print(f"{name:26}{finder:12}{label:25}{tally.named_right / max(1, tally.named):8.3f}{'':18}{tally.named:8}")


def textacy_finder(texts: list[str]) -> Callable[[str], list[Guess]] | str:
    """textacy's `direct_quotations` in an environment of its own, or why it cannot run."""
    script = Path(__file__).with_name("peers") / "textacy_quotations.py"
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        for command in (
            [sys.executable, "-m", "venv", folder],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "textacy==0.13.0"],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return _skipped(done)
        done = subprocess.run(
            [str(python), str(script)], input=json.dumps(texts), capture_output=True, text=True, check=False
        )
        if done.returncode:
            return _skipped(done)
    found = dict(zip(texts, json.loads(done.stdout), strict=True))
    return lambda text: [Guess((tuple(content),), tuple(source) if source else None) for content, source in found[text]]


def _skipped(done: subprocess.CompletedProcess[str]) -> str:
    """One line on why a peer does not run."""
    said = (done.stderr or done.stdout).strip().splitlines()
    return f"textacy skipped: {said[-1][:160] if said else f'exit code {done.returncode}'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("EXTRACTOR_DATA", ROOT.parent / "shared" / "data"))
    )
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--floors", action="store_true", help="exit with 1 where a floor is missed")
    parser.add_argument("--peers", action="store_true", help="also run peers, in environments made for the purpose")
    options = parser.parse_args()
    print(f"{'set':26}{'finder':12}{'':25}{'recall':>8}{'precision':>10}{'F1':>8}{'gold':>8}{'guessed':>8}")
    measured: dict[str, float] = {}
    sets = {name: read_set(options.data, name) for name in options.sets}
    peer = textacy_finder([one.text for group in sets.values() for one in group]) if options.peers else "no peers asked"
    if options.peers and isinstance(peer, str):
        print(peer)
    for name, documents in sets.items():
        result = score(documents, outer_guesses if name in FLAT else our_guesses)
        show(name, "extractor", result)
        show(name, "naive", score(documents, naive_guesses))
        if not isinstance(peer, str):
            show(name, "textacy", score(documents, peer))
        measured[f"{name} all F1"] = result.every.scores(result.every.right)[2]
        measured[f"{name} quotations F1"] = result.quoted.scores(result.quoted.found)[2]
        measured[f"{name} speaker accuracy"] = result.every.named_right / max(1, result.every.named)
        if name == "polnear/dev":
            measured["articles of 3 kB per second"] = articles_per_second(documents)
            print(f"articles of 3 kB per second of processor time: {measured['articles of 3 kB per second']:.0f}")
    missed = {key: floor for key, floor in FLOORS.items() if key in measured and measured[key] < floor}
    for key, floor in missed.items():
        print(f"below the floor: {key} is {measured[key]:.3f}, the floor is {floor}")
    return 1 if options.floors and missed else 0


if __name__ == "__main__":
    sys.exit(main())
