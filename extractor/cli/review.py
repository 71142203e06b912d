"""`extractor review`: people go through the items of a run, and what follows from their decisions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli import common

if TYPE_CHECKING:
    from extractor.results.review.desk import Desk
    from extractor.results.review.standing import Standing


@common.reports
def review(
    path: Annotated[
        Path, typer.Argument(metavar="OUT.jsonl", help="Records, or a folder of them.", show_default=False)
    ],
    reviewer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose decisions these are; by default your user name.", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    open_page: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the reviewed records (with -o) instead of reviewing.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="REVIEWED.jsonl", help="Where they go; - is stdout.", show_default=False
        ),
    ] = None,
    as_gold: Annotated[
        Path | None,
        typer.Option(
            metavar="GOLD.jsonl",
            help="Write the fully reviewed articles as gold for `extractor evaluate`; - is stdout.",
            show_default=False,
        ),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="With --as-gold: also articles with items that nobody decided about.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    agreement: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="A B",
            help="Print Cohen's kappa per layer for two reviewers: their names, or two .reviews.jsonl files.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Go through the items in a browser: accept, reject, correct, add. Decisions go to OUT.reviews.jsonl.

    With --apply, --as-gold or --agreement nothing is opened: what was decided is put to use.
    """
    from extractor.errors import ConfigurationError

    name = None if reviewer is None else _name(reviewer)
    if agreement is not None:
        if apply or as_gold is not None:
            raise ConfigurationError("--agreement stands alone.", hint="Run the commands one after the other.")
        _agreement(path, *agreement)
    elif apply or as_gold is not None:
        if apply and output is None:
            raise ConfigurationError("--apply needs a file to write to.", hint="Give one with -o REVIEWED.jsonl.")
        if output is not None and not apply:
            raise ConfigurationError("-o goes with --apply.", hint="Gold goes to the file named by --as-gold.")
        _apply(path, output, as_gold, partial=partial, overwrite=overwrite, who=name)
    elif output is not None:
        raise ConfigurationError("-o goes with --apply.", hint="A review writes its decisions to OUT.reviews.jsonl.")
    else:
        _serve(path, name or _name(_user()), port, open_page=open_page)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "reviewer"


def _name(given: str) -> str:
    from extractor.errors import ConfigurationError

    name = given.strip()
    if not name or len(name) > 60 or not name.isprintable():
        raise ConfigurationError(f"{given!r} is no name.", hint="Give --reviewer a name of 1 to 60 characters.")
    return name


def _serve(path: Path, reviewer: str, port: int, *, open_page: bool) -> None:
    from extractor.errors import ConfigurationError

    try:
        from extractor.results.review.server import application, bind, new_token, serve
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"The review page needs the package {error.name}.",
            hint="pip install 'claim-commitment-extractor[review]'",
        ) from None
    from extractor.results.review.desk import Desk

    desk = Desk(path, reviewer)
    try:
        listener = bind(port)
    except OSError as error:
        hint = "Choose another with --port, or leave it out."
        raise ConfigurationError(f"Port {port} cannot be used: {error.strerror}", hint=hint) from error
    port, token = listener.getsockname()[1], new_token()
    address = f"http://127.0.0.1:{port}/{token}/"
    for trouble in desk.log.troubles:
        common.note(trouble)
    common.note(f"{_progress(desk)} You are {reviewer}; decisions go to {desk.log.path}. Ctrl-C ends the review.")
    print(address, flush=True)
    shown = _shown(address, desk.log.path.parent) if open_page else contextlib.nullcontext()
    # Ctrl-C is the usual end: every decision is written already.
    with listener, shown, contextlib.suppress(KeyboardInterrupt):
        serve(application(desk, token, port), listener)
    common.note(f"{common.plural(desk.made, 'decision')} made. {_progress(desk)}")


