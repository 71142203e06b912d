"""Deciding by rules what a later item is to an earlier commitment: parties, weighted words, acts, dates and markers.

A rule's confidence is what the two texts have in common, and never more than `SUREST`: word lists cannot read. A link
that rests on the matter alone (a railway between the same two states) is `weak`: threads.py makes it only where there
is no other thread that it could as well belong to.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from extractor.results.ledger.items import Item
from extractor.results.ledger.marks import done, happened, told
from extractor.results.ledger.terms import Content, covered, in_common, lexicon, likeness, specific
from extractor.schema.ledger import Change, DecidedBy, Relation
from extractor.text.dates import find_dates, resolve

ALIKE = 0.42
"""Likeness from which two commitments are the same undertaking."""

FADING = 0.96
"""What is left of a likeness after each year that lies between two tellings."""

VERBATIM = 0.9
"""Share of equal characters, in any order of words, from which two actions are the same words."""

OTHER_NAMES, NOTHING_SPECIFIC, OTHER_ACTS, OTHER_PERSONS, OTHER_PARTNERS = 0.4, 0.6, 0.6, 0.7, 0.7
"""What is left of a likeness where both name other things (another bridge); where no shared word tells which
undertaking is meant; where one is a visit, meeting, signing or vote and the other an act of another kind; where other
persons of a state act; where each has a partner that the other lacks."""

SPELLED_ALIKE = 80
"""Likeness (of 100) from which two names are spellings of one: Zelensky, Zelenskyy."""

TOLD = 0.5
"""Share of a commitment's weight that a claim or report must tell to bear on it."""

