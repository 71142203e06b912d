"""What a ledger is shown as: selection, table, page, calendar, rows."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import hashlib
import html
import io
import itertools
import json
import re
import sys

import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator

from extractor.errors import ConfigurationError
from extractor.results.ledger import Directory, Selection, days, render, to_csv, to_html, to_ics
from extractor.results.ledger.html import Axis
from extractor.results.ledger.selecting import as_known
from extractor.schema.ledger import Thread
from tests.support.stories import ALL, BRIDGE, NORVALE, commitment, holding, ledger, story

RESULT = ledger(*ALL)
TEXTS = {record.article.id: record.article.text for record in ALL}


def chosen(**wishes: object) -> list[str]:
    threads = Selection(**wishes).of(RESULT.threads, Directory())  # type: ignore[arg-type]  # each test gives its own
    return [thread.title for thread in threads]


BRIDGE_TITLE, FERRIES_TITLE = "open the Holm bridge", "deliver five ferries to Estmark"


def test_selection() -> None:
    """Threads are chosen by what is due, overdue, done by whom, and told since when; all wishes must be met."""
    assert chosen() == [BRIDGE_TITLE, FERRIES_TITLE]
    assert chosen(due_within=255) == [BRIDGE_TITLE]
    assert chosen(due_within=253) == []
    assert chosen(overdue=True) == []
    assert chosen(actor="estmark") == [BRIDGE_TITLE]
    assert chosen(actor="Norvale") == [BRIDGE_TITLE, FERRIES_TITLE]
    assert chosen(actor="Sudmark") == []
    assert chosen(changed_since=dt.date(2025, 2, 10)) == [BRIDGE_TITLE]
    assert chosen(changed_since=dt.date(2025, 2, 11)) == []
    assert chosen(actor="Norvale", changed_since=dt.date(2024, 11, 1)) == [BRIDGE_TITLE, FERRIES_TITLE]


def test_an_actor_by_any_of_its_names() -> None:
    """ "Moscow" chooses what Russia, its ministries and its ministers would have to do."""
    words = "open the Holm airport"
    records = [
        story(
            name, f"2024-0{number}-01", f"They will {words} {number}.", commitment(words, f"{words} in {place}", name)
        )
        for number, (name, place) in enumerate([("Russian Energy Ministry", "Lund"), ("Pakistan", "Sarn")], 1)
    ]
    threads = Selection(actor="Moscow").of(ledger(*records).threads, Directory())
    assert [thread.actors[0].name for thread in threads] == ["Russian Energy Ministry"]


def test_what_was_told_later_is_not_shown() -> None:
    """A selection knows what was known on its day: later steps and threads are left out."""
    early = ledger(*ALL, as_of="2023-04-01")
    shown = Selection().of(early.threads, Directory())
    assert [len(thread.steps) for thread in shown] == [1, 1]
    assert len(holding(early, "build a bridge").steps) == 4
    assert Selection().of(ledger(*ALL, as_of="2023-02-01").threads, Directory()) == []


@pytest.mark.parametrize(("text", "number"), [("30", 30), ("30d", 30), ("2w", 14), ("6M", 180), ("1y", 365)])
def test_lengths_of_time(text: str, number: int) -> None:
    """Days, weeks, months and years."""
    assert days(text) == number


@pytest.mark.parametrize("text", ["", "soon", "-3d", "3h", "1.5y"])
def test_no_length_of_time(text: str) -> None:
    """What is none is told, with the form it should have."""
    with pytest.raises(ConfigurationError, match="no length of time"):
        days(text)


def test_table() -> None:
    """A thread's state, days, slip, actors, title, id and reason, and below it every step with its link and quote."""
    [bridge] = Selection(actor="Estmark").of(RESULT.threads, Directory())
    sure = [f"{step.link.confidence:.0%} by rules" for step in bridge.steps if step.link]
    assert render([bridge], width=110).splitlines() == [
        "",
        "upcoming    …–2026-03-31 +455d       Norvale, Estmark: open the Holm bridge",
        f"            {bridge.id} · due by 2026-03-31, in 254 days",
        "            2023-03-01  first, agreed",
        "                        “build a bridge over the Holm strait by the end of 2024”",
        f"            2023-05-20  update (later, weaker), +181 days, {sure[0]}, scheduled",
        "                        Ministry of Transport of Norvale: “The Holm bridge will open in June 2025”",
        f"            2025-02-10  update (later, weaker), +274 days, {sure[1]}, planned",
        "                        “The Holm bridge is now to open to traffic by March 2026”",
        "",
        "1 thread as of 2025-07-20: 1 upcoming.",
    ]
    assert render([], width=100) == "No threads.\n"
    assert "“" not in render([bridge], width=110, history=False)
    assert all(len(line) <= 72 for line in render([bridge], width=72).splitlines())


