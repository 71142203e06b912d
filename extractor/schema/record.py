"""What we publish: one record per article, one JSON line per record, and the lines and files beside it.

A record holds nothing that changes from run to run: no clock, no latency, no count of network retries. Those stand in
the run manifest. Quotes are W3C Web Annotation selectors (TextQuoteSelector and TextPositionSelector in one object).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from extractor.schema.reading import ClaimKind, Delivery, Firmness, Position, SpeakerKind

SCHEMA_VERSION: Literal["1"] = "1"

Layer = Literal["claims", "stances", "commitments"]
Match = Literal["exact", "normalized", "fuzzy"]
Basis = Literal["resolved", "model", "unresolved"]
CheckCode = Literal[
    "date_disagreement",
    "uncovered_quotation",
    "uncovered_statement",
    "uncovered_plan",
    "speaker_disagreement",
    "unknown_speaker",
    "example_leak",
    "truncated",
    "read_in_parts",
    "second_pass",
    "published_from_dateline",
    "no_publication_date",
    "cue_not_found",
    "expression_not_found",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(_Part):
    """A passage of the article: `article.text[start:end] == exact`, offsets in Unicode code points, end exclusive."""

    exact: str
    prefix: str = Field(description="up to 32 characters before the passage")
    suffix: str = Field(description="up to 32 characters after it")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    match: Match = Field(
        description="how it was found: as it stands, after normalising marks, spaces and case, or approximately"
    )


class Speaker(_Part):
    """A source to whom the article attributes something."""

    id: str
    name: str
    role: str | None
    affiliation: str | None
    kind: SpeakerKind


class Claim(_Part):
    """One attributed proposition with the passage it rests on."""

    id: str
    speaker: str
    via: list[str]
    statement: str
    kind: ClaimKind
    delivery: Delivery
    cue: str | None
    quote: Quote


class Stance(_Part):
    """A speaker's position toward a target."""

    id: str
    speaker: str
    target: str
    position: Position
    quote: Quote


class When(_Part):
    """A planned date: the words, where they stand, and the days they can mean (both ends included, null where open)."""

    expression: str
    span: tuple[int, int] | None = Field(
        description="code points into the article's text; null where the words could not be found"
    )
    edtf: str | None
    earliest: dt.date | None
    latest: dt.date | None
    basis: Basis = Field(description="resolved: by code; model: code could not, the model could; unresolved: neither")


class Commitment(_Part):
    """Something that an actor is to do after the article's date, and that one could later check."""

    id: str
    speaker: str | None
    actors: list[str]
    action: str
    firmness: Firmness
    condition: str | None
    quote: Quote
    when: When | None


Item: TypeAlias = Claim | Stance | Commitment


class Unplaced(_Part):
    """An item whose quote could not be found in the article, as the model gave it."""

    layer: Layer
    item: dict[str, Any]
    reason: str


class Check(_Part):
    """Something that code noticed: `item` is the id of the item concerned, or null where it concerns the article."""

    code: CheckCode
    item: str | None
    message: str
    span: tuple[int, int] | None = Field(default=None, description="the passage concerned, where there is one")


class RecordArticle(_Part):
    """The article as it was read."""

    id: str
    source: str | None
    title: str | None
    published: dt.date | None
    language: str | None
    sha256: str
    text: str


class RecordRun(_Part):
    """What made this record. `attempts` counts questions to the model, re-asks included, network retries not."""

    model: str
    prompt: str
    prompt_sha256: str
    extractor: str
    attempts: int
    input_tokens: int
    output_tokens: int


class Record(_Part):
    """Everything found in one article."""

    schema_version: Literal["1"]
    article: RecordArticle
    speakers: list[Speaker]
    claims: list[Claim]
    stances: list[Stance]
    commitments: list[Commitment]
    unplaced: list[Unplaced]
    checks: list[Check]
    run: RecordRun


def items(record: Record) -> Iterator[Item]:
    """All items of a record, layer by layer."""
    yield from record.claims
    yield from record.stances
    yield from record.commitments


class Failure(_Part):
    """An article that gave no record: one line of OUT.failed.jsonl."""

    source: str | None = Field(description="where it was read: a path, with :LINE for files that hold many articles")
    article: str | None = Field(description="the article's id, where it has one")
    error: str = Field(description="the class of the error, as in extractor/errors.py")
    message: str
    hint: str
    retryable: bool
    attempts: int
    input_tokens: int
    output_tokens: int
    last_output: str | None = Field(description="the model's last words, at most 2,000 characters")


class Prices(_Part):
    """USD per million tokens, and where the figures are from."""

    input: float
    output: float
    cached: float | None = Field(description="input that the provider had in its prompt cache; null: like other input")
    source: str


class PerArticle(_Part):
    """Means over the articles for which the model was asked, failed ones included."""

    articles: int
    attempts: float
    input_tokens: float
    output_tokens: float
    cost: float | None


class Manifest(_Part):
    """OUT.run.json: the set-up and the totals of a run."""

    schema_version: Literal["1"]
    extractor: str
    model: str
    prompt: str
    prompt_sha256: str
    reading_sha256: str = Field(description="digest of the schema that the model was asked to fill")
    settings: dict[str, Any] = Field(description="options of the run, without secrets")
    versions: dict[str, str]
    state: Literal["running", "finished", "interrupted", "stopped"]
    read: int
    written: int
    failed: int
    skipped: int
    already_done: int = Field(
        description="records and failures of earlier runs that this run left as they are; part of skipped"
    )
    from_cache: int
    attempts: int
    network_retries: int
    input_tokens: int
    output_tokens: int
    cost: float | None = Field(
        default=None,
        description="USD for all answers of this run, re-asks and failed articles included; null: no price is known",
    )
    prices: Prices | None = None
    per_article: PerArticle | None = None
    started: dt.datetime
    finished: dt.datetime | None
    seconds: float
