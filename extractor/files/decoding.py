"""Bytes to text, a stream of bytes to its lines, a line to its JSON object.

The order of belief: a byte order mark, strict UTF-8, what the page declares of itself, and only then a guess. Text that
was UTF-8 and got damaged is refused rather than guessed at, because every guess would turn its quote marks into
rubbish. Nothing is normalised here.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.errors import UnreadableInput

MAX_TEXT = 50_000_000
"""Characters of one article, and bytes of a plain-text file."""
MAX_LINE = 64_000_000
"""Bytes of one line of a file with many articles."""
CHUNK = 1 << 16

TO_UTF8 = "Convert it to UTF-8, for instance: iconv -f CURRENT_ENCODING -t UTF-8 FILE"

# UTF-32 stands before UTF-16, whose little-endian mark is the beginning of UTF-32's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)

_UNPACK = "Unpack it first and give the files inside."
_AS_TEXT = "Save it as plain text or HTML first."
_SIGNATURES = (
    (b"%PDF-", "a PDF document", "Extract its text first, for instance: pdftotext FILE"),
    (b"\x89PNG", "a PNG image", "Give the text of the article, not a picture of it."),
    (b"\xff\xd8\xff", "a JPEG image", "Give the text of the article, not a picture of it."),
    (b"GIF89a", "a GIF image", "Give the text of the article, not a picture of it."),
    (b"PK\x03\x04", "a ZIP archive or an office document", f"{_UNPACK} For a .docx, .odt or .epub: {_AS_TEXT.lower()}"),
    (b"\x1f\x8b", "gzip-compressed", "Unpack it first: gunzip FILE"),
    (b"BZh91AY&SY", "bzip2-compressed", _UNPACK),
    (b"\xfd7zXZ", "xz-compressed", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", _UNPACK),
    (b"PAR1\x15", "a Parquet file", "Give it the ending .parquet."),
    (b"\xd0\xcf\x11\xe0", "an old office document", _AS_TEXT),
    (b"{\\rtf", "an RTF document", _AS_TEXT),
    (b"SQLite format 3\0", "an SQLite database", "Export the articles as JSONL or CSV first."),
)
_ANY_SIGNATURE = tuple(signature for signature, _, _ in _SIGNATURES)

# The legacy encodings of the web (encoding.spec.whatwg.org), without those that hardly differ from one of these. The
# guesser's own list holds a hundred more, DOS and mainframe pages among them, and prefers them to the likely ones.
_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866"),
    *("iso8859_2", "koi8_r", "koi8_u", "gb18030", "big5", "euc_jp", "iso2022_jp", "cp932", "cp949"),
]
# What a label means on the web is the larger encoding of its family (same source).
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_C1_CONTROL = re.compile("[\x80-\x9f]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_CUT_SEQUENCE = re.compile(rb"[\xe0-\xef][\x80-\xbf](?![\x80-\xbf])|[\xf0-\xf4][\x80-\xbf]{1,2}(?![\x80-\xbf])")
_MAX_MESS = 0.05  # share of implausible characters in a guess, by the guesser's measure, that we still believe
_SAMPLE = 1 << 16

_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1b") + b"\x7f"


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of a whole file or line, without its byte order mark.

    `declared` is the encoding that the content names for itself (HTML's `<meta charset>`), believed after UTF-8.
    Raises UnreadableInput where the bytes are no text or their encoding is unsure.
    """
    refuse_other_formats(data)
    encoding = marked(data)
    if encoding is not None:
        return _strictly(data, encoding).removeprefix("\ufeff")
    if b"\0" in data:
        raise UnreadableInput(
            "binary content: it holds NUL bytes",
            hint=f"If it is UTF-16 text without a byte order mark, save it as UTF-8. {TO_UTF8}",
        )
    if len(data.translate(None, _CONTROLS)) < 0.9 * len(data):
        raise UnreadableInput("binary content: it is full of control characters", hint=TO_UTF8)
    if b"\x1b$" not in data:  # the escape of ISO-2022, which is valid but senseless UTF-8
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            _refuse_damaged_utf8(data, error)
    return _legacy(data, declared)


