"""A record as a page of text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from extractor.schema.record import Check, Claim, Commitment, Record, Speaker, Stance, When

_SIGNS = {"support": "+", "oppose": "−", "mixed": "±", "neutral": "○"}


def render(records: Iterable[Record], *, width: int = 110) -> Iterator[str]:
    """One page of text per record: its speakers, claims, stances and commitments, then what needs a look."""
    for record in records:
        yield "\n".join(_page(record, width)) + "\n"


def _page(record: Record, width: int) -> Iterator[str]:
    article = record.article
    names = {speaker.id: speaker.name for speaker in record.speakers}
    title = article.title or " ".join(article.text.split())[: width - 20]
    yield "━" * width
    yield f"{article.id} · {article.published or 'no date'} · read by {record.run.model}"
    yield from textwrap.wrap(title, width)
    yield from _section("Speakers", [_speaker(s) for s in record.speakers], width)
    yield from _section("Claims", [_claim(c, names) for c in record.claims], width)
    yield from _section("Stances", [_stance(s, names) for s in record.stances], width)
    yield from _section("Commitments", [_commitment(c, names) for c in record.commitments], width)
    yield from _section(
        "Not placed", [f"{u.layer}: {u.reason}: “{u.item.get('quote', '')}”" for u in record.unplaced], width
    )
    yield from _section("Checks", [_check(c) for c in record.checks], width)


def _section(heading: str, entries: list[str], width: int) -> Iterator[str]:
    if not entries:
        return
    yield ""
    yield f"{heading} ({len(entries)})"
    for entry in entries:
        first, *rest = entry.split("\n")
        yield from textwrap.wrap(first, width, initial_indent="  ", subsequent_indent="      ")
        for line in rest:
            yield from textwrap.wrap(line, width, initial_indent="      ", subsequent_indent="      ")


def _speaker(speaker: Speaker) -> str:
    details = [detail for detail in (speaker.role, speaker.affiliation) if detail and detail != speaker.name]
    return f"{speaker.name} ({speaker.kind})" + (f": {', '.join(details)}" if details else "")


def _claim(claim: Claim, names: dict[str, str]) -> str:
    chain = " → ".join(names.get(id_, id_) for id_ in [*claim.via, claim.speaker])
    return (
        f"{chain}: {claim.statement}\n{claim.kind}, {claim.delivery} · {_passage(claim.quote.exact, claim.quote.start)}"
    )


def _stance(stance: Stance, names: dict[str, str]) -> str:
    return f"{_SIGNS[stance.position]} {names.get(stance.speaker, stance.speaker)}: {stance.position} · {stance.target}"


def _commitment(commitment: Commitment, names: dict[str, str]) -> str:
    condition = f", {commitment.condition}" if commitment.condition else ""
    said = f" · said by {names.get(commitment.speaker, commitment.speaker)}" if commitment.speaker else ""
    first = f"{', '.join(commitment.actors) or 'nobody named'}: {commitment.action}{condition}"
    second = f"{commitment.firmness}, {_when(commitment.when)}{said}"
    return f"{first}\n{second}\n{_passage(commitment.quote.exact, commitment.quote.start)}"


def _when(when: When | None) -> str:
    if when is None:
        return "no date"
    if when.earliest is None and when.latest is None:
        return f"“{when.expression}” (not resolved)"
    return f"“{when.expression}” = {when.earliest or '…'} to {when.latest or '…'}"


def _passage(exact: str, start: int) -> str:
    return f"“{' '.join(exact.split())}” [at {start}]"


def _check(check: Check) -> str:
    return f"{check.code}: {check.message}"
