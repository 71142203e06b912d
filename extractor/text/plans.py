"""Plans: what somebody is to do after the article's date, in the words of the article.

Found by trigger words (words/plans.toml) over the light grammar of the attribution package: "X will ...", "X plans to
...", "X is scheduled to ...", "is committed to ...ing", "talks are under way to ...", and nominal ones such as "the
launching of X in August". Agent-driven: a forecast about weather or prices is no plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from extractor.text import lexicon
from extractor.text.attribution import phrases
from extractor.text.attribution.analysis import Analysis, analyse
from extractor.text.attribution.boundaries import clause_end
from extractor.text.attribution.lexis import forms, lexis
from extractor.text.attribution.naming import names
from extractor.text.attribution.phrases import Phrase
from extractor.text.attribution.sentences import Sentence
from extractor.text.attribution.subjects import subject_of
from extractor.text.dates import DateSpan, find_dates, resolve

Span = tuple[int, int]
Firmness = Literal["agreed", "pledged", "scheduled", "planned", "considered", "hoped"]

_BE = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "'s",
        "'re",
        "'m",
        "’s",
        "’re",
        "’m",
        "remain",
        "remains",
        "remained",
        "stand",
        "stands",
        "stood",
    ]
)
_PAST_BE = frozenset(("was", "were", "had", "been", "remained", "stood"))
_CONDITIONS = frozenset(("if", "unless", "provided"))
_DATE_PREPOSITIONS = frozenset(
    (
        "on",
        "in",
        "by",
        "from",
        "until",
        "before",
        "after",
        "during",
        "over",
        "within",
        "since",
        "at",
        "for",
        "later",
        "through",
        "of",
        "between",
        "as",
    )
)
_PLURAL_PRONOUNS = frozenset(("they", "we", "both"))
_FUTURE_LABELS = ("agreed", "pledged", "scheduled", "planned", "considered", "hoped")


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan. Spans are code points, end exclusive.

    `start:end` is the whole telling. `actor` is where the subject stands, None where the sentence names none. `action`
    is an infinitive phrase without "to", built from the text's words. `trigger` holds the words that make it a plan.
    `condition` and `when` are spans of the text; `negated` says that the plan is not to do it.
    """

    start: int
    end: int
    actor: Span | None
    action: str
    firmness: Firmness
    trigger: Span
    condition: Span | None
    when: Span | None
    negated: bool


@dataclass(frozen=True, slots=True)
class _Words:
    modals: frozenset[str]
    infinitive: dict[str, Firmness]
    participle: dict[str, Firmness]
    gerund: dict[str, tuple[tuple[tuple[str, ...], Firmness], ...]]
    state: dict[str, tuple[tuple[tuple[str, ...], Firmness], ...]]
    nouns: dict[str, Firmness]
    event_verbs: frozenset[str]
    agenda: frozenset[str]
    event_nouns: frozenset[str]
    upcoming: frozenset[str]
    forecast: frozenset[str]
    bases: dict[str, str]


@cache
def _words() -> _Words:
    lists = lexicon.load("plans")
    irregular: dict[str, list[str]] = lexicon.load("cues")["irregular"]
    infinitive: dict[str, Firmness] = {}
    for firmness in _FUTURE_LABELS:
        for lemma in lists["infinitive"].get(firmness, "").split():
            infinitive.update(dict.fromkeys(forms(lemma, irregular), firmness))
    for past in ("chose", "chosen", "sought", "swore", "meant", "undertook"):
        infinitive[past] = infinitive.get(past, "planned")
    plain = {
        key: {word: f for f in _FUTURE_LABELS for word in lists[key].get(f, "").split()}
        for key in ("participle", "nouns")
    }
    multi: dict[str, dict[str, tuple[tuple[tuple[str, ...], Firmness], ...]]] = {}
    for key in ("gerund", "state"):
        grouped: dict[str, list[tuple[tuple[str, ...], Firmness]]] = {}
        for firmness in _FUTURE_LABELS:
            for phrase in filter(None, (part.strip() for part in lists[key].get(firmness, "").split(","))):
                first, *rest = phrase.split()
                grouped.setdefault(first, []).append((tuple(rest), firmness))
        multi[key] = {first: tuple(found) for first, found in grouped.items()}
    return _Words(
        frozenset(lists["modals"].split()),
        infinitive,
        plain["participle"],
        multi["gerund"],
        multi["state"],
        plain["nouns"],
        frozenset(lists["events"]["verbs"].split()),
        frozenset(lists["events"]["agenda"].split()),
        frozenset(lists["events"]["nouns"].split()),
        frozenset(lists["events"]["upcoming"].split()),
        frozenset(lists["forecast"]["verbs"].split()),
        _bases(lists, irregular),
    )


