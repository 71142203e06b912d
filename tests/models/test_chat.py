"""The chat model against a server that misbehaves on order."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from pydantic import SecretStr

from extractor import errors
from extractor.models.chat import ChatModel, Mode
from extractor.models.interface import Answer, Question
from extractor.models.limits import Gate, Limits
from extractor.models.providers import Provider
from extractor.models.reply import reply_class, strict_schema
from extractor.models.translating import translate
from extractor.schema.reading import Reading
from tests.support import readings
from tests.support.server import Reply, Script, Server

Serve = Callable[[Script], Server]
GOOD = readings.reading(claims=[readings.claim("the bridge would open")]).model_dump(mode="json")
KEY = "sk-planted-0123456789"


def question(text: str = readings.TEXT, label: str = "a1") -> Question[Reading]:
    messages = (
        {"role": "system", "content": "Read."},
        {"role": "user", "content": f"---- article x ----\n{text}\n---- article x ----"},
    )
    return Question(messages, Reading, readings.article(text), label)


def model(server: Server, *, mode: Mode = "json", **options: Any) -> ChatModel:
    provider = Provider("local/test", "test", server.url, SecretStr(KEY))
    return ChatModel(provider, mode=mode, **{"timeout": 5.0, "longest_wait": 0.01, **options})


def ask(server: Server, **options: Any) -> Answer[Reading]:
    async def once() -> Answer[Reading]:
        asked = model(server, **options)
        try:
            return await asked.ask(question())
        finally:
            await asked.aclose()

    return asyncio.run(once())


def first(*replies: Reply) -> Script:
    """The replies one after the other, then good answers."""
    left = list(replies)
    return lambda _: left.pop(0) if left else Reply(GOOD)


@pytest.mark.parametrize("mode", ["json", "tools"])
def test_a_valid_answer_comes_back_as_the_schemas_own_class(serve: Serve, mode: Mode) -> None:
    """In both modes the reply is a Reading, and the usage is what the server counted."""
    answer = ask(serve(first()), mode=mode)
    assert type(answer.value) is Reading
    assert answer.value == Reading.model_validate(GOOD)
    assert (answer.usage.attempts, answer.usage.input_tokens, answer.usage.output_tokens) == (1, 100, 10)
    assert answer.usage.network_retries == 0


def test_json_mode_asks_for_strict_structured_output(serve: Serve) -> None:
    """The request carries the strict schema: closed objects, every property required, no defaults."""
    server = serve(first())
    ask(server)
    sent = server.calls[0].body["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["name"] == "Reading"
    assert sent["schema"] == strict_schema(Reading)
    for part in [sent["schema"], *sent["schema"]["$defs"].values()]:
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])
        assert not any("title" in field for field in part["properties"].values())
    assert '"default"' not in json.dumps(sent["schema"])


def test_tools_mode_asks_for_a_strict_tool_call(serve: Serve) -> None:
    """The request carries one tool, strict, with the same schema, and forces its use."""
    server = serve(first())
    ask(server, mode="tools")
    (tool,) = server.calls[0].body["tools"]
    assert tool["function"]["strict"] is True
    assert tool["function"]["name"] == "Reading"
    assert server.calls[0].body["tool_choice"]["function"]["name"] == "Reading"


def test_the_schema_is_built_once_per_class() -> None:
    """Two calls share one class and one schema object."""
    assert reply_class(Reading) is reply_class(Reading)
    assert reply_class(Reading).model_json_schema() is reply_class(Reading).model_json_schema()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_calls_that_the_server_lost_are_repeated(serve: Serve, status: int) -> None:
    """Two transient failures cost two network retries and no re-ask."""
    answer = ask(serve(first(Reply(status=status), Reply(status=status))))
    assert (answer.usage.network_retries, answer.usage.attempts) == (2, 1)


def test_a_dropped_connection_is_repeated(serve: Serve) -> None:
    """A connection closed without an answer is asked again."""
    assert ask(serve(first(Reply(drop=True)))).usage.network_retries == 1


def test_a_hanging_server_is_given_up_and_asked_again(serve: Serve) -> None:
    """After the timeout the call is repeated."""
    assert ask(serve(first(Reply(GOOD, delay=5))), timeout=1.0).usage.network_retries == 1


def test_retry_after_is_obeyed(serve: Serve) -> None:
    """The pause is at least what the server asks for, and is capped by the longest wait."""
    server = serve(first(Reply(status=429, headers={"retry-after-ms": "150"})))
    started = time.monotonic()
    ask(server, longest_wait=5.0)
    assert time.monotonic() - started >= 0.15
    started = time.monotonic()
    ask(serve(first(Reply(status=429, headers={"retry-after": "30"}))), longest_wait=0.05)
    assert time.monotonic() - started < 10


def test_retries_end_with_what_was_tried(serve: Serve) -> None:
    """A server that stays down gives ModelUnavailable after the given number of retries, naming the article."""
    server = serve(lambda _: Reply(status=503))
    with pytest.raises(errors.ModelUnavailable, match="a1: the server answered 503: scripted 503") as caught:
        ask(server, max_retries=2)
    assert len(server.calls) == 3
    assert caught.value.retryable


def test_an_answer_that_does_not_fit_is_asked_for_again(serve: Serve) -> None:
    """The re-ask carries the model's own words and what is wrong with them; usage counts both answers."""
    server = serve(first(Reply({"speakers": "nobody"})))
    answer = ask(server)
    assert (answer.usage.attempts, answer.usage.input_tokens, answer.usage.output_tokens) == (2, 200, 20)
    repeated = json.dumps(server.calls[1].body["messages"])
    assert len(server.calls[1].body["messages"]) > 2
    assert "nobody" in repeated
    assert "errors.pydantic.dev" not in repeated


