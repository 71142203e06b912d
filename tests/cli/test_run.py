"""`extractor run`, as a user meets it."""

from __future__ import annotations

import json
import random
import re
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli.main import app
from extractor.models.cached import AnswerCache
from tests.support import articles
from tests.support.articles import answering, jsonl
from tests.support.runs import ask, manifest, run, start, wait_for
from tests.support.server import Call, Reply, Script, Server, seeded

Serve = Callable[[Script], Server]


def test_records_stand_in_input_order(serve: Serve, ten: Path, out: Path) -> None:
    """However long each answer takes, OUT.jsonl has the order of the input."""
    slow_first = serve(lambda call: Reply(articles.answer(call), delay=0.2 if "bridge 0 " in call.article else 0.0))
    result = ask(slow_first, ten, "-o", out)
    assert result.exit_code == 0
    assert [r["article"]["id"] for r in jsonl(out)] == [f"a{n}" for n in range(10)]
    assert "10 articles read: 10 written, 0 failed, 0 skipped; 1,000 + 100 tokens." in result.stderr
    assert result.stdout == ""


def test_the_manifest_adds_up(serve: Serve, ten: Path, out: Path) -> None:
    """Settings, versions, counts and tokens of the run stand beside the records."""
    ask(serve(answering()), ten, "-o", out, "--concurrency", 3)
    found = manifest(out)
    assert {
        k: found[k]
        for k in ("state", "read", "written", "failed", "skipped", "input_tokens", "output_tokens", "attempts")
    } == {
        "state": "finished",
        "read": 10,
        "written": 10,
        "failed": 0,
        "skipped": 0,
        "input_tokens": 1000,
        "output_tokens": 100,
        "attempts": 10,
    }
    assert found["settings"]["concurrency"] == 3
    assert found["model"] == "local/test"
    assert set(found["versions"]) >= {"openai", "instructor", "pydantic", "python"}


def test_concurrency_is_bounded(serve: Serve, ten: Path, out: Path) -> None:
    """Never more articles under way than asked for."""
    server = serve(answering(0.02))
    ask(server, ten, "-o", out, "-c", 3)
    assert server.most_in_flight == 3


def test_a_finished_run_is_not_done_again(serve: Serve, ten: Path, out: Path) -> None:
    """The second call asks nothing and changes nothing."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    before = out.read_bytes()
    result = ask(server, ten, "-o", out)
    assert "0 written, 0 failed, 10 skipped" in result.stderr
    assert out.read_bytes() == before
    assert len(server.calls) == 10


def test_one_failing_article_does_not_lose_the_others(serve: Serve, ten: Path, out: Path) -> None:
    """The rest is written, the failure has its reason and its remedy, and the exit code is 1."""
    server = serve(lambda call: Reply(refusal="No.") if "bridge 4 " in call.article else Reply(articles.answer(call)))
    result = ask(server, ten, "-o", out)
    assert result.exit_code == 1
    assert len(jsonl(out)) == 9
    (failure,) = jsonl(out.with_suffix(".failed.jsonl"))
    assert (failure["article"], failure["error"], failure["message"]) == (
        "a4",
        "AnswerRefused",
        "a4: the model declined: No.",
    )
    assert (failure["attempts"], failure["input_tokens"], failure["retryable"]) == (1, 100, False)
    assert "--retry-failed" in failure["hint"]
    assert "Failed: a4: the model declined: No." in result.stderr
    assert "out.failed.jsonl" in result.stderr


def test_the_failures_are_where_the_message_says(serve: Serve, ten: Path, tmp_path: Path) -> None:
    """Also where the output has another ending, or none."""
    server = serve(lambda _: Reply(refusal="No."))
    for name, failed in [("run.v2", "run.v2.failed.jsonl"), ("run", "run.failed.jsonl")]:
        result = ask(server, ten, "-o", tmp_path / name, "--limit", 1)
        assert f"What failed, and what to do about it: {tmp_path / failed}\n" in result.stderr
        assert len(jsonl(tmp_path / failed)) == 1


def test_failures_are_retried_only_on_order_and_land_in_their_place(serve: Serve, ten: Path, out: Path) -> None:
    """Without --retry-failed they are skipped; with it the file is as if nothing had ever failed."""
    good = serve(answering())
    bad = serve(
        lambda call: Reply(refusal="No.") if re.search("bridge [47] ", call.article) else Reply(articles.answer(call))
    )
    ask(bad, ten, "-o", out)
    again = ask(good, ten, "-o", out)
    assert again.exit_code == 1
    assert "10 articles read: 0 written, 0 failed, 10 skipped." in again.stderr
    assert "2 of those skipped failed earlier; --retry-failed reads them again." in again.stderr
    assert good.calls == []
    assert len(jsonl(out.with_suffix(".failed.jsonl"))) == 2
    retried = ask(good, ten, "-o", out, "--retry-failed")
    assert "2 written, 0 failed, 8 skipped" in retried.stderr
    assert not out.with_suffix(".failed.jsonl").exists()
    plain = out.with_name("plain.jsonl")
    ask(good, ten, "-o", plain)
    assert out.read_bytes() == plain.read_bytes()


def test_articles_added_in_front_are_put_in_order(serve: Serve, tmp_path: Path, out: Path) -> None:
    """A run continued over a grown input gives the bytes of a run over the whole."""
    server = serve(answering())
    part = articles.write_jsonl(tmp_path / "part.jsonl", range(5, 10))
    ask(server, part, "-o", out)
    whole = articles.write_jsonl(tmp_path / "part.jsonl", range(10))
    ask(server, whole, "-o", out)
    plain = out.with_name("plain.jsonl")
    ask(server, whole, "-o", plain)
    strip = re.compile(rb"part\.jsonl:\d+")
    assert strip.sub(b"", out.read_bytes()) == strip.sub(b"", plain.read_bytes())


def test_an_output_of_another_model_is_refused(serve: Serve, ten: Path, out: Path) -> None:
    """The message names what differs and the ways out; --overwrite starts anew."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    result = run(ten, "-o", out, "--model", "local/other", "--base-url", server.url)
    assert result.exit_code == 2
    assert "was made with another model (local/test, now local/other)" in result.stderr
    assert "--overwrite" in result.stderr
    again = run(ten, "-o", out, "--model", "local/other", "--base-url", server.url, "--overwrite")
    assert again.exit_code == 0
    assert {r["run"]["model"] for r in jsonl(out)} == {"local/other"}


