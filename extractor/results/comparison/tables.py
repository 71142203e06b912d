"""A comparison in words, for people. Each function returns text; who calls it decides where that goes."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from extractor.results.comparison.facets import FIELDS
from extractor.results.comparison.model import ArticleComparison, Comparison, Difference, FieldChange, Shown, Side
from extractor.results.comparison.rates import ITEMS, Change
from extractor.results.terminal import visible

_MARKS = {"changed": "~", "vanished": "−", "appeared": "+"}


def render_summary(comparison: Comparison) -> str:
    """The sides, the totals of each layer, and the rates of change with what can be said of noise."""
    lines = [f"A  {_side(comparison.a)}", f"B  {_side(comparison.b)}", ""]
    columns = ("items in A", "in B", "same", "changed", "vanished", "appeared")
    lines.append(f"{'':<14}" + "".join(f"{column:>11}" for column in columns))
    for layer, totals in comparison.layers.items():
        numbers = (totals.items_a, totals.items_b, totals.same, totals.changed, totals.vanished, totals.appeared)
        lines.append(f"{layer:<14}" + "".join(f"{figure(number):>11}" for number in numbers))
    lines += ["", *_rates(comparison), "", *_notes(comparison)]
    return visible("\n".join(lines)) + "\n"


def render_differences(comparison: Comparison) -> str:
    """Every item that differs, article by article, both sides and each field that changed."""
    several = comparison.noise_known
    blocks = ["\n".join(_article(article, several)) for article in comparison.articles if article.differences]
    return visible("\n\n".join(blocks)) + "\n" if blocks else "No differences.\n"


def verdict(change: Change) -> str:
    """What can be said of a change, in two words."""
    match change.beyond_noise:
        case True:
            return "a change"
        case False:
            return "within noise"
        case None:
            return "not told"


def figure(number: float) -> str:
    """A count, or a mean of counts with one decimal."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f} %"


def _rates(comparison: Comparison) -> Iterator[str]:
    known = comparison.noise_known
    head = f"{'of the items differ in':<28}{'A to B':>9}"
    yield head + (f"{'noise':>9}{'excess':>9}   95 % interval" if known else "   95 % interval")
    for layer, fields in FIELDS.items():
        for name in (ITEMS, *fields):
            change = comparison.changes[f"{layer}.{name}"]
            if not change.between.value and not change.noise:
                continue
            line = f"{_label(layer, name):<28}{percent(change.between.value):>9}"
            if change.excess is not None and change.noise is not None:
                line += f"{percent(change.noise):>9}{percent(change.excess.value):>9}"
                line += f"   {interval(change.excess.low, change.excess.high):<18}{verdict(change)}"
            else:
                line += f"   {interval(change.between.low, change.between.high)}"
            yield line.rstrip()


def _label(layer: str, name: str) -> str:
    return f"{layer}: there or not" if name == ITEMS else f"{layer}: {name}"


def _notes(comparison: Comparison) -> Iterator[str]:
    yield f"Articles compared: {len(comparison.articles)}. Resamples: {comparison.bootstrap} (seed {comparison.seed})."
    if not comparison.noise_known:
        yield "With one run on each side, change cannot be told from noise: give several with --a and --b."
    if comparison.skipped:
        yield f"Articles not compared: {len(comparison.skipped)}."
        yield from (f"  {each.id}: {each.reason}" for each in comparison.skipped[:10])
        if len(comparison.skipped) > 10:
            yield f"  and {len(comparison.skipped) - 10} more"
    for name, side in (("A", comparison.a), ("B", comparison.b)):
        if len(side.set_ups) > 1:
            yield f"The runs of {name} are of {len(side.set_ups)} set-ups: what they differ by is more than noise."


def _side(side: Side) -> str:
    return f"{side.runs} run{'' if side.runs == 1 else 's'}: {', '.join(side.set_ups)}"


def _article(article: ArticleComparison, several: bool) -> Iterator[str]:
    yield f"== {article.id}"
    layer = None
    for difference in article.differences:
        if difference.layer != layer:
            layer = difference.layer
            yield layer
        yield from _difference(difference, several)


def _difference(difference: Difference, several: bool) -> Iterator[str]:
    item = difference.b or difference.a
    assert item is not None
    runs = ""
    if several:
        runs = f" (runs: {difference.runs_a} of A, {difference.runs_b} of B{'; clear' if difference.clear else ''})"
    yield f"  {_MARKS[difference.kind]} {difference.kind} {_item(item)}{runs}"
    yield from (f"      {_field(change, several)}" for change in difference.fields)


def _item(item: Shown) -> str:
    speaker = f"{item.speaker}: " if item.speaker else ""
    place = f" [{item.start}:{item.end}]" if item.start is not None else ""
    return speaker + shorten(item.text, 160, placeholder=" …") + place


def _field(change: FieldChange, several: bool) -> str:
    sides = [
        " | ".join(
            shorten(answer.value, 200, placeholder=" …") + (f" ({answer.runs})" if several else "") for answer in side
        )
        for side in (change.a, change.b)
    ]
    return f"{change.field}: {sides[0]} → {sides[1]}"
