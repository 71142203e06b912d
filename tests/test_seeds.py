"""The two sample articles always come out right, and what is recorded keeps its quality."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor import settings
from extractor.cli.main import app
from extractor.files import prompts
from extractor.files.records import read_records
from extractor.models.cassette import Cassette
from extractor.models.opening import ModelOptions, as_recorded, open_model
from extractor.results.ledger import Answers, Directory, by_model, plan
from extractor.schema.record import Commitment, Record

RECORDED = {"seeds": "seeds", "dev": "tests/gold/dev.jsonl", "articles": "tests/gold/articles.jsonl"}
"""The cassettes of articles, and the articles that each is for."""

KHOREV, OVERCHUK = "000_43ab85a582bdf18f", "004_3222fb550c84a5fa"
SHA256 = {
    KHOREV: "0f2fca94",
    OVERCHUK: "46198be7",
}


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds' records, replayed as the README says."""
    root = Path(__file__).parents[1]
    path = tmp_path_factory.mktemp("seeds") / "out.jsonl"
    arguments = ["run", str(root / "seeds"), "-o", str(path), "--replay", str(root / "cassettes" / "seeds.json")]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return path


@pytest.fixture(scope="session")
def seeds(out: Path) -> dict[str, Record]:
    return {record.article.id: record for record in read_records(out)}


def _names(record: Record) -> dict[str, str]:
    return {speaker.id: speaker.name for speaker in record.speakers}


def _commitment(record: Record, words: str) -> Commitment:
    (found,) = [c for c in record.commitments if words in c.quote.exact]
    return found


def _days(commitment: Commitment) -> tuple[str, str, str]:
    assert commitment.when is not None
    return commitment.when.expression, str(commitment.when.earliest), str(commitment.when.latest)


def test_the_seeds_are_what_was_given(seeds: dict[str, Record]) -> None:
    """The texts, to the byte, with the dates of their heads."""
    assert {id: record.article.sha256[:8] for id, record in seeds.items()} == SHA256
    assert {id: str(record.article.published) for id, record in seeds.items()} == {
        KHOREV: "2025-02-12",
        OVERCHUK: "2025-07-11",
    }


def test_every_passage_stands_where_the_record_says(seeds: dict[str, Record]) -> None:
    """All quotes exact, nothing unplaced, no date disagreement."""
    for record in seeds.values():
        assert record.unplaced == []
        assert [check for check in record.checks if check.code == "date_disagreement"] == []
        items = [*record.claims, *record.stances, *record.commitments]
        assert len(items) > 10
        for item in items:
            assert record.article.text[item.quote.start : item.quote.end] == item.quote.exact
            assert item.quote.match == "exact"


def test_russia_and_pakistan_will_focus_on_cooperation_in_2025(seeds: dict[str, Record]) -> None:
    """Khorev's words, a commitment of both states, the whole of 2025 and no invented day."""
    record = seeds[KHOREV]
    found = _commitment(record, "will focus on cooperation")
    assert set(found.actors) == {"Russia", "Pakistan"}
    assert found.speaker is not None
    assert _names(record)[found.speaker] == "Albert P. Khorev"
    assert _days(found) == ("in 2025", "2025-01-01", "2025-12-31")
    assert found.firmness == "pledged"


def test_the_pilot_cargo_train_is_to_run_in_august_2025(seeds: dict[str, Record]) -> None:
    """A month, not a day."""
    found = _commitment(seeds[OVERCHUK], "the launching of pilot cargo train")
    assert _days(found) == ("in August 2025", "2025-08-01", "2025-08-31")
    assert set(found.actors) == {"Pakistan", "Russia"}


def test_putin_and_the_pakistani_prime_minister_are_to_meet_later_this_august(seeds: dict[str, Record]) -> None:
    """Hoped for, in August 2025."""
    found = _commitment(seeds[OVERCHUK], "looked forward to meeting")
    assert _days(found) == ("later this August", "2025-08-01", "2025-08-31")
    assert found.firmness == "hoped"


def test_putins_view_was_relayed_twice(seeds: dict[str, Record]) -> None:
    """The Foreign Office said that Overchuk stressed what Putin considered."""
    record = seeds[OVERCHUK]
    names = _names(record)
    (found,) = [c for c in record.claims if "important partner in the growth" in c.quote.exact]
    assert "Putin" in names[found.speaker]
    relays = [names[relay].casefold() for relay in found.via]
    assert len(relays) == 2
    assert "foreign office" in relays[0]
    assert "overchuk" in relays[1]


