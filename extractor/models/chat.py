"""One chat model over openai + instructor + tenacity, for every server that speaks the OpenAI protocol.

Who retries what: tenacity repeats calls that the network or the server lost (429, 5xx, timeouts), honouring
Retry-After; instructor re-asks when an answer does not fit the schema; openai's own retries are off, because the three
would multiply. Every single call passes the gate, which keeps the limits. What is raised is an error of ours
(translating.py).
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from extractor.models.reply import Envelope, reply_class  # isort: skip  # sets how pydantic words errors

import httpx2
import instructor
import openai
import tenacity
from instructor import Mode as InstructorMode
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from extractor import errors
from extractor.models import estimating
from extractor.models.interface import Answer, Question, Usage
from extractor.models.limits import Estimate, Gate, Limits, Passage
from extractor.models.providers import Provider
from extractor.models.retrying import (
    QUOTA,
    GarbledResponse,
    Stop,
    Wait,
    causes,
    is_rejection,
    is_transient,
    retry_after,
)
from extractor.models.translating import translate
from extractor.models.transport import AiohttpTransport
from extractor.settings import redact

T = TypeVar("T", bound=BaseModel)
Mode = Literal["json", "tools"]
_INSTRUCTOR_MODE = {"json": InstructorMode.JSON_SCHEMA, "tools": InstructorMode.TOOLS}
_FATAL = {401, 403, 404}
_MAX_LAST_OUTPUT = 2000

# instructor prints every failed attempt, with the model's words, when nobody has configured logging: errors are
# reported once, here.
logging.getLogger("instructor").setLevel(logging.CRITICAL)


@dataclass
class _Tally:
    """What one question has cost so far; filled in where answers arrive, so that failed attempts count too."""

    attempts: int = 0
    network_retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    last_output: str | None = None
    expected_output: float = 500.0
    """tokens, before anything is known of this model's answers"""
    schema_size: int = 0

    def usage(self) -> Usage:
        return Usage(self.attempts, self.input_tokens, self.output_tokens, self.network_retries)

    def fields(self) -> dict[str, Any]:
        last = self.last_output[:_MAX_LAST_OUTPUT] if self.last_output else None
        return {
            "attempts": self.attempts,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "last_output": last,
        }


_tally: ContextVar[_Tally] = ContextVar("tally")


