"""What holds across the whole program when somebody means harm, and the threat model that says where it is tested.

Files of this program that others send are untrusted too: every reader of one is tried with what no parser follows.
"""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import itertools
import json
import pkgutil
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from icalendar import Calendar
from typer.testing import CliRunner

import extractor
from extractor.cli import common
from extractor.cli.deferred import DeferredCommand
from extractor.cli.main import app
from extractor.errors import ExtractorError
from extractor.results.evaluation.gold import gold_line
from extractor.results.exports import ics
from extractor.results.exports.interface import Options, Piece
from extractor.results.exports.registry import FORMATS
from extractor.results.exports.tables import TABLES
from extractor.schema.record import Record
from tests.support import articles, records
from tests.support.server import Reply, Script, Server

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "docs" / "security.md"
Serve = Callable[[Script], Server]

TITLE, RED, HOME, BELL, BIDI = "\x1b]0;owned\x07", "\x1b[31m", "\x9b2J", "\x07", "\u202e"
ESCAPES = f"{TITLE}{RED}{HOME}{BELL}{BIDI}"


# --- The threat model ------------------------------------------------------------------------------------------------


def _rows() -> Iterator[list[str]]:
    """The cells of every table row of the threat model, without headings."""
    lines = MODEL.read_text("utf-8").splitlines()
    for above, line in itertools.pairwise(lines):
        is_row = line.startswith("|") and not set(line) <= set("|- ") and above.startswith("|")
        if is_row:
            yield [cell.strip() for cell in re.split(r"(?<!\\\\)\|", line)[1:-1]]


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_")}


def test_every_line_of_the_threat_model_names_its_tests() -> None:
    """Each row of docs/security.md ends with tests that exist; there are none that somebody forgot to write."""
    rows = list(_rows())
    assert len(rows) >= 40
    for row in rows:
        assert len(row) == 3, row
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[2])
        assert named, f"no test: {row[0]}"
        assert re.sub(r"`[^`]*`|,|\s", "", row[2]) == "", f"not only tests: {row[2]}"
        for file, name in named:
            assert (ROOT / file).is_file(), f"{file} of: {row[0]}"
            assert name in _tests(ROOT / file), f"{file}::{name} of: {row[0]}"


# --- The terminal ----------------------------------------------------------------------------------------------------


def _poisoned(**fields: Any) -> Record:
    """A record whose every free text holds escape sequences."""
    told = records.port(**fields).model_dump(mode="json")
    for speaker in told["speakers"]:
        speaker |= {name: f"{speaker[name]}{ESCAPES}" for name in ("name", "role", "affiliation")}
    for name, layer in (("statement", "claims"), ("target", "stances"), ("action", "commitments")):
        for item in told[layer]:
            item[name] += ESCAPES
    for item in told["commitments"]:
        item |= {"actors": [actor + ESCAPES for actor in item["actors"]], "condition": ESCAPES}
        if item["when"]:
            item["when"]["expression"] += ESCAPES
    told["checks"] = [{"code": "uncovered_plan", "item": None, "message": ESCAPES, "span": None}]
    told["article"] |= {"id": f"a{ESCAPES}", "title": f"T{ESCAPES}", "source": f"s{ESCAPES}"}
    return Record.model_validate(told)


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "one.jsonl"),
        ("ledger", "one.jsonl"),
        ("ledger", "one.jsonl", "-o", "kept.jsonl"),
        ("query", "select * from claims", "one.jsonl"),
        ("query", "select * from commitments", "one.jsonl"),
        ("query", "select * from claims", "one.jsonl", "--csv"),
        *(("export", "one.jsonl", "--to", "csv", "--table", table) for table in TABLES),
        ("compare", "--a", "one.jsonl", "--b", "two.jsonl"),
        ("evaluate", "two.jsonl", "gold.jsonl"),
        ("evaluate", "two.jsonl", "gold.jsonl", "--per-article", "--errors"),
    ],
    ids=" ".join,
)
def test_no_command_lets_an_article_speak_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Escape sequences in names, titles, quotes and ids are shown as signs: they colour, move and rename nothing."""
    monkeypatch.chdir(tmp_path)
    one, two = _poisoned(), _poisoned(claims=[], run={"model": "other"})
    Path("one.jsonl").write_text(one.model_dump_json() + "\n", "utf-8")
    Path("two.jsonl").write_text(two.model_dump_json() + "\n", "utf-8")
    Path("gold.jsonl").write_text(gold_line(one) + "\n", "utf-8")
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    assert len(done.output) > 50
    for sequence in (TITLE, RED, HOME, BELL, BIDI, "\x1b"):
        assert sequence not in done.stdout + done.stderr


def test_messages_hold_no_escape_sequences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    """Neither from the name of a file, nor from what a server says."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in", f"a{TITLE}{RED}.jsonl").write_text("{}\n")
    articles.write_jsonl(Path("in.jsonl"), range(1))
    server = serve(lambda _: Reply(status=400, error={"message": f"bad {ESCAPES}", "type": "x", "code": None}))
    for arguments in (
        ("show", "in"),
        ("report", "in", "-o", "x.html"),
        ("show", f"none{TITLE}"),
        ("run", "in.jsonl", "-o", "out.jsonl", "--model", "local/x", "--base-url", server.url),
    ):
        done = CliRunner().invoke(app, list(arguments))
        assert done.exit_code in (1, 2)
        assert len(done.stderr) > 20
        for sequence in (TITLE, RED, HOME, BELL, BIDI, "\x1b"):
            assert sequence not in done.stdout + done.stderr


