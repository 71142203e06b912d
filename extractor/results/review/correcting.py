"""A correction or an addition is held to the same rules as a model's answer.

Every field has one of its allowed values, the quote stands in the article, the speaker is one of the article's, and
the time is read by code. What is wrong comes back as sentences, each with the field that it is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from extractor.results.review.contents import MODELS
from extractor.results.review.decisions import NamedSpeaker
from extractor.schema.reading import ClaimRead, CommitmentRead, StanceRead, WhenRead
from extractor.schema.record import Commitment, Item, Layer, Quote, When
from extractor.text import dates
from extractor.text.grounding import NOT_FOUND, GroundedText, NotPlaced, Placed
from extractor.text.planned_dates import date_commitment

_READ: dict[Layer, type[BaseModel]] = {"claims": ClaimRead, "stances": StanceRead, "commitments": CommitmentRead}
_NOT_EMPTY: dict[Layer, tuple[str, ...]] = {
    "claims": ("statement",),
    "stances": ("target",),
    "commitments": ("action",),
}

Problem = tuple[str, str]


@dataclass
class Checked:
    """What a form comes to. `item` (with names of speakers) is None as long as there are problems."""

    problems: list[Problem] = field(default_factory=list)
    quote: Quote | None = None
    when: When | None = None
    speakers: list[NamedSpeaker] = field(default_factory=list)
    item: Item | None = None

    def wrong(self, where: str, sentence: str) -> None:
        self.problems.append((where, sentence))


@dataclass(frozen=True)
class Setting:
    """The article that an item belongs to: its text, its date, and the names of its sources."""

    text: GroundedText
    published: dt.date | None
    names: Collection[str]


def check(layer: Layer, form: dict[str, Any], setting: Setting, current: Item | None) -> Checked:
    """Reads a form: the fields of the reading's model for the layer, with

    - `quote`: {"start", "end"} in code points, or {"text"} to be looked for;
    - `speaker` and `via`: names;
    - `when`: {"expression", "means"}: the article's words, and where they do not say it themselves, other words or EDTF
      that tell the days;
    - `new_speakers`: sources that the article's list does not have yet.

    `current` is the item as it stands, if there is one. The id of the item is left empty where it is new.
    """
    done = Checked()
    _check_speakers(done, form.get("new_speakers") or [])
    _check_quote(done, form.get("quote"), setting, current)
    near = done.quote.start if done.quote else 0
    fields = {name: _trimmed(value) for name, value in form.items() if name not in ("new_speakers", "quote", "when")}
    if layer == "claims":
        fields["cue"] = _check_cue(done, fields.get("cue"), setting.text, near)
    if layer == "commitments":
        fields |= {"condition": fields.get("condition") or None, "speaker": fields.get("speaker") or None, "when": None}
        if isinstance(actors := fields.get("actors") or [], list):
            fields["actors"] = [actor for actor in actors if actor]
        done.when = _check_when(done, form.get("when"), setting, current, near)
    _check_fields(done, layer, fields, setting.names)
    if not done.problems and done.quote is not None:
        rest = {**fields, "when": done.when} if layer == "commitments" else fields
        done.item = MODELS[layer].model_validate({**rest, "id": current.id if current else "", "quote": done.quote})
    return done


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    return [_trimmed(part) for part in value] if isinstance(value, list) else value


def _check_speakers(done: Checked, entries: Any) -> None:
    for entry in entries if isinstance(entries, list) else [entries]:
        speaker = named_speaker(entry)
        if isinstance(speaker, str):
            done.wrong("speaker", speaker)
        else:
            done.speakers.append(speaker)


def named_speaker(entry: Any) -> NamedSpeaker | str:
    """A source from its fields, or what is wrong with them."""
    try:
        fields = {name: _trimmed(value) or None for name, value in dict(entry).items()}
        return NamedSpeaker.model_validate({"role": None, "affiliation": None, **fields})
    except (ValidationError, TypeError, ValueError):
        return "A new source needs a name and a kind."


def _check_quote(done: Checked, quote: Any, setting: Setting, current: Item | None) -> None:
    match quote:
        case {"start": int(start), "end": int(end)}:
            if current is not None and (start, end) == (current.quote.start, current.quote.end):
                done.quote = current.quote
                return
            placed = _selected(setting.text, start, end)
        case {"text": str(words)}:
            placed = setting.text.place(words.strip(), near=current.quote.start if current else 0)
        case _:
            placed = NotPlaced("none is selected")
    if isinstance(placed, NotPlaced):
        done.wrong("quote", f"The quote must be a passage of the article: {placed.reason}.")
    elif placed.match == "fuzzy":
        there = setting.text.text[placed.start : placed.end]
        done.wrong("quote", f"These words do not stand in the article. The nearest are: “{there}”")
    else:  # whatever was typed, a person has confirmed the article's own words
        done.quote = setting.text.quote(Placed(placed.start, placed.end, "exact", 100.0))


def _selected(text: GroundedText, start: int, end: int) -> Placed | NotPlaced:
    """The passage that a reviewer selected, without the white space at its ends."""
    words = text.text[start:end] if 0 <= start <= end <= len(text.text) else ""
    start += len(words) - len(words.lstrip())
    placed = text.place(words.strip(), within=(start, start + len(words.strip())))
    if isinstance(placed, NotPlaced) and placed.reason == NOT_FOUND:
        return NotPlaced("it cuts through a word or a number")
    return placed


def _check_cue(done: Checked, cue: Any, text: GroundedText, near: int) -> str | None:
    if not cue:
        return None
    placed = text.place(str(cue), near=near)
    if isinstance(placed, NotPlaced) or placed.match == "fuzzy":
        done.wrong("cue", f"“{cue}” does not stand in the article.")
        return None
    return text.text[placed.start : placed.end]


def _check_when(done: Checked, form: Any, setting: Setting, current: Item | None, near: int) -> When | None:
    """The planned date: by code, from the article's words or from what the reviewer says that they mean."""
    if not isinstance(form, dict) or not (expression := str(form.get("expression") or "").strip()):
        if isinstance(form, dict) and str(form.get("means") or "").strip():
            done.wrong("when", "Which words of the article give the time?")
        return None
    known = current.when if isinstance(current, Commitment) else None
    means = str(form.get("means") or "").strip()
    if known is not None and expression == known.expression and means == (known.edtf if known.basis == "model" else ""):
        return known
    placed = setting.text.place(expression, near=near)
    if isinstance(placed, NotPlaced) or placed.match == "fuzzy":
        done.wrong("when", f"“{expression}” does not stand in the article.")
        return None
    exact = setting.text.text[placed.start : placed.end]
    if not means:
        read = WhenRead(expression=exact, edtf=None, earliest=None, latest=None)
        nearby = setting.text.quote(placed)
        return date_commitment(read, nearby, setting.text, setting.published).when
    told = _days(means, setting.published)
    if told is None:
        done.wrong(
            "means", f"“{means}” names no days that the program knows. Try “August 2025”, “by 2030”, 2025-08-05."
        )
        return None
    days, earliest, latest = told
    span = (placed.start, placed.end)
    return When(expression=exact, span=span, edtf=days, earliest=earliest, latest=latest, basis="resolved")


