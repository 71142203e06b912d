"""The review page in a real browser: what a reviewer does with keys and mouse, and articles that mean harm."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor.schema.record import Record
from tests.browser import samples
from tests.support import records, reviewing
from tests.support.records import TEXT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PROGRAM = [sys.executable, "-c", "import typer; from extractor.cli.review import review; typer.run(review)"]

# Selects the first occurrence of some words in the article, as a mouse would: a range, then the release of the button.
SELECT = """words => {
  const walker = document.createTreeWalker(document.getElementById("paper"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    document.getElementById("paper").dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
    return;
  }
  throw new Error("the article does not show these words");
}"""


@dataclass
class Review:
    """A review under way: its address, and the file that decisions go to."""

    address: str
    path: Path

    def decisions(self) -> list[dict[str, Any]]:
        reviews = self.path.with_name("out.reviews.jsonl")
        return [json.loads(line) for line in reviews.read_bytes().splitlines()]


@pytest.fixture
def start(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Review]]:
    """Starts reviews of a run; without records, of the one that is there."""
    programs: list[subprocess.Popen[str]] = []

    def started(*run: Record, reviewer: str = "ana") -> Review:
        path = tmp_path / "out.jsonl"
        if run:
            reviewing.write(path, run)
        command = [*PROGRAM, str(path), "--reviewer", reviewer]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        programs.append(program)
        assert program.stdout is not None
        return Review(program.stdout.readline().strip(), path)

    yield started
    for program in programs:
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=20)


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a review in a tab of its own; fails the test if a page complained or asked for anything but its own."""
    complaints: list[str] = []
    contexts = []
    refused = "status of 422"  # the browser's own note about a form that is not valid yet

    def shown(review: Review, place: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: refused in message.text or complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        own = review.address
        page.on("request", lambda request: request.url.startswith(own) or complaints.append(request.url))
        page.goto(review.address + place)
        page.wait_for_selector("#card .actions, #card .finished")
        return page

    yield shown
    for context in contexts:
        context.close()
    assert complaints == []


def press(page: Page, *keys: str) -> None:
    """Presses keys one after the other, each when the page has done what the one before it asked for."""
    for key in keys:
        page.wait_for_selector("#side[aria-busy=false]")
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        page.wait_for_selector("#side[aria-busy=false]")


def shows(page: Page, selector: str, text: str | re.Pattern[str]) -> None:
    """Waits until an element has this text; the page's policy forbids to wait by a script."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_text(text)


def progress(page: Page, text: str) -> None:
    shows(page, "#count", text)


def test_a_review_by_keyboard_alone_is_kept(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """Reject, accept, undo, correct, comment; then reload: all is there."""
    review = start(reviewing.doubtful())
    page = show(review)
    shows(page, "#card .saying", "supports the pier")
    press(page, "r")
    progress(page, "1 of 9")
    shows(page, "#card .saying", "Trade grew by 4% in 2024.")
    press(page, "a")
    progress(page, "2 of 9")
    press(page, "u")
    progress(page, "1 of 9")
    shows(page, "#card .saying", "Trade grew by 4% in 2024.")
    press(page, "e")
    page.keyboard.press("Control+A")
    page.keyboard.type("Trade of Port Ellen grew by 4% in 2024.")
    press(page, "Control+Enter")
    progress(page, "2 of 9")
    press(page, "j", "k", "c")
    page.keyboard.type("j and k are letters here")
    press(page, "Control+Enter")
    page.wait_for_selector(".history .remark")
    page.reload()
    progress(page, "2 of 9")
    page.select_option("[data-name=show]", "decided")
    page.locator("#queue a", has_text="Trade").click()
    shows(page, ".saying", "Trade of Port Ellen grew by 4% in 2024.")
    assert page.locator(".kicker .state").inner_text() == "corrected by you"
    assert page.locator(".history .change").inner_text() == (
        "statement: Trade grew by 4% in 2024. → Trade of Port Ellen grew by 4% in 2024."
    )
    whats = [decision["what"] for decision in review.decisions()]
    assert whats == ["reject", "accept", "undo", "correct", "comment"]
    assert review.decisions()[-1]["comment"] == "j and k are letters here"


def test_a_quote_selected_in_the_article_is_kept(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """Also where an emoji stands before it and in it: offsets are code points in the file, units in the page."""
    review = start(reviewing.doubtful())
    page = show(review, "#a1/c1")
    press(page, "e")
    page.evaluate(SELECT, "said 🚢 trade grew by 4")
    assert page.locator(".picked").inner_text() == "said 🚢 trade grew by 4"
    page.get_by_label("End one word later").click()
    page.get_by_label("Start one word earlier").click()
    assert page.locator(".picked").inner_text() == "Lee said 🚢 trade grew by 4% last"
    press(page, "Control+Enter")
    progress(page, "1 of 9")
    after = review.decisions()[0]["after"]["quote"]
    assert TEXT[after["start"] : after["end"]] == after["exact"] == "Lee said 🚢 trade grew by 4% last"
    page.reload()
    page.goto(review.address + "#a1/c1")
    shows(page, ".quoted", "Lee said 🚢 trade grew by 4% last")
    painted = page.evaluate("[...CSS.highlights.get('at-claims')].map(range => range.toString())")
    assert painted == ["Lee said 🚢 trade grew by 4% last"]


def test_a_selection_by_mouse_takes_whole_words(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """Pressed in the middle of one word, released in the middle of another, and used by a key."""
    review = start(records.port())
    page = show(review, "#a1/m3")
    box = page.evaluate(
        """() => { const range = new Range(); const node = [...document.querySelectorAll('.block p')].pop().firstChild;
        const at = node.data.indexOf("Repairs"); range.setStart(node, at + 2); range.setEnd(node, at + 10);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return [left, right, (top + bottom) / 2]; }"""
    )
    page.mouse.move(box[0], box[2])
    page.mouse.down()
    page.mouse.move(box[1], box[2], steps=5)
    page.mouse.up()
    page.wait_for_selector("#selected:not([hidden])")
    press(page, "e")
    assert page.locator(".picked").inner_text() == "Repairs will"


def test_a_missed_item_is_added_from_a_selection(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """With a source that the run did not list, and days that are told while they are typed."""
    review = start(records.port())
    page = show(review)
    page.evaluate(SELECT, "if the council agrees")
    press(page, "n")
    page.get_by_role("radio", name="Commitment").check()
    assert page.locator(".picked").inner_text() == "if the council agrees"
    page.get_by_label("Action").fill("vote on the pier")
    page.get_by_role("radio", name="considered").check()
    page.get_by_label("Time, in the article’s words").fill("in March 2026")
    shows(page, ".days", "1 March 2026 – 31 March 2026 2026-03")
    page.get_by_label("Which means").fill("by 2030")
    shows(page, ".days", "until 31 December 2030 ../2030")
    page.get_by_label("Which means").fill("whenever")
    page.wait_for_selector("[data-field=means].wrong .problem")
    page.get_by_label("Which means").fill("")
    page.get_by_label("Said by").select_option(label="Another source …")
    page.get_by_label("Name", exact=True).fill("Cy Roe")
    press(page, "Control+Enter")
    progress(page, "1 of 8")
    (decision,) = review.decisions()
    assert (decision["what"], decision["layer"], decision["before"]) == ("add", "commitments", None)
    assert decision["after"]["speaker"] == "Cy Roe"
    assert decision["after"]["when"]["edtf"] == "2026-03"
    assert [speaker["name"] for speaker in decision["speakers"]] == ["Cy Roe"]


def test_what_is_wrong_is_told_beside_the_field_and_what_was_typed_stays(
    start: Callable[..., Review], show: Callable[..., Page]
) -> None:
    """Nothing is saved until it is right."""
    review = start(records.port())
    page = show(review, "#a1/c1")
    press(page, "e")
    page.get_by_label("Statement").fill("")
    page.get_by_label("Cue").fill("promised")
    press(page, "Control+Enter")
    page.wait_for_selector("[data-field=statement] .problem")
    assert page.locator("[data-field=cue] .problem").inner_text() == "“promised” does not stand in the article."
    assert page.get_by_label("Cue").input_value() == "promised"
    press(page, "Escape")
    shows(page, "#card .saying", "Trade grew by 4% in 2024.")
    assert not review.path.with_name("out.reviews.jsonl").exists()


def test_two_reviewers_at_once_see_each_other(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """Without reloading; one agrees with the other's correction by a click."""
    first = start(records.port())
    second = start(reviewer="ben")
    ana, ben = show(first, "#a1/c1"), show(second, "#a1/c1")
    press(ana, "e")
    ana.get_by_label("Statement").fill("Trade grew.")
    press(ana, "Control+Enter")
    ben.wait_for_selector(".history li", timeout=8000)
    shows(ben, "#card .saying", "Trade grew by 4% in 2024.")
    ben.get_by_role("button", name="agree").click()
    progress(ben, "1 of 7")
    assert [(d["who"], d["what"], d["after"]["statement"]) for d in first.decisions()] == [
        ("ana", "correct", "Trade grew."),
        ("ben", "correct", "Trade grew."),
    ]


def test_passages_and_items_lead_to_each_other(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """A click on a passage opens its item; the filters and the list of keys work from the keyboard."""
    page = show(start(records.port()))
    x, y = page.evaluate(
        """() => { const node = [...document.querySelectorAll('.block p')].pop().firstChild; const range = new Range();
        const at = node.data.indexOf("night ferry"); range.setStart(node, at); range.setEnd(node, at + 5);
        const box = range.getBoundingClientRect(); return [box.x + 8, box.y + 8]; }"""
    )
    page.mouse.click(x, y)
    shows(page, ".saying", "run a night ferry")
    press(page, "2")
    shows(page, ".saying", "opposes the toll")
    press(page, "2", "?")
    assert page.locator("#keys").is_visible()
    press(page, "Escape", "j")
    assert not page.locator("#keys").is_visible()


def test_when_all_is_decided_the_page_says_what_to_do_next(
    start: Callable[..., Review], show: Callable[..., Page]
) -> None:
    """The last decision can still be taken back."""
    review = start(records.record("Nothing.", id="empty"))
    page = show(review)
    shows(page, "#card .saying", "Is there really nothing in this article?")
    press(page, "a")
    page.wait_for_selector(".finished")
    assert page.locator(".finished code").first.inner_text() == "extractor review --apply out.jsonl -o reviewed.jsonl"
    press(page, "a", "r", "e", "c", "j", "k")  # there is nothing left that they could be about
    assert len(review.decisions()) == 1
    press(page, "u")
    progress(page, "0 of 1")


def test_articles_that_mean_harm_are_only_text(start: Callable[..., Review], show: Callable[..., Page]) -> None:
    """Markup, right-to-left text, emoji and separators in every field, shown and corrected."""
    hostile = samples.hostile()
    review = start(hostile)
    page = show(review)
    for _ in range(6):
        press(page, "j")
    page.goto(review.address + "#" + page.evaluate("encodeURIComponent", hostile.article.id) + "/claim1")
    shows(page, ".kicker", re.compile("^Claim"))
    assert hostile.claims[0].statement in page.locator(".saying").inner_text()
    press(page, "e")
    page.evaluate(SELECT, "שלום אמר השר, and")
    page.get_by_label("Cue").fill("said")
    press(page, "Control+Enter")
    shows(page, "#count", re.compile("^1 of"))
    after = review.decisions()[0]["after"]["quote"]
    text = hostile.article.text
    assert text[after["start"] : after["end"]] == after["exact"] == "שלום אמר השר, and"
    assert page.evaluate("window.hacked") is None
    assert page.locator("#paper script, #paper img, #card script, #card img").count() == 0


def test_five_megabytes_open_quickly_and_their_last_words_can_be_quoted(
    start: Callable[..., Review], show: Callable[..., Page]
) -> None:
    """Lines of every length, an emoji in each: the offsets are still exact."""
    filler = "🚢 Nothing new was heard from the harbour that day. " * 20 + "\n"
    text = filler * (5_000_000 // len(filler.encode())) + TEXT
    run = records.port().model_dump()
    shift = len(text) - len(TEXT)
    run["article"]["text"] = text
    for layer in ("claims", "stances", "commitments"):
        for item in run[layer]:
            item["quote"] |= {"start": item["quote"]["start"] + shift, "end": item["quote"]["end"] + shift}
            if item.get("when"):
                item["when"]["span"] = [place + shift for place in item["when"]["span"]]
    review = start(Record.model_validate(run))
    page = show(review, "#a1/m3")
    shows(page, ".saying", "run a night ferry")
    page.wait_for_timeout(300)
    seen = page.evaluate(
        """() => { const frame = document.getElementById("paper").getBoundingClientRect();
        const box = [...CSS.highlights.get("at-commitments")][0].getBoundingClientRect();
        return box.top >= frame.top && box.bottom <= frame.bottom && box.height > 0; }"""
    )
    assert seen
    press(page, "e")
    page.evaluate(SELECT, "a night ferry is to run")
    shows(page, ".picked", "a night ferry is to run")
    press(page, "Control+Enter")
    progress(page, "1 of 7")
    after = review.decisions()[0]["after"]["quote"]
    assert text[after["start"] : after["end"]] == "a night ferry is to run"
    assert after["start"] == len(text) - len("a night ferry is to run from June 2025.")


@pytest.mark.parametrize("width", [420, 800, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(
    start: Callable[..., Review], show: Callable[..., Page], width: int, scheme: str
) -> None:
    """Neither the item nor the form; both panes are to be seen."""
    page = show(start(reviewing.doubtful()), viewport={"width": width, "height": 800}, color_scheme=scheme)
    for keys in (("j",), ("e",)):
        press(page, *keys)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for pane in ("paper", "side"):
            assert page.evaluate("id => document.getElementById(id).scrollWidth <= innerWidth", pane)
            assert page.evaluate("id => document.getElementById(id).getBoundingClientRect().height > 200", pane)
