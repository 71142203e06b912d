"""`extractor ledger`, as a user runs it."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.ledgers import DAY, linking, run, threads, written
from tests.support.server import Reply, Script, Server
from tests.support.stories import ALL, BRIDGE, DELAY, SECOND_DELAY


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return written(tmp_path / "out.jsonl", *ALL)


def ids(path: Path) -> dict[str, str]:
    return {
        thread["steps"][0]["article"]["id"] + thread["title"][:4]: thread["id"] for thread in threads(path.read_text())
    }


def test_table_on_stdout_notes_on_stderr(records: Path) -> None:
    """Threads are printed on stdout; how links are decided and what was read goes to stderr."""
    result = run(records, *DAY)
    assert result.exit_code == 0, result.output
    assert "upcoming    …–2026-03-31 +455d       Norvale, Estmark: open the Holm bridge" in result.stdout
    assert "2 threads as of 2025-07-20: 1 partly, 1 upcoming." in result.stdout
    assert result.stderr.splitlines() == [
        "Links are decided by rules; --model NAME asks a language model.",
        "5 articles in the ledger, 5 new.",
    ]


def test_today_is_said(records: Path) -> None:
    """Without --as-of the day is today's, and the user is told which it is."""
    result = run(records)
    assert result.stderr.startswith("States as of today, 20")
    assert run(records, "--quiet").output == ""


def test_filters(records: Path) -> None:
    """What is due, overdue, of an actor, or told of since a day is what is printed."""

    def titles(*options: str) -> list[str]:
        return [thread["title"] for thread in threads(run(records, "--json", "-q", *DAY, *options).stdout)]

    bridge, ferries = "open the Holm bridge", "deliver five ferries to Estmark"
    assert titles() == [bridge, ferries]
    assert titles("--due-within", "1y") == [bridge]
    assert titles("--due-within", "30d") == titles("--overdue") == []
    assert titles("--actor", "Estmark") == [bridge]
    assert titles("--changed-since", "2025-01-01") == [bridge]


def test_two_runs_write_the_same_bytes(records: Path, tmp_path: Path) -> None:
    """The same records give the same files, in a new ledger and in a continued one."""
    files = [tmp_path / name for name in ("one.jsonl", "two.jsonl")]
    for file in files:
        assert run(records, "-o", file, "-q", *DAY).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert run(records, "-o", files[0], "-q", *DAY).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_adding_articles(tmp_path: Path) -> None:
    """New articles continue a ledger that was kept; the old ones need not be given again."""
    path = tmp_path / "ledger.jsonl"
    run(written(tmp_path / "a.jsonl", BRIDGE, DELAY), "-o", path, "-q", *DAY)
    before = ids(path)
    result = run(written(tmp_path / "b.jsonl", SECOND_DELAY), "-o", path, *DAY)
    assert "3 articles in the ledger, 1 new." in result.stderr
    assert sorted(ids(path).values()) == sorted(before.values())
    whole = tmp_path / "whole.jsonl"
    run(written(tmp_path / "all.jsonl", SECOND_DELAY, DELAY, BRIDGE), "-o", whole, "-q", *DAY)
    assert whole.read_bytes() == path.read_bytes()


def test_a_kept_ledger_alone(records: Path, tmp_path: Path) -> None:
    """A ledger that was kept can be looked at without records, as of another day."""
    path = tmp_path / "ledger.jsonl"
    run(records, "-o", path, "-q", *DAY)
    result = run("-o", path, "--as-of", "2026-04-01", "--brief")
    assert result.exit_code == 0
    assert "fulfilled" in result.stdout
    assert "first, agreed" not in result.stdout


def test_stdout(records: Path) -> None:
    """With -o - the threads go to stdout as lines, and nothing else does."""
    result = run(records, "-o", "-", *DAY)
    assert [thread["schema_version"] for thread in threads(result.stdout)] == ["1", "1"]


def test_decisions(records: Path, tmp_path: Path) -> None:
    """People merge, split and rate; what they decided is kept apart, only appended to, and lasts."""
    path, decisions = tmp_path / "ledger.jsonl", tmp_path / "ledger.decisions.jsonl"
    run(records, "-o", path, "-q", *DAY)
    bridge, ferries = (thread["id"] for thread in threads(path.read_text()))
    assert run("-o", path, "--merge", bridge, ferries, "--because", "one treaty", "-q", *DAY).exit_code == 0
    assert len(threads(path.read_text())) == 1
    first = decisions.read_bytes()
    step = threads(path.read_text())[0]["steps"][1]["id"]
    assert run("-o", path, "--split", bridge, step, "-q", *DAY).exit_code == 0
    assert run("-o", path, "--rate", bridge[:6], "abandoned", "--because", "no money", "-q", *DAY).exit_code == 0
    assert decisions.read_bytes().startswith(first)
    assert len(decisions.read_text().splitlines()) == 3
    told = {thread["id"]: thread["state"] for thread in threads(path.read_text())}
    assert len(told) == 2
    assert (told[bridge]["name"], told[bridge]["by"], told[bridge]["reason"]) == ("abandoned", "person", "no money")
    kept = path.read_bytes()
    assert run(records, "-o", path, "--overwrite", "-q", *DAY).exit_code == 0
    assert path.read_bytes() == kept
    assert run("-o", path, "--rate", bridge, "none", "-q", *DAY).exit_code == 0
    assert threads(path.read_text())[0]["state"]["by"] == "rules"