def _days(means: str, published: dt.date | None) -> tuple[str | None, dt.date | None, dt.date | None] | None:
    """What a reviewer's words mean; besides expressions, EDTF intervals with an open end."""
    resolved = dates.resolve(means, published)
    if resolved is not None:
        return resolved.edtf, resolved.earliest, resolved.latest
    first, slash, last = means.partition("/")
    if slash and ".." in (first, last):
        end = dates.resolve(last if first == ".." else first, published)
        if end is not None:
            return (means, None, end.latest) if first == ".." else (means, end.earliest, None)
    return None


def _check_fields(done: Checked, layer: Layer, fields: dict[str, Any], names: Collection[str]) -> None:
    try:
        _READ[layer].model_validate({**fields, "quote": ""})
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            done.wrong(str(problem["loc"][0]) if problem["loc"] else "form", f"{problem['msg']}.")
    for name in _NOT_EMPTY[layer]:
        if isinstance(fields.get(name), str) and not fields[name]:
            done.wrong(name, "It must not be empty.")
    known = {*names, *(speaker.name for speaker in done.speakers)}
    for where in ("speaker", "via"):
        told = fields.get(where)
        for source in told if isinstance(told, list) else [told]:
            if isinstance(source, str) and source not in known:
                done.wrong(where, f"“{source}” is not among the article's sources." if source else "Who says it?")
