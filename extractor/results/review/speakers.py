"""The sources of an article, with those that reviewers named or corrected.

Items keep the name under which the record lists a source, also when the source itself was corrected.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.results.review.decisions import Decision, NamedSpeaker
from extractor.results.review.standing import Standing
from extractor.schema.ids import short_hash
from extractor.schema.record import Record


@dataclass(frozen=True)
class Source:
    """A source under the name that items use, as it was listed and as it is now. `id` is None for a new one."""

    name: str
    id: str | None
    listed: NamedSpeaker
    now: NamedSpeaker


def speaker_item(article: str, name: str) -> str:
    """The id under which decisions about a speaker are kept."""
    return short_hash(article, "speakers", " ".join(name.casefold().split()))


def sources(record: Record, standing: Standing, *, who: str | None = None) -> dict[str, Source]:
    """The sources by name: those of the record, then those that standing decisions brought in.

    With `who`, that person's decisions alone count.
    """
    article = record.article.id
    found: dict[str, Source] = {}
    for speaker in record.speakers:
        listed = NamedSpeaker.model_construct(**speaker.model_dump(exclude={"id"}))
        found.setdefault(speaker.name, _source(article, speaker.name, speaker.id, listed, standing, who))
    for item in standing.items(article):
        for decision in standing.verdicts((article, item)).values():
            for new in decision.speakers if who in (None, decision.who) else ():
                if new.name not in found:
                    found[new.name] = _source(article, new.name, None, new, standing, who)
    return found


def _source(
    article: str, name: str, id_: str | None, listed: NamedSpeaker, standing: Standing, who: str | None
) -> Source:
    now = listed
    for decision in standing.verdicts((article, speaker_item(article, name))).values():
        if decision.what == "correct" and who in (None, decision.who) and _is_about(decision, listed):
            now = NamedSpeaker.model_validate(decision.after)
    return Source(name, id_, listed, now)


def _is_about(decision: Decision, listed: NamedSpeaker) -> bool:
    """A run that lists the speaker otherwise than before is to be looked at anew."""
    return decision.layer == "speakers" and decision.before == listed.model_dump(mode="json")
