"""An OpenAI-compatible chat server on loopback that answers from a script and misbehaves on order.

It runs in a thread of its own, so that tests of synchronous commands, of coroutines and of other processes can all use
it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Call:
    """One request as it arrived: its JSON body, its headers, and its number (from 0) among calls with the same body."""

    body: dict[str, Any]
    headers: dict[str, str]
    repeat: int

    @property
    def article(self) -> str:
        """The article's text, as it stands between the marker lines of the last message."""
        content: str = self.body["messages"][1]["content"]
        return content.split(" ----\n", 1)[1].rsplit("\n---- article", 1)[0]


@dataclass
class Reply:
    """What to send back. `answer` becomes the model's message; the other fields make it go wrong."""

    answer: dict[str, Any] | str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    refusal: str | None = None
    delay: float = 0.0
    drop: bool = False
    error: dict[str, Any] | None = None
    raw: str | None = None


Script = Callable[[Call], Reply]


def completion(call: Call, reply: Reply) -> dict[str, Any]:
    """The response body: the answer as content, or as the tool call that the request asks for."""
    text = reply.answer if isinstance(reply.answer, str | None) else json.dumps(reply.answer, ensure_ascii=False)
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": reply.refusal}
    if call.body.get("tools") and text and reply.refusal is None:
        function = {"name": call.body["tools"][0]["function"]["name"], "arguments": text}
        message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": call.body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish, "logprobs": None}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }


class Server:
    """The server; `script` decides every reply, `calls` keeps every request, `answered` counts complete responses."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls: list[Call] = []
        self.answered = 0
        self.most_in_flight = 0
        self._in_flight = 0
        self._seen: Counter[str] = Counter()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        key = json.dumps(body, sort_keys=True)
        call = Call(body, dict(request.headers), self._seen[key])
        self._seen[key] += 1
        self.calls.append(call)
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            reply = self.script(call)
            if reply.delay:
                await asyncio.sleep(reply.delay)
            return await self._respond(request, call, reply)
        finally:
            self._in_flight -= 1

    async def _respond(self, request: web.Request, call: Call, reply: Reply) -> web.StreamResponse:
        if reply.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        headers = {
            "x-request-id": "req_1",
            "openai-organization": "org-planted",
            "set-cookie": "session=planted",
            **reply.headers,
        }
        if reply.status != 200:
            error = reply.error or {
                "message": f"scripted {reply.status}",
                "type": "scripted",
                "code": None,
                "param": None,
            }
            return web.json_response({"error": error}, status=reply.status, headers=headers)
        text = reply.raw if reply.raw is not None else json.dumps(completion(call, reply), ensure_ascii=False)
        response = web.Response(text=text, content_type="application/json", headers=headers)
        await response.prepare(request)
        await response.write_eof()
        self.answered += 1
        return response

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self) -> None:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes([web.post("/v1/chat/completions", self._chat)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        """Serves while the block runs."""
        self._thread.start()
        self._ready.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()


def seeded(rates: dict[str, float], answer: Callable[[Call], dict[str, Any]], seed: int = 0) -> Script:
    """A script that fails at these rates, the same way in every run: by a random number that depends on the article and
    the repeat.

    Known faults: "429", "500", "hang", "drop", "invalid" (JSON that does not fit the schema), "invented" (a quote that
    is not in the article), "cut" (truncated JSON), "garbled" (a response that ends in its middle).
    """

    def script(call: Call) -> Reply:
        draw = random.Random(f"{seed}:{call.article}:{call.repeat}").random()
        for fault, rate in rates.items():
            draw -= rate
            if draw < 0:
                return _FAULTS[fault](answer(call))
        return Reply(answer(call))

    return script


_FAULTS: dict[str, Callable[[dict[str, Any]], Reply]] = {
    "429": lambda _: Reply(status=429, headers={"retry-after": "0"}),
    "500": lambda _: Reply(status=500),
    "hang": lambda answer: Reply(answer, delay=60),
    "garbled": lambda _: Reply(raw='{"id": "chatcmpl-1", "choices": [{"mess'),
    "drop": lambda _: Reply(drop=True),
    "invalid": lambda _: Reply({"speakers": "nobody"}),
    "cut": lambda answer: Reply(json.dumps(answer)[:40]),
    "invented": lambda answer: Reply(
        {**answer, "claims": [{**claim, "quote": "Nobody ever said this."} for claim in answer["claims"]]}
    ),
}


class Limited:
    """A script behind a rate limit, by a sliding window. It counts what it let through and what it turned away.

    With `headers` every reply tells the limit as OpenAI does; a rejection asks to come back when there is room.
    """

    def __init__(self, script: Script, limit: int, seconds: float = 60.0, *, headers: bool = False) -> None:
        self._script, self._limit, self._seconds, self._headers = script, limit, seconds, headers
        self._taken: deque[float] = deque()
        self.accepted = self.violations = 0
        self._first = self._last = 0.0

    @property
    def pace(self) -> float:
        """Calls a second that were let through, from the first to the last of them."""
        return (self.accepted - 1) / (self._last - self._first)

    def __call__(self, call: Call) -> Reply:
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()
        if len(self._taken) >= self._limit:
            self.violations += 1
            return Reply(status=429, headers={"retry-after-ms": f"{self._wait(now) * 1000:.0f}", **self._told(now)})
        self._taken.append(now)
        self.accepted += 1
        self._first, self._last = self._first or now, now
        reply = self._script(call)
        reply.headers |= self._told(now)
        return reply

    def _wait(self, now: float) -> float:
        return self._taken[0] + self._seconds - now

    def _told(self, now: float) -> dict[str, str]:
        if not self._headers:
            return {}
        return {
            "x-ratelimit-limit-requests": str(round(self._limit * 60 / self._seconds)),
            "x-ratelimit-remaining-requests": str(self._limit - len(self._taken)),
            "x-ratelimit-reset-requests": f"{self._wait(now):.3f}s" if self._taken else "0s",
        }
