"""Claims: the contents of attributions, cut into clauses that could be true or false on their own."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.schema.reading import ClaimKind, ClaimRead
from extractor.text.attribution import phrases
from extractor.text.attribution.analysis import Analysis
from extractor.text.attribution.model import Attribution
from extractor.text.attribution.sentences import Sentence
from extractor.text.rules_reading.wording import Cast, Item, lists, statement, trim, words_of

Span = tuple[int, int]

_COURTESY = frozenset(("thank", "thanks", "congratulate", "congratulations", "welcome", "condolences", "greetings"))
_CONNECTIVES = frozenset(
    [
        "however",
        "moreover",
        "furthermore",
        "nevertheless",
        "meanwhile",
        "therefore",
        "thus",
        "besides",
        "also",
        "finally",
        "and",
        "but",
        "so",
        "then",
    ]
)
_MIN_WORDS = 3


def read_claims(analysis: Analysis, cast: Cast) -> list[Item]:
    """The claims of an article. The same words attributed twice (headline and first paragraph) are one claim."""
    items: list[Item] = []
    seen: set[tuple[int | None, str]] = set()
    replaced = _replaced(analysis, cast)
    for index, attribution in enumerate(analysis.attributions):
        if index in replaced or not _claims(analysis, attribution):
            continue
        speaker = cast.of(attribution.source)
        if speaker is None:
            continue
        via = tuple(one for relay in attribution.via if (one := cast.of(relay)) is not None and one != speaker)
        text = analysis.whole.text
        cue = text[slice(*attribution.cue)].rstrip(":") if attribution.cue is not None else None
        for position, (start, end) in enumerate(_clauses(analysis, attribution)):
            start, end = trim(text, start, end)
            quote = text[start:end]
            words = words_of(quote)
            if len(words) < _MIN_WORDS or (words[0] in _COURTESY) or (speaker, quote.lower()) in seen:
                continue
            seen.add((speaker, quote.lower()))
            own_cue = cue if position == 0 or attribution.delivery == "indirect" else None
            claim = ClaimRead(
                quote=quote,
                cue=own_cue or None,
                speaker="",
                via=[],
                statement=statement(quote, cast, speaker, cue_past=True),
                delivery=_delivery(analysis, start, end, attribution),
                kind=kind(attribution.lemma, words, cast, speaker),
            )
            items.append(Item(start, claim, speaker, via))
    return items


def _claims(analysis: Analysis, attribution: Attribution) -> bool:
    """Whether an attribution makes a claim: what is only judged, discussed or wanted does not."""
    silent = lists().silent
    if attribution.cue is None or attribution.lemma in ("", ":"):
        return True
    if attribution.lemma not in silent:
        return attribution.rule != "noun"
    text = analysis.whole.text
    start = attribution.content[0][0]
    between = text[attribution.cue[1] : start].split()
    return (
        attribution.delivery == "direct" and attribution.inside is None and text[start] in "“\"‘'" and len(between) < 12
    ) or between[-1:] == ["that"]


def _replaced(analysis: Analysis, cast: Cast) -> set[int]:
    """Attributions whose content is as a whole another attribution: "the ministry said Lee stressed that …" is Lee's claim.

    Not so where the inner source is the state or body that the outer one speaks for: the envoy's "Russia welcomes" is his own claim.
    """
    replaced: set[int] = set()
    for index, inner in enumerate(analysis.attributions):
        if inner.inside is None or inner.source is None or inner.cue is None:
            continue
        outer = analysis.attributions[inner.inside]
        first, last = outer.content[0][0], outer.content[-1][1]
        begins = min(inner.source.start, inner.cue[0], inner.content[0][0]) - first <= 45
        ends = last - inner.content[-1][1] <= 12
        speaker, relay = cast.of(inner.source), cast.of(outer.source)
        if speaker is None or relay is None:
            continue
        own = (
            cast.people[speaker].name in (cast.people[relay].affiliation, cast.party(relay))
            or cast.people[speaker].kind == "group"
        )
        first_person = inner.source.end - inner.source.start <= 2 or inner.source.name in ("we", "We")
        thinks = inner.rule in ("adjective",) or inner.lemma in lists().silent
        if own or first_person or not _claims(analysis, inner) or (thinks and speaker == relay):
            if inner.inside is not None and not (
                begins and ends and _claims(analysis, inner) and not own and not first_person
            ):
                replaced.add(index)
            continue
        if begins and ends:
            replaced.add(inner.inside)
        elif speaker == relay or (
            analysis.attributions[inner.inside].delivery == "direct" and inner.rule in ("participle", "noun")
        ):
            replaced.add(index)
    return replaced


def _delivery(analysis: Analysis, start: int, end: int, attribution: Attribution) -> str:
    if attribution.lemma == ":" or attribution.delivery == "direct":
        return "direct"
    inside = analysis.quoted_part(start, end)
    if inside >= 0.9 * (end - start):
        return "direct"
    return "mixed" if inside and attribution.delivery == "mixed" else "indirect"


def _clauses(analysis: Analysis, attribution: Attribution) -> Iterator[Span]:
    """The content sentence by sentence, each cut where a new clause with its own subject and verb begins."""
    whole = analysis.whole
    for start, end in attribution.content:
        inner = [s for s in analysis.inside(start, end)]
        if not inner:
            yield start, end
            continue
        for s in inner:
            first = next((k for k in range(len(s)) if s.starts[k] >= start), 0)
            last = next((k for k in range(len(s) - 1, -1, -1) if s.ends[k] <= end), len(s) - 1) + 1
            if s.tags[last - 1 : last] == "?" and whole.text[s.ends[last - 1] - 1] == "?":
                continue
            first = _without_opening(s, first, last)
            for a, b in _split(s, first, last):
                yield s.starts[a], s.ends[b - 1]


def _without_opening(s: Sentence, first: int, last: int) -> int:
    """Behind a connective: "However, …", "In this context, …"."""
    comma = s.tags.find(",", first, min(last, first + 5))
    words = [s.lower(k) for k in range(first, comma)] if comma > 0 else []
    if words and (
        words[0] in _CONNECTIVES
        or (
            words[0] == "in"
            and words[-1] in ("context", "addition", "particular", "turn", "regard", "respect", "fact", "short")
        )
    ):
        return comma + 1
    return first


def _split(s: Sentence, first: int, last: int) -> Iterator[tuple[int, int]]:
    tags = s.tags
    begin = first
    for at in range(first + 2, last - 2):
        if tags[at] == ";" or (tags[at] in "cb" and _new_clause(s, at + 1, last)):
            if not any(tag in "XMVC" for tag in tags[begin:at]):
                continue
            yield begin, at - (tags[at - 1] == ",")
            begin = at + 1
    yield begin, last


def _new_clause(s: Sentence, at: int, last: int) -> bool:
    """Whether a subject with a finite verb stands at `at`, or a finite verb that shares the subject before it."""
    tags = s.tags
    while at < last and tags[at] in "R,":
        at += 1
    if at >= last:
        return False
    if tags[at] in "XM" or (
        tags[at] in "VC" and s.lower(at).endswith("s") and at + 1 < last and tags[at + 1] in "DSmNITPoQUR"
    ):
        return True
    if tags[at] == "C" and tags[0] == "P" and at + 1 < last and tags[at + 1] in "DSmNITPo#U":
        return True  # "We support X and reaffirm Y"
    if tags[at] in "gG" and tags[at - 2] == "," and any(tag in "XMV" for tag in tags[at:last]):
        return True  # "…, and increasing trade holds promise"
    phrase = phrases.after(s, at, last)
    if phrase is None or phrase.end >= last:
        return False
    end = phrase.end
    while end < last and tags[end] in "R":
        end += 1
    return end < last and (tags[end] in "XM" or (tags[end] in "VC" and tags[at] in "P"))


def kind(lemma: str, words: list[str], cast: Cast, speaker: int) -> ClaimKind:
    """From the cue where it says so, else from the content."""
    known = lists()
    by_cue = known.kinds.get(lemma)
    found = set(words)
    own = (
        {part.lower() for part in (cast.party(speaker) or "").split()[:1]}
        | {cast.people[speaker].name.split()[-1].lower()}
        if cast.people[speaker].name
        else set()
    )
    head = words[:4]
    first = any(word in known.first for word in head[:2]) or any(word in own for word in head)
    if by_cue in ("demand", "intention", "prediction"):
        return by_cue  # type: ignore[return-value]
    if found & known.future and not found & {"if"}:
        return "intention" if first else "prediction"
    if first and found & {"ready", "committed", "plan", "plans", "intend", "intends", "reaffirm", "want", "going"}:
        return "intention"
    if {"are", "committed"} <= found or {"is", "committed"} <= found:
        return "intention"
    if found & known.demand:
        return "demand" if not first else "opinion"
    if by_cue == "opinion" or found & known.opinion:
        return "opinion"
    return "fact"
