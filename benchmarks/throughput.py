"""How fast articles are read, beside other ways to put the same questions, all against one server on loopback.

    python benchmarks/throughput.py [--quick] [--articles 500] [--latency 0.5] [--in-flight 64] [--rounds 3]

The reference: 500 articles of 3 kB, answers of 8 kB after half a second, 64 calls under way; no client can be faster
than the ideal of articles / in flight * latency. Printed are the ratio to it and the processor time per article, the
median of the rounds; every contestant has a process of its own, and rounds alternate between them, so that what else
the machine does falls on all alike. `--quick` compares the program with a bare HTTP client only. Without it come:
instructor's plain loop and openai's, in this environment; langextract, curator and pydantic-ai, each in a throw-away
environment of its own (left out, with a message, where it does not install or run); then two worker processes beside
one, a re-run from the cache, and how the time of a replay grows with its cassette.

"ours" is the whole way: read the file, render, call, validate, ground, date, audit, cache, write. "ours, no audit"
leaves out the search of the text for what the model missed. The others only call and validate.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import loopback

CONTESTANTS = Path(__file__).resolve().parent / "contestants"
HERE = ("bare", "ours", "ours, no audit")
SAME_ENVIRONMENT = ("instructor", "openai")
ELSEWHERE = {
    "langextract": "langextract[openai]",
    "curator": "bespokelabs-curator",
    "pydantic_ai": "pydantic-ai-slim[openai]",
}


def once(python: str, name: str, source: Path, url: str, places: int) -> dict[str, float] | None:
    """Seconds of wall clock and of processor that one contestant took; None where it failed."""
    script = CONTESTANTS / f"with_{name.split(',')[0]}.py"
    environment = {**os.environ, "NO_AUDIT": "1" if "no audit" in name else "", "OPENAI_API_KEY": "sk-none"}
    command = [python, str(script), str(source), url, str(places)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=1800)
    if done.returncode:
        print(f"  {name}: failed: {done.stderr.strip().splitlines()[-1:]}")
        return None
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def environments(folder: Path) -> dict[str, str]:
    """The interpreters of the contestants that install."""
    found = dict.fromkeys(SAME_ENVIRONMENT, sys.executable)
    for name, package in ELSEWHERE.items():
        python = folder / name / "bin" / "python"
        venv.create(folder / name, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"  {name}: left out, {package} does not install: {done.stderr.strip().splitlines()[-1:]}")
        else:
            found[name] = str(python)
    return found


def compare(contestants: dict[str, str], folder: Path, arguments: argparse.Namespace) -> None:
    source = loopback.write_articles(folder / "in.jsonl", arguments.articles)
    ideal = arguments.articles / arguments.in_flight * arguments.latency
    size = f"{arguments.articles} articles, {arguments.latency} s latency, {arguments.in_flight} in flight"
    print(f"{size}: ideal {ideal:.2f} s")
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in contestants}
    with loopback.serving(arguments.latency) as url:
        for _ in range(arguments.rounds):
            for name, python in list(contestants.items()):
                if (result := once(python, name, source, url, arguments.in_flight)) is None:
                    del contestants[name]
                else:
                    measured[name].append(result)
    for name, results in measured.items():
        if results:
            seconds = statistics.median(r["seconds"] for r in results)
            best = min(r["seconds"] for r in results)
            cpu = statistics.median(r["cpu"] for r in results) / arguments.articles * 1000
            print(f"  {name:16} {seconds / ideal:5.2f} x ideal (best {best / ideal:.2f})  {cpu:6.2f} ms CPU an article")


def command(folder: Path, source: Path, out: str, *options: object) -> dict[str, Any]:
    """A run of the program as a user starts it; its manifest."""
    environment = {**os.environ, "EXTRACTOR_CACHE_DIR": str(folder / "cache")}
    program = [sys.executable, "-m", "extractor", "run", source, "-o", folder / out, "--overwrite", "--quiet"]
    subprocess.run([*map(str, program), *map(str, options)], check=True, env=environment, stdout=subprocess.DEVNULL)
    manifest: dict[str, Any] = json.loads((folder / out).with_suffix(".run.json").read_text())
    return manifest


def workers(folder: Path, arguments: argparse.Namespace) -> None:
    """Two processes beside one at 256 in flight, where one is bound by its core; starting them, a second, counts."""
    source = loopback.write_articles(folder / "many.jsonl", 10 * arguments.articles)
    seconds = {}
    with loopback.serving(arguments.latency) as url:
        for count in (1, 2):
            options = ("--model", "local/test", "--base-url", url, "-c", 256, "--no-cache", "--workers", count)
            seconds[count] = min(
                command(folder, source, "w.jsonl", *options)["seconds"] for _ in range(arguments.rounds)
            )
    print(f"two workers are {seconds[1] / seconds[2]:.2f} times as fast as one at 256 in flight")


def cached(folder: Path, arguments: argparse.Namespace) -> None:
    """The same articles again, from the cache, into a new file."""
    source = loopback.write_articles(folder / "cached.jsonl", 4 * arguments.articles)
    with loopback.serving(0) as url:
        options = ("--model", "local/test", "--base-url", url, "-c", 64)
        command(folder, source, "first.jsonl", *options)
        found = command(folder, source, "again.jsonl", *options)
        assert found["from_cache"] == 4 * arguments.articles
        print(f"re-run from the cache: {found['written'] / found['seconds']:.0f} articles/s")


def replay(folder: Path) -> None:
    """The time of a replay per interaction, for cassettes of 500 and of 2,000."""
    import httpx2

    from extractor.models.cassette import Cassette, ReplayTransport

    each = {}
    for count in (500, 2000):
        interactions = []
        for number in range(count):
            body = {"model": "test", "messages": [{"role": "user", "content": loopback.text(number)}]}
            response = {
                "status": {"code": 200, "message": "OK"},
                "headers": {},
                "body": {"string": {"json": json.loads(loopback.response(number))}},
            }
            uri = "https://model.invalid/v1/chat/completions"
            request = {"method": "POST", "uri": uri, "headers": {}, "body": {"json": body}}
            interactions.append({"request": request, "response": response})
        path = folder / f"{count}.json"
        path.write_text(json.dumps({"version": 1, "interactions": interactions}))

        async def play(path: Path = path, count: int = count) -> float:
            started = time.perf_counter()
            transport = ReplayTransport(Cassette.load(path))
            for number in range(count):
                body = {"model": "test", "messages": [{"role": "user", "content": loopback.text(number)}]}
                request = httpx2.Request(
                    "POST", "https://x.invalid/v1/chat/completions", content=json.dumps(body).encode()
                )
                await transport.handle_async_request(request)
            return (time.perf_counter() - started) / count

        each[count] = min(asyncio.run(play()) for _ in range(3)) * 1000
    print(f"replay: {each[500]:.2f} ms each of 500 interactions, {each[2000]:.2f} ms each of 2,000")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the program beside a bare HTTP client, and nothing else")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.5, help="seconds")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contestants = dict.fromkeys(HERE, sys.executable)
        if not arguments.quick:
            contestants |= environments(folder)
        compare(contestants, folder, arguments)
        if not arguments.quick:
            workers(folder, arguments)
            cached(folder, arguments)
            replay(folder)


if __name__ == "__main__":
    main()
