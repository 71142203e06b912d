"""Data inside of HTML: JSON in <script type="application/json"> elements, whatever strings it holds.

Such an element ends at the first "</script", and "<!--" changes how it is read (HTML Standard, 4.12.1.3, restrictions
for contents of script elements); with every "<" written as an escape neither can occur. Large data is deflated (zlib,
RFC 1950) and written in base64; the browser's DecompressionStream reads it.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

_ESCAPED = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_PLAIN_LIMIT = 64 * 1024  # characters; what is smaller stays readable in the page's source
_CHUNK = 1_000_000  # characters of text in one element: a few milliseconds to read
_LEVEL = 6


def to_json(value: Any) -> str:
    """JSON for HTML: no "<", ">", "&", line separator or lone surrogate stands in it as itself."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def block(id: str, value: Any) -> str:
    """A data element. The page reads it by its id; `data-encoding` says that it is compressed."""
    content = to_json(value)
    if len(content) <= _PLAIN_LIMIT:
        return f'<script type="application/json" id="{id}">{content}</script>\n'
    packed = base64.b64encode(zlib.compress(content.encode(), _LEVEL)).decode("ascii")
    return f'<script type="application/json" id="{id}" data-encoding="deflate">{packed}</script>\n'


def text_chunks(texts: list[str]) -> list[tuple[int, list[str]]]:
    """The texts in order, in lists of about a million characters, each with the number of its first text."""
    chunks: list[tuple[int, list[str]]] = []
    size = _CHUNK
    for number, text in enumerate(texts):
        if size + len(text) > _CHUNK:
            chunks.append((number, []))
            size = 0
        chunks[-1][1].append(text)
        size += len(text)
    return chunks


def blocks(index: dict[str, Any], texts: list[str]) -> Iterator[str]:
    """All data elements of a page: `index`, and `texts-0`, `texts-1`, …; the index says where each chunk starts."""
    chunks = text_chunks(texts)
    yield block("index", index | {"chunks": [first for first, _ in chunks]})
    for number, (_, chunk) in enumerate(chunks):
        yield block(f"texts-{number}", chunk)
