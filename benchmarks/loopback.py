"""A fast chat server on loopback and articles to send to it, for the benchmarks. No model: the answers are planted.

    python benchmarks/loopback.py --latency 0.5        prints its port and serves until it is stopped

Articles are made of numbered sentences in which people say, demand and promise things; the server finds the article's
number in the request and answers with the reading that fits it, some 5 kB of JSON, after the given latency.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import functools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiohttp import web

PUBLISHED = dt.date(2025, 7, 11)
_SENTENCES = (
    "The ministry of transport said that the bridge at {place} would be open to heavy goods vehicles in May 2026.",
    "“We will not close the line to {place} before the survey is complete,” said Anna Berg, the board’s chair.",
    "Residents of {place} called on the council to publish the figures by the end of September.",
    "The operator plans to replace the pumps at {place} next week, according to a note to its customers.",
    "Deputy minister Jonas Lind expects that the works at {place} will cost 4.2 million, a tenth more than in 2024.",
    "The road past {place} is narrow, and in winter it is often closed after heavy snow has fallen.",
    "Built between the wars, the hall in {place} has served as a market, a school and, for a few years, a cinema.",
    "Some forty people came to the meeting in {place}, and most of them stayed until it was dark.",
    "The old ferry to {place} still runs, though it is slower than the bus and costs a little more.",
)
_HEADS = ("Alder", "Birch", "Cold", "Dun", "East", "Fair", "Gold", "High", "Iron", "Kings", "Long", "Mill", "North")
_TAILS = ("bury", "dale", "field", "ford", "ham", "haven", "mouth", "ness", "port", "stead", "ton")
_NUMBER = re.compile(rb"Report (\d+)\.")


def text(number: int, size: int = 3000) -> str:
    """Article `number`: a head that tells the number, then sentences until `size` characters are reached."""
    parts = [f"Report {number}."]
    while sum(map(len, parts)) + len(parts) < size:
        parts.append(_SENTENCES[(len(parts) - 1) % len(_SENTENCES)].format(place=_place(number, len(parts))))
    return " ".join(parts)


def _place(number: int, sentence: int) -> str:
    """A name that is another one in each sentence of an article."""
    chosen = 7 * number + sentence
    return f"{_HEADS[chosen % len(_HEADS)]}{_TAILS[chosen % len(_TAILS)]}"


def reading(number: int, size: int = 3000) -> dict[str, Any]:
    """What there is to read in that article: a claim for most sentences, a stance and a commitment for some."""
    names = ("The ministry of transport", "Anna Berg", "Residents", "The operator", "Jonas Lind")
    speakers = [
        {"id": f"s{i}", "name": name, "role": None, "affiliation": None, "kind": "organization"}
        for i, name in enumerate(names, 1)
    ]
    claims, stances, commitments = [], [], []
    body = text(number, size).partition(". ")[2]
    for k, sentence in enumerate(re.findall(r"\S.*?\.(?= |$)", body)):
        kind = k % len(_SENTENCES)
        if kind > 4:
            continue
        quote, speaker = sentence[:-1], f"s{kind + 1}"
        if kind != 3:
            claims.append(
                {
                    "quote": quote,
                    "cue": "said" if kind < 2 else None,
                    "speaker": speaker,
                    "via": [],
                    "statement": quote,
                    "delivery": "indirect",
                    "kind": "intention",
                }
            )
        if kind == 2:
            stances.append({"quote": quote, "speaker": speaker, "target": "publication", "position": "support"})
        if kind in (0, 3):
            month = {
                "expression": "in May 2026",
                "edtf": "2026-05",
                "earliest": "2026-05-01",
                "latest": "2026-05-31",
            }
            week = {
                "expression": "next week",
                "edtf": "2025-07-14/2025-07-20",
                "earliest": "2025-07-14",
                "latest": "2025-07-20",
            }
            commitments.append(
                {
                    "quote": quote,
                    "speaker": speaker,
                    "actors": [names[kind]],
                    "action": "open the bridge" if kind == 0 else "replace the unit",
                    "firmness": "planned",
                    "condition": None,
                    "when": month if kind == 0 else week,
                }
            )
    return {"speakers": speakers, "claims": claims, "stances": stances, "commitments": commitments}


def write_articles(path: Path, count: int, size: int = 3000) -> Path:
    """`count` articles as JSON Lines, ids a0, a1, …"""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            article = {"id": f"a{number}", "published": PUBLISHED.isoformat(), "text": text(number, size)}
            stream.write(json.dumps(article, ensure_ascii=False) + "\n")
    return path


@functools.cache
def response(number: int, size: int = 3000, *, flat: bool = False) -> bytes:
    """The body of a chat completion with the reading of that article; `flat` in the form that langextract reads."""
    found = reading(number, size)
    if flat:
        layers = ("claims", "stances", "commitments")
        found = {"extractions": [{layer[:-1]: item["quote"]} for layer in layers for item in found[layer]]}
    content = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    usage = {"prompt_tokens": 8000, "completion_tokens": 2000, "total_tokens": 10000}
    message = {"role": "assistant", "content": content, "refusal": None}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": "test",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": usage,
    }
    return json.dumps(body, ensure_ascii=False).encode()


async def _serve(latency: float) -> None:
    async def handle(request: web.BaseRequest) -> web.Response:
        body = await request.read()
        found = _NUMBER.findall(body)
        if latency:
            await asyncio.sleep(latency)
        body = response(int(found[-1]) if found else 0, flat=request.path.startswith("/langextract"))
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4096)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


@contextlib.contextmanager
def serving(latency: float) -> Iterator[str]:
    """The address of a server in a process of its own, while the block runs."""
    command = [sys.executable, str(Path(__file__).resolve()), "--latency", str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--latency", type=float, default=0.5, help="seconds")
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.latency))


if __name__ == "__main__":
    main()