@pytest.mark.parametrize("mode", ["json", "tools"])
def test_answers_that_never_fit_fail_with_the_models_last_words(serve: Serve, mode: Mode) -> None:
    """After the re-asks the error tells the attempts, the tokens and what the model said."""
    server = serve(lambda _: Reply({"speakers": "nobody"}))
    with pytest.raises(errors.AnswerInvalid, match="a1: the answer does not fit the schema") as caught:
        ask(server, reasks=2, mode=mode)
    assert len(server.calls) == 3
    assert (caught.value.attempts, caught.value.input_tokens, caught.value.output_tokens) == (3, 300, 30)
    assert caught.value.last_output == '{"speakers": "nobody"}'


def test_truncated_json_is_an_invalid_answer(serve: Serve) -> None:
    """Broken JSON is re-asked, then reported."""
    with pytest.raises(errors.AnswerInvalid) as caught:
        ask(serve(lambda _: Reply('{"speakers": [')), reasks=1)
    assert caught.value.attempts == 2


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (Reply(refusal="I cannot."), errors.AnswerRefused, "a1: the model declined: I cannot."),
        (Reply("", finish="content_filter"), errors.AnswerRefused, "content filter"),
        (Reply('{"speakers": [', finish="length"), errors.AnswerTruncated, "output limit"),
        (Reply(""), errors.AnswerEmpty, "answered with nothing"),
        (Reply(None), errors.AnswerEmpty, "answered with nothing"),
        (Reply(status=400), errors.ModelRejected, "the server answered 400"),
        (
            Reply(status=400, error={"message": "too long", "code": "context_length_exceeded"}),
            errors.AnswerTruncated,
            "too long",
        ),
    ],
)
def test_answers_that_no_reask_would_mend_are_not_asked_for_again(
    serve: Serve, reply: Reply, error: type[errors.ModelError], message: str
) -> None:
    """Refusals, cut-off and empty answers and rejected requests end the question at once, each as its own error."""
    server = serve(lambda _: reply)
    with pytest.raises(error, match=message):
        ask(server)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("reply", "hint"),
    [
        (Reply(status=401), "The key is not accepted: check it."),
        (Reply(status=404), "Check the model's name, and that the key may use it."),
        (Reply(status=429, error={"message": "pay", "code": "insufficient_quota"}), "The account's quota is used up."),
    ],
)
def test_refusals_that_would_meet_every_article_are_fatal(serve: Serve, reply: Reply, hint: str) -> None:
    """A bad key, an unknown model and a used-up quota are not retried, and say that they concern the whole run."""
    server = serve(lambda _: reply)
    with pytest.raises(errors.ModelRejected) as caught:
        ask(server)
    assert caught.value.fatal
    assert caught.value.hint == hint
    assert len(server.calls) == 1


