"""How good is a run? Its records against gold readings of the same articles.

    gold        articles with the reading that is held to be right
    items       gold and records as one kind of thing: items that stand at a place in the text
    names       whether two names mean the same source
    pairing     which predicted item answers which gold item (assignment: the optimal one-to-one choice)
    scores      what is counted on an article
    bootstrap   how far a score would move with other articles
    report      the totals; tables puts them into words, floors holds them to a minimum

What it does not do: it judges no reading without gold, and it does not weigh the layers into one number.
"""

from __future__ import annotations

from extractor.results.evaluation.floors import read_floors, shortfalls, under
from extractor.results.evaluation.gold import GoldArticle, gold_line, read_gold
from extractor.results.evaluation.report import Report, Score, evaluate
from extractor.results.evaluation.tables import render_articles, render_problems, render_table

__all__ = [
    "evaluate",
    "Report",
    "Score",
    "GoldArticle",
    "read_gold",
    "gold_line",
    "render_table",
    "render_articles",
    "render_problems",
    "read_floors",
    "shortfalls",
    "under",
]
