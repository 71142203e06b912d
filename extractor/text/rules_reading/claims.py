"""Claims: the contents of attributions, cut into clauses that could be true or false on their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from extractor.schema.reading import ClaimKind, ClaimRead, Delivery
from extractor.text.attribution import phrases
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution
from extractor.text.attribution.sentences import Sentence
from extractor.text.rules_reading.cast import Cast, Item
from extractor.text.rules_reading.lists import lists
from extractor.text.rules_reading.wording import statement, trim, words_of

Span = tuple[int, int]

_MIN_WORDS = 3
_BEGINS, _ENDS = 45, 12  # code points of a content that may stand before and behind another attribution's in it
_COVERED = 0.7  # share of a content that other attributions may say, so that it is theirs
_QUOTED_SOON = 12  # words between a cue and the quotation that it introduces
_HEAD = 4  # first words of a clause, which tell whose action it is


def read_claims(analysis: Analysis, cast: Cast) -> list[Item[ClaimRead]]:
    """The claims of an article. The same words attributed twice (headline and first paragraph) are one claim."""
    items: list[Item[ClaimRead]] = []
    seen: set[tuple[int, str]] = set()
    replaced = _replaced(analysis, cast)
    for index, attribution in enumerate(analysis.attributions):
        speaker = cast.of(attribution.source)
        if (
            index in replaced
            or speaker is None
            or not cast.can_speak(speaker)
            or not _makes_claim(analysis, attribution)
        ):
            continue
        via = tuple(one for relay in attribution.via if (one := cast.of(relay)) is not None and one != speaker)
        cue = (
            analysis.text[slice(*attribution.cue)] if attribution.cue is not None and attribution.lemma != ":" else None
        )
        for position, (start, end) in enumerate(_clauses(analysis, attribution)):
            start, end = trim(analysis.text, start, end)
            quote = analysis.text[start:end]
            words = words_of(quote)
            if len(words) < _MIN_WORDS or _is_courtesy(words) or (speaker, quote.lower()) in seen:
                continue
            seen.add((speaker, quote.lower()))
            own_cue = cue if position == 0 or attribution.delivery == "indirect" else None
            claim = ClaimRead(
                quote=quote,
                cue=own_cue,
                speaker="",
                via=[],
                statement=statement(quote, cue, cast, speaker),
                delivery=_delivery(analysis, start, end, attribution),
                kind=kind(attribution.lemma, words, cast, speaker),
            )
            items.append(Item(start, claim, speaker, via))
    return items


def _is_courtesy(words: list[str]) -> bool:
    known = lists()
    personal = "you" in words or not known.first.isdisjoint(words[:2])
    return (
        words[0] in known.courtesy
        or (personal and not known.courtesy.isdisjoint(words[: 2 * _HEAD]))
        or all(word in known.address for word in words)
    )


def _makes_claim(analysis: Analysis, attribution: Attribution) -> bool:
    """Whether an attribution makes a claim. What is only judged does not, nor a plan in the reporter's words."""
    known = lists()
    if attribution.cue is None or attribution.lemma in ("", ":"):
        return True
    if attribution.rule == "noun" or (attribution.inside is None and attribution.lemma in known.reporter):
        return False
    if attribution.lemma not in known.silent:
        return True
    start = attribution.content[0][0]
    between = analysis.text[attribution.cue[1] : start].split()
    quoted = attribution.delivery == "direct" and attribution.inside is None and analysis.text[start] in "“\"‘'"
    return (quoted and len(between) < _QUOTED_SOON) or between[-1:] == ["that"]


def _replaced(analysis: Analysis, cast: Cast) -> set[int]:
    """Attributions that make no claim of their own because of those inside or around them.

    "The ministry said Lee stressed that …" is Lee's claim, not the ministry's. "The envoy said Russia welcomes …" is
    the envoy's, who speaks for Russia. "I believe …" in a quotation is the speaker's own.
    """
    inner: dict[int, list[int]] = {}
    for index, one in enumerate(analysis.attributions):
        if one.inside is not None:
            inner.setdefault(one.inside, []).append(index)
    replaced: set[int] = set()
    for outer, indices in inner.items():
        around = analysis.attributions[outer]
        first, last = around.content[0][0], around.content[-1][1]
        covered = 0
        kept = []
        for index in indices:
            one = analysis.attributions[index]
            if not _is_report(analysis, cast, one, around):
                replaced.add(index)
                continue
            begin = _start(one)
            whole = begin - first <= _BEGINS and last - one.content[-1][1] <= _ENDS
            covered += (last - first) if whole else one.content[-1][1] - begin
            kept.append(index)
        if kept and covered >= _COVERED * (last - first):
            replaced.add(outer)
        else:
            replaced.update(
                index for index in kept if analysis.attributions[index].rule in ("participle", "noun", "adjective")
            )
            replaced.update(
                index for index in kept if cast.of(analysis.attributions[index].source) == cast.of(around.source)
            )
    return replaced


def _start(attribution: Attribution) -> int:
    """Where an attribution starts: its source, its cue or its content."""
    places = [attribution.content[0][0]]
    if attribution.source is not None:
        places.append(attribution.source.start)
    if attribution.cue is not None:
        places.append(attribution.cue[0])
    return min(places)


def _is_report(analysis: Analysis, cast: Cast, inner: Attribution, outer: Attribution) -> bool:
    """Whether an attribution inside another's content is another's claim, not the outer speaker's way of speaking."""
    speaker, relay = cast.of(inner.source), cast.of(outer.source)
    if speaker is None or relay is None or inner.source is None or not cast.can_speak(speaker):
        return False
    words = analysis.text[inner.source.start : inner.source.end].lower()
    if words in ("i", "we", "you", "who", "which", "that") or cast.speaks_for(relay, speaker):
        return False
    return _makes_claim(analysis, inner) and not (inner.rule == "adjective" and speaker == relay)


