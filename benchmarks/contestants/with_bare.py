"""aiohttp alone: posts prepared bodies and parses the JSON that comes back."""

from __future__ import annotations

import asyncio
import json

import aiohttp
from timing import arguments, run

ARTICLES, URL, PLACES = arguments()
PROMPT = "x" * 30_000
"""As long as the program's own prompt."""


async def main() -> None:
    places = asyncio.Semaphore(PLACES)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=PLACES)) as session:

        async def one(text: str) -> None:
            body = {"model": "test", "messages": [{"role": "user", "content": PROMPT + text}]}
            async with places, session.post(f"{URL}/chat/completions", json=body) as response:
                json.loads((await response.json())["choices"][0]["message"]["content"])

        await asyncio.gather(*(one(article["text"]) for article in ARTICLES))


run(main())
