"""Evaluation: a run's records against gold readings."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigurationError
from extractor.results.evaluation import (
    GoldArticle,
    Report,
    evaluate,
    read_floors,
    read_gold,
    render_articles,
    render_problems,
    render_table,
    shortfalls,
)
from extractor.results.evaluation.assignment import best_assignment
from extractor.results.evaluation.scores import LESS_IS_BETTER, SCORES
from extractor.schema.reading import Reading
from extractor.schema.record import Record
from extractor.text.names import Source, same_source

GOLD = Path(__file__).parents[1] / "gold"
LAYERS = ("claims", "stances", "commitments")


def record_of(article: GoldArticle, **changes: Any) -> Record:
    """The record that a perfect reader would write: the gold reading, each quote where it first stands in the text."""

    def placed(layer: str, index: int, item: dict[str, Any]) -> dict[str, Any]:
        start = article.text.index(item["quote"])
        end = start + len(item["quote"])
        quote = {"exact": item["quote"], "prefix": "", "suffix": "", "start": start, "end": end, "match": "exact"}
        when = {"when": item["when"] and item["when"] | {"span": None, "basis": "model"}} if "when" in item else {}
        return item | when | {"id": f"{layer}{index}", "quote": quote}

    reading = article.reading.model_dump()
    layers = {layer: [placed(layer, i, item) for i, item in enumerate(reading[layer])] for layer in LAYERS}
    head = {"id": article.id, "source": None, "title": None, "published": article.published, "language": "en"}
    run = {"model": "gold", "prompt": "none", "prompt_sha256": "", "extractor": "0"}
    return Record.model_validate(
        {
            "schema_version": "1",
            "article": head | {"sha256": "", "text": article.text},
            "speakers": reading["speakers"],
            **layers,
            "unplaced": [],
            "checks": [],
            "run": run | {"attempts": 1, "input_tokens": 0, "output_tokens": 0},
            **changes,
        }
    )


def changed(record: Record, layer: str, change: Callable[[list[Any]], list[Any]]) -> Record:
    """The record with another list of items in one layer."""
    return record.model_copy(update={layer: change(list(getattr(record, layer)))})


def moved(item: Any, text: str, start: int) -> Any:
    """The item with a quote of the same length that starts elsewhere in the text."""
    end = start + len(item.quote.exact)
    return item.model_copy(
        update={"quote": item.quote.model_copy(update={"start": start, "end": end, "exact": text[start:end]})}
    )


def read(
    text: str,
    *,
    claims: Sequence[tuple[str, str]] = (),
    stances: Sequence[tuple[str, str]] = (),
    commitments: Sequence[tuple[str, str]] = (),
    speaker: str = "Ann Lee",
    name: str = "a1",
) -> GoldArticle:
    """A gold article with items of one speaker, each a quote and its statement, target or action."""
    reading = {
        "speakers": [{"id": "s1", "name": speaker, "role": None, "affiliation": None, "kind": "person"}],
        "claims": [
            {
                "quote": quote,
                "statement": words,
                "cue": None,
                "speaker": "s1",
                "via": [],
                "delivery": "indirect",
                "kind": "fact",
            }
            for quote, words in claims
        ],
        "stances": [
            {"quote": quote, "target": words, "speaker": "s1", "position": "support"} for quote, words in stances
        ],
        "commitments": [
            {
                "quote": quote,
                "action": words,
                "speaker": "s1",
                "actors": [],
                "firmness": "pledged",
                "condition": None,
                "when": None,
            }
            for quote, words in commitments
        ],
    }
    return GoldArticle(id=name, text=text, published=dt.date(2025, 1, 1), reading=Reading.model_validate(reading))


def values(report: Report, *names: str) -> list[float | None]:
    return [report.scores[name].value for name in names]


@pytest.fixture(scope="module")
def gold() -> list[GoldArticle]:
    return read_gold(GOLD / "seeds.jsonl") + read_gold(GOLD / "dev.jsonl")


@pytest.fixture(scope="module")
def perfect(gold: list[GoldArticle]) -> list[Record]:
    return [record_of(article) for article in gold]


# The whole of it, on the reference annotations


def test_gold_against_itself_is_right_everywhere(gold: list[GoldArticle], perfect: list[Record]) -> None:
    """The reference annotations, scored against themselves, are right in every score and leave no problem."""
    report = evaluate(perfect, gold)
    assert {name: score.value for name, score in report.scores.items()} == {
        name: 0.0 if name in LESS_IS_BETTER else 1.0 for name in SCORES
    }
    assert {(score.low, score.high) for name, score in report.scores.items() if name not in LESS_IS_BETTER} == {
        (1.0, 1.0)
    }
    totals = {name: report.scores[f"{name}.recall"].total for name in ("speakers", *LAYERS)}
    assert totals == {"speakers": 54, "claims": 147, "stances": 65, "commitments": 68}
    assert report.scores["commitments.when"].total == 39
    assert [problem for article in report.articles for problem in article.problems] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_deleted_items_lower_recall_alone_and_exactly(
    layer: str, gold: list[GoldArticle], perfect: list[Record]
) -> None:
    """Without every second item of a layer, its recall is the share that is left and its precision still 1."""
    report = evaluate([changed(record, layer, lambda items: items[::2]) for record in perfect], gold, bootstrap=0)
    total = sum(len(getattr(article.reading, layer)) for article in gold)
    kept = sum((len(getattr(article.reading, layer)) + 1) // 2 for article in gold)
    assert kept < total
    assert values(report, f"{layer}.precision", f"{layer}.recall", f"{layer}.f1") == [
        1.0,
        kept / total,
        2 * kept / (kept + total),
    ]
    assert {values(report, f"{other}.f1")[0] for other in LAYERS if other != layer} == {1.0}


@pytest.mark.parametrize("layer", LAYERS)
def test_items_told_twice_lower_precision_alone_and_exactly(
    layer: str, gold: list[GoldArticle], perfect: list[Record]
) -> None:
    """With every item of a layer twice, its precision is one half and its recall still 1."""
    report = evaluate([changed(record, layer, lambda items: items + items) for record in perfect], gold, bootstrap=0)
    assert values(report, f"{layer}.precision", f"{layer}.recall", f"{layer}.f1") == [0.5, 1.0, 2 / 3]


def test_order_and_ids_change_nothing(gold: list[GoldArticle], perfect: list[Record]) -> None:
    """Shuffled articles, items and speakers with other ids give the same report, intervals and problems included."""
    draws = random.Random(7)
    flawed = [changed(record, "claims", lambda items: items[1:] + items[2:6]) for record in perfect]

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(each) for key, each in value.items()}
        if isinstance(value, list):
            items = [renamed(each) for each in value]
            return draws.sample(items, len(items)) if items and isinstance(items[0], dict) else items
        return f"x{value}" if isinstance(value, str) and value[:1] == "s" and value[1:].isdigit() else value

    mixed = [Record.model_validate(renamed(record.model_dump())) for record in draws.sample(flawed, len(flawed))]
    assert mixed != flawed
    assert evaluate(mixed, gold) == evaluate(flawed, gold)
    backwards = evaluate(mixed, gold[::-1])
    assert backwards.scores == evaluate(flawed, gold).scores


def test_items_at_other_places_do_not_count(gold: list[GoldArticle], perfect: list[Record]) -> None:
    """Claims and commitments at places drawn by chance find few gold items, although their words are right."""
    draws = random.Random(3)

    def scattered(record: Record, layer: str) -> Record:
        text = record.article.text
        return changed(
            record,
            layer,
            lambda items: [moved(i, text, draws.randrange(len(text) - len(i.quote.exact))) for i in items],
        )

    for layer in ("claims", "commitments"):
        report = evaluate([scattered(record, layer) for record in perfect], gold, bootstrap=0)
        value = report.scores[f"{layer}.f1"].value
        assert value is not None
        assert value < 0.25


def test_gold_without_record_counts_as_missed_by_name(gold: list[GoldArticle], perfect: list[Record]) -> None:
    """An article that the run lacks is named, and all its items are missed."""
    report = evaluate(perfect[1:], gold, bootstrap=0)
    first = len(gold[0].reading.claims)
    assert report.missing == [gold[0].id]
    assert values(report, "claims.precision", "claims.recall") == [1.0, (147 - first) / 147]
    assert f"No record, all items missed: {gold[0].id}." in render_table(report)


def test_records_without_gold_are_left_out(gold: list[GoldArticle], perfect: list[Record]) -> None:
    """Records of other articles are counted and change no score."""
    report = evaluate(perfect, gold[:3], bootstrap=0)
    assert report.ignored == 11
    assert values(report, "claims.precision", "claims.recall") == [1.0, 1.0]
    assert "Records of articles without gold, not scored: 11." in render_table(report)


# What a pair is scored on


@pytest.fixture
def one() -> GoldArticle:
    """A relayed claim, a stance, a dated commitment and an undated one."""
    text = "The ministry said Ann Lee said trade grew. She backs the port. Her state will open it in 2026. It will pay."
    speakers = [
        {"id": "s1", "name": "Ann Lee", "role": None, "affiliation": None, "kind": "person"},
        {"id": "s2", "name": "the ministry", "role": None, "affiliation": None, "kind": "organization"},
    ]
    when = {"expression": "in 2026", "edtf": "2026", "earliest": "2026-01-01", "latest": "2026-12-31"}
    deed = {"speaker": "s1", "actors": ["Norland", "Port Authority"], "firmness": "pledged", "condition": None}
    reading = {
        "speakers": speakers,
        "claims": [
            {
                "quote": "trade grew",
                "statement": "Trade grew.",
                "cue": "said",
                "speaker": "s1",
                "via": ["s2"],
                "delivery": "indirect",
                "kind": "fact",
            }
        ],
        "stances": [{"quote": "She backs the port", "target": "the port", "speaker": "s1", "position": "support"}],
        "commitments": [
            {"quote": "Her state will open it in 2026", "action": "open the port", "when": when} | deed,
            {"quote": "It will pay", "action": "pay for the port", "when": None} | deed,
        ],
    }
    return GoldArticle(id="a1", text=text, published=dt.date(2025, 1, 1), reading=Reading.model_validate(reading))


BASIS = "model"
WRONG: dict[str, tuple[str, int, dict[str, Any], float]] = {
    "claims.speaker": ("claims", 0, {"speaker": "s2"}, 0.0),
    "claims.via": ("claims", 0, {"via": []}, 0.0),
    "claims.via_relayed": ("claims", 0, {"via": ["s2", "s2"]}, 0.0),
    "claims.kind": ("claims", 0, {"kind": "opinion"}, 0.0),
    "claims.delivery": ("claims", 0, {"delivery": "direct"}, 0.0),
    "stances.position": ("stances", 0, {"position": "oppose"}, 0.0),
    "commitments.speaker": ("commitments", 0, {"speaker": None}, 0.5),
    "commitments.firmness": ("commitments", 1, {"firmness": "hoped"}, 0.5),
    "commitments.actors": ("commitments", 0, {"actors": ["Norland", "Sudland"]}, (1 / 3 + 1) / 2),
    "commitments.when": ("commitments", 0, {"when": None}, 0.0),
    "commitments.when_lost": ("commitments", 0, {"when": None}, 1.0),
    "commitments.when_invented": (
        "commitments",
        1,
        {
            "when": {
                "expression": "x",
                "span": None,
                "edtf": None,
                "earliest": None,
                "latest": "2026-01-01",
                "basis": BASIS,
            }
        },
        1.0,
    ),
}

TOGETHER = ({"claims.via", "claims.via_relayed"}, {"commitments.when", "commitments.when_lost"})


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_field_lowers_its_own_score(name: str, one: GoldArticle) -> None:
    """A pair that differs in one field stays a pair, and the score of that field says how often it is right."""
    layer, index, change, expected = WRONG[name]
    record = record_of(one).model_dump()
    record[layer][index] |= change
    report = evaluate([Record.model_validate(record)], [one])
    assert report.scores[name].value == pytest.approx(expected)
    assert {report.scores[f"{each}.f1"].value for each in LAYERS} == {1.0}
    perfect = evaluate([record_of(one)], [one])
    assert perfect.scores[name].value == (0.0 if name in LESS_IS_BETTER else 1.0)
    differing = {each for each in SCORES if report.scores[each].value != perfect.scores[each].value}
    assert differing == next((pair for pair in TOGETHER if name in pair), {name})
    [problem] = report.articles[0].problems
    assert (problem.layer, problem.fault) == (layer, "wrong")


@pytest.mark.parametrize(
    ("days", "right"),
    [
        (("2026-01-01", "2026-12-31"), 1.0),
        (("2026-01-01", None), 0.0),
        (("2026-01-01", "2026-12-30"), 0.0),
        (("2026-01-02", "2026-12-31"), 0.0),
    ],
)
def test_a_date_is_right_if_both_its_ends_are(days: tuple[str, str | None], right: float, one: GoldArticle) -> None:
    """An interval counts only with both ends as in the gold; the expression and the EDTF string are not asked for."""
    record = record_of(one).model_dump()
    record["commitments"][0]["when"] |= {"earliest": days[0], "latest": days[1], "edtf": None, "expression": "2026"}
    report = evaluate([Record.model_validate(record)], [one])
    assert values(report, "commitments.when", "commitments.when_lost") == [right, 0.0]


def test_a_speaker_of_the_wrong_kind_is_found_and_named(one: GoldArticle) -> None:
    """Organization for ministry is right by name and wrong by kind only if the gold says otherwise."""
    record = record_of(one).model_dump()
    record["speakers"][1]["kind"] = "group"
    report = evaluate([Record.model_validate(record)], [one])
    assert values(report, "speakers.f1", "speakers.kind") == [1.0, 0.5]
    assert "speakers\n  wrong     kind: gold organization, found group\n" in render_problems(report)


def test_a_reference_to_nobody_is_no_speaker(one: GoldArticle) -> None:
    """A claim whose speaker id is not in the list has a wrong speaker."""
    record = record_of(one).model_dump()
    record["claims"][0]["speaker"] = "s9"
    assert values(evaluate([Record.model_validate(record)], [one]), "claims.speaker") == [0.0]


# What may be paired

PORT = "Lee said that the port, which opened in May, earns money, and that the city will grow."
OPENED = ("the port, which opened in May", "The port opened in May.")
EARNS = ("the port, which opened in May, earns money", "The port earns money.")


def score(gold: GoldArticle, found: GoldArticle, layer: str = "claims") -> tuple[float, float, float]:
    """Pairs, predicted items and gold items of a layer."""
    scores = evaluate([record_of(found)], [gold]).scores
    return scores[f"{layer}.precision"].right, scores[f"{layer}.precision"].total, scores[f"{layer}.recall"].total


def test_items_of_one_passage_are_told_apart_by_their_words() -> None:
    """Where two gold claims share a passage, each prediction answers the one that says the same."""
    gold = read(PORT, claims=[OPENED, EARNS])
    for found in ([EARNS], [OPENED]):
        report = evaluate([record_of(read(PORT, claims=found))], [gold])
        [missed] = report.articles[0].problems
        assert missed.fault == "missed"
        assert missed.gold is not None
        assert missed.gold.text != found[0][1]


def test_a_whole_sentence_answers_one_claim_and_covers_all() -> None:
    """A prediction that swallows two gold claims is one pair; `covered` says that both passages were seen."""
    gold = read(PORT, claims=[OPENED, ("the city will grow", "The city will grow.")])
    whole = read(PORT, claims=[(PORT, "The port opened in May and the city will grow.")])
    assert score(gold, whole) == (1, 1, 2)
    assert evaluate([record_of(whole)], [gold]).scores["claims.covered"].value == 1.0


@pytest.mark.parametrize(
    ("quote", "statement", "pairs"),
    [
        ("the port, which opened in May, earns money", "Revenue is positive.", 1),  # the same passage in other words
        ("the port, which opened in May, earns money, and", "Revenue is positive.", 1),  # four fifths and more of it
        ("earns money, and that the city will grow", "The port earns money.", 0),  # less than half of the shorter
        ("earns money", "Revenue is positive.", 0),  # inside it, but a quarter of it and in other words
        ("earns money", "The port earns money.", 1),  # inside it, in the same words
        (PORT, "The city is to grow.", 0),  # around it, but about something else
        ("the city will grow", "The port earns money.", 0),  # the same words at another place
    ],
)
def test_a_pair_shares_a_passage_and_says_the_same(quote: str, statement: str, pairs: int) -> None:
    """Claims pair if they share half of the shorter passage and either its words or nearly all of the longer one."""
    assert score(read(PORT, claims=[EARNS]), read(PORT, claims=[(quote, statement)])) == (pairs, 1, 1)


def test_the_headline_answers_for_the_first_paragraph() -> None:
    """Two tellings in nearly the same words are the same item, whichever gold quotes; other words elsewhere are not."""
    text = (
        "Norland will open two ports\n\nANTON - Norland will open its two ports, Lee says. Norland will tax its ships."
    )
    gold = read(text, commitments=[("Norland will open its two ports", "open its two ports")])
    headline = read(text, commitments=[("Norland will open two ports", "open two ports")])
    other = read(text, commitments=[("Norland will tax its ships", "open two ports")])
    assert score(gold, headline, "commitments") == (1, 1, 1)
    assert score(gold, other, "commitments") == (0, 1, 1)


def test_a_gold_quote_is_right_at_each_of_its_places() -> None:
    """Gold names no place, so that a prediction may take any passage with the words of the quote."""
    text = "Trade grew. Nobody knew. Trade grew."
    gold = read(text, claims=[("Trade grew", "Trade grew.")])
    record = record_of(gold)
    last = changed(record, "claims", lambda items: [moved(items[0], text, text.rindex("Trade"))])
    report = evaluate([last], [gold])
    assert values(report, "claims.f1", "claims.covered") == [1.0, 1.0]


@pytest.mark.parametrize(
    ("speaker", "quote", "target", "pairs"),
    [
        ("Lee", "the port, which opened in May", "harbour", 1),  # same speaker, overlapping passage
        ("Ann Lee", "the city will grow", "the new port of the city", 1),  # same speaker and target elsewhere
        ("Ann Lee", "the city will grow", "the growth of the city", 0),  # same speaker, another target elsewhere
        ("Bo Ray", "the port, which opened in May", "the new port of the city", 0),  # another speaker
    ],
)
def test_a_stance_pairs_by_speaker_and_by_passage_or_target(speaker: str, quote: str, target: str, pairs: int) -> None:
    """A stance answers one of the same speaker at the same passage, or toward the same target."""
    gold = read(PORT, stances=[("the port, which opened in May, earns money", "new port of the city")])
    assert score(gold, read(PORT, stances=[(quote, target)], speaker=speaker), "stances") == (pairs, 1, 1)


def test_the_speaker_decides_between_equals() -> None:
    """Of two predictions with the same passage and words, the one with the gold's speaker is paired."""
    gold = read(PORT, claims=[EARNS])
    record = record_of(gold).model_dump()
    record["speakers"].insert(0, {"id": "s0", "name": "Aaron Aal", "role": None, "affiliation": None, "kind": "person"})
    record["claims"].insert(0, record["claims"][0] | {"id": "c0", "speaker": "s0"})
    report = evaluate([Record.model_validate(record)], [gold])
    assert values(report, "claims.precision", "claims.speaker") == [0.5, 1.0]


