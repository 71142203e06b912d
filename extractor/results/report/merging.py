"""Which speakers of different articles are one, and which targets: going by their names alone.

Names are compared without case, accents, punctuation and a leading article; persons also without titles before the
name. It knows no aliases and shortens nothing: "Putin" and "Vladimir Putin" stay two, because a wrong merger puts words
into somebody's mouth, while a missed one is seen at once. A speaker without a name ("a senior official") is another one
in every article.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from extractor.schema.reading import SpeakerKind

_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)")
_TITLE_WORDS = """
    mr mrs ms miss dr prof professor sir president premier chancellor prime foreign minister ambassador senator mayor
"""
_TITLES = frozenset(_TITLE_WORDS.split())


def fold(name: str) -> str:
    """The name as it is compared: "The Élysée Palace" becomes "elysee palace"."""
    text = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"\w+", "".join(char for char in text if not unicodedata.combining(char)))
    return _ARTICLE.sub("", " ".join(words), count=1) if words else text.strip()


def speaker_key(name: str, kind: SpeakerKind, article: int) -> Hashable:
    """Equal for two speakers that are taken for one."""
    folded = fold(name)
    if kind == "unnamed":
        return (article, folded)
    if kind != "person":
        return ("named", folded)
    words = folded.split()
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return ("person", " ".join(words))


@dataclass
class Merged:
    """Names by key, numbered in order of appearance; each is called by its most frequent form, the first of equals."""

    numbers: dict[Hashable, int] = field(default_factory=dict)
    forms: list[Counter[str]] = field(default_factory=list)

    def add(self, key: Hashable, form: str) -> int:
        """The number of what has this key, new or known."""
        number = self.numbers.setdefault(key, len(self.numbers))
        if number == len(self.forms):
            self.forms.append(Counter())
        self.forms[number][form] += 1
        return number

    def names(self) -> list[str]:
        """One name for each number."""
        return [forms.most_common(1)[0][0] for forms in self.forms]
