"""The ledger: threads of commitments across articles and time, the links in them, and what a model replies about one.

A thread is one line of ledger.jsonl. Like a record it holds nothing that changes from run to run: the day as of which
its state is told is given by the caller. The relations follow the fulfilment scale of the Comparative Pledges Project
and the verdicts of Full Fact's Government Tracker; docs/ledger.md defines them.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from extractor.schema.reading import Firmness
from extractor.schema.record import Prices, Quote, When

LEDGER_VERSION: Literal["1"] = "1"

Relation = Literal["same", "update", "fulfilled", "partly_fulfilled", "abandoned", "contradicted", "unrelated"]
Change = Literal["later", "earlier", "firmer", "weaker", "larger", "smaller"]
StateName = Literal["upcoming", "due", "overdue", "fulfilled", "partly", "abandoned", "contradicted", "unratable"]
DecidedBy = Literal["rules", "model", "person"]
StepKind = Literal["commitment", "claim", "report"]
ActorKind = Literal["state", "organization", "person", "other"]
ActorBasis = Literal[
    "alias file",
    "name",
    "people",
    "seat",
    "government",
    "body",
    "office",
    "affiliation",
    "text",
    "elsewhere",
    "written",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(_Part):
    """Who would have to act. Persons and bodies of a state keep their name and are linked to the state."""

    id: str = Field(description='such as "state:RU", "org:african-union", "person:vladimir-putin", "name:hdt-limited"')
    name: str
    kind: ActorKind
    state: str | None = Field(description="id of the state that it acts for; its own id where it is a state")


class Mention(_Part):
    """How an article names an actor, and what shows who is meant."""

    text: str = Field(description="as the record has it")
    actor: str = Field(description="id of the actor")
    state: str | None = Field(description="id of the state that it acts for, as far as the articles had told by then")
    basis: ActorBasis = Field(
        description="what shows who is meant: the user's alias file; the state's or body's name; the word for its "
        "people; its seat of government; words for the government; a body of the state; an office; the speaker's "
        "affiliation; the article's text; another article on the same person; nothing but the name as written"
    )
    evidence: str | None = Field(description="the words that show it, where they are others than the mention")


class Source(_Part):
    """The article that a step was read in."""

    id: str
    title: str | None
    published: dt.date | None
    source: str | None


class Link(_Part):
    """What a step is to an earlier step of its thread."""

    to: str = Field(description="id of the earlier step")
    relation: Relation
    changes: list[Change] = Field(description="what an update changed; [] for other relations")
    slip_days: int | None = Field(
        description="by how many days the planned date moved against the last one known before; negative where it came "
        "forward; null where either is undated or the dates only became more or less exact"
    )
    confidence: float = Field(ge=0, le=1)
    by: DecidedBy
    because: str


class Step(_Part):
    """One telling in a thread: a commitment, or a claim or a report that bears on one."""

    id: str = Field(description="the record's id of the commitment or claim; a hash for a report")
    kind: StepKind = Field(description="report: a sentence in the article's own voice")
    article: Source
    said: dt.date | None = Field(description="the article's publication date")
    speaker: str | None = Field(description="null in the reporter's own voice")
    text: str = Field(description="the commitment's action, the claim's statement, or the sentence")
    actors: list[Mention]
    parties: list[str] = Field(
        description="ids of all concerned: who would have to act and who is named in the text, states for their persons"
    )
    firmness: Firmness | None = Field(description="null for claims and reports")
    condition: str | None
    quote: Quote
    when: When | None
    link: Link | None = Field(description="null for the step that founds the thread")


class State(_Part):
    """Where a thread stands on a day."""

    as_of: dt.date
    name: StateName
    reason: str
    evidence: list[str] = Field(description="ids of the steps that show it")
    by: DecidedBy


class Thread(_Part):
    """One undertaking, followed from the first article that tells it.

    `steps` holds all tellings; the fields from `state` to `last_said` tell what was known on the day of the state.
    """

    schema_version: Literal["1"]
    id: str = Field(description="made of the id of its first commitment; it stays when the ledger is continued")
    title: str
    actors: list[Actor]
    testable: bool = Field(description="whether its actions name anything that one could check")
    state: State
    firmness: Firmness | None = Field(description="of the last commitment told")
    earliest: dt.date | None = Field(description="first day of the plan that holds now")
    latest: dt.date | None = Field(description="last day of it")
    slip_days: int | None = Field(description="days between the first planned date and the one that holds now")
    first_said: dt.date | None
    last_said: dt.date | None
    steps: list[Step]


class Decision(_Part):
    """A person's decision about threads: one line of ledger.decisions.jsonl. Later lines win over earlier ones."""

    act: Literal["merge", "split", "rate"]
    thread: str = Field(description="id of the thread concerned; for a merge, of one of the two")
    step: str = Field(description="id of a step of it, which finds the thread again when threads have changed")
    other: str | None = Field(description="merge: a step of the other thread")
    state: StateName | None = Field(description="rate: the state; null takes an earlier rating back")
    because: str | None
    at: AwareDatetime | None = Field(default=None, description="when it was decided, in UTC; null where not known")
    by: str | None = Field(default=None, description="who decided it, as they name themselves")


class Questions(_Part):
    """What the questions about links took in one run, failed ones and re-asks included. What was answered from the
    cache had been paid for before: it is in none of the figures but its own.
    """

    asked: int = Field(description="questions put to the model")
    from_cache: int = Field(description="further questions, answered from the cache")
    failed: int = Field(description="questions without a usable answer: rules decided those links")
    attempts: int = Field(description="answers to the questions asked, those to re-asks included")
    input_tokens: int
    output_tokens: int
    cost: float | None = Field(description="USD; null where no price is known, and for a replay")
    prices: Prices | None


class LedgerManifest(_Part):
    """ledger.run.json, beside ledger.jsonl: how its links were decided, what that took, and which articles are in
    it.
    """

    schema_version: Literal["1"]
    linked_by: str = Field(description="rules, or the model's name with the prompt")
    prompt_sha256: str | None
    articles: list[str] = Field(description="ids of all articles read, also of those that no thread cites")
    persons: dict[str, str] = Field(description="persons' ids and the states that the articles link them to")
    questions: Questions | None = Field(
        default=None, description="of the last run that had any; null where only rules decided, and in older files"
    )


class CandidateLink(_Part):
    """What the later item is to one candidate."""

    candidate: str = Field(description="the candidate's label: c1, c2, …")
    because: str = Field(description="the deciding evidence, in one short sentence")
    relation: Relation = Field(
        description="same: the same undertaking told again; update: the same undertaking with another date, firmness "
        "or size; fulfilled, partly_fulfilled: the later item tells that it was done, fully or in part; abandoned: it "
        "was called off or given up; contradicted: those who must act do or say the opposite; unrelated: another one"
    )
    changes: list[Change] = Field(description="for an update, what changed; otherwise []")
    confidence: Literal["high", "medium", "low"]


class LinkReply(_Part):
    """What a later item is to each of its candidates, one entry for each."""

    links: list[CandidateLink]