# Names

SAME = [
    ("Albert P. Khorev", "Albert Khorev", "person", "person"),
    ("Vladimir Putin", "President Putin", "person", "person"),
    ("Vladimir Putin", "V. Putin", "person", "person"),
    ("a senior official", "the senior official", "unnamed", "unnamed"),
    ("Jarosław Kaczyński", "Jaroslaw Kaczynski", "person", "person"),
    ("Abdel Fattah el-Sisi", "Abdel Fattah El Sisi", "person", "person"),
    ("Syrian Democratic Forces (SDF)", "SDF", "organization", "group"),
    ("North Atlantic Treaty Organization", "NATO", "organization", "organization"),
    ("United States", "the U.S.", "organization", "organization"),
    ("Foreign Ministry of Russia", "the Foreign Ministry", "organization", "organization"),
    ("unnamed industry experts", "industry experts", "unnamed", "group"),
    ("Bolsonaro’s critics", "Bolsonaro's critics", "group", "group"),
    ("Vladimir Putin and Saparmurat Niyazov", "Niyazov and Putin", "group", "group"),
    ("Presidents Putin, Xi and Berdimuhamedov", "Xi, Berdimuhamedov and Putin", "group", "group"),
    ("Law and Justice Party", "Law and Justice", "organization", "organization"),
]
DIFFERENT = [
    ("Bolsonaro", "Bolsonaro's critics", "person", "group"),
    ("Bolsonaro", "Bolsonaro's critics", "person", "person"),
    ("Russia", "Ambassador of Russia", "organization", "person"),
    ("Russia", "Foreign Ministry of Russia", "organization", "organization"),
    ("Turkey", "Turkey's Foreign Ministry", "organization", "organization"),
    ("United States", "United States and Turkey", "organization", "group"),
    ("Vladimir Putin", "Vladimir Putin and Saparmurat Niyazov", "person", "group"),
    ("Vladimir Putin and Saparmurat Niyazov", "Vladimir Putin and Vladimir Zelensky", "group", "group"),
    ("agreement on gas cooperation", "agreement on security cooperation", "document", "document"),
    ("President's Office", "Prime Minister's Office", "organization", "organization"),
    ("Angela Merkel", "Emmanuel Macron", "person", "person"),
    ("A. Merkel", "B. Merkel", "person", "person"),
    ("", "", "person", "person"),
]


