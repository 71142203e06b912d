"""Exports: each format against its own specification or somebody else's reader."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sys
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from markdown_it import MarkdownIt
from rdflib import RDF, SDO, Graph, Literal, Namespace, URIRef

from extractor.cli import export as export_command
from extractor.errors import ConfigurationError
from extractor.results.exports import FORMATS, Note, Options, Piece, load
from extractor.results.exports import csv as csv_format
from extractor.results.exports import markdown as markdown_format
from extractor.results.exports import parquet as parquet_format
from extractor.results.exports.tables import TABLES
from extractor.schema.record import Record
from tests.support.records import TEXT, claim, commitment, port, record, when

HOSTILE = (
    "<script>alert(1)</script> [click](javascript:alert(1)) ![x](http://x) `a` *b* _c_ & &lt; \\ ~~d~~ | http://e.org "
    "=1+1 # h"
)


def rendered(name: str, records: Iterable[Record], **options: Any) -> dict[str, bytes]:
    """The files of a format, by name."""
    form, chosen = load(name), Options(**options)
    files = dict.fromkeys(form.files(chosen), b"") or {"": b""}
    for piece in form.render(records, chosen):
        if isinstance(piece, Piece):
            files[piece.file] += piece.data
    return files


def notes(name: str, records: Iterable[Record]) -> list[str]:
    return [piece.text for piece in load(name).render(records, Options()) if isinstance(piece, Note)]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_records_give_the_same_bytes(name: str) -> None:
    """No clock, no order of sets, no random id decides what an export holds."""
    assert rendered(name, [port(), record(id="a2")]) == rendered(name, iter([port(), record(id="a2")]))


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_goes_through_every_format(name: str) -> None:
    """Markup, formulas, control characters and text without a date or title break no renderer."""
    text = f"{HOSTILE} \x1b[2J \u202e done."
    odd = record(
        text,
        article={"title": None, "published": None, "source": None, "language": None},
        claims=[claim("c1", HOSTILE, text, statement=HOSTILE, speaker="nobody", via=["s2", "nobody"])],
        commitments=[commitment("m1", "done", text, action="=cmd|' /C calc'!A0", actors=[HOSTILE])],
    )
    assert any(rendered(name, [odd]).values())


@pytest.mark.parametrize("name", FORMATS)
def test_no_records_give_a_valid_file(name: str) -> None:
    """Each format can say nothing."""
    files = rendered(name, [])
    assert files
    for file, data in files.items():
        if name in ("csv", "jsonl"):
            assert data.count(b"\n") == (1 if name == "csv" else 0)
        if name == "markdown":
            assert b"\n\n0 articles." in data
        if name in ("webannotation", "schemaorg") or file == "tasks.json":
            json.loads(data)
        if file.endswith(".parquet"):
            assert pq.read_table(io.BytesIO(data)).num_rows == 0
        if name == "ics":
            assert list(Calendar.from_ical(data).events) == []


def test_a_format_that_is_none_is_told() -> None:
    """An unknown name is an error that lists the known ones."""
    with pytest.raises(ConfigurationError, match="no such format: docx") as error:
        load("docx")
    assert "csv, jsonl, parquet" in error.value.hint


def test_a_missing_library_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its library, a format says what to install."""
    monkeypatch.delitem(sys.modules, "extractor.results.exports.ics", raising=False)
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ConfigurationError, match="the format ics needs the library icalendar") as error:
        load("ics")
    assert error.value.hint == "pip install 'claim-commitment-extractor[ics]'"


def test_the_command_line_knows_the_same_names() -> None:
    """The choices of --to and --table are written twice, so that the program starts quickly: they are the real ones."""
    assert list(typing.get_args(export_command.FormatName)) == list(FORMATS)
    assert list(typing.get_args(export_command.TableName)) == list(TABLES)


# Tables


def test_every_row_has_the_columns_of_its_table() -> None:
    """The declared columns are the ones that rows have, in their order."""
    full = port(
        unplaced=[{"layer": "claims", "item": {"quote": "x"}, "reason": "not found"}],
        checks=[{"code": "uncovered_plan", "item": None, "message": "m", "span": [1, 2]}],
    )
    for name, table in TABLES.items():
        rows = list(table.rows(full))
        assert rows, name
        assert all(row.keys() == table.columns.keys() for row in rows), name


