"""`extractor ledger`: commitments followed across articles and time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli import common
from extractor.cli.common import note, plural
from extractor.cli.ledger_linker import LinkOptions, linker
from extractor.cli.ledger_outputs import Outputs, show, tell
from extractor.cli.limiting import MaxCost, RequestsPerMinute, StatedPrice, TokensPerMinute
from extractor.cli.recording import require_one
from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    from extractor.results.ledger import Ledger
    from extractor.schema.ledger import Decision
    from extractor.schema.record import Record


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date of the form YYYY-MM-DD") from None


@common.reports
def ledger(
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="OUT.jsonl...", help="Records, or folders of them.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="LEDGER.jsonl", help="Keep the threads here; - is stdout.", show_default=False
        ),
    ] = None,
    as_of: Annotated[
        dt.date | None,
        typer.Option(parser=_day, metavar="DATE", help="The day of the states (today).", show_default=False),
    ] = None,
    due_within: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what ends within 30d, 2w, 6m, 1y.", show_default=False)
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    actor: Annotated[
        str | None, typer.Option(help="Only what this state, body or person would have to do.", show_default=False)
    ] = None,
    changed_since: Annotated[
        dt.date | None,
        typer.Option(parser=_day, metavar="DATE", help="Only what was told of since this day.", show_default=False),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="One entry per thread, without its steps.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the threads as JSON lines.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the threads as a page.", show_default=False)
    ] = None,
    ics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the planned dates as a calendar.", show_default=False)
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one row per step.", show_default=False)
    ] = None,
    merge: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="THREAD THREAD", help="Decide that two threads are one.", show_default=False),
    ] = None,
    split: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="THREAD STEP", help="Decide that a step is no part of a thread.", show_default=False),
    ] = None,
    rate: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="THREAD STATE", help="Decide a thread's state; none takes it back.", show_default=False),
    ] = None,
    because: Annotated[str | None, typer.Option(help="Why, for a decision.", show_default=False)] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides, for a decision.", show_default=False)
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option(metavar="TOML", help="Your own names of actors.", show_default=False)
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Link anew; people's decisions are kept.")] = False,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Decide links by this model (rules).", show_default=False)
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of an OpenAI-compatible server.", show_default=False)
    ] = None,
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="A prompt's name or file.")] = "link.v1",
    replay: Annotated[
        Path | None, typer.Option(metavar="CASSETTE", help="Answer from a recording.", show_default=False)
    ] = None,
    record: Annotated[
        Path | None, typer.Option(metavar="CASSETTE", help="Ask anew and record the answers.", show_default=False)
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option("--concurrency", "-c", min=1, max=4096, help="Questions at once (8).", show_default=False),
    ] = None,
    rpm: RequestsPerMinute = None,
    tpm: TokensPerMinute = None,
    max_cost: MaxCost = None,
    price: StatedPrice = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep answers.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Follow commitments across articles: who committed to what, how its date and firmness moved, what is due, what
    is overdue, what was reported done or dropped.

    Links are decided by rules, or by a language model with `--model` or `--replay`. With `-o` the threads are kept, and
    the same command continues them with the articles that are new. Beside `ledger.jsonl` stand `ledger.run.json` and
    `ledger.decisions.jsonl`: what people decided with `--merge`, `--split` and `--rate`, which wins.

    Exit codes: 0 all done, 1 the model failed on some links (rules decided them), 2 usage or configuration, 3 stopped
    by `--max-cost` (no ledger is written; the answers are kept, and the same command goes on).

    Examples:

    `extractor ledger out.jsonl --as-of 2025-09-01`

    `extractor ledger out.jsonl -o ledger.jsonl --html ledger.html --ics ledger.ics`

    `extractor ledger -o ledger.jsonl --overdue --actor Russia` (a ledger kept before, no new articles)

    `extractor ledger -o ledger.jsonl --merge t1a2b t3c4d --because "the same railway"`

    `extractor ledger -o ledger.jsonl --rate t1a2b fulfilled --because "opened on 3 May"`
    """
    from extractor.results import ledger as ledgers

    stream = output is not None and str(output) == "-"
    kept = None if stream else output
    _require(inputs, kept, replay, record, deciding=bool(merge or split or rate), overwrite=overwrite)
    outputs = Outputs(html, ics, csv)
    outputs.require()
    selection = ledgers.Selection(ledgers.days(due_within) if due_within else None, overdue, actor, changed_since)
    if as_of is None:
        as_of = dt.date.today()
        if not quiet:
            note(f"States as of today, {as_of}; --as-of names another day.")
    directory = ledgers.Directory(ledgers.read_aliases(aliases) if aliases else None)
    records = list(_records(inputs or [], quiet=quiet))
    options = LinkOptions(
        model, base_url, prompt, replay, record, concurrency, rpm, tpm, max_cost, price, no_cache=no_cache
    )
    with linker(options) as chosen:
        continued = kept is not None and not overwrite
        earlier = ledgers.read_earlier(kept, chosen.name, chosen.sha256) if kept and continued else ledgers.Earlier()
        planned = ledgers.plan(records, directory, earlier)
        if model is None and chosen.asking is None and not quiet and next(planned.open(), None):
            note("Links are decided by rules; --model NAME asks a language model.")
        answers = chosen.decide(planned)
    questions = chosen.questions(answers)
    finish = partial(
        ledgers.finish,
        planned,
        answers.decided,
        as_of,
        linked_by=chosen.name,
        prompt_sha256=chosen.sha256,
        questions=questions,
    )
    decisions = ledgers.read_decisions(ledgers.decisions_path(kept)) if kept else []
    result = finish(decisions=decisions)
    if kept and (made := _decide(result, merge, split, rate, because, by)):
        ledgers.append_decisions(ledgers.decisions_path(kept), made)
        result = finish(decisions=[*decisions, *made])
    if kept:
        ledgers.write(kept, result)
    selected = selection.of(result.threads, directory)
    outputs.write(selected, records, articles=len(result.manifest.articles))
    show(selected, lines=as_json or stream, brief=brief, quiet=quiet)
    tell(answers, questions, planned, result, quiet=quiet)
    if answers.failed:
        raise typer.Exit(common.SOME_FAILED)