@contextlib.contextmanager
def _shown(address: str, folder: Path) -> Iterator[None]:
    """Shows the page in the browser, by way of a private file: other users of the machine can read the arguments with
    which a browser is started. It lies beside the records, since packaged browsers may not read /tmp.
    """
    import tempfile
    import webbrowser

    with tempfile.TemporaryDirectory(prefix="review-", dir=folder.resolve()) as private:
        page = Path(private, "review.html")
        page.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={address}">', "utf-8")
        webbrowser.open(page.as_uri())
        yield


def _progress(desk: Desk) -> str:
    told = desk.progress()
    left = told["total"] - told["decided"]
    items = f"{told['decided']:,} of {common.plural(told['total'], 'item')} decided"
    return f"{items}; {told['doubtful']:,} of the other {left:,} are doubtful." if left else f"{items}."


def _standing(path: Path) -> Standing:
    from extractor.errors import ConfigurationError
    from extractor.results.review.decisions import DecisionLog
    from extractor.results.review.standing import Standing

    log = DecisionLog(path)
    decisions = log.read_all()
    for trouble in log.troubles:
        common.note(trouble)
    if not decisions:
        raise ConfigurationError(f"{path} holds no decisions.", hint="Make some first: extractor review OUT.jsonl")
    return Standing(decisions)


def _apply(
    path: Path, output: Path | None, gold: Path | None, *, partial: bool, overwrite: bool, who: str | None
) -> None:
    import sys

    from extractor.cli.writing import STDOUT, refuse_to_overwrite
    from extractor.errors import ConfigurationError
    from extractor.files.records import read_records
    from extractor.files.whole import whole_files
    from extractor.results.evaluation.gold import gold_line
    from extractor.results.review.apply import Tally, apply
    from extractor.results.review.decisions import reviews_path

    decisions = reviews_path(path)
    standing = _standing(decisions)
    if who is not None and who not in standing.reviewers:
        hint = f"Those who have are: {', '.join(standing.reviewers)}."
        raise ConfigurationError(f"{who} has decided nothing here.", hint=hint)
    targets = [target for target in (output, gold) if target is not None]
    if len(set(targets)) < len(targets):
        raise ConfigurationError("Records and gold cannot go to one file.", hint="Name two files.")
    files = [target for target in targets if target != STDOUT]
    refuse_to_overwrite(files, overwrite, [path, decisions])
    tally, articles = Tally(), 0
    with contextlib.ExitStack() as stack:
        streams = {STDOUT: sys.stdout.buffer, **stack.enter_context(whole_files(files))}
        for reviewed in apply(read_records(path), standing, tally, who=who):
            if output is not None:
                streams[output].write(reviewed.record.model_dump_json().encode() + b"\n")
            if gold is not None and (partial or reviewed.complete):
                streams[gold].write(gold_line(reviewed.record).encode() + b"\n")
                articles += 1
        sys.stdout.flush()
    for line in tally.lines():
        common.note(line)
    if output is not None:
        common.note(f"{output}: {common.plural(tally.articles, 'record')}")
    if gold is not None:
        rest = tally.articles - articles
        left_out = f"; {rest:,} left out, where not all is decided (--partial takes them too)" if rest else ""
        common.note(f"{gold}: {common.plural(articles, 'article')}{left_out}")


def _agreement(path: Path, first: str, second: str) -> None:
    from extractor.results.review.agreement import agreement, render
    from extractor.results.review.decisions import reviews_path

    (ours, a), (theirs, b) = (_one_reviewer(reviews_path(path), told) for told in (first, second))
    print(render(agreement(ours, a, theirs, b), a, b), end="")


def _one_reviewer(decisions: Path, told: str) -> tuple[Standing, str]:
    """Decisions and the name of the person meant, who is named or is the only one in a file that is named."""
    from extractor.errors import ConfigurationError

    as_file = told.endswith(".jsonl")
    standing = _standing(Path(told) if as_file else decisions)
    names = list(standing.reviewers)
    if as_file and len(names) == 1:
        return standing, names[0]
    if as_file or told not in names:
        what = f"{told} holds decisions of several people" if as_file else f"{told} has decided nothing here"
        raise ConfigurationError(f"{what}.", hint=f"Name one of: {', '.join(names)}.")
    return standing, told