def _bases(lists: dict[str, dict[str, str]], irregular: dict[str, list[str]]) -> dict[str, str]:
    """Every known form of a verb with its base form."""
    lemmas = (
        set(lists["events"]["verbs"].split())
        | set(lists["forecast"]["verbs"].split())
        | set(lexicon.load("grammar")["forms"]["bases"].split())
    )
    lemmas |= {entry.lemma for found in lexis().verbs.values() for entry in found if not entry.rest}
    return {form: lemma for lemma in sorted(lemmas) for form in forms(lemma, irregular)}


def find_plans(text: str, published: dt.date | None = None) -> list[Plan]:
    """The plans of an article in order. With `published`, those whose date had passed by then are left out."""
    return list(plans_of(analyse(text), published))


def plans_of(analysis: Analysis, published: dt.date | None = None) -> Iterator[Plan]:
    """The plans of an article that has been analysed."""
    text = analysis.whole.text
    dates = find_dates(text)
    at = 0
    inherited: Span | None = None
    paragraph = -1
    every = sorted((*analysis.whole.sentences, *analysis.whole.inner), key=lambda s: s.starts[0])
    for s in every:
        if s.level == 0 and s.paragraph != paragraph:
            paragraph, inherited = s.paragraph, None
        while at < len(dates) and dates[at].end <= s.starts[0]:
            at += 1
        near = []
        ahead = at
        while ahead < len(dates) and dates[ahead].start < s.ends[-1]:
            near.append(dates[ahead])
            ahead += 1
        for plan in _in_sentence(s, text, near):
            plan = _within(plan, analysis)
            when = plan.when
            if (
                when is None
                and plan.firmness in ("scheduled", "planned", "hoped")
                and plan.action.split()[0] in _words().agenda
            ):
                when = inherited
            elif when is not None:
                if _is_past(text, when, published):
                    continue
                inherited = when
            yield plan if when == plan.when else _dated(plan, when)


def _within(plan: Plan, analysis: Analysis) -> Plan:
    """The plan cut at the end of the reported words that it stands in: "…, the minister said on Tuesday" is no part of it."""
    around = analysis.around(plan.trigger[0])
    end = (
        next((stop for start, stop in around.content if start <= plan.trigger[0] < stop), plan.end)
        if around is not None
        else plan.end
    )
    if end >= plan.end or end <= plan.trigger[1]:
        return plan
    text = analysis.whole.text
    lost = " ".join(text[end : plan.end].split())
    when = plan.when if plan.when is None or plan.when[1] <= end else None
    cut = plan.action.removesuffix(lost) if plan.when == when else plan.action.split(lost[:20])[0]
    return replace(plan, end=end, when=when, action=_tidy(cut))


def _dated(plan: Plan, when: Span | None) -> Plan:
    return replace(plan, when=when)


def _is_past(text: str, when: Span, published: dt.date | None) -> bool:
    if published is None:
        return False
    found = resolve(text[when[0] : when[1]], published, tense="future")
    return found is not None and found.latest is not None and found.latest < published


