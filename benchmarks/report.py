"""How large the report of many articles is, how long it takes to write, and how long a browser takes to show it.

    python benchmarks/report.py [--articles 10000] [--keep report.html]

Articles are made of invented names and sentences, about 2,500 characters and 20 items each, every one different.
Needs playwright and Debian's chromium for the second half.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from extractor.results.report import find_sources, gather, render
from extractor.schema.record import Record

_SYLLABLES = ("ka", "lo", "mer", "tan", "vi", "dos", "ru", "shi", "per", "gal", "en", "or", "ba", "lim", "sto", "fe")
_FIRMNESS = ("agreed", "pledged", "scheduled", "planned", "considered", "hoped")
_KINDS = ("fact", "opinion", "prediction", "intention", "demand")
_POSITIONS = ("support", "support", "oppose", "mixed", "neutral")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="write the page here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "made.jsonl"
        with source.open("w", encoding="utf-8") as stream:
            for record in records(options.articles):
                stream.write(record.model_dump_json() + "\n")
        page = options.keep or Path(folder) / "report.html"
        started = time.perf_counter()
        corpus = gather(find_sources([source]))
        read = time.perf_counter()
        page.write_text(render(corpus, title="Benchmark"), encoding="utf-8")
        written = time.perf_counter()
        print(f"articles            {options.articles:>10,}")
        print(f"items               {len(corpus.items['id']):>10,}")
        print(f"records             {source.stat().st_size / 1e6:>10.1f} MB")
        print(f"page                {page.stat().st_size / 1e6:>10.1f} MB")
        print(f"read records        {read - started:>10.1f} s")
        print(f"write page          {written - read:>10.1f} s")
        browse(page)


def browse(page: Path) -> None:
    """Prints how long Chromium takes for what a reader does."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print("browser             not measured: needs playwright and Debian's chromium")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        started = time.perf_counter()
        tab.goto(page.resolve().as_uri())
        tab.wait_for_selector("html[data-ready]", state="attached")
        print(f"open the page       {time.perf_counter() - started:>10.2f} s")
        steps = {
            "tick a filter": lambda: tab.evaluate("document.querySelector('[data-value=\"claims.fact\"]').click()"),
            "first search": lambda: tab.fill("[name=words]", "harbour"),
            "second search": lambda: tab.fill("[name=words]", "bridge"),
            "open an article": lambda: tab.evaluate("location.hash = 'article/made-7'"),
        }
        for name, act in steps.items():
            print(f"{name:<19} {timed(tab, act):>10.2f} s")
        heap = tab.evaluate("performance.memory.usedJSHeapSize") / 1e6
        print(f"memory of scripts   {heap:>10.0f} MB")
        browser.close()


def timed(tab: Any, act: Any) -> float:
    """Seconds until the content has been drawn anew and the browser has shown it."""
    tab.evaluate(
        """() => {
          window.drawn = new Promise((resolve) => {
            const watch = new MutationObserver(() => {
              watch.disconnect();
              requestAnimationFrame(() => setTimeout(resolve));
            });
            watch.observe(document.getElementById('main'), { childList: true });
          });
        }"""
    )
    started = time.perf_counter()
    act()
    tab.evaluate("window.drawn")
    return time.perf_counter() - started


def records(number: int, seed: int = 7) -> Iterator[Record]:
    """Records of invented articles, the same for the same seed."""
    dice = random.Random(seed)
    people = [f"{_word(dice).title()} {_word(dice).title()}" for _ in range(max(20, number // 8))]
    things = [f"the {_word(dice)} {thing}" for thing in ("harbour", "bridge", "treaty", "budget") for _ in range(400)]
    for index in range(number):
        yield Record.model_validate(_record(dice, index, people, things))


def _record(dice: random.Random, index: int, people: list[str], things: list[str]) -> dict[str, Any]:
    published = dt.date(2024, 1, 1) + dt.timedelta(days=dice.randrange(700))
    speakers = dice.sample(people, 4)
    layers: dict[str, list[dict[str, Any]]] = {"claims": [], "stances": [], "commitments": []}
    text = ""
    for number in range(20):
        layer = dice.choices(list(layers), weights=(10, 4, 6))[0]
        words = " ".join(_word(dice) for _ in range(dice.randint(6, 14)))
        sentence = f"{dice.choice(things)} “will {words}”"
        frame = f"{dice.choice(speakers)} said in {_word(dice).title()} that "
        start = len(text) + len(frame)
        text += f"{frame}{sentence}.{chr(10) if dice.random() < 0.4 else ' '}"
        quote = {"exact": sentence, "prefix": "", "suffix": "", "start": start, "end": start + len(sentence)}
        common = {"id": f"{dice.getrandbits(64):016x}", "quote": quote | {"match": "exact"}}
        layers[layer].append(common | _fields(dice, layer, sentence, published, things, number))
    return {
        "schema_version": "1",
        "article": {"id": f"made-{index}", "source": f"made/{index}.txt", "title": f"{sentence} ({index})"}
        | {"published": published, "language": "en", "sha256": "", "text": text},
        "speakers": [
            {"id": f"s{n}", "name": name, "role": None, "affiliation": None, "kind": "person"}
            for n, name in enumerate(speakers)
        ],
        **layers,
        "unplaced": [],
        "checks": [{"code": "uncovered_plan", "item": None, "message": "nothing covers “will”", "span": [0, 4]}]
        if index % 5 == 0
        else [],
        "run": {"model": "made", "prompt": "none", "prompt_sha256": "", "extractor": "0"}
        | {"attempts": 1, "input_tokens": 0, "output_tokens": 0},
    }


def _fields(
    dice: random.Random, layer: str, sentence: str, published: dt.date, things: list[str], number: int
) -> dict[str, Any]:
    speaker = f"s{dice.randrange(4)}"
    if layer == "claims":
        delivery = dice.choice(("direct", "indirect"))
        kind = dice.choice(_KINDS)
        return {"speaker": speaker, "via": [], "statement": sentence, "kind": kind, "delivery": delivery, "cue": "said"}
    if layer == "stances":
        return {"speaker": speaker, "target": dice.choice(things), "position": dice.choice(_POSITIONS)}
    first = published + dt.timedelta(days=dice.randrange(1, 800))
    last = first + dt.timedelta(days=dice.choice((0, 30, 90, 364)))
    when = {"expression": "in time", "span": None, "edtf": f"{first}/{last}", "earliest": first, "latest": last}
    return {
        "speaker": speaker,
        "actors": [_word(dice).title()],
        "action": sentence,
        "firmness": dice.choice(_FIRMNESS),
        "condition": None,
        "when": when | {"basis": "resolved"} if number % 2 else None,
    }


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4)))


if __name__ == "__main__":
    main()