def test_what_was_announced_on_thursday_is_no_plan(seeds: dict[str, Record]) -> None:
    """No commitment takes a time at which something was said."""
    for record in seeds.values():
        expressions = [c.when.expression.casefold() for c in record.commitments if c.when]
        assert expressions
        assert not any("thursday" in words or "tuesday" in words for words in expressions)


def test_the_steel_mill_talks_are_under_way_and_nobody_is_quoted_for_it(seeds: dict[str, Record]) -> None:
    """The reporter's own voice: considered, no speaker, no date."""
    found = _commitment(seeds[OVERCHUK], "Talks are now underway")
    assert (found.speaker, found.firmness, found.when) == (None, "considered", None)


def test_two_replays_are_the_same_bytes(out: Path, root: Path, tmp_path: Path) -> None:
    """In another process, with another hash seed and time zone, from another folder."""
    again = tmp_path / "again.jsonl"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    arguments = ["run", "seeds", "-o", str(again), "--replay", "cassettes/seeds.json"]
    command = [sys.executable, "-m", "extractor", *arguments]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    sources = [json.loads(line)["article"].pop("source") for line in again.read_text("utf-8").splitlines()]
    assert sources == [f"seeds/{KHOREV}.txt", f"seeds/{OVERCHUK}.txt"]
    one, two = (path.read_text("utf-8").replace(str(root) + "/", "") for path in (out, again))
    assert one == two


def test_the_recorded_articles_keep_their_scores(root: Path, tmp_path: Path) -> None:
    """`extractor evaluate` on the fourteen recorded articles stays above the floors kept in the repository."""
    cli = CliRunner()
    parts = tmp_path / "parts"
    parts.mkdir()
    for name, source in (("seeds", "seeds"), ("dev", "tests/gold/dev.jsonl")):
        arguments = ["run", str(root / source), "-o", str(parts / f"{name}.jsonl"), "--quiet"]
        result = cli.invoke(app, [*arguments, "--replay", str(root / "cassettes" / f"{name}.json")])
        assert result.exit_code == 0, result.stderr
    gold = [str(root / "tests" / "gold" / f"{name}.jsonl") for name in ("seeds", "dev")]
    floors = str(root / "tests" / "gold" / "floors.json")
    result = cli.invoke(app, ["evaluate", str(parts), *gold, "--floor", floors, "--bootstrap", "0"])
    assert result.exit_code == 0, result.stderr


def test_every_cassette_is_known(root: Path) -> None:
    """A new recording needs the articles that it is for, here and in the two tests below."""
    assert {path.stem for path in (root / "cassettes").glob("*.json")} == {*RECORDED, "links"}


@pytest.mark.parametrize(("name", "source"), RECORDED.items())
def test_cassettes_hold_nothing_that_is_not_asked(root: Path, name: str, source: str) -> None:
    """No stale interaction lies in a recording of articles."""
    cassette = str(root / "cassettes" / f"{name}.json")
    result = CliRunner().invoke(app, ["cassette", "prune", cassette, str(root / source), "--dry-run"])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("0 interactions would be taken out"), result.output


def test_the_recorded_links_hold_nothing_that_is_not_asked(root: Path, tmp_path: Path) -> None:
    """The ledger over all recorded articles asks for every interaction, and for no other."""
    for name, source in RECORDED.items():
        arguments = ["run", str(root / source), "-o", str(tmp_path / f"{name}.jsonl"), "--quiet"]
        replay = ["--replay", str(root / "cassettes" / f"{name}.json")]
        result = CliRunner().invoke(app, [*arguments, *replay])
        assert result.exit_code == 0, result.stderr
    records = [record for name in RECORDED for record in read_records(tmp_path / f"{name}.jsonl")]
    cassette = Cassette.load(root / "cassettes" / "links.json")
    assert cassette.set_up is not None
    played: set[str] = set()
    options = as_recorded(cassette, ModelOptions())
    model = open_model(cassette.set_up.model, settings.load(), options, replay=cassette, on_play=played.add)

    async def ask() -> Answers:
        try:
            return await by_model(plan(records, Directory()), model, prompts.load("link.v1"))
        finally:
            await model.aclose()

    assert asyncio.run(ask()).failed == []
    assert played == {interaction.key for interaction in cassette.interactions}
