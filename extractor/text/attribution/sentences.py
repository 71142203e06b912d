"""Words and sentences of one article. A quotation is one word (tag Q) of the sentence around it, and is read on its own.

So the sentence "“We won,” said Ms. Lee of “the deal.”" has the words Q said Ms. Lee of Q, and what is inside the marks
never ends the sentence around it before its time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from extractor.text import lexicon
from extractor.text.attribution.lexis import Lexis, lexis
from extractor.text.attribution.marks import Pair

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[DRI]-[A-Z][A-Za-z.]{0,7}(?=[),;])"  # D-S.C., a legislator's party and state
    r"|[$€£¥]?\d+(?:[.,:]\d+)*(?:[-–]\d+)*%?(?:st|nd|rd|th|s|m|bn|[ap]m)?\b"  # $3.5, 10-12, 12th
    r"|\[\w+\]\w*|\[(?:\.{3}|…)\]"  # [Vladimir] Putin, [W]e, [...]
    r"|\w+(?:[-–&/@]\w+|\[\w+\]\w*)*(?:['’][^\W\d_]+)?"  # well-known, didn't, Lee's
    r"|\.{2,}|-{2,}|[^\w\s]"
)
_CLITIC = re.compile(r"['’](?:s|S|re|ve|ll|d|m)$")
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’-]{2,}[\w .,'’-]{0,40}(?:\([^()\n]{2,70}\))?,?\s*(?:—|–|--|-|\((?:[^()\n]{2,70})\))\s*"
)
_PUNCTUATION = {
    ",": ",", ".": ".", ":": ":", ";": ";", "(": "(", ")": ")", "[": "(", "]": ")", "?": "?", "!": "?", "…": "?", "...": "?",
    "—": "-", "–": "-", "―": "-", "--": "-", "-": "-", "---": "-", "$": "D", "&": "c", "%": "N", "#": "N", "@": "N",
}  # fmt: skip
_MAY_END = frozenset(".?!…)]”")
_LONG_QUOTE = 50  # code points from which a quotation is no part of a noun phrase
_TIME_NOUNS = frozenset(
    [
        "morning",
        "afternoon",
        "evening",
        "night",
        "week",
        "weekend",
        "month",
        "year",
        "spring",
        "summer",
        "autumn",
        "fall",
        "winter",
        "quarter",
        "century",
        "decade",
    ]
)
_TIME_DETERMINERS = frozenset(["this", "last", "next", "that", "earlier", "later"])
_MAX_WORDS = 160  # a longer run without a full stop is no sentence, and is cut so that all work stays linear


@dataclass(slots=True)
class Sentence:
    """Words with their offsets (code points into the article) and tags (see lexis.py).

    `quotes` maps the index of a Q to its pair, `closing` to the last character inside it; `titles`
    are those that look like the title of a book or a programme.
    """

    words: list[str]
    lowered: list[str]
    starts: list[int]
    ends: list[int]
    tags: str
    quotes: dict[int, Pair]
    paragraph: int
    initial: bool  # first of its paragraph
    level: int = 0
    closing: dict[int, str] = field(default_factory=dict)
    titles: frozenset[int] = frozenset()
    chunks: list[tuple[int, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def lower(self, index: int) -> str:
        """The word in lower case, with straight apostrophes."""
        return self.lowered[index]


def sentences(
    text: str, start: int, end: int, pairs: list[Pair], paragraph: int = 0, level: int = 0
) -> Iterator[Sentence]:
    """The sentences of text[start:end], one paragraph. `pairs` are the quotations directly inside it, in order."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    quotes: dict[int, Pair] = {}
    dateline = _DATELINE.match(text, start, min(end, start + 160)) if level == 0 else None
    at = start = start if dateline is None else dateline.end()
    for pair in pairs:
        if pair.outer_start >= start:
            _add_words(text, at, pair.outer_start, words, starts, ends)
            quotes[len(words)] = pair
            words.append("“”")
            starts.append(pair.outer_start)
            ends.append(pair.outer_end)
            at = pair.outer_end
    _add_words(text, at, end, words, starts, ends)
    first = 0
    for stop in _ends_of_sentences(text, words, starts, ends, quotes):
        inside = {index - first: quotes[index] for index in range(first, stop) if index in quotes} if quotes else {}
        yield _sentence(
            text, words[first:stop], starts[first:stop], ends[first:stop], inside, paragraph, first == 0, level
        )
        first = stop


def _add_words(text: str, start: int, end: int, words: list[str], starts: list[int], ends: list[int]) -> None:
    """Appends the words of text[start:end], which holds no quotation."""
    abbreviations = lexis().abbreviations
    skip_to = start
    for found in _TOKEN.finditer(text, start, end):
        at, until = found.span()
        if at < skip_to:
            continue
        word = found.group()
        if until < end and text[until] == "." and word[-1].isalpha():
            if word.lower() in abbreviations or (until == at + 1 and word.isupper() and word != "I"):
                until += 1
                word, skip_to = text[at:until], until
        elif until - at > 2 and ("’" in word or "'" in word):
            clitic = _CLITIC.search(word)
            if clitic is not None and clitic.start() > 0:
                cut = at + clitic.start()
                words.append(word[: clitic.start()])
                starts.append(at)
                ends.append(cut)
                word, at = clitic.group(), cut
        words.append(word)
        starts.append(at)
        ends.append(until)