def test_an_incomplete_last_line_is_repaired_and_told(serve: Serve, ten: Path, out: Path) -> None:
    """What a killed run left half-written is cut off; its article comes from the cache."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    whole = out.read_bytes()
    out.write_bytes(whole[:-40])
    result = ask(server, ten, "-o", out)
    assert "was incomplete and was cut off" in result.stderr
    assert out.read_bytes() == whole
    assert len(server.calls) == 10


def test_a_file_that_is_no_output_is_left_alone(ten: Path, out: Path) -> None:
    """A mistyped -o does not destroy somebody's file."""
    out.write_text('{"my": "data"}\n{"more": 1}\n')
    result = run(ten, "-o", out, "--model", "rules")
    assert result.exit_code == 2
    assert out.read_text() == '{"my": "data"}\n{"more": 1}\n'


def test_records_go_to_stdout_and_nothing_else_does(serve: Serve, ten: Path) -> None:
    """With `-o -` stdout is JSONL."""
    result = ask(serve(answering()), ten, "-o", "-")
    assert [json.loads(line)["article"]["id"] for line in result.stdout.splitlines()] == [f"a{n}" for n in range(10)]
    assert "10 articles read" in result.stderr


@pytest.mark.slow  # every call is repeated for some seconds
def test_a_run_stops_where_the_server_is_gone(tmp_path: Path, out: Path) -> None:
    """After 25 articles in a row, with exit code 3; what was lost is read by --retry-failed, the others were never
    touched.
    """
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    nobody = ("--model", "local/test", "--base-url", "http://127.0.0.1:9/v1", "--concurrency", 30)
    result = run(source, "-o", out, *nobody)
    assert result.exit_code == 3
    assert "The server did not answer 25 articles in a row." in result.stderr
    assert "the same command with --retry-failed continues" in result.stderr
    assert len(jsonl(out.with_suffix(".failed.jsonl"))) == 25
    assert jsonl(out) == []


def test_totals_as_json(serve: Serve, ten: Path, out: Path) -> None:
    """--json prints one object for programs."""
    result = ask(serve(answering()), ten, "-o", out, "--json", "--limit", 3)
    assert json.loads(result.stdout) == {
        "state": "finished",
        "read": 3,
        "written": 3,
        "failed": 0,
        "skipped": 0,
        "failed_earlier": 0,
        "from_cache": 0,
        "input_tokens": 300,
        "output_tokens": 30,
        "cost": None,
    }


