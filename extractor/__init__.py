"""Who claims what, who stands where, who promised what, by when, and where exactly the article says so.

    import extractor

    record = extractor.extract("seeds/000_43ab85a582bdf18f.txt", model="openai/gpt-4.1-mini")
    for commitment in record.commitments: ...

`extract_async` and `extract_many` are for programs that run an event loop. Errors are in extractor.errors; `FakeModel`
is a model for tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "extract",
    "extract_async",
    "extract_many",
    "Article",
    "Reading",
    "Record",
    "Failure",
    "FakeModel",
    "__version__",
]

if TYPE_CHECKING:
    from extractor.models.interface import FakeModel
    from extractor.pipeline.api import extract, extract_async, extract_many
    from extractor.schema.article import Article
    from extractor.schema.reading import Reading
    from extractor.schema.record import Failure, Record

_HOMES = {
    "extract": "extractor.pipeline.api",
    "extract_async": "extractor.pipeline.api",
    "extract_many": "extractor.pipeline.api",
    "Article": "extractor.schema.article",
    "Reading": "extractor.schema.reading",
    "Record": "extractor.schema.record",
    "Failure": "extractor.schema.record",
    "FakeModel": "extractor.models.interface",
}


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first used (PEP 562): `extractor --help` must not wait for pydantic and openai."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
