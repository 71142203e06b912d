"""Who says it: the subject of a cue, before it, behind it, or shared with an earlier verb."""

from __future__ import annotations

from extractor.text.attribution import phrases
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence


def subject_of(s: Sentence, start: int, last_subject: Phrase | None = None) -> tuple[Phrase | None, bool]:
    """The subject of a verb group that starts at `start`, and whether it is shared with an earlier verb."""
    tags = s.tags
    at = start
    while at > 0 and tags[at - 1] in "dR":
        at -= 1
        if at > 1 and tags[at] == "d" and tags[at - 1] == "I":
            at -= 1
    if 1 < at < start and tags[at - 1] == "e":
        at -= 1  # "a poll released on Friday shows …"
    if at == 0:
        return None, False
    tag = tags[at - 1]
    if tag in "cb" or (
        tag == "," and last_subject is not None and (tags[at - 2 : at - 1] == "Q" or _lists_verbs(s, at))
    ):
        return last_subject or first_subject(s, at), True
    if tag in "wt":
        relative = at > 1 and tags[at - 2] in "NmKQU,)'" and (tag == "w" or tags[at - 2] != ",")
        return (Phrase(at - 1, at, at - 1, at), False) if relative else (None, False)
    return (None if tag == "O" else phrases.before(s, at)), False


def _lists_verbs(s: Sentence, at: int) -> bool:
    """Whether a verb behind a comma is one of a list: "Lee praised the plan, noted the cost, and said …"."""
    return s.tags[at] == "C" and "and" in s.lowered[at:] and phrases.before(s, at) is None


def first_subject(s: Sentence, limit: int) -> Phrase | None:
    """The first noun phrase before `limit` that starts the sentence or follows its opening phrase."""
    tags = s.tags
    at = 0
    while at < limit and tags[at] in "cbR,":
        at += 1
    if at < limit and tags[at] in "IBgGe":
        comma = tags.find(",", at, limit)
        at = comma + 1 if comma >= 0 else limit
    chunk = phrases.chunk_starting(s, at) if at < limit else None
    return None if chunk is None else phrases.after(s, at, limit)


def next_subject(s: Sentence, index: int) -> Phrase | None:
    """The subject behind an opening participle: "Citing the cost, Lee said …"."""
    comma = s.tags.find(",", index)
    return phrases.after(s, comma + 1) if 0 < comma < len(s) - 1 else None


def inverted_subject(
    s: Sentence, start: int, index: int, after: int, last_subject: Phrase | None = None
) -> Phrase | None:
    """The subject behind a verb of speaking at `index` whose words end at `after`: "“…,” said Lee"."""
    tags = s.tags
    if after >= len(tags) or start != index:
        return None
    if start == 0:
        phrase = phrases.after(s, after) if tags[after] in "mDSN" else None  # "Said Lee: “…”"
        return phrase if phrase is not None and tags[phrase.end : phrase.end + 1] == ":" else None
    before = tags[start - 1]
    if before not in ",QU-?" or tags[after] not in "mDSNPU#" or (tags[after] == "P" and before == ","):
        return None
    listed = last_subject is not None and tags[after] in "DSN#"  # "Lee praised the plan, noted the cost, …"
    if before == "," and "Q" not in tags[:start] and (listed or _has_subject_before(s, start)):
        return None
    phrase = phrases.after(s, after)
    if phrase is None:
        return None
    return phrase if phrase.end == len(tags) or tags[phrase.end] in ".,?Qd-:;IwBcgGTR" else None


def _has_subject_before(s: Sentence, start: int) -> bool:
    """Whether an insertion between commas stands before the verb: "Lee, a lawyer, said Monday …"."""
    phrase = phrases.before(s, start)
    return phrase is not None and (phrase.start == 0 or s.tags[phrase.start - 1] in ",.bcBt")


def quoted_before(s: Sentence, subject: int, after: int) -> bool:
    """Whether the quotation before the subject is what the verb that ends at `after` introduces: "“…,” Lee told us"."""
    tags = s.tags
    quote = subject - 1
    while quote > 0 and tags[quote] in ",-":
        quote -= 1
    if quote < 0 or tags[quote] not in "QU" or (tags[quote + 1] == "," and s.closing[quote] not in ",?!…"):
        return False
    if quote > 0 and tags[quote - 1] in "IoNm'" and quote in s.titles:
        return False  # "on “Fox News Sunday,” the senator said …"
    if tags[after : after + 1] in ("", ",", ".", ":", "?", ";"):
        return True
    return (s.closing[quote] in ",?!…—-" or tags[quote + 1] in ",-") and tags[after] not in "tQU"
