"""A reading of an article by rules alone: the text layer's attributions and plans put into the shape a model returns.

    claims         contents cut into clauses, with their kind and a statement that stands alone
    stances        positions from the polarity of cues and of evaluative words
    commitments    plans with actors, firmness and dates
    wording        names, statements and what else is put into words

Definitions: the fields of extractor/schema/reading.py. What rules cannot see (irony, world knowledge, reference over
long distances) they leave out; they never invent.
"""

from __future__ import annotations

from extractor.schema.article import Article
from extractor.schema.reading import Reading
from extractor.text.attribution.analysis import analyse
from extractor.text.rules_reading.claims import read_claims
from extractor.text.rules_reading.commitments import read_commitments
from extractor.text.rules_reading.stances import read_stances
from extractor.text.rules_reading.wording import Cast

__all__ = ["read"]


def read(article: Article) -> Reading:
    """The reading of `article`. All quotes are passages of its text; dates are resolved against its date of publication."""
    analysis = analyse(article.text)
    cast = Cast(analysis)
    claims = read_claims(analysis, cast)
    stances = read_stances(analysis, cast)
    commitments = read_commitments(analysis, cast, article.published)
    return cast.number(claims, stances, commitments)