def _ends_of_sentences(
    text: str, words: list[str], starts: list[int], ends: list[int], quotes: dict[int, Pair]
) -> Iterator[int]:
    """The word behind each sentence, the last one included."""
    lex = lexis()
    first = 0
    for index in range(1, len(words)):
        if (
            words[index - 1][-1] in _MAY_END and _breaks(text, words, starts, ends, quotes, first, index, lex)
        ) or index - first >= _MAX_WORDS:
            yield index
            first = index
    if words:
        yield len(words)


def _breaks(
    text: str,
    words: list[str],
    starts: list[int],
    ends: list[int],
    quotes: dict[int, Pair],
    first: int,
    index: int,
    lex: Lexis,
) -> bool:
    """Whether a new sentence starts with the word at `index`; the one before it started at `first`."""
    word, last = words[index], words[index - 1]
    capital = word[0].isupper() or word[0].isdigit() or word in ("“”", "(", "—", "[", "…")
    if last == "“”":
        inner = _last_mark(text, quotes[index - 1])
        if inner not in ".?!…" or not capital or word == "—":
            return False
        # “…?” Lee asked.  The mark ends the question, not the sentence.
        return inner == "." or index - first > 1 or not _asks(text, starts[index], lex)
    if last in (".", "?", "!", "[...]", "[…]"):
        return capital
    if last in ("...", "…", ")"):
        return (
            capital
            and ends[index - 1] < starts[index]
            and index - first > 1
            and (last != ")" or words[index - 2] in (".", "?", "!"))
        )
    if last[-1] == "." and word[0].isupper() and word != "I":
        # An abbreviation that may end a sentence, before a word that is capitalised only at its start.
        lower = word.lower()
        return last.lower() not in _TITLES and lex.tags.get(lower, "N") in "DPSBIqRX" and lower != "may"
    return False


_TITLES = frozenset(
    [
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "prof.",
        "sen.",
        "rep.",
        "gov.",
        "lt.",
        "gen.",
        "col.",
        "st.",
        "capt.",
        "sgt.",
        "jan.",
        "feb.",
        "mar.",
        "apr.",
        "aug.",
        "sept.",
        "oct.",
        "nov.",
        "dec.",
    ]
)


def _asks(text: str, at: int, lex: Lexis) -> bool:
    """Whether a verb of speaking follows within a few words."""
    for found in list(_TOKEN.finditer(text, at, at + 80))[:9]:
        word = found.group().lower()
        if word in ".?!":
            return False
        if word in lex.verbs and any("speech" in entry.frames for entry in lex.verbs[word]):
            return True
    return False


def _sentence(
    text: str,
    words: list[str],
    starts: list[int],
    ends: list[int],
    quotes: dict[int, Pair],
    paragraph: int,
    initial: bool,
    level: int,
) -> Sentence:
    classes = [_class(word) for word in words]
    tags = [tag for tag, _ in classes]
    lowered = [lower for _, lower in classes]
    if words[0][0].isupper() and (tag := lexis().tags.get(lowered[0])) is not None:
        tags[0] = tag
    if tags.count("m") > 0.5 * len(words) and _is_headline(words):
        tags = [
            lexis().tags.get(word.lower(), tag) if tag == "m" else tag for word, tag in zip(words, tags, strict=True)
        ]
    closing: dict[int, str] = {}
    titles: set[int] = set()
    for index, pair in quotes.items():
        closing[index] = _last_mark(text, pair)
        if _is_title(text[pair.start : pair.end]):
            titles.add(index)
        whole = pair.end - pair.start >= _LONG_QUOTE or pair.continued or closing[index] in ".,?!…—-"
        tags[index] = "Q" if whole else "U"
    for index, tag in enumerate(tags):
        if tag == "z":  # ’s is a verb behind a pronoun, else a possessive
            tags[index] = "X" if index and tags[index - 1] in "PwqtR" else "'"
        elif tag in "NK" and index and words[index] in _TIME_NOUNS and words[index - 1].lower() in _TIME_DETERMINERS:
            tags[index - 1] = tags[index] = "d"  # "last week"
    return Sentence(
        words,
        lowered,
        starts,
        ends,
        _resolve("".join(tags), lowered),
        quotes,
        paragraph,
        initial,
        level,
        closing,
        frozenset(titles),
    )


@lru_cache(maxsize=1 << 16)  # words repeat; the bound keeps a text of nonsense from filling the memory
def _class(word: str) -> tuple[str, str]:
    """The class of a word inside a sentence, and its form in lower case with straight apostrophes."""
    return _tag(word), word.lower().replace("’", "'")


