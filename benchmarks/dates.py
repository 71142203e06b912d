"""Measures the date resolver on four annotated sets, beside dateparser and recognizers-text, and its speed.

    python benchmarks/dates.py [--data DIR] [--peers] [--floors] [--misses]

A case is right when the first and the last day are exactly those of the annotation. Only expressions marked `future`
count. Cases that a set decides by a convention that contradicts the project's are left out of the second figure for
everybody; the list below the scores counts them with their reasons (docs/dates.md explains them). The data folder is
--data, else $EXTRACTOR_DATA, else ../shared/data beside the repository.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from calendar import day_name, month_name
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from extractor.text.dates import find_dates, resolve

Interval = tuple[date | None, date | None]
Answerer = Callable[[list["Case"]], list[Interval | None]]

SETS = {"meantime": "meantime_dates", "gum": "gum_dates", "recognizers": "recognizers_en", "duckling": "duckling_en"}
FLOORS = {"meantime": 0.95, "gum": 0.95, "recognizers": 0.93, "duckling": 0.75}
SPEED_FLOOR, RATIO_FLOOR = 20_000, 20

# What a set decides otherwise than the project's definitions: (sets, pattern over the expression, reason).
CONTRADICTIONS: list[tuple[str, str, str]] = [
    (
        "recognizers duckling",
        r"^(later|earlier) (this|in|on)\b",
        "later this year: from the day after publication, not the second half of the year",
    ),
    (
        "recognizers duckling",
        r"\b(early|mid|late|beginning|middle|end|start)\b[ -]"
        r"(of|in|on|next|this|last|around|[a-z]+ber|[a-z]+ary|march|april|may|ju[nl][ey]|august|\d)",
        "early, mid and late (the beginning, middle and end) are thirds; by and until the end is the last day",
    ),
    (
        "recognizers duckling",
        r"^(any ?time )?(after|later than)\b",
        "after January 1 begins on January 2, after 2014 on 2015-01-01",
    ),
    (
        "recognizers",
        r"\b(after|before|later than|earlier than|until|since) (around )?\d+(:\d+)? ?([ap]\.?m?\b|in the|o'clock)",
        "times of day are outside: Tuesday after 1 pm is Tuesday",
    ),
    (
        "recognizers",
        r"^(that|the same|same) |\blater$|\bearlier$",
        "the same week, two days later: hang on another date of the text, null where the caller gives none",
    ),
    ("duckling", r"\bw(ee)?k-?ends?\b", "a weekend is Saturday and Sunday, with no Friday evening"),
    (
        "duckling",
        r"\bupcoming\b.*\b(quarter|year|month|week)s?\b.*|\b\w+ upcoming\b",
        "upcoming two years are two years, not the second one alone",
    ),
    (
        "duckling",
        r"\bfirst week of\b|\bthe week of\b",
        "a week belongs to the month of its Thursday, and to the day that it holds (ISO 8601)",
    ),
]

# Annotated as dates, but decided by an event that only the article knows, or by nothing in the expression.
UNDECIDABLE = re.compile(
    r"originally planned|^(a|two|three|four|\w+) days?$|festival|olympics|paralympics|^a day$", re.IGNORECASE
)


@dataclass(frozen=True)
class Case:
    """One annotated expression; `excused` says why it is left out of "agreed"."""

    name: str
    expression: str
    published: date
    accepted: frozenset[Interval]
    excused: str | None = None


# ---- cases ----


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value[:10]) if value else None


def _range_ends(expression: str, end: date, timex: str) -> set[date]:
    """The last days that a range means whose end Recognizers leaves out, where the text names that end."""
    if not re.search(r"\b(from|between|to|through|thru|till|until|for|starting)\b|[-–~]", expression):
        return set()
    ends = {end}
    if timex.rstrip(")").endswith("M") and end.day == 1:
        ends = {(end + timedelta(days=31)).replace(day=1) - timedelta(days=1)}
    elif timex.rstrip(")").endswith("Y") and (end.month, end.day) == (1, 1):
        ends = {date(end.year, 12, 31)}
    return ends


def _accepted(item: dict[str, Any]) -> frozenset[Interval]:
    """The annotation's interval, every candidate's, and for ranges the candidate's with its last day."""
    found: set[Interval] = {(_day(item.get("begin_date")), _day(item.get("end_date")))}
    for candidate in item.get("candidates", ()):
        value, start, end = candidate.get("value"), candidate.get("start"), candidate.get("end")
        if value and re.match(r"\d{4}-\d\d-\d\d", value):
            found.add((_day(value), _day(value)))
        elif start and not end:
            found.add((_day(start), None))
        elif start and end and re.match(r"\d{4}-\d\d-\d\d", start):
            first, last = _day(start), _day(end)
            assert last is not None
            timed = len(end) > 10
            found.add((first, last if timed else last - timedelta(days=1)))
            if not timed:
                found.update((first, day) for day in _range_ends(item["text"], last, candidate.get("timex", "")))
    return frozenset(found)


