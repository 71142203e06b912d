"""The report page in a real browser: what a reader does with it, and what hostile articles do not."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor.results.report import find_sources, gather, render
from extractor.schema.record import Record
from tests.browser import samples
from tests.browser.conftest import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BUDGET = "#article/budget%2F1%20%C3%A4"


def report(folder: Path, *records: Record, **files: Any) -> Path:
    source = samples.write(folder / "out.jsonl", records, **files)
    path = folder / "report.html"
    path.write_text(render(gather(find_sources([source])), title="Lorum"), encoding="utf-8")
    return path


@pytest.fixture
def lorum(tmp_path: Path) -> Path:
    """A report on two articles, a failure and a finished run."""
    return report(
        tmp_path, samples.harbour(), samples.budget(), failures=[samples.failure()], manifest=samples.manifest()
    )


def texts(page: Page, selector: str) -> list[str]:
    """What the elements say, with runs of space as one."""
    return [re.sub(r"\s+", " ", text).strip() for text in page.locator(selector).all_text_contents()]


def lit(page: Page) -> tuple[list[str], list[str]]:
    """The passage and the note that are lit up."""
    return texts(page, ".passage.lit"), texts(page, ".note.lit .number")


def test_the_front_page_shows_the_corpus_at_a_glance(tab: Watched, lorum: Path) -> None:
    """Counts, a lead, and one section for each question."""
    page = tab.show(lorum)
    assert page.title() == "Lorum"
    assert texts(page, ".figures a") == [
        "2articles",
        "4speakers",
        "4claims",
        "3stances",
        "3commitments",
        "3points to check",
    ]
    assert texts(page, "main h2") == [
        "What is planned, and for when 3",
        "Who stands where 3",
        "What is said 10",
        "Articles 2",
        "To check 4",
        "How this was made",
    ]


def test_plans_are_drawn_as_intervals(tab: Watched, lorum: Path) -> None:
    """A month is as wide as a month, an open start fades, and each row says its dates in words."""
    page = tab.show(lorum)
    assert texts(page, ".plans th[scope=row]") == [
        "7–13 Apr 2025next week",
        "May 2026in May 2026",
        "by the end of 2027by the end of 2027",
    ]
    bars = page.locator(".track .bar")
    assert [bars.nth(n).get_attribute("class").split() for n in range(3)] == [  # type: ignore[union-attr] # they have one
        ["bar", "scheduled"],
        ["bar", "planned"],
        ["bar", "pledged", "open-start"],
    ]
    week, month, years = (bars.nth(n).bounding_box() for n in range(3))
    assert week is not None
    assert month is not None
    assert years is not None
    assert month["width"] / years["width"] == pytest.approx(31 / 1034, rel=0.2)  # from publication to the end of 2027
    assert years["x"] < week["x"] < month["x"] < years["x"] + years["width"]


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        ("2025-08-05", "2025-08-05", "5 Aug 2025"),
        ("2025-08-05", "2025-08-12", "5–12 Aug 2025"),
        ("2025-08-28", "2025-09-03", "28 Aug – 3 Sep 2025"),
        ("2025-12-28", "2026-01-03", "28 Dec 2025 – 3 Jan 2026"),
        ("2024-02-01", "2024-02-29", "Feb 2024"),
        ("2025-07-01", "2025-09-30", "Jul–Sep 2025"),
        ("2025-11-01", "2026-02-28", "Nov 2025 – Feb 2026"),
        ("2030-01-01", "2039-12-31", "2030–2039"),
        (None, "2025-08-31", "by the end of Aug 2025"),
        (None, "2025-08-30", "by 30 Aug 2025"),
        ("2026-01-01", None, "from 2026"),
        ("2026-03-01", None, "from Mar 2026"),
        ("0025-01-01", "0025-12-31", "25"),
        ("9999-12-31", "9999-12-31", "31 Dec 9999"),
    ],
)
def test_intervals_are_told_in_few_words(
    tab: Watched, tmp_path: Path, earliest: str | None, latest: str | None, words: str
) -> None:
    """Whole months and years by their names, open ends by "by" and "from"."""
    due = samples.commitment("It will be", "be", samples.when("then", earliest, latest))
    page = tab.show(report(tmp_path, samples.record("a", "It will be so.", [], [due])))
    assert texts(page, ".plans th[scope=row]") == [f"{words}then"]


def test_positions_meet_in_a_table(tab: Watched, lorum: Path) -> None:
    """The budget is the one target with two speakers; each sign leads to its passage."""
    page = tab.show(lorum)
    assert texts(page, ".matrix th[scope=row]") == ["the budget"]
    assert texts(page, ".matrix thead th") == ["On", "Ada Quill", "Ben Oduya"]
    verdicts = page.locator(".matrix .verdict")
    assert [verdicts.nth(n).get_attribute("aria-label") for n in range(2)] == ["support", "oppose"]
    assert texts(page, ".standing tbody tr:first-child td") == ["the budget", "any delay"]
    verdicts.nth(1).click()
    page.wait_for_selector(".note.lit")
    assert lit(page) == (["Oduya opposes it"], ["4"])


def test_filters_narrow_every_section_and_stand_in_the_address(tab: Watched, lorum: Path) -> None:
    """A box that is ticked takes all else out, counts follow, and a reload keeps it."""
    page = tab.show(lorum)
    page.get_by_label("prediction").check()
    assert texts(page, ".entry .saying") == ["The budget of Lorum will fail."]
    assert texts(page, ".filtered") == ["Filtered: 1 item of 10, in 1 article of 2."]
    assert page.url.endswith("#?what=claims.prediction")
    page.get_by_label("pledged").check()
    assert len(texts(page, ".entry")) == 2
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert len(texts(page, ".entry")) == 2
    assert page.get_by_label("prediction").is_checked()
    page.get_by_role("button", name="Clear all filters").click()
    assert len(texts(page, ".entry")) == 10


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("speaker=port+office", ["The plan is affordable."]),
        ("check=date_disagreement", ["We will rebuild the harbour by the end of 2027"]),
        ("due-from=2027-01-01&due-to=2027-06-30", ["Lorum: rebuild the harbour"]),
        ("due-to=2025-12-31", ["Lorum: rebuild the harbour", "the council: vote on the budget"]),
        ("due-to=2025-03-02", []),
        ("from=2025-04-01&what=stances.support", ["Ada Quill supports the budget"]),
        ("target=any+delay", ["Ada Quill opposes any delay"]),
        ("q=BUDGET+fail", ["The budget of Lorum will fail."]),
        ("q=%22opposes+it%22", ["Ben Oduya opposes The budget"]),
        ("q=nowhere", []),
    ],
)
def test_each_filter_finds_its_items(tab: Watched, lorum: Path, query: str, found: list[str]) -> None:
    """By speaker or relay, check, planned days, publication, target, words and phrases of statement or quote."""
    page = tab.show(lorum, f"#statements?{query}")
    assert texts(page, ".entry .saying") == found


def test_search_finds_articles_by_words_that_no_item_covers(tab: Watched, lorum: Path) -> None:
    """The text counts, without case; the field says what is searched for after a reload."""
    page = tab.show(lorum)
    page.keyboard.press("/")
    page.keyboard.type("council OF")
    page.wait_for_function("() => location.hash.includes('q=council')")
    page.wait_for_function("() => document.querySelectorAll('.articles tbody tr').length === 1")
    assert texts(page, ".articles tbody .order") == ["2"]
    assert texts(page, ".entry") == []


def test_a_deep_link_opens_its_item_and_survives_a_reload(tab: Watched, lorum: Path) -> None:
    """Article and item stand in the address, whatever characters the id has; the passage is in view."""
    page = tab.show(lorum, f"{BUDGET}/commitment1")
    for _ in range(2):
        assert lit(page) == (["votes on the budget next week"], ["1"])
        assert page.locator(".note.lit").is_visible()
        assert page.locator("h1").inner_text().startswith("The council of Lorum votes")
        page.reload()
        page.wait_for_selector(".note.lit")
    assert page.url.endswith(f"{BUDGET}/commitment1")


def test_a_link_to_an_article_that_is_not_there_shows_the_front_page(tab: Watched, lorum: Path) -> None:
    """It says so to a screen reader and does not fail."""
    page = tab.show(lorum, "#article/none/claim1")
    assert page.locator("h1").inner_text() == "Lorum"
    assert page.locator("#status").inner_text() == "There is no article none in this report."


def test_passages_after_emoji_are_marked_exactly(tab: Watched, lorum: Path) -> None:
    """Offsets count code points, the page counts UTF-16 units."""
    page = tab.show(lorum, "#article/harbour/claim3")
    assert "".join(page.locator(".passage.lit").all_text_contents()) == "the old piers are unsafe"
    page.locator(".note").last.click()
    assert "".join(page.locator(".passage.lit").all_text_contents()) == "A report is to be published in May 2026"
    assert texts(page, ".words.when") == ["planned date"]


def test_the_marked_text_is_the_text(tab: Watched, lorum: Path) -> None:
    """Marking adds and loses no character."""
    page = tab.show(lorum, "#article/harbour")
    assert "\n\n".join(page.locator(".text").all_text_contents()) == samples.HARBOUR


def test_overlapping_passages_lead_to_each_of_their_items(tab: Watched, lorum: Path) -> None:
    """A click on a passage lights the shortest item, the next click the next one, and a note lights its passage."""
    page = tab.show(lorum, "#article/harbour")
    both = page.locator(".passage", has_text="rebuild the harbour by the end of 2027").first
    assert both.locator(".line.claims .line.commitments").count() == 1
    both.click()
    assert lit(page)[1] == ["1"]
    both.click()
    assert lit(page)[1] == ["2"]
    assert page.url.endswith("#article/harbour/commitment1")
    page.locator(".note", has_text="any delay").click()
    assert lit(page) == (["we oppose any delay"], ["3"])


def test_chains_of_attribution_are_shown_outermost_first(tab: Watched, lorum: Path) -> None:
    """Relays first, the speaker last."""
    page = tab.show(lorum, "#article/harbour")
    assert "port office → Ada Quill" in texts(page, ".chain")


def test_what_could_not_be_placed_and_what_nothing_covers_is_shown(tab: Watched, lorum: Path) -> None:
    """Under the article with the reason, and in the text with a wavy line."""
    page = tab.show(lorum, "#article/harbour")
    assert texts(page, ".text .line.missed") == ["The fishers"]
    foot = page.locator(".article-foot").inner_text()
    assert "a sentence that nobody wrote" in foot
    assert "quote not found in the article" in foot
    assert texts(page, ".note .check") == ["Date read differently by model and code: the model read 2028"]


def test_failures_are_shown_with_their_hints_and_the_run_with_its_figures(tab: Watched, lorum: Path) -> None:
    """Folded away until wanted."""
    page = tab.show(lorum, "#check")
    page.get_by_text("Article that could not be read").click()
    failure = page.locator(".failure").inner_text()
    assert "broken: The answer did not fit." in failure
    assert "Try a stronger model." in failure
    facts = dict(zip(texts(page, ".facts dt"), texts(page, ".facts dd"), strict=True))
    assert facts["Model"] == "test/model"
    assert facts["Articles"] == "2 read, 1 failed"
    assert facts["Last run"].endswith("read 4 = 3 written + 1 failed + 0 skipped")


def test_the_keyboard_goes_everywhere(tab: Watched, lorum: Path) -> None:
    """j and k along the items, n and p along the articles, u back, ? for help; typing in a field is typing."""
    page = tab.show(lorum)
    press = page.keyboard.press
    press("n")
    page.wait_for_selector(".reading")
    press("j")
    press("j")
    assert lit(page)[1] == ["2"]
    press("k")
    assert page.url.endswith("#article/harbour/claim1")
    press("n")
    page.wait_for_function("() => location.hash.includes('budget')")
    press("p")
    page.wait_for_function("() => location.hash.includes('harbour')")
    press("1")
    page.wait_for_function("() => document.querySelectorAll('.note').length === 3")
    press("x")
    page.wait_for_function("() => document.querySelectorAll('.note').length === 6")
    press("?")
    assert page.get_by_role("dialog").is_visible()
    press("j")
    press("Escape")
    assert page.get_by_role("dialog").is_hidden()
    press("u")
    page.wait_for_selector(".front")
    press("/")
    page.keyboard.type("jun?")
    assert page.locator("[name=words]").input_value() == "jun?"
    assert page.get_by_role("dialog").is_hidden()


def test_lines_of_the_front_page_are_walked_and_opened_by_key(tab: Watched, lorum: Path) -> None:
    """j goes to the first plan, Enter opens it."""
    page = tab.show(lorum)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.lit")
    assert page.url.endswith("#article/harbour/commitment2")


def test_back_returns_to_the_front_page_where_it_was_left(tab: Watched, lorum: Path) -> None:
    """The browser's own way back works, filters included."""
    page = tab.show(lorum, "#?what=stances.oppose")
    page.evaluate("scrollTo(0, 300)")
    page.locator(".entry a").first.click()
    page.wait_for_selector(".note.lit")
    page.go_back()
    page.wait_for_selector(".front")
    assert len(texts(page, ".entry")) == 2
    page.wait_for_function("() => scrollY === 300")


