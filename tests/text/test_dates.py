"""The date resolver: the settled conventions, and every form in its spellings."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from extractor.text.dates import Resolved, Tense, resolve

PUBLISHED = date(2025, 7, 11)  # a Friday
GOLD = Path(__file__).parents[1] / "gold"


def edtf(
    expression: str, published: date | None = PUBLISHED, tense: Tense = "future", anchor: date | None = None
) -> str | None:
    """The EDTF string of an expression, or None."""
    resolved = resolve(expression, published, tense=tense, anchor=anchor)
    return None if resolved is None else resolved.edtf


def days(expression: str, published: date = PUBLISHED, tense: Tense = "future") -> tuple[str | None, str | None] | None:
    """Earliest and latest day of an expression as ISO strings."""
    resolved = resolve(expression, published, tense=tense)
    if resolved is None:
        return None
    return tuple(end.isoformat() if end else None for end in (resolved.earliest, resolved.latest))  # type: ignore[return-value]  # two ends


def test_an_answer_says_interval_edtf_granularity_and_rule() -> None:
    """The whole answer for one expression, field by field."""
    assert resolve("in August 2025", PUBLISHED) == Resolved(
        edtf="2025-08", earliest=date(2025, 8, 1), latest=date(2025, 8, 31), granularity="month", rule="month:year"
    )


SETTLED = [
    ("In 2025", "2025-01-01", "2025-12-31"),
    ("By 2030", None, "2030-12-31"),
    ("From 2026", "2026-01-01", None),
    ("Later this year", "2025-07-12", "2025-12-31"),
    ("Within five years", "2025-07-11", "2030-07-11"),
    ("Next week", "2025-07-14", "2025-07-20"),
    ("On Friday", "2025-07-18", "2025-07-18"),
    ("early 2026", "2026-01-01", "2026-04-30"),
    ("mid-2026", "2026-05-01", "2026-08-31"),
    ("late 2026", "2026-09-01", "2026-12-31"),
    ("early August", "2025-08-01", "2025-08-10"),
    ("mid-August", "2025-08-11", "2025-08-20"),
    ("late August", "2025-08-21", "2025-08-31"),
    ("the first half of 2026", "2026-01-01", "2026-06-30"),
    ("the second half of 2026", "2026-07-01", "2026-12-31"),
    ("the third quarter of 2026", "2026-07-01", "2026-09-30"),
    ("within 10 days", "2025-07-11", "2025-07-21"),
    ("over 18 months", "2025-07-11", "2027-01-11"),
    ("this year", "2025-01-01", "2025-12-31"),
    ("in August 2025", "2025-08-01", "2025-08-31"),
    ("later this August", "2025-08-01", "2025-08-31"),
    ("by the end of next month", None, "2025-08-31"),
    ("after January 1, 2020", "2020-01-02", None),
]


@pytest.mark.parametrize(("expression", "earliest", "latest"), SETTLED)
def test_the_settled_conventions_hold(expression: str, earliest: str | None, latest: str | None) -> None:
    """Every example of the definitions resolves to the days that they name."""
    assert days(expression) == (earliest, latest)


def test_later_this_august_begins_tomorrow_inside_august() -> None:
    """Read in August, the rest of the month is meant; read before it, the whole month."""
    assert days("later this August", date(2025, 8, 10)) == ("2025-08-11", "2025-08-31")
    assert days("later this month", date(2025, 7, 31)) is None


EDTF = {
    "2025": "2025",
    "August 2025": "2025-08",
    "5 August 2025": "2025-08-05",
    "August 5 to August 12, 2025": "2025-08-05/2025-08-12",
    "by 2030": "../2030",
    "from 2026": "2026/..",
    "around August 2025": "2025-08~",
    "the 2030s": "203X",
    "in the 21st century": "20XX",
    "Q3 2026": "2026-07/2026-09",
    "fiscal 2026": "2026~",
    "by the end of 2030": "../2030-12-31",
    "between August 2025 and 2027": "2025-08/2027-12",
    "in about three months": "2025-10-11~",
}


@pytest.mark.parametrize(("expression", "written"), EDTF.items())
def test_edtf_is_as_coarse_as_the_expression(expression: str, written: str) -> None:
    """The EDTF string names no day that the expression does not name."""
    assert edtf(expression) == written


SPELLINGS = tomllib.loads((Path(__file__).parent / "dates_spellings.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("expression", "written"), [(one, written) for written, many in SPELLINGS.items() for one in many]
)
def test_all_spellings_of_a_date_mean_the_same(expression: str, written: str) -> None:
    """Each form is known in every spelling that news uses for it."""
    assert edtf(expression) == written


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "soon",
            "after the summit",
            "once the war ends",
            "in due course",
            "in the near future",
            "one day",
            "recently",
        ),
        *("5 pm", "in 24 hours", "at noon", "within 48 hours", "every Friday", "on Fridays", "weekly", "twice a year"),
        *("60 days", "two years", "second", "a second", "the second", "the first days of August", "the day", "of", ""),
        *("February 30, 2026", "31 June", "2025-13-01", "week 60", "in 99999 years", "in 9000 years", "the 32nd"),
        *("2025 people", "May Smith", "March forward", "next", "last", "the end of", "from to", "Independence Day"),
        *(
            "July 20 and then some",
            "the week of the summit",
            "within a year of the vote",
            "five years from the signing",
        ),
    ],
)
def test_what_the_grammar_does_not_know_is_null(expression: str) -> None:
    """Undated, unknown, impossible or half-read expressions have no answer."""
    assert resolve(expression, PUBLISHED) is None


TENSES = [
    ("Thursday", "2025-07-17", "2025-07-10"),
    ("Friday", "2025-07-18", "2025-07-11"),
    ("October", "2025-10", "2024-10"),
    ("July", "2025-07", "2025-07"),
    ("December 11", "2025-12-11", "2024-12-11"),
    ("the 15th", "2025-07-15", "2025-06-15"),
    ("this weekend", "2025-07-12/2025-07-13", "2025-07-05/2025-07-06"),
    ("the fourth quarter", "2025-10/2025-12", "2024-10/2024-12"),
    ("this Friday", "2025-07-11", "2025-07-11"),
    ("Christmas", "2025-12-25", "2024-12-25"),
    ("early March", "2026-03-01/2026-03-10", "2025-03-01/2025-03-10"),
    ("between May and September", "2025-05/2025-09", "2025-05/2025-09"),
]


@pytest.mark.parametrize(("expression", "planned", "reported"), TENSES)
def test_a_plan_looks_forward_and_a_report_back(expression: str, planned: str, reported: str) -> None:
    """The tense chooses among the instances of a weekday, month, day or feast."""
    assert edtf(expression) == planned
    assert edtf(expression, tense="past") == reported


PAST = {
    "two weeks ago": "2025-06-27",
    "last Friday": "2025-07-04",
    "last Monday": "2025-06-30",
    "this past Monday": "2025-07-07",
    "in the nineties": "199X",
    "last week": "2025-06-30/2025-07-06",
    "last August": "2024-08",
    "over the past decade": "2015-07-11/2025-07-11",
    "earlier this year": "2025-01-01/2025-07-10",
    "since Monday": "2025-07-07/..",
    "since August": "2024-08/..",
    "the day before yesterday": "2025-07-09",
    "in the last three months": "2025-04-11/2025-07-11",
    "late last year": "2024-09/2024-12",
    "in 2020": "2020",
}


@pytest.mark.parametrize(("expression", "written"), PAST.items())
def test_expressions_of_the_past(expression: str, written: str) -> None:
    """What has happened is dated as well, whatever the caller's tense."""
    assert edtf(expression) == edtf(expression, tense="past") == written


