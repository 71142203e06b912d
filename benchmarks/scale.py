"""What a million articles take: the figures of docs/scale.md, measured here and now, and the arithmetic.

    python benchmarks/scale.py [--articles 1000] [--tables]

Sizes and tokens come from the recorded answers in cassettes/ and their 38 articles; times from planted articles of 3 kB
with a server on loopback in a process of its own. `--tables` prints the tables of docs/scale.md from these figures and
the list prices that the installed genai-prices has.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import loopback

from extractor.files import prompts
from extractor.files.output import OutputFiles
from extractor.files.readers import read_articles
from extractor.models import pricing
from extractor.models.cached import AnswerCache
from extractor.models.cassette import Cassette, Interaction
from extractor.models.interface import Model
from extractor.models.limits import Gate, Limits
from extractor.models.offline_batch.model import open_offline
from extractor.models.offline_batch.requests import RequestFiles, request_line
from extractor.models.offline_batch.responses import Responses
from extractor.models.opening import ModelOptions, as_recorded, open_model
from extractor.pipeline import offline
from extractor.pipeline.batch import Work
from extractor.pipeline.extract import Extraction, extract_article
from extractor.pipeline.run import RunOptions, run, set_up
from extractor.schema.article import Article
from extractor.settings import Settings

RECORDED = {"seeds": "seeds", "dev": "tests/gold/dev.jsonl", "articles": "tests/gold/articles.jsonl"}
MODELS = ("gpt-4.1-nano", "gpt-4.1-mini", "gpt-5-mini", "gpt-4.1", "gpt-5")
LIMITS = ((500, 200_000), (5_000, 2_000_000), (30_000, 150_000_000))
"""Requests and tokens a minute: the orders of magnitude of a small, a middling and a large account."""


@dataclass
class Figures:
    """For each article: bytes, characters, tokens, and milliseconds of processor time."""

    articles: int = 0
    characters: float = 0
    reading: float = 0
    """characters of the first answers per character of article"""
    requests: float = 0
    input_tokens: float = 0
    output_tokens: float = 0
    prefix: float = 0
    """share of the input that is the same in every first question"""
    record: float = 0
    request_line: float = 0
    response_line: float = 0
    cached_answer: float = 0
    cpu_live: float = 0
    cpu_rules: float = 0
    cpu_export: float = 0
    cpu_import: float = 0
    cpu_read: float = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000, help="planted articles for the times")
    parser.add_argument("--tables", action="store_true", help="print the tables of docs/scale.md too")
    options = parser.parse_args()
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(sizes(figures, Path(folder)))
        times(figures, Path(folder), options.articles)
    show(figures)
    if options.tables:
        tables(figures)


async def sizes(figures: Figures, folder: Path) -> None:
    """From the recordings: every article read again, with the interactions that it plays."""
    prompt, played, texts, records, readings = prompts.load(), [], [], [], []
    for name, source in RECORDED.items():
        cassette = Cassette.load(ROOT / "cassettes" / f"{name}.json")
        known, keys = {i.key: i for i in cassette.interactions}, []
        model = open_model(
            cassette.set_up.model if cassette.set_up else "local/recorded",
            Settings(),
            as_recorded(cassette, ModelOptions()),
            replay=cassette,
            on_play=keys.append,
        )
        for article in read_articles([str(ROOT / source)]):
            assert isinstance(article, Article)
            before = len(keys)
            records.append(len((await extract_article(article, model, prompt)).line))
            texts.append(len(article.text))
            readings.append(len(content(known[keys[before]])) / len(article.text))
        await model.aclose()
        played += [known[key] for key in keys]
    n = figures.articles = len(texts)
    usage = [interaction.response["usage"] for interaction in played]
    figures.characters = sum(texts) / n
    figures.reading = sum(readings) / n
    figures.requests = len(played) / n
    figures.input_tokens = sum(u["prompt_tokens"] for u in usage) / n
    figures.output_tokens = sum(u["completion_tokens"] for u in usage) / n
    figures.record = sum(records) / n
    figures.prefix = prefix(played)
    figures.request_line = sum(len(request_line("x" * 64, body(i.request))) for i in played) / n
    figures.response_line = sum(len(body(i.response)) + 200 for i in played) / n
    figures.cached_answer = cached(played, folder / "cache") * figures.requests


def content(interaction: Interaction) -> str:
    """The answer, as the model wrote it."""
    written: str = interaction.response["choices"][0]["message"]["content"]
    return written


def body(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def prefix(played: list[Interaction]) -> float:
    """The characters that all first questions begin with (schema and prompt), by all characters that were sent."""
    first = [i.request["messages"] for i in played if len(i.request["messages"]) == 2]
    joined = ["\0".join(message["content"] for message in messages) for messages in first]
    low, high = min(joined), max(joined)  # what these two begin with, all others begin with
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False)))
    common = same + len(json.dumps(played[0].request["response_format"]))
    sent = [
        sum(len(m["content"]) for m in i.request["messages"]) + len(json.dumps(i.request["response_format"]))
        for i in played
    ]
    return common * len(played) / sum(sent)


def cached(played: list[Interaction], folder: Path) -> float:
    """Bytes on disk for one kept answer, of two thousand."""
    cache = AnswerCache(folder)
    for number in range(2000):
        answer = content(played[number % len(played)])
        cache.set(f"{number:064x}", {"reply": answer, "usage": {"attempts": 1, "input_tokens": 1, "output_tokens": 1}})
    size = cache.stats().bytes / 2000
    cache.close()
    return size


def times(figures: Figures, folder: Path, count: int) -> None:
    """Processor time of this process for each article, in milliseconds."""
    source = loopback.write_articles(folder / "planted.jsonl", count)
    prompt = prompts.load()

    def read() -> list[Any]:
        return list(read_articles([str(source)]))

    def reading(model: Model) -> Work[Extraction]:
        return partial(extract_article, model=model, prompt=prompt, passes=1)

    def live(name: str, url: str | None) -> None:
        async def main() -> None:
            gate = Gate(Limits(concurrency=64))
            model = open_model(name, Settings(), ModelOptions(url), gate=gate, cache=None)
            files = OutputFiles.open(folder / f"{name.replace('/', '-')}.jsonl", set_up(model, prompt), overwrite=True)
            articles = read_articles([str(source)])
            work, options = reading(model), RunOptions(concurrency=64, ahead=64)
            await run(work, articles, model, prompt, files, options, gate=gate)
            await model.aclose()

        asyncio.run(main())

    requests = folder / "requests.jsonl"

    def export() -> None:
        files = RequestFiles(requests)
        model = open_offline("local/test", Settings(), Responses([]), files, resend=True)
        asyncio.run(offline.export(read_articles([str(source)]), model, prompt))
        files.close()

    def bring_in() -> None:
        responses = Responses([folder / "responses.jsonl"])
        model = open_offline("local/test", Settings(), responses, RequestFiles(folder / "more.jsonl"))
        files = OutputFiles.open(folder / "imported.jsonl", set_up(model, prompt))
        articles, options = read_articles([str(source)]), RunOptions(concurrency=1)
        asyncio.run(run(reading(model), articles, model, prompt, files, options))
        responses.close()

    figures.cpu_read = per_article(read, count)
    with loopback.serving(0.0) as url:
        live("local/test", url)  # imports and connections, once
        figures.cpu_live = per_article(lambda: live("local/test", url), count)
    figures.cpu_rules = per_article(lambda: live("rules", None), count)
    figures.cpu_export = per_article(export, count)
    answer(requests, folder / "responses.jsonl")
    figures.cpu_import = per_article(bring_in, count)
    written = len((folder / "imported.jsonl").read_bytes().splitlines())
    assert written == count, f"{written} of {count} articles were imported"


def answer(requests: Path, responses: Path) -> None:
    """The response file that the Batch API would give for planted articles."""
    with requests.open("rb") as lines, responses.open("wb") as out:
        for number, line in enumerate(lines):
            custom_id = json.loads(line)["custom_id"]
            head = json.dumps({"id": f"r{number}", "custom_id": custom_id, "error": None})[:-1].encode()
            out.write(head + b', "response": {"status_code": 200, "body": ' + loopback.response(number) + b"}}\n")


def per_article(work: Callable[[], Any], count: int) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000 / count


def show(f: Figures) -> None:
    print(f"{f.articles} recorded articles of {f.characters:,.0f} characters on average; for each:")
    print(f"  {f.requests:.2f} requests, {f.input_tokens:,.0f} tokens in, {f.output_tokens:,.0f} tokens out")
    print(f"  {f.reading:.2f} characters of reading for each character of article (the first answers)")
    print(f"  {f.prefix:.0%} of the input stands at the beginning of every first question")
    print(f"  {f.record:,.0f} bytes of record, {f.cached_answer:,.0f} bytes in the cache")
    print(f"  {f.request_line:,.0f} bytes of batch requests, {f.response_line:,.0f} bytes of batch responses")
    print("planted articles of 3 kB; processor time for each, in ms:")
    print(f"  live {f.cpu_live:.2f}, rules {f.cpu_rules:.2f}, batch export {f.cpu_export:.2f}", end=", ")
    print(f"batch import {f.cpu_import:.2f}, reading the input {f.cpu_read:.3f}")


def tables(f: Figures) -> None:
    print("\n| USD for 1 million articles | list price | prompt cached | Batch API, half of list |")
    print("|---|---:|---:|---:|")
    for name in MODELS:
        price = pricing.find(f"openai/{name}")
        if price is None:
            continue
        plain = price.cost(f.input_tokens, f.output_tokens) * 1e6
        kept = price.cost(f.input_tokens, f.output_tokens, f.prefix * f.input_tokens) * 1e6
        print(f"| {name} | {plain:,.0f} | {kept:,.0f} | {plain / 2:,.0f} |")
    print("\n| rate limit | articles an hour | bound by | 1 million | 1 billion |")
    print("|---|---:|---|---:|---:|")
    for rpm, tpm in LIMITS:
        by_requests, by_tokens = rpm / f.requests * 60, tpm / (f.input_tokens + f.output_tokens) * 60
        hourly = min(by_requests, by_tokens)
        bound = "requests" if by_requests < by_tokens else "tokens"
        print(
            f"| {rpm:,} requests and {tpm / 1e6:g} million tokens a minute | {hourly:,.0f} | {bound} "
            f"| {span(1e6 / hourly)} | {span(1e9 / hourly)} |"
        )
    print("\n| | 1 million | 1 billion |")
    print("|---|---:|---:|")
    rows = {
        "input, as text": (f.characters, "bytes"),
        "requests": (f.requests, ""),
        "tokens in": (f.input_tokens, ""),
        "tokens out": (f.output_tokens, ""),
        "records": (f.record, "bytes"),
        "answers kept in the cache": (f.cached_answer, "bytes"),
        "batch requests": (f.request_line, "bytes"),
        "batch responses": (f.response_line, "bytes"),
        "processor time, live": (f.cpu_live, "ms"),
        "processor time, rules": (f.cpu_rules, "ms"),
        "processor time, batch export and import": (f.cpu_export + f.cpu_import, "ms"),
        "processor time, reading the input": (f.cpu_read, "ms"),
    }
    for name, (value, unit) in rows.items():
        print(f"| {name} | {amount(value * 1e6, unit)} | {amount(value * 1e9, unit)} |")


def span(hours: float) -> str:
    return f"{hours:,.1f} hours" if hours < 72 else f"{hours / 24:,.0f} days"


def amount(value: float, unit: str) -> str:
    if unit == "ms":
        seconds = value / 1000
        return f"{seconds:,.0f} s" if seconds < 3600 else f"{seconds / 3600:,.0f} hours"
    names = ("MB", "GB", "TB") if unit == "bytes" else ("million", "billion", "trillion")
    size = next((size for size in (1e12, 1e9) if value >= size), 1e6)
    return f"{value / size:,.1f} {names[{1e6: 0, 1e9: 1, 1e12: 2}[size]]}"


if __name__ == "__main__":
    main()
