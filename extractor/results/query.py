"""SQL over records: DuckDB with one view per table of exports/tables.py (articles, speakers, claims, …).

The views read Arrow tables in memory; for a corpus that does not fit, `extractor export --to parquet` writes files that
any DuckDB can ask. The connection fetches no extension and knows no Python variables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extractor.errors import ConfigurationError
from extractor.results.exports.tables import TABLES
from extractor.schema.record import Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HINT = "pip install 'claim-commitment-extractor[query]'"
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
_BATCH = 20_000  # rows that become an Arrow batch at once


@dataclass(frozen=True)
class Answer:
    """The rows of an answer, with the names of its columns. Cells are what DuckDB makes of them in Python."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def connect(records: Iterable[Record]) -> DuckDBPyConnection:
    """A DuckDB connection with a view for each table. Raises ConfigurationError where DuckDB is not installed."""
    try:
        import duckdb
        import pyarrow as pa

        from extractor.results.exports.parquet import schema
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"queries need the library {error.name}.", hint=_HINT) from error
    waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    batches: dict[str, list[Any]] = {name: [] for name in TABLES}
    schemas = {name: schema(table) for name, table in TABLES.items()}
    for record in records:
        for name, table in TABLES.items():
            waiting[name] += table.rows(record)
            if len(waiting[name]) >= _BATCH:
                batches[name].append(pa.RecordBatch.from_pylist(waiting[name], schema=schemas[name]))
                waiting[name] = []
    connection = duckdb.connect(config=_SETTINGS)
    for name in TABLES:
        batches[name].append(pa.RecordBatch.from_pylist(waiting[name], schema=schemas[name]))
        connection.register(name, pa.Table.from_batches(batches[name], schema=schemas[name]))
    return connection


def ask(records: Iterable[Record], sql: str) -> Answer:
    """What a statement answers. Raises ConfigurationError where DuckDB refuses it."""
    connection = connect(records)
    import duckdb

    try:
        asked = connection.execute(sql)
        if asked.description is None:
            return Answer((), [])
        return Answer(tuple(column[0] for column in asked.description), asked.fetchall())
    except duckdb.Error as error:
        hint = "`extractor query --views` lists the views and their columns."
        raise ConfigurationError(f"DuckDB says: {error}", hint=hint) from error
    finally:
        connection.close()


def columns() -> Answer:
    """All views and their columns, as an answer."""
    types = {"text": "VARCHAR", "integer": "BIGINT", "date": "DATE", "texts": "VARCHAR[]"}
    rows: list[tuple[Any, ...]] = [
        (name, column, types[kind]) for name, table in TABLES.items() for column, kind in table.columns.items()
    ]
    return Answer(("view", "column", "type"), rows)


def plain(value: Any) -> Any:
    """A cell as JSON has it: numbers, texts, lists and objects of them, dates in ISO 8601."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dt.date() | dt.time():  # also a datetime, which is a date
            return value.isoformat()
        case dict():
            return {str(name): plain(each) for name, each in value.items()}
        case list() | tuple() | set():
            return [plain(each) for each in value]
        case _:
            return str(value)


def in_words(value: Any) -> str:
    """A cell in a table for people."""
    value = plain(value)
    if isinstance(value, list):
        return ", ".join(map(in_words, value))
    return "" if value is None else str(value)


def objects(answer: Answer) -> list[dict[str, Any]]:
    """The rows as JSON objects. Of columns with the same name, the later ones get a number behind it."""
    names = _distinct(answer.columns)
    return [dict(zip(names, map(plain, row), strict=True)) for row in answer.rows]


def _distinct(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        number, candidate = 2, name
        while candidate in found:
            candidate, number = f"{name}_{number}", number + 1
        found.append(candidate)
    return found