def test_a_weekday_beside_a_day_tells_its_year() -> None:
    """Of last, this and next year's date the one with that weekday is meant; a wrong weekday changes nothing."""
    assert edtf("Thursday, July 10") == "2025-07-10"
    assert edtf("Saturday, July 11") == "2026-07-11"
    assert edtf("Monday, July 20") == "2026-07-20"
    assert edtf("Tuesday, July 20") == "2025-07-20"
    assert edtf("Friday 13th") == "2026-02-13"


def test_ranges_run_forward_over_the_turn_of_the_year() -> None:
    """The end of a range is the first such day after its beginning."""
    assert edtf("from November to February") == "2025-11/2026-02"
    assert edtf("Nov-Feb 2017") == "2016-11/2017-02"
    assert edtf("December 20 to January 5") == "2025-12-20/2026-01-05"
    assert edtf("from 10/25 to 01/25") == "2025-10-25/2026-01-25"


def test_a_range_that_has_begun_is_still_ahead() -> None:
    """A plan made inside of a range means this one, not next year's."""
    assert edtf("from July 1 to July 20") == "2025-07-01/2025-07-20"
    assert edtf("from July 1 to July 10") == "2026-07-01/2026-07-10"


def test_the_anchor_dates_what_hangs_on_another_day() -> None:
    """ "The same day" and its like count from the caller's anchor, and have no date without one."""
    anchor = date(2025, 8, 20)
    dated = {
        "The same day": "2025-08-20",
        "that month": "2025-08",
        "that year": "2025",
        "two days later": "2025-08-22",
        "a week later": "2025-08-27",
        "three days earlier": "2025-08-17",
    }
    for expression, written in dated.items():
        assert edtf(expression, anchor=anchor) == written
        assert edtf(expression) is None
    assert edtf("the following week", anchor=anchor) == "2025-08-25/2025-08-31"
    assert edtf("the following Friday", anchor=anchor) == "2025-08-22"
    assert edtf("the following week") == "2025-07-14/2025-07-20"