def _delivery(analysis: Analysis, start: int, end: int, attribution: Attribution) -> Delivery:
    if attribution.lemma == ":" or attribution.delivery == "direct":
        return "direct"
    inside = analysis.quoted_part(start, end)
    if inside >= 0.9 * (end - start):
        return "direct"
    return "mixed" if inside and attribution.delivery == "mixed" else "indirect"


def _clauses(analysis: Analysis, attribution: Attribution) -> Iterator[Span]:
    """The content sentence by sentence, each cut where a new clause with its own subject and verb begins."""
    if (
        attribution.inside is not None
        and attribution.source is not None
        and attribution.lemma in lists().reporter | {"committed", "look forward", "ready", "willing"}
    ):
        yield attribution.source.start, attribution.content[-1][1]  # "Lee said Marsh plans to …": the plan is the claim
        return
    for start, end in attribution.content:
        sentences = analysis.inside(start, end)
        if not sentences:
            yield start, end
        for s in sentences:
            first = next((k for k in range(len(s)) if s.starts[k] >= start), 0)
            last = next((k for k in range(len(s) - 1, -1, -1) if s.ends[k] <= end), len(s) - 1) + 1
            if analysis.text[s.ends[last - 1] - 1] == "?":
                continue
            speech = attribution.delivery == "direct" and not attribution.quoted
            if speech and not any(tag in "XMVCKe" for tag in s.tags[first:last]):
                continue  # "Mr President, colleagues."
            for a, b in _split(s, _without_opening(s, first, last), last):
                yield s.starts[a], s.ends[b - 1]


def _without_opening(s: Sentence, first: int, last: int) -> int:
    """Behind a connective: "However, …", "In this context, …", "And …"."""
    if s.tags[first] in "cb" and last - first > _MIN_WORDS:
        return first + 1
    comma = s.tags.find(",", first, min(last, first + 5))
    words = s.lowered[first:comma] if comma > first else []
    if words and words[-1] in lists().connectives and words[0] in lists().connectives | {"in", "of", "at"}:
        return comma + 1
    return first


def _split(s: Sentence, first: int, last: int) -> Iterator[tuple[int, int]]:
    tags = s.tags
    begin = first
    for at in range(first + 2, last - 2):
        joint = tags[at] in "cb" or (s.lowered[at] == "so" and tags[at - 1] == ",")
        cut = tags[at] == ";" or (joint and _new_clause(s, at, begin, last))
        if cut and any(tag in "XMVC" for tag in tags[begin:at]):
            yield begin, at - (tags[at - 1] == ",")
            begin = at + 1
    yield begin, last


def _new_clause(s: Sentence, joint: int, begin: int, last: int) -> bool:
    """Whether a clause starts behind the conjunction: a subject with its verb, or a verb that shares a subject."""
    tags = s.tags
    comma = tags[joint - 1] == ","
    at = joint + 1
    while at < last and tags[at] in "R,":
        at += 1
    if at >= last:
        return False
    then = tags[at + 1 : at + 2]
    if tags[at] in "XM" or (tags[at] in "VC" and s.lowered[at].endswith("s") and then in tuple("DSmNITPoQUR")):
        return True
    if tags[at] == "C" and tags[begin] == "P" and then in tuple("DSmNITPo#U"):
        return True  # "We support X and reaffirm Y"
    if tags[at] in "gG" and comma:
        return any(tag in "XMVC" for tag in tags[at:last])  # "…, and increasing trade holds promise"
    if tags[joint] == "b" and comma:
        return any(tag in "XMV" for tag in tags[at:last])
    phrase = phrases.after(s, at, last)
    if phrase is None or not (comma or tags[at] in "PD" or tags[joint] == "B"):
        return False
    end = phrase.end
    while end < last and tags[end] in "R":
        end += 1
    return end < last and (tags[end] in "XM" or (tags[end] in "VC" and tags[at] in "P"))


def kind(lemma: str, words: list[str], cast: Cast, speaker: int) -> ClaimKind:
    """From the cue where it says so, else from the words of the content."""
    known = lists()
    by_cue = known.kinds.get(lemma)
    if by_cue in ("demand", "intention", "prediction"):
        return by_cue
    found = set(words)
    party = (cast.party(speaker) or "").split()[:1]
    own = {part.lower() for part in (*party, *cast.people[speaker].name.split()[-1:])}
    first = not known.first.isdisjoint(words[:2]) or not own.isdisjoint(words[:_HEAD])
    if not known.support_nouns.isdisjoint(words[:2]):
        return "opinion"  # "the importance of what will be done"
    if "would" in found and found & {"have", "'ve", "would've"}:
        return "opinion"  # what did not happen
    if found & known.future and "if" not in found:
        return "intention" if first or cast.people[speaker].kind == "document" else "prediction"
    if not known.intention.isdisjoint(words[: 2 * _HEAD] if first else words[:_HEAD]):
        return "intention"
    if words[0] in known.possessive and not known.intention_nouns.isdisjoint(words[1:_HEAD]):
        return "intention"
    if any(word in known.intention_to and then == "to" for word, then in pairwise(words)):
        return "intention"
    if found & known.demand:
        return "opinion" if first else "demand"
    if by_cue == "opinion" or found & known.opinion:
        return "opinion"
    return "fact"
