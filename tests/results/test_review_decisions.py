"""The file of decisions: whole lines, whatever happens to the programs that write it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError
from extractor.results.review.decisions import Decision, DecisionLog, new_decision, reviews_path
from extractor.results.review.standing import Standing

WRITER = """
import sys
from pathlib import Path
from extractor.results.review.decisions import DecisionLog, new_decision
log = DecisionLog(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    log.append(new_decision(item=f"i{number}", layer="claims", article="a", who=sys.argv[2], what="accept",
                            before={"statement": "x" * 3000}))
"""


def decision(**fields: object) -> Decision:
    return new_decision(**{"item": "i", "layer": "claims", "article": "a", "who": "ana", "what": "accept"} | fields)


def writer(path: Path, who: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), who, str(number)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_decision_is_one_line_with_item_layer_article_who_when_what_before_and_after(tmp_path: Path) -> None:
    """Read by any program, without this one."""
    log = DecisionLog(tmp_path / "out.reviews.jsonl")
    log.append(decision(what="correct", before={"statement": "one"}, after={"statement": "two\nlines"}))
    (line,) = (tmp_path / "out.reviews.jsonl").read_text("utf-8").splitlines()
    told = json.loads(line)
    wanted = {"item": "i", "layer": "claims", "article": "a", "who": "ana", "what": "correct"}
    assert {name: told[name] for name in wanted} == wanted
    assert (told["before"], told["after"]) == ({"statement": "one"}, {"statement": "two\nlines"})
    assert told["when"].endswith("Z")


def test_reading_goes_on_where_it_ended(tmp_path: Path) -> None:
    """So that a reviewer sees the other one's decisions, each once."""
    mine, theirs = DecisionLog(tmp_path / "r.jsonl"), DecisionLog(tmp_path / "r.jsonl")
    assert theirs.read() == []
    mine.append(one := decision())
    assert theirs.read() == [one]
    mine.append(two := decision())
    theirs.append(three := decision(who="ben"))
    assert theirs.read() == [two, three]
    assert mine.read() == [one, two, three]
    assert theirs.read() == []


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It holds passages of articles."""
    DecisionLog(tmp_path / "r.jsonl").append(decision())
    assert (tmp_path / "r.jsonl").stat().st_mode & 0o777 == 0o600


def test_two_programs_that_write_at_once_leave_whole_lines(tmp_path: Path) -> None:
    """Every decision of both is read, in the order of each."""
    path = tmp_path / "r.jsonl"
    programs = [writer(path, who, 100) for who in ("ana", "ben")]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    for program in programs:
        program.communicate("go\n")
    log = DecisionLog(path)
    found = log.read_all()
    assert log.troubles == []
    for who in ("ana", "ben"):
        assert [d.item for d in found if d.who == who] == [f"i{number}" for number in range(100)]


def test_a_program_that_is_killed_while_it_writes_loses_nothing_that_was_written(tmp_path: Path) -> None:
    """kill -9 in the middle of many appends: what is there are whole decisions, without a gap."""
    path = tmp_path / "r.jsonl"
    program = writer(path, "ana", 100_000)
    assert program.stdout is not None
    assert program.stdin is not None
    program.stdout.readline()
    program.stdin.write("go\n")
    program.stdin.flush()
    while not path.exists() or path.stat().st_size < 100_000:
        time.sleep(0.005)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    log = DecisionLog(path)
    found = log.read_all()
    assert [d.item for d in found] == [f"i{number}" for number in range(len(found))]
    assert len(found) >= 20
    log.append(decision(item="next"))
    assert [d.item for d in log.read()] == ["next"]


def test_an_incomplete_last_line_is_told_and_passed_over_and_the_next_line_is_whole(tmp_path: Path) -> None:
    """At most the decision that was being written is lost."""
    path = tmp_path / "out.reviews.jsonl"
    log = DecisionLog(path)
    log.append(first := decision(item="first"))
    log.append(decision(item="second"))
    os.truncate(path, path.stat().st_size - 40)
    again = DecisionLog(path)
    assert again.read_all() == [first]
    assert again.troubles == [
        "The last line of out.reviews.jsonl is incomplete: a program was stopped while it wrote. "
        "That one decision is lost; all before it are read."
    ]
    again.append(third := decision(item="third"))
    assert again.read() == [third]
    late = DecisionLog(path)
    assert late.read_all() == [first, third]
    assert late.troubles == ["out.reviews.jsonl:2 is no decision and was passed over."]


def test_a_line_that_is_half_there_is_read_when_it_is_whole(tmp_path: Path) -> None:
    """Another program may be about to finish it."""
    path = tmp_path / "r.jsonl"
    line = decision(item="slow").model_dump_json().encode() + b"\n"
    path.write_bytes(line[:50])
    log = DecisionLog(path)
    assert log.read() == []
    path.write_bytes(line)
    assert [d.item for d in log.read()] == ["slow"]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The page shows it; the decision is not said to be saved."""
    path = tmp_path / "r.jsonl"
    path.mkdir()
    with pytest.raises(ConfigurationError, match="could not be written"):
        DecisionLog(path).append(decision())


def test_joined_review_files_count_each_decision_once(tmp_path: Path) -> None:
    """`cat a b > c` of two copies that share a beginning."""
    one, two = decision(item="i"), decision(item="j")
    standing = Standing([one, two, one])
    assert standing.reviewers == {"ana": 2}
    assert standing.history(("a", "i")) == [one]


def test_an_undo_takes_back_one_decision_of_the_same_person() -> None:
    """The one before it stands again."""
    accepted, rejected = decision(), decision(what="reject")
    undo = decision(what="undo", undoes=rejected.id)
    other = decision(what="undo", who="ben", undoes=accepted.id)
    assert Standing([accepted, rejected]).verdicts(("a", "i")) == {"ana": rejected}
    assert Standing([accepted, rejected, undo, other]).verdicts(("a", "i")) == {"ana": accepted}


@pytest.mark.parametrize(("records", "reviews"), [("out.jsonl", "out.reviews.jsonl"), ("parts", "parts.reviews.jsonl")])
def test_decisions_stand_beside_the_records(records: str, reviews: str) -> None:
    """Beside the file, or beside the folder of parts."""
    assert reviews_path(Path("runs") / records) == Path("runs") / reviews