def test_hostile_strings_are_shown_and_do_nothing(tab: Watched, tmp_path: Path) -> None:
    """Markup in every field of an article, on the front page and in the article, under every item."""
    page = tab.show(report(tmp_path, samples.hostile(), samples.harbour(), failures=[samples.failure(message="<b>x")]))
    for summary in page.locator("summary").all():
        summary.click()
    page.locator(".articles tbody a").first.click()
    page.wait_for_selector(".reading")
    for number in range(page.locator(".note").count()):
        page.locator(".note").nth(number).click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("main :is(script, img)").count() == 0
    shown = "".join(page.locator(".text").all_text_contents())
    assert shown == re.sub(r"[\n\u2028]", "", samples.HOSTILE)


def test_right_to_left_text_runs_from_right_to_left(tab: Watched, tmp_path: Path) -> None:
    """Each paragraph finds its own direction."""
    hebrew = "\u05e9\u05dc\u05d5\u05dd \u05d0\u05de\u05e8 \u05d4\u05e9\u05e8."
    record = samples.record("a", f"{hebrew}\nPlain words.", [], [])
    page = tab.show(report(tmp_path, record), "#article/a")
    directions = page.eval_on_selector_all(".text", "nodes => nodes.map((node) => getComputedStyle(node).direction)")
    assert directions == ["rtl", "ltr"]


