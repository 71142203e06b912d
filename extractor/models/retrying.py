"""When a lost call is repeated, and after how long."""

from __future__ import annotations

import random
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import openai
import tenacity

from extractor import errors
from extractor.models.transport import OversizedAnswer

QUOTA = {"insufficient_quota", "billing_hard_limit_reached"}
_REJECTIONS_PER_RETRY = 4
"""Being sent away by a busy server is no fault, and is borne this many times as often as a fault."""


class GarbledResponse(Exception):
    """The server answered with something that is no chat completion: one cut off on the way, or a page of text."""


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed later: the network or the server lost it, or the server is busy."""
    if any(isinstance(cause, errors.ExtractorError | OversizedAnswer) for cause in causes(error)):
        return False
    if isinstance(error, openai.RateLimitError):
        return error.code not in QUOTA
    if isinstance(error, openai.APIStatusError):
        return error.status_code == 408 or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError | GarbledResponse)


def is_rejection(error: openai.APIStatusError) -> bool:
    """Whether the server sent the call away because it is busy: 429, or a server error that says when to come back."""
    if error.status_code == 429:
        return error.code not in QUOTA
    return error.status_code >= 500 and retry_after(error) is not None


class Stop(tenacity.stop.stop_base):
    """Ends after `retries` repeats of calls that were lost; repeats of calls that were sent away count a quarter."""

    def __init__(self, retries: int) -> None:
        self._retries = retries

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        rejected = isinstance(error, openai.RateLimitError)
        return retry_state.attempt_number > self._retries * (_REJECTIONS_PER_RETRY if rejected else 1)


class Wait(tenacity.wait.wait_base):
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
        asked = retry_after(error)
        if asked is None:
            return self._backoff(retry_state)
        return min(asked, self._longest) + random.uniform(0, min(0.1 * asked, 1.0))  # noqa: S311  # jitter is no secret


def retry_after(error: BaseException | None) -> float | None:
    """Seconds that the server asks to wait: `retry-after-ms`, `retry-after` in seconds, or as an HTTP date (RFC 9110,
    10.2.3).
    """
    response = getattr(error, "response", None)
    if response is None:
        return None
    headers = response.headers
    try:
        if "retry-after-ms" in headers:
            return _seconds(float(headers["retry-after-ms"]) / 1000)
        return _seconds(float(headers["retry-after"]))
    except KeyError:
        return None
    except ValueError:
        pass
    try:
        # Both dates are the server's: this machine's clock may be wrong.
        until, now = parsedate_to_datetime(headers["retry-after"]), parsedate_to_datetime(headers["date"])
        return _seconds((until - now).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None


def _seconds(number: float) -> float | None:
    return max(number, 0.0) if number < float("inf") else None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what caused it, and what caused that."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
