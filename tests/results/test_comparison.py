"""What changed between two runs."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import ConfigurationError
from extractor.results.comparison import (
    Comparison,
    against_floors,
    compare,
    render_differences,
    render_floors,
    render_page,
    render_summary,
)
from extractor.results.comparison.page import marked
from extractor.results.evaluation import GoldArticle
from extractor.results.evaluation.gold import gold_line
from extractor.schema.record import Claim, Record
from tests.support.records import claim, port, record

WORDS = "north south east west upper lower outer inner old new grand little".split()  # noqa: SIM905  # reads as one line


def differences(comparison: Comparison) -> list[tuple[str, str, str | None, str | None, list[str]]]:
    """Layer, kind, id in A, id in B and the changed fields of each difference."""
    return [
        (each.layer, each.kind, each.a and each.a.id, each.b and each.b.id, [change.field for change in each.fields])
        for article in comparison.articles
        for each in article.differences
    ]


def test_the_same_records_do_not_differ() -> None:
    """Ids and the order of speakers and items play no part."""
    shuffled = port().model_dump()
    for layer in ("speakers", "claims", "stances", "commitments"):
        shuffled[layer].reverse()
    for speaker in shuffled["speakers"]:
        speaker["id"] = "x" + speaker["id"]
    for layer in ("claims", "stances", "commitments"):
        for item in shuffled[layer]:
            item["id"] = "y" + item["id"]
            item["speaker"] = item["speaker"] and "x" + item["speaker"]
    comparison = compare([[port()]], [[Record.model_validate(shuffled)]])
    assert differences(comparison) == []
    assert {layer: totals.same for layer, totals in comparison.layers.items()} == {
        "speakers": 2,
        "claims": 2,
        "stances": 1,
        "commitments": 4,
    }
    assert render_differences(comparison) == "No differences.\n"


def test_items_appear_vanish_and_change_field_by_field() -> None:
    """Paired by passage: the statement may be another, and so may each field, which is told with both values."""
    before = port(
        claims=[claim("c1", "trade grew by 4% last year"), claim("c2", "The new pier will open in March 2026")]
    )
    after = port(
        claims=[
            claim("n1", "trade grew by 4%", kind="opinion", statement="Trade grew by 4%.", cue="said"),
            claim("n3", "Lee opposes the toll", speaker="s2"),
        ]
    )
    comparison = compare([[before]], [[after]])
    assert differences(comparison) == [
        ("claims", "changed", "c1", "n1", ["kind", "statement", "cue", "quote"]),
        ("claims", "vanished", "c2", None, []),
        ("claims", "appeared", None, "n3", []),
    ]
    kind, _, cue, _ = comparison.articles[0].differences[0].fields
    assert ([each.value for each in kind.a], [each.value for each in kind.b]) == (["fact"], ["opinion"])
    assert cue.a[0].value == "–"
    totals = comparison.layers["claims"]
    assert (totals.items_a, totals.items_b, totals.same, totals.changed, totals.vanished, totals.appeared) == (
        2,
        2,
        0,
        1,
        1,
        1,
    )
    assert totals.fields == {"speaker": 0, "via": 0, "kind": 1, "delivery": 0, "statement": 1, "cue": 1, "quote": 1}


def test_dates_and_actors_are_compared() -> None:
    """The days, the words for them, who acts and on what condition."""
    after = port().model_dump(mode="json")
    after["commitments"][0] |= {"actors": ["Port Ellen"], "condition": None}
    after["commitments"][0]["when"] |= {"latest": "2026-03-15", "expression": "March 2026", "span": None}
    comparison = compare([[port()]], [[Record.model_validate(after)]])
    (difference,) = comparison.articles[0].differences
    assert {change.field: (change.a[0].value, change.b[0].value) for change in difference.fields} == {
        "actors": ("Port Ellen, the council", "Port Ellen"),
        "when": ("2026-03-01 to 2026-03-31", "2026-03-01 to 2026-03-15"),
        "expression": ("in March 2026", "March 2026"),
        "condition": ("if the council agrees", "–"),
    }


def test_another_form_of_a_name_is_another_name_and_the_same_speaker() -> None:
    """ "Lee" for "Ann Lee" is a change of the speaker's entry, and of none of her items."""
    after = port().model_dump()
    after["speakers"][0] |= {"name": "Lee"}
    assert differences(compare([[port()]], [[Record.model_validate(after)]])) == [
        ("speakers", "changed", "s1", "s1", ["name"])
    ]


def test_articles_that_cannot_be_compared_are_told() -> None:
    """An article that a run lacks, or that was read from another text, is skipped with the reason."""
    a = [port(), record(id="a2"), record("Old text.", id="a3")]
    b = [port(), record("New text.", id="a3"), record(id="a4")]
    comparison = compare([a], [b])
    assert [article.id for article in comparison.articles] == ["a1"]
    assert {each.id: each.reason for each in comparison.skipped} == {
        "a2": "in 1 of 2 runs only",
        "a3": "its text is not the same in all runs",
        "a4": "in 1 of 2 runs only",
    }
    assert "Articles not compared: 3." in render_summary(comparison)


