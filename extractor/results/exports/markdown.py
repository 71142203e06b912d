"""A brief in Markdown (CommonMark): what is promised by when, who stands where, who claims what, and where it stands.

Whatever an article says is text here: no character of it becomes a link, an image, HTML or emphasis.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from extractor.results.exports.common import one_line, title_of, web_address
from extractor.results.exports.interface import Note, Options, Piece
from extractor.schema.record import Claim, Commitment, Record, Stance, When

OPTIONS = frozenset({"title"})
DEFAULT_TITLE = "Who promised what, who stands where, who claims what"

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#$])")
_LIST = re.compile(r"^(?:(\d+)(?=[.)])|(?=[-+=]))")  # what would begin a list or underline a heading
_Source = int  # the number of an article in the list at the end


def files(_: Options, /) -> tuple[str, ...]:
    return ()


def render(records: Iterable[Record], options: Options) -> Iterator[Piece | Note]:
    brief = _Brief(options.title or DEFAULT_TITLE)
    for record in records:
        brief.add(record)
    yield Piece("", ("\n".join(brief.lines()) + "\n").encode())


class _Brief:
    def __init__(self, title: str) -> None:
        self.title = title
        self.articles: list[str] = []
        self.dates: list[dt.date] = []
        self.plans: list[tuple[tuple[dt.date, dt.date], Commitment, str, _Source]] = []
        self.stances: defaultdict[str, list[tuple[Stance, _Source]]] = defaultdict(list)
        self.claims: defaultdict[str, list[tuple[Claim, str, _Source]]] = defaultdict(list)

    def add(self, record: Record) -> None:
        article = record.article
        names = {speaker.id: speaker.name for speaker in record.speakers}
        place = web_address(article)
        where = f"<{place}>" if place else escape(article.source or article.id)
        self.articles.append(f"{escape(title_of(article))}, {article.published or 'no date'}, {where}")
        self.dates += [article.published] if article.published else []
        number = len(self.articles)
        for commitment in record.commitments:
            speaker = commitment.speaker and names.get(commitment.speaker, commitment.speaker)
            self.plans.append((_due(commitment.when), commitment, speaker or "", number))
        for stance in record.stances:
            self.stances[names.get(stance.speaker, stance.speaker)].append((stance, number))
        for claim in record.claims:
            via = ", ".join(names.get(relay, relay) for relay in claim.via)
            self.claims[names.get(claim.speaker, claim.speaker)].append((claim, via, number))

    def lines(self) -> Iterator[str]:
        yield f"# {escape(self.title)}"
        yield ""
        yield f"{_count(len(self.articles), 'article')}{_period(self.dates)}. Numbers in brackets name the article."
        if self.plans:
            yield from ("", f"## Commitments ({len(self.plans)})", "")
            for _, commitment, speaker, number in sorted(self.plans, key=lambda plan: plan[0]):
                yield from _commitment(commitment, speaker, number)
        if self.stances:
            yield from ("", f"## Stances ({sum(map(len, self.stances.values()))})", "")
            for name, stances in self.stances.items():
                yield f"- **{escape(name)}**"
                yield from (f"  - {stance.position}: {escape(stance.target)} ({n})" for stance, n in stances)
        if self.claims:
            yield from ("", f"## Claims ({sum(map(len, self.claims.values()))})", "")
            for name, claims in self.claims.items():
                yield f"- **{escape(name)}**"
                for claim, via, number in claims:
                    relayed = f", via {escape(via)}" if via else ""
                    yield f"  - {escape(claim.statement)} *{claim.kind}*{relayed} ({number})"
        yield from ("", "## Articles", "")
        yield from (f"{number}. {line}" for number, line in enumerate(self.articles, 1))


def escape(text: str) -> str:
    """The text on one line, with everything escaped that Markdown would read as more than text."""
    return _LIST.sub(r"\1\\", _SPECIAL.sub(r"\\\1", one_line(text)))


def _commitment(commitment: Commitment, speaker: str, number: _Source) -> Iterator[str]:
    actors = escape(", ".join(commitment.actors) or "Nobody named")
    condition = f", {escape(commitment.condition)}" if commitment.condition else ""
    said = f", said by {escape(speaker)}" if speaker else ""
    yield f"- **{_days(commitment.when)}** {actors}: {escape(commitment.action)}{condition}"
    yield f"  *{commitment.firmness}*{said} ({number}): “{escape(commitment.quote.exact)}”"


def _due(when: When | None) -> tuple[dt.date, dt.date]:
    """By the last day, then the first; what has none comes last."""
    if when is None:
        return dt.date.max, dt.date.max
    return when.latest or dt.date.max, when.earliest or when.latest or dt.date.max


def _days(when: When | None) -> str:
    if when is None:
        return "No date."
    if when.earliest is None and when.latest is None:
        return f"“{escape(when.expression)}”."
    if when.earliest == when.latest:
        return f"{when.latest}."
    if when.earliest is None:
        return f"By {when.latest}."
    return f"{when.earliest} to {when.latest}." if when.latest else f"From {when.earliest}."


def _period(dates: list[dt.date]) -> str:
    if not dates:
        return ""
    first, last = min(dates), max(dates)
    return f", {first}" if first == last else f", {first} to {last}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
