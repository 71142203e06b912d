"""One chat model over openai + instructor + tenacity, for every server that speaks the OpenAI protocol.

Who retries what: tenacity repeats calls that the network or the server lost (429, 5xx, timeouts), honouring
Retry-After; instructor re-asks when an answer does not fit the schema; openai's own retries are off, because the three
would multiply. Errors of all three are translated here, and nowhere else.
"""

from __future__ import annotations

import functools
import logging
import os
import random
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Literal, Self, TypeVar, cast

os.environ.setdefault(
    "PYDANTIC_ERRORS_INCLUDE_URL", "0"
)  # a re-ask quotes the error: links in it are paid for and help nobody

import httpx2
import instructor
import openai
import tenacity
from instructor import AsyncInstructor
from instructor import Mode as InstructorMode
from openai.lib._pydantic import _ensure_strict_json_schema
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, PrivateAttr
from pydantic.json_schema import GenerateJsonSchema

from extractor import errors
from extractor.models.interface import Answer, Question, Usage
from extractor.models.providers import Provider
from extractor.models.transport import AiohttpTransport

T = TypeVar("T", bound=BaseModel)
Mode = Literal["json", "tools"]
_INSTRUCTOR_MODE = {"json": InstructorMode.JSON_SCHEMA, "tools": InstructorMode.TOOLS}
_QUOTA = {"insufficient_quota", "billing_hard_limit_reached"}
_MAX_LAST_OUTPUT = 2000
_SHORTEST_KEY = 8
"""A shorter "key" is a placeholder for a local server, and could be an ordinary word."""


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


class _PlainSchema(GenerateJsonSchema):
    """Titles are noise to a model, and every one of them is sent with every article."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's own signature
        return False


def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a reply in the form that strict structured output takes (closed objects, everything
    required).
    """
    plain = schema.model_json_schema(schema_generator=_PlainSchema)
    return _ensure_strict_json_schema(plain, path=(), root=plain)


class Envelope(instructor.ResponseSchema):
    """What instructor is asked to fill: it carries a reply of the class `schema` as `value`.

    instructor walks the whole tree of a response class five times per call and builds its schema anew; an envelope has
    no fields to walk, and keeps its schema. The text is validated once, by the reply's own class.
    """

    schema: ClassVar[type[BaseModel]]
    json_schema: ClassVar[dict[str, Any]]
    _value: BaseModel = PrivateAttr()

    @property
    def value(self) -> BaseModel:
        return self._value

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        return cls.json_schema

    @classmethod
    def model_validate_json(
        cls, json_data: str | bytes | bytearray, *, strict: bool | None = None, **_: Any
    ) -> Self:
        envelope = cls()
        envelope._value = cls.schema.model_validate_json(json_data, strict=strict)
        return envelope


@functools.cache
def reply_class(schema: type[BaseModel]) -> type[Envelope]:
    """The envelope for replies of this schema, made once; it bears the schema's name, which is sent to the model."""
    fields = {"__module__": __name__, "__doc__": schema.__doc__, "schema": schema, "json_schema": strict_schema(schema)}
    return cast("type[Envelope]", type(schema.__name__, (Envelope,), fields))


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
        connections: int = 64,
        transport: httpx2.AsyncBaseTransport | None = None,
        longest_wait: float = 60.0,
    ) -> None:
        self.name = provider.name
        self._model = provider.model
        self._reasks = reasks
        self._options: dict[str, Any] = {} if temperature is None else {"temperature": temperature}
        self._mode = mode
        self._key = provider.api_key
        self._client = openai.AsyncOpenAI(
            base_url=provider.base_url,
            api_key=provider.api_key.get_secret_value(),
            max_retries=0,
            timeout=httpx2.Timeout(timeout, connect=min(10.0, timeout), pool=None),
            http_client=openai.DefaultAsyncHttpxClient(
                transport=transport or AiohttpTransport(connections=connections), follow_redirects=False
            ),
        )
        instructor_mode = _INSTRUCTOR_MODE[mode]
        create = self._retrying(self._create, max_retries, longest_wait)
        self._instructor = AsyncInstructor(
            client=self._client, create=instructor.patch(create=create, mode=instructor_mode), mode=instructor_mode
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """What changes an answer besides the messages and the schema."""
        return {"mode": self._mode, "reasks": self._reasks, **self._options}

    async def ask(self, question: Question[T]) -> Answer[T]:
        """Puts the question and waits for a valid answer. Raises a ModelError with what was paid for."""
        tally = _Tally()
        token = _tally.set(tally)
        try:
            reply = await self._instructor.chat.completions.create(
                model=self._model,
                messages=cast("Any", [dict(message) for message in question.messages]),
                response_model=cast("Any", reply_class(question.reply)),
                max_retries=self._reasks,
                **self._options,
            )
        except Exception as error:
            raise self._without_key(translate(error, question.label, tally)) from error
        finally:
            _tally.reset(token)
        return Answer(cast("T", reply.value), tally.usage())

    def _redact(self, text: str) -> str:
        """A server can put the key that it was sent into anything it sends back."""
        key = self._key.get_secret_value()
        return text.replace(key, "***") if len(key) >= _SHORTEST_KEY else text

    def _without_key(self, error: errors.ModelError) -> errors.ModelError:
        error.args = (self._redact(str(error)),)
        error.last_output = error.last_output and self._redact(error.last_output)
        return error

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def _create(self, **request: Any) -> ChatCompletion:
        """One call, made strict, its answer counted and looked at before instructor parses it."""
        response_format = request.get("response_format")
        if response_format and response_format.get("type") == "json_schema":
            strict = {**response_format["json_schema"], "strict": True}
            request["response_format"] = {**response_format, "json_schema": strict}
        for tool in request.get("tools") or []:
            tool["function"]["strict"] = True
        # Not chat.completions.create(): that walks through every message to rename keys which here have their names.
        completion = await self._client.post("/chat/completions", body=request, cast_to=ChatCompletion)
        _count(completion)
        return completion

    @staticmethod
    def _retrying(create: Any, max_retries: int, longest_wait: float) -> Any:
        def before_sleep(_: tenacity.RetryCallState) -> None:
            _tally.get().network_retries += 1

        return tenacity.retry(
            retry=tenacity.retry_if_exception(_is_transient),
            stop=tenacity.stop_after_attempt(max_retries + 1),
            wait=_Wait(longest_wait),
            before_sleep=before_sleep,
            reraise=True,
        )(create)


def _count(completion: ChatCompletion) -> None:
    """Adds an answer to the tally; raises for answers that no re-ask would mend."""
    tally = _tally.get()
    tally.attempts += 1
    if completion.usage is not None:
        tally.input_tokens += completion.usage.prompt_tokens
        tally.output_tokens += completion.usage.completion_tokens
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


def _is_transient(error: BaseException) -> bool:
    if any(isinstance(cause, errors.ExtractorError) for cause in _causes(error)):
        return False
    if isinstance(error, openai.RateLimitError):
        return error.code not in _QUOTA
    if isinstance(error, openai.APIStatusError):
        return error.status_code == 408 or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError)


