"""A reviewer at work: the queue, decisions, two at once, and a run that is repeated."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigurationError
from extractor.pipeline.assemble import PartReading, assemble
from extractor.results.review.contents import new_id, with_names
from extractor.results.review.desk import Desk, Refused
from extractor.schema.ids import text_of
from extractor.schema.record import Claim, Record
from tests.support import records, reviewing
from tests.support.records import TEXT

A1 = "a1"
ITEMS = {"c1", "c2", "t1", "m1", "m2", "m3", "m4"}


def queue(desk: Desk, show: Any = "todo", order: Any = "doubtful", layer: Any = None) -> list[str]:
    """The queue by id, and by kind where the program made the id."""
    return [_name(row.entry) for row in desk.rows(order, show, layer)]


def _name(entry: Any) -> str:
    return entry.item if entry.item in ITEMS else entry.kind


def key(desk: Desk, kind: str) -> tuple[str, str]:
    return next(row.entry.key for row in desk.rows("reading", "all", None) if row.entry.kind == kind)


def doubts(desk: Desk, item: str) -> list[str]:
    row = desk.row((A1, item))
    return [code for code, _ in (*row.entry.doubts, *row.state.doubts)]


def test_doubtful_items_come_first(tmp_path: Path) -> None:
    """What has no passage, what a check or an approximate match speaks against, what may be missing, then the rest."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    assert queue(desk) == ["unplaced", "c1", "m1", "gap", "c2", "m4", "t1", "m2", "m3"]
    assert queue(desk, order="reading") == ["unplaced", "gap", "c1", "m1", "c2", "m4", "t1", "m2", "m3"]
    assert queue(desk, layer="commitments") == ["m1", "m4", "m2", "m3"]
    assert desk.progress() == {"total": 9, "decided": 0, "doubtful": 3, "others": {}}


def test_a_date_that_only_the_model_knows_is_doubtful(tmp_path: Path) -> None:
    """Code could not confirm it."""
    run = records.port()
    when = run.commitments[0].when
    assert when is not None
    by_model = run.commitments[0].model_copy(update={"when": when.model_copy(update={"basis": "model"})})
    desk = reviewing.desk(tmp_path, run.model_copy(update={"commitments": [by_model, *run.commitments[1:]]}))
    assert queue(desk)[0] == "m1"
    assert doubts(desk, "m1") == ["date_by_model"]


def test_accepting_and_rejecting_move_on_and_are_counted(tmp_path: Path) -> None:
    """They leave the list of what is to do, and stay in the others."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    desk.decide((A1, "c1"), "accept")
    desk.decide((A1, "m1"), "reject")
    assert queue(desk)[:2] == ["unplaced", "gap"]
    assert queue(desk, show="decided") == ["c1", "m1"]
    assert desk.progress()["decided"] == 2
    assert desk.row((A1, "c1")).state.mine == "accept"


def test_undo_takes_back_the_last_decision_or_the_one_about_an_item(tmp_path: Path) -> None:
    """Also after the program was started again."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    for item in ("c1", "c2", "t1"):
        desk.decide((A1, item), "accept")
    assert desk.undo((A1, "c1")) == (A1, "c1")
    again = reviewing.desk(tmp_path)
    assert again.undo() == (A1, "t1")
    assert again.undo() == (A1, "c2")
    assert again.undo() is None
    assert again.progress()["decided"] == 0


def test_a_comment_decides_nothing(tmp_path: Path) -> None:
    """It is listed, and can be looked for."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    desk.decide((A1, "c2"), "comment", comment=" Is this the mayor? ")
    assert queue(desk, show="commented") == ["c2"]
    assert desk.row((A1, "c2")).state.mine is None
    assert [d.comment for d in desk.standing.history((A1, "c2"))] == ["Is this the mayor?"]
    with pytest.raises(Refused, match="nothing in the comment"):
        desk.decide((A1, "c2"), "comment", comment="  ")


def test_an_unplaced_quote_is_corrected_or_rejected_but_not_accepted(tmp_path: Path) -> None:
    """An item needs its passage."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    unplaced = key(desk, "unplaced")
    with pytest.raises(Refused, match="select the passage"):
        desk.decide(unplaced, "accept")
    desk.decide(unplaced, "correct", reviewing.stance_form("The new pier", target="the pier"))
    assert desk.row(unplaced).state.mine == "correct"
    item = desk.current(unplaced)
    assert item is not None
    assert item.quote.exact == "The new pier"
    assert len(item.id) == 12


