"""`extractor report`: records as one page for a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli import common


@common.reports
def report(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="OUT.jsonl...", help="Records: files, or folders of them.", show_default=False),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="REPORT.html", help="Where the page goes; - is stdout.")
    ] = Path("report.html"),
    title: Annotated[str | None, typer.Option(help="What stands at the head of the page.", show_default=False)] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
) -> None:
    """Write one self-contained page: plans in time, who stands where, and every item beside its passage."""
    import sys
    import webbrowser

    from extractor.errors import ConfigurationError
    from extractor.files.whole import whole_file
    from extractor.results.report import DEFAULT_TITLE, find_sources, gather, render

    to_stdout = str(output) == "-"
    if to_stdout and open_page:
        raise ConfigurationError("--open needs a file.", hint="Give one with -o REPORT.html.")
    sources = find_sources(paths)
    if not to_stdout and output.resolve() in {source.path.resolve() for source in sources}:
        raise ConfigurationError(f"{output} holds the records themselves.", hint="Give another file: -o REPORT.html.")
    corpus = gather(sources)
    page = render(corpus, title=title or DEFAULT_TITLE).encode()
    if to_stdout:
        sys.stdout.buffer.write(page)
        return
    with whole_file(output) as stream:
        stream.write(page)
    counts = ", ".join(common.plural(number, noun) for noun, number in corpus.counts().items() if number)
    common.note(f"{output}: {counts or 'no articles'} ({len(page) / 1e6:.1f} MB)")
    if open_page:
        webbrowser.open(output.resolve().as_uri())
