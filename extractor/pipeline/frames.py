"""Messages between a run and its worker processes: a length, then a line of JSON, then bytes as they are. And errors as
plain values, for any other process.

The pipes are the run's own, inherited by the workers; nothing from outside comes through them.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

from extractor import errors
from extractor.errors import ExtractorError, ModelError, ModelRejected

_LENGTH = struct.Struct("!Q")


def pack(message: dict[str, Any], payload: bytes = b"") -> bytes:
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" + payload
    return _LENGTH.pack(len(body)) + body


async def receive(stream: asyncio.StreamReader) -> tuple[dict[str, Any], bytes] | None:
    """The next message and its payload; None at the end of the stream."""
    try:
        (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
        head, _, payload = (await stream.readexactly(length)).partition(b"\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    message: dict[str, Any] = json.loads(head.decode("utf-8", "surrogatepass"))
    return message, payload


def describe(error: ExtractorError) -> dict[str, Any]:
    """An error of ours as plain values."""
    fields: dict[str, Any] = {"hint": error.hint}
    if isinstance(error, ModelError):
        fields |= error.cost()
    if isinstance(error, ModelRejected):
        fields["fatal"] = error.fatal
    return {"class": type(error).__name__, "message": str(error), "fields": fields}


def restore(described: dict[str, Any]) -> ExtractorError:
    """The error again, to be raised in this process."""
    error: ExtractorError = getattr(errors, described["class"])(described["message"], **described["fields"])
    return error
