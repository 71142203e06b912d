"""`extractor ledger` with a model: its rates, its budget, and what its questions took."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.main import app
from tests.support.ledgers import DAY, linking, run, threads, written
from tests.support.server import Call, Reply, Script, Server
from tests.support.stories import ALL, BRIDGE, DELAY

Serve = Callable[[Script], Server]
PRICE = ("--price", "1000,1000")
"""An answer of this server, 100 tokens in and 10 out, costs $0.11."""

QUESTIONS = 4
"""about the articles of these tests"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return written(tmp_path / "out.jsonl", *ALL)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def ask(server: Server, *arguments: object) -> Result:
    """`extractor ledger` with the model behind that server."""
    return run(*arguments, "--model", "local/x", "--base-url", server.url, *DAY)


def manifest(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.with_suffix(".run.json").read_text())
    return loaded


def no_ledger(path: Path) -> bool:
    return list(path.parent.glob(f"*{path.stem}*")) == []


def test_the_budget_stops_before_the_question_that_would_pass_it(serve: Serve, records: Path, path: Path) -> None:
    """$0.25 buys two answers of $0.11: exit code 3, a remedy, and neither a ledger nor another file."""
    server = serve(linking("same"))
    page = path.with_name("page.html")
    result = ask(server, records, "-o", path, "--html", page, *PRICE, "--max-cost", 0.25, "-c", 1)
    assert result.exit_code == 3
    assert len(server.calls) == 2
    assert result.stdout == ""
    message, hint = result.stderr.splitlines()
    assert message.startswith("Error: The next question would cost about $0.1")
    assert message.endswith(", and $0.2200 of $0.25 are spent.")
    assert hint == (
        f"  2 of {QUESTIONS} questions are answered. Their answers are in the cache: the same command goes on with as "
        "much again. No ledger was written."
    )
    assert no_ledger(path)
    assert not page.exists()


@pytest.mark.parametrize("concurrency", [1, 8])
def test_the_same_command_goes_on(serve: Serve, records: Path, path: Path, concurrency: int) -> None:
    """Again and again, until the ledger is that of a run without a budget; no question is asked twice."""
    server = serve(linking("same"))
    codes = []
    while not codes or codes[-1] == 3:
        codes.append(ask(server, records, "-o", path, *PRICE, "--max-cost", 0.25, "-c", concurrency).exit_code)
        assert path.exists() == (codes[-1] == 0)
    assert codes == [3, 0]
    assert len(server.calls) == QUESTIONS
    assert manifest(path)["questions"]["asked"] == manifest(path)["questions"]["from_cache"] == 2
    plain = path.with_name("plain.jsonl")
    assert ask(server, records, "-o", plain, "--no-cache").exit_code == 0
    assert path.read_bytes() == plain.read_bytes()


def test_a_re_ask_is_paid_for_before_another_question_is_begun(serve: Serve, records: Path, path: Path) -> None:
    """Each first answer is of no use: what the budget allows for are whole questions, and their answers are kept."""
    usable = linking("same")
    server = serve(lambda call: usable(call) if len(call.body["messages"]) > 2 else Reply({"links": "none"}))
    codes = []
    while not codes or codes[-1] == 3:
        codes.append(ask(server, records, "-o", path, *PRICE, "--max-cost", 0.7, "-c", 8).exit_code)
    assert codes == [3, 0]
    assert len(server.calls) == 2 * QUESTIONS


def test_a_kept_ledger_stays_as_it_was(serve: Serve, records: Path, path: Path) -> None:
    """A stopped run changes neither the threads nor what stands beside them, decisions included."""
    server = serve(linking("same"))
    assert ask(server, written(path.with_name("first.jsonl"), BRIDGE, DELAY), "-o", path, *PRICE).exit_code == 0
    thread = threads(path.read_text())[0]["id"]
    assert ask(server, "-o", path, "--rate", thread, "partly").exit_code == 0
    before = {file: file.read_bytes() for file in path.parent.glob("ledger.*")}
    assert len(before) == 3
    stopped = ask(server, records, "-o", path, *PRICE, "--max-cost", 0.12, "--rate", thread, "due")
    assert stopped.exit_code == 3
    assert {file: file.read_bytes() for file in path.parent.glob("ledger.*")} == before


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        (("--max-cost", 0.25, "--no-cache"), "With --no-cache all are asked anew: give a higher --max-cost."),
        (("--max-cost", 0.25, "--record", "CASSETTE"), "With --record all are asked anew: give a higher --max-cost."),
        (("--max-cost", 0.000001), f"0 of {QUESTIONS} questions are answered. Give a higher --max-cost."),
    ],
)
def test_where_the_same_command_would_get_no_further(
    serve: Serve, records: Path, path: Path, options: Sequence[object], remedy: str
) -> None:
    """It is not advised."""
    given = [path.with_name("links.json") if option == "CASSETTE" else option for option in options]
    result = ask(serve(linking("same")), records, "-o", path, *PRICE, "-c", 1, *given)
    assert result.exit_code == 3
    assert remedy in result.stderr
    assert "the same command" not in result.stderr
    assert no_ledger(path)