def test_who_decided_and_when(records: Path, tmp_path: Path) -> None:
    """A decision has its time and, where given, a name; lines without either are read too; threads have neither."""
    path, decisions = tmp_path / "ledger.jsonl", tmp_path / "ledger.decisions.jsonl"
    run(records, "-o", path, "-q", *DAY)
    bridge = threads(path.read_text())[0]["id"]
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    assert run("-o", path, "--rate", bridge, "partly", "--by", "Mo Lund", "-q", *DAY).exit_code == 0
    assert run("-o", path, "--rate", bridge, "abandoned", "-q", *DAY).exit_code == 0
    first, second = threads(decisions.read_text())
    assert (first["by"], second["by"]) == ("Mo Lund", None)
    assert before <= dt.datetime.strptime(first["at"], "%Y-%m-%dT%H:%M:%S%z") <= dt.datetime.now(dt.UTC)
    assert first["at"].endswith("Z")
    kept = path.read_bytes()
    assert b"Mo Lund" not in kept
    without = [{name: value for name, value in one.items() if name not in ("at", "by")} for one in (first, second)]
    decisions.write_text("".join(json.dumps(one) + "\n" for one in without), "utf-8")
    assert run(records, "-o", path, "--overwrite", "-q", *DAY).exit_code == 0
    assert path.read_bytes() == kept


def test_a_thread_that_was_merged_is_told(records: Path, tmp_path: Path) -> None:
    """Its id is known still: the message says into which thread it went, and how to part the two again."""
    path = tmp_path / "ledger.jsonl"
    run(records, "-o", path, "-q", *DAY)
    before = path.read_bytes()
    bridge, ferries = (thread["id"] for thread in threads(path.read_text()))
    assert run("-o", path, "--merge", bridge, ferries, "-q", *DAY).exit_code == 0
    again = run("-o", path, "--merge", bridge, ferries, "-q", *DAY)
    assert again.exit_code == 2
    split = f"--split {bridge} {ferries.removeprefix('t')}"
    assert again.stderr.splitlines() == [
        f"Error: {ferries} is no thread any more: it was merged into {bridge}.",
        f"  Name {bridge}, or make two of it: {split}",
    ]
    assert run("-o", path, *split.split(), "-q", *DAY).exit_code == 0
    assert path.read_bytes() == before
    step = threads(before.decode())[0]["steps"][1]["id"]
    assert (
        f"t{step} is no thread: its commitment is a step of {bridge}."
        in run("-o", path, "--rate", f"t{step}", "due", *DAY).stderr
    )


def test_who_decides_links_is_said_where_links_are_decided(records: Path, tmp_path: Path) -> None:
    """A kept ledger without new articles asks for no decision."""
    path = tmp_path / "ledger.jsonl"
    assert "Links are decided by rules" in run(records, "-o", path, *DAY).stderr
    assert "Links are decided" not in run("-o", path, *DAY).stderr
    assert "Links are decided" not in run(records, "-o", path, *DAY).stderr
    assert "Links are decided" not in run(records, "--model", "rules", *DAY).stderr