def test_an_article_of_five_megabytes_is_readable(tab: Watched, tmp_path: Path) -> None:
    """One line of 5 MB with an item at its far end: it opens there."""
    text = "The port 🐟 grew. " * 300_000 + "The end is near, said Lee."
    record = samples.record("long", text, [samples.speaker("s1", "Lee")], [samples.claim("The end is near")])
    page = tab.show(report(tmp_path, record), "#article/long/claim1")
    page.wait_for_selector(".note.lit")
    assert lit(page) == (["The end is near"], ["1"])
    page.wait_for_function(
        """() => {
          const { top, bottom } = document.querySelector('.passage.lit').getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        }"""
    )


def test_an_empty_report_is_a_page_too(tab: Watched, tmp_path: Path) -> None:
    """Nothing read, nothing wrong."""
    page = tab.show(report(tmp_path))
    assert texts(page, ".empty") == [
        "No commitment here has a date.",
        "Nobody takes a position here.",
        "No article says anything that was recorded.",
        "No article matches the filters.",
        "Nothing asks for a second look.",
    ]


def test_many_articles_are_shown_in_pages(tab: Watched, tmp_path: Path) -> None:
    """300 articles: compressed data, pages of each list, speakers found by name, a histogram that narrows the dates."""
    records = []
    for number in range(300):
        text = f"Town {number} will build a bridge by June, said Mayor {number}. " * 3
        due = samples.when("by June", None, f"{2026 + number % 4}-06-30")
        item = samples.commitment(f"Town {number} will build a bridge by June", f"build bridge {number}", due)
        spoken = samples.claim(f"Town {number} will build a bridge by June", kind="intention")
        records.append(samples.record(f"t{number}", text, [samples.speaker("s1", f"Ida {number}")], [item, spoken]))
    page = tab.show(report(tmp_path, *records))
    assert page.locator("#index").get_attribute("data-encoding") == "deflate"
    assert texts(page, "#section-articles .pager span") == ["1–30 of 300"]
    page.locator("#section-articles").get_by_role("button", name="Next").click()
    assert texts(page, "#section-articles tbody .order")[0] == "31"
    page.get_by_role("button", name="Article").click()
    page.get_by_role("button", name="Published").click()
    page.get_by_label("Find a speaker").fill("ida 29")
    assert len(texts(page, "#facet-speakers .choice")) == 8
    page.get_by_label("Find a speaker").fill("Ida 299")
    page.get_by_label("Ida 299").check()
    assert texts(page, ".articles tbody .order") == ["300"]
    page.get_by_role("button", name="Clear all filters").click()
    page.locator(".bin", has=page.locator(".part")).last.click()
    assert page.locator("[name=dueTo]").input_value().startswith("2029")
    assert texts(page, "#section-plans h2 .number") == ["75"]


