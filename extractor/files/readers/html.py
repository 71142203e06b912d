"""A saved web page: one article per file, its text found by trafilatura."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from typing import BinaryIO

from extractor.errors import UnreadableInput
from extractor.files.decoding import decode
from extractor.files.inputs import Source
from extractor.files.readers.fields import article_from
from extractor.files.readers.interface import Located
from extractor.files.readers.text import whole
from extractor.text.dateline import PLAUSIBLE_YEARS

MAX_HTML = 20_000_000

_NO_TEXT = "Save the article's page itself (not a list, a login or a page that scripts fill in), or its text as .txt."
_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^<>]{0,2000}?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)", re.IGNORECASE)
# Without the last two entries trafilatura takes no date after today, and the outcome would change with the clock.
_DATE_SEARCH = {
    "original_date": True,
    "extensive_search": False,
    "min_date": f"{PLAUSIBLE_YEARS[0]}-01-01",
    "max_date": f"{PLAUSIBLE_YEARS[-1]}-12-31",
}


def read_html(file: BinaryIO, source: Source) -> Iterator[Located]:
    """Text, title and date by trafilatura, the language by `<html lang>`; comments of readers are left out."""
    data = whole(file, limit=MAX_HTML)
    charset = _CHARSET.search(data, 0, 4096)
    page = decode(data, declared=charset[1].decode("ascii") if charset else None)
    language = _LANGUAGE.search(page, 0, 8192)
    fields = {**_content(page), "language": language[1] if language else None}
    yield source.name, article_from(fields, locator=source.name, own_id=source.id)


def _content(page: str) -> dict[str, object]:
    import trafilatura

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else its warnings go to stderr unasked
    try:
        found = trafilatura.bare_extraction(
            page, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATE_SEARCH)
        )
    except Exception as error:
        raise UnreadableInput(f"the page cannot be parsed: {type(error).__name__}", hint=_NO_TEXT) from error
    if not isinstance(found, trafilatura.settings.Document) or not found.text:
        raise UnreadableInput("no article text was found in the page", hint=_NO_TEXT)
    return {"text": found.text, "title": found.title, "published": _declared(page, found.date)}


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_TAG = re.compile(r"<([^<>]{1,2000})>\s*([^<]{0,80})")
_PUBLICATION = re.compile(r"date|time|publi|posted|issued|canonical|og:url", re.IGNORECASE)
_REVISION = re.compile(r"modif|updat|revis|expir|copyright", re.IGNORECASE)
_JSON_LD = re.compile(r"\"date(?:Published|Created)\"\s*:\s*\"([^\"]{1,60})\"")


def _declared(page: str, found: str | None) -> str | None:
    """The date, if the page says in full that it is the one of publication.

    trafilatura also returns days that no one wrote: for "2024-05" it adds today's day of the month, and it takes dates
    from running prose, from "last updated", and numeric ones whose day and month it cannot tell apart.
    """
    if found is None:
        return None
    day = dt.date.fromisoformat(found)
    year, month, number = f"{day.year:04}", f"{_MONTHS[day.month - 1]}[a-z]*\\.?", f"0?{day.day}(?:st|nd|rd|th)?"
    written = re.compile(
        rf"(?<!\d)(?:{year}([-/.]?)0?{day.month}\1(?:0?{day.day})|{number}\s+{month},?\s+{year})(?!\d)"
        rf"|\b{month}\s+{number},?\s+{year}(?!\d)",
        re.IGNORECASE,
    )
    if any(written.search(stated) for stated in _JSON_LD.findall(page)):
        return found
    for tag in _TAG.finditer(page):
        if _PUBLICATION.search(tag[1]) and not _REVISION.search(tag[0]) and written.search(tag[0]):
            return found
    return None
