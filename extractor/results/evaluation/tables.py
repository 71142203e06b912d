"""A report in words, for people. Each function returns text; who calls it decides where that goes."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from extractor.results.evaluation.report import ArticleReport, Problem, Report, Score, Side
from extractor.results.evaluation.scores import LAYERS, LESS_IS_BETTER
from extractor.results.terminal import visible

_GROUPS = ("speakers", *LAYERS)


def render_table(report: Report) -> str:
    """All scores by layer, with their intervals and the counts behind them."""
    lines = [f"{'':<22}{'score':>7}   {'95 % interval':<15}{'right / of':>14}"]
    for group in _GROUPS:
        lines.append(group)
        for name, score in report.scores.items():
            layer, _, label = name.partition(".")
            if layer == group:
                note = "  less is better" if name in LESS_IS_BETTER else ""
                lines.append(
                    f"  {label:<20}{_value(score):>7}   {_interval(score):<15}{_counts(score):>14}{note}".rstrip()
                )
    return visible("\n".join([*lines, "", *_notes(report)])) + "\n"


def render_articles(report: Report) -> str:
    """F1 of each layer and the number of problems, one line per article."""
    width = max((len(article.id) for article in report.articles), default=0)
    lines = [f"{'F1':<{width}}" + "".join(f"{group:>13}" for group in _GROUPS) + f"{'problems':>10}"]
    for article in report.articles:
        scores = "".join(f"{_value(article.scores[f'{group}.f1']):>13}" for group in _GROUPS)
        note = "  no record" if article.missing else ""
        lines.append(f"{article.id:<{width}}{scores}{len(article.problems):>10}{note}")
    return visible("\n".join(lines)) + "\n"


def render_problems(report: Report) -> str:
    """What was missed, made up or answered differently, article by article, gold and prediction side by side."""
    blocks = ["\n".join(_article(article)) for article in report.articles if article.problems]
    return visible("\n\n".join(blocks)) + "\n" if blocks else "No differences.\n"


def _article(article: ArticleReport) -> Iterator[str]:
    yield f"== {article.id}" + (" (no record)" if article.missing else "")
    for group in _GROUPS:
        problems = [problem for problem in article.problems if problem.layer == group]
        if problems:
            yield group
        for problem in problems:
            yield from _problem(problem)


def _problem(problem: Problem) -> Iterator[str]:
    if problem.differences:
        changed = "; ".join(f"{each.field}: gold {each.gold}, found {each.found}" for each in problem.differences)
        yield f"  {problem.fault:<9} {changed}"
    for label, side in (("gold", problem.gold), ("found", problem.found)):
        if side is not None:
            head = f"{'':<9} {label:<5}" if problem.differences else f"{problem.fault:<9}"
            yield f"  {head} {_item(side)}"
            if side.quote is not None:
                yield f"  {'':<{len(head)}} [{side.start}:{side.end}] “{shorten(side.quote, 160, placeholder=' …')}”"


def _item(side: Side) -> str:
    speaker = f"{side.speaker}: " if side.speaker else ""
    return speaker + shorten(side.text, 200, placeholder=" …")


def _notes(report: Report) -> Iterator[str]:
    drawn = f"Resamples for the intervals: {report.bootstrap} (seed {report.seed})."
    yield f"Gold articles: {len(report.articles)}. {drawn}"
    if report.missing:
        yield f"No record, all items missed: {', '.join(report.missing)}."
    if report.ignored:
        yield f"Records of articles without gold, not scored: {report.ignored}."
    if report.unplaced:
        yield f"Items whose quote could not be placed, not scored: {report.unplaced}."


def _value(score: Score) -> str:
    return "–" if score.value is None else f"{score.value:.3f}"


def _interval(score: Score) -> str:
    return "" if score.low is None or score.high is None else f"{score.low:.3f} – {score.high:.3f}"


def _counts(score: Score) -> str:
    return f"{score.right:.4g} / {score.total:.4g}" if score.right % 1 else f"{score.right:.0f} / {score.total:.0f}"