def _in_sentence(s: Sentence, text: str, dates: list[DateSpan]) -> Iterator[Plan]:
    tags = s.tags
    words = _words()
    taken = -1
    for index in range(len(tags)):
        if index < taken:
            continue
        lower = s.lower(index)
        tag = tags[index]
        found: list[tuple[int, int, Firmness, Phrase | None, int]] = []  # trigger start, verb, firmness, actor, start
        if tag == "M" and lower in words.modals:
            found = _modal(s, index, words)
        elif tag == "M" and lower in ("would", "'d"):
            found = _reported(s, index, words)
        elif lower in words.infinitive and tags[index + 1 : index + 2] in ("T",) and tag in "CVKENe":
            found = _infinitive(s, index, words.infinitive[lower], words)
        elif lower in words.participle and tags[index + 1 : index + 2] == "T" and _be_before(s, index):
            found = _infinitive(s, index, words.participle[lower], words)
        elif tag == "X" and lower in ("is", "are") and tags[index + 1 : index + 2] == "T":
            found = _infinitive(s, index, "scheduled", words)
        elif lower in words.nouns and tags[index + 1 : index + 2] == "T" and tag in "NKC":
            found = _noun(s, index, words.nouns[lower])
        for trigger, verb, firmness, actor, start in found:
            plan = _plan(s, text, dates, trigger, verb, firmness, actor, start)
            if plan is not None:
                taken = verb
                yield plan
        if not found:
            plan = (
                _gerund(s, text, dates, index, lower, words)
                or _state(s, text, dates, index, lower, words)
                or _nominal(s, text, dates, index, lower, words)
            )
            if plan is not None:
                yield plan


def _be_before(s: Sentence, index: int) -> bool:
    at = index - 1
    while at >= 0 and s.tags[at] in "RXM":
        if s.lower(at) in _BE:
            return True
        at -= 1
    return at >= 0 and s.lower(at) in _BE


def _group_start(s: Sentence, index: int) -> int:
    start = index
    while start > 0 and (s.tags[start - 1] in "XMR" or s.lower(start - 1) in _BE) and s.tags[start - 1] != "N":
        start -= 1
    return start


def _subject(s: Sentence, start: int) -> Phrase | None:
    subject, _ = subject_of(s, start)
    return subject


def _agent(s: Sentence, phrase: Phrase | None) -> bool:
    """Whether a subject can act: a person, a body, a group."""
    if phrase is None:
        return False
    tag, head = s.tags[phrase.head], s.lower(phrase.head)
    if tag in "wt":
        return True
    if tag == "P":
        return head not in ("it", "there", "this", "that", "something", "nothing", "anything", "everything")
    if tag == "m":
        return True
    lists = names()
    return tag in "NK#" and (
        head in lists.person
        or head in lists.group
        or head in lists.organization
        or head in lists.unnamed
        or head in lists.titles
        or head in lists.media
    )


def _modal(s: Sentence, index: int, words: _Words) -> list[tuple[int, int, Firmness, Phrase | None, int]]:
    """ "X will ...", and what is coordinated with it: "will meet X and sign Y"."""
    tags = s.tags
    verb = index + 1
    while verb < len(tags) and tags[verb] in "R":
        verb += 1
    if verb >= len(tags):
        return []
    subject = _subject(s, _group_start(s, index))
    if s.lower(verb) == "be" and verb + 1 < len(tags):
        following = s.lower(verb + 1)
        if following in words.participle and tags[verb + 2 : verb + 3] == "T":
            return []
        if tags[verb + 1] in "eECV" and s.lower(verb + 1) not in ("able",):
            return [
                (
                    index,
                    verb + 1,
                    "scheduled" if subject is not None and s.level == 0 else "pledged",
                    subject,
                    _start(s, subject, index),
                )
            ]
        return []
    if not _agent(s, subject):
        if (
            subject is not None
            and s.lower(verb) in ("take", "begin", "start", "open", "continue")
            and s.tags[subject.head] in "NKm"
        ):
            return [(index, verb, "scheduled", subject, _start(s, subject, index))]
        return []
    lemma = s.lower(verb)
    own = s.tags[subject.head] == "P" and s.lower(subject.head) in ("i", "we") if subject is not None else False
    if lemma in words.forecast and not own and lemma not in words.event_verbs:
        return []
    if own and lemma in ("be", "see", "find", "know", "need", "like", "think", "lose", "have"):
        return []
    firmness: Firmness = "scheduled" if lemma in words.event_verbs and s.level == 0 else "pledged"
    found: list[tuple[int, int, Firmness, Phrase | None, int]] = [
        (index, verb, firmness, subject, _start(s, subject, index))
    ]
    for at in range(verb + 1, len(tags) - 1):
        if tags[at] == "c" and _starts_verb(s, at + 1):
            second = at + 1
            while tags[second] in "RM":
                second += 1
            found.append((at, second, firmness, subject, at + 1))
    return found


