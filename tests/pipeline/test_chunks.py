"""Chunks of an input and their parts, without the machines: what keeps articles from being lost or written twice."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli.main import app
from extractor.files import prompts
from extractor.files.records import read_records, record_files
from extractor.models.limits import Limits
from extractor.models.opening import ModelOptions
from extractor.models.pricing import Price
from extractor.pipeline.chunks import Chunk, ChunkJob, Node, forget_failures, read_chunks
from extractor.pipeline.staff import Job
from tests.support import articles
from tests.support.articles import jsonl
from tests.support.server import Reply, Script, Server

Serve = Callable[[Script], Server]
SHA = prompts.load("extract.v1").sha256


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Seven articles, a line that is none, and a second article of one id."""
    path = articles.write_jsonl(tmp_path / "input.jsonl", range(7))
    with path.open("a") as file:
        file.write('nothing\n{"id": "a1", "text": "The same id again."}\n')
    return path


@pytest.fixture
def job(source: Path, tmp_path: Path) -> ChunkJob:
    folder = tmp_path / "out"
    folder.mkdir()
    work = Job("rules", "extract.v1", ModelOptions(), Limits(), cache=False)
    return ChunkJob(work, SHA, [str(source)], str(folder), chunk=3)


def asking(job: ChunkJob, server: Server, limits: Limits | None = None) -> ChunkJob:
    """The job with a model behind a server."""
    work = replace(job.work, model="local/test", asked=ModelOptions(server.url), limits=limits or Limits())
    return replace(job, work=work)


def run(job: ChunkJob, *, rows: list[dict[str, Any]] | None = None) -> list[Chunk]:
    """All chunks, one after the other, by one node."""

    async def main() -> list[Chunk]:
        node = Node(job)
        try:
            return [Chunk(**await node(row)) for row in (read_chunks(job) if rows is None else rows)]
        finally:
            await node.aclose()

    return asyncio.run(main())


def again(job: ChunkJob) -> ChunkJob:
    """The job as a later run has it."""
    return replace(job, before=tuple(sorted(path.name for path in Path(job.folder).glob("part-*.jsonl"))))


def ids(folder: str) -> list[str]:
    return sorted(record.article.id for record in read_records(Path(folder)))


def test_a_folder_of_parts_holds_the_records_of_a_run(job: ChunkJob, source: Path, tmp_path: Path) -> None:
    """The same lines as a run on one machine writes, and the counts add up."""
    chunks = run(job)
    assert [(c.written, c.failed, c.skipped) for c in chunks] == [(3, 0, 0), (3, 0, 0), (1, 2, 0)]
    out = tmp_path / "live.jsonl"
    CliRunner().invoke(app, ["run", str(source), "-o", str(out), "--model", "rules", "--quiet"])
    lines = [line for path in record_files(Path(job.folder)) for line in path.read_text().splitlines()]
    assert sorted(lines) == sorted(out.read_text().splitlines())
    failures = [failure for path in Path(job.folder).glob("*.failed.jsonl") for failure in jsonl(path)]
    assert failures == jsonl(out.with_suffix(".failed.jsonl"))


def test_what_is_done_is_not_read_again(job: ChunkJob) -> None:
    """A later run passes over all that has a record or a failure, and writes nothing."""
    run(job)
    before = {path: path.read_bytes() for path in Path(job.folder).iterdir()}
    chunks = run(again(job))
    assert [(c.written, c.failed, c.skipped, c.part) for c in chunks] == [(0, 0, 3, "")] * 3
    assert {path: path.read_bytes() for path in Path(job.folder).iterdir()} == before


def test_a_chunk_that_is_read_again_finds_its_part(serve: Serve, job: ChunkJob) -> None:
    """As where a node died after writing: nothing is asked, and the counts are the same."""
    server = serve(articles.answering())
    job = asking(job, server)
    first, asked = run(job), len(server.calls)
    second = run(job)
    assert len(server.calls) == asked == 7
    assert [(c.written, c.failed, c.part) for c in second] == [(c.written, c.failed, c.part) for c in first]


def test_a_reader_that_is_started_again_yields_the_same(job: ChunkJob) -> None:
    """Whatever has been written since the run began."""
    rows = list(read_chunks(job))
    run(job, rows=rows[:2])
    assert list(read_chunks(job)) == rows


