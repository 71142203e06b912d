"""What all commands share: where things are printed, and how an error becomes a message and an exit code."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

import typer

P = ParamSpec("P")
R = TypeVar("R")

OK, SOME_FAILED, USAGE, LIMITED, INTERRUPTED = 0, 1, 2, 3, 130
EXIT_CODES = """Exit codes: 0 all done, 1 some articles failed (the rest is written), 2 usage or configuration,
3 stopped by a limit, 130 interrupted (run the same command again to continue)."""


def note(message: str) -> None:
    """A line for people. Data goes to the file or to stdout; everything else goes here, to stderr."""
    print(printable(message), file=sys.stderr, flush=True)


def printable(message: str) -> str:
    """The message without secrets, and with signs for the control characters that a file name or a server put in."""
    message = _without_secrets(message)
    if message.replace("\n", "").isprintable():
        return message
    from extractor.results.terminal import visible

    return visible(message)


def _without_secrets(message: str) -> str:
    """Servers like to repeat the key they refuse."""
    from extractor import settings

    with contextlib.suppress(Exception):  # settings that cannot be read hold no secret, and are told elsewhere
        return settings.redact(message, settings.load().secrets())
    return message


def fail(message: str, hint: str = "", code: int = USAGE) -> typer.Exit:
    """Prints an error with its remedy; raise what this returns."""
    note(f"Error: {message}")
    if hint:
        note(f"  {hint}")
    return typer.Exit(code)


@contextlib.contextmanager
def reporting() -> Iterator[None]:
    """Turns the program's errors into a message and an exit code."""
    from extractor.errors import ExtractorError, LimitReached

    try:
        yield
    except LimitReached as error:
        raise fail(str(error), error.hint, LIMITED) from None
    except ExtractorError as error:
        raise fail(str(error), error.hint) from None
    except KeyboardInterrupt:
        note("Interrupted.")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # `extractor … | head` has read enough
        sys.stderr.close()
        raise typer.Exit(OK) from None


def reports(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose errors are reported."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with reporting():
            return command(*args, **kwargs)

    return wrapper


def plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
