"""`extractor run --dry-run`: what would be read and asked, and about what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.cli.common import note, plural

if TYPE_CHECKING:
    from extractor.files.prompts import Prompt
    from extractor.files.readers import Unread
    from extractor.models.pricing import Price
    from extractor.schema.article import Article


def tell_plan(articles: Iterator[Article | Unread], prompt: Prompt, limit: int | None, price: Price | None) -> None:
    """Reads the input to its end and asks nothing."""
    from extractor.pipeline.plan import plan

    planned = plan(articles, prompt, limit)
    note(f"{plural(planned.articles, 'article')} would be read in {plural(planned.questions, 'question')}.")
    tokens = f"{planned.input_tokens:,} tokens in and {planned.output_tokens:,} tokens out"
    note(f"About {tokens} (estimated from the number of characters; without re-asks and second questions).")
    if price is not None:
        cost = price.cost(planned.input_tokens, planned.output_tokens)
        note(f"About ${cost:.2f} at ${price.input:g} + ${price.output:g} per million tokens ({price.source}).")
    else:
        note("No price is known for this model: --price IN,OUT gives one.")
    for unread in planned.unread:
        note(f"Not readable: {unread.source}: {unread.error}")
    if planned.unread_more:
        note(f"… and {planned.unread_more:,} more that are not readable.")
