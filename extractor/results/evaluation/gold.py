"""Gold: articles with the reading that is held to be right."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import ConfigurationError
from extractor.schema.reading import Reading
from extractor.schema.record import Item, Record

_HINT = "A gold line is a JSON object with id, text, published and reading; docs/evaluation.md shows one."
_LAYERS = ("claims", "stances", "commitments")


class GoldArticle(BaseModel):
    """One line of a gold file. Its other fields (title, source, licence) are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    text: str
    published: dt.date | None
    reading: Reading


def read_gold(path: str | Path) -> list[GoldArticle]:
    """All articles of a JSONL file. Raises ConfigurationError where a line is no gold article, or there is none."""
    articles = list(_articles(Path(path)))
    if not articles:
        raise ConfigurationError(f"{path} holds no article", hint=_HINT)
    return articles


def _articles(path: Path) -> Iterator[GoldArticle]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _article(line, f"{path}:{number}")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="Check the path.") from error


def _article(line: bytes, place: str) -> GoldArticle:
    try:
        return GoldArticle.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "line"
        raise ConfigurationError(f"{place} is no gold article: {field}: {first['msg']}", hint=_HINT) from error


def gold_line(record: Record) -> str:
    """A line of a gold file, as `extractor evaluate` takes it, without its newline."""
    article = record.article
    head = article.model_dump(mode="json", include={"id", "title", "published", "source", "text"})
    reading = Reading.model_validate(
        {
            "speakers": [speaker.model_dump() for speaker in record.speakers],
            **{layer: [_read(item) for item in getattr(record, layer)] for layer in _LAYERS},
        }
    )
    return json.dumps({**head, "reading": reading.model_dump(mode="json")}, ensure_ascii=False)


def _read(item: Item) -> dict[str, Any]:
    """An item as a reading has it: the quote's words alone."""
    fields = item.model_dump(exclude={"id", "quote"})
    if fields.get("when"):
        fields["when"] = {name: fields["when"][name] for name in ("expression", "edtf", "earliest", "latest")}
    return {**fields, "quote": item.quote.exact}