class _Wait(tenacity.wait.wait_base):
    """What the server asks for in Retry-After, else exponential back-off with jitter; in seconds, never above
    `longest`.

    A little is added at random to what the server asks for, so that waiting calls do not all come back in the same
    moment.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._backoff = tenacity.wait_random_exponential(multiplier=0.5, max=longest)

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = _retry_after(error)
        if asked is None:
            return self._backoff(retry_state)
        return min(asked, self._longest) + random.uniform(0, min(0.1 * asked, 1.0))  # noqa: S311  # jitter is no secret


def _retry_after(error: BaseException | None) -> float | None:
    """Seconds that the server asks to wait: `retry-after-ms`, `retry-after` in seconds, or as an HTTP date (RFC 9110,
    10.2.3).
    """
    response = getattr(error, "response", None)
    if response is None:
        return None
    headers = response.headers
    try:
        if "retry-after-ms" in headers:
            return max(float(headers["retry-after-ms"]) / 1000, 0.0)
        return max(float(headers["retry-after"]), 0.0)
    except KeyError:
        return None
    except ValueError:
        pass
    try:
        until, now = parsedate_to_datetime(headers["retry-after"]), parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):
        return None
    return max((until - now).total_seconds(), 0.0)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def translate(error: BaseException, label: str, tally: _Tally | None = None) -> errors.ModelError:
    """Any exception of openai, instructor or httpx2 as one of ours, naming what was asked about."""
    fields = (tally or _Tally()).fields()
    chain = list(_causes(error))
    own = next((e for e in chain if isinstance(e, errors.ModelError)), None)
    if own is not None:
        return type(own)(f"{label}: {own}", hint=own.hint, **fields)
    status = next((e for e in chain if isinstance(e, openai.APIStatusError)), None)
    if status is not None:
        return _translate_status(status, label, fields)
    if any(isinstance(e, openai.APITimeoutError | httpx2.TimeoutException) for e in chain):
        return errors.ModelUnavailable(f"{label}: the server did not answer in time", **fields)
    connection = next((e for e in chain if isinstance(e, openai.APIConnectionError)), None)
    if connection is not None:
        cause = connection.__cause__
        detail = f" ({type(cause).__name__}: {cause})" if cause else ""
        hint = "Is the server running, and the address right?"
        return errors.ModelUnavailable(f"{label}: no connection to the server{detail}", hint=hint, **fields)
    if isinstance(error, openai.APIResponseValidationError | ValueError) or "Instructor" in type(error).__name__:
        reason = str(chain[1] if len(chain) > 1 else error).splitlines()
        return errors.AnswerInvalid(f"{label}: the answer does not fit the schema: {' '.join(reason)[:500]}", **fields)
    return errors.AnswerInvalid(f"{label}: {type(error).__name__}: {str(error)[:300]}", **fields)


def _translate_status(error: openai.APIStatusError, label: str, fields: dict[str, Any]) -> errors.ModelError:
    said = f"{label}: the server answered {error.status_code}: {_message(error)}"
    if error.code == "context_length_exceeded":
        return errors.AnswerTruncated(said, **fields)
    if error.status_code == 401:
        return errors.ModelRejected(said, hint="The key is not accepted: check it.", fatal=True, **fields)
    if error.status_code in (403, 404):
        return errors.ModelRejected(
            said, hint="Check the model's name, and that the key may use it.", fatal=True, **fields
        )
    if error.code in _QUOTA:
        return errors.ModelRejected(said, hint="The account's quota is used up.", fatal=True, **fields)
    if _is_transient(error):
        return errors.ModelUnavailable(said, **fields)
    return errors.ModelRejected(said, **fields)


def _message(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])[:300]
    return error.message[:300]