def test_what_the_outputs_need_is_asked_first(records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library of the calendar, a folder, or a file's own place, nothing is written at all."""
    path, page, folder = tmp_path / "l.jsonl", tmp_path / "l.html", tmp_path / "folder"
    folder.mkdir()
    for last, message in (
        (("--csv", tmp_path / "none" / "l.csv"), "its folder is not there"),
        (("--csv", folder), f"{folder} is a folder."),
        (("--ics", tmp_path / "l.ics"), "A calendar needs the library icalendar."),
    ):
        if "--ics" in last:
            monkeypatch.setitem(sys.modules, "icalendar", None)
        result = run(records, "-o", path, "--html", page, *last, *DAY)
        assert result.exit_code == 2
        assert message in result.stderr
        assert {file.name for file in tmp_path.iterdir()} == {"out.jsonl", "folder"}


def test_files_beside(records: Path, tmp_path: Path) -> None:
    """A page, a calendar and rows are written of the threads that are chosen."""
    page, calendar, rows = (tmp_path / name for name in ("l.html", "l.ics", "l.csv"))
    result = run(records, "--html", page, "--ics", calendar, "--csv", rows, "--actor", "Estmark", "-q", *DAY)
    assert result.exit_code == 0, result.output
    assert page.read_text("utf-8").count("<article ") == 1
    assert calendar.read_bytes().count(b"BEGIN:VEVENT\r\n") == 1
    assert len(rows.read_text("utf-8").splitlines()) == 1 + 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "There is nothing to read."),
        (("none.jsonl",), "cannot be read"),
        (("OUT", "-o", "OUT", "--overwrite"), "it cannot be the ledger too"),
        (("-o", "OUT", "--overwrite"), "There is nothing to read."),
        (("-o", "OUT"), "out.jsonl:1: "),
        (("OUT", "--due-within", "soon"), "'soon' is no length of time."),
        (("OUT", "--merge", "a", "b"), "Decisions are kept beside a ledger."),
        (("OUT", "-o", "NEW", "--rate", "t0", "due"), "t0 is no thread."),
        (("OUT", "--replay", "a", "--record", "b"), "exclude each other"),
        (("OUT", "--aliases", "none.toml"), "cannot be read"),
        (("OUT", "--model", "nobody/x"), "There is no model 'nobody/x'."),
        (("OUT", "--record", "x.json"), "There is no model to ask."),
        (("OUT", "--html", "none/l.html"), "cannot be written"),
        (("OUT", "--as-of", "soon"), "'soon' is no date of the form YYYY-MM-DD"),
        (("OUT", "--changed-since", "2025"), "'2025' is no date of the form YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_done_is_told(records: Path, tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    """A wish that cannot be met ends with exit code 2, the reason and a remedy, and never with a traceback."""
    names = {"OUT": str(records), "NEW": str(tmp_path / "new.jsonl")}
    result = run(*(names.get(option, option) for option in options))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_the_same_article_twice(tmp_path: Path) -> None:
    """Of two records of one article the first counts, and that is said."""
    result = run(written(tmp_path / "a.jsonl", BRIDGE), written(tmp_path / "b.jsonl", BRIDGE, DELAY), *DAY)
    assert "1 record of articles that the input has before: the first of each counts." in result.stderr
    assert "2 articles in the ledger, 2 new." in result.stderr


def test_aliases(tmp_path: Path) -> None:
    """A user's alias file is read."""
    file = tmp_path / "aliases.toml"
    file.write_text('[actors]\n"Sudmark" = ["Estmark"]\n', "utf-8")
    path = written(tmp_path / "out.jsonl", BRIDGE)
    told = threads(run(path, "--aliases", file, "--json", "-q", *DAY, "--actor", "Sudmark").stdout)
    assert [actor["name"] for actor in told[0]["actors"]] == ["Norvale", "Sudmark"]


def test_a_model_is_recorded_and_replayed(
    serve: Callable[[Script], Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links by a model are recorded; a replay without any server gives the same bytes."""
    records = written(tmp_path / "out.jsonl", BRIDGE, DELAY)
    server = serve(linking("same"))
    cassette, path = tmp_path / "links.json", tmp_path / "ledger.jsonl"
    model = ("--model", "local/x", "--base-url", server.url)
    result = run(records, "-o", path, *model, "--record", cassette, *DAY)
    assert result.exit_code == 0, result.output
    assert "2 articles in the ledger, 2 new; 1 question asked, 110 tokens." in result.stderr
    link = threads(path.read_text())[0]["steps"][1]["link"]
    assert (link["relation"], link["by"], link["confidence"]) == ("same", "model", 0.95)
    again = tmp_path / "again.jsonl"
    assert run(records, "-o", again, "--replay", cassette, "-q", *DAY).exit_code == 0
    assert again.read_bytes() == path.read_bytes()
    assert len(server.calls) == 1


def test_a_model_that_fails(serve: Callable[[Script], Server], tmp_path: Path) -> None:
    """Where the model fails the rules decide, all is written, and the exit code is 1."""
    records = written(tmp_path / "out.jsonl", BRIDGE, DELAY)
    server = serve(lambda _: Reply(status=401, error={"message": "wrong key"}))
    path = tmp_path / "ledger.jsonl"
    result = run(records, "-o", path, "--model", "local/x", "--base-url", server.url, *DAY)
    assert result.exit_code == 1
    assert "1 question failed; rules decided those links." in result.stderr
    assert threads(path.read_text())[0]["steps"][1]["link"]["by"] == "rules"


def test_another_way_of_linking_is_refused(records: Path, tmp_path: Path) -> None:
    """A ledger that rules linked is not continued by a model in silence."""
    path = tmp_path / "ledger.jsonl"
    run(records, "-o", path, "-q", *DAY)
    result = run(records, "-o", path, "--model", "local/x", "--base-url", "http://127.0.0.1:9/v1", *DAY)
    assert result.exit_code == 2
    assert "were decided by rules, now by link.v1 local/x" in result.stderr
    assert "--overwrite" in result.stderr
