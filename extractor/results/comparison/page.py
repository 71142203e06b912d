"""Two sides beside each other, as one self-contained page for a browser.

No script, no external resource: the Content Security Policy allows the page's one style by its digest and nothing else.
Everything that comes from records is escaped by the template. What differs within a text is marked word by word.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections import Counter
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from extractor.results.comparison.facets import FIELDS
from extractor.results.comparison.model import KINDS, ArticleComparison, Comparison, Difference, FieldChange
from extractor.results.comparison.rates import ITEMS
from extractor.results.comparison.tables import figure, interval, percent, verdict

Words = list[tuple[str, bool]]  # pieces of a text, and whether the other side has something else there

_IN_FULL = frozenset({"name", "statement", "target", "action", "quote"})  # what stands beside each other anyway
_WORD = re.compile(r"\s*\S+|\s+$")
_LONGEST = 400  # words of a text that are compared word by word: difflib takes quadratic time


def render_page(comparison: Comparison, *, title: str = "What changed") -> str:
    """The page as text: the same comparison and title give the same text."""
    style = _asset("page.css")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"percent": percent, "figure": figure}
    environment.tests["alone"] = _alone
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return environment.from_string(_asset("page.html")).render(
        title=title,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=Markup(style),  # noqa: S704 - the project's own file
        comparison=comparison,
        fields=FIELDS,
        items=ITEMS,
        kinds=KINDS,
        count=_count,
        interval=interval,
        verdict=verdict,
        marked=marked,
        listed=lambda difference: _listed(difference, comparison.noise_known),
        articles=[article for article in comparison.articles if article.differences],
    )


def marked(one: str, other: str) -> tuple[Words, Words]:
    """Two texts in pieces, those marked that the other has not."""
    words = _WORD.findall(one), _WORD.findall(other)
    if max(map(len, words)) > _LONGEST:
        return [(one, one != other)], [(other, one != other)]
    sides: tuple[Words, Words] = ([], [])
    bare = [[word.strip() for word in side] for side in words]
    matcher = difflib.SequenceMatcher(None, bare[0], bare[1], autojunk=False)
    for operation, *ends in matcher.get_opcodes():
        for side, pieces, (start, end) in zip(sides, words, (ends[:2], ends[2:]), strict=True):
            run = "".join(pieces[start:end])
            blanks = len(run) - len(run.lstrip())
            parts = (run[:blanks], False), (run[blanks:], operation != "equal")
            side.extend(part for part in parts if part[0])
    return sides


def _count(article: ArticleComparison) -> Counter[str]:
    return Counter(difference.kind for difference in article.differences)


def _listed(difference: Difference, several: bool) -> list[FieldChange]:
    """The changes that are told in words: with one run on each side, texts stand beside each other anyway."""
    return [change for change in difference.fields if several or change.field not in _IN_FULL]


def _alone(difference: Difference) -> bool:
    return difference.kind != "changed"


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