def test_a_half_written_chunk_counts_for_nothing(serve: Serve, job: ChunkJob) -> None:
    """Failures are written first. Where the records did not follow, the failures stand, and the others are read."""
    moody = serve(lambda call: Reply(refusal="No.") if "bridge 4 " in call.article else Reply(articles.answer(call)))
    job = asking(job, moody)
    chunks = run(job)
    (Path(job.folder) / chunks[1].part).unlink()
    later = run(again(job))
    assert [(c.written, c.failed, c.skipped) for c in later] == [(0, 0, 3), (2, 0, 1), (0, 0, 3)]
    assert ids(job.folder) == ["a0", "a1", "a2", "a3", "a5", "a6"]


def test_failures_are_forgotten_to_be_read_again(serve: Serve, job: ChunkJob) -> None:
    """Also where a chunk failed as a whole, so that its part is empty."""
    ill = [True]
    server = serve(lambda call: Reply(refusal="No.") if ill[0] else Reply(articles.answer(call)))
    job = asking(job, server)
    assert [(c.written, c.failed) for c in run(job)] == [(0, 3), (0, 3), (0, 3)]
    assert [c.skipped for c in run(again(job))] == [3, 3, 3]
    ill[0] = False
    forget_failures(Path(job.folder))
    assert [(c.written, c.failed) for c in run(again(job))] == [(3, 0), (3, 0), (1, 2)]
    assert ids(job.folder) == [f"a{n}" for n in range(7)]


def test_an_error_that_every_article_would_meet_is_a_value(serve: Serve, job: ChunkJob) -> None:
    """No exception leaves the node, and no part is written."""
    refused = run(asking(job, serve(lambda _: Reply(status=401))))[0]
    told = json.loads(refused.fatal)
    assert (told["class"], told["fields"]["fatal"]) == ("ModelRejected", True)
    assert told["fields"]["hint"] == "The key is not accepted: check it."
    other = json.loads(run(replace(job, prompt_sha256="another"))[0].fatal)
    assert "is another one on this node" in other["message"]
    assert list(Path(job.folder).iterdir()) == []


def test_a_folder_that_is_not_there_is_told(job: ChunkJob) -> None:
    """As on a node that does not see the shared folder."""
    Path(job.folder).rmdir()
    told = json.loads(run(job)[0].fatal)
    assert "cannot be written" in told["message"]
    assert told["fields"]["hint"] == "Is the folder there on every node, and is there room?"


def test_the_cost_of_all_chunks_is_the_cost_of_the_run(serve: Serve, job: ChunkJob) -> None:
    """Each chunk tells what was spent since the last one: 100 tokens in and 10 out for each of 7 questions."""
    chunks = run(asking(job, serve(articles.answering()), Limits(price=Price(1.0, 10.0))))
    assert sum(chunk.cost for chunk in chunks) == pytest.approx(7 * (100 * 1.0 + 10 * 10.0) / 1e6)
    assert sum(chunk.input_tokens for chunk in chunks) == 700


def test_shares_limits_and_places_hold_for_chunks_too(job: ChunkJob, source: Path, tmp_path: Path) -> None:
    """`limit` counts from the beginning; the shares make up the whole; a relative source leads from `home`."""
    assert [c.written for c in run(replace(job, limit=4))] == [3, 1]
    shares = [run(replace(job, shard=f"{n}/2", folder=str(tmp_path))) for n in (1, 2)]
    assert sum(c.written for chunks in shares for c in chunks) == 7
    moved = replace(job, inputs=[source.name], home=str(source.parent), folder=str(tmp_path / "moved"))
    Path(moved.folder).mkdir()
    run(moved)
    assert {record.article.source for record in read_records(Path(moved.folder))} >= {"input.jsonl:1"}


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed here")
def test_without_ray_the_command_says_how_to_get_it(source: Path, tmp_path: Path) -> None:
    """Exit code 2, the remedy, and no lock that is left behind."""
    result = CliRunner().invoke(
        app, ["run", str(source), "-o", str(tmp_path / "folder"), "--model", "rules", "--engine", "ray"]
    )
    assert result.exit_code == 2
    assert "--engine ray needs Ray, which is not installed here" in result.stderr
    assert "claim-commitment-extractor[ray]" in result.stderr
    assert list(tmp_path.glob(".*.lock")) == []


@pytest.mark.parametrize("arguments", [("-o", "-"), ("-o", "out", "--fail-fast")])
def test_what_the_ray_engine_cannot_do_is_refused(source: Path, arguments: tuple[str, ...]) -> None:
    """Before anything is read."""
    result = CliRunner().invoke(app, ["run", str(source), *arguments, "--model", "rules", "--engine", "ray"])
    assert result.exit_code == 2
    assert "--engine ray" in result.stderr