def test_a_passage_that_nothing_covers_is_settled_by_saying_so_or_by_adding_an_item(tmp_path: Path) -> None:
    """There is nothing to reject."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    gap = key(desk, "gap")
    for what in ("reject", "correct"):
        with pytest.raises(Refused, match="There is no item here"):
            desk.decide(gap, what)
    desk.decide(gap, "accept")
    assert desk.row(gap).state.mine == "accept"
    desk.undo()
    added = desk.add(A1, "claims", reviewing.claim_form("Mayor Ann Lee said", statement="Lee is mayor."))
    assert "gap" not in queue(desk, show="all")
    assert desk.row(added).state.mine == "accept"


def test_an_article_without_items_is_to_be_confirmed(tmp_path: Path) -> None:
    """Otherwise nobody would have looked at it."""
    desk = reviewing.desk(tmp_path, records.record("Nothing was said.", id="empty"))
    assert queue(desk) == ["empty"]
    desk.decide(key(desk, "empty"), "accept")
    assert queue(desk) == []


def test_two_reviewers_see_each_others_decisions(tmp_path: Path) -> None:
    """Each has a queue of their own; where they differ, the item is disputed for both."""
    ana = reviewing.desk(tmp_path, reviewing.doubtful())
    ben = reviewing.desk(tmp_path, reviewer="ben")
    ana.decide((A1, "c2"), "accept")
    ben.refresh()
    assert ben.row((A1, "c2")).state.mine is None
    assert ben.row((A1, "c2")).state.others == {"ana": "accept"}
    assert "c2" in queue(ben)
    assert "c2" not in queue(ben, show="untouched")
    ben.decide((A1, "c2"), "reject")
    ana.refresh()
    assert doubts(ana, "c2") == ["disputed"]
    assert queue(ana, show="disputed") == ["c2"]
    assert ana.progress()["others"] == {"ben": 1}
    ben.undo()
    ben.agree((A1, "c2"), "ana")
    ana.refresh()
    assert queue(ana, show="disputed") == []


def test_agreeing_with_a_correction_makes_the_same_correction(tmp_path: Path) -> None:
    """Accepting would be about what the run says."""
    ana = reviewing.desk(tmp_path, reviewing.doubtful())
    ben = reviewing.desk(tmp_path, reviewer="ben")
    quote = "trade grew by 4% last year"
    ana.decide((A1, "c1"), "correct", reviewing.claim_form(quote, statement="Trade grew.", cue="said"))
    ben.refresh()
    ben.agree((A1, "c1"), "ana")
    item = ben.current((A1, "c1"))
    assert isinstance(item, Claim)
    assert item.statement == "Trade grew."
    assert doubts(ben, "c1") == ["fuzzy"]


def rerun(run: Record, **claim: Any) -> Record:
    """The same run, with other fields in its first claim and its speakers numbered otherwise."""
    told = run.model_dump(mode="json")
    told["claims"][0] |= claim
    ids = {"s1": "s2", "s2": "s1", None: None}
    for layer in ("claims", "stances", "commitments"):
        for item in told[layer]:
            item["speaker"] = ids[item["speaker"]]
    for speaker in told["speakers"]:
        speaker["id"] = ids[speaker["id"]]
    return Record.model_validate(told)


def test_decisions_survive_a_run_that_is_repeated(tmp_path: Path) -> None:
    """Also where the speakers are counted otherwise; only what changed is shown again, first."""
    desk = reviewing.desk(tmp_path, records.port())
    for item in ("c1", "c2", "t1"):
        desk.decide((A1, item), "accept")
    same = reviewing.desk(tmp_path, rerun(records.port()))
    assert queue(same) == ["m1", "m4", "m2", "m3"]
    other = reviewing.desk(tmp_path, rerun(records.port(), kind="opinion"))
    assert queue(other) == ["c1", "m1", "m4", "m2", "m3"]
    assert doubts(other, "c1") == ["changed"]
    other.decide((A1, "c1"), "accept")
    assert "changed" not in doubts(other, "c1")


def test_a_run_that_says_by_now_what_a_person_corrected_it_to_is_accepted(tmp_path: Path) -> None:
    """Under the same id, and under another."""
    desk = reviewing.desk(tmp_path, records.port())
    form = reviewing.claim_form("trade grew by 4% last year", statement="Trade grew by 4% in 2024.", cue="said")
    desk.decide((A1, "c1"), "correct", {**form, "kind": "opinion"})
    for id_ in ("c1", "c9"):
        again = reviewing.desk(tmp_path, rerun(records.port(), kind="opinion", id=id_))
        assert again.row((A1, id_)).state.mine == "accept"
        assert len(queue(again, show="all")) == 7


def test_an_accepted_item_that_a_later_run_lacks_is_shown_and_can_be_kept(tmp_path: Path) -> None:
    """It is not forgotten in silence; a rejected one may be."""
    desk = reviewing.desk(tmp_path, records.port())
    desk.decide((A1, "c1"), "accept")
    desk.decide((A1, "c2"), "reject")
    again = reviewing.desk(tmp_path, records.port().model_copy(update={"claims": []}))
    assert queue(again)[0] == "c1"
    assert again.row((A1, "c1")).entry.kind == "vanished"
    assert "c2" not in queue(again, show="all")
    again.decide((A1, "c1"), "accept")
    assert again.row((A1, "c1")).entry.kind == "added"
    assert again.row((A1, "c1")).state.mine == "accept"
    again.decide((A1, "c1"), "reject")
    assert again.row((A1, "c1")).state.mine == "reject"


def test_an_item_that_is_gone_can_be_kept_as_corrected(tmp_path: Path) -> None:
    """The correction is what is kept."""
    desk = reviewing.desk(tmp_path, records.port())
    desk.decide((A1, "c1"), "accept")
    again = reviewing.desk(tmp_path, records.port().model_copy(update={"claims": []}))
    form = reviewing.claim_form("trade grew by 4%", statement="Trade grew.", cue="said")
    again.decide((A1, "c1"), "correct", form)
    assert (again.row((A1, "c1")).entry.kind, again.row((A1, "c1")).state.mine) == ("added", "accept")
    item = again.current((A1, "c1"))
    assert item is not None
    assert text_of(item) == "Trade grew."


def test_accepting_twice_is_one_decision_and_a_correction_is_not_accepted_away(tmp_path: Path) -> None:
    """A key pressed once too often must not throw work away."""
    desk = reviewing.desk(tmp_path, records.port())
    desk.decide((A1, "c2"), "accept")
    desk.decide((A1, "c2"), "accept")
    assert len(desk.standing.history((A1, "c2"))) == 1
    form = reviewing.claim_form("trade grew by 4%", statement="Trade grew.", cue="said")
    desk.decide((A1, "c1"), "correct", form)
    with pytest.raises(Refused, match="You corrected it"):
        desk.decide((A1, "c1"), "accept")


def test_an_added_item_has_the_id_that_a_run_would_give_it(tmp_path: Path) -> None:
    """So that a run that finds it later finds it reviewed."""
    from extractor.files import prompts
    from extractor.models.interface import Usage
    from extractor.schema.article import Article
    from tests.support import readings

    said = "Lee opposes the toll"
    speakers = [readings.speaker("s1", "Ann Lee", "person")]
    claims = [readings.claim(said, statement=said), readings.claim(said, statement="Another thing.")]
    read = readings.reading(speakers=speakers, claims=claims)
    article = Article(id=A1, text=TEXT)
    part = PartReading((0, len(TEXT)), read)
    run = assemble(article, [part], prompts.load(), "m", Usage())
    named = [with_names(claim, {"s1": "Ann Lee"}) for claim in run.claims]
    plain, detailed = sorted(named, key=lambda item: text_of(item) != said)
    assert new_id(A1, plain, {}) == plain.id
    assert new_id(A1, detailed, {plain.id: said}) == detailed.id


def test_the_same_item_is_not_added_twice(tmp_path: Path) -> None:
    """Nor may a correction make two items one."""
    desk = reviewing.desk(tmp_path, records.port())
    form = reviewing.claim_form("Repairs will be finished by 2030", statement="Repairs end by 2030.")
    desk.add(A1, "claims", form)
    with pytest.raises(Refused, match="this very item"):
        desk.add(A1, "claims", form)
    with pytest.raises(Refused, match="this very item"):
        desk.decide((A1, "c1"), "correct", form)


def test_an_item_whose_speaker_is_not_listed_cannot_be_accepted(tmp_path: Path) -> None:
    """Gold would have a claim of nobody."""
    run = records.port()
    stranger = run.claims[0].model_copy(update={"speaker": "s7"})
    desk = reviewing.desk(tmp_path, run.model_copy(update={"claims": [stranger]}))
    with pytest.raises(Refused, match="“s7” is not among the article's sources"):
        desk.decide((A1, "c1"), "accept")


def test_a_corrected_source_counts_for_all_its_items_and_can_be_undone(tmp_path: Path) -> None:
    """Items keep the name under which it is listed."""
    desk = reviewing.desk(tmp_path, records.port())
    desk.correct_speaker(A1, "Ann Lee", {"name": "Ann B. Lee", "role": "mayor", "affiliation": "", "kind": "person"})
    now = desk.sources(A1)["Ann Lee"].now
    assert (now.name, now.role, now.affiliation) == ("Ann B. Lee", "mayor", None)
    with pytest.raises(Refused, match="needs a name and a kind"):
        desk.correct_speaker(A1, "Ann Lee", {"name": " ", "kind": "person"})
    desk.correct_speaker(A1, "Ann Lee", {"name": "Ann C. Lee", "kind": "person"})
    assert desk.sources(A1)["Ann Lee"].now.name == "Ann C. Lee"
    desk.undo()
    desk.undo()
    assert desk.sources(A1)["Ann Lee"].now.name == "Ann Lee"


def test_nothing_in_the_records_changes(tmp_path: Path) -> None:
    """Not one byte, whatever is decided."""
    desk = reviewing.desk(tmp_path, reviewing.doubtful())
    before = (tmp_path / "out.jsonl").read_bytes()
    desk.decide((A1, "c1"), "reject")
    desk.add(A1, "claims", reviewing.claim_form("Mayor Ann Lee said", statement="Lee is mayor."))
    desk.undo()
    assert (tmp_path / "out.jsonl").read_bytes() == before


def test_an_article_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Decisions could not tell the two apart."""
    with pytest.raises(ConfigurationError, match="twice"):
        reviewing.desk(tmp_path, records.port(), records.port())


