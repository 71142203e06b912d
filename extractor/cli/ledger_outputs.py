"""What `extractor ledger` shows and writes beside the ledger: table or lines, page, calendar, rows, and what is told
of it on stderr.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.common import note, plural
from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    from extractor.results.ledger import Answers, Ledger, Plan
    from extractor.schema.ledger import Questions, Thread
    from extractor.schema.record import Record


@dataclass(frozen=True)
class Outputs:
    """The files that are asked for, besides the ledger itself."""

    html: Path | None
    ics: Path | None
    csv: Path | None

    def require(self) -> None:
        """Raises ConfigurationError for what could not be written at the end, before anything is read or asked."""
        from extractor.results import ledger as ledgers

        for path in filter(None, (self.html, self.ics, self.csv)):
            if path.is_dir():
                raise ConfigurationError(f"{path} is a folder.", hint="Name a file.")
            if not path.parent.is_dir():
                raise ConfigurationError(f"{path} cannot be written: its folder is not there", hint="Check the folder.")
        if self.ics:
            ledgers.to_ics([])  # needs the library as any calendar does

    def write(self, threads: list[Thread], records: Sequence[Record], *, articles: int) -> None:
        """Writes the chosen threads; `articles` is how many the ledger has."""
        from extractor.results import ledger as ledgers

        if self.html:
            texts = {one.article.id: one.article.text for one in records}
            _write(self.html, ledgers.to_html(threads, texts, articles=articles))
        if self.ics:
            _write(self.ics, ledgers.to_ics(threads))
        if self.csv:
            _write(self.csv, ledgers.to_csv(threads))


def _write(path: Path, text: str) -> None:
    from extractor.files.whole import whole_file

    with whole_file(path) as stream:
        stream.write(text.encode())


def show(threads: list[Thread], *, lines: bool, brief: bool, quiet: bool) -> None:
    """Prints the threads on stdout, as JSON lines or as a table."""
    from extractor.results import ledger as ledgers

    if lines:
        for thread in threads:
            sys.stdout.write(thread.model_dump_json() + "\n")
    elif not quiet:
        width = min(max(shutil.get_terminal_size((110, 24)).columns, 72), 132)
        sys.stdout.write(ledgers.render(threads, width=width, history=not brief))
    sys.stdout.flush()


def tell(answers: Answers, questions: Questions | None, planned: Plan, result: Ledger, *, quiet: bool) -> None:
    """The closing lines: what failed, what is in the ledger, and what the questions took this time."""
    if answers.failed:
        label, error = answers.failed[0]
        note(f"{plural(len(answers.failed), 'question')} failed; rules decided those links. First: {label}: {error}")
        note(f"  {error.hint}")
    if not quiet:
        articles = plural(len(result.manifest.articles), "article")
        asked = f"; {_took(questions)}" if questions else ""
        note(f"{articles} in the ledger, {len(planned.new):,} new{asked}.")


def _took(questions: Questions) -> str:
    cached = f" ({questions.from_cache:,} more from the cache)" if questions.from_cache else ""
    used = questions.input_tokens + questions.output_tokens
    tokens = f", {plural(used, 'token')}" if used else ""
    cost = f", ${questions.cost:.4f}" if questions.cost else ""
    return f"{plural(questions.asked, 'question')} asked{cached}{tokens}{cost}"
