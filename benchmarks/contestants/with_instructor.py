"""instructor's plain loop, as its documentation shows."""

from __future__ import annotations

import asyncio

import instructor
import instructor.v2.core.multimodal  # instructor imports it, and requests, at the first call
import openai
from shape import PROMPT, Reading
from timing import arguments, run

ARTICLES, URL, PLACES = arguments()


async def main() -> None:
    client = instructor.from_openai(openai.AsyncOpenAI(base_url=URL), mode=instructor.Mode.JSON_SCHEMA)
    places = asyncio.Semaphore(PLACES)

    async def one(text: str) -> None:
        messages = [{"role": "system", "content": PROMPT}, {"role": "user", "content": text}]
        async with places:
            assert await client.chat.completions.create(model="test", messages=messages, response_model=Reading)

    await asyncio.gather(*(one(article["text"]) for article in ARTICLES))


run(main())
