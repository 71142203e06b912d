"""Takes the pictures of docs/reviewing.md: `python benchmarks/screenshots.py [FOLDER]`, by default into docs/images/.

It reviews the sample articles, read from their recording, with three doubts planted, as two people at once: in a real
browser, with the same keys that a reviewer presses. It needs chromium, and playwright from the extra `dev`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "extractor"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
WIDE, NARROW = (1280, 800), (420, 800)
ARTICLE = "004_3222fb550c84a5fa"


def main(folder: Path) -> None:
    """Makes all pictures."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        records = Path(temporary) / "out.jsonl"
        subprocess.run(
            [*PROGRAM, "run", "seeds", "-o", str(records), "--replay", "cassettes/seeds.json", "--quiet"],
            cwd=ROOT,
            check=True,
        )
        plant_doubts(records)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        with reviewing(records, "ana") as ana, reviewing(records, "ben") as ben:
            take_all(browser, ana, ben, folder)
        browser.close()


def plant_doubts(path: Path) -> None:
    """An approximate quote, dates that differ, and a quote that cannot be found."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    record = next(line for line in lines if line["article"]["id"] == ARTICLE)
    record["claims"][3]["quote"]["match"] = "fuzzy"
    dated = next(item for item in record["commitments"] if item["when"])
    days = f"{dated['when']['earliest']} to {dated['when']['latest']}"
    message = f"“{dated['when']['expression']}” is {days}; the model says 2025-08-15"
    record["checks"].append({"code": "date_disagreement", "item": dated["id"], "message": message, "span": None})
    lost: dict[str, Any] = {name: value for name, value in record["stances"].pop().items() if name != "id"}
    lost["quote"] = "Overchuk praised the adviser's steel policy"
    reason = "quote not found in the article"
    record["unplaced"].append({"layer": "stances", "item": lost, "reason": reason})
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


@contextlib.contextmanager
def reviewing(records: Path, reviewer: str) -> Iterator[str]:
    """A review under way; gives its address."""
    command = [*PROGRAM, "review", str(records), "--reviewer", reviewer]
    program = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    assert program.stdout is not None
    try:
        yield program.stdout.readline().strip()
    finally:
        program.send_signal(signal.SIGINT)
        program.communicate()


def opened(browser: Browser, address: str, size: tuple[int, int], scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page.goto(address)
    page.wait_for_selector("#card .actions")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(300)


def take_all(browser: Browser, ana: str, ben: str, folder: Path) -> None:
    """One picture after the other; what was decided for one is seen in the next."""
    page = opened(browser, ana, WIDE)
    press(page, "j", "j")
    page.screenshot(path=folder / "review-item.png")
    press(page, "e")
    page.get_by_label("Which means").fill("mid-August 2025")
    page.wait_for_timeout(600)
    page.get_by_label("Which means").scroll_into_view_if_needed()
    page.screenshot(path=folder / "review-correct.png")
    press(page, "Control+Enter", "a")
    other = opened(browser, ben, WIDE, "dark")
    press(other, "j", "j", "c")
    other.keyboard.type("The article names the month only.")
    press(other, "Control+Enter")
    other.wait_for_timeout(300)
    other.screenshot(path=folder / "review-two.png")
    narrow = opened(browser, ben, NARROW)
    press(narrow, "j")
    narrow.screenshot(path=folder / "review-narrow.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images", help="where the pictures go")
    main(parser.parse_args().folder)
