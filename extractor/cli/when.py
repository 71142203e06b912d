"""`extractor when`: the date resolver alone, for people (a table), for scripts (JSON) and for streams (JSON lines)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from extractor.text.dates import Resolved

    Resolve = Callable[..., Resolved | None]

_NOTHING = '{"edtf": null, "earliest": null, "latest": null}'


def when(
    expressions: Annotated[
        list[str] | None,
        typer.Argument(metavar="EXPRESSION...", help="Date expressions, such as 'by the end of next month'."),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="The article's date, from which relative expressions count."),
    ] = None,
    tense: Annotated[
        Literal["future", "past"], typer.Option(help="Where a bare 'Thursday' looks: plans look forward, reports back.")
    ] = "future",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object for each expression instead of a table.")
    ] = False,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl", help='Read {"expression", "published"} lines on stdin, write one answer line for each.'
        ),
    ] = False,
) -> None:
    """Say which days a date expression means."""
    day = _published(published)
    if jsonl:
        if expressions:
            raise typer.BadParameter("with --jsonl the expressions come on stdin", param_hint="EXPRESSION")
        raise typer.Exit(_stream(sys.stdin.buffer, day, tense))
    if not expressions:
        raise typer.BadParameter("give at least one expression, or --jsonl", param_hint="EXPRESSION")
    from extractor.text.dates import resolve

    expressions = [expression.encode("utf-8", "replace").decode() for expression in expressions]
    answers = [(expression, resolve(expression, day, tense=tense)) for expression in expressions]
    if as_json:
        for expression, answer in answers:
            print(json.dumps({"expression": expression, **_fields(answer), **_reading(answer)}, ensure_ascii=False))
    else:
        _table(answers)
    unanswered = [expression for expression, answer in answers if answer is None]
    if day is None and unanswered:
        print("note: without --published only absolute dates are resolved", file=sys.stderr)


def _published(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no date of the form YYYY-MM-DD", param_hint="--published") from None


def _fields(answer: Resolved | None) -> dict[str, str | None]:
    if answer is None:
        return {"edtf": None, "earliest": None, "latest": None}
    return {
        "edtf": answer.edtf,
        "earliest": answer.earliest.isoformat() if answer.earliest else None,
        "latest": answer.latest.isoformat() if answer.latest else None,
    }


def _reading(answer: Resolved | None) -> dict[str, str | None]:
    return {"granularity": answer.granularity if answer else None, "rule": answer.rule if answer else None}


def _table(answers: list[tuple[str, Resolved | None]]) -> None:
    head = ("expression", "EDTF", "earliest", "latest", "rule")
    rows = [
        (expression, *(value or "–" for value in _fields(answer).values()), answer.rule if answer else "not known")
        for expression, answer in answers
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, tuple("─" * width for width in widths), *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _stream(lines: Iterable[bytes], published: date | None, tense: str) -> int:
    """Answer each line as it comes, in constant memory; the exit code says whether any line was malformed."""
    from extractor.text.dates import resolve

    failed = 0
    undated = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            failed += 1
            print(f"line {number}: empty", file=sys.stderr)
            print(_NOTHING, flush=True)
            continue
        try:
            expression, day, direction = _request(line, published, tense)
        except ValueError as error:
            failed += 1
            print(f"line {number}: {error}", file=sys.stderr)
            print(_NOTHING, flush=True)
            continue
        answer = resolve(expression, day, tense=direction)
        undated += day is None and answer is None
        print(json.dumps(_fields(answer)) if answer else _NOTHING, flush=True)
    if undated:
        print(
            f"note: {undated} lines without a publication date; only absolute dates are resolved for these",
            file=sys.stderr,
        )
    return 1 if failed else 0


def _request(line: bytes, published: date | None, tense: str) -> tuple[str, date | None, Any]:
    """The expression, date and tense of one line. Raises ValueError with what is wrong with it."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("no JSON") from None
    if not isinstance(request, dict) or not isinstance(request.get("expression"), str):
        raise ValueError('no object with the text field "expression"')
    direction = request.get("tense") or tense
    if direction not in ("future", "past"):
        raise ValueError('"tense" is neither "future" nor "past"')
    given = request.get("published")
    if given is None:
        return request["expression"], published, direction
    if not isinstance(given, str):
        raise ValueError('"published" is no text')
    try:
        return request["expression"], date.fromisoformat(given[:10]), direction
    except ValueError:
        raise ValueError(f'"published" is no date: {given[:40]!r}') from None
