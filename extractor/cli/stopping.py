"""Ctrl-C during a run."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

from extractor.cli.common import note


@contextlib.contextmanager
def stopping(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C lets the articles under way finish; a second one stops at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def on_interrupt() -> None:
        if not stop.is_set():
            note("Stopping: the articles under way are finished and written. Press Ctrl-C again to stop at once.")
            stop.set()
        elif task is not None:
            task.cancel()

    with contextlib.suppress(NotImplementedError):  # event loops on Windows know no signals: Ctrl-C stops at once there
        loop.add_signal_handler(signal.SIGINT, on_interrupt)
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        with contextlib.suppress(NotImplementedError):  # as above
            loop.remove_signal_handler(signal.SIGINT)