def _starts_verb(s: Sentence, at: int) -> bool:
    while at < len(s) and s.tags[at] in "RM":
        at += 1
    if at >= len(s) - 1 or s.tags[at] not in "VCK":
        return False
    lower = s.lower(at)
    return _words().bases.get(lower) == lower and s.tags[at + 1] in "DSmNITPO#RQUC"


def _reported(s: Sentence, index: int, words: _Words) -> list[tuple[int, int, Firmness, Phrase | None, int]]:
    """ "said X would ...": the future seen from the past."""
    subject = _subject(s, _group_start(s, index))
    if subject is None or not _agent(s, subject):
        return []
    verb = index + 1
    while verb < len(s) and s.tags[verb] in "R":
        verb += 1
    if verb >= len(s) or s.lower(verb) in ("like", "have", "be", "love") or s.lower(verb) in words.forecast:
        return []
    before = s.tags[: subject.start]
    if not any(tag in "CG" for tag in before[-6:]) or "if" in {s.lower(k) for k in range(len(s))}:
        return []
    return [(index, verb, "pledged", subject, _start(s, subject, index))]


def _infinitive(
    s: Sentence, index: int, firmness: Firmness, words: _Words
) -> list[tuple[int, int, Firmness, Phrase | None, int]]:
    """ "X plans to ...", "X is expected to ..."."""
    tags = s.tags
    verb = index + 2
    while verb < len(tags) and tags[verb] in "R":
        verb += 1
    start = _group_start(s, index)
    if verb >= len(tags) or (tags[start - 1 : start] and tags[start - 1] in "T" and start > 1):
        start = max(start - 1, 0)
    subject = _subject(s, start)
    if verb >= len(tags) or subject is None:
        return []
    lower = s.lower(index)
    if lower in (
        "look",
        "looks",
        "looked",
        "try",
        "tried",
        "tries",
        "like",
        "likes",
        "liked",
        "means",
        "meant",
        "seem",
        "set",
    ) and not (lower == "set" and _be_before(s, index)):
        if lower not in ("like",) or not any(s.lower(k) in ("would", "'d", "’d") for k in range(start, index)):
            return []
    if not _agent(s, subject) and firmness not in ("scheduled", "planned"):
        if lower not in ("expected",):
            return []
    if lower.startswith("agree") and _joint(s, subject):
        firmness = "agreed"
    return [(start, verb, firmness, subject, _start(s, subject, start))]


def _joint(s: Sentence, subject: Phrase) -> bool:
    head = s.lower(subject.head)
    if head in _PLURAL_PRONOUNS or head in (
        "sides",
        "parties",
        "leaders",
        "presidents",
        "ministers",
        "countries",
        "states",
        "nations",
        "governments",
        "participants",
        "members",
    ):
        return True
    return "c" in s.tags[subject.start : subject.end]


def _noun(s: Sentence, index: int, firmness: Firmness) -> list[tuple[int, int, Firmness, Phrase | None, int]]:
    """ "Russia's plan to ...", "talks are under way to ...", "the agreement to ..."."""
    tags = s.tags
    verb = index + 2
    while verb < len(tags) and tags[verb] in "R":
        verb += 1
    if verb >= len(tags) or tags[verb] not in "VCKNEe":
        return []
    start = index
    while start > 0 and tags[start - 1] in "NeEgGJRK":
        start -= 1
    actor: Phrase | None = None
    if start > 0 and tags[start - 1] == "S":
        actor = Phrase(start - 1, start, start - 1, start)
        start -= 1
    elif start > 0 and tags[start - 1] == "'":
        chunk = phrases.chunk_ending(s, start - 1)
        if chunk is not None:
            actor = Phrase(chunk[0], start, chunk[0], start - 1)
            start = chunk[0]
    elif start > 0 and tags[start - 1] == "D":
        start -= 1
        actor = _clause_subject(s, start)
    return [(start, verb, firmness, actor, start)]


def _clause_subject(s: Sentence, index: int) -> Phrase | None:
    """The subject of the verb before a noun: "Lee announced a plan to ..."."""
    tags = s.tags
    at = index
    while at > 0 and tags[at - 1] in "eVCKERD":
        at -= 1
    return _subject(s, at) if 0 < at < index else None


