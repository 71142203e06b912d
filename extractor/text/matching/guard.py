"""What a similarity score cannot see: a changed number, date or negation turns a passage into another one.

A score of 99 out of 100 may hide "12" for "21" or a lost "not". Here the numbers, date words and negations of a quote
are read beside those of the passage, in order. Number and date words are English; negations are also those of
other languages. Words of other meaning are not compared, but for a word and its opposite by prefix (able, unable), and
for a name that the article knows beside the one that stands in the passage (Iran, Iraq).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from extractor.text.matching.normalizing import plain_marks

_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?"
    "|half|quarters?|twice|double|triple|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
)
_UNIT = (
    r"(?:(?<![^\s(])-)?[$€£¥₽₹₩]?\d+(?:[.,]\d+)*(?:[a-z]{1,3}(?![^\W\d_])|\ (?:bn|mn|tn)\b)?"
    rf"|\b(?:{_NUMBER_WORDS})\b|%|\bper\ ?cent\b|\bpercentage\b|[〇零一二三四五六七八九十百千万萬亿億兆]+"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SHORT_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NEGATIONS = (
    "not|cannot|no|never|without|nor|neither|none|nobody|nothing|nowhere"
    "|nicht|kein|keine|keinen|keiner|keinem|nie|niemals|ohne|ne|pas|jamais|aucun|aucune|sans|sin|nunca|jamás|ningún|ninguna|non|mai|senza"
    "|não|nem|sem|niet|geen|nooit|ikke|inte|aldrig|nie|не|ни|нет|никогда|без|ні|немає|değil|yok|tidak|không|لا|لم|لن|ليس|غير|בלי|לא|אין|नहीं|نہیں"
)
_TELLING = re.compile(
    rf"(?P<number>(?:{_UNIT})(?:[\ -]?(?:{_UNIT}))*)"
    rf"|(?P<date>\b(?:{_MONTHS}|{_SHORT_MONTHS}|{_DAYS}|today|tomorrow|yesterday|tonight|next|last|previous)\b)"
    rf"|(?P<negation>(?<!\w)(?:{_NEGATIONS})(?!\w)|n't\b|[不没沒未无無非勿]|ない|ません|않|못|없)"
)
_UNITS = re.compile(_UNIT)
_KINDS = ("number", "date", "negation")
_OPPOSING = re.compile(r"(?:un|in|im|ir|il|dis|non|de|ex|mis|anti|pro|over|under|out)(?=\w{3})")


class _Token(NamedTuple):
    same: str  # equal for words that say the same
    shown: str


def difference(quote: str, passage: str, article: str, *, told: str | None = None) -> str | None:
    """In what the quote and the passage of the article differ, for a person to read; None where they tell the same.

    For a quote that leaves words out, `told` is the passage without the sentences that it skips: the quote's numbers
    and dates must then stand in the passage in order, with others between them; the negations must be those of `told`.
    """
    if told is None:
        quote, passage = _apart(_plain(quote).split(), _plain(passage).split())
        in_quote, in_passage = _tokens(quote), _tokens(passage)
    else:
        in_quote, in_passage = _tokens(_plain(quote)), _tokens(_plain(passage))
        in_passage["negation"] = _tokens(_plain(told))["negation"]
    for kind in _KINDS:
        found = _first_change(in_quote[kind], in_passage[kind], skipping=told is not None and kind != "negation")
        if found is not None:
            return _sentence(kind, *found)
    return None if told is not None else _opposite(quote, passage) or _other_name(quote, passage, article)


def _plain(text: str) -> str:
    if text.isascii():
        return plain_marks(text)
    # A superscript or a fraction stands apart: 10² is not 102.
    text = "".join(f" {char} " if unicodedata.category(char) == "No" else char for char in text)
    return unicodedata.normalize("NFKC", plain_marks(text))


def _apart(quote: list[str], passage: list[str]) -> tuple[str, str]:
    """The words from the first to the last in which the two differ, with two more on both sides."""
    shorter = min(len(quote), len(passage))
    first = 0
    while first < shorter and quote[first].lower() == passage[first].lower():
        first += 1
    last = 0
    while last < shorter - first and quote[-1 - last].lower() == passage[-1 - last].lower():
        last += 1
    first, last = max(0, first - 2), max(0, last - 2)
    return " ".join(quote[first : len(quote) - last]), " ".join(passage[first : len(passage) - last])


def _tokens(text: str) -> dict[str, list[_Token]]:
    found: dict[str, list[_Token]] = {kind: [] for kind in _KINDS}
    lowered = unicodedata.normalize("NFKC", text.casefold())
    if len(lowered) != len(text):  # ß and İ grow
        text = lowered
    for match in _TELLING.finditer(lowered):
        kind = str(match.lastgroup)
        found[kind].append(_Token(_canonical(kind, match.group()), text[match.start() : match.end()]))
    return found


def _canonical(kind: str, word: str) -> str:
    if kind == "number":
        return " ".join(_canonical_unit(unit) for unit in _UNITS.findall(word))
    if kind == "date":
        return word[:3]
    return "not" if word in ("n't", "cannot") else word


def _canonical_unit(unit: str) -> str:
    if unit.startswith("per") and unit != "percentage":
        return "%"
    if unit.isalpha():
        return unit.removesuffix("s")  # hundreds of thousands
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in unit)


def _first_change(quote: list[_Token], passage: list[_Token], *, skipping: bool) -> tuple[str, str] | None:
    left, right = [token.same for token in quote], [token.same for token in passage]
    if left == right:
        return None
    for change, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if change == "equal" or (skipping and change == "insert"):
            continue
        return (quote[a].shown if a < b else "", passage[c].shown if c < d else "")
    return None


def _sentence(kind: str, quote: str, passage: str) -> str:
    if quote and passage:
        return f"the {kind} {quote} in the quote stands as {passage} in the text"
    if quote:
        return f"the {kind} {quote} in the quote does not stand in that passage of the text"
    return f"the {kind} {passage} of the text is missing in the quote"


def _opposite(quote: str, passage: str) -> str | None:
    """A word of one side that the other has with another of the prefixes that turn a word into its opposite."""
    in_quote, in_passage = (re.findall(r"[^\W\d_]+", text.lower()) for text in (quote, passage))
    only_passage = {stem: word for word in set(in_passage) - set(in_quote) for stem in _stems(word)}
    for word in sorted(set(in_quote) - set(in_passage)):
        for stem in _stems(word):
            if stem in only_passage:
                return _sentence("word", word, only_passage[stem])
    return None


def _stems(word: str) -> Iterator[str]:
    yield word
    if prefix := _OPPOSING.match(word):
        yield word[prefix.end() :]


def _other_name(quote: str, passage: str, article: str) -> str | None:
    """A capitalised word in the place of another one. One that stands elsewhere in the article is no misspelling."""
    in_quote, in_passage = _capitalised(quote), _capitalised(passage)
    others = [word for word in in_passage if word.lower() not in quote.lower()]
    for word in in_quote:
        if others and word.lower() not in passage.lower() and re.search(rf"\b{word}\b", article):
            return _sentence("name", word, others[0])
    return None


def _capitalised(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word[0].isupper()]