def test_a_row_names_its_speaker_and_its_relays() -> None:
    """Rows can be read without the record: names instead of ids."""
    told = port(claims=[claim("c1", "Lee opposes the toll", speaker="s1", via=["s2", "s9"])])
    row = next(TABLES["claims"].rows(told))
    found = {name: row[name] for name in ("speaker", "speaker_kind", "speaker_role", "speaker_affiliation", "via")}
    assert found == {
        "speaker": "Ann Lee",
        "speaker_kind": "person",
        "speaker_role": "Mayor",
        "speaker_affiliation": "Port Ellen",
        "via": ["Bo Dahl", "s9"],
    }


def test_csv_is_read_back_by_others() -> None:
    """RFC 4180: CRLF, quoted texts, one row an item; Python and DuckDB read what was written."""
    files = rendered("csv", [port()])
    assert list(files) == [f"{name}.csv" for name in TABLES]
    data = files["commitments.csv"]
    assert data.count(b"\r\n") == 5
    assert b"\n" not in data.replace(b"\r\n", b"")
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert [(row["id"], row["actors"], row["earliest"], row["latest"]) for row in rows] == [
        ("m1", "Port Ellen; the council", "2026-03-01", "2026-03-31"),
        ("m4", "the council", "", ""),
        ("m2", "", "", "2030-12-31"),
        ("m3", "", "2025-06-01", ""),
    ]
    articles = csv.DictReader(io.StringIO(files["articles.csv"].decode()))
    assert "text" not in (articles.fieldnames or [])


def test_duckdb_reads_the_csv(tmp_path: Path) -> None:
    """A third-party reader finds the types: dates are dates, offsets are integers."""
    path = tmp_path / "commitments.csv"
    path.write_bytes(rendered("csv", [port()], table="commitments")[""])
    found = duckdb.sql(f"SELECT id, latest, quote_start FROM read_csv('{path}') WHERE latest IS NOT NULL").fetchall()
    assert found == [("m1", dt.date(2026, 3, 31), 76), ("m2", dt.date(2030, 12, 31), 207)]


