"""`extractor cache`: the answers kept on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli import common

if TYPE_CHECKING:
    from extractor.models.cached import AnswerCache

app = typer.Typer(no_args_is_help=True, help="Look at or clear the answers kept on this machine (EXTRACTOR_CACHE_DIR).")


def _cache() -> AnswerCache:
    from extractor import settings
    from extractor.models.cached import AnswerCache

    return AnswerCache(settings.load().cache_dir)


@app.command("stats")
@common.reports
def stats(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Tell where the cache is, and how much it holds."""
    import json

    found = _cache().stats()
    if as_json:
        print(json.dumps({"folder": str(found.folder), "answers": found.answers, "bytes": found.bytes}))
    else:
        print(f"{found.folder}: {common.plural(found.answers, 'answer')}, {found.bytes / 1e6:.1f} MB")


@app.command("clear")
@common.reports
def clear(yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Remove every kept answer. Records already written stay as they are."""
    cache = _cache()
    held = cache.stats().answers
    if not yes and not typer.confirm(f"Remove {common.plural(held, 'answer')} from {cache.folder}?", err=True):
        raise typer.Exit(common.USAGE)
    print(f"{common.plural(cache.clear(), 'answer')} removed.")
