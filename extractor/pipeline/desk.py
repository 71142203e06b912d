"""One desk per event loop: articles are finished there one at a time.

Grounding, dating and auditing an article keep the processor busy for some milliseconds. When many answers come in
together, finishing them all at once would keep the loop from sending the next questions, and the server would stand
idle. At the desk one article is finished after the other, and between two of them the loop turns a few times, so
that everything that waits for the network goes first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakKeyDictionary

_TURNS = 4
"""Turns of the loop from an answer that comes in to the next question that goes out in its place."""

_desks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


@contextlib.asynccontextmanager
async def at_desk() -> AsyncIterator[None]:
    """Waits until the desk of the running loop is free: who came first is served first."""
    loop = asyncio.get_running_loop()
    desk = _desks.setdefault(loop, asyncio.Lock())
    async with desk:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        yield