def test_answers_are_kept_between_runs(serve: Serve, ten: Path, out: Path) -> None:
    """Another output file costs nothing; --no-cache asks again."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    other = ask(server, ten, "-o", out.with_name("other.jsonl"))
    assert "(10 from the cache)" in other.stderr
    assert "tokens" not in other.stderr
    assert other.exit_code == 0
    assert out.read_bytes() == out.with_name("other.jsonl").read_bytes()
    assert len(server.calls) == 10
    ask(server, ten, "-o", out.with_name("third.jsonl"), "--no-cache")
    assert len(server.calls) == 20


def test_fail_fast_stops_at_the_first_failure(serve: Serve, ten: Path, out: Path) -> None:
    """What came before is written."""
    server = serve(lambda call: Reply(refusal="No.") if "bridge 4 " in call.article else Reply(articles.answer(call)))
    result = ask(server, ten, "-o", out, "--fail-fast", "-c", 1)
    assert result.exit_code == 1
    assert [r["article"]["id"] for r in jsonl(out)] == ["a0", "a1", "a2", "a3"]
    assert manifest(out)["state"] == "stopped"


def test_a_rejected_key_stops_the_run_at_once(serve: Serve, ten: Path, out: Path) -> None:
    """No failure line for every article: one message, exit code 2, and the run can be continued."""
    server = serve(lambda _: Reply(status=401))
    result = ask(server, ten, "-o", out, "-c", 1)
    assert result.exit_code == 2
    assert "The key is not accepted: check it." in result.stderr
    assert len(server.calls) == 1
    assert not out.with_suffix(".failed.jsonl").exists()
    good = serve(answering())
    assert ask(good, ten, "-o", out).exit_code == 0
    assert len(jsonl(out)) == 10


def test_a_dry_run_leaves_out_what_is_done(serve: Serve, ten: Path, out: Path) -> None:
    """As the run itself would; --overwrite begins anew, and --json is for programs."""
    server = serve(answering())
    ask(server, ten, "-o", out, "--limit", 4)
    told = ask(server, ten, "-o", out, "--dry-run").stderr
    assert "6 articles would be read in 6 questions." in told
    assert "4 articles more: the record is there already." in told
    assert "10 articles would be read" in ask(server, ten, "-o", out, "--dry-run", "--overwrite").stderr
    counted = json.loads(ask(server, ten, "-o", out, "--dry-run", "--json", "--price", "1,1").stdout)
    assert (counted["articles"], counted["already_done"], counted["unreadable"]) == (6, 4, 0)
    assert counted["cost"] == round((counted["input_tokens"] + counted["output_tokens"]) / 1e6, 4)


def test_a_dry_run_asks_nothing(serve: Serve, ten: Path, out: Path) -> None:
    """It tells articles, questions and tokens, and writes no file."""
    server = serve(answering())
    result = ask(server, ten, "-o", out, "--dry-run")
    assert result.exit_code == 0
    assert "10 articles would be read in 10 questions." in result.stderr
    assert re.search(r"About [\d,]+ tokens in and [\d,]+ tokens out \(estimated", result.stderr)
    assert server.calls == []
    assert list(out.parent.glob("out*")) == []


def test_a_recording_is_complete_also_where_the_cache_knows_the_answers(
    serve: Serve, ten: Path, out: Path, tmp_path: Path
) -> None:
    """--record asks anew; the replay, with no server, gives the same bytes twice."""
    server = serve(answering())
    cassette = tmp_path / "c.json"
    ask(server, ten, "-o", out)
    recorded = ask(server, ten, "-o", out, "--overwrite", "--record", cassette)
    assert recorded.exit_code == 0
    assert len(server.calls) == 20
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for path in (one, two):
        result = run(ten, "-o", path, "--replay", cassette)
        assert result.exit_code == 0
    assert one.read_bytes() == two.read_bytes() == out.read_bytes()
    assert {r["run"]["model"] for r in jsonl(one)} == {"local/test"}
    assert len(server.calls) == 20


def test_a_stale_cassette_names_the_article_and_the_command(serve: Serve, ten: Path, out: Path, tmp_path: Path) -> None:
    """An article that was not recorded fails; the others are replayed."""
    cassette = tmp_path / "c.json"
    ask(serve(answering()), ten, "-o", out, "--record", cassette)
    eleven = articles.write_jsonl(ten, range(11))
    result = run(eleven, "-o", out, "--replay", cassette)
    assert result.exit_code == 1
    assert "Failed: a10: the cassette" in result.stderr
    assert f"--record {cassette}" in result.stderr


def test_a_tools_mode_cassette_replays_as_recorded(serve: Serve, ten: Path, out: Path, tmp_path: Path) -> None:
    """The replay asks in the mode of the recording, without being told."""
    cassette = tmp_path / "c.json"
    ask(serve(answering()), ten, "-o", out, "--record", cassette, "--mode", "tools", "--temperature", 0)
    assert run(ten, "-o", tmp_path / "again.jsonl", "--replay", cassette).exit_code == 0
    assert (tmp_path / "again.jsonl").read_bytes() == out.read_bytes()


def test_cassettes_are_inspected_and_pruned(serve: Serve, ten: Path, out: Path, tmp_path: Path) -> None:
    """`inspect` lists the interactions; `prune` takes out what the given articles do not ask."""
    cassette = tmp_path / "c.json"
    ask(serve(answering()), ten, "-o", out, "--record", cassette)
    cli = CliRunner()
    shown = cli.invoke(app, ["cassette", "inspect", str(cassette)])
    assert shown.stdout.splitlines()[0] == f"{cassette}: 10 interactions, recorded from local/test"
    rows = cli.invoke(app, ["cassette", "inspect", str(cassette), "--json"]).stdout.splitlines()
    assert {json.loads(row)["input_tokens"] for row in rows} == {100}
    three = articles.write_jsonl(ten, range(3))
    dry = cli.invoke(app, ["cassette", "prune", str(cassette), str(three), "--dry-run"])
    assert dry.stdout == "7 interactions would be taken out, 3 kept.\n"
    assert len(json.loads(cassette.read_text())["interactions"]) == 10
    pruned = cli.invoke(app, ["cassette", "prune", str(cassette), str(three)])
    assert pruned.stdout == "7 interactions were taken out, 3 kept.\n"
    assert run(three, "-o", tmp_path / "again.jsonl", "--replay", cassette).exit_code == 0
    more = articles.write_jsonl(ten, range(4))
    refused = cli.invoke(app, ["cassette", "prune", str(cassette), str(more)])
    assert refused.exit_code == 2
    assert "1 article cannot be replayed" in refused.stderr


def test_faults_of_many_kinds_lose_nothing(
    serve: Serve, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 429s, 500s, drops, invalid and cut answers, read = written + failed, and a retry completes the rest."""
    monkeypatch.setattr("extractor.models.retrying.Wait.__call__", lambda *_: 0.0)
    many = articles.write_jsonl(tmp_path / "many.jsonl", range(150))
    rates = {"429": 0.10, "500": 0.05, "drop": 0.02, "invalid": 0.30, "cut": 0.05}
    server = serve(seeded(rates, articles.answer))
    result = ask(server, many, "-o", out, "-c", 16)
    failed = jsonl(out.with_suffix(".failed.jsonl")) if out.with_suffix(".failed.jsonl").exists() else []
    assert len(jsonl(out)) + len(failed) == 150
    assert result.exit_code == (1 if failed else 0)
    assert all(f["hint"] and f["message"] and f["error"] for f in failed)
    ask(serve(answering()), many, "-o", out, "--retry-failed")
    assert [r["article"]["id"] for r in jsonl(out)] == [f"a{n}" for n in range(150)]


