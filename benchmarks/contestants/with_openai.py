"""openai alone: parse() with the schema, as its documentation shows."""

from __future__ import annotations

import asyncio

import openai
from shape import PROMPT, Reading
from timing import arguments, run

ARTICLES, URL, PLACES = arguments()


async def main() -> None:
    client, places = openai.AsyncOpenAI(base_url=URL), asyncio.Semaphore(PLACES)

    async def one(text: str) -> None:
        messages = [{"role": "system", "content": PROMPT}, {"role": "user", "content": text}]
        async with places:
            done = await client.chat.completions.parse(model="test", messages=messages, response_format=Reading)
        assert done.choices[0].message.parsed

    await asyncio.gather(*(one(article["text"]) for article in ARTICLES))


run(main())
