"""Records as pages for a terminal."""

from __future__ import annotations

import re
from textwrap import dedent

from extractor.results.summary import render
from tests.support.records import claim, port, record


def page(width: int = 100, **fields: object) -> str:
    return next(render([port(**fields)], width=width))


def test_a_page_shows_everything_of_an_article() -> None:
    """Speakers with their roles, items with their passages, dates with their days, and what needs a look."""
    shown = page(
        unplaced=[{"layer": "claims", "item": {"quote": "not there"}, "reason": "quote not found in the article"}],
        checks=[{"code": "uncovered_plan", "item": None, "message": "no item covers “will”"}],
    )
    assert shown.split("\n", 1)[1] == dedent(
        """\
        a1 · 2025-05-02 · read by test/model
        Port Ellen to get a pier

        Speakers (2)
          Ann Lee (person): Mayor, Port Ellen
          Bo Dahl (person): harbour master

        Claims (2)
          Ann Lee: Trade grew by 4% in 2024.
              fact, indirect · “trade grew by 4% last year” [at 46]
          Ann Lee: The new pier of Port Ellen will open in March 2026.
              intention, direct · “The new pier will open in March 2026” [at 76]

        Stances (1)
          − Ann Lee: oppose · the toll

        Commitments (4)
          Port Ellen, the council: open the new pier, if the council agrees
              pledged, “in March 2026” = 2026-03-01 to 2026-03-31 · said by Ann Lee
              “The new pier will open in March 2026” [at 76]
          the council: agree
              hoped, no date
              “if the council agrees” [at 125]
          nobody named: finish the repairs
              planned, “by 2030” = … to 2030-12-31
              “Repairs will be finished by 2030” [at 207]
          nobody named: run a night ferry
              scheduled, “from June 2025” = 2025-06-01 to …
              “a night ferry is to run from June 2025” [at 245]

        Not placed (1)
          claims: quote not found in the article: “not there”

        Checks (1)
          uncovered_plan: no item covers “will”
        """
    )


def test_lines_fit_the_width_and_keep_every_word() -> None:
    """Long items are wrapped behind a deeper indent, words of any length included."""
    long = "word " * 60 + "x" * 90
    shown = page(60, claims=[claim("c1", "trade grew", statement=long)])
    assert max(map(len, shown.splitlines())) <= 60
    assert "".join(long.split()) in "".join(shown.split())
    (section,) = re.findall(r"Claims \(1\)\n(.+?)\n\n", shown, re.DOTALL)
    assert [len(line) - len(line.lstrip()) for line in section.splitlines()][:3] == [2, 6, 6]


def test_colours_change_no_word() -> None:
    """With the escape sequences taken out, a coloured page is the plain one."""
    plain, coloured = (next(render([port()], color=color)) for color in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[32mpledged" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plain.split()


def test_an_article_cannot_write_to_the_terminal() -> None:
    """Escape sequences and overriding marks of an article are shown as signs, and rich's own markup as text."""
    evil = "\x1b]0;owned\x07 \x1b[31mred\x9b2J \u202eback [bold]b[/bold] :warning:"
    for color in (False, True):
        shown = next(
            render([record(f"{evil} said.", claims=[claim("c1", "said", "said.", statement=evil)])], color=color)
        )
        assert "\x1b]" not in shown
        assert "\x1b[31m" not in shown
        assert not set("\x07\x9b\u202e") & set(shown)
        assert "␛[31mred" in shown
        assert "[bold]b[/bold] :warning:" in shown