def test_no_server_at_all_is_said_so() -> None:
    """A refused connection is ModelUnavailable with a hint about the address."""

    async def once() -> None:
        asked = ChatModel(Provider("local/x", "x", "http://127.0.0.1:9/v1", SecretStr("k")), max_retries=0)
        try:
            await asked.ask(question())
        finally:
            await asked.aclose()

    with pytest.raises(errors.ModelUnavailable, match="no connection to the server") as caught:
        asyncio.run(once())
    assert caught.value.hint == "Is the server running, and the address right?"


def test_thirty_concurrent_questions_keep_their_own_counts(serve: Serve) -> None:
    """Every question fails twice and then succeeds; each counts its own two retries and one attempt."""
    server = serve(lambda call: Reply(status=500) if call.repeat < 2 else Reply(GOOD))

    async def all_at_once() -> list[Answer[Reading]]:
        asked = model(server)
        try:
            return list(await asyncio.gather(*(asked.ask(question(f"text {n}")) for n in range(30))))
        finally:
            await asked.aclose()

    answers = asyncio.run(all_at_once())
    assert [(a.usage.attempts, a.usage.network_retries) for a in answers] == [(1, 2)] * 30
    assert len(server.calls) == 90


def test_braces_in_an_article_reach_the_model_as_they_are(serve: Serve) -> None:
    """Template marks in the text are neither rendered nor removed on the way."""
    text = "{{ key }} {% if x %} {# gone? #} ${{ secrets.X }}"
    server = serve(first())

    async def once() -> None:
        asked = model(server)
        await asked.ask(question(text))
        await asked.aclose()

    asyncio.run(once())
    assert server.calls[0].article == text


def test_credentials_do_not_follow_a_redirect(serve: Serve) -> None:
    """A redirect is an error, not a request to another address."""
    elsewhere = serve(first())
    server = serve(lambda _: Reply(status=307, headers={"location": elsewhere.url + "/chat/completions"}))
    with pytest.raises(errors.ModelError):
        ask(server)
    assert elsewhere.calls == []


@pytest.mark.parametrize(
    ("status", "error", "fatal"),
    [
        (400, errors.ModelRejected, False),
        (401, errors.ModelRejected, True),
        (403, errors.ModelRejected, True),
        (404, errors.ModelRejected, True),
        (408, errors.ModelUnavailable, False),
        (409, errors.ModelRejected, False),
        (413, errors.ModelRejected, False),
        (422, errors.ModelRejected, False),
        (429, errors.ModelUnavailable, False),
        (500, errors.ModelUnavailable, False),
        (503, errors.ModelUnavailable, False),
    ],
)
def test_each_status_has_its_error(serve: Serve, status: int, error: type[errors.ModelError], fatal: bool) -> None:
    """What the server answers decides the class, whether a later run may succeed, and whether the whole run ends."""
    with pytest.raises(errors.ModelError, match=f"^a1: the server answered {status}: scripted {status}$") as caught:
        ask(serve(lambda _: Reply(status=status)), max_retries=0)
    assert type(caught.value) is error
    assert caught.value.retryable is (error is errors.ModelUnavailable)
    assert getattr(caught.value, "fatal", False) is fatal