def test_what_is_no_pair_of_runs_is_an_error() -> None:
    """Two records of one article in a run, or nothing in common."""
    with pytest.raises(ConfigurationError, match="two records of article a1"):
        compare([[port(), port()]], [[port()]])
    with pytest.raises(ConfigurationError, match="no article in common"):
        compare([[port()]], [[record(id="b1")]])


# Change and noise


def article(number: int) -> str:
    names = [f"{WORDS[i % 12]} {WORDS[(i * 5 + number) % 12]}{i}" for i in range(8)]
    return " ".join(f"The {name} bridge of town {number} is safe." for name in names)


def run(seed: str, *, articles: int = 12, shift: float = 0.0) -> list[Record]:
    """A run of a model that forgets one claim in eight and takes one fact in eight for an opinion, at random.

    With `shift`, it takes that share of the facts for predictions.
    """
    found = []
    for number in range(articles):
        rng = random.Random(f"{seed} {number}")
        text = article(number)
        claims = []
        for place, sentence in enumerate(re.findall(r"The .*?\.", text)):
            forgotten, opinion, moved = rng.random() < 1 / 8, rng.random() < 1 / 8, rng.random() < shift
            kind = "prediction" if moved else "opinion" if opinion else "fact"
            if not forgotten:
                claims.append(claim(f"c{place}", sentence, text, kind=kind))
        found.append(record(text, id=f"a{number}", claims=claims))
    return found


def runs(name: str, number: int, **options: Any) -> list[list[Record]]:
    return [run(f"{name}{each}", **options) for each in range(number)]


def test_runs_of_one_set_up_differ_by_noise_alone() -> None:
    """Two sides of the same model: what differs between them is what differs within them."""
    comparison = compare(runs("a", 3), runs("b", 3))
    for name in ("claims.items", "claims.kind"):
        change = comparison.changes[name]
        assert change.between.value > 0.08
        assert change.noise == pytest.approx(change.between.value, abs=0.05)
        assert change.beyond_noise is False, name


def test_false_alarms_are_as_rare_as_the_interval_says() -> None:
    """Of many comparisons of a set-up with itself, few find a change: the interval leaves 2.5 % above."""
    alarms = sum(
        compare(runs(f"a{trial}", 2), runs(f"b{trial}", 2), bootstrap=100).changes["claims.kind"].beyond_noise is True
        for trial in range(20)
    )
    assert alarms <= 3


def test_a_change_of_the_set_up_exceeds_the_noise() -> None:
    """A model that answers otherwise is found out in the field that it changed, and in no other."""
    comparison = compare(runs("a", 3), runs("b", 3, shift=0.4))
    kind = comparison.changes["claims.kind"]
    assert kind.excess is not None
    assert kind.excess.value > 0.05
    assert kind.beyond_noise is True
    assert comparison.changes["claims.items"].beyond_noise is False
    summary = render_summary(comparison)
    assert re.search(r"claims: kind .* a change", summary)
    assert re.search(r"claims: there or not .* within noise", summary)


def test_one_side_with_several_runs_shows_the_noise() -> None:
    """B may be one run: the noise is then what the runs of A differ by."""
    comparison = compare(runs("a", 3), [run("b", shift=0.5)])
    assert comparison.changes["claims.kind"].beyond_noise is True
    assert comparison.changes["claims.items"].beyond_noise is False
    assert (comparison.a.runs, comparison.b.runs) == (3, 1)


def test_with_one_run_each_noise_is_not_known() -> None:
    """It is said, and no verdict is given."""
    comparison = compare([run("a")], [run("b")])
    assert comparison.changes["claims.kind"].beyond_noise is None
    assert comparison.changes["claims.kind"].noise is None
    assert "change cannot be told from noise" in render_summary(comparison)


def test_the_majority_of_runs_decides_and_contradiction_is_told() -> None:
    """An item that half of a side's runs have is there; a difference is clear if no run contradicts it."""

    def version(kind: str, *others: str) -> list[Record]:
        items = [claim("c1", "trade grew by 4% last year", kind=kind), *(claim(f"o{each}", each) for each in others)]
        return [record(claims=items)]

    a = [version("fact", "Mayor"), version("fact", "Mayor"), version("opinion", "Mayor")]
    b = [version("opinion", "Repairs"), version("opinion"), version("opinion")]
    found = compare(a, b).articles[0].differences
    assert [(each.kind, each.clear, each.runs_a, each.runs_b) for each in found] == [
        ("vanished", True, 3, 0),
        ("changed", False, 3, 3),
    ]
    assert [(answer.value, answer.runs) for answer in found[1].fields[0].a] == [("fact", 2), ("opinion", 1)]
    assert "kind: fact (2) | opinion (1) → opinion (3)" in render_differences(compare(a, b))