def test_page_is_self_contained() -> None:
    """The page loads nothing: no address but the articles' own, no script or style from elsewhere."""
    page = to_html(RESULT.threads, TEXTS)
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)|url\(|@import|https?://""", page)
    assert page.startswith("<!doctype html>")


def test_every_step_is_one_click_from_its_passage() -> None:
    """Each step's link leads to a passage on the page in which its quote is marked in its article's words."""
    page = to_html([as_known(thread) for thread in RESULT.threads], TEXTS)
    links, passages = set(re.findall(r'href="#(p-[^"]+)"', page)), re.findall(r'class="passage" id="([^"]+)"', page)
    steps = [f"p-{t.id}-{s.id}" for t in RESULT.threads for s in as_known(t).steps]
    assert sorted(links) == sorted(passages) == sorted(steps)
    assert (
        "<blockquote>Norvale and Estmark agreed on Wednesday to "
        "<mark>build a bridge over the Holm strait by the end of 2024</mark>. Norvale will deliver"
    ) in page


def test_slips_are_drawn() -> None:
    """A lane has a bar for each dated telling, the last one strong, and a way from each day to the next."""
    page = to_html([as_known(holding(RESULT, "build a bridge"))], TEXTS)
    assert [match == " current" for match in re.findall(r'class="bar( current)?[ "]', page)] == [False, False, True]
    assert re.findall(r'class="slip[^"]*"[^>]*title="([^"]+)"', page) == ["+181 days", "+274 days"]


def test_passages_without_their_article() -> None:
    """Where a kept ledger's article is not at hand, the passage shows the words around it that the ledger keeps."""
    page = to_html([holding(RESULT, "deliver five ferries")], {})
    assert "<mark>Norvale will deliver five ferries to Estmark in 2024</mark>." in page


def test_articles_cannot_write_into_the_page() -> None:
    """Marks of HTML in titles, quotes, names and addresses stay text."""
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    words = f"open the bridge {bad}"
    record = story("bad", "2024-01-01", f"They will {words}.", commitment(words, words, f"Norvale {bad}"), title=bad)
    page = to_html(ledger(record).threads, {"bad": record.article.text})
    assert page.count("<script>") == 1
    assert "<img" not in page


def test_the_page_counts_articles_as_the_ledger_does() -> None:
    """It says how many of all articles read have a step in its threads."""
    assert "2 threads from 5 articles, as of" in to_html(RESULT.threads, TEXTS, articles=5)
    assert "2 threads from 5 of 38 articles, as of" in to_html(RESULT.threads, TEXTS, articles=38)
    [ferries] = [thread for thread in RESULT.threads if thread.title == FERRIES_TITLE]
    told = len({step.article.id for step in ferries.steps})
    assert f"1 thread from {told} of 5 articles, as of" in to_html([ferries], TEXTS, articles=5)


@pytest.mark.parametrize("years", [1, 3, 9])
@pytest.mark.parametrize("today", [2.0, 31.5, 50.0, 98.0])
def test_labels_that_a_narrow_screen_shows_are_apart(years: int, today: float) -> None:
    """At 400 pixels the axis has some 330: a tick's label takes up to 55 of them, that of the day 80."""
    axis = Axis(dt.date(2025, 1, 20), dt.date(2025 + years, 1, 20))
    labels = axis.labels(today)
    shown = [left * 3.3 for left, _, crowded in labels if not crowded]
    assert shown
    assert all(later - earlier >= 55 for earlier, later in itertools.pairwise(shown))
    assert all(abs(left - today * 3.3) >= (55 + 80) / 2 for left in shown)
    assert {(left, label) for left, label, _ in labels} <= set(axis.ticks())


def test_an_empty_page() -> None:
    """No threads make a page that says so."""
    assert "There are no threads." in to_html([], {})


def test_calendar() -> None:
    """One event for each dated thread, on its own days, with an id that stays; a span of months is its last day."""
    events = Calendar.from_ical(to_ics(RESULT.threads)).walk("VEVENT")
    told = {str(event["UID"]): (event["DTSTART"].dt, event["DTEND"].dt) for event in events}
    bridge, ferries = (holding(RESULT, words) for words in ("build a bridge", "deliver five ferries"))
    assert told == {
        f"{bridge.id}@ledger.extractor": (dt.date(2026, 3, 31), dt.date(2026, 4, 1)),
        f"{ferries.id}@ledger.extractor": (dt.date(2024, 12, 31), dt.date(2025, 1, 1)),
    }
    assert str(events[0]["SUMMARY"]) == "Norvale, Estmark: open the Holm bridge"
    assert to_ics(RESULT.threads) == to_ics(ledger(*ALL).threads)
    later = holding(ledger(*ALL, as_of="2023-06-01"), "build a bridge")
    [event] = Calendar.from_ical(to_ics([later])).walk("VEVENT")
    assert (str(event["UID"]), event["DTSTART"].dt) == (f"{bridge.id}@ledger.extractor", dt.date(2025, 6, 1))


def test_a_calendar_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without icalendar the user is told what to install."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ConfigurationError, match="icalendar") as error:
        to_ics(RESULT.threads)
    assert "pip install" in error.value.hint


def test_undated_threads_are_in_no_calendar() -> None:
    """Without a day there is no event."""
    undated = story("u", "2024-01-01", "Norvale will open a zoo.", commitment("open a zoo", "open a zoo", NORVALE))
    assert Calendar.from_ical(to_ics(ledger(undated).threads)).walk("VEVENT") == []


def test_rows() -> None:
    """One row per step, with thread, quote, offsets, dates and link."""
    rows = list(csv.DictReader(io.StringIO(to_csv(RESULT.threads))))
    assert len(rows) == sum(len(thread.steps) for thread in RESULT.threads)
    row = next(row for row in rows if row["article"] == "bridge-2")
    assert row["quote"] == "The Holm bridge will open in June 2025"
    assert (row["relation"], row["changes"], row["moved_days"]) == ("update", "later weaker", "181")
    assert BRIDGE.article.text[int(rows[0]["start"]) : int(rows[0]["end"])] == rows[0]["quote"]


def test_rows_show_control_characters_as_signs() -> None:
    """Rows that are printed do nothing to the terminal."""
    thread = holding(RESULT, "build a bridge").model_copy(update={"title": "a \x1b]0;owned\x07 bridge"})
    rows = to_csv([thread])
    assert "a ␛]0;owned␇ bridge" in rows
    assert "\x1b" not in rows


def test_rows_are_no_formulas() -> None:
    """A text that a spreadsheet would run is led by an apostrophe."""
    words = "=1+1 open the zoo"
    rows = to_csv(ledger(story("f", "2024-01-01", f"They {words}.", commitment(words, words))).threads)
    assert "'=1+1 open the zoo" in rows
    assert ",=1" not in rows
    full_width = " \uff1d1+1 open the zoo"
    thread = holding(RESULT, "build a bridge").model_copy(update={"title": full_width})
    assert f"'{full_width}" in to_csv([thread])


def test_lines_fit_their_schema() -> None:
    """A thread as a line is valid under the JSON Schema of the model."""
    validator = Draft202012Validator(Thread.model_json_schema(mode="serialization"))
    for thread in RESULT.threads:
        assert list(validator.iter_errors(json.loads(thread.model_dump_json()))) == []


def test_the_page_runs_its_own_script_alone() -> None:
    """Its Content Security Policy names the digest of that script, and allows nothing to be loaded."""
    page = to_html(RESULT.threads, TEXTS)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert html.unescape(policy) == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>")
