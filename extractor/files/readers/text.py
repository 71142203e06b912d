"""Plain text, and Markdown with YAML front matter: one article per file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from extractor.errors import UnreadableInput
from extractor.files.decoding import MAX_TEXT, decode
from extractor.files.inputs import Source
from extractor.files.readers.fields import article_from
from extractor.files.readers.interface import Located, Unread
from extractor.schema.article import Article

_HEAD = re.compile(r"\s?date[ \t]+(\d{4}-\d\d-\d\d)(?!\S)\s*")
_FENCE = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n+|\Z)", re.DOTALL | re.MULTILINE)
_MAX_FRONT_MATTER = 1 << 16
_FRONT_MATTER_HINT = "Put simple fields such as 'title: …' and 'date: YYYY-MM-DD' between two lines of three hyphens."


def read_text(file: BinaryIO, source: Source) -> Iterator[Located]:
    """The file is the article, but for an optional beginning `date YYYY-MM-DD`, which states its publication date."""
    yield source.name, plain_text(decode(whole(file)), source)


def plain_text(text: str, source: Source) -> Article | Unread:
    head = _HEAD.match(text)
    fields = {"published": head[1], "text": text[head.end() :]} if head else {"text": text}
    return article_from(fields, locator=source.name, own_id=source.id)


def read_markdown(file: BinaryIO, source: Source) -> Iterator[Located]:
    """The article's fields stand in the front matter, its text below. Markup in the text stays as it is."""
    text = decode(whole(file)).replace("\r\n", "\n").replace("\r", "\n")
    fence = _FENCE.match(text)
    if fence:
        fields = {**_front_matter(fence["yaml"]), "text": text[fence.end() :]}
    elif re.match(r"---[ \t]*\n", text):
        raise UnreadableInput("the front matter is not closed", hint=_FRONT_MATTER_HINT)
    else:
        fields = {"text": text}
    yield source.name, article_from(fields, locator=source.name, own_id=source.id)


def whole(file: BinaryIO, *, limit: int = MAX_TEXT) -> bytes:
    """All bytes. Raises UnreadableInput for an empty file and one beyond `limit` bytes."""
    data = file.read(limit + 1)
    if not data:
        raise UnreadableInput("no text: the file is empty", hint="Remove it, or give it its text.")
    if len(data) > limit:
        raise UnreadableInput(f"larger than {limit:,} bytes", hint="Split it into articles, one per file or line.")
    return data


def _front_matter(block: str) -> Mapping[str, object]:
    import yaml

    if len(block) > _MAX_FRONT_MATTER:
        raise UnreadableInput(
            f"the front matter is larger than {_MAX_FRONT_MATTER:,} characters", hint=_FRONT_MATTER_HINT
        )
    try:
        fields = _load(block)
    except yaml.YAMLError as error:
        line = (
            f" in line {error.problem_mark.line + 2}"
            if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark
            else ""
        )
        raise UnreadableInput(f"the front matter is no valid YAML{line}", hint=_FRONT_MATTER_HINT) from error
    except RecursionError as error:
        raise UnreadableInput("the front matter is nested too deeply", hint=_FRONT_MATTER_HINT) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise UnreadableInput("the front matter has no fields", hint=_FRONT_MATTER_HINT)
    return fields


def _load(block: str) -> object:
    """YAML whose scalars stay the strings they are written as.

    YAML's own resolution would make `language: no` false, `id: 0123` the number 83, and `date: 2025-02-30` an error of
    its own; and its merge keys (`<<`) are what lets a short document grow exponentially. Aliases are references and
    take no room.
    """
    import yaml

    class Plain(yaml.SafeLoader):
        pass

    Plain.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(block, Loader=Plain)  # noqa: S506 a SafeLoader that resolves less