def test_without_a_publication_date_only_absolute_dates_resolve() -> None:
    """A missing date makes relative expressions unknown, not wrong."""
    for expression in (
        "next week",
        "Friday",
        "August",
        "in three days",
        "August 5",
        "this year",
        "by Friday",
        "Christmas",
    ):
        assert edtf(expression, None) is None
    assert edtf("August 5, 2025", None) == "2025-08-05"
    assert edtf("by 2030", None) == "../2030"
    assert edtf("from May to Oct 2020", None) == "2020-05/2020-10"
    assert edtf("the first Monday of May 2026", None) == "2026-05-04"
    assert edtf("Easter 2026", None) == "2026-04-05"


def test_leap_days_and_month_ends_are_kept() -> None:
    """A month after the 31st is the last day of a shorter month; February 29 waits for a leap year."""
    assert edtf("in one month", date(2025, 1, 31)) == "2025-02-28"
    assert edtf("within a year", date(2024, 2, 29)) == "2024-02-29/2025-02-28"
    assert edtf("February 29") == "2028-02-29"
    assert edtf("February 29", tense="past") == "2024-02-29"
    assert edtf("the end of February 2028") == "2028-02-21/2028-02-29"


def test_ambiguous_numbers_are_read_month_first() -> None:
    """ "8/12" is August 12, unless the first number can be no month or a dotted date has its year."""
    assert edtf("8/12/2025") == "2025-08-12"
    assert edtf("13/8/2025") == "2025-08-13"
    assert edtf("08.12.2025") == "2025-12-08"
    assert edtf("Friday 7/6", date(2018, 7, 6)) == "2018-07-06"


HOLIDAYS = {
    "Easter": "2026-04-05",
    "Good Friday 2026": "2026-04-03",
    "Easter Monday 2027": "2027-03-29",
    "Orthodox Easter 2026": "2026-04-12",
    "by Christmas": "../2025-12-25",
    "New Year's Eve": "2025-12-31",
    "before New Year's Day": "../2025-12-31",
    "two weeks before Christmas": "2025-12-11",
    "Christmas in three years": "2028-12-25",
    "next Christmas": "2025-12-25",
}
LIBRARY_HOLIDAYS = {
    "Thanksgiving": "2025-11-27",
    "Black Friday 2026": "2026-11-27",
    "Labor Day": "2025-09-01",
    "Memorial Day weekend 2026": "2026-05-23/2026-05-25",
    "MLK Day": "2026-01-19",
    "Yom Kippur 2025": "2025-10-02",
    "Hanukkah 2024": "2024-12-26/2025-01-02",
    "Chinese New Year": "2026-02-17",
    "Diwali 2025": "2025-10-20",
    "Ramadan 2026": "2026-02-18/2026-03-19",
}


@pytest.mark.parametrize(("expression", "written"), HOLIDAYS.items())
def test_fixed_feasts_and_easter_need_no_library(
    expression: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Christmas, New Year and all that hangs on Easter are computed."""
    monkeypatch.setitem(__import__("sys").modules, "holidays", None)
    assert edtf(expression) == written


@pytest.mark.parametrize(("expression", "written"), LIBRARY_HOLIDAYS.items())
def test_moving_holidays_come_from_the_optional_library(expression: str, written: str) -> None:
    """Feasts of other calendars and national rules are the `holidays` package's knowledge."""
    pytest.importorskip("holidays")
    assert edtf(expression) == written


def test_without_the_library_its_holidays_are_unknown() -> None:
    """A missing `holidays` package makes its days null, in a fresh interpreter that cannot import it."""
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['holidays'] = None\n"
        "from datetime import date\n"
        "from extractor.text.dates import resolve\n"
        "print(resolve('Thanksgiving', date(2025, 7, 11)), resolve('Christmas', date(2025, 7, 11)).edtf)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "None 2025-12-25\n"


# Dated by an event or another day that the article tells, not by the expression.
HANGING = {"The same day", "following the talks", "Following the talks", "following the summit", "in two days"}


@pytest.mark.parametrize("name", ["seeds", "dev"])
def test_every_decidable_date_of_the_gold_articles_is_found(name: str) -> None:
    """All dated commitments of the reference annotations resolve to their EDTF, earliest and latest."""
    checked = 0
    for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        for commitment in article["reading"]["commitments"]:
            when = commitment["when"]
            if when is None or when["edtf"] is None or when["expression"] in HANGING:
                continue
            answer = resolve(when["expression"], date.fromisoformat(article["published"]))
            assert answer is not None, when
            assert answer.edtf == when["edtf"]
            assert (str(answer.earliest), str(answer.latest)) == (str(when["earliest"]), str(when["latest"]))
            checked += 1
    assert checked >= 4
