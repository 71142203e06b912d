"""Compares two sides: what appeared, vanished or changed in each article, and the totals.

An item is *there* on a side if at least half of its runs have it. Appeared: there on B alone. Vanished: on A alone.
Changed: there on both, and no most frequent value of a field is so
on both sides. Such a difference is *clear* if no run of
either side contradicts it: all runs of the one side have the item and none of the other, or no value of the field
stands on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from extractor.errors import ConfigurationError
from extractor.results.comparison.facets import FIELDS, LAYERS, Facets, LayerName, Value, facets, same, shown
from extractor.results.comparison.model import (
    Answer,
    ArticleComparison,
    Comparison,
    Difference,
    FieldChange,
    Kind,
    LayerTotals,
    Shown,
    Side,
    Skipped,
)
from extractor.results.comparison.rates import changes
from extractor.results.comparison.threads import Thread, threads
from extractor.results.exports.common import title_of
from extractor.schema.record import Record

_ByLayer = dict[LayerName, list[list[Facets]]]  # the items of each run of a side, by layer


def compare(
    a: Sequence[Iterable[Record]], b: Sequence[Iterable[Record]], *, bootstrap: int = 1000, seed: int = 0
) -> Comparison:
    """Compares the runs of side A with the runs of side B, article by article (same id, same text).

    Articles that a run lacks, or read from another text, are skipped and told. `bootstrap` is the number of resamples,
    0 for no intervals. Raises ConfigurationError where a run holds two records of an article, or no article is common.
    """
    runs = [_by_id(run) for run in (*a, *b)]
    common, skipped = _common(runs)
    if not common:
        raise ConfigurationError("the two sides have no article in common.", hint="Run both on the same articles.")
    n = len(a)
    articles: list[ArticleComparison] = []
    counts: dict[LayerName, Counter[str]] = {layer: Counter() for layer in LAYERS}
    columns: list[tuple[_ByLayer, _ByLayer]] = []
    for id_ in common:
        read = [facets(run[id_]) for run in runs]
        by_layer = {layer: [each[layer] for each in read] for layer in LAYERS}
        columns.append(
            ({layer: by_layer[layer][:n] for layer in LAYERS}, {layer: by_layer[layer][n:] for layer in LAYERS})
        )
        differences = [
            difference
            for layer in LAYERS
            for difference in _differences(layer, threads(layer, by_layer[layer]), n, len(b), counts[layer])
        ]
        article = runs[0][id_].article
        published = article.published.isoformat() if article.published else None
        articles.append(
            ArticleComparison(id=id_, title=title_of(article), published=published, differences=differences)
        )
    return Comparison(
        a=_side(runs[:n]),
        b=_side(runs[n:]),
        articles=articles,
        layers={layer: _totals(layer, counts[layer], columns) for layer in LAYERS},
        # In the order of ids, so that the order of the files does not move the intervals.
        changes=changes(
            [column for _, column in sorted(zip(common, columns, strict=True), key=lambda pair: pair[0])],
            resamples=bootstrap,
            seed=seed,
        ),
        skipped=skipped,
        bootstrap=bootstrap,
        seed=seed,
    )


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        if record.article.id in found:
            hint = "Give each run as a file or folder of its own, with --a and --b."
            raise ConfigurationError(f"two records of article {record.article.id} in one run", hint=hint)
        found[record.article.id] = record
    return found


def _common(runs: Sequence[Mapping[str, Record]]) -> tuple[list[str], list[Skipped]]:
    """Ids of the articles that all runs read from one text, in the order of the first run; and why the others not."""
    common: list[str] = []
    skipped: list[Skipped] = []
    for id_ in dict.fromkeys(id_ for run in runs for id_ in run):
        having = [run[id_] for run in runs if id_ in run]
        if len(having) < len(runs):
            skipped.append(Skipped(id=id_, reason=f"in {len(having)} of {len(runs)} runs only"))
        elif len({record.article.text.rstrip() for record in having}) > 1:
            skipped.append(Skipped(id=id_, reason="its text is not the same in all runs"))
        else:
            common.append(id_)
    return common, skipped


def _side(runs: Sequence[Mapping[str, Record]]) -> Side:
    made = (record.run for run in runs for record in run.values())
    return Side(runs=len(runs), set_ups=sorted({f"{run.model} {run.prompt} ({run.prompt_sha256[:8]})" for run in made}))


def _totals(
    layer: LayerName,
    counts: Counter[str],
    columns: Sequence[tuple[_ByLayer, _ByLayer]],
) -> LayerTotals:
    return LayerTotals(
        items_a=sum(fmean(map(len, a[layer])) for a, _ in columns),
        items_b=sum(fmean(map(len, b[layer])) for _, b in columns),
        same=counts["same"],
        changed=counts["changed"],
        vanished=counts["vanished"],
        appeared=counts["appeared"],
        fields={name: counts[f"field {name}"] for name in FIELDS[layer]},
    )


def _differences(
    layer: LayerName, found: Iterable[Thread], runs_a: int, runs_b: int, counts: Counter[str]
) -> Iterable[Difference]:
    """The differences among the threads; counts what is the same and what is not."""
    for thread in found:
        a = [item for number, item in thread.items() if number < runs_a]
        b = [item for number, item in thread.items() if number >= runs_a]
        there_a, there_b = 2 * len(a) >= runs_a, 2 * len(b) >= runs_b
        fields = _field_changes(layer, a, b) if there_a and there_b else []
        kind: Kind
        if there_a and there_b:
            if not fields:
                counts["same"] += 1
                continue
            kind = "changed"
            counts.update(f"field {change.field}" for change in fields)
            clear = any(_disjoint(change.field, a, b) for change in fields)
        elif there_a or there_b:
            kind = "appeared" if there_b else "vanished"
            clear = (len(a), len(b)) == ((0, runs_b) if there_b else (runs_a, 0))
        else:
            continue  # a few runs have it, on neither side half of them: noise
        counts[kind] += 1
        yield Difference(
            layer=layer,
            kind=kind,
            clear=clear,
            runs_a=len(a),
            runs_b=len(b),
            a=_shown(a[0]) if a else None,
            b=_shown(b[0]) if b else None,
            fields=fields,
        )


def _field_changes(layer: LayerName, a: Sequence[Facets], b: Sequence[Facets]) -> list[FieldChange]:
    found = []
    for name in FIELDS[layer]:
        answers_a, answers_b = _answers(name, a), _answers(name, b)
        if not any(same(one, other) for one in _most_frequent(answers_a) for other in _most_frequent(answers_b)):
            found.append(
                FieldChange(
                    field=name,
                    a=[Answer(value=shown(value), runs=runs) for value, runs in answers_a],
                    b=[Answer(value=shown(value), runs=runs) for value, runs in answers_b],
                )
            )
    return found


def _answers(name: str, items: Sequence[Facets]) -> list[tuple[Value, int]]:
    """The values of a field, the most frequent first, of equals the first; values that are the same count as one."""
    found: list[tuple[Value, int]] = []
    for item in items:
        value = item.values[name]
        for place, (known, runs) in enumerate(found):
            if same(known, value):
                found[place] = (known, runs + 1)
                break
        else:
            found.append((value, 1))
    return sorted(found, key=lambda answer: -answer[1])


def _most_frequent(answers: Sequence[tuple[Value, int]]) -> list[Value]:
    return [value for value, runs in answers if runs == answers[0][1]]


def _disjoint(name: str, a: Sequence[Facets], b: Sequence[Facets]) -> bool:
    return not any(same(one.values[name], other.values[name]) for one in a for other in b)


def _shown(item: Facets) -> Shown:
    start, end = item.span or (None, None)
    speaker = item.speaker.name if item.speaker else None
    return Shown(id=item.id, speaker=speaker, text=item.text, quote=item.quote, start=start, end=end)