SUREST = 0.9
WEAK = 0.5
_RESCHEDULED = 180  # days by which an event can be put off and still be the same one
_REPORTED = 60  # days after an event's last day in which news still tells of it without naming its date
_UNDATED = 200  # days after which an event without a date is another one
_MATTER = 400  # days in which the same matter between the same parties is one


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a later item is to an earlier one. `weak` links need a thread without rivals."""

    relation: Relation
    confidence: float
    because: str
    by: DecidedBy = "rules"
    changes: tuple[Change, ...] = field(default=())
    weak: bool = False


def judge(earlier: Item, later: Item) -> Judgement | None:
    """What a later item is to an earlier commitment; None where it is unrelated."""
    if not _share_actors(earlier, later) or _other_instance(earlier, later):
        return None
    if later.step.kind == "commitment":
        return _telling(earlier, later)
    return _outcome(earlier, later)


def _telling(earlier: Item, later: Item) -> Judgement | None:
    if earlier.step.article.id == later.step.article.id:
        return _continuation(earlier, later)
    alike = _alike(earlier, later)
    if alike < ALIKE:
        return _same_matter(earlier, later)
    confidence = round(min(SUREST, 0.5 + (alike - ALIKE) * 0.8), 2)
    common = f"both are about {_words(earlier, later)}"
    text, before = f"{later.step.text} {later.step.quote.exact}", f"{earlier.step.text} {earlier.step.quote.exact}"
    if (mark := told("abandoned", later.step.text)) and not told("abandoned", before):
        return Judgement("abandoned", confidence, f"{common}, and it says “{mark}”")
    if (mark := told("negated", later.step.text)) and not told("negated", before):
        return Judgement("contradicted", confidence, f"{common}, and it says “{mark}”")
    if frozenset((earlier.content.act, later.content.act)) in lexicon().opposites and not told("negated", text):
        return Judgement("contradicted", round(confidence * 0.8, 2), f"{common}, and the acts undo one another")
    return Judgement("same", confidence, common)


def _alike(earlier: Item, later: Item) -> float:
    one, other = earlier.content, later.content
    spelled = fuzz.token_sort_ratio(earlier.step.text, later.step.text) / 100
    words = spelled if spelled >= VERBATIM else 0.8 * likeness(one, other) + 0.2 * spelled
    parties = len(earlier.parties & later.parties) / (len(earlier.parties | later.parties) or 1)
    alike = words * (0.75 + 0.25 * parties) * _fading(earlier, later)
    if earlier.parties - later.parties and later.parties - earlier.parties:
        alike *= OTHER_PARTNERS
    if _other_names(one, other):
        alike *= OTHER_NAMES
    if spelled < VERBATIM and not specific(one, other):
        alike *= NOTHING_SPECIFIC
    if earlier.persons and later.persons and not earlier.persons & later.persons:
        alike *= OTHER_PERSONS
    if one.acts and other.acts and not one.acts & other.acts and (one.acts | other.acts) & lexicon().events:
        alike *= OTHER_ACTS
    return alike


def _fading(earlier: Item, later: Item) -> float:
    return math.pow(FADING, (_days_between(earlier, later) or 0) / 365)


def _other_names(one: Content, other: Content) -> bool:
    """Whether both name somebody or something, and none of it the same, other spellings of a name allowed."""
    if not one.names or not other.names or one.names & other.names:
        return False
    return not any(fuzz.ratio(name, like) >= SPELLED_ALIKE for name in one.names for like in other.names)


def _same_matter(earlier: Item, later: Item) -> Judgement | None:
    one, other = earlier.content, later.content
    topics = one.topics & other.topics
    if not topics or one.topics != other.topics or _other_names(one, other) or {one.act, other.act} & lexicon().events:
        return None
    gap = _days_between(earlier, later)
    if len(earlier.parties & later.parties) < 2 or gap is None or gap > _MATTER:
        return None
    matter = ", ".join(sorted(topics))
    return Judgement("same", WEAK, f"the same parties and the same matter ({matter})", weak=True)


def _continuation(earlier: Item, later: Item) -> Judgement | None:
    nearer = earlier.step.quote.start < later.step.quote.start
    topics = earlier.content.topics & later.content.topics
    if not (later.continues and nearer and topics):
        return None
    return Judgement("same", WEAK + 0.1, f"its sentence carries on the earlier one ({', '.join(sorted(topics))})")


def _outcome(earlier: Item, later: Item) -> Judgement | None:
    share = covered(earlier.content, later.content)
    text = later.step.text
    if share < TOLD or not _names_both_sides(earlier, later) or not _tells_which(earlier, later):
        return None
    if _told_of_the_past(earlier, later):
        return None
    confidence = round(min(SUREST, share), 2)
    common = f"it tells of {_words(earlier, later)}"
    if (mark := told("abandoned", text)) and not told("abandoned", earlier.step.text):
        return Judgement("abandoned", confidence, f"{common}, and says “{mark}”")
    if mark := told("postponed", text):
        return Judgement("update", confidence, f"{common}, and says “{mark}”", changes=("later",))
    if happened(text) and (done(text) & earlier.content.acts or told("happened", text)) and _begun(earlier, later):
        if mark := told("partly", text):
            return Judgement("partly_fulfilled", confidence, f"{common} as done, and says “{mark}”")
        return Judgement("fulfilled", confidence, f"{common} as done")
    if (mark := told("negated", text)) and told("past", text) and not told("future", text) and _passed(earlier, later):
        return Judgement("contradicted", confidence, f"{common} after its time, and says “{mark}”")
    return None


def _names_both_sides(earlier: Item, later: Item) -> bool:
    """Whether an outcome names all who were to act (two of them at least where they are many)."""
    return len(earlier.actors & later.parties) >= min(2, len(earlier.actors))


def _tells_which(earlier: Item, later: Item) -> bool:
    """Whether an outcome tells which undertaking it is of: by a word of its own, or by all parties of an event."""
    if specific(earlier.content, later.content):
        return True
    event = earlier.content.act in lexicon().events and earlier.content.act in later.content.acts
    return event and len(earlier.parties) > 1 and earlier.parties <= later.parties


def _share_actors(earlier: Item, later: Item) -> bool:
    if not earlier.actors or not later.parties:
        return likeness(earlier.content, later.content) > 0.75
    return bool(earlier.actors & later.parties and (later.actors & earlier.parties or not later.actors))


def _other_instance(earlier: Item, later: Item) -> bool:
    """Whether both tell of events of one kind that are not the same one: next year's summit is no delay of this
    year's.
    """
    one, other = earlier.content, later.content
    if (one.ordinals and other.ordinals and not one.ordinals & other.ordinals) or (
        one.years and other.years and not one.years & other.years
    ):
        return True
    if one.act not in lexicon().events:
        return False
    said = later.step.said
    if earlier.step.when is not None and earlier.step.when.latest is None and earlier.step.when.earliest is not None:
        return False  # it runs on with no end
    last = earlier.step.when.latest if earlier.step.when else None
    if last is None:
        gap = _days_between(earlier, later)
        return gap is not None and gap > _UNDATED
    if later.step.kind != "commitment":
        return said is not None and (said - last).days > _REPORTED
    first = _first(later)
    if first is None:
        return said is not None and (said - last).days > _REPORTED
    over = said is not None and said > last
    return (first - last).days > (_REPORTED if over else _RESCHEDULED)


def _told_of_the_past(earlier: Item, later: Item) -> bool:
    """Whether the telling gives a date, and all dates that it gives lie before the commitment was made."""
    said, made = later.step.said, earlier.step.said
    if said is None or made is None:
        return False
    days = [resolve(span.text, said, tense="past") for span in find_dates(later.step.text)]
    ends = [day.latest for day in days if day is not None and day.latest is not None]
    return bool(ends) and max(ends) < made


def _begun(earlier: Item, later: Item) -> bool:
    """Whether the time for which the commitment was made has begun when the later article appears."""
    start = earlier.step.when.earliest if earlier.step.when else None
    return start is None or later.step.said is None or later.step.said >= start


def _passed(earlier: Item, later: Item) -> bool:
    last = earlier.step.when.latest if earlier.step.when else None
    return last is not None and later.step.said is not None and later.step.said > last


def _first(item: Item) -> dt.date | None:
    when = item.step.when
    return (when.earliest or when.latest) if when else None


def _days_between(earlier: Item, later: Item) -> int | None:
    if earlier.step.said is None or later.step.said is None:
        return None
    return (later.step.said - earlier.step.said) // dt.timedelta(days=1)


def _words(earlier: Item, later: Item) -> str:
    return ", ".join(in_common(earlier.content, later.content)) or "the same"