def test_the_byte_order_mark_is_written_when_asked_for() -> None:
    """Excel takes a file with it for UTF-8; each file has one."""
    assert all(data.startswith(b'\xef\xbb\xbf"') for data in rendered("csv", [port()], bom=True).values())
    assert not any(data.startswith(b"\xef") for data in rendered("csv", [port()]).values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\n", " =", "＝", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    """OWASP CSV Injection: a text that a spreadsheet would run gets an apostrophe before it."""
    shown = start.replace("\r", "␍")
    assert csv_format.cell(f"{start}cmd|' /C calc'!A0") == f"'{shown}cmd|' /C calc'!A0"
    line = csv_format.lines([[f'{start}HYPERLINK("http://x")', 5, None]]).decode()
    assert line.startswith("\"'")
    assert line.endswith(',5,""\r\n')


@given(st.one_of(st.text(), st.lists(st.text())))
def test_no_text_becomes_a_formula(value: str | list[str]) -> None:
    """Whatever an article holds, the cell begins with none of the characters that start a formula."""
    assert csv_format.cell(value)[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert "\0" not in csv_format.cell(value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a \x1b]0;owned\x07 b", "a ␛]0;owned␇ b"),
        ("\x9b2J \u202e \x7f \0", "\ufffd2J \ufffd \ufffd ␀"),
        ("one\ntwo\tthree\r\nfour", "one\ntwo\tthree\r\nfour"),
        ("over\rwritten", "over␍written"),
        (["\x1b[31m", "plain"], "␛[31m; plain"),
    ],
)
def test_a_cell_shows_control_characters_as_signs(text: str | list[str], shown: str) -> None:
    """A table that is printed does nothing to the terminal; tabs and newlines stay."""
    assert csv_format.cell(text) == shown


def test_parquet_has_typed_columns_for_duckdb(tmp_path: Path) -> None:
    """Dates and lists arrive as DATE and VARCHAR[]; open ends are NULL."""
    for name, data in rendered("parquet", [port()]).items():
        (tmp_path / name).write_bytes(data)
    table = f"read_parquet('{tmp_path / 'commitments.parquet'}')"
    types = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {table})").fetchall())
    wanted = ("published", "earliest", "actors", "quote_start", "action")
    assert [types[name] for name in wanted] == ["DATE", "DATE", "VARCHAR[]", "BIGINT", "VARCHAR"]
    assert duckdb.sql(f"SELECT id, actors, earliest, latest FROM {table} ORDER BY id LIMIT 2").fetchall() == [
        ("m1", ["Port Ellen", "the council"], dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
        ("m2", [], None, dt.date(2030, 12, 31)),
    ]
    text = duckdb.sql(f"SELECT text FROM read_parquet('{tmp_path / 'articles.parquet'}')").fetchall()
    assert text == [(TEXT,)]


def test_parquet_is_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus of any size is written group by group, and nothing is lost between them."""
    monkeypatch.setattr(parquet_format, "ROWS_PER_GROUP", 8)
    pieces = list(
        load("parquet").render((port(article={"id": f"a{n}"}) for n in range(5)), Options(table="commitments"))
    )
    assert len(pieces) > 2
    file = pq.ParquetFile(io.BytesIO(b"".join(piece.data for piece in pieces if isinstance(piece, Piece))))
    assert file.num_row_groups == 3
    assert file.read().column("article").to_pylist() == [f"a{n}" for n in range(5) for _ in range(4)]


def test_jsonl_rows_are_flat() -> None:
    """One object a line; dates as ISO 8601, lists as lists, nothing nested."""
    files = rendered("jsonl", [port()])
    rows = [json.loads(line) for line in files["commitments.jsonl"].splitlines()]
    assert [row["earliest"] for row in rows] == ["2026-03-01", None, None, "2025-06-01"]
    assert rows[0]["actors"] == ["Port Ellen", "the council"]
    assert not any(isinstance(value, dict) for row in rows for value in row.values())
    assert files["unplaced.jsonl"] == b""


# Calendar


def events(data: bytes) -> dict[str, Any]:
    return {
        str(event["DESCRIPTION"]).split("”")[0].removeprefix("“"): event for event in Calendar.from_ical(data).events
    }


def test_a_dated_commitment_is_an_all_day_event_over_its_days() -> None:
    """The end is not included (RFC 5545, 3.6.1), so that March ends with the first of April."""
    event = events(rendered("ics", [port()])[""])["The new pier will open in March 2026"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
    assert event["SUMMARY"] == "Port Ellen, the council: open the new pier"
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"] == "https://example.org/port/1"
    assert event["DTSTAMP"].dt == dt.datetime(2025, 5, 2, tzinfo=dt.UTC)
    assert "Condition: if the council agrees" in event["DESCRIPTION"]


def test_open_ends_are_one_day_and_say_so() -> None:
    """ "By 2030" stands on the last day, "from June" on the first; nothing without a day is in the calendar."""
    found = events(rendered("ics", [port()])[""])
    assert len(found) == 3
    repairs, ferry = found["Repairs will be finished by 2030"], found["a night ferry is to run from June 2025"]
    assert (repairs["DTSTART"].dt, repairs["DTEND"].dt) == (dt.date(2030, 12, 31), dt.date(2031, 1, 1))
    assert repairs["SUMMARY"] == "[last day] Nobody named: finish the repairs"
    assert "any day up to 2030-12-31 (open start)" in repairs["DESCRIPTION"]
    assert (ferry["DTSTART"].dt, ferry["DTEND"].dt) == (dt.date(2025, 6, 1), dt.date(2025, 6, 2))
    assert ferry["SUMMARY"] == "[first day] Nobody named: run a night ferry"
    assert notes("ics", [port()]) == ["left out of the calendar: 1 without a resolved date"]


def test_a_reworded_commitment_keeps_its_uid() -> None:
    """The UID hangs on the id alone: a calendar updates the event instead of adding one."""
    before, after = port(), port(article={"title": "New"}).model_dump()
    after["commitments"][0] |= {"action": "inaugurate the pier", "firmness": "agreed"}
    uids = [events(rendered("ics", [each])[""]) for each in (before, Record.model_validate(after))]
    old, new = (found["The new pier will open in March 2026"] for found in uids)
    assert old["UID"] == new["UID"]
    assert new["SUMMARY"].endswith("inaugurate the pier")
    assert len({event["UID"] for event in uids[0].values()}) == 3


def test_every_line_of_a_calendar_is_short_and_ends_in_crlf() -> None:
    """RFC 5545, 3.1: at most 75 octets; no control character but the line ends; each event has what it must have."""
    text = "Long " + "é" * 200 + " word\x07 of 9999."
    far = when("9999", "9999", "9999-01-01", "9999-12-31", text)
    odd = record(text, commitments=[commitment("m1", text[:-1], text, action=text, when=far)])
    data = rendered("ics", [odd])[""]
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[^\r]\n", data)
    (event,) = Calendar.from_ical(data).events
    assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
    assert "DTEND" not in event  # there is no day after the last one that a date can be
    assert event["DTSTART"].dt == dt.date(9999, 1, 1)


def test_the_same_article_twice_gives_one_event() -> None:
    """UIDs are unique in a calendar."""
    data = rendered("ics", [port(), port()])[""]
    assert data.count(b"BEGIN:VEVENT") == 3
    assert notes("ics", [port(), port()])[1].startswith("left out of the calendar: 3 with the id of an earlier one")


# Web Annotation

OA = Namespace("http://www.w3.org/ns/oa#")
# What the Web Annotation Data Model says MUST be, in JSON Schema: 3.1 (annotation), 3.2.1 and 4.1 (resources and
# selectors), 4.2.4 and 4.2.5 (text selectors), 5 (collections and pages).
IRI = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:"}
SELECTOR = {
    "oneOf": [
        {
            "type": "object",
            "required": ["type", "exact"],
            "properties": {"type": {"const": "TextQuoteSelector"}, "exact": {"type": "string", "minLength": 1}},
        },
        {
            "type": "object",
            "required": ["type", "start", "end"],
            "properties": {
                "type": {"const": "TextPositionSelector"},
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 0},
            },
        },
    ]
}
SOURCE = {"oneOf": [IRI, {"type": "object", "required": ["id"], "properties": {"id": IRI}}]}
TARGET = {
    "type": "object",
    "required": ["source", "selector"],
    "properties": {
        "source": SOURCE,
        "selector": {"oneOf": [SELECTOR, {"type": "array", "items": SELECTOR, "minItems": 1}]},
    },
}
MOTIVATIONS = [
    "assessing",
    "bookmarking",
    "classifying",
    "commenting",
    "describing",
    "editing",
    "highlighting",
    "identifying",
    "linking",
    "moderating",
    "questioning",
    "replying",
    "tagging",
]

BODY = {
    "type": "object",
    "required": ["type"],
    "if": {"properties": {"type": {"const": "TextualBody"}}},
    "then": {
        "required": ["value"],
        "properties": {"value": {"type": "string"}, "purpose": {"enum": MOTIVATIONS}},
    },
}
ANNOTATION = {
    "type": "object",
    "required": ["id", "type", "target"],
    "properties": {
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"enum": MOTIVATIONS},
        "body": {"type": "array", "items": BODY},
        "target": {"type": "array", "items": TARGET, "minItems": 1},
    },
}
COLLECTION = {
    "type": "object",
    "required": ["@context", "id", "type", "first", "total"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": IRI,
        "type": {"const": "AnnotationCollection"},
        "total": {"type": "integer", "minimum": 0},
        "first": {
            "type": "object",
            "required": ["id", "type", "items", "partOf"],
            "properties": {"id": IRI, "type": {"const": "AnnotationPage"}, "items": {"items": ANNOTATION}},
        },
    },
}
# The terms of the annotation context (Web Annotation Vocabulary) that the export uses, for a reader without network.
TERMS: dict[str, Any] = {
    "oa": str(OA),
    "as": "http://www.w3.org/ns/activitystreams#",
    "schema": "http://schema.org/",
    "id": {"@type": "@id", "@id": "@id"},
    "type": {"@type": "@id", "@id": "@type"},
    **{
        name: f"oa:{name}"
        for name in ("Annotation", "TextQuoteSelector", "TextPositionSelector", "SpecificResource", "TextualBody")
    },
    "Text": "http://purl.org/dc/dcmitype/Text",
    "Software": "as:Application",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "body": {"@type": "@id", "@id": "oa:hasBody"},
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"},
    "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": {"@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger", "@id": "oa:start"},
    "end": {"@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger", "@id": "oa:end"},
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "first": {"@type": "@id", "@id": "as:first"},
}


