"""The totals of an evaluation, over all gold articles."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from extractor.errors import ConfigurationError
from extractor.results.evaluation.bootstrap import intervals
from extractor.results.evaluation.gold import GoldArticle
from extractor.results.evaluation.items import Item, View, view_of_gold, view_of_record
from extractor.results.evaluation.scores import SCORES, Fault, Finding, Ratio, score_article, shown
from extractor.schema.record import Record
from extractor.text.names import Source


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Score(_Part):
    """`right` of `total`; `value` is None where nothing is measured. `low` and `high` bound 95 % of resamples."""

    value: float | None
    right: float
    total: float
    low: float | None = None
    high: float | None = None


class Side(_Part):
    """One side's item in a problem: its text (statement, target, action, name of a source) and where it stands."""

    speaker: str | None
    text: str
    quote: str | None
    start: int | None
    end: int | None


class Difference(_Part):
    """A field in which a pair differs, in words."""

    field: str
    gold: str
    found: str


class Problem(_Part):
    """A missed gold item, a spurious prediction, or a pair that differs."""

    layer: str
    fault: Fault
    gold: Side | None
    found: Side | None
    differences: list[Difference]


class ArticleReport(_Part):
    """One gold article. `missing`: the run has no record of it, so all its items count as missed."""

    id: str
    missing: bool
    unplaced: int
    scores: dict[str, Score]
    problems: list[Problem]


class Report(_Part):
    """All scores over the gold articles, by name as in `claims.f1`. `ignored` counts the records without gold."""

    scores: dict[str, Score]
    articles: list[ArticleReport]
    ignored: int
    bootstrap: int
    seed: int

    @property
    def missing(self) -> list[str]:
        return [article.id for article in self.articles if article.missing]

    @property
    def unplaced(self) -> int:
        return sum(article.unplaced for article in self.articles)

    def to_json(self, *, per_article: bool = True, errors: bool = True) -> str:
        """One JSON object. Without `per_article` and `errors`, each article's scores or problems are left out."""
        left_out = {name for name, wanted in (("scores", per_article), ("problems", errors)) if not wanted}
        return self.model_dump_json(indent=2, exclude={"articles": {"__all__": left_out}})


def evaluate(records: Iterable[Record], gold: Iterable[GoldArticle], *, bootstrap: int = 1000, seed: int = 0) -> Report:
    """Scores the records of a run against gold readings of the same articles, matched by their ids.

    Gold articles without a record count as missed; records without gold are passed over, one at a time. The scores are
    those of `scores.SCORES`, each the ratio of its sums over all articles; items are paired as `pairing` says.
    `bootstrap` is the number of resamples, 0 for no intervals. The order of articles and items and the ids of items
    change nothing.

    Raises ConfigurationError where an id stands twice on one side, where a gold quote is not in its text, or where a
    record was made from another text than the gold (a difference in white space at the end does no harm).
    """
    wanted = _by_id(gold)
    found: dict[str, ArticleReport] = {}
    ignored = 0
    for record in records:
        article = wanted.get(record.article.id)
        if article is None:
            ignored += 1
            continue
        if article.id in found:
            raise ConfigurationError(
                f"two records of article {article.id}", hint="Evaluate one run at a time: one record per article."
            )
        _check_text(article, record)
        found[article.id] = _report(article, view_of_record(record), unplaced=len(record.unplaced))
    articles = [found.get(article.id) or _report(article, None) for article in wanted.values()]
    return Report(
        scores=_totals(articles, bootstrap, seed), articles=articles, ignored=ignored, bootstrap=bootstrap, seed=seed
    )


def _by_id(gold: Iterable[GoldArticle]) -> dict[str, GoldArticle]:
    wanted: dict[str, GoldArticle] = {}
    for article in gold:
        if wanted.setdefault(article.id, article) is not article:
            raise ConfigurationError(f"gold article {article.id} stands twice", hint="Name each gold file once.")
    return wanted


def _check_text(article: GoldArticle, record: Record) -> None:
    # White space at the end moves no offset; readers differ in whether they keep the last line break.
    if article.text.rstrip() != record.article.text.rstrip():
        raise ConfigurationError(
            f"article {article.id}: the record was made from another text than the gold",
            hint="Run the extractor on the gold file itself (it is valid input), or mend the text of the gold.",
        )


def _report(article: GoldArticle, found: View | None, *, unplaced: int = 0) -> ArticleReport:
    ratios, findings = score_article(view_of_gold(article), found or View())
    return ArticleReport(
        id=article.id,
        missing=found is None,
        unplaced=unplaced,
        scores={name: _score(*ratios[name]) for name in SCORES},
        problems=[_problem(finding) for finding in findings],
    )


def _totals(articles: list[ArticleReport], resamples: int, seed: int) -> dict[str, Score]:
    # Drawn in the order of ids, so that the order of the gold files does not move the intervals.
    ordered = sorted(articles, key=lambda article: article.id)
    columns: dict[str, list[Ratio]] = {
        name: [(article.scores[name].right, article.scores[name].total) for article in ordered] for name in SCORES
    }
    spread = intervals(columns, resamples=resamples, seed=seed)
    totals = {}
    for name, ratios in columns.items():
        low, high = spread[name] or (None, None)
        totals[name] = _score(sum(right for right, _ in ratios), sum(total for _, total in ratios), low, high)
    return totals


def _score(right: float, total: float, low: float | None = None, high: float | None = None) -> Score:
    return Score(value=right / total if total else None, right=right, total=total, low=low, high=high)


def _problem(finding: Finding) -> Problem:
    gold, found = finding.gold, finding.found
    if isinstance(gold, Item) and isinstance(found, Item):
        differences = [
            Difference(field=field, gold=shown(gold, field), found=shown(found, field)) for field in finding.fields
        ]
    elif isinstance(gold, Source) and isinstance(found, Source):
        differences = [Difference(field="kind", gold=gold.kind, found=found.kind)]
    else:
        differences = []
    return Problem(
        layer=finding.layer, fault=finding.fault, gold=_side(gold), found=_side(found), differences=differences
    )


def _side(item: Item | Source | None) -> Side | None:
    match item:
        case Item():
            speaker = item.speaker.name if item.speaker else None
            start, end = item.places[0]
            return Side(speaker=speaker, text=item.text, quote=item.quote, start=start, end=end)
        case Source():
            return Side(speaker=None, text=item.name, quote=None, start=None, end=None)
        case None:
            return None
