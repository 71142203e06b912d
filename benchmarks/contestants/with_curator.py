"""curator: its own batch of online requests, with its cache in a fresh folder."""

from __future__ import annotations

import os
import tempfile
import time
from typing import Any

os.environ["CURATOR_CACHE_DIR"] = tempfile.mkdtemp()
os.environ["TELEMETRY_ENABLED"] = "false"
os.environ["CURATOR_DISABLE_RICH_DISPLAY"] = "1"

from bespokelabs import curator
from shape import PROMPT, Reading
from timing import arguments, report

ARTICLES, URL, PLACES = arguments()


class Reader(curator.LLM):
    response_format = Reading

    def prompt(self, row: dict[str, Any]) -> str:
        return PROMPT + str(row["text"])

    def parse(self, row: dict[str, Any], answer: Reading) -> dict[str, Any]:
        return {"id": row["id"], "claims": len(answer.claims)}


backend = {
    "base_url": URL,
    "max_concurrent_requests": PLACES,
    "max_requests_per_minute": 10**6,
    "max_tokens_per_minute": 10**9,
}
reader = Reader(model_name="gpt-4o-mini", backend="openai", backend_params=backend)
started, cpu = time.perf_counter(), time.process_time()
reader(ARTICLES)
report(time.perf_counter() - started, time.process_time() - cpu)
