"""A model that answers from response files, and puts what they do not answer among the requests."""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel

from extractor.errors import AnswerAwaited, ConfigurationError
from extractor.models import providers
from extractor.models.chat import ChatModel
from extractor.models.interface import Answer, Model, Question
from extractor.models.offline_batch.requests import QuestionKey, RequestFiles
from extractor.models.offline_batch.responses import Response, Responses
from extractor.models.opening import Mode
from extractor.settings import Settings

T = TypeVar("T", bound=BaseModel)
_article: ContextVar[str] = ContextVar("article")
_NOT_READ = {401, 403, 404, 408, 409, 429}
"""Statuses that say nothing about the request itself: the same one may succeed in another batch."""


@dataclass
class Tally:
    """What became of questions without an answer: put among the requests, asked before and not answered yet, or held
    back because the answers that are there belong to other questions of the article.
    """

    requested: int = 0
    awaited: int = 0
    mismatched: int = 0


class BatchTransport(httpx2.AsyncBaseTransport):
    """Answers from response files, and from nothing else: no request ever leaves.

    A question is asked once. It becomes a request (again) only where no file holds an answer and it either has not been
    asked or was asked and answered with an error that another batch may not meet. `resend` asks whatever has no answer.
    """

    def __init__(self, responses: Responses, requests: RequestFiles, *, resend: bool = False) -> None:
        self.tally = Tally()
        self._responses, self._requests, self._resend = responses, requests, resend

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = await request.aread()
        article = _article.get()
        key = QuestionKey.of(article, body)
        opening = not self._responses.has(key.article, used=True)
        response = self._responses.find(key)
        if response is not None and not _repeatable(response):
            content = json.dumps(response.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
            return httpx2.Response(response.status, headers={"content-type": "application/json"}, content=content)
        if response is None and not self._resend and self._responses.has(key.article, used=False):
            raise self._mismatch()
        asked = self._requests.asked[key] + opening
        if self._resend or asked <= self._responses.errors(key):  # never asked, or every time in vain
            self._requests.add(article, key, body)
            raise self._requested(response)
        raise self._awaited()

    def _requested(self, response: Response | None) -> AnswerAwaited:
        self.tally.requested += 1
        return AnswerAwaited(
            f"the batch did not answer ({_reason(response)}); its question is asked again"
            if response
            else "it has a further question",
            hint="Send the new request file, and import again with its answers too.",
        )

    def _awaited(self) -> AnswerAwaited:
        self.tally.awaited += 1
        return AnswerAwaited(
            "there is no answer to its question yet",
            hint="Import again when the batch is done, with all response files; --resend asks what has no answer.",
        )

    def _mismatch(self) -> AnswerAwaited:
        self.tally.mismatched += 1
        return AnswerAwaited(
            "its answers belong to other questions than the one now asked",
            hint="Give all response files of the job, and the model, prompt and options of its export. Where the "
            "article or the program has changed since, --resend asks again.",
        )


def _repeatable(response: Response) -> bool:
    return response.status in _NOT_READ or response.status == 0 or response.status >= 500


def _reason(response: Response) -> str:
    return f"{response.status}: {response.says}" if response.status else response.says


class OfflineModel:
    """The chat model of this name over response files. A question without an answer raises AnswerAwaited."""

    def __init__(self, model: Model, transport: BatchTransport) -> None:
        self._model, self._transport = model, transport

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def parameters(self) -> dict[str, Any]:
        return self._model.parameters

    @property
    def tally(self) -> Tally:
        return self._transport.tally

    async def ask(self, question: Question[T]) -> Answer[T]:
        """The answer, made of all responses to the question and its re-asks. Raises a ModelError."""
        token = _article.set(question.label)
        try:
            return await self._model.ask(question)
        finally:
            _article.reset(token)

    async def aclose(self) -> None:
        await self._model.aclose()


def open_offline(
    name: str,
    settings: Settings,
    responses: Responses,
    requests: RequestFiles,
    *,
    mode: Mode = "json",
    temperature: float | None = None,
    resend: bool = False,
) -> OfflineModel:
    """The model of this name, asked by file. It needs neither key nor address. Raises ConfigurationError."""
    if name == "rules":
        hint = "Name a language model with --model openai/NAME, or set EXTRACTOR_MODEL; `extractor run` reads by rules."
        raise ConfigurationError("A batch needs a language model.", hint=hint)
    provider = providers.find(name, settings, offline=True)
    transport = BatchTransport(responses, requests, resend=resend)
    chat = ChatModel(provider, mode=mode, temperature=temperature, max_retries=0, transport=transport)
    return OfflineModel(chat, transport)
