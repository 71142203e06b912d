"""`extractor run --dry-run`: what would be read and asked, and about what it costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.common import note, plural

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.files.readers import Unread
    from extractor.models.pricing import Price
    from extractor.schema.article import Article


def tell_plan(
    articles: Iterator[Article | Unread],
    prompt: Prompt,
    limit: int | None,
    price: Price | None,
    *,
    output: Path | None,
    as_json: bool,
) -> None:
    """Reads the input to its end and asks nothing. What has its record in `output` already would not be read again."""
    from extractor.pipeline.plan import plan

    planned = plan(articles, prompt, limit, done=_done(output))
    cost = price and round(price.cost(planned.input_tokens, planned.output_tokens), 4)
    if as_json:
        told = {"articles": planned.articles, "already_done": planned.done, "questions": planned.questions}
        tokens_told = {"input_tokens": planned.input_tokens, "output_tokens": planned.output_tokens, "cost": cost}
        print(json.dumps({**told, **tokens_told, "unreadable": len(planned.unread) + planned.unread_more}))
        return
    note(f"{plural(planned.articles, 'article')} would be read in {plural(planned.questions, 'question')}.")
    if planned.done:
        note(f"{plural(planned.done, 'article')} more: the record is there already.")
    tokens = f"{planned.input_tokens:,} tokens in and {planned.output_tokens:,} tokens out"
    note(f"About {tokens} (estimated from the number of characters; without re-asks and second questions).")
    if price is not None:
        note(f"About ${cost:.2f} at ${price.input:g} + ${price.output:g} per million tokens ({price.source}).")
    else:
        note("No price is known for this model: --price IN,OUT gives one.")
    for unread in planned.unread:
        note(f"Not readable: {unread.source}: {unread.error}")
    if planned.unread_more:
        note(f"… and {planned.unread_more:,} more that are not readable.")


def _done(output: Path | None) -> frozenset[str]:
    """The ids of the articles that have their record."""
    from extractor.files.decoding import json_object

    if output is None or not output.is_file():
        return frozenset()
    with output.open("rb") as lines:
        records = (json_object(line) for line in lines)
        return frozenset(record["article"]["id"] for record in records if record and "article" in record)