def test_annotations_keep_to_the_model() -> None:
    """What the Web Annotation Data Model demands holds of the collection, its page and each annotation."""
    collection = json.loads(rendered("webannotation", [port()])[""])
    jsonschema.Draft202012Validator(COLLECTION).validate(collection)
    annotations = collection["first"]["items"]
    assert collection["total"] == len(annotations) == 7
    assert collection["first"]["partOf"] == collection["id"]
    assert len({each["id"] for each in annotations}) == 7
    with pytest.raises(jsonschema.ValidationError):  # the schema does refuse
        jsonschema.Draft202012Validator(ANNOTATION).validate(annotations[0] | {"target": []})


def test_selectors_select_the_passage() -> None:
    """Positions are code points, as the model demands, also behind an emoji; the web page has the quote alone."""
    annotations = json.loads(rendered("webannotation", [port()])[""])["first"]["items"]
    assert len(annotations) == 7
    for annotation in annotations:
        text, page = annotation["target"]
        exact, position = text["selector"]
        assert TEXT[position["start"] : position["end"]] == exact["exact"]
        assert exact["prefix"] + exact["exact"] + exact["suffix"] in TEXT
        assert page == {"type": "SpecificResource", "source": "https://example.org/port/1", "selector": exact}


# rdflib's own JSON-LD reader still makes the class that rdflib warns of.
reads_json_ld = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@reads_json_ld
def test_an_rdf_reader_understands_the_annotations() -> None:
    """As linked data: each annotation has its targets, bodies and selectors by the terms of the vocabulary."""
    collection = json.loads(rendered("webannotation", [port()])[""])
    graph = Graph().parse(data=json.dumps(collection | {"@context": TERMS}), format="json-ld")
    found = set(graph.subjects(RDF.type, OA.Annotation))
    assert len(found) == 7
    for annotation in found:
        targets = list(graph.objects(annotation, OA.hasTarget))
        sources = {source for target in targets for source in graph.objects(target, OA.hasSource)}
        assert URIRef("https://example.org/port/1") in sources
        (digest,) = (source for source in sources if str(source).startswith("ni:///sha-256;"))
        assert re.fullmatch(r"ni:///sha-256;[A-Za-z0-9_-]{43}", str(digest))
    starts = {int(str(start)) for start in graph.objects(None, OA.start)}
    assert starts == {
        TEXT.index(words) for words in ("trade grew", "The new", "Lee opposes", "Repairs", "a night", "if the")
    }


