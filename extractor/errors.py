"""Every error of the program, on one screen.

ExtractorError
├── ConfigurationError          what the user asked for cannot be done as asked (exit code 2)
│   ├── PromptError                 a prompt file is missing, malformed or lacks variables
│   └── OutputMismatch              OUT.jsonl was made with another model, prompt or schema
├── LimitReached                a limit that the user set stopped the run (exit code 3)
├── ArticleError                one article failed; the others go on
│   ├── InternalError               a fault of this program
│   ├── UnreadableInput             the file or line is no article
│   │   └── DuplicateId                 an earlier article of the same input has this id
│   └── ModelError                  the model gave no usable answer
│       ├── ModelUnavailable            rate limit, server error, timeout or no connection, after all retries
(retryable)
│       ├── ModelRejected               the server refused the request: key, model name, quota, malformed
│       ├── AnswerRefused               the model declined to answer
│       ├── AnswerEmpty                 the model answered with nothing
(retryable)
│       ├── AnswerTruncated             the answer stopped at the model's output limit
│       ├── AnswerInvalid               the answer did not fit the schema, re-asks included
(retryable)
│       ├── CassetteMiss                the replayed cassette holds no answer to this question
│       └── AnswerAwaited               the batch files hold no answer to this question yet              (retryable)

Foreign exceptions are translated at one seam each: files/readers for parsers, models/chat.py for openai and instructor.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ExtractorError(Exception):
    """Base of all: `str(error)` says what happened, `hint` what to do about it, `retryable` whether a later run may
    succeed.
    """

    retryable: ClassVar[bool] = False
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = self.default_hint if hint is None else hint


class ConfigurationError(ExtractorError):
    """What was asked for cannot be done as asked."""


class PromptError(ConfigurationError):
    """A prompt file is missing, malformed, or uses variables that do not exist."""


class OutputMismatch(ConfigurationError):
    """The output file holds records of another set-up."""

    default_hint = "Choose another output file, or pass --overwrite to start this one anew."


class LimitReached(ExtractorError):
    """A limit set by the user was reached; what is done is written."""

    default_hint = "Run the same command with a higher limit: it continues where it stopped."


class ArticleError(ExtractorError):
    """One article could not be turned into a record; it becomes a line in the failures file."""


class InternalError(ArticleError):
    """A fault of this program met one article; the others go on."""

    default_hint = "This is a fault of the program. Please report it with the article."


class UnreadableInput(ArticleError):
    """A file, or a line of one, holds no article."""


class DuplicateId(UnreadableInput):
    """An earlier article of the same input has the same id."""

    default_hint = "Give each article its own id; the first one with this id was read."


class ModelError(ArticleError):
    """The model gave no usable answer. `attempts` and the tokens count what was asked and paid for all the same."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        attempts: int = 0,
        input_tokens: int = 0,
        output_tokens: int = 0,
        last_output: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.attempts = attempts
        self.input_tokens = input_tokens
        self.output_tokens = output_tokens
        self.last_output = last_output

    def cost(self) -> dict[str, Any]:
        """What was asked and paid for, and the model's last words, by the names that they have here."""
        return {name: getattr(self, name) for name in ("attempts", "input_tokens", "output_tokens", "last_output")}


class ModelUnavailable(ModelError):
    """Rate limit, server error, timeout or no connection, and all retries are used up."""

    retryable = True
    default_hint = (
        "The server did not answer in time. Run again with --retry-failed, perhaps with a lower --concurrency."
    )


class ModelRejected(ModelError):
    """The server refused the request itself, so that asking again would change nothing.

    `fatal` tells that it would refuse every other article too (key, model name, quota): the run stops, and can be
    continued.
    """

    default_hint = "The server does not accept this request: see its message."

    def __init__(self, message: str, *, fatal: bool = False, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.fatal = fatal


class AnswerRefused(ModelError):
    """The model declined to answer."""

    default_hint = "The model declined this article. Another model may read it: --model NAME --retry-failed."


class AnswerEmpty(ModelError):
    """The model answered with nothing."""

    retryable = True
    default_hint = "Run again with --retry-failed."


class AnswerTruncated(ModelError):
    """The answer stopped at the model's output limit; the pipeline then reads the article in smaller parts."""

    default_hint = (
        "The answer did not fit the model's output limit, even for a short part. Use a model with a larger one."
    )


class AnswerInvalid(ModelError):
    """The answer did not fit the schema, re-asks included."""

    retryable = True
    default_hint = "The model did not keep to the schema. Try --mode tools, or a stronger model, with --retry-failed."


class CassetteMiss(ModelError):
    """The cassette being replayed holds no answer to this question."""


class AnswerAwaited(ModelError):
    """The response files of a batch hold no answer to this question yet."""

    retryable = True