def test_what_the_questions_took(serve: Serve, records: Path, path: Path) -> None:
    """Re-asks and failures are paid for: two re-asks of a question that fails, in the manifest and on stderr."""
    usable = linking("same")

    def script(call: Call) -> Reply:
        said = call.body["messages"][1]["content"]
        later = said[said.index("Later item:") :]
        return Reply({"links": "none"}) if "five ferries" in later.splitlines()[1] else usable(call)

    result = ask(serve(script), records, "-o", path, *PRICE)
    assert result.exit_code == 1
    assert "1 question failed; rules decided those links." in result.stderr
    assert result.stderr.splitlines()[-1] == (
        f"5 articles in the ledger, 5 new; {QUESTIONS} questions asked, 660 tokens, $0.6600."
    )
    assert manifest(path)["questions"] == {
        "asked": QUESTIONS,
        "from_cache": 0,
        "failed": 1,
        "attempts": QUESTIONS + 2,
        "input_tokens": 600,
        "output_tokens": 60,
        "cost": pytest.approx(0.66),
        "prices": {"input": 1000.0, "output": 1000.0, "cached": None, "source": "--price"},
    }


def test_where_no_price_is_known(serve: Serve, records: Path, path: Path) -> None:
    """Tokens are told, and no cost is."""
    result = ask(serve(linking("same")), records, "-o", path)
    assert result.stderr.splitlines()[-1].endswith(f"{QUESTIONS} questions asked, 440 tokens.")
    told = manifest(path)["questions"]
    assert (told["input_tokens"], told["cost"], told["prices"]) == (400, None, None)


def test_what_comes_from_the_cache_costs_nothing(serve: Serve, records: Path, path: Path) -> None:
    """A second ledger of the same records, with no money at all."""
    server = serve(linking("same"))
    ask(server, records, "-o", path, *PRICE)
    again = path.with_name("again.jsonl")
    result = ask(server, records, "-o", again, *PRICE, "--max-cost", 0)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1].endswith(f"0 questions asked ({QUESTIONS} more from the cache).")
    told = manifest(again)["questions"]
    assert (told["asked"], told["from_cache"], told["input_tokens"], told["cost"]) == (0, QUESTIONS, 0, 0.0)
    assert again.read_bytes() == path.read_bytes()


def test_a_run_without_questions_leaves_the_figures(serve: Serve, records: Path, path: Path) -> None:
    """Who only looks at a ledger does not lose what it took; a ledger by rules never had any."""
    server = serve(linking("same"))
    ask(server, records, "-o", path, *PRICE)
    before = path.with_suffix(".run.json").read_bytes()
    result = ask(server, "-o", path, *PRICE, "--overdue")
    assert result.stderr.splitlines()[-1] == "5 articles in the ledger, 0 new."
    assert path.with_suffix(".run.json").read_bytes() == before
    rules = path.with_name("rules.jsonl")
    run(records, "-o", rules, "-q", *DAY)
    assert manifest(rules)["questions"] is None


def test_an_older_manifest_is_continued(records: Path, path: Path) -> None:
    """One that does not tell of questions."""
    run(records, "-o", path, "-q", *DAY)
    told = manifest(path)
    del told["questions"]
    path.with_suffix(".run.json").write_text(json.dumps(told), "utf-8")
    result = run("-o", path, *DAY)
    assert result.exit_code == 0, result.output
    assert manifest(path) == told | {"questions": None}


def test_a_replay_is_free(serve: Serve, records: Path, path: Path) -> None:
    """It has no price, so that no budget stops it; the recorded tokens are told."""
    cassette, again = path.with_name("links.json"), path.with_name("again.jsonl")
    ask(serve(linking("same")), records, "-o", path, *PRICE, "--record", cassette)
    options = ("--replay", cassette, *PRICE, "--max-cost", 1, *DAY)
    result = run(records, "-o", again, *options)
    assert result.exit_code == 0, result.output
    assert result.stderr.splitlines()[-1].endswith(f"{QUESTIONS} questions asked, 440 tokens.")
    told = manifest(again)["questions"]
    assert (told["asked"], told["cost"], told["prices"]) == (QUESTIONS, None, None)


@pytest.mark.parametrize("limit", [("--rpm", 300), ("--tpm", 33_000)])
def test_a_rate_is_kept(serve: Serve, records: Path, limit: tuple[str, int]) -> None:
    """Five questions a second, by requests or by the tokens that they take: four are not asked at once."""
    arrived: list[float] = []
    usable = linking("same")

    def script(call: Call) -> Reply:
        arrived.append(time.monotonic())
        return usable(call)

    assert ask(serve(script), records, "-q", "-c", 8, *limit).exit_code == 0
    assert len(arrived) == QUESTIONS
    assert arrived[-1] - arrived[0] >= 0.5 * (QUESTIONS - 1) / 5  # half of it: the first one may be slow to arrive


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--max-cost", "1"), "No price is known for local/x"),
        (("--price", "cheap"), "'cheap' is no price"),
        (("--rpm", "0"), "--rpm"),
        (("--max-cost", "-1"), "--max-cost"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    serve: Serve, records: Path, path: Path, options: tuple[str, ...], message: str
) -> None:
    """Exit code 2, nothing is asked, and nothing is written."""
    server = serve(linking("same"))
    result = ask(server, records, "-o", path, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert server.calls == []
    assert no_ledger(path)


def test_rules_cost_nothing_but_a_price_must_be_one(records: Path, path: Path) -> None:
    """As in `run`: with rules a budget is kept whatever it is, and nonsense is refused."""
    assert run(records, "-o", path, "--max-cost", 0, "-q").exit_code == 0
    refused = run(records, "--price", "cheap")
    assert refused.exit_code == 2
    assert "'cheap' is no price" in refused.stderr


def test_the_options_are_those_of_run() -> None:
    """The same words, of the same values, in both commands."""

    def told(command: str) -> list[str]:
        text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
        lines = [" ".join(line.replace("│", "").split()) for line in text.splitlines()]
        return [line for line in lines if line.startswith(("--rpm", "--tpm", "--max-cost", "--price"))]

    assert len(told("ledger")) == 4
    assert told("ledger") == told("run")