@pytest.mark.parametrize(("one_name", "other", "kind", "other_kind"), SAME)
def test_names_of_the_same_source(one_name: str, other: str, kind: str, other_kind: str) -> None:
    """Shorter forms, titles, accents, initials and acronyms of a name mean the same source, either way round."""
    assert same_source(Source(one_name, kind), Source(other, other_kind))
    assert same_source(Source(other, other_kind), Source(one_name, kind))


@pytest.mark.parametrize(("one_name", "other", "kind", "other_kind"), DIFFERENT)
def test_names_of_different_sources(one_name: str, other: str, kind: str, other_kind: str) -> None:
    """A name inside another's is not enough: owners, parties and parts are different sources, either way round."""
    assert not same_source(Source(one_name, kind), Source(other, other_kind))
    assert not same_source(Source(other, other_kind), Source(one_name, kind))


# Assignment and intervals


def test_the_assignment_is_the_best_of_all() -> None:
    """On small random graphs, no other one-to-one choice weighs more."""
    draws = random.Random(11)
    for _ in range(300):
        rows, columns = draws.randint(1, 5), draws.randint(1, 5)
        edges = itertools.product(range(rows), range(columns))
        weights = {edge: draws.randint(1, 12) for edge in edges if draws.random() < 0.7}
        chosen = best_assignment(weights)
        assert len({row for row, _ in chosen}) == len({column for _, column in chosen}) == len(chosen)
        best = max(
            sum(weights.get(edge, 0) for edge in zip(order, range(columns), strict=False))
            for order in itertools.permutations(range(max(rows, columns)))
        )
        assert sum(weights[edge] for edge in chosen) == best


