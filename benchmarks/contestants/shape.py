"""The shape of an answer, for contestants that cannot import the program."""

from __future__ import annotations

from pydantic import BaseModel

PROMPT = "Read the article and record who claims what. " * 600
"""As long as the program's own prompt."""


class Speaker(BaseModel):
    id: str
    name: str
    role: str | None
    affiliation: str | None
    kind: str


class Claim(BaseModel):
    quote: str
    cue: str | None
    speaker: str
    via: list[str]
    statement: str
    delivery: str
    kind: str


class Stance(BaseModel):
    quote: str
    speaker: str
    target: str
    position: str


class When(BaseModel):
    expression: str
    edtf: str | None
    earliest: str | None
    latest: str | None


class Commitment(BaseModel):
    quote: str
    speaker: str | None
    actors: list[str]
    action: str
    firmness: str
    condition: str | None
    when: When | None


class Reading(BaseModel):
    speakers: list[Speaker]
    claims: list[Claim]
    stances: list[Stance]
    commitments: list[Commitment]