def load(data: Path, name: str) -> Iterator[Case]:
    """The future expressions of a set. Raises FileNotFoundError where the set is not there."""
    files = sorted((data / SETS[name]).glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"no {SETS[name]}/*.jsonl under {data}")
    for line in (line for file in files for line in file.read_text(encoding="utf-8").split("\n") if line):
        row = json.loads(line)
        for item in row["expressions"]:
            if not item.get("future") or item.get("dct") or not (item.get("begin_date") or item.get("end_date")):
                continue
            if name == "duckling" and (row.get("holiday") or item["grain"] in ("Hour", "Minute", "Second")):
                continue
            text = item["text"]
            published = _day(row.get("reference_date") or item.get("reference_date"))
            assert published is not None
            excused = None
            if name in ("meantime", "gum") and UNDECIDABLE.search(text):
                excused = "hangs on another event of the article"
            for sets, pattern, reason in CONTRADICTIONS:
                if excused is None and name in sets.split() and re.search(pattern, text, re.IGNORECASE):
                    excused = reason
            yield Case(name, text, published, _accepted(item), excused)


# ---- answerers ----


def ours(cases: list[Case]) -> list[Interval | None]:
    """This project's resolver."""
    answers = (resolve(case.expression, case.published) for case in cases)
    return [None if answer is None else (answer.earliest, answer.latest) for answer in answers]


def _expand(day: date, period: str) -> Interval:
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if period == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if period == "quarter":
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return first, (first + timedelta(days=93)).replace(day=1) - timedelta(days=1)
    if period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


def dateparser_answers(cases: list[Case]) -> list[Interval | None]:
    """dateparser, its point widened to the period it names."""
    from datetime import datetime

    from dateparser.date import DateDataParser

    parsers: dict[date, Any] = {}
    answers: list[Interval | None] = []
    for case in cases:
        if case.published not in parsers:
            base = datetime.combine(case.published, datetime.min.time())
            parsers[case.published] = DateDataParser(
                languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"}
            )
        found = parsers[case.published].get_date_data(case.expression)
        answers.append(_expand(found.date_obj.date(), found.period) if found and found.date_obj else None)
    return answers


RECOGNIZERS_WORKER = """
import json, sys
from datetime import datetime
from recognizers_date_time import recognize_datetime
for line in sys.stdin:
    case = json.loads(line)
    best = None
    try:
        reference = datetime.fromisoformat(case["published"])
        for found in recognize_datetime(case["expression"], "en-us", reference=reference):
            if best is None or found.end - found.start > best.end - best.start:
                best = found
        values = best.resolution["values"] if best else []
    except Exception:
        values = []
    print(json.dumps(values), flush=True)
"""