def test_one_strong_pair_is_preferred_to_two_weak_ones() -> None:
    """A pair that would weigh less together with another than the strong one alone is not made."""
    assert best_assignment({(0, 0): 9, (0, 1): 4, (1, 0): 4}) == [(0, 0)]
    assert best_assignment({(0, 0): 7, (0, 1): 4, (1, 0): 4}) == [(0, 1), (1, 0)]
    assert best_assignment({}) == []


def test_intervals_are_those_of_the_articles_and_repeatable() -> None:
    """Of two articles, one found and one missed, resamples span all from none to both; the seed fixes them."""
    both = [read(PORT, claims=[EARNS], name="a1"), read(PORT, claims=[EARNS], name="a2")]
    report = evaluate([record_of(both[0])], both)
    recall = report.scores["claims.recall"]
    assert (recall.value, recall.low, recall.high) == (0.5, 0.0, 1.0)
    assert report.scores["claims.precision"].low == 1.0
    assert evaluate([record_of(both[0])], both) == report
    few = [evaluate([record_of(both[0])], both, bootstrap=20, seed=seed).scores["claims.f1"] for seed in range(9)]
    assert {score.value for score in few} == {2 / 3}
    many = [read(PORT, claims=[EARNS] * (1 + i % 3), name=f"a{i}") for i in range(12)]
    found = [record_of(read(PORT, claims=[EARNS], name=article.id)) for article in many]
    spreads = {evaluate(found, many, bootstrap=40, seed=seed).scores["claims.recall"].low for seed in range(9)}
    assert len(spreads) > 1


