"""The input, read beside the event loop: a slow disk or a pipe must not hold up the answers that come in."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Takes a few items of `source` ahead, in a thread of its own. An item can be had as soon as the source yields it.

    The thread is a daemon: a pipe on which nothing comes any more does not keep the program alive.
    """

    def __init__(self, source: Iterator[T], ahead: int) -> None:
        self._source = source
        self._ahead = ahead
        self._items: deque[T] = deque()
        self._error: BaseException | None = None
        self._ended = self._closed = False
        self._room = threading.Condition()
        self._loop = asyncio.get_running_loop()
        self.changed = asyncio.Event()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def exhausted(self) -> bool:
        """Whether there is nothing more to come."""
        return self._ended and not self._items and self._error is None

    def take(self) -> T | None:
        """The next item, or None where there is none yet. Raises what the source raised."""
        if self._items:
            item = self._items.popleft()
            if len(self._items) == self._ahead // 2:  # woken once for many items, not for each
                with self._room:
                    self._room.notify()
            return item
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        return None

    def close(self) -> None:
        """Reads no further."""
        with self._room:
            self._closed = True
            self._room.notify()

    def _read(self) -> None:
        try:
            for item in self._source:
                self._items.append(item)
                self._tell()
                with self._room:
                    if len(self._items) >= self._ahead:
                        self._room.wait_for(lambda: self._closed or len(self._items) <= self._ahead // 2)
                    if self._closed:
                        return
        except BaseException as error:  # noqa: BLE001  # raised again where the items are taken
            self._error = error
        finally:
            self._ended = True
            self._tell()

    def _tell(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self.changed.set)
        except RuntimeError:  # the loop is closed: nobody waits any more
            self._closed = True