def test_the_outputs_are_private(serve: Serve, ten: Path, out: Path) -> None:
    """Records, failures and manifest can be read by their owner alone."""
    server = serve(lambda call: Reply(refusal="No.") if "bridge 4 " in call.article else Reply(articles.answer(call)))
    ask(server, ten, "-o", out)
    for path in (out, out.with_suffix(".failed.jsonl"), out.with_suffix(".run.json")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_killed_run_continues_to_the_same_bytes_and_asks_nothing_twice(serve: Serve, tmp_path: Path) -> None:
    """SIGKILL at a random moment; what was answered and kept is not asked again, and the file is that of an unbroken
    run.
    """
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(80))
    out, cache = tmp_path / "out.jsonl", tmp_path / "killed"
    server = serve(answering(0.05))
    moment = random.Random().randrange(5, 70)
    process = start(server, source, out, cache)
    wait_for(lambda: server.answered >= moment or process.poll() is not None)
    process.kill()
    process.communicate()
    kept = len(list(AnswerCache(cache).keys()))
    asked = len(server.calls)
    assert kept <= server.answered <= asked < 80 + 1
    second = start(server, source, out, cache)
    assert second.wait(60) == 0, second.communicate()
    second.communicate()
    assert len(server.calls) - asked == 80 - kept
    whole = tmp_path / "whole.jsonl"
    unbroken = start(serve(answering()), source, whole, tmp_path / "unbroken")
    assert unbroken.wait(60) == 0
    unbroken.communicate()
    assert out.read_bytes() == whole.read_bytes()