def _start(s: Sentence, subject: Phrase | None, index: int) -> int:
    return subject.start if subject is not None and subject.start < index else index


def _plan(
    s: Sentence,
    text: str,
    dates: list[DateSpan],
    trigger: int,
    verb: int,
    firmness: Firmness,
    actor: Phrase | None,
    start: int,
) -> Plan | None:
    end = _end(s, verb, split=True)
    if end <= verb:
        return None
    negated = any(s.lower(k) in ("not", "never", "n't", "won't", "refuses", "refused") for k in range(start, verb))
    passive = s.tags[verb] in "eE" or (s.lower(verb - 1) == "be" and s.tags[verb] in "CV")
    when = _when(s, text, dates, s.starts[verb], s.ends[end - 1], whole=s.tags[trigger] != "c")
    if passive and actor is not None:
        subject = text[s.starts[actor.start] : s.ends[actor.end - 1]].rstrip(" ,")
        action = f"{_base(s.lower(verb))} {_lower_first(s, actor, subject)}{_rest(s, text, verb + 1, end, when)}"
        doer = _agent_by(s, verb, end)
    else:
        action = f"{_base(s.lower(verb))}{_rest(s, text, verb + 1, end, when)}"
        doer = actor
    first = s.starts[start]
    if when is not None and when[1] <= s.starts[start] and not text[when[1] : s.starts[start]].strip(" ,"):
        first = when[0]
    actor_span = None if doer is None else (s.starts[doer.start], s.ends[doer.end - 1])
    return Plan(
        first,
        s.ends[end - 1],
        actor_span,
        _tidy(action),
        firmness,
        (s.starts[trigger], s.ends[verb - 1]),
        _condition(s, verb, end),
        when,
        negated,
    )


def _end(s: Sentence, verb: int, split: bool) -> int:
    """Where a plan that starts with `verb` ends: its clause, or the next verb that shares the subject."""
    end = clause_end(s, verb, narrow=False)
    for at in range(verb + 1, end):
        if split and s.tags[at] == "c" and _starts_verb(s, at + 1):
            end = at
            break
        if s.tags[at] == "," and s.tags[at + 1 : at + 2] in ("P", "D", "m", "w") and _finite_soon(s, at + 1):
            end = at
            break
    while end > verb and s.tags[end - 1] in ",;:-c":
        end -= 1
    return end


def _finite_soon(s: Sentence, at: int) -> bool:
    phrase = phrases.after(s, at)
    return (phrase is not None and phrase.end < len(s) and s.tags[phrase.end] in "XMC") or (
        s.tags[at] == "w" and s.tags[at + 1 : at + 2] in ("X", "M", "V", "C")
    )


def _agent_by(s: Sentence, verb: int, end: int) -> Phrase | None:
    if verb + 1 < end and s.lower(verb + 1) == "by":
        return phrases.after(s, verb + 2)
    return None


def _condition(s: Sentence, verb: int, end: int) -> Span | None:
    """ "if parliament approves": before or behind the verb."""
    for at in range(len(s)):
        if s.lower(at) in _CONDITIONS and s.tags[at] in "BqNeE":
            stop = at
            while stop < len(s) and s.tags[stop] not in ",.;:?":
                stop += 1
            if stop - at > 2 and (at >= verb or stop <= verb):
                return s.starts[at], s.ends[stop - 1]
    return None


def _when(s: Sentence, text: str, dates: list[DateSpan], start: int, end: int, whole: bool) -> Span | None:
    """The date expression of a clause: inside it, else at the beginning of the sentence."""
    inside = [date for date in dates if start <= date.start and date.end <= end + 1]
    if inside:
        return _with_preposition(text, inside[0])
    if whole:
        opening = [date for date in dates if date.end <= start and date.start - s.starts[0] <= 12]
        if opening:
            return _with_preposition(text, opening[0])
        for date in dates:
            if s.starts[0] <= date.start and date.end <= s.ends[-1] and date.end <= start:
                return _with_preposition(text, date)
    return None


