"""pydantic-ai: one agent with native structured output."""

from __future__ import annotations

import asyncio

from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from shape import PROMPT, Reading
from timing import arguments, run

ARTICLES, URL, PLACES = arguments()


async def main() -> None:
    model = OpenAIChatModel("test", provider=OpenAIProvider(base_url=URL, api_key="sk-none"))
    agent, places = Agent(model, output_type=NativeOutput(Reading), instructions=PROMPT), asyncio.Semaphore(PLACES)

    async def one(text: str) -> None:
        async with places:
            assert (await agent.run(text)).output

    await asyncio.gather(*(one(article["text"]) for article in ARTICLES))


run(main())