# schema.org


@reads_json_ld
def test_claims_use_the_terms_of_schema_org_alone() -> None:
    """Every class and property of the graph is in schema.org's vocabulary, as rdflib has it."""
    told = port(claims=[claim("c1", "Lee opposes the toll", via=["s2"]), claim("c2", "said", speaker="unlisted")])
    document = json.loads(rendered("schemaorg", [told])[""])
    assert document["@context"] == "https://schema.org"
    graph = Graph().parse(data=json.dumps(document | {"@context": {"@vocab": str(SDO)}}), format="json-ld")
    known = set(SDO.__annotations__)
    used = {str(name).removeprefix(str(SDO)) for name in (*graph.predicates(), *graph.objects(None, RDF.type))}
    assert used - {str(RDF.type)} <= known
    assert {"Claim", "NewsArticle", "Person", "Organization", "Quotation", "appearance", "author"} <= used
    claims = list(graph.subjects(RDF.type, SDO.Claim))
    assert len(claims) == 2
    names = {graph.value(graph.value(each, SDO.author), SDO.name) for each in claims}
    assert names == {Literal("Ann Lee"), None}


def test_what_schema_org_has_no_type_for_is_told() -> None:
    """Stances and commitments are left out, and not in silence."""
    assert notes("schemaorg", [port()]) == ["left out, for schema.org has no type for them: 1 stances, 4 commitments"]


# Markdown


def test_a_brief_has_everything_in_order_of_what_is_due() -> None:
    """Commitments by their last day, open ends and undated ones last; stances and claims by speaker."""
    brief = rendered("markdown", [port()], title="Port news")[""].decode()
    assert brief.startswith("# Port news\n\n1 article, 2025-05-02.")
    due = re.findall(r"^- \*\*(.+?)\*\*", brief.split("## Stances")[0], re.MULTILINE)
    assert due == ["2026-03-01 to 2026-03-31.", "By 2030-12-31.", "From 2025-06-01.", "No date."]
    assert "- **Ann Lee**\n  - oppose: the toll (1)" in brief
    assert "1. Port Ellen to get a pier, 2025-05-02, <https://example.org/port/1>" in brief


def test_text_stays_text_in_markdown() -> None:
    """A CommonMark reader finds no link, image, code, HTML or emphasis in what an article says."""
    tokens = MarkdownIt().parse(f"- {markdown_format.escape(HOSTILE)}")
    inline = next(token for token in tokens if token.type == "inline")
    assert {child.type for child in inline.children or []} == {"text"}
    assert "".join(child.content for child in inline.children or []) == HOSTILE


@given(st.text(alphabet="ab12 .)-+=*_#>`[]<&|~\n\t\\", max_size=30))
def test_no_text_changes_the_structure_of_a_brief(text: str) -> None:
    """Whatever stands in an item, it is one paragraph of text: no nested list, heading or rule."""
    escaped = markdown_format.escape(text)
    tokens = MarkdownIt().parse(f"- {escaped}")
    kinds = [token.type for token in tokens]
    item = [kind for kind in kinds if kind not in ("paragraph_open", "inline", "paragraph_close")]
    assert item == ["bullet_list_open", "list_item_open", "list_item_close", "bullet_list_close"]
    assert kinds.count("inline") <= 1
    words = "".join(child.content for token in tokens for child in token.children or [])
    assert words == " ".join(text.split())
