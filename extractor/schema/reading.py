"""What a model returns for one article.

Every field is required and nothing has a default, no field is a dict, and every choice is a Literal, so that the
schema is accepted by strict structured output as it stands. The descriptions are sent to the model: they teach the
definitions. Definitions: PARC/PolNeAR attribution (source, cue, content), Claimify (self-contained claims), the
Comparative Pledges Project (testable pledges), TimeML/EDTF (dates).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SpeakerKind = Literal["person", "organization", "group", "document", "media", "unnamed"]
Delivery = Literal["direct", "indirect", "mixed"]
ClaimKind = Literal["fact", "opinion", "prediction", "intention", "demand"]
Position = Literal["support", "oppose", "mixed", "neutral"]
Firmness = Literal["agreed", "pledged", "scheduled", "planned", "considered", "hoped"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpeakerRead(_Part):
    """A source to whom the article attributes something."""

    id: str = Field(description="s1, s2, … in order of appearance")
    name: str = Field(description="the fullest form of the name in the article")
    role: str | None = Field(description="office or function as the article gives it, else null")
    affiliation: str | None = Field(description="the state or body spoken for, else null")
    kind: SpeakerKind


class ClaimRead(_Part):
    """One attributed proposition that could be true or false, accepted or refused, on its own."""

    quote: str = Field(
        description="the content, copied from the article character for character, one contiguous passage"
    )
    cue: str | None = Field(description="the attributing words, copied from the article, else null")
    speaker: str = Field(description="id of the innermost source")
    via: list[str] = Field(description="ids of those who relayed it, outermost first; [] if nobody did")
    statement: str = Field(description="the claim in one sentence that stands alone, without saying who said it")
    delivery: Delivery = Field(
        description="direct: all inside quote marks; indirect: paraphrased; mixed: partly quoted"
    )
    kind: ClaimKind = Field(
        description="fact: verifiable, past or present; opinion: evaluation or belief; prediction: a future that the "
        "speaker does not control; intention: what the speaker's side will or wants to do; demand: what somebody else "
        "should do"
    )


class StanceRead(_Part):
    """A speaker's position toward something that people can be for or against."""

    quote: str = Field(description="the passage that shows it, copied character for character")
    speaker: str = Field(description="id of the speaker")
    target: str = Field(description="a short noun phrase that stands alone")
    position: Position


class WhenRead(_Part):
    """The time that the text gives for a commitment."""

    expression: str = Field(description="the words that give the time, with their preposition, copied from the article")
    edtf: str | None = Field(
        description="EDTF: 2025, 2025-08, 2025-08-05, 2025-08-05/2025-08-12, ../2030, 2026/.., else null"
    )
    earliest: dt.date | None = Field(description="first day it can mean, YYYY-MM-DD; null if open or unknown")
    latest: dt.date | None = Field(description="last day it can mean, YYYY-MM-DD; null if open or unknown")


class CommitmentRead(_Part):
    """Something that an actor is to do, or that is to happen by arrangement, and that one could later check."""

    quote: str = Field(description="the fullest telling, copied character for character, one contiguous passage")
    speaker: str | None = Field(description="id of whoever is said to say it; null in the reporter's own voice")
    actors: list[str] = Field(description="who would have to act, by name")
    action: str = Field(description="what, as one self-contained infinitive phrase without 'to'")
    firmness: Firmness = Field(description="the strongest that the text supports")
    condition: str | None = Field(description="what it depends on, if the text says so, else null")
    when: WhenRead | None = Field(description="null if the text gives no time")


class Reading(_Part):
    """All speakers, claims, stances and commitments of one article."""

    speakers: list[SpeakerRead]
    claims: list[ClaimRead]
    stances: list[StanceRead]
    commitments: list[CommitmentRead]