def test_no_interval_from_one_article_or_without_resamples(one: GoldArticle, gold: list[GoldArticle]) -> None:
    """An interval over articles needs articles to draw from, and draws."""
    alone = evaluate([record_of(one)], [one]).scores["claims.f1"]
    undrawn = evaluate([], gold, bootstrap=0).scores["claims.f1"]
    assert (alone.value, alone.low, alone.high) == (1.0, None, None)
    assert (undrawn.value, undrawn.low, undrawn.high) == (0.0, None, None)


def test_a_score_of_nothing_is_none() -> None:
    """Without gold stances and without predicted ones there is nothing to be right about."""
    article = read(PORT, claims=[EARNS])
    report = evaluate([record_of(article)], [article])
    assert values(report, "stances.precision", "stances.recall", "stances.f1", "stances.position") == [None] * 4
    assert evaluate([], [article]).scores["claims.precision"].value is None


# What cannot be evaluated


def test_a_record_of_another_text_is_refused(one: GoldArticle) -> None:
    """Offsets into another text mean nothing, so the article is named; white space at the end does no harm."""
    record = record_of(one)
    other = record.article.model_copy(update={"text": record.article.text + "\n"})
    assert values(evaluate([record.model_copy(update={"article": other})], [one]), "claims.f1") == [1.0]
    other = record.article.model_copy(update={"text": record.article.text + " More."})
    with pytest.raises(ConfigurationError, match="article a1: the record was made from another text") as error:
        evaluate([record.model_copy(update={"article": other})], [one])
    assert "Run the extractor on the gold file itself" in error.value.hint


