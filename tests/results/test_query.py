"""SQL over records."""

from __future__ import annotations

import datetime as dt
import json
import sys

import duckdb
import pytest

from extractor.errors import ConfigurationError
from extractor.results import query
from extractor.results.exports.tables import TABLES
from extractor.results.query import ask, columns, connect, in_words, objects
from tests.support.records import port, record


def test_every_table_is_a_view_with_its_columns() -> None:
    """What `columns` lists is what DuckDB has, with its types, and no name needs quoting."""
    listed = columns().rows
    for name, table in TABLES.items():
        described = ask([port()], f"DESCRIBE {name}")
        assert [row[:2] for row in described.rows] == [(column, kind) for view, column, kind in listed if view == name]
        answer = ask([port()], f"SELECT {', '.join(table.columns)} FROM {name}")
        assert answer.columns == tuple(table.columns)


def test_dates_and_lists_are_typed() -> None:
    """Days can be compared and lists unnested."""
    due = ask([port()], "SELECT id, latest - published AS days FROM commitments WHERE latest < '2027-01-01'")
    assert due.rows == [("m1", (dt.date(2026, 3, 31) - dt.date(2025, 5, 2)).days)]
    actors = ask(
        [port()], "FROM commitments, unnest(actors) AS acts(actor) SELECT actor, count(*) GROUP BY ALL ORDER BY ALL"
    )
    assert actors.rows == [("Port Ellen", 1), ("the council", 2)]
    said = ask([port()], "SELECT speaker, count(*) FROM claims JOIN articles USING (article) GROUP BY ALL")
    assert said.rows == [("Ann Lee", 2)]


def test_many_records_arrive_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are handed over in batches, and none is lost between them."""
    monkeypatch.setattr(query, "_BATCH", 8)
    answer = ask(
        (port(article={"id": f"a{n}"}) for n in range(7)), "SELECT count(*), count(DISTINCT article) FROM claims"
    )
    assert answer.rows == [(14, 7)]


def test_no_records_give_empty_views() -> None:
    """The views are there all the same, with their types."""
    assert ask([], "SELECT count(*) FROM commitments WHERE latest > published").rows == [(0,)]


@pytest.mark.parametrize("sql", ["SELECT nonsense FROM claims", "SELEC 1", "SELECT * FROM nowhere"])
def test_a_statement_that_duckdb_refuses_is_told(sql: str) -> None:
    """With DuckDB's own words and the way to the columns."""
    with pytest.raises(ConfigurationError, match="DuckDB says") as error:
        ask([port()], sql)
    assert "--views" in error.value.hint


def test_a_connection_reaches_neither_network_nor_python() -> None:
    """No extension is fetched, no Python variable is a table, and no statement changes that."""
    secret = record()
    assert secret is not None
    with connect([port()]) as connection:
        for sql in (
            "SELECT * FROM secret",
            "SET autoinstall_known_extensions = true",
            "SELECT * FROM 'http://x/y.csv'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)


def test_a_missing_library_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without DuckDB, it says what to install."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ConfigurationError, match="queries need the library duckdb") as error:
        ask([port()], "SELECT 1")
    assert error.value.hint == "pip install 'claim-commitment-extractor[query]'"


def test_answers_are_json_whatever_they_hold() -> None:
    """Dates, structs, decimals, intervals; columns of one name are told apart."""
    sql = """SELECT 1 AS a, 2.5::DECIMAL(3, 1) AS a, DATE '2025-01-02' AS d, {'x': [1, NULL]} AS s,
                    INTERVAL 1 DAY AS i, NULL"""
    found = objects(ask([], sql))
    assert json.loads(json.dumps(found)) == [
        {"a": 1, "a_2": "2.5", "d": "2025-01-02", "s": {"x": [1, None]}, "i": "1 day, 0:00:00", "NULL": None}
    ]
    assert [in_words(value) for value in (None, ["a", "b"], dt.date(2025, 1, 2), 3)] == ["", "a, b", "2025-01-02", "3"]
