"""The errors of openai, instructor and httpx2 as errors of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import openai

from extractor import errors
from extractor.models.retrying import QUOTA, GarbledResponse, causes, is_transient
from extractor.models.transport import OversizedAnswer


def translate(error: BaseException, label: str, cost: Mapping[str, Any] | None = None) -> errors.ModelError:
    """Any exception of openai, instructor or httpx2 as one of ours, naming what was asked about.

    `cost` is what was paid for, as in `ModelError.cost`.
    """
    fields = dict(cost or {})
    chain = list(causes(error))
    own = next((e for e in chain if isinstance(e, errors.ModelError)), None)
    if own is not None:
        return type(own)(f"{label}: {own}", hint=own.hint, **fields)
    status = next((e for e in chain if isinstance(e, openai.APIStatusError)), None)
    if status is not None:
        return _translate_status(status, label, fields)
    if any(isinstance(e, openai.APITimeoutError | httpx2.TimeoutException) for e in chain):
        return errors.ModelUnavailable(f"{label}: the server did not answer in time", **fields)
    if (oversized := next((e for e in chain if isinstance(e, OversizedAnswer)), None)) is not None:
        return errors.AnswerInvalid(f"{label}: {oversized}", **fields)
    if (garbled := next((e for e in chain if isinstance(e, GarbledResponse)), None)) is not None:
        hint = "Is this the address of an OpenAI-compatible server (https://…/v1)?"
        said = f"{label}: the server's response is no chat completion: {garbled}"
        return errors.ModelUnavailable(said, hint=hint, **fields)
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
    if error.code in QUOTA:
        return errors.ModelRejected(said, hint="The account's quota is used up.", fatal=True, **fields)
    if is_transient(error):
        return errors.ModelUnavailable(said, **fields)
    return errors.ModelRejected(said, **fields)


def _message(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])[:300]
    return error.message[:300]