def test_two_of_the_same_article_are_refused(one: GoldArticle) -> None:
    """An article stands once in the gold and once in the run."""
    with pytest.raises(ConfigurationError, match="two records of article a1"):
        evaluate([record_of(one), record_of(one)], [one])
    with pytest.raises(ConfigurationError, match="gold article a1 stands twice"):
        evaluate([], [one, one.model_copy()])


def test_a_gold_quote_that_is_not_in_the_text_is_refused() -> None:
    """Gold quotes are verbatim; one that is not is named with its article."""
    with pytest.raises(ConfigurationError, match="gold article a1: its text does not hold the quote 'The port closed'"):
        evaluate([], [read(PORT, claims=[("The port closed", "The port closed.")])])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": "a", "text": "b", "published": null}\n', "1 is no gold article: reading: Field required"),
        ("\n{broken\n", "2 is no gold article: line: Invalid JSON"),
        ("\n", "holds no article"),
    ],
)
def test_a_line_that_is_no_gold_is_refused(content: str, message: str, tmp_path: Path) -> None:
    """The message says which line it is and what it lacks."""
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_gold(path)


def test_a_missing_gold_file_is_refused(tmp_path: Path) -> None:
    """A path without a file is said plainly."""
    with pytest.raises(ConfigurationError, match=r"none\.jsonl cannot be read: No such file"):
        read_gold(tmp_path / "none.jsonl")