def _with_preposition(text: str, date: DateSpan) -> Span:
    head = text[max(0, date.start - 12) : date.start].rstrip()
    word = head.rsplit(None, 1)[-1] if head else ""
    if word.lower() in _DATE_PREPOSITIONS and word.lower() not in ("of", "for", "at", "as"):
        return date.start - (len(text[max(0, date.start - 12) : date.start]) - len(head)) - len(word), date.end
    return date.start, date.end


def _rest(s: Sentence, text: str, first: int, end: int, when: Span | None) -> str:
    """The text behind the verb without its date."""
    if first >= end:
        return ""
    start, stop = s.ends[first - 1], s.ends[end - 1]
    if when is not None and start <= when[0] and when[1] <= stop:
        return text[start : when[0]].rstrip(" ,") + text[when[1] : stop]
    return text[start:stop]


def _lower_first(s: Sentence, phrase: Phrase, words: str) -> str:
    return words if s.tags[phrase.start] == "m" else words[:1].lower() + words[1:]


def _tidy(action: str) -> str:
    return " ".join(action.split()).strip(" ,;:")


def _base(word: str) -> str:
    """The base form of a verb: known ones by list, others by spelling."""
    known = _words().bases.get(word)
    if known is not None:
        return known
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) > len(suffix) + 2:
            stem = word[: -len(suffix)]
            if stem.endswith("i") and suffix == "ed":
                return stem[:-1] + "y"
            if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] in "bdgmnprt":
                return stem[:-1]
            if stem.endswith(
                ("at", "iz", "is", "v", "c", "uc", "ur", "ag", "dg", "us", "ut", "id", "rg", "bl", "pl", "tl")
            ) and not stem.endswith(("ss", "eat", "ait")):
                return stem + "e"
            return stem
    return word


def _multi(
    s: Sentence, index: int, entries: dict[str, tuple[tuple[tuple[str, ...], Firmness], ...]]
) -> tuple[int, Firmness] | None:
    for rest, firmness in entries.get(s.lower(index), ()):
        stop = index + 1 + len(rest)
        if tuple(s.lower(k) for k in range(index + 1, min(len(s), stop))) == rest:
            return stop, firmness
    return None


def _gerund(s: Sentence, text: str, dates: list[DateSpan], index: int, lower: str, words: _Words) -> Plan | None:
    """ "is considering cutting ...", "reaffirmed their commitment to strengthening ..."."""
    if lower not in words.gerund:
        return None
    found = _multi(s, index, words.gerund)
    if found is None or found[0] >= len(s) or s.tags[found[0]] not in "gG":
        return None
    verb, firmness = found
    start = _group_start(s, index)
    subject = _subject(s, start) if s.tags[index] not in "NK" else None
    if s.tags[index] in "NK":
        if index > 0 and s.tags[index - 1] == "S":
            subject = Phrase(index - 1, index, index - 1, index)
            governor = _clause_subject(s, index - 1)
            start = governor.start if governor is not None else index - 1
        else:
            subject = _clause_subject(s, index)
            start = subject.start if subject is not None else index
    if subject is None or (s.tags[index] not in "NK" and not _agent(s, subject)):
        return None
    return _plan(s, text, dates, index, verb, firmness, subject, min(start, subject.start))


def _state(s: Sentence, text: str, dates: list[DateSpan], index: int, lower: str, words: _Words) -> Plan | None:
    """ "The modernisation of X is being considered", "talks are under way to launch X"."""
    if lower not in words.state:
        return None
    found = _multi(s, index, words.state)
    if found is None:
        return None
    at = index - 1
    while at >= 0 and s.tags[at] in "RX":
        at -= 1
    group = [s.lower(k) for k in range(at + 1, index)]
    if not group or not any(word in ("is", "are", "being", "'s") for word in group) or _PAST_BE & set(group):
        return None
    stop, firmness = found
    if (
        lower in ("considered", "discussed", "studied", "negotiated", "explored", "examined", "reviewed", "weighed")
        and "being" not in group
        and "currently" not in group
        and "now" not in group
    ):
        return None
    subject = _subject(s, at + 1)
    if subject is None:
        return None
    to = next(
        (
            k
            for k in range(stop, min(len(s), stop + 12))
            if s.tags[k] == "T" and s.tags[k + 1 : k + 2] and s.tags[k + 1] in "VCKN"
        ),
        None,
    )
    if to is not None:
        end = _end(s, to + 1, split=False)
        action = f"{_base(s.lower(to + 1))}{_rest(s, text, to + 2, end, None)}"
        return _simple(s, text, dates, subject.start, end, index, action, firmness)
    lowered = s.lower(subject.head)
    action = _nominal_action(s, text, subject)
    if action is None or lowered in ("talks", "negotiations"):
        return None
    return _simple(s, text, dates, subject.start, stop, index, action, firmness)


