"""Which formats there are. Each is imported when it is asked for, since some need a library that is an extra."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import cast

from extractor.errors import ConfigurationError
from extractor.results.exports.interface import Format


@dataclass(frozen=True)
class Entry:
    """A format in one line. `extra` is what its library is installed by, where it needs one; `binary` is no text."""

    about: str
    extra: str | None = None
    binary: bool = False


FORMATS: dict[str, Entry] = {
    "csv": Entry("a folder of tables for spreadsheets"),
    "jsonl": Entry("a folder of tables as flat JSON lines"),
    "parquet": Entry("a folder of typed tables for DuckDB, polars and pandas", extra="parquet", binary=True),
    "ics": Entry("dated commitments as a calendar", extra="ics"),
    "webannotation": Entry("W3C Web Annotations (JSON-LD)"),
    "schemaorg": Entry("claims as schema.org Claim (JSON-LD)"),
    "labelstudio": Entry("a folder with Label Studio tasks and the labeling interface for them"),
    "markdown": Entry("a brief to paste"),
}


def load(name: str) -> Format:
    """The format of this name. Raises ConfigurationError where there is none, or its library is not installed."""
    if name not in FORMATS:
        raise ConfigurationError(f"no such format: {name}", hint=f"Known are {', '.join(FORMATS)}.")
    try:
        return cast("Format", importlib.import_module(f"{__package__}.{name}"))
    except ModuleNotFoundError as error:
        extra = FORMATS[name].extra
        if extra is None or (error.name or "").startswith("extractor"):
            raise
        raise ConfigurationError(
            f"the format {name} needs the library {error.name}.",
            hint=f"pip install 'claim-commitment-extractor[{extra}]'",
        ) from error
