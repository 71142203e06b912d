"""What all contestants share: their arguments, and how they tell what they took."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Coroutine
from typing import Any


def arguments() -> tuple[list[dict[str, Any]], str, int]:
    """The articles, the server's address, and how many calls may be under way."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        return [json.loads(line) for line in stream], sys.argv[2], int(sys.argv[3])


def report(seconds: float, cpu: float) -> None:
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


def run(main: Coroutine[Any, Any, object]) -> None:
    """Runs and reports; importing has been done before."""
    import asyncio

    started, cpu = time.perf_counter(), time.process_time()
    asyncio.run(main)
    report(time.perf_counter() - started, time.process_time() - cpu)
