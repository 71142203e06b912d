"""A reading of an article by rules alone: the text layer's attributions and plans put into the shape a model returns.

    lists          words that tell kinds of claims and sides of stances
    cast           speakers and actors by name
    wording        the exact passage, and a statement that stands alone
    claims         contents cut into clauses, with their kind
    stances        positions from cues, claims and evaluative words
    commitments    plans with actors, firmness and dates

Definitions: the fields of extractor/schema/reading.py. What rules cannot see (irony, world knowledge, reference over
long distances) they leave out; they never invent.
"""

from __future__ import annotations

from extractor.schema.article import Article
from extractor.schema.reading import Reading
from extractor.text.attribution.analysis import analyse
from extractor.text.rules_reading.cast import Cast
from extractor.text.rules_reading.claims import read_claims
from extractor.text.rules_reading.commitments import read_commitments
from extractor.text.rules_reading.stances import read_stances

__all__ = ["read"]


def read(article: Article) -> Reading:
    """The reading of `article`. Quotes are passages of its text; dates are resolved against its publication date."""
    analysis = analyse(article.text)
    cast = Cast(analysis, article.title)
    claims = read_claims(analysis, cast)
    stances = read_stances(analysis, cast, claims)
    return cast.number(claims, stances, read_commitments(analysis, cast, article.published))
