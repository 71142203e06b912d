"""What is put into words: the exact passage, and a statement that stands without its context."""

from __future__ import annotations

import re

from extractor.text.attribution.lexis import forms
from extractor.text.plans.lists import is_base
from extractor.text.rules_reading.cast import Cast

_WORD = re.compile(r"[\w'’-]+")
_TRAILING = " \t\n\xa0,;:—–-"
_OPENING, _CLOSING = "“\"‘'«„", "”\"’'»"
_DESCRIBING = ("describ", "regard", "view", "consider", "characteri", "see", "saw")
_PASSES = 4  # of cutting marks and spaces from the ends of a passage

_FIRST = re.compile(
    r"\b(?:(I|We|we)(?:\s+([a-z]+)\b|(['’](?:m|ve|re|ll|d))\b)?|(my|our|My|Our)|(me|us|ourselves|myself))\b(?!-)"
)
_VERBS = {"am": "is", "are": "is", "have": "has", "do": "does", "were": "was", "was": "was"}
_CLITICS = {"m": "is", "re": "is", "ve": "has", "ll": "will", "d": "would"}
_HE = re.compile(r"^(?:he|she)\b", re.IGNORECASE)
_HIS = re.compile(r"^(?:his|her|its|their) ", re.IGNORECASE)
_IMPORTANCE = re.compile(
    r"^(?:the )?(?:\w+ )?(importance|significance|necessity|value|benefits) of (?P<what>.+)$", re.IGNORECASE
)
_NATURE = re.compile(r"^(?:the )?(?P<how>\w+) nature of (?P<what>.+)$", re.IGNORECASE)
_COMMITMENT = re.compile(r"^(?:his|her|its|their|the) commitment to (?P<what>.+)$", re.IGNORECASE)
_NEED = re.compile(r"^(?:the )?need for (?P<who>.+?) to (?P<what>.+)$", re.IGNORECASE)
_AS = re.compile(r"^(?P<what>.+?) as (?P<how>.+)$")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A passage without commas, spaces and full stop at its ends, and without marks that the other end lacks."""
    for _ in range(_PASSES):
        before = start, end
        while start < end and text[start] in _TRAILING:
            start += 1
        while end > start and text[end - 1] in _TRAILING + ".":
            end -= 1
        opens, closes = text[start : start + 1] in tuple(_OPENING), text[end - 1 : end] in tuple(_CLOSING)
        marks = sum(text.count(mark, start, end) for mark in set(_OPENING + _CLOSING) - {"’", "'"})
        if opens and (closes or marks % 2) and marks <= 2:
            start += 1
        if closes and (opens or marks % 2) and marks <= 2 and text[end - 1] not in "'’":
            end -= 1
        if (start, end) == before:
            break
    return start, end


def words_of(text: str) -> list[str]:
    """The words in lower case, with straight apostrophes."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def statement(quote: str, cue: str | None, cast: Cast, speaker: int) -> str:
    """The quote as a sentence of its own: first persons replaced by the speaker or the side spoken for, objects and
    infinitives made into clauses. Nothing is added that the frame does not say."""
    name, party = cast.people[speaker].name, cast.party(speaker) or cast.people[speaker].name
    body = _clause(" ".join(quote.split()), cue, name)
    body = _FIRST.sub(lambda found: _third(found, name, party), body)
    if cast.people[speaker].kind == "person":
        body = _HE.sub(name, body)
    body = _HIS.sub(f"{name}’s ", body)
    body = body[:1].upper() + body[1:]
    return body if body[-1:] in tuple(".!?") else body + "."


def _clause(quote: str, cue: str | None, name: str) -> str:
    """An object, an infinitive or an object with its predicate, as a clause."""
    if quote.startswith("to ") and cue is not None:
        return f"{name} {cue} {quote}"
    if (found := _IMPORTANCE.match(quote)) is not None:
        return f"{found['what']} is important"
    if (found := _NATURE.match(quote)) is not None:
        return (
            f"{found['what']} are {found['how']}"
            if found["what"].endswith("s")
            else f"{found['what']} is {found['how']}"
        )
    if (found := _COMMITMENT.match(quote)) is not None:
        return f"{name} {'are' if ' and ' in name else 'is'} committed to {found['what']}"
    if (found := _NEED.match(quote)) is not None:
        return f"{found['who']} need to {found['what']}"
    describes = cue is not None and cue.split()[-1].startswith(_DESCRIBING)
    if describes and (found := _AS.match(quote)) is not None:
        return f"{found['what']} is {found['how']}"
    return quote


def _third_person(verb: str) -> str:
    """The form of a verb behind a name; other words stay as they are."""
    if verb in _VERBS or not is_base(verb):
        return _VERBS.get(verb, verb)
    return next((form for form, kind in forms(verb, {}).items() if kind == "s"), verb)


def _third(found: re.Match[str], person: str, party: str) -> str:
    subject, verb, clitic, possessive, objective = found.groups()
    if possessive is not None:
        return (person if possessive.lower() == "my" else party) + "’s"
    if objective is not None:
        return person if objective in ("me", "myself") else party
    name = person if subject == "I" else party
    if verb is not None:
        return f"{name} {_third_person(verb)}"
    return name if clitic is None else f"{name} {_CLITICS[clitic[1:]]}"