def recognizers_answers(cases: list[Case]) -> list[list[Interval]] | None:
    """recognizers-text in a throw-away environment: all its readings of each case; None where it does not install."""
    with tempfile.TemporaryDirectory(prefix="recognizers-") as folder:
        python = Path(folder) / "bin" / "python"
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            packages = ["recognizers-text-date-time==1.0.2a2", "emoji==1.7.0", "setuptools<80"]
            subprocess.run(
                [str(python), "-m", "pip", "install", "-q", *packages], check=True, capture_output=True, text=True
            )
        except (subprocess.CalledProcessError, OSError) as error:
            print(
                f"recognizers-text left out: {str(getattr(error, 'stderr', '') or error).strip()[-300:]}",
                file=sys.stderr,
            )
            return None
        lines = "".join(
            json.dumps({"expression": c.expression, "published": c.published.isoformat()}) + "\n" for c in cases
        )
        ran = subprocess.run([str(python), "-c", RECOGNIZERS_WORKER], input=lines, capture_output=True, text=True)
    if ran.returncode:
        print(f"recognizers-text left out: {ran.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return [_readings(json.loads(line)) for line in ran.stdout.splitlines()]


def _readings(values: list[dict[str, str]]) -> list[Interval]:
    found: list[Interval] = []
    for value in values:
        try:
            if "value" in value:
                day = _day(value["value"])
                found.append((day, day))
            else:
                last = _day(value.get("end"))
                timed = len(value.get("end", "")) > 10
                found.append((_day(value.get("start")), last if timed or last is None else last - timedelta(days=1)))
        except ValueError:
            continue
    return found


# ---- scores ----


@dataclass(frozen=True)
class Score:
    """Right answers among all cases, and among those where the set's convention agrees with the project's."""

    right: int
    cases: int
    agreed_right: int
    agreed: int

    @property
    def share(self) -> float:
        return self.right / self.cases if self.cases else 0.0

    @property
    def agreed_share(self) -> float:
        return self.agreed_right / self.agreed if self.agreed else 0.0


def score(cases: list[Case], right: list[bool]) -> Score:
    agreed = [ok for case, ok in zip(cases, right, strict=True) if case.excused is None]
    return Score(sum(right), len(right), sum(agreed), len(agreed))


def measure(cases: list[Case], peers: bool) -> dict[str, list[bool]]:
    """Which cases each answerer gets right."""
    results = {
        "extractor": [answer in case.accepted for case, answer in zip(cases, ours(cases), strict=True)],
        "dateparser": [answer in case.accepted for case, answer in zip(cases, dateparser_answers(cases), strict=True)],
    }
    if peers and (readings := recognizers_answers(cases)) is not None:
        results["recognizers-text"] = [
            bool(set(found) & case.accepted) for case, found in zip(cases, readings, strict=True)
        ]
    return results


# ---- speed ----


def distinct_expressions(number: int) -> list[str]:
    """Different expressions of the kinds that news has, in a fixed order."""
    choose = random.Random(20250711)
    forms = (
        "on {m} {d}, {y}",
        "in {m} {y}",
        "by the end of {m} {y}",
        "within {n} days",
        "from {y} to {later}",
        "{d} {m} {y}",
        "in early {y}",
        "in {n} weeks",
        "{m} {d}–{days_later}, {y}",
        "the second half of {y}",
        "{w}, {d} {m} {y}",
        "over the next {n} months",
        "between {m} {y} and {m} {later}",
        "the first {w} of {m} {y}",
        "no later than {m} {d}, {y}",
    )
    found: dict[str, None] = {}
    while len(found) < number:
        y, d, n = choose.randint(1950, 2090), choose.randint(1, 27), choose.randint(2, 900)
        words = {"m": choose.choice(month_name[1:]), "w": choose.choice(list(day_name)), "y": y, "d": d, "n": n}
        found[choose.choice(forms).format(**words, later=y + choose.randint(1, 60), days_later=d + 1)] = None
    return list(found)


def speed(number: int = 20_000, slices: int = 20) -> tuple[float, float]:
    """Expressions a second of processor time, here and with dateparser: medians over slices measured in turn.

    No expression is seen twice, so no cache helps.
    """
    published = date(2025, 7, 11)
    cases = [Case("speed", expression, published, frozenset()) for expression in distinct_expressions(number + 50)]
    ours(cases[-50:])
    dateparser_answers(cases[-5:])
    size = number // slices
    mine, theirs = [], []
    for start in range(0, number, size):
        chunk = cases[start : start + size]
        mine.append(len(chunk) / _timed(ours, chunk))
        theirs.append(45 / _timed(dateparser_answers, chunk[:45]))
    return median(mine), median(theirs)


def _timed(answer: Answerer, cases: list[Case]) -> float:
    started = time.process_time()
    answer(cases)
    return time.process_time() - started


def finder_speed(data: Path) -> tuple[int, float] | None:
    """Characters and seconds of `find_dates` over five million characters of articles."""
    files = sorted((data / "articles").glob("*.jsonl"))
    if not files:
        return None
    lines = (line for file in files for line in file.read_text("utf-8").split("\n") if line)
    text = "\n\n".join(json.loads(line)["text"] for line in lines)
    text = (text * (5_000_000 // len(text) + 1))[:5_000_000]
    started = time.process_time()
    find_dates(text)
    return len(text), time.process_time() - started


# ---- output ----


def _print_scores(scores: dict[str, dict[str, Score]]) -> None:
    answerers = list(next(iter(scores.values())))
    print("exact intervals on future expressions: all cases / where the conventions agree")
    print(f"{'set':<13}{'cases':>7}{'agreed':>8}  " + "".join(f"{name:>20}" for name in answerers) + f"{'floor':>8}")
    for name, by in scores.items():
        first = by["extractor"]
        cells = "".join(f"{f'{s.share:.3f} / {s.agreed_share:.3f}':>20}" for s in by.values())
        print(f"{name:<13}{first.cases:>7}{first.agreed:>8}  {cells}{FLOORS[name]:>8.2f}")


def main() -> int:
    """Print the tables; 1 where --floors is given and one is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    default = os.environ.get("EXTRACTOR_DATA") or Path(__file__).resolve().parents[1].parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument(
        "--peers", action="store_true", help="also install and run recognizers-text in a throw-away environment"
    )
    parser.add_argument("--floors", action="store_true", help="exit 1 if a floor is missed")
    parser.add_argument("--misses", action="store_true", help="list what is answered wrongly, and what is excused")
    arguments = parser.parse_args()

    cases = [case for name in SETS for case in load(arguments.data, name)]
    results = measure(cases, arguments.peers)
    scores: dict[str, dict[str, Score]] = {}
    for name in SETS:
        chosen = [index for index, case in enumerate(cases) if case.name == name]
        scores[name] = {
            answerer: score([cases[index] for index in chosen], [right[index] for index in chosen])
            for answerer, right in results.items()
        }
    _print_scores(scores)
    print("\nleft out of the second figure:")
    for (name, reason), number in sorted(Counter((case.name, case.excused) for case in cases if case.excused).items()):
        print(f"  {name:<12}{number:>4}  {reason}")
    if arguments.misses:
        print("\nnot as annotated:")
        for case, right, answer in zip(cases, results["extractor"], ours(cases), strict=True):
            if not right:
                given = " ".join(str(day) for day in answer) if answer else "null"
                wanted = " or ".join(sorted(f"{first} {last}" for first, last in case.accepted))
                excuse = f" [{case.excused}]" if case.excused else ""
                print(f"  {case.name:<12}{case.published} {case.expression!r}: {given}, annotated {wanted}" + excuse)

    mine, theirs = speed()
    rates = f"{mine:,.0f}/s, dateparser {theirs:,.0f}/s, ratio {mine / theirs:.0f}"
    print(f"\nspeed on one core, distinct expressions: {rates}")
    if (found := finder_speed(arguments.data)) is not None:
        print(f"find_dates: {found[0]:,} characters in {found[1]:.2f} s")

    missed = [name for name in SETS if scores[name]["extractor"].agreed_share < FLOORS[name]]
    missed += ["speed"] if mine < SPEED_FLOOR else []
    missed += ["ratio"] if mine / theirs < RATIO_FLOOR else []
    if missed:
        print(f"floors missed: {', '.join(missed)}")
    return 1 if missed and arguments.floors else 0


if __name__ == "__main__":
    sys.exit(main())