def _tag(word: str) -> str:
    """`z` is ’s, which its neighbour decides."""
    first = word[0]
    if first == "[" and len(word) > 2 and word[1].isalnum():
        word = word[1:].replace("]", "", 1)
        first = word[0]
    if first.isalpha():
        lower = word.lower().replace("’", "'")
        tag = lexis().tags.get(lower)
        if first.isupper() and (tag is None or tag not in "DPSOoTIcXBtwqbd"):
            return "m"
        return _guess(lower) if tag is None else tag
    if first in "'’":
        lower = word.lower().replace("’", "'")
        return "z" if lower[1:] == "s" else "M" if lower[1:] == "d" else lexis().tags.get(lower) or "'"
    if first.isdigit() or (first in "$€£¥" and len(word) > 1):
        return "#"
    return "?" if first == "[" and len(word) > 1 else _PUNCTUATION.get(word, "-" if not word.isalnum() else "N")


def _guess(lower: str) -> str:
    if lower.endswith("ly") and len(lower) > 4:
        return "R"
    if lower.endswith("ed") and len(lower) > 4:
        return "e"
    if lower.endswith("ing") and len(lower) > 5:
        return "g"
    return "N"


def _is_headline(words: list[str]) -> bool:
    """Whether nearly all content words are capitalised, verbs among them."""
    longer = [word for word in words if word[0].isalpha() and len(word) > 3]
    if len(longer) < 4 or sum(word[0].isupper() for word in longer) < 0.75 * len(longer):
        return False
    return not any(lexis().tags.get(word, "N") in "CXMV" for word in words)


def _last_mark(text: str, pair: Pair) -> str:
    """The last character of a quotation, not counting what closes a quotation inside it."""
    end = pair.end
    while end > pair.start + 1 and text[end - 1] in " \xa0'’\"”":
        end -= 1
    return text[end - 1]


def _is_title(quoted: str) -> bool:
    if len(quoted) > 80:
        return False
    longer = [word for word in quoted.split() if len(word) > 3]
    return bool(longer) and all(not word[0].islower() for word in longer)


# A word that is a cue verb or a noun is a noun after these, and a verb after those.
_NOUN_AFTER = re.compile(r"(?<=[DSA'Io#])K|(?<=[DS]e)K|(?<='[NA])K")
_NO_VERB_AFTER = re.compile(r"(?<=[DSo'#])V|(?<=[DS][eJ])V|(?<=[DS]m)V(?=[XMI,.])")
_COMPOUND = re.compile(r"(?<=[DS]N)V")
_VERB_AFTER = re.compile(r"(?<=[PwMT])K|(?<=[PwMTX]R)K")
_EITHER = re.compile(r"(?<=[mNQU)dR,])K(?=[tTPSDmOQUqNIR#:])")
_OBJECTS = frozenset("tTPSDmOQUq#:")


def _resolve(tags: str, lowered: list[str]) -> str:
    """The tags with the ambiguous ones settled by their neighbours."""
    if "V" in tags:
        tags = _NO_VERB_AFTER.sub("N", tags)
        tags = _COMPOUND.sub(lambda found: "N" if lowered[found.start()] in _noun_like() else "V", tags)
    if "K" in tags:
        tags = _VERB_AFTER.sub("C", tags)
        tags = _NOUN_AFTER.sub("N", tags)
        if "K" in tags:
            tags = _EITHER.sub(lambda found: "C" if _agrees(tags, lowered, found.start()) else "K", tags)
    return tags


@cache
def _noun_like() -> frozenset[str]:
    """Base forms of verbs that behind a noun are the second half of a compound: "the debt deal", "the work force"."""
    return frozenset(lexicon.load("grammar")["forms"]["compounds"].split())


def _agrees(tags: str, lowered: list[str], at: int) -> bool:
    """Whether a word that is a verb or a noun is the verb of the noun before it: "reports show", "the party plans to"."""
    following, before = tags[at + 1], tags[at - 1]
    if following == "R":
        return tags[at + 2 : at + 3] in ("C", "t", "T")
    if before in "dR,)":
        return following == "t" or (before in "R," and following in _OBJECTS)
    if following not in _OBJECTS:
        return False
    if before in "mQU":
        return True
    subject = lowered[at - 1]
    plural = subject.endswith("s") and not subject.endswith("ss")
    return plural != lowered[at].endswith("s") or (following == "t" and not plural)


def children(pairs: list[Pair]) -> Iterator[tuple[Pair, list[Pair]]]:
    """Each pair with the pairs directly inside it. `pairs` are in order, as marks.find_pairs gives them."""
    stack: list[tuple[Pair, list[Pair]]] = []
    done: list[tuple[Pair, list[Pair]]] = []
    for pair in pairs:
        while stack and stack[-1][0].outer_end <= pair.outer_start:
            stack.pop()
        if stack:
            stack[-1][1].append(pair)
        entry: tuple[Pair, list[Pair]] = (pair, [])
        stack.append(entry)
        done.append(entry)
    yield from done


def within(pairs: list[Pair], starts: list[int], start: int, end: int) -> list[Pair]:
    """The outermost pairs that stand in [start, end). `starts` are their sorted beginnings."""
    return [pair for pair in pairs[bisect_left(starts, start) : bisect_left(starts, end)] if pair.level == 0]
