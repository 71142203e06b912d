"""The model that needs no key: it answers from the text layer alone, and says so in the record."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from pydantic import BaseModel

from extractor.errors import ConfigurationError
from extractor.models.interface import Answer, Question, Usage
from extractor.models.providers import RULES
from extractor.schema.article import Article
from extractor.schema.reading import Reading

T = TypeVar("T", bound=BaseModel)


class RulesModel:
    """Word lists and grammar instead of a language model: free, offline, the same answer every time."""

    name = RULES

    @property
    def parameters(self) -> dict[str, Any]:
        return {}

    async def ask(self, question: Question[T]) -> Answer[T]:
        """The reading of the question's article. Raises ConfigurationError for questions that rules cannot answer."""
        if question.reply is not Reading or not isinstance(question.subject, Article):
            raise ConfigurationError(
                f"The model `rules` cannot answer this kind of question ({question.reply.__name__}).",
                hint="Choose a language model with --model.",
            )
        from extractor.text.rules_reading import read

        return cast("Answer[T]", Answer(read(question.subject), Usage(attempts=1)))

    async def aclose(self) -> None:
        """Nothing to let go of."""