def test_headings_landmarks_and_names_are_there_for_screen_readers(tab: Watched, lorum: Path) -> None:
    """One h1, no level left out, named regions, a name for every link and control."""
    page = tab.show(lorum)
    for place in ("", "#article/harbour/claim1"):
        page.evaluate("place => { location.hash = place }", place)
        page.wait_for_selector(".reading" if place else ".front")
        levels = page.eval_on_selector_all(
            "main :is(h1, h2, h3)", "nodes => nodes.map((node) => Number(node.tagName[1]))"
        )
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert page.get_by_role("main").count() == page.get_by_role("banner").count() == 1
        assert page.get_by_role("search").count() == 1
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('a, button, input, summary')].filter((node) => !(
                 node.textContent.trim() || node.getAttribute('aria-label') || (node.labels && node.labels.length)
               )).map((node) => node.outerHTML)"""
        )
        assert nameless == []


def test_a_narrow_screen_needs_no_sideways_scrolling(tab: Watched, lorum: Path) -> None:
    """420 pixels: filters fold away, nothing sticks out."""
    tab.page.set_viewport_size({"width": 420, "height": 800})
    page = tab.show(lorum)
    for place in ("", "#article/harbour/claim1"):
        page.evaluate("place => { location.hash = place }", place)
        page.wait_for_selector(".reading" if place else ".front")
        assert page.evaluate("document.documentElement.scrollWidth") == 420
    assert page.locator("#filters").is_hidden()
    page.get_by_role("button", name="Search and filter").click()
    assert page.locator("#filters").is_visible()


def test_printing_shows_all_rows_and_no_controls(tab: Watched, tmp_path: Path) -> None:
    """Lists are not cut at a screen's page."""
    items = [samples.claim(f"Point {number} holds", statement=f"Point {number}.") for number in range(40)]
    text = " ".join(f"Point {number} holds." for number in range(40))
    page = tab.show(report(tmp_path, samples.record("a", text, [samples.speaker("s1", "Lee")], items)))
    assert len(texts(page, ".entry")) == 20
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert len(texts(page, ".entry")) == 40
    assert page.locator(".side").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(texts(page, ".entry")) == 20
