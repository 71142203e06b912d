"""What the user named (files, folders, patterns, `-`) to the sources that it means, in a fixed order.

Nothing is opened here. The list is complete before reading starts, so that a file written meanwhile (the run's own
output, say) is not read. Folders are walked by name; hidden files, files of other endings and symbolic links to folders
are passed over.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ConfigurationError, UnreadableInput

ONE_ARTICLE = (".txt", ".md", ".markdown", ".html", ".htm")
MANY_ARTICLES = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
ENDINGS = ONE_ARTICLE + MANY_ARTICLES
STDIN = "-"
PERMISSIONS = "Check that it exists and that you may read it."
_SUPPORTED = f"Give files ending in {', '.join(ENDINGS)}; a folder or a pattern of such files; or - for standard input."


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or standard input where `path` is None, that one reader reads.

    `name` is the path as the user gave it, with forward slashes; `id` the article's id if the file holds just one,
    else None. `problem` is what the search for files already found wrong with it.
    """

    path: Path | None
    name: str
    id: str | None
    problem: UnreadableInput | None = None

    def at(self, line: int) -> str:
        """The locator of one article in a file of many; lines and rows count from 1."""
        return f"{self.name}:{line}"


def find_sources(inputs: Sequence[str]) -> list[Source]:
    """The sources in the order of `inputs`; within a folder or a pattern by path.

    Raises ConfigurationError for an input that does not exist or means no readable file at all.
    """
    if not inputs:
        raise ConfigurationError("no input was named", hint=_SUPPORTED)
    if list(inputs).count(STDIN) > 1:
        raise ConfigurationError("standard input can be read only once", hint="Name - once.")
    return [source for given in inputs for source in _sources(given)]


def ending(name: str) -> str:
    """The lower-case ending that decides the format."""
    return os.path.splitext(name)[1].lower()


def _sources(given: str) -> list[Source]:
    if given == STDIN:
        return [Source(None, STDIN, None)]
    path = Path(given)
    if os.path.isdir(given):
        found = list(_walk(path, path))
    elif os.path.lexists(given):
        found = [_source(path, path.parent)] if ending(given) in ENDINGS else []
    elif re.search(r"[*?\[]", given):
        found = _matches(given)
    else:
        raise ConfigurationError(f"{given!r} does not exist", hint=_SUPPORTED)
    if not found:
        raise ConfigurationError(f"{given!r} holds nothing that can be read", hint=_SUPPORTED)
    return found


def _matches(pattern: str) -> list[Source]:
    """Files that match, and files in folders that match, once each. Ids are relative to the part without wildcards."""
    fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    cut = max(fixed.rfind("/"), fixed.rfind(os.sep)) + 1
    base = Path(fixed[:cut])
    found: dict[Path, Source] = {}
    try:
        # Unlike glob.glob, this does not follow symbolic links, which may lead in circles.
        for match in base.glob(pattern[cut:]):
            if any(part.startswith(".") for part in match.relative_to(base).parts):
                continue
            if os.path.isdir(match) and not match.is_symlink():
                found.update((source.path, source) for source in _walk(match, base) if source.path)
            elif ending(match.name) in ENDINGS and not os.path.isdir(match):
                found[match] = _source(match, base, _leads_out(match, base))
    except (ValueError, RecursionError, NotImplementedError) as error:
        raise ConfigurationError(f"the pattern {pattern!r} cannot be used: {error}", hint=_SUPPORTED) from error
    return [found[path] for path in sorted(found)]


def _walk(folder: Path, base: Path) -> Iterator[Source]:
    waiting = [folder]  # a stack and no recursion: folders may be nested deeper than Python's calls
    while waiting:
        path = waiting.pop()
        if path != folder and (path.is_symlink() or not os.path.isdir(path)):
            yield _source(path, base, _leads_out(path, folder))
            continue
        try:
            with os.scandir(path) as entries:
                children = [path / entry.name for entry in sorted(entries, key=lambda e: e.name) if _wanted(entry)]
        except OSError as error:
            problem = f"the folder cannot be listed: {error.strerror}"
            yield _source(path, base, UnreadableInput(problem, hint=PERMISSIONS))
            continue
        if not children and ending(path.name) in ENDINGS:
            yield _source(path, base, UnreadableInput("it is a folder, not a file", hint="Remove or rename it."))
        waiting += reversed(children)


def _leads_out(path: Path, folder: Path) -> UnreadableInput | None:
    """What is wrong with a link to a file elsewhere: a folder from somebody else could have the user's own files read
    and sent to a model.
    """
    if not path.is_symlink() or not os.path.isfile(path):
        return None
    home = os.path.realpath(folder)
    if os.path.commonpath([home, os.path.realpath(path)]) == home:
        return None
    return UnreadableInput("it is a link that leads out of the folder", hint="Name the file itself to have it read.")


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir(follow_symlinks=False):
        return True
    return ending(entry.name) in ENDINGS and not os.path.isdir(entry.path)


def _source(path: Path, base: Path, problem: UnreadableInput | None = None) -> Source:
    identity = None
    if ending(path.name) in ONE_ARTICLE:
        relative = path.relative_to(base) if path != base else Path(path.name)
        identity = _printable(os.path.splitext(relative.as_posix())[0])
    return Source(path, _printable(path.as_posix()), identity, problem)


def _printable(name: str) -> str:
    """File names may hold any byte; records and terminals get valid text without control characters."""
    if name.isascii() and name.isprintable():
        return name
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