def test_ctrl_c_finishes_what_is_under_way_and_can_be_continued(serve: Serve, tmp_path: Path) -> None:
    """The exit code is 130, the counts add up, nothing under way is lost, and the same command completes the run."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(60))
    out, cache = tmp_path / "out.jsonl", tmp_path / "cache"
    server = serve(answering(0.1))
    process = start(server, source, out, cache)
    wait_for(lambda: server.answered >= 10)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Stopping: the articles under way are finished and written." in stderr
    asked = len(server.calls)
    assert len(jsonl(out)) == asked < 60
    assert manifest(out)["state"] == "interrupted"
    second = start(server, source, out, cache)
    assert second.wait(60) == 0
    second.communicate()
    assert len(server.calls) == 60
    assert [r["article"]["id"] for r in jsonl(out)] == [f"a{n}" for n in range(60)]


def test_a_second_ctrl_c_stops_at_once(serve: Serve, tmp_path: Path) -> None:
    """Articles that hang do not hold the program up."""
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(20))
    out = tmp_path / "out.jsonl"
    server = serve(lambda call: Reply(articles.answer(call), delay=0 if "bridge 0 " in call.article else 30))
    process = start(server, source, out, tmp_path / "cache")
    wait_for(lambda: len(server.calls) >= 8)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130, stderr
    assert b"Traceback" not in stderr
    assert [r["article"]["id"] for r in jsonl(out)] == ["a0"]


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["nowhere.txt", "-o", "x.jsonl"], "nowhere.txt", ".jsonl"),
        (["{ten}", "-o", "x.jsonl", "--model", "gpt-4"], "There is no model 'gpt-4'", "openai/NAME"),
        (["{ten}", "-o", "x.jsonl", "--model", "local/x"], "needs the address of its server", "--base-url"),
        (["{ten}", "-o", "x.jsonl", "--model", "openai/x"], "OPENAI_API_KEY is not set", "--model rules"),
        (["{ten}", "-o", "x.jsonl", "--model", "openrouter/x"], "OPENROUTER_API_KEY is not set", "--replay"),
        (
            ["{ten}", "-o", "x.jsonl", "--model", "local/x", "--base-url", "http://example.org/v1"],
            "plain http",
            "https://",
        ),
        (["{ten}", "-o", "x.jsonl", "--model", "local/x", "--base-url", "127.0.0.1:8000"], "is no address", "http://"),
        (["{ten}", "-o", "x.jsonl", "--replay", "none.json"], "There is no cassette none.json", "--record"),
        (["{ten}", "-o", "x.jsonl", "--replay", "a", "--record", "b"], "exclude each other", "Replay"),
        (["{ten}", "-o", "x.jsonl", "--prompt", "mine"], "There is no prompt 'mine'", "extract.v1"),
        (["{ten}", "-o", "/proc/nope/x.jsonl", "--model", "rules"], "cannot be written", "room on the disk"),
    ],
)
def test_usage_errors_have_a_remedy_and_exit_code_2(
    ten: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str, hint: str
) -> None:
    """One message, one remedy, no traceback, no output file."""
    monkeypatch.chdir(tmp_path)
    result = run(*(argument.replace("{ten}", str(ten)) for argument in arguments))
    assert result.exit_code == 2
    assert message in result.stderr
    assert hint in result.stderr
    assert not (tmp_path / "x.jsonl").exists()


def test_without_key_and_model_the_rules_read_and_say_so(ten: Path, out: Path) -> None:
    """A notice on stderr; the record names the model."""
    result = run(ten, "-o", out, "--limit", 1)
    assert result.exit_code == 0
    assert "reading with `rules`" in result.stderr
    assert jsonl(out)[0]["run"]["model"] == "rules"


def test_one_call_per_article(serve: Serve, ten: Path, out: Path) -> None:
    """Ten articles cost ten requests, each about its own text."""
    server = serve(answering())
    ask(server, ten, "-o", out)
    assert sorted(call.article for call in server.calls) == sorted(articles.text(n) for n in range(10))
    assert all(isinstance(call, Call) for call in server.calls)