def test_an_article_of_a_thousand_items_is_quick(tmp_path: Path) -> None:
    """An addition is compared with each of them."""
    claims = [records.port().claims[0].model_copy(update={"id": f"x{n}", "statement": f"S{n}."}) for n in range(1000)]
    started = time.process_time()
    desk = reviewing.desk(tmp_path, records.port().model_copy(update={"claims": claims}))
    opened = time.process_time() - started
    desk.decide((A1, "x7"), "reject")
    started = time.process_time()
    desk.add(A1, "claims", reviewing.claim_form("The new pier", statement="There is a pier."))
    assert time.process_time() - started < 5 * opened + 0.5


def test_ten_thousand_items_are_quick(tmp_path: Path) -> None:
    """Five decisions, each with the queue after it, take less time than opening the run once."""
    run = [records.port(article={"id": f"a{number}"}) for number in range(1500)]
    reviewing.write(tmp_path / "out.jsonl", run)
    started = time.process_time()
    desk = reviewing.desk(tmp_path)
    opened = time.process_time() - started
    assert len(queue(desk)) == 10_500
    started = time.process_time()
    for number in range(5):
        desk.decide((f"a{number}", "c1"), "accept")
        desk.rows("doubtful", "todo", None)
    assert time.process_time() - started < opened
