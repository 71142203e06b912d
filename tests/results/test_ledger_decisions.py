"""People's decisions about threads: they win, they last, and they can be taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError, OutputMismatch
from extractor.results import ledger as ledgers
from extractor.results.ledger import Directory, Earlier, Ledger, by_rules, finish, plan
from extractor.results.ledger.decisions import find, merging, rating, splitting, state_named
from extractor.schema.ledger import Decision
from extractor.schema.record import Record
from tests.support.stories import ALL, BRIDGE, DELAY, FERRIES, SECOND_DELAY, holding, ledger, relations

DAY = dt.date(2025, 7, 20)


def decided(*decisions: Decision, records: tuple[Record, ...] = ALL, as_of: dt.date = DAY) -> Ledger:
    planned = plan(records, Directory())
    return finish(planned, by_rules(planned), as_of, decisions=decisions)


def test_merge() -> None:
    """Two threads that a person merges are one: it keeps the earlier id, and the link says who decided it and why."""
    before = ledger(*ALL)
    bridge, ferries = holding(before, "build a bridge"), holding(before, "deliver five ferries")
    after = decided(merging(before.threads, ferries.id, bridge.id, "one treaty"))
    thread = holding(after, "build a bridge")
    assert len(after.threads) == len(before.threads) - 1
    assert thread.id == bridge.id
    link = next(step.link for step in thread.steps if step.text == "deliver five ferries to Estmark")
    assert link is not None
    assert (link.by, link.confidence, link.because) == ("person", 1.0, "one treaty")


def test_split() -> None:
    """A step that a person splits off founds a thread of its own, and takes along what hangs on it."""
    before = ledger(*ALL)
    bridge = holding(before, "build a bridge")
    after = decided(splitting(before.threads, bridge.id, bridge.steps[1].id, None))
    assert relations(holding(after, "build a bridge")) == ["first"]
    other = holding(after, "open the Holm bridge to traffic")
    assert other.id == f"t{bridge.steps[1].id}"
    assert [step.article.id for step in other.steps] == ["bridge-2", "bridge-3", "bridge-4"]


def test_split_of_an_outcome() -> None:
    """A report that shows nothing about a thread is split off it and is gone, and so is the state that it gave."""
    before = ledger(*ALL)
    ferries = holding(before, "deliver five ferries")
    after = decided(splitting(before.threads, ferries.id, ferries.steps[1].id, "other ferries"))
    thread = holding(after, "deliver five ferries")
    assert (len(thread.steps), thread.state.name) == (1, "overdue")


def test_split_then_merge() -> None:
    """Decisions are applied in their order: what was split off can be merged again."""
    before = ledger(*ALL)
    bridge = holding(before, "build a bridge")
    split = splitting(before.threads, bridge.id, bridge.steps[1].id, None)
    apart = decided(split)
    merge = merging(apart.threads, bridge.id, f"t{bridge.steps[1].id}", None)
    steps = [step.id for step in holding(decided(split, merge), "build a bridge").steps]
    assert steps == [step.id for step in bridge.steps]


def test_rate() -> None:
    """A person's state wins over what the articles tell, with its reason; "none" takes it back."""
    before = ledger(*ALL)
    bridge = holding(before, "build a bridge")
    rated = rating(before.threads, bridge.id, "abandoned", "nobody builds there")
    told = holding(decided(rated), "build a bridge").state
    assert (told.name, told.by, told.reason) == ("abandoned", "person", "nobody builds there")
    back = rating(before.threads, bridge.id, state_named("none"), None)
    assert holding(decided(rated, back), "build a bridge").state == bridge.state


def test_decisions_outlast_growth() -> None:
    """A decision finds its thread again when earlier and later articles have joined it."""
    few = ledger(DELAY)
    rated = rating(few.threads, few.threads[0].id, "partly", "one lane is open")
    known = Earlier(few.threads, frozenset(few.manifest.articles), few.manifest.persons)
    planned = plan((BRIDGE, SECOND_DELAY), Directory(), known)
    thread = holding(finish(planned, by_rules(planned), DAY, decisions=[rated]), "build a bridge")
    assert (len(thread.steps), thread.id, thread.state.name) == (3, few.threads[0].id, "partly")


def test_a_decision_about_what_is_gone_is_passed_over() -> None:
    """A decision whose steps are not among the records changes nothing."""
    before = ledger(*ALL)
    bridge, ferries = holding(before, "build a bridge"), holding(before, "deliver five ferries")
    decisions = [
        merging(before.threads, bridge.id, ferries.id, None),
        splitting(before.threads, bridge.id, bridge.steps[1].id, None),
        rating(before.threads, bridge.id, "partly", None),
    ]
    assert decided(*decisions, records=(FERRIES,)).threads == []


def test_what_cannot_be_decided() -> None:
    """Threads, steps and states that are not there, and decisions that would change nothing, are told."""
    threads = ledger(*ALL).threads
    bridge = holding(ledger(*ALL), "build a bridge")
    with pytest.raises(ConfigurationError, match="t0 is no thread"):
        merging(threads, bridge.id, "t0", None)
    with pytest.raises(ConfigurationError, match="one thread already"):
        merging(threads, bridge.id, bridge.id, None)
    with pytest.raises(ConfigurationError, match="could be"):
        find(threads, "t")
    with pytest.raises(ConfigurationError, match="has no step 0") as error:
        splitting(threads, bridge.id, "0", None)
    assert bridge.steps[1].id in error.value.hint
    with pytest.raises(ConfigurationError, match="nothing to split it from"):
        splitting(threads, bridge.id, bridge.steps[0].id, None)
    with pytest.raises(ConfigurationError, match="done is no state") as error:
        state_named("done")
    assert "fulfilled" in error.value.hint


def test_files(tmp_path: Path) -> None:
    """A ledger is written and continued; decisions are appended to; another way of linking is refused."""
    path = tmp_path / "ledger.jsonl"
    result = ledger(*ALL)
    ledgers.write(path, result)
    assert ledgers.read_threads(path) == result.threads
    earlier = ledgers.read_earlier(path, "rules", None)
    assert (list(earlier.threads), sorted(earlier.articles)) == (result.threads, result.manifest.articles)
    with pytest.raises(OutputMismatch, match=r"decided by rules, now by link\.v1 local/x"):
        ledgers.read_earlier(path, "link.v1 local/x", "0")
    file = ledgers.decisions_path(path)
    assert (file.name, ledgers.read_decisions(file)) == ("ledger.decisions.jsonl", [])
    first, second = (rating(result.threads, result.threads[0].id, state, None) for state in ("partly", "due"))
    ledgers.append_decisions(file, [first])
    ledgers.append_decisions(file, [second])
    assert ledgers.read_decisions(file) == [first, second]
    assert {entry.stat().st_mode & 0o777 for entry in tmp_path.iterdir()} == {0o600}


def test_broken_files_are_told(tmp_path: Path) -> None:
    """A file that is no ledger, or a ledger without its manifest, is an error that says so."""
    path = tmp_path / "ledger.jsonl"
    path.write_text('{"id": "t1"}\n', "utf-8")
    with pytest.raises(ConfigurationError, match=r"ledger\.jsonl:1: schema_version"):
        ledgers.read_threads(path)
    ledgers.write(path, ledger(*ALL))
    (tmp_path / "ledger.run.json").unlink()
    with pytest.raises(OutputMismatch, match="cannot be continued"):
        ledgers.read_earlier(path, "rules", None)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        ledgers.read_threads(tmp_path / "none.jsonl")
    assert ledgers.read_earlier(tmp_path / "none.jsonl", "rules", None) == Earlier()
