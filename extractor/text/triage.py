"""How much an article seems to hold, at the price of one pass of the text layer: for thinning out a large corpus."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.schema.article import Article
from extractor.text.attribution.analysis import analyse
from extractor.text.audit.expected import dated_plans
from extractor.text.quotations import quotations_of


@dataclass(frozen=True, slots=True)
class Yield:
    """Counts for one article: attributions with a source, quotations that are speech, plans with a time ahead."""

    id: str
    source: str | None
    characters: int
    statements: int
    quotations: int
    dated_plans: int

    @property
    def score(self) -> int:
        """What there is to extract: attributed statements and dated plans."""
        return self.statements + self.dated_plans


def assess(article: Article) -> Yield:
    """Counts what the text layer finds in an article."""
    analysis = analyse(article.text)
    return Yield(
        article.id,
        article.source,
        len(article.text),
        sum(attribution.source is not None for attribution in analysis.attributions),
        sum(quotation.is_speech and quotation.level == 0 for quotation in quotations_of(analysis)),
        sum(1 for _ in dated_plans(analysis, article.published)),
    )
