"""How many tokens a question and its answer will take, told from characters before anything is asked.

Estimates, marked as such wherever they are shown. Limits and budgets start from them and learn from the answers.
"""

from __future__ import annotations

CHARACTERS_PER_TOKEN = 4.0
"""English prose under the tokenizers of current models."""

OUTPUT_PER_INPUT = 3.0
"""Characters of a reading per character of article: the mean over the recorded answers in cassettes/, second questions
left out (benchmarks/scale.py prints it).
"""


def tokens(characters: float) -> float:
    """Tokens of so many characters."""
    return characters / CHARACTERS_PER_TOKEN


def reading_tokens(characters: float) -> float:
    """Tokens of the reading of an article of so many characters."""
    return tokens(OUTPUT_PER_INPUT * characters)