def test_the_guide_shows_valid_gold_and_names_every_score() -> None:
    """The example in docs/evaluation.md is a gold article without fault, and each score stands in its table."""
    guide = (GOLD.parents[1] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    example = guide.partition("```json\n")[2].partition("```")[0]
    article = GoldArticle.model_validate(json.loads(example))
    assert values(evaluate([record_of(article)], [article]), "commitments.f1", "commitments.when") == [1.0, 1.0]
    assert [name for name in SCORES if f"`{name}`" not in guide and f"`{name.partition('.')[2]}`" not in guide] == []


# Floors


def test_scores_under_their_floor_are_named(one: GoldArticle) -> None:
    """A score below its floor and one that could not be measured are named; one at its floor is not."""
    record = record_of(one).model_dump()
    record["commitments"] = record["commitments"][:1]
    report = evaluate([Record.model_validate(record)], [one])
    assert shortfalls(report, {"claims.f1": 1.0, "commitments.recall": 0.5}) == []
    assert shortfalls(report, {"commitments.f1": 0.85}) == ["commitments.f1 is 0.6667; its floor is 0.85"]
    empty = evaluate([], [read(PORT, claims=[EARNS])])
    assert shortfalls(empty, {"claims.speaker": 0.9}) == ["claims.speaker could not be measured; its floor is 0.9"]


def test_the_projects_floors_are_readable() -> None:
    """The floor file kept beside the gold names known scores."""
    assert read_floors(GOLD / "floors.json").keys() >= {"claims.f1", "stances.f1", "commitments.f1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"claims.f2": 0.9}', "no such score: claims.f2"),
        ('{"commitments.when_lost": 0.1}', "no such score: commitments.when_lost"),
        ('{"claims.f1": 90}', "claims.f1: 90 is no number from 0 to 1"),
        ('{"claims.f1": true}', "claims.f1: True is no number from 0 to 1"),
        ('["claims.f1"]', "holds no JSON object"),
        ("{", "is no JSON"),
    ],
)
def test_a_floor_file_that_makes_no_sense_is_refused(content: str, message: str, tmp_path: Path) -> None:
    """A mistyped floor would guard nothing, so it is an error."""
    path = tmp_path / "floors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_floors(path)