def test_no_table_in_a_file_holds_escape_sequences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV files are printed to terminals too."""
    monkeypatch.chdir(tmp_path)
    Path("one.jsonl").write_text(_poisoned().model_dump_json() + "\n", "utf-8")
    for arguments in (
        ("export", "one.jsonl", "--to", "csv", "-o", "tables"),
        ("ledger", "one.jsonl", "--as-of", "2026-01-01", "--csv", "ledger.csv", "--quiet"),
    ):
        done = CliRunner().invoke(app, list(arguments))
        assert done.exit_code == 0, done.output
    tables = [path.read_text("utf-8") for path in (*Path("tables").iterdir(), Path("ledger.csv"))]
    assert len(tables) == len(TABLES) + 1
    assert sum("␛]0;owned␇" in table for table in tables) == 7  # all but the one of what was not placed
    for sequence in (TITLE, RED, HOME, BELL, BIDI, "\x1b"):
        assert not any(sequence in table for table in tables)


# --- Files that others send ------------------------------------------------------------------------------------------

DEEP = b"[" * 100_000
HOSTILE = {
    "deep list": DEEP,
    "deep object": b'{"a":' * 100_000,
    "long number": b"9" * 10_000,
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "NUL": b"\0" * 100,
    "infinity": b'{"schema_version": Infinity}',
    "yaml": b"!!python/object/apply:os.system ['touch exploded']",
    "pickle": b"cos\nsystem\n(S'touch exploded'\ntR.",
}
READERS: dict[str, tuple[str, ...]] = {
    "show": ("show", "bad.jsonl"),
    "report": ("report", "bad.jsonl", "-o", "x.html"),
    "export": ("export", "bad.jsonl", "--to", "csv", "-o", "x"),
    "query": ("query", "select 1", "bad.jsonl"),
    "ledger": ("ledger", "bad.jsonl"),
    "kept ledger": ("ledger", "good.jsonl", "-o", "bad.jsonl"),
    "compare": ("compare", "--a", "bad.jsonl", "--b", "good.jsonl"),
    "gold": ("evaluate", "good.jsonl", "bad.jsonl"),
    "floor": ("evaluate", "good.jsonl", "gold.jsonl", "--floor", "bad.jsonl"),
    "label studio": ("import", "bad.jsonl", "--from", "labelstudio", "-o", "x.jsonl"),
    "cassette": ("cassette", "inspect", "bad.jsonl"),
    "replay": ("run", "in.jsonl", "-o", "x.jsonl", "--replay", "bad.jsonl"),
    "prompt": ("prompts", "show", "bad.jsonl"),
    "output": ("run", "in.jsonl", "-o", "middle.jsonl", "--model", "rules"),
    "articles": ("run", "bad.jsonl", "-o", "x.jsonl", "--model", "rules"),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("reader", READERS)
def test_no_file_crashes_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str, case: str) -> None:
    """Whatever stands in a file that a command reads, the answer is a message and an exit code, never a traceback."""
    monkeypatch.chdir(tmp_path)
    record = records.port()
    line = record.model_dump_json().encode() + b"\n"
    Path("bad.jsonl").write_bytes(HOSTILE[case] + b"\n")
    Path("middle.jsonl").write_bytes(line + HOSTILE[case] + b"\n" + line)
    Path("good.jsonl").write_bytes(line)
    Path("gold.jsonl").write_text(gold_line(record) + "\n", "utf-8")
    articles.write_jsonl(Path("in.jsonl"), range(1))
    done = CliRunner().invoke(app, list(READERS[reader]))
    assert isinstance(done.exception, SystemExit | None), repr(done.exception)
    assert done.exit_code in ((1,) if reader == "articles" else (2,)), done.output
    assert len(done.stderr) > 20
    assert not Path("exploded").exists()


# --- Files that the program writes -----------------------------------------------------------------------------------


def _run(folder: Path, *arguments: object) -> None:
    command = [sys.executable, "-m", "extractor", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, umask=0)
    assert done.returncode == 0, done.stderr.decode()[-500:]


def test_what_a_run_writes_is_its_owners_alone(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records, failures, manifests, cassettes, and the cache, whatever the umask."""
    server = serve(articles.answering())
    folder = tmp_path / "work"
    folder.mkdir()
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(3))
    monkeypatch.setenv("EXTRACTOR_CACHE_DIR", "cache")
    ask = ("--model", "local/x", "--base-url", server.url)
    _run(folder, "run", source, "-o", "new/out.jsonl", *ask)
    _run(folder, "run", source, "-o", "other.jsonl", "--record", "recorded/c.json", *ask)
    _run(folder, "ledger", "new/out.jsonl", "-o", "kept/ledger.jsonl", "--as-of", "2026-01-01")
    for kind in ("html", "csv", "ics"):
        _run(folder, "ledger", "new/out.jsonl", f"--{kind}", f"ledger.{kind}", "--as-of", "2026-01-01", "--quiet")
    _run(folder, "triage", source, "-o", "kept.jsonl")
    _run(folder, "report", "new/out.jsonl", "-o", "reports/report.html")
    for kind in FORMATS:
        _run(folder, "export", "new/out.jsonl", "--to", kind, "-o", f"as-{kind}")
    modes = {path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert {"new/out.jsonl", "new/out.run.json", "recorded/c.json", "kept/ledger.jsonl", "cache/cache.db"} <= set(modes)
    closed = {name for name, mode in modes.items() if mode & 0o077 == 0}
    inside = {name for name in modes if name.startswith("cache/")}  # nobody else gets through the folder
    assert set(modes) - closed <= inside
    assert "cache" in closed


def test_no_id_leads_out_of_the_output_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is named after an article: ids that are paths make no other files than harmless ones."""
    monkeypatch.chdir(tmp_path)
    made: dict[str, set[str]] = {}
    for place, ids in (("harmless", ("a", "b")), ("hostile", ("../../escaped", "/tmp/escaped\n"))):
        folder = tmp_path / place / "in" / "here"
        folder.mkdir(parents=True)
        monkeypatch.chdir(folder)
        rows = [{"id": id_, "text": f"{articles.text(1)} {id_}", "published": "2025-01-01"} for id_ in ids]
        Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        cli = CliRunner()
        for arguments in (
            ("run", "in.jsonl", "-o", "out.jsonl", "--model", "rules"),
            ("report", "out.jsonl", "-o", "report.html"),
            ("ledger", "out.jsonl", "-o", "ledger.jsonl", "--as-of", "2026-01-01"),
            *(("export", "out.jsonl", "--to", kind, "-o", f"as-{kind}") for kind in _formats()),
        ):
            done = cli.invoke(app, list(arguments))
            assert done.exit_code == 0, done.output
        made[place] = {path.relative_to(tmp_path / place).as_posix() for path in (tmp_path / place).rglob("*")}
    assert made["hostile"] == made["harmless"]
    assert not list(tmp_path.rglob("*escaped*"))
    assert not Path("/tmp/escaped").exists()  # what must not be there


def _formats() -> tuple[str, ...]:
    return tuple(FORMATS)


def test_no_text_adds_an_event_or_a_property_to_a_calendar() -> None:
    """Line breaks of any kind in a name, an action or an address stay inside their value (RFC 5545, 3.1)."""
    ends = ("\r\n", "\n", "\r", "\x0b", "\u2028")
    breaks = "".join(f"{end}END:VEVENT{end}BEGIN:VEVENT{end}ATTACH:https://evil.example" for end in ends)
    told = records.port().model_dump(mode="json")
    for item in told["commitments"]:
        item |= {"actors": [f"Lee{breaks}"], "action": f"act{breaks}", "condition": breaks}
    told["article"] |= {"title": breaks, "source": f"https://example.org/{breaks}"}
    pieces = ics.render([Record.model_validate(told)], Options())
    data = b"".join(piece.data for piece in pieces if isinstance(piece, Piece))
    events = Calendar.from_ical(data).walk("VEVENT")
    assert len(events) == 3
    assert b"\nATTACH" not in data.replace(b"\r", b"\n")
    assert all(event.get("attach") is None and event.get("url") is None for event in events)
    assert events[0]["dtstart"].dt == dt.date(2026, 3, 1)


# --- Time ------------------------------------------------------------------------------------------------------------


def _patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns of all modules that read files, answers and headers, by their names."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(extractor.__path__, "extractor."):
        if module.name.startswith(("extractor.files", "extractor.models", "extractor.results")):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{module.name}.{name}"] = value
    return found


# How these are used keeps them linear: at one place of a text only, or on a header or a name.
_ANCHORED = {
    "extractor.results.exports.csv._FORMULA": re.Pattern.match,
    "extractor.models.offline_batch.requests._ID": re.Pattern.fullmatch,
}
_BOUNDED = {"extractor.models.limits._DURATION"}  # tests/models/test_limits.py::test_a_long_header_takes_no_time
_REPEATED = [
    *("a", " ", "\n", "(", "<", '"', "-", "1", "1,", "A ", "A.", "=== ", "---\n", "\\", "<meta ", "<html ", "<a "),
    *(
        "http://a",
        "and ",
        ", ",
        "date ",
        "2025-",
        "Jan 1 ",
        "|",
        "*",
        "=",
        "\t",
        "é",
        "\u2028",
        "Mr. ",
        "A-",
        "[",
        "{{",
    ),
]


@pytest.mark.parametrize("name", sorted(_patterns().keys() - _BOUNDED))
def test_no_pattern_takes_more_than_linear_time(name: str) -> None:
    """A hundred thousand characters of any one piece are searched in a moment."""
    pattern, length = _patterns()[name], 100_000
    for piece in _REPEATED:
        for end in ("", "\x01"):
            text = (piece * length)[:length] + end
            started = time.process_time()
            if name in _ANCHORED:
                _ANCHORED[name](pattern, text)
            else:
                for _ in pattern.finditer(text):
                    pass
            assert time.process_time() - started < 1.0, repr(piece)


def test_errors_hide_what_is_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever raises an error, what is printed holds no key of this process."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-4f9b1c7de02a")
    with pytest.raises(typer.Exit), common.reporting():
        raise ExtractorError("refused sk-planted-4f9b1c7de02a", hint="Is sk-planted-4f9b1c7de02a right?")
    assert capsys.readouterr().err == "Error: refused ***\n  Is *** right?\n"


def _options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts
    for below in getattr(command, "commands", {}).values():
        yield from _options(below.command() if isinstance(below, DeferredCommand) else below)


def test_no_option_takes_a_key() -> None:
    """Arguments can be read by every user of the machine."""
    named = set(_options(typer.main.get_command(app)))
    assert len(named) > 60
    assert [name for name in named if re.search(r"key|token|secret|password|header|auth", name)] == []
