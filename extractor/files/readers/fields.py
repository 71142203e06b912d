"""From the fields of a record, whatever its format, to an Article: the one place that says what a field may hold."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping

from extractor.errors import UnreadableInput
from extractor.files.decoding import MAX_TEXT
from extractor.files.readers.interface import Unread
from extractor.schema.article import Article, DateBasis
from extractor.text.dateline import PLAUSIBLE_YEARS, find_dateline

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "published": ("published", "date"),
    "title": ("title",),
    "text": ("text", "body", "content"),
    "source": ("source", "url"),
    "language": ("language",),
}
"""Each field of an article and the names it may have, the first present one counts. All other fields are ignored."""

MAX_ID = 200
MAX_FIELD = 10_000
"""Characters of a title, a source or a language: these are not split into parts as a text is."""
_ISO = re.compile(r"\d{4}-?\d\d-?\d\d(?![\d-])")
_DATE_HINT = "Write the date as YYYY-MM-DD, or leave it out."


def article_from(fields: Mapping[str, object], *, locator: str, own_id: str | None = None) -> Article | Unread:
    """The article that these fields describe, or why they describe none.

    `locator` says where they stand. `own_id` is the id to take where the fields name none; failing that, the id is the
    beginning of the text's SHA-256. Newlines in the text become `\\n`, white space in the title one blank; all
    else stays as published.
    """
    identity = None
    try:
        identity = _identity(_first(fields, "id")) or _identity(own_id)
        _check_identity(identity)
        text = _text(_first(fields, "text"))
        published, basis = _published(_first(fields, "published"), text)
        if identity is None:
            identity = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Article(
            id=identity,
            text=text,
            source=_string(fields, "source") or locator,
            title=_title(fields),
            published=published,
            published_basis=basis,
            language=_string(fields, "language"),
        )
    except UnreadableInput as error:
        return Unread(locator, identity, error)


def sanitised(identity: str) -> str:
    """Without control characters, line separators and lone surrogates, which would break logs, terminals and files."""
    if identity.isascii() and identity.isprintable():
        return identity.strip()
    return "".join(c for c in identity if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp")).strip()


def _first(fields: Mapping[str, object], field: str) -> object:
    for name in NAMES[field]:
        value = fields.get(name)
        if value is not None and value != "":
            return value
    return None


def _identity(value: object) -> str | None:
    if isinstance(value, float) and math.isfinite(value):
        value = int(value) if value.is_integer() else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise _wrong_type("id", value, "a string or a number")
    return sanitised(value) if value else None


def _check_identity(identity: str | None) -> None:
    if identity is not None and len(identity) > MAX_ID:
        raise UnreadableInput(
            f"the id has {len(identity)} characters", hint=f"Give an id of at most {MAX_ID} characters."
        )


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise _wrong_type("text", value, "a string")
    if value is None or value.isspace():
        raise UnreadableInput(
            "no text", hint="Give the article's words; in a record, in a field text, body or content."
        )
    if len(value) > MAX_TEXT:
        raise UnreadableInput(
            f"the text has {len(value):,} characters", hint=f"Split it: an article has at most {MAX_TEXT:,}."
        )
    return _clean(value, "text")


def _string(fields: Mapping[str, object], field: str) -> str | None:
    value = _first(fields, field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong_type(field, value, "a string")
    if len(value) > MAX_FIELD:
        raise UnreadableInput(
            f"the {field} has {len(value):,} characters", hint=f"Give a {field} of at most {MAX_FIELD:,} characters."
        )
    return _clean(value, field).strip() or None


def _title(fields: Mapping[str, object]) -> str | None:
    """On one line: in a prompt it stands above the line that begins the text, and must not look like that line."""
    title = _string(fields, "title")
    return " ".join(title.split()) if title else None


def _clean(value: str, field: str) -> str:
    if "\0" in value:
        raise UnreadableInput(f"the {field} holds NUL characters", hint="Remove them: they belong to no text.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UnreadableInput(
            f"the {field} holds half a character (a lone surrogate) at {error.start}",
            hint="Export it again: characters beyond U+FFFF were cut in two, or bytes of another encoding were kept.",
        ) from error
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _published(value: object, text: str) -> tuple[dt.date | None, DateBasis | None]:
    """What the record states; else what the text's own dateline states; else nothing."""
    if value is not None:
        return stated_date(value), "stated"
    found = find_dateline(text)
    return (found[0], "dateline") if found else (None, None)


def stated_date(value: object) -> dt.date:
    """The day of an ISO date or date and time, as written: no time zone is converted.

    Raises UnreadableInput for anything less than a full date, and for years that no news article is from.
    """
    if isinstance(value, dt.datetime):
        day = value.date()
    elif isinstance(value, dt.date):
        day = value
    elif isinstance(value, str):
        day = _iso_day(value.strip())
    else:
        raise _wrong_type("published", value, "a date as a string")
    if day.year not in PLAUSIBLE_YEARS:
        raise UnreadableInput(f"the date {day.isoformat()} is no publication date", hint=_DATE_HINT)
    return day


def _iso_day(value: str) -> dt.date:
    try:
        if _ISO.match(value):
            return dt.datetime.fromisoformat(value).date()
    except ValueError:
        pass  # no such day or hour
    raise UnreadableInput(f"the date {_shown(value)} is no ISO date", hint=_DATE_HINT)


def _shown(value: str) -> str:
    return ascii(value if len(value) <= 40 else value[:40] + "…")


def _wrong_type(field: str, value: object, wanted: str) -> UnreadableInput:
    kinds: dict[type, str] = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    kind = kinds.get(type(value), f"a {type(value).__name__}")
    return UnreadableInput(
        f"the field {field} is {kind}, not {wanted}", hint=f"Make {field} {wanted}, or leave it out."
    )