def _require(
    inputs: list[Path] | None,
    kept: Path | None,
    replay: Path | None,
    record: Path | None,
    *,
    deciding: bool,
    overwrite: bool,
) -> None:
    require_one(replay, record)
    if kept and any(path.resolve() == kept.resolve() for path in inputs or []):
        raise ConfigurationError(f"{kept} is read: it cannot be the ledger too.", hint="Choose another file for -o.")
    if not inputs and (overwrite or not (kept and kept.exists())):
        hint = "Give records (OUT.jsonl), or -o with a ledger that was kept before."
        raise ConfigurationError("There is nothing to read.", hint=hint)
    if deciding and kept is None:
        raise ConfigurationError("Decisions are kept beside a ledger.", hint="Name it with -o LEDGER.jsonl.")


def _records(inputs: list[Path], *, quiet: bool) -> Iterator[Record]:
    from extractor.files.records import read_records

    seen: set[str] = set()
    again = 0
    for path in inputs:
        for record in read_records(path):
            again += record.article.id in seen
            if record.article.id not in seen:
                seen.add(record.article.id)
                yield record
    if again and not quiet:
        note(f"{plural(again, 'record')} of articles that the input has before: the first of each counts.")


def _decide(
    result: Ledger,
    merge: tuple[str, str] | None,
    split: tuple[str, str] | None,
    rate: tuple[str, str] | None,
    because: str | None,
    by: str | None,
) -> list[Decision]:
    from extractor.results.ledger import decisions

    made = []
    if merge:
        made.append(decisions.merging(result.threads, *merge, because))
    if split:
        made.append(decisions.splitting(result.threads, *split, because))
    if rate:
        made.append(decisions.rating(result.threads, rate[0], decisions.state_named(rate[1]), because))
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return [decision.model_copy(update={"at": now, "by": by}) for decision in made]