UNUSED = {
    "OAuthError",  # workload identity
    "WebSocketConnectionClosedError",  # realtime
    "WebSocketQueueFullError",  # realtime
    "LengthFinishReasonError",  # openai's own parsing
    "ContentFilterFinishReasonError",  # openai's own parsing
}
"""Exceptions of parts of openai that the chat model does not use."""


def test_every_exception_of_openai_is_translated() -> None:
    """Each class has its error here; a class that is new in openai fails until somebody decides what becomes of it."""
    request = httpx2.Request("POST", "http://127.0.0.1/v1")

    def status(kind: type[openai.APIStatusError], code: int) -> openai.APIStatusError:
        return kind("said", response=httpx2.Response(code, request=request), body=None)

    expected: list[tuple[Exception, type[errors.ModelError], str]] = [
        (openai.OpenAIError("said"), errors.AnswerInvalid, "OpenAIError: said"),
        (openai.APIError("said", request, body=None), errors.AnswerInvalid, "APIError: said"),
        (status(openai.APIStatusError, 413), errors.ModelRejected, "answered 413: said"),
        (status(openai.BadRequestError, 400), errors.ModelRejected, "answered 400: said"),
        (status(openai.AuthenticationError, 401), errors.ModelRejected, "answered 401: said"),
        (status(openai.PermissionDeniedError, 403), errors.ModelRejected, "answered 403: said"),
        (status(openai.NotFoundError, 404), errors.ModelRejected, "answered 404: said"),
        (status(openai.ConflictError, 409), errors.ModelRejected, "answered 409: said"),
        (status(openai.UnprocessableEntityError, 422), errors.ModelRejected, "answered 422: said"),
        (status(openai.RateLimitError, 429), errors.ModelUnavailable, "answered 429: said"),
        (status(openai.InternalServerError, 500), errors.ModelUnavailable, "answered 500: said"),
        (openai.APIConnectionError(request=request), errors.ModelUnavailable, "no connection to the server"),
        (openai.APITimeoutError(request), errors.ModelUnavailable, "did not answer in time"),
        (
            openai.APIResponseValidationError(httpx2.Response(200, request=request), body=None),
            errors.AnswerInvalid,
            "does not fit the schema",
        ),
        (ValueError("x"), errors.AnswerInvalid, "does not fit the schema: x"),
        (RuntimeError("y"), errors.AnswerInvalid, "RuntimeError: y"),
    ]
    for error, kind, message in expected:
        translated = translate(error, "a1")
        assert type(translated) is kind, error
        assert str(translated).startswith("a1: ")
        assert message in str(translated)
    public = {name: getattr(openai, name) for name in openai.__all__ if name != "OpenAIError"}
    found = {name for name, kind in public.items() if isinstance(kind, type) and issubclass(kind, openai.OpenAIError)}
    assert found >= UNUSED
    assert found - UNUSED == {type(error).__name__ for error, _, _ in expected[1:-2]}


def test_temperature_is_sent_only_if_given(serve: Serve) -> None:
    """Some models refuse the parameter: without an order it is left out."""
    server = serve(first())
    ask(server)
    ask(server, temperature=0.0)
    assert "temperature" not in server.calls[0].body
    assert server.calls[1].body["temperature"] == 0.0


def test_calls_keep_to_the_given_number_of_connections(serve: Serve) -> None:
    """More questions than connections wait for a free one instead of failing."""
    server = serve(lambda _: Reply(GOOD, delay=0.02))

    async def many() -> None:
        asked = model(server, gate=Gate(Limits(concurrency=3)))
        await asyncio.gather(*(asked.ask(question(f"text {n}")) for n in range(12)))
        await asked.aclose()

    asyncio.run(many())
    assert (server.most_in_flight, len(server.calls)) == (3, 12)