def refuse_other_formats(data: bytes) -> None:
    """Raises UnreadableInput where the first bytes are the signature of a format that is none of ours."""
    if data.startswith(_ANY_SIGNATURE):
        what, hint = next(meaning for signature, *meaning in _SIGNATURES if data.startswith(signature))
        raise UnreadableInput(f"not an article: it is {what}", hint=hint)


def marked(data: bytes) -> str | None:
    """The encoding that a byte order mark announces, or None."""
    if not data.startswith(_ANY_MARK):
        return None
    return next(encoding for mark, encoding in _MARKS if data.startswith(mark))


def lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Number (from 1) and bytes of each line, without its newline; None for a line longer than MAX_LINE.

    Holds one line at most. A stream that begins with a byte order mark of UTF-16 or UTF-32 comes out as UTF-8.
    Raises UnreadableInput where such a stream is damaged, for the rest of it cannot be told apart.
    """
    number, size = 1, 0
    parts: list[bytes] = []
    for chunk in _as_utf8(chunks):
        for index, piece in enumerate(chunk.split(b"\n")):
            if index:
                yield number, b"".join(parts) if size <= MAX_LINE else None
                number, size, parts = number + 1, 0, []
            size += len(piece)
            if size <= MAX_LINE:
                parts.append(piece)
    if size:
        yield number, b"".join(parts) if size <= MAX_LINE else None


def json_object(data: Any) -> dict[str, Any] | None:
    """The JSON object in a text or in bytes; None for whatever else it is, broken or nested too deeply."""
    try:
        loaded = json.loads(data)
    except (ValueError, TypeError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _as_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    chunks = iter(chunks)
    first = b""
    while len(first) < 4 and (more := next(chunks, b"")):
        first += more
    encoding = marked(first)
    if encoding is None or encoding == "utf-8":
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        yield decoder.decode(first).removeprefix("\ufeff").encode()
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        raise _damaged(encoding, error) from error


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(encoding, error) from error


def _damaged(encoding: str, error: UnicodeDecodeError) -> UnreadableInput:
    name = encoding.removesuffix("-le").removesuffix("-be").upper()
    return UnreadableInput(f"unreadable bytes: damaged {name} text ({error.reason})", hint="Fetch or export it again.")


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """Text of another encoding seldom forms UTF-8 sequences, whole or cut: where most are such, some bytes got lost."""
    loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    whole = sum(map(len, _NOT_ASCII.findall(loose))) - broken
    cut = len(_CUT_SEQUENCE.findall(data))
    if whole + cut >= broken - cut and whole + cut:
        raise UnreadableInput(
            f"unreadable bytes: damaged UTF-8 at byte {error.start} ({error.reason})",
            hint="Fetch or export it again, or drop the bad bytes: iconv -c -f UTF-8 -t UTF-8 FILE",
        )


def _legacy(data: bytes, declared: str | None) -> str:
    for encoding in (_known(declared) if declared else None, guess(data)):
        if encoding and (text := _try(data, encoding)) is not None:
            return text
    raise UnreadableInput("unreadable bytes: neither UTF-8 nor any other encoding that fits", hint=TO_UTF8)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    # A sure sign of a wrong choice: what Windows-1252 has for quote marks is a C1 control in the ISO encodings.
    return None if _C1_CONTROL.search(text) else text


def _known(label: str) -> str | None:
    """The codec for a declared label, if it is a legacy encoding of the web."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name.replace("-", "_") in _LEGACY or name.startswith("iso8859") else None


def guess(data: bytes) -> str | None:
    """The likeliest legacy encoding of these bytes by charset-normalizer, or None where it is unsure.

    Only lines with non-ASCII bytes are shown to it: in English text the rest would outvote them.
    Windows-1252 wins ties.
    """
    from charset_normalizer import from_bytes

    telling = data if b"\x1b$" in data else b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    matches = from_bytes(telling[:_SAMPLE], cp_isolation=_LEGACY, steps=20)
    best = matches.best()
    if best is None or best.chaos > _MAX_MESS:
        return None
    western = next((match for match in matches if "cp1252" in match.could_be_from_charset), best)
    tie = western.chaos <= best.chaos and western.coherence >= best.coherence
    return "cp1252" if tie and "cp1252" in western.could_be_from_charset else best.encoding
