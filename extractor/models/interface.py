"""The interface of every model: a Question goes in, an Answer or a ModelError comes out. With the fake that tests
use.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from extractor.errors import ModelError

T = TypeVar("T", bound=BaseModel)
Message: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class Question(Generic[T]):
    """What a model is asked: the rendered messages, the schema of the reply, and what it is about.

    `subject` is the plain object behind the messages (an Article for a reading); models built of rules answer from it.
    `label` names it in errors.
    """

    messages: tuple[Message, ...]
    reply: type[T]
    subject: object
    label: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What answers cost. `attempts` counts questions put, re-asks included; `network_retries` the repeats of lost
    calls.
    """

    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    network_retries: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.attempts + other.attempts,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.network_retries + other.network_retries,
        )


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A validated reply and what it cost. `cached` tells that nobody was asked this time."""

    value: T
    usage: Usage
    cached: bool = False


class Model(Protocol):
    """Anything that answers questions.

    `name` goes into the record ("openai/NAME", "rules"); `parameters` are the options that change an answer, for the
    cache's key.
    """

    @property
    def name(self) -> str: ...

    @property
    def parameters(self) -> dict[str, Any]: ...

    async def ask(self, question: Question[T]) -> Answer[T]:
        """The validated answer. Raises a ModelError."""
        ...

    async def aclose(self) -> None:
        """Lets go of connections and files."""
        ...


Scripted: TypeAlias = BaseModel | ModelError | Callable[[Question[Any]], BaseModel | Awaitable[BaseModel]]


@dataclass
class FakeModel:
    """A model that answers from a script, for tests of this program and of programs that use it.

    `script` is one answer for every question, or an iterable used up one question at a time. Each answer is a reply
    object, an error to raise, or a function of the question (plain or async) that returns a reply. `asked` keeps the
    questions.
    """

    script: Scripted | Iterable[Scripted]
    name: str = "fake"
    parameters: dict[str, Any] = field(default_factory=dict)
    usage: Usage = field(default_factory=lambda: Usage(attempts=1, input_tokens=100, output_tokens=10))
    asked: list[Question[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        single = isinstance(self.script, BaseModel | Exception) or callable(self.script)
        self._answers = None if single else iter(self.script)  # type: ignore[arg-type]  # `single` has just told the two apart

    async def ask(self, question: Question[T]) -> Answer[T]:
        self.asked.append(question)
        scripted: Any = self.script if self._answers is None else next(self._answers, None)
        if scripted is None:
            raise AssertionError(f"FakeModel has no answer left for question {len(self.asked)} ({question.label})")
        if callable(scripted):
            scripted = scripted(question)
            if inspect.isawaitable(scripted):
                scripted = await scripted
        if isinstance(scripted, Exception):
            raise scripted
        return Answer(question.reply.model_validate(scripted.model_dump()), replace(self.usage))

    async def aclose(self) -> None:
        """Nothing to let go of."""
