"""Records as the page takes them: an index of columns, which it reads at once, and the texts, which it reads on demand.

The index leaves out what the text already says: a quote is its two offsets, in code points as in the record. Columns
(one list per field) are half the size of objects and are read in half the time, which counts with 300,000 items.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

from extractor.results.report.merging import Merged, fold, speaker_key
from extractor.results.report.sources import Source
from extractor.schema.reading import ClaimKind, Delivery, Firmness, Position
from extractor.schema.record import Basis, Claim, Commitment, Failure, Item, Record, RecordRun, Speaker, Stance, When

Columns = defaultdict[str, list[Any]]

_LAYERS: dict[type, int] = {Claim: 0, Stance: 1, Commitment: 2}
# Words that repeat are numbers in the columns; the page gets the words themselves once.
_KINDS, _POSITIONS, _FIRMNESS = (list(get_args(choice)) for choice in (ClaimKind, Position, Firmness))
_DELIVERIES, _BASES = list(get_args(Delivery)), list(get_args(Basis))
_OPENING = 120  # characters of an article that stand for its title where it has none


@dataclass
class Corpus:
    """Everything that a report shows. `texts` holds each article's text, in the order of the articles."""

    texts: list[str] = field(default_factory=list)
    articles: Columns = field(default_factory=lambda: defaultdict(list))
    items: Columns = field(default_factory=lambda: defaultdict(list))
    claims: Columns = field(default_factory=lambda: defaultdict(list))
    stances: Columns = field(default_factory=lambda: defaultdict(list))
    commitments: Columns = field(default_factory=lambda: defaultdict(list))
    matches: dict[int, str] = field(default_factory=dict)
    checks: Columns = field(default_factory=lambda: defaultdict(list))
    unplaced: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[tuple[str, ...], int] = field(default_factory=dict)
    speakers: Merged = field(default_factory=Merged)
    speaker_kinds: list[str] = field(default_factory=list)
    speaker_details: list[dict[str, None]] = field(default_factory=list)
    targets: Merged = field(default_factory=Merged)
    keys: dict[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How many there are of each kind, for a line of text."""
        layers = self.items["layer"]
        return {
            "article": len(self.texts),
            "speaker": len(self.speaker_kinds),
            "claim": layers.count(0),
            "stance": layers.count(1),
            "commitment": layers.count(2),
            "check": len(self.checks["code"]),
            "failure": len(self.failures),
        }

    def index(self) -> dict[str, Any]:
        """All but the texts, ready for JSON."""
        details = [list(found)[:3] for found in self.speaker_details]
        return {
            "articles": self.articles,
            "items": self.items,
            "claims": self.claims,
            "stances": self.stances,
            "commitments": self.commitments,
            "matches": self.matches,
            "words": {"labels": [_KINDS, _POSITIONS, _FIRMNESS], "deliveries": _DELIVERIES, "bases": _BASES},
            "checks": self.checks,
            "unplaced": self.unplaced,
            "failures": self.failures,
            "files": self.files,
            "runs": [list(run) for run in self.runs],
            "speakers": {"name": self.speakers.names(), "kind": self.speaker_kinds, "details": details},
            "targets": self.targets.names(),
        }


def gather(sources: Iterable[Source]) -> Corpus:
    """Reads the sources, one record at a time. Raises ConfigurationError where one cannot be read."""
    corpus = Corpus()
    for source in sources:
        ids = set()
        totals = dict.fromkeys(("articles", "attempts", "input_tokens", "output_tokens"), 0)
        for record in source.records():
            _add(corpus, record, len(corpus.files))
            ids.add(record.article.id)
            totals["articles"] += 1
            for name in ("attempts", "input_tokens", "output_tokens"):
                totals[name] += getattr(record.run, name)
        failures = [failure for failure in source.failures() if _stands(failure, ids)]
        corpus.failures += [failure.model_dump(mode="json") | {"file": len(corpus.files)} for failure in failures]
        manifest = source.manifest()
        corpus.files.append(
            {
                "name": source.name,
                "totals": totals | {"failures": len(failures)},
                "manifest": manifest and manifest.model_dump(mode="json"),
            }
        )
    return corpus


def _stands(failure: Failure, done: set[str]) -> bool:
    """While a run goes on, its failures may still name articles that have their record by now.

    A failure without any attempt is about the input (two articles with one id) and stands beside the record.
    """
    return failure.article not in done or failure.attempts == 0


def _add(corpus: Corpus, record: Record, file: int) -> None:
    number = len(corpus.texts)
    article, text = record.article, record.article.text
    speakers = {speaker.id: _add_speaker(corpus, speaker, number) for speaker in record.speakers}
    found: list[Item] = [*record.claims, *record.stances, *record.commitments]
    items = sorted(
        found,
        key=lambda item: (item.quote.start, -item.quote.end, _LAYERS[type(item)], item.id),
    )
    for item in items:
        _add_item(corpus, item, speakers, number)
    _add_checks(corpus, record, number, {item.id: place for place, item in enumerate(items)})
    corpus.unplaced += [
        {"article": number, "layer": entry.layer, "reason": entry.reason, "item": entry.item}
        | {"speaker": speakers.get(str(entry.item.get("speaker")), -1)}
        for entry in record.unplaced
    ]
    corpus.texts.append(text)
    _append(
        corpus.articles,
        key=_unique(corpus, article.id),
        title=article.title or _opening(text),
        titled=int(bool(article.title)),
        published=_iso(article.published),
        source=article.source,
        language=article.language,
        sha256=article.sha256[:12],
        file=file,
        run=_run(corpus, record.run),
        items=len(items),
        speakers=[[speakers[speaker.id], speaker.role, speaker.affiliation] for speaker in record.speakers],
    )


def _add_speaker(corpus: Corpus, speaker: Speaker, article: int) -> int:
    number = corpus.speakers.add(speaker_key(speaker.name, speaker.kind, article), speaker.name)
    if number == len(corpus.speaker_kinds):
        corpus.speaker_kinds.append(speaker.kind)
        corpus.speaker_details.append({})
    detail = ", ".join(part for part in (speaker.role, speaker.affiliation) if part and part != speaker.name)
    if detail:
        corpus.speaker_details[number].setdefault(detail)
    return number


def _speaker(corpus: Corpus, reference: str, speakers: dict[str, int], article: int) -> int:
    """The number of a speaker; one whom the model did not list is shown under the reference it used."""
    if reference not in speakers:
        unlisted = Speaker(id=reference, name=reference, role=None, affiliation=None, kind="unnamed")
        speakers[reference] = _add_speaker(corpus, unlisted, article)
    return speakers[reference]


def _add_item(corpus: Corpus, item: Item, speakers: dict[str, int], article: int) -> None:
    """Columns that all items have, then those of its layer; what is rare (a match that is not exact) by its number."""
    speaker = -1 if item.speaker is None else _speaker(corpus, item.speaker, speakers, article)
    if item.quote.match != "exact":
        corpus.matches[len(corpus.items["id"])] = item.quote.match
    match item:
        case Claim():
            label, text = _KINDS.index(item.kind), item.statement
            via = [_speaker(corpus, relay, speakers, article) for relay in item.via]
            _append(corpus.claims, delivery=_DELIVERIES.index(item.delivery), cue=item.cue, via=via or 0)
        case Stance():
            label, text = _POSITIONS.index(item.position), item.target
            _append(corpus.stances, target=corpus.targets.add(fold(item.target), item.target))
        case Commitment():
            label, text = _FIRMNESS.index(item.firmness), item.action
            when = item.when and _when(item.when)
            _append(corpus.commitments, actors=item.actors, condition=item.condition, when=when)
    _append(
        corpus.items,
        id=item.id,
        layer=_LAYERS[type(item)],
        label=label,
        speaker=speaker,
        text=text,
        start=item.quote.start,
        end=item.quote.end,
    )


def _when(when: When) -> list[Any]:
    basis = _BASES.index(when.basis)
    return [when.expression, when.edtf, _iso(when.earliest), _iso(when.latest), basis, when.span]


def _add_checks(corpus: Corpus, record: Record, article: int, places: dict[str, int]) -> None:
    """Checks name their item by its place in the article; -1 where they concern the article as a whole."""
    for check in record.checks:
        _append(
            corpus.checks,
            article=article,
            code=check.code,
            item=places.get(check.item, -1) if check.item else -1,
            message=check.message,
            span=check.span,
        )


def _unique(corpus: Corpus, id: str) -> str:
    """The article's id, which links use; the second article of the same id, from another file, gets "~2" behind it."""
    seen = corpus.keys[id] = corpus.keys.get(id, 0) + 1
    return id if seen == 1 else f"{id}~{seen}"


def _opening(text: str) -> str:
    """The first words of a text, whole words where it has any."""
    return textwrap.shorten(text[: 4 * _OPENING], _OPENING, placeholder=" …") if text.strip() else ""


def _run(corpus: Corpus, run: RecordRun) -> int:
    return corpus.runs.setdefault((run.model, run.prompt, run.prompt_sha256, run.extractor), len(corpus.runs))


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _append(columns: Columns, **values: Any) -> None:
    for name, value in values.items():
        columns[name].append(value)