def _simple(
    s: Sentence, text: str, dates: list[DateSpan], start: int, end: int, trigger: int, action: str, firmness: Firmness
) -> Plan:
    when = _when(s, text, dates, s.starts[start], s.ends[end - 1], whole=False)
    if when is not None:
        action = action.replace(text[when[0] : when[1]], " ")
    return Plan(
        s.starts[start],
        s.ends[end - 1],
        None,
        _tidy(action),
        firmness,
        (s.starts[trigger], s.ends[trigger]),
        None,
        when,
        False,
    )


def _nominal(s: Sentence, text: str, dates: list[DateSpan], index: int, lower: str, words: _Words) -> Plan | None:
    """ "the launching of a train in August 2025", "the upcoming summit in Tianjin later this August"."""
    tags = s.tags
    if lower in words.upcoming and tags[index + 1 : index + 2] and tags[index + 1] in "NmK":
        phrase = phrases.after(s, index + 1)
        if phrase is None:
            return None
        start = index - (index > 0 and tags[index - 1] in "DS")
        date = next(
            (
                one
                for one in dates
                if s.starts[index] <= one.start and one.end <= s.ends[-1] and one.start - s.ends[phrase.end - 1] < 40
            ),
            None,
        )
        end = phrase.end
        if date is not None:
            end = max(end, next((k + 1 for k in range(len(s) - 1, -1, -1) if s.ends[k] <= date.end), end))
        action = "hold the " + text[s.starts[index + 1] : s.ends[phrase.end - 1]]
        return _simple(s, text, dates, start, end, index, action, "scheduled")
    if lower not in words.event_nouns or tags[index] not in "NgGKC" or tags[index + 1 : index + 2] != "o" or not dates:
        return None
    if index == 0 or tags[index - 1] not in "DSNA'":
        return None
    phrase = phrases.after(s, index + 2)
    if phrase is None:
        return None
    date = next(
        (
            one
            for one in dates
            if one.start >= s.starts[index] and one.start - s.ends[phrase.end - 1] < 30 and one.end <= s.ends[-1]
        ),
        None,
    )
    if date is None:
        return None
    end = next((k + 1 for k in range(len(s) - 1, -1, -1) if s.ends[k] <= date.end), phrase.end)
    start = index - (tags[index - 1] in "DS")
    action = f"{_verb_of(lower)}{text[s.ends[index + 1] : date.start]}"
    when = _with_preposition(text, date)
    action = f"{_verb_of(lower)}{text[s.ends[index + 1] : when[0]]}"
    return Plan(
        s.starts[start],
        s.ends[end - 1],
        None,
        _tidy(action),
        "scheduled",
        (s.starts[index], s.ends[index]),
        None,
        when,
        False,
    )


def _nominal_action(s: Sentence, text: str, phrase: Phrase) -> str | None:
    """ "the modernisation of the line" as "modernise the line"."""
    head = phrase.head
    if s.tags[head + 1 : head + 2] != "o":
        return None
    verb = _verb_of(s.lower(head))
    return f"{verb}{text[s.ends[head + 1] : s.ends[phrase.end - 1]]}"


def _verb_of(noun: str) -> str:
    """The verb of an action noun, where spelling shows it; else "hold the ..."."""
    if noun.endswith("ing") and len(noun) > 5:
        return _base(noun)
    for suffix, ending in (
        ("isation", "ise"),
        ("ization", "ize"),
        ("ication", "icate"),
        ("uction", "uct"),
        ("ation", "ate"),
        ("ment", ""),
        ("al", ""),
        ("ery", "er"),
    ):
        if noun.endswith(suffix) and len(noun) > len(suffix) + 3:
            return noun[: -len(suffix)] + ending
    if noun in ("launch", "vote", "release", "visit", "transfer", "debate"):
        return noun
    return f"hold the {noun} of"
