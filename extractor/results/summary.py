"""Records as pages of text for a terminal, with colours where the terminal has them.

Whatever an article holds is shown as text: control characters, with which it could move the cursor or colour the
screen, are replaced by visible signs.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.style import Style
from rich.text import Text

from extractor.results.exports.common import title_of
from extractor.results.terminal import visible
from extractor.schema.record import Check, Claim, Commitment, Record, Speaker, Stance, When

_SIGNS = {"support": "+", "oppose": "−", "mixed": "±", "neutral": "○"}
_HEADING = "bold"
_NAME = "bold cyan"
_QUIET = "dim"
_ALERT = "yellow"
_FIRMNESS = {
    "agreed": "bold green",
    "pledged": "green",
    "scheduled": "cyan",
    "planned": "blue",
    "considered": "yellow",
    "hoped": "magenta",
}
_POSITION = {"support": "green", "oppose": "red", "mixed": "yellow", "neutral": "dim"}

Part = str | tuple[str, str]  # text, or text with its style
Entry = list[list[Part]]  # an item: its first line, then lines that stand under it


def render(records: Iterable[Record], *, width: int = 110, color: bool = False) -> Iterator[str]:
    """One page of text per record: its speakers, claims, stances and commitments, then what needs a look.

    With `color`, styled by ANSI escape sequences; the words are the same.
    """
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for record in records:
        for line in _page(record, width):
            console.print(line)
        page = "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
        out.seek(0)
        out.truncate()
        yield page


def _page(record: Record, width: int) -> Iterator[Text]:
    article = record.article
    names = {speaker.id: speaker.name for speaker in record.speakers}
    yield Text("━" * width, style=_QUIET)
    yield _text([article.id, (f" · {article.published or 'no date'} · read by {record.run.model}", _QUIET)])
    yield _text([(title_of(article, width), _HEADING)])
    yield from _section("Speakers", [_speaker(s) for s in record.speakers], width)
    yield from _section("Claims", [_claim(c, names) for c in record.claims], width)
    yield from _section("Stances", [_stance(s, names) for s in record.stances], width)
    yield from _section("Commitments", [_commitment(c, names) for c in record.commitments], width)
    unplaced: list[Entry] = [
        [[(f"{each.layer}: {each.reason}", _ALERT), f": “{each.item.get('quote', '')}”"]] for each in record.unplaced
    ]
    yield from _section("Not placed", unplaced, width)
    yield from _section("Checks", [_check(c) for c in record.checks], width)


def _section(heading: str, entries: list[Entry], width: int) -> Iterator[Text]:
    if not entries:
        return
    yield Text()
    yield _text([(heading, _HEADING), f" ({len(entries)})"])
    for entry in entries:
        for number, line in enumerate(entry):
            yield from _wrapped(_text(line), width, "  " if number == 0 else "      ")


def _wrapped(line: Text, width: int, first: str) -> Iterator[Text]:
    """The line in lines that fit, the first behind `first`, the others further in."""
    console = Console(width=width, file=io.StringIO(), color_system=None)
    indent = "      "
    head = line.wrap(console, width - len(first))[0]
    taken = len(head) + len(line.plain[len(head) :]) - len(line.plain[len(head) :].lstrip())
    rest = line.divide([taken])[-1] if taken < len(line) else Text()
    head.rstrip()
    yield Text(first) + head
    for part in rest.wrap(console, width - len(indent)) if rest else ():
        part.rstrip()
        yield Text(indent) + part


def _text(parts: list[Part]) -> Text:
    text = Text()
    for part in parts:
        words, style = part if isinstance(part, tuple) else (part, "")
        text.append(visible(" ".join(words.split(" "))), style=Style.parse(style) if style else None)
    return text


def _speaker(speaker: Speaker) -> Entry:
    details = [detail for detail in (speaker.role, speaker.affiliation) if detail and detail != speaker.name]
    more = f": {', '.join(details)}" if details else ""
    return [[(speaker.name, _NAME), (f" ({speaker.kind})", _QUIET), more]]


def _claim(claim: Claim, names: dict[str, str]) -> Entry:
    chain = " → ".join(names.get(id_, id_) for id_ in [*claim.via, claim.speaker])
    kind = f"{claim.kind}, {claim.delivery} · "
    return [[(chain, _NAME), f": {claim.statement}"], [kind, *_passage(claim.quote.exact, claim.quote.start)]]


def _stance(stance: Stance, names: dict[str, str]) -> Entry:
    style = _POSITION[stance.position]
    name = names.get(stance.speaker, stance.speaker)
    position = (stance.position, style)
    return [[(_SIGNS[stance.position], style), " ", (name, _NAME), ": ", position, f" · {stance.target}"]]


def _commitment(commitment: Commitment, names: dict[str, str]) -> Entry:
    condition = f", {commitment.condition}" if commitment.condition else ""
    said = f" · said by {names.get(commitment.speaker, commitment.speaker)}" if commitment.speaker else ""
    return [
        [(", ".join(commitment.actors) or "nobody named", _NAME), f": {commitment.action}{condition}"],
        [(commitment.firmness, _FIRMNESS[commitment.firmness]), f", {_when(commitment.when)}{said}"],
        _passage(commitment.quote.exact, commitment.quote.start),
    ]


def _when(when: When | None) -> str:
    if when is None:
        return "no date"
    if when.earliest is None and when.latest is None:
        return f"“{when.expression}” (not resolved)"
    return f"“{when.expression}” = {when.earliest or '…'} to {when.latest or '…'}"


def _passage(exact: str, start: int) -> list[Part]:
    return [(f"“{' '.join(exact.split())}”", "italic"), (f" [at {start}]", _QUIET)]


def _check(check: Check) -> Entry:
    return [[(check.code, _ALERT), f": {check.message}"]]
