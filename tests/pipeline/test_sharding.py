"""Shares of an input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from extractor.cli.main import app
from extractor.errors import ConfigurationError, UnreadableInput
from extractor.files.readers import Unread
from extractor.pipeline.sharding import Shard, select
from tests.support import articles, readings


@given(st.text(), st.integers(1, 50))
def test_every_article_is_in_exactly_one_share(id_: str, of: int) -> None:
    """Whatever its id, and into however many shares the input is cut."""
    assert sum(Shard(number, of).takes(id_) for number in range(1, of + 1)) == 1


def test_shares_are_about_equal() -> None:
    """Ten thousand numbered articles in four shares: within four percent of a quarter each."""
    sizes = [sum(Shard(number, 4).takes(f"a{n}") for n in range(10_000)) for number in range(1, 5)]
    assert sum(sizes) == 10_000
    assert all(2400 <= size <= 2600 for size in sizes)


def test_a_share_is_the_same_in_every_process(root: Path) -> None:
    """It does not rest on Python's own hash, which differs from process to process."""
    ids = [f"a{n}" for n in range(50)]
    code = f"from extractor.pipeline.sharding import Shard; print([i for i in {ids} if Shard(2, 3).takes(i)])"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": s},
        ).stdout
        for s in ("1", "2")
    }
    assert found == {f"{[i for i in ids if Shard(2, 3).takes(i)]}\n"}


def test_selecting_keeps_the_order_and_is_lazy() -> None:
    """The shares of an input, put together, are the input; pieces that hold no article belong to one share too."""
    unread = Unread("folder/broken.txt", None, UnreadableInput("it is empty"))
    items = [readings.article(id="a"), unread, readings.article(id="b"), readings.article(id="c")]
    shares = [list(Shard(number, 2).select(items)) for number in (1, 2)]
    assert sorted(map(id, shares[0] + shares[1])) == sorted(map(id, items))
    for share in shares:
        assert [items.index(item) for item in share] == sorted(items.index(item) for item in share)
    endless = select(iter(lambda: readings.article(id="a"), None), "1/1")
    assert next(endless) == readings.article(id="a")
    assert list(select(iter(items), None)) == items


@pytest.mark.parametrize("text", ["", "1", "0/4", "5/4", "1/0", "a/b", "-1/4", "1/4/2"])
def test_what_is_no_share_is_refused(text: str) -> None:
    """With the spelling in the hint."""
    with pytest.raises(ConfigurationError) as raised:
        select(iter([]), text)
    assert "--shard 1/4" in raised.value.hint


def test_the_shares_of_a_run_make_up_the_whole(tmp_path: Path) -> None:
    """Three runs with --shard write the records of one run without it, each once."""
    source = articles.write_jsonl(tmp_path / "ten.jsonl", range(10))

    def run(*arguments: str) -> list[str]:
        result = CliRunner().invoke(app, ["run", str(source), "--model", "rules", "--quiet", *arguments])
        assert result.exit_code == 0, result.stderr
        return [line for path in sorted(tmp_path.glob("out*.jsonl")) for line in path.read_text().splitlines()]

    for number in "123":
        parts = run("--shard", f"{number}/3", "-o", str(tmp_path / f"out{number}.jsonl"))
    for path in tmp_path.glob("out*"):
        path.unlink()
    assert sorted(parts) == sorted(run("-o", str(tmp_path / "out.jsonl")))
    assert len(parts) == 10
