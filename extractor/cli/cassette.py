"""`extractor cassette`: look at recordings, and take out what no article asks any more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli import common

app = typer.Typer(no_args_is_help=True, help="Inspect or prune recorded answers.")
_Path = Annotated[Path, typer.Argument(metavar="CASSETTE", help="A file made by `extractor run --record`.")]


@app.command("inspect")
@common.reports
def inspect(path: _Path, as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False) -> None:
    """Tell who was recorded, and for each interaction its question's size and its answer's tokens."""
    import json

    from extractor.models.cassette import Cassette

    cassette = Cassette.load(path)
    who = cassette.set_up.model if cassette.set_up else "an unnamed model"
    if not as_json:
        print(f"{path}: {common.plural(len(cassette.interactions), 'interaction')}, recorded from {who}")
    for interaction in cassette.interactions:
        usage = interaction.response.get("usage") or {}
        messages = interaction.request.get("messages") or []
        last = str(messages[-1].get("content", "")) if messages else ""
        row = {
            "key": interaction.key,
            "model": interaction.request.get("model"),
            "characters": sum(len(str(message.get("content") or "")) for message in messages),
            "input_tokens": usage.get("prompt_tokens"),
            "output_tokens": usage.get("completion_tokens"),
            "question": " ".join(last.split())[:100],
        }
        if as_json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(f"{interaction.key[:12]}  {row['input_tokens']}+{row['output_tokens']} tokens  {row['question']}")


@app.command("prune")
@common.reports
def prune(
    path: _Path,
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="The articles that the cassette is for.")],
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="The prompt it is for.")] = "extract.v1",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be taken out; change nothing.")] = False,
) -> None:
    """Take out every interaction that replaying these articles does not use."""
    import asyncio

    from extractor import settings
    from extractor.files import prompts
    from extractor.files.readers import read_articles
    from extractor.models.cassette import Cassette
    from extractor.pipeline.replay import used_interactions

    cassette = Cassette.load(path)
    articles = read_articles(inputs, stdin=sys.stdin.buffer)
    used, missing = asyncio.run(used_interactions(cassette, articles, prompts.load(prompt), settings.load()))
    if missing:
        first = ", ".join(missing[:5])
        message = f"{common.plural(len(missing), 'article')} cannot be replayed from {path}: {first}"
        raise common.fail(
            message, "Nothing was changed. Record them first: extractor run INPUT -o OUT.jsonl --record CASSETTE"
        )
    unused = {interaction.key for interaction in cassette.interactions} - used
    if not dry_run:
        cassette.without(unused)
    done = "would be" if dry_run else "were"
    print(f"{common.plural(len(unused), 'interaction')} {done} taken out, {len(used):,} kept.")
