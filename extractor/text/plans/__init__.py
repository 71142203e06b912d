"""Plans: what somebody is to do after the article's date, in the words of the article.

    lists      trigger words (words/plans.toml) and base forms of verbs
    verbs      the verb group around a trigger, its subject, what is coordinated with it
    triggers   verbs and nouns before a verb: "will …", "plans to …", "is scheduled to …", "the intention to …"
    nominal    plans in a noun phrase: "the launching of X in May", "talks are under way to …", "the upcoming summit"
    build      the whole telling: its extent, action, date and condition

Agent-driven: a forecast about weather or prices is no plan. The grammar is that of the attribution package.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import compress, count

from extractor.text.attribution.analysis import Analysis, analyse
from extractor.text.attribution.sentences import Sentence
from extractor.text.dates import DateSpan, resolve
from extractor.text.plans import build, nominal, triggers
from extractor.text.plans.build import Plan
from extractor.text.plans.lists import Firmness, lists, trigger_words

__all__ = ["find_plans", "plans_of", "Plan", "Firmness"]

Span = tuple[int, int]

_NAME_BEFORE_TO = re.compile("m(?=T)")
_MEMORY = 2  # paragraphs over which an agenda keeps the date of its meeting


def find_plans(text: str, published: dt.date | None = None) -> list[Plan]:
    """The plans of an article in order. With `published`, those whose date had passed by then are left out."""
    return list(plans_of(analyse(text), published))


def plans_of(analysis: Analysis, published: dt.date | None = None) -> Iterator[Plan]:
    """The plans of an article that has been analysed."""
    text = analysis.text
    dates = analysis.dates
    every = sorted((*analysis.whole.sentences, *analysis.whole.inner), key=lambda s: s.starts[0])
    at, paragraph = 0, -1
    inherited: Span | None = None  # the last date of a plan: an agenda has the date of its meeting
    for s in every:
        if s.level == 0 and s.paragraph > paragraph + _MEMORY:
            inherited = None
        while at < len(dates) and dates[at].end <= s.starts[0]:
            at += 1
        places = _triggers(s)
        if not places:
            continue
        for plan in _in_sentence(s, text, _near(dates, at, s), places):
            plan = build.cut(plan, text, _content_end(analysis, plan))
            if not plan.action:
                continue
            if plan.when is None and plan.after is not None:
                plan = replace(plan, when=plan.after, anchor=inherited)
            elif plan.when is None and inherited is not None and _on_the_agenda(plan):
                plan = replace(plan, when=inherited)
            elif plan.when is not None:
                if _is_past(text, plan.when, published):
                    continue
                inherited, paragraph = plan.when, s.paragraph
            yield plan


def _near(dates: list[DateSpan], at: int, s: Sentence) -> list[DateSpan]:
    end = at
    while end < len(dates) and dates[end].start < s.ends[-1]:
        end += 1
    return dates[at:end]


def _triggers(s: Sentence) -> list[int]:
    """The words at which there may be a plan."""
    found = list(compress(count(), map(trigger_words().__contains__, s.lowered)))
    if s.paragraph == 0 and s.level == 0 and "mT" in s.tags:  # a headline: "Acme to build a plant"
        found = sorted({*found, *[name.start() for name in _NAME_BEFORE_TO.finditer(s.tags)]})
    return found


def _in_sentence(s: Sentence, text: str, dates: list[DateSpan], places: list[int]) -> Iterator[Plan]:
    taken = last = -1
    for index in places:
        if index < taken:
            continue
        candidates = triggers.at(s, index)
        for candidate in candidates:
            plan = build.build(s, text, dates, candidate)
            if plan is not None:
                taken, last = candidate.verb, plan.end
                yield plan
        if not candidates:
            plan = nominal.at(s, text, dates, index)
            if plan is not None and not (plan.end <= last and s.lowered[index] in lists().event_nouns):
                yield plan  # but not the topic of a plan: "will focus on the modernisation of …"


def _content_end(analysis: Analysis, plan: Plan) -> int:
    """Where the reported words end in which a plan stands: what follows them is the reporter's."""
    around = analysis.around(plan.trigger[0])
    if around is None:
        return plan.end
    return next((end for start, end in around.content if start <= plan.trigger[0] < end), plan.end)


def _on_the_agenda(plan: Plan) -> bool:
    return plan.firmness in ("scheduled", "planned", "hoped") and plan.action.partition(" ")[0] in lists().agenda


def _is_past(text: str, when: Span, published: dt.date | None) -> bool:
    found = resolve(text[slice(*when)], published, tense="future") if published is not None else None
    return found is not None and found.latest is not None and published is not None and found.latest < published
