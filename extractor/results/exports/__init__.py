"""Records for other programs: one module per format, each a pure renderer.

    interface    what a format is: records in, pieces of files and notes out
    registry     which formats there are, and which extra each needs
    tables       records as flat, typed tables: csv, jsonl and parquet write them, `extractor query` asks them
    csv, jsonl, parquet              one file per table
    ics                              dated commitments for a calendar
    webannotation, schemaorg         JSON-LD for the web of data
    labelstudio                      tasks for annotators, and their work back into records
    markdown                         a brief for people

What it does not do: it opens no file, and it judges nothing. Whoever calls a renderer decides where its pieces go.
"""

from __future__ import annotations

from extractor.results.exports.interface import Format, Note, Options, Piece
from extractor.results.exports.registry import FORMATS, Entry, load

__all__ = ["FORMATS", "Entry", "Format", "Note", "Options", "Piece", "load"]