class ChatModel:
    """A model behind a server. Safe for any number of concurrent questions; one client and one connection pool for
    all.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        mode: Mode = "json",
        temperature: float | None = None,
        timeout: float = 180.0,
        max_retries: int = 5,
        reasks: int = 2,
        gate: Gate | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        longest_wait: float = 60.0,
    ) -> None:
        self.name = provider.name
        self.gate = gate or Gate(Limits())
        self._model = provider.model
        self._reasks = reasks
        self._options: dict[str, Any] = {} if temperature is None else {"temperature": temperature}
        self._mode = mode
        self._key = provider.api_key.get_secret_value()
        self._refusal: openai.APIStatusError | None = None
        self._client = openai.AsyncOpenAI(
            base_url=provider.base_url,
            api_key=self._key,
            max_retries=0,
            # Waiting for a free connection is no fault of the server's: the gate limits how many calls are under way.
            timeout=httpx2.Timeout(timeout, connect=min(10.0, timeout), pool=None),
            http_client=openai.DefaultAsyncHttpxClient(
                transport=transport or AiohttpTransport(connections=self.gate.limits.concurrency),
                follow_redirects=False,
                event_hooks={"response": [self._hear]},
            ),
        )
        create = self._retrying(self._create, max_retries, longest_wait)
        self._create_reply = instructor.patch(create=create, mode=_INSTRUCTOR_MODE[mode])

    @property
    def parameters(self) -> dict[str, Any]:
        """What changes an answer besides the messages and the schema."""
        return {"mode": self._mode, "reasks": self._reasks, **self._options}

    async def ask(self, question: Question[T]) -> Answer[T]:
        """Puts the question and waits for a valid answer. Raises a ModelError with what was paid for, or LimitReached
        where the question would pass the budget.
        """
        envelope = reply_class(question.reply)
        tally = _Tally(schema_size=envelope.size)
        if isinstance(text := getattr(question.subject, "text", None), str):
            tally.expected_output = estimating.reading_tokens(len(text))
        token = _tally.set(tally)
        try:
            reply = await self._create_reply(
                model=self._model,
                messages=cast("Any", [dict(message) for message in question.messages]),
                response_model=cast("Any", envelope),
                max_retries=self._reasks,
                **self._options,
            )
        except Exception as error:
            if (limit := next((e for e in causes(error) if isinstance(e, errors.LimitReached)), None)) is not None:
                raise limit from None
            raise self._without_key(translate(error, question.label, tally.fields())) from error
        finally:
            _tally.reset(token)
        return Answer(cast("T", cast("Envelope", reply).value), tally.usage())

    def _redact(self, text: str) -> str:
        """A server can put the key that it was sent into anything it sends back."""
        return redact(text, [self._key])

    def _without_key(self, error: errors.ModelError) -> errors.ModelError:
        error.args = (self._redact(str(error)),)
        error.last_output = error.last_output and self._redact(error.last_output)
        return error

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def _hear(self, response: httpx2.Response) -> None:
        self.gate.heard(response.headers)

    async def _create(self, **request: Any) -> ChatCompletion:
        """One call, made strict, its answer counted and looked at before instructor parses it."""
        response_format = request.get("response_format")
        if response_format and response_format.get("type") == "json_schema":
            strict = {**response_format["json_schema"], "strict": True}
            request["response_format"] = {**response_format, "json_schema": strict}
        for tool in request.get("tools") or []:
            tool["function"]["strict"] = True
        estimate = _estimate(request["messages"])
        async with self.gate.call(estimate) as passage:
            completion = await self._send(request, passage)
            _count(completion, passage)
        await asyncio.sleep(0)  # the question that waited for this place goes out before the answer is looked at
        self._redact_answer(completion)
        _refuse_what_no_reask_would_mend(completion)
        return completion

    async def _send(self, request: dict[str, Any], passage: Passage) -> ChatCompletion:
        if self._refusal is not None:  # what the server refused to one article it would refuse to every other
            raise self._refusal
        try:
            # Not chat.completions.create(): it walks through every message to rename keys that here have their names.
            # JSON is written and read by pydantic, which is faster than json.
            body = to_json(request)
            response = await self._client.post("/chat/completions", content=body, cast_to=httpx2.Response)
            return _completion(response.content)
        except openai.APIStatusError as error:
            if is_rejection(error):
                self.gate.rejected(passage, retry_after(error))
            elif error.status_code in _FATAL or error.code in QUOTA:
                self._refusal = error
            raise
        except (ValueError, RecursionError) as error:
            raise GarbledResponse(str(error)[:200]) from error

    def _redact_answer(self, completion: ChatCompletion) -> None:
        for choice in completion.choices or []:
            message = choice.message
            if message.content:
                message.content = self._redact(message.content)
            for call in message.tool_calls or []:
                if call.type == "function":
                    call.function.arguments = self._redact(call.function.arguments)

    @staticmethod
    def _retrying(create: Any, max_retries: int, longest_wait: float) -> Any:
        def before_sleep(_: tenacity.RetryCallState) -> None:
            _tally.get().network_retries += 1

        return tenacity.retry(
            retry=tenacity.retry_if_exception(is_transient),
            stop=Stop(max_retries),
            wait=Wait(longest_wait),
            before_sleep=before_sleep,
            reraise=True,
        )(create)


def _completion(body: bytes) -> ChatCompletion:
    """The body of a response. Where a server leaves out or renames fields, openai takes it as it comes, and so do we.

    Raises ValueError where it is no JSON, and GarbledResponse where it is no object.
    """
    try:
        return ChatCompletion.model_validate_json(body)
    except ValidationError:
        told = json.loads(body)
        if not isinstance(told, dict):
            raise GarbledResponse(str(told)[:200]) from None
        return ChatCompletion.construct(**told)


def _estimate(messages: list[dict[str, Any]]) -> Estimate:
    tally = _tally.get()
    characters = tally.schema_size + sum(len(message.get("content") or "") for message in messages)
    return Estimate(estimating.tokens(characters), tally.expected_output)


def _count(completion: ChatCompletion, passage: Passage) -> None:
    """Adds an answer to the tally. A server that does not tell its tokens has taken those that were estimated."""
    tally, usage = _tally.get(), completion.usage
    tally.attempts += 1
    if usage is None:
        passage.settle(round(passage.estimate.input_tokens), round(passage.estimate.output_tokens))
        return
    used = _number(usage.prompt_tokens), _number(usage.completion_tokens)
    tally.input_tokens += used[0]
    tally.output_tokens += used[1]
    details = usage.prompt_tokens_details
    passage.settle(*used, min(used[0], _number(details.cached_tokens if details else 0)))


def _number(told: object) -> int:
    """openai does not check what a server sends."""
    return told if isinstance(told, int) and told >= 0 else 0


def _refuse_what_no_reask_would_mend(completion: ChatCompletion) -> None:
    tally = _tally.get()
    if not completion.choices:
        raise errors.AnswerEmpty("the server answered without any choice")
    choice = completion.choices[0]
    message = choice.message
    calls = message.tool_calls or []
    tally.last_output = "".join(call.function.arguments for call in calls if call.type == "function") or message.content
    if message.refusal:
        tally.last_output = message.refusal
        raise errors.AnswerRefused(f"the model declined: {message.refusal[:200]}")
    if choice.finish_reason == "content_filter":
        raise errors.AnswerRefused("the provider's content filter withheld the answer")
    if choice.finish_reason == "length":
        raise errors.AnswerTruncated("the answer stopped at the model's output limit")
    if not (tally.last_output or "").strip():
        raise errors.AnswerEmpty("the model answered with nothing")
