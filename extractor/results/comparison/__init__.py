"""What changed between two runs, or two sets of runs of the same set-ups, over the same articles?

    facets      what is compared on an item, field by field
    threads     which items of several runs are the same, by the evaluation's pairing
    rates       how much changes, and whether that is more than runs of one set-up differ among themselves
    model       the comparison as a value, which report makes
    tables      the comparison in words; page shows both sides in a browser
    floors      both sides against gold and the floors of an evaluation

What it does not do: without gold it says what is different, not what is better.
"""

from __future__ import annotations

from extractor.results.comparison.floors import FloorReport, against_floors, render_floors
from extractor.results.comparison.model import Comparison
from extractor.results.comparison.page import render_page
from extractor.results.comparison.report import compare
from extractor.results.comparison.tables import render_differences, render_summary

__all__ = [
    "compare",
    "Comparison",
    "render_summary",
    "render_differences",
    "render_page",
    "against_floors",
    "FloorReport",
    "render_floors",
]