def test_the_order_of_articles_changes_no_number() -> None:
    """The same records in any order give the same rates and intervals; the same seed, the same report."""
    a, b = run("a"), run("b", shift=0.3)
    forward, backward = compare([a], [b]), compare([a[::-1]], [b[::-1]])
    assert forward.changes == backward.changes
    assert compare([a], [b]).model_dump_json() == forward.model_dump_json()
    assert Comparison.model_validate_json(forward.model_dump_json()) == forward


def test_runs_of_several_set_ups_on_a_side_are_told() -> None:
    """What they differ by would pass for noise."""
    other = port(run={"prompt": "extract.v2"})
    comparison = compare([[port()], [other]], [[port()]])
    assert "The runs of A are of 2 set-ups" in render_summary(comparison)


# Against gold


def gold(of: Record) -> GoldArticle:
    return GoldArticle.model_validate_json(gold_line(of))


def test_a_floor_that_b_falls_under_is_told() -> None:
    """Both sides are scored against gold; a score of any run of B under its floor is named."""
    worse = port(claims=port().model_dump()["claims"][:1])
    report = against_floors([[port()]], [[port()], [worse]], [gold(port())], {"claims.f1": 0.9, "stances.f1": 0.9})
    assert report.missed == ["run 2 of B: claims.f1 is 0.6667; its floor is 0.9"]
    table = render_floors(report).splitlines()
    assert table[1].split() == ["claims.f1", "0.9", "1.000", "0.833", "under", "the", "floor"]
    assert table[2].split() == ["stances.f1", "0.9", "1.000", "1.000"]


# The page


class Page(HTMLParser):
    """What a browser finds: tags, attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def changed(change: Callable[[Claim], Claim]) -> Record:
    return port().model_copy(update={"claims": [change(each) for each in port().claims]})


def test_the_page_is_one_file_under_a_strict_policy() -> None:
    """Nothing is loaded and nothing runs: no script, no address but the articles' words, the style by its digest."""
    page = render_page(compare([[port()]], [[changed(lambda each: each.model_copy(update={"kind": "demand"}))]]))
    found = Page(page)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "link", "img", "iframe", "a", "object", "form"}
    assert not any(name in attributes for _, attributes in found.tags for name in ("src", "href", "style", "onclick"))
    (policy,) = (
        attributes["content"] for tag, attributes in found.tags if tag == "meta" and "http-equiv" in attributes
    )
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "@import" not in style
    assert "url(" not in style


def test_what_articles_say_is_escaped() -> None:
    """Markup in a statement, title, name or id is text on the page."""
    evil = "</style><script>alert(1)</script>\"'&lt;"
    after = changed(lambda each: each.model_copy(update={"statement": evil, "cue": evil}))
    after = after.model_copy(
        update={
            "article": after.article.model_copy(update={"title": evil}),
            "speakers": [each.model_copy(update={"name": evil, "role": evil}) for each in after.speakers],
        }
    )
    comparison = compare([[after]], [[port()]])
    found = Page(render_page(comparison, title=evil))
    assert not any(tag == "script" for tag, _ in found.tags)
    assert found.words.count("<script>alert(1)</script>") >= 5


def test_both_sides_stand_beside_each_other_with_the_words_marked() -> None:
    """The words that the other side has not are marked, each on its side."""
    after = changed(lambda each: each.model_copy(update={"statement": each.statement.replace("Trade", "Commerce")}))
    page = render_page(compare([[port()]], [[after]]))
    assert "<mark>Trade</mark> grew by 4% in 2024." in page
    assert "<mark>Commerce</mark> grew by 4% in 2024." in page
    assert page.count("<article class=") == 1


def test_a_page_with_several_runs_tells_change_from_noise() -> None:
    """The rates stand with their noise and verdict, and each item with the number of its runs."""
    page = Page(render_page(compare(runs("a", 2), runs("b", 2, shift=0.5)))).words
    assert "within noise" in page
    assert "a change" in page
    assert re.search(r"\d of 2 runs of A, \d of 2 of B", page)
    assert "No differences." in Page(render_page(compare([[port()]], [[port()]]))).words


@given(st.text(alphabet="ab \n", max_size=20), st.text(alphabet="ab \n", max_size=20))
def test_marked_pieces_are_the_text(one: str, other: str) -> None:
    """Nothing of either text is lost or added, and what is not marked stands on both sides."""
    left, right = marked(one, other)
    assert "".join(words for words, _ in left) == one
    assert "".join(words for words, _ in right) == other
    assert [w for words, new in left if not new for w in words.split()] == [
        w for words, new in right if not new for w in words.split()
    ]


def test_very_long_texts_are_not_compared_word_by_word() -> None:
    """They are marked as a whole, which takes no quadratic time."""
    one, other = "a " * 500, "b " * 500
    assert marked(one, other) == ([(one, True)], [(other, True)])
