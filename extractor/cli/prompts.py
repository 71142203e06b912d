"""`extractor prompts`: what the model is told."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from extractor.cli import common

app = typer.Typer(no_args_is_help=True, help="List, show or render prompts: what the model is told.")
_Prompt = Annotated[str, typer.Argument(metavar="PROMPT", help="A prompt's name or the path of a prompt file.")]


@app.command("list")
@common.reports
def list_prompts() -> None:
    """List the prompts that come with the program."""
    from extractor.files import prompts

    for name in prompts.builtin_names():
        print(f"{name:12} {prompts.load(name).front.description}")


@app.command("show")
@common.reports
def show(prompt: _Prompt = "extract.v1") -> None:
    """Print a prompt's template as it stands in its file: something to start your own from."""
    from extractor.files import prompts

    print(prompts.load(prompt).source, end="")


@app.command("render")
@common.reports
def render(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="A file of articles, or - for stdin; the first one is used.")
    ],
    prompt: Annotated[
        str, typer.Option("--prompt", "-p", help="A prompt's name or the path of a prompt file.")
    ] = "extract.v1",
    as_json: Annotated[bool, typer.Option("--json", help="Print the messages as JSON.")] = False,
) -> None:
    """Print the very messages that a model would be sent for an article."""
    import json

    from extractor.files import prompts
    from extractor.files.readers import read_articles
    from extractor.pipeline.extract import PART_LIMIT, ask_about
    from extractor.schema.article import Article
    from extractor.text import parts

    first = next(read_articles([article], stdin=sys.stdin.buffer), None)
    if first is None:
        raise common.fail("there is no article in the input")
    if not isinstance(first, Article):
        raise first.error
    loaded = prompts.load(prompt)
    spans = parts.split(first.text, PART_LIMIT)
    for number, span in enumerate(spans, 1):
        messages = ask_about(first, loaded, span, part=number, of=len(spans)).messages
        if as_json:
            print(json.dumps(messages, ensure_ascii=False))
            continue
        for message in messages:
            print(f"=== {message['role']} ===\n{message['content']}\n")