# In words


def test_the_table_shows_scores_with_the_counts_behind_them(one: GoldArticle) -> None:
    """Each line gives the score, its interval where there is one, and right of total."""
    record = record_of(one).model_dump()
    record["commitments"] = record["commitments"][:1]
    lines = render_table(evaluate([Record.model_validate(record)], [one])).splitlines()
    at = lines.index("commitments")
    assert lines[at + 1].split() == ["precision", "1.000", "1", "/", "1"]
    assert lines[at + 2].split() == ["recall", "0.500", "1", "/", "2"]
    assert lines[at + 9].split() == ["when_lost", "0.000", "0", "/", "1", "less", "is", "better"]
    assert lines[-1] == "Gold articles: 1. Resamples for the intervals: 1000 (seed 0)."


def test_problems_stand_side_by_side() -> None:
    """Missed, spurious and wrong items are shown with their passages, pairs with both sides and what differs."""
    gold = read(PORT, claims=[EARNS, ("the city will grow", "The city will grow.")])
    record = record_of(read(PORT, claims=[EARNS, ("Lee said", "Lee spoke.")])).model_dump()
    record["claims"][0]["kind"] = "opinion"
    report = evaluate([Record.model_validate(record)], [gold])
    assert render_problems(report) == (
        "== a1\n"
        "claims\n"
        "  missed    Ann Lee: The city will grow.\n"
        "            [67:85] “the city will grow”\n"
        "  spurious  Ann Lee: Lee spoke.\n"
        "            [0:8] “Lee said”\n"
        "  wrong     kind: gold fact, found opinion\n"
        "            gold  Ann Lee: The port earns money.\n"
        "                  [14:56] “the port, which opened in May, earns money”\n"
        "            found Ann Lee: The port earns money.\n"
        "                  [14:56] “the port, which opened in May, earns money”\n"
    )
    assert render_articles(report).splitlines()[1].split() == ["a1", "1.000", "0.500", "–", "–", "3"]
    assert render_problems(evaluate([record_of(gold)], [gold])) == "No differences.\n"


def test_json_holds_what_is_asked_for(one: GoldArticle) -> None:
    """Scores of articles and problems are in the JSON only where they are wanted; the report can be read back."""
    report = evaluate([], [one])
    assert Report.model_validate_json(report.to_json()) == report
    short = report.to_json(per_article=False, errors=False)
    assert '"claims.f1"' in short
    assert '"problems"' not in short
    assert short.count('"scores"') == 1
