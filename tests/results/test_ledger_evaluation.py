"""The measures of a ledger: B-cubed, relations, states, and the agreement of two annotators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigurationError
from extractor.results.ledger import agreement, evaluate_ledger, read_gold_threads
from extractor.results.ledger.gold import Accuracy, GoldThread, bcubed, kappa
from tests.support.stories import ALL, BRIDGE, ledger

RESULT = ledger(*ALL, as_of="2026-04-01")


def gold_of(*changes: dict[str, Any]) -> list[GoldThread]:
    """Gold that says what the ledger says, but for changes: {"thread": n, "step": n, field: value}."""
    threads = [
        {
            "id": f"g{number}",
            "steps": [
                {
                    "article": step.article.id,
                    "kind": step.kind,
                    "quote": step.quote.exact,
                    "text": step.text,
                    "relation": step.link and step.link.relation,
                    "changes": step.link.changes if step.link else [],
                }
                for step in thread.steps
            ],
            "states": [{"as_of": "2026-04-01", "state": thread.state.name}],
        }
        for number, thread in enumerate(RESULT.threads)
    ]
    for change in changes:
        thread: Any = threads[change.pop("thread")]
        (thread["steps"][change.pop("step")] if "step" in change else thread).update(change)
    return [GoldThread.model_validate(thread) for thread in threads]


def test_bcubed_of_a_known_example() -> None:
    """Seven items in two true threads of 5 and 2, told as 3 and 4: the shares were worked out by hand."""
    gold = dict(zip("abcdefg", "1111122", strict=True))
    told = dict(zip("abcdefg", "xxxyyyy", strict=True))
    score = bcubed(told, gold)
    # precision: a, b, c 3/3; d, e 2/4; f, g 2/4. recall: a, b, c 3/5; d, e 2/5; f, g 2/2.
    assert score.precision == pytest.approx((3 * 1 + 4 * 0.5) / 7)
    assert score.recall == pytest.approx((3 * 0.6 + 2 * 0.4 + 2) / 7)
    assert score.f1 == pytest.approx(2 * score.precision * score.recall / (score.precision + score.recall))


def test_bcubed_at_its_ends() -> None:
    """The same partition scores 1; all apart has full precision, all in one full recall; nothing in common is 0."""
    gold = {"a": 1, "b": 1, "c": 2}
    assert bcubed(gold, gold).f1 == 1
    apart, one = bcubed({"a": 1, "b": 2, "c": 3}, gold), bcubed({"a": 1, "b": 1, "c": 1}, gold)
    assert (apart.precision, round(apart.recall, 3)) == (1, 0.667)
    assert (round(one.precision, 3), one.recall) == (0.556, 1)
    assert bcubed({}, gold).f1 == 0


def test_a_ledger_against_itself() -> None:
    """What agrees in all scores in full."""
    report = evaluate_ledger(RESULT.threads, gold_of())
    assert report.threads.f1 == 1
    assert report.relations == Accuracy(4, 4)
    assert report.changes == Accuracy(2, 2)
    assert report.states == Accuracy(2, 2)
    assert (report.commitments, report.found, report.spurious) == (4, 4, 0)


def test_wrong_relations_and_states() -> None:
    """Each wrong relation, change and state is counted where it is wrong, and only there."""
    gold = gold_of(
        {"thread": 0, "step": 1, "changes": ["later"]},
        {"thread": 0, "step": 3, "relation": "abandoned"},
        {"thread": 1, "states": [{"as_of": "2026-04-01", "state": "fulfilled"}]},
    )
    report = evaluate_ledger(RESULT.threads, gold)
    assert (report.relations, report.changes, report.states) == (Accuracy(3, 4), Accuracy(1, 2), Accuracy(1, 2))
    assert report.confusion == {("fulfilled", "fulfilled"): 1, ("fulfilled", "partly"): 1}
    assert report.threads.f1 == 1


def test_states_on_other_days() -> None:
    """Gold may tell a thread's state on any day; the ledger's is told for the same day."""
    days = [("2023-06-01", "upcoming"), ("2025-02-01", "upcoming"), ("2025-02-09", "due")]
    gold = gold_of(
        {"thread": 0, "states": [{"as_of": day, "state": state} for day, state in days]}, {"thread": 1, "states": []}
    )
    report = evaluate_ledger(RESULT.threads, gold)
    assert report.confusion == {("due", "upcoming"): 1, ("upcoming", "upcoming"): 2}


def test_what_was_not_found_and_what_is_too_much() -> None:
    """A gold commitment that the ledger lacks stands alone, and its relation is wrong; extra ones are counted apart."""
    report = evaluate_ledger(
        RESULT.threads, gold_of({"thread": 0, "step": 1, "quote": "Nothing of the kind was said."})
    )
    assert (report.commitments, report.found, report.spurious) == (4, 3, 1)
    assert report.relations == Accuracy(3, 4)
    assert report.threads.precision == 1
    assert report.threads.recall == pytest.approx((2 * 2 / 3 + 1 / 3 + 1) / 4)


def test_steps_are_paired_one_to_one() -> None:
    """Two commitments of one passage are told apart by their words."""
    gold = gold_of()
    both = BRIDGE.article.text
    steps = [gold[n].steps[0].model_copy(update={"quote": both}) for n in (0, 1)]
    gold[0] = gold[0].model_copy(update={"steps": [steps[0], *gold[0].steps[1:]]})
    gold[1] = gold[1].model_copy(update={"steps": [steps[1], *gold[1].steps[1:]]})
    assert evaluate_ledger(RESULT.threads, gold).threads.f1 == 1


def test_agreement() -> None:
    """Two annotations are compared thread by thread, relation by relation, state by state."""
    one = gold_of()
    assert agreement(one, one).threads == 1
    assert agreement(one, one).relations_kappa == 1
    other = gold_of(
        {"thread": 0, "step": 3, "relation": "partly_fulfilled"},
        {"thread": 0, "states": [{"as_of": "2026-04-01", "state": "partly"}]},
    )
    told = agreement(one, other)
    assert (told.relations, told.states) == (Accuracy(5, 6), Accuracy(1, 2))
    assert told.relations_kappa == pytest.approx((5 / 6 - 10 / 36) / (1 - 10 / 36))
    assert told.states_kappa == 0


def test_kappa() -> None:
    """Cohen's kappa takes off what chance would agree on; where chance agrees on all there is none."""
    assert kappa([("a", "a"), ("b", "b")]) == 1
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0
    assert kappa([("a", "a")]) is None
    assert kappa([]) is None


def test_gold_files(tmp_path: Path) -> None:
    """Gold is read line by line; a line that is none is told with its number."""
    file = tmp_path / "gold.jsonl"
    file.write_text("".join(thread.model_dump_json() + "\n" for thread in gold_of()), "utf-8")
    assert read_gold_threads(file) == gold_of()
    file.write_text(json.dumps({"id": "g1"}) + "\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"gold\.jsonl:1: steps"):
        read_gold_threads(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_gold_threads(tmp_path / "none.jsonl")
