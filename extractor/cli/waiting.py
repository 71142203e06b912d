"""What is said while a run stands still: that the server asks to wait, and for how long."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.models.busy import Busy
    from extractor.models.limits import Gate

_EVERY = 0.5
"""Seconds between two looks. Nothing else happens while a run waits: somebody has to look."""


@contextlib.asynccontextmanager
async def watching(gate: Gate, tell: Callable[[Busy | None], None]) -> AsyncIterator[None]:
    """Tells again and again, within the block, whether the server keeps the run waiting."""

    async def look() -> None:
        while True:
            tell(gate.busy())
            await asyncio.sleep(_EVERY)

    looking = asyncio.ensure_future(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def sentence(busy: Busy) -> str:
    """For a line of its own."""
    said = "turns calls away without saying for how long"
    if busy.asked is not None:
        said = f"asks to wait another {_span(busy.asked)}"
    return f"No call got through for {_span(busy.since)}: the server {said}{_once_a_minute(busy)}."


def phrase(busy: Busy) -> str:
    """For a line that holds other things too, and changes as time goes by."""
    if busy.asked is None:
        return f"the server turns calls away, for {_span(busy.since)} now"
    return f"the server asks to wait another {_span(busy.asked)}"


def _once_a_minute(busy: Busy) -> str:
    from extractor.models.pace import LONGEST_PAUSE

    return "; it is asked again every minute or so" if busy.asked is not None and busy.asked > LONGEST_PAUSE else ""


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    hours = seconds / 3600
    return f"{hours:.0f} h" if hours < 100 else "100 h or more"
