"""The libraries that make a record what it is, and their versions."""

from __future__ import annotations

from importlib import metadata

ABSENT = "absent"

_LIBRARIES = (
    "openai",
    "instructor",
    "pydantic",
    "tenacity",
    "diskcache",
    "vcrpy",
    "typer",
    "jinja2",
    "rapidfuzz",
    "python-dateutil",
    "holidays",
)


def versions() -> dict[str, str]:
    """The version of each library; "absent" for one that is optional and not installed here."""
    return {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ABSENT
