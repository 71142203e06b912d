"""Threads as one self-contained page: each a lane on a common axis of time, each step one click from its passage.

The page needs no network and no script: passages are panels that their links open (`:target`); a few lines of script
only add the filter. All text of articles is escaped by the template.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from extractor.schema.ledger import Step, Thread

_AROUND = 420  # characters of the article on each side of a passage
_FARTHEST = 1500  # days after the last telling that the axis shows; what ends later runs off its edge
_TICKS = 9
_NEAR_TODAY, _NEAR_LABEL = 24, 18  # percent of a narrow screen that labels need: the day's own, and those of ticks


@dataclass(frozen=True)
class Axis:
    """The days that the page shows, from 0 to 100 percent."""

    first: dt.date
    last: dt.date

    def at(self, day: dt.date) -> float:
        """The place of a day, in percent of the width, kept inside it."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(min(max(share, 0.0), 1.0) * 100, 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels of years, or of months where the axis is short."""
        months = [day for day in _months(self.first, self.last) if day > self.first]
        years = [day for day in months if day.month == 1]
        days = years if len(years) >= 3 else months
        days = days[:: -(-len(days) // _TICKS)] if days else []
        return [(self.at(day), str(day.year) if day.month == 1 else f"{day:%b} {day.year}") for day in days]

    def labels(self, today: float) -> list[tuple[float, str, bool]]:
        """The ticks that are labelled beside the label of a day, and whether a narrow screen has no room for them."""
        told: list[tuple[float, str, bool]] = []
        last = -100.0
        for left, label in self.ticks():
            if abs(left - today) <= 7:
                continue
            crowded = abs(left - today) < _NEAR_TODAY or left - last < _NEAR_LABEL
            last = last if crowded else left
            told.append((left, label, crowded))
        return told


@dataclass(frozen=True)
class Bar:
    """A planned span on a lane: its row, place and width in percent, and whether an end is open or off the axis."""

    row: int
    left: float
    width: float
    label: str
    current: bool
    open_start: bool
    open_end: bool


@dataclass(frozen=True)
class Slip:
    """The way from one planned day to the next."""

    row: int
    left: float
    width: float
    days: int


@dataclass(frozen=True)
class Passage:
    """A step's quote in its surroundings."""

    before: str
    exact: str
    after: str
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True)
class Lane:
    """What the template draws of one thread."""

    thread: Thread
    bars: list[Bar]
    slips: list[Slip]
    dots: list[tuple[float, Step]]
    steps: list[tuple[str, Step, Passage]]
    rows: int


def to_html(threads: Sequence[Thread], texts: Mapping[str, str], *, articles: int | None = None) -> str:
    """The page. `texts` maps ids of articles to their texts; without one a passage shows the few words around it.

    `articles` is the number of all that were read, also of those without a step in these threads.
    """
    axis = _axis(threads)
    counts = Counter(thread.state.name for thread in threads)
    template, policy = _template()
    return template.render(
        policy=policy,
        lanes=[_lane(thread, axis, texts) for thread in threads],
        axis=axis,
        today=axis.at(threads[0].state.as_of) if threads else 0,
        as_of=threads[0].state.as_of if threads else None,
        counts=sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])),
        told=_articles(len({step.article.id for thread in threads for step in thread.steps}), articles),
    )


def _articles(cited: int, read: int | None) -> str:
    number = f"{cited:,}" if read is None or read == cited else f"{cited:,} of {read:,}"
    return f"{number} article{'' if (read or cited) == 1 else 's'}"


def _axis(threads: Sequence[Thread]) -> Axis:
    told = [step.said for thread in threads for step in thread.steps if step.said]
    days = [day for thread in threads for day in (thread.earliest, thread.latest) if day]
    as_of = [thread.state.as_of for thread in threads] or [dt.date(2000, 1, 1)]
    first = min([*told, *as_of])
    horizon = max([*told, *as_of]) + dt.timedelta(days=_FARTHEST)
    last = min(max([*told, *days, *as_of]), horizon)
    margin = dt.timedelta(days=max((last - first).days // 40, 3))
    return Axis(first - margin, last + margin)


def _lane(thread: Thread, axis: Axis, texts: Mapping[str, str]) -> Lane:
    bars: list[Bar] = []
    slips: list[Slip] = []
    last: dt.date | None = None
    for step in thread.steps:
        when = step.when
        if when is None or (when.earliest is None and when.latest is None):
            continue
        start, end = when.earliest or step.said or axis.first, when.latest or axis.last
        left, right = axis.at(min(start, end)), axis.at(end)
        row = len(bars)
        bars.append(
            Bar(
                row=row,
                left=left,
                width=max(right - left, 0.6),
                label=f"{when.expression}: {when.earliest or '…'} to {when.latest or '…'}",
                current=False,
                open_start=when.earliest is None,
                open_end=when.latest is None or end > axis.last,
            )
        )
        if last is not None and step.link and step.link.slip_days:
            here = when.latest or when.earliest or last
            low, high = sorted((axis.at(last), axis.at(here)))
            slips.append(Slip(row=row, left=low, width=high - low, days=step.link.slip_days))
        last = when.latest or when.earliest
    if bars:
        bars[-1] = Bar(**{**vars(bars[-1]), "current": True})
    return Lane(
        thread=thread,
        bars=bars,
        slips=slips,
        dots=[(axis.at(step.said), step) for step in thread.steps if step.said],
        steps=[(f"{thread.id}-{step.id}", step, _passage(step, texts.get(step.article.id))) for step in thread.steps],
        rows=max(len(bars), 1),
    )


def _passage(step: Step, text: str | None) -> Passage:
    quote = step.quote
    if text is None or text[quote.start : quote.end] != quote.exact:
        return Passage(quote.prefix, quote.exact, quote.suffix, bool(quote.prefix), bool(quote.suffix))
    start, end = max(0, quote.start - _AROUND), min(len(text), quote.end + _AROUND)
    before, after = text[start : quote.start], text[quote.end : end]
    if start > 0:
        before = before[before.find(" ") + 1 :]
    if end < len(text):
        after = after[: after.rfind(" ")] if " " in after else after
    return Passage(before, quote.exact, after, start > 0, end < len(text))


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    year, month = first.year, first.month
    while (day := dt.date(year, month, 1)) <= last:
        yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


@cache
def _template() -> tuple[Template, str]:
    """The template, and the policy under which a browser runs the one script of the page and loads nothing.

    Places on the axis are style attributes, so that styles are allowed inline.
    """
    source = (files("extractor.results.ledger") / "data" / "page.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    script = source.split("<script>", 1)[1].split("</script>", 1)[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'"
    policy += "; base-uri 'none'; form-action 'none'"
    return environment.from_string(source), policy
