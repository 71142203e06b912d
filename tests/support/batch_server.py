"""The files and batches of an OpenAI-compatible server, on loopback, answered from the same scripts as the chat server.

`answer` alone turns request lines into response lines, for tests that need no server.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.server import Call, Reply, Script, completion


def answer(lines: Iterable[bytes], script: Script) -> tuple[list[bytes], list[bytes]]:
    """Output lines and error lines, each in an order of their own, as the API gives them.

    A reply with a status other than 200 becomes a line of the error file; one that drops the connection is a request
    that the batch never came to (it expired).
    """
    seen: Counter[str] = Counter()
    good, bad = [], []
    for line in lines:
        request = json.loads(line)
        assert set(request) == {"custom_id", "method", "url", "body"}
        assert (request["method"], request["url"]) == ("POST", "/v1/chat/completions")
        body = request["body"]
        key = json.dumps(body, sort_keys=True)
        call = Call(body, {}, seen[key])
        seen[key] += 1
        reply = script(call)
        row = {"id": f"batch_req_{len(good) + len(bad)}", "custom_id": request["custom_id"]}
        if reply.drop:
            error = {"code": "batch_expired", "message": "This request could not be executed before the batch expired."}
            bad.append({**row, "response": None, "error": error})
        elif reply.status != 200:
            failed = {"error": reply.error or {"message": f"scripted {reply.status}", "code": None}}
            response = {"status_code": reply.status, "request_id": "req_1", "body": failed}
            bad.append({**row, "response": response, "error": None})
        else:
            response = {"status_code": 200, "request_id": "req_1", "body": completion(call, reply)}
            good.append({**row, "response": response, "error": None})
    return _lines(reversed(good)), _lines(bad)


def _lines(rows: Iterable[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]


@dataclass
class BatchServer:
    """The server. A batch needs `looks` looks at it to end. Requests that name one of `faults` ("files", "create",
    "retrieve", "content") fail once for each time that it stands there. `refusals` are messages with which batches are
    refused as a whole, used up one by one.
    """

    script: Script
    looks: int = 1
    faults: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def _add(self, data: bytes) -> str:
        self.files[name := f"file-{len(self.files) + 1}"] = data
        return name

    def _arrived(self, request: web.Request, what: str) -> None:
        self.requests.append((request.method, request.path))
        self.keys.add(request.headers.get("authorization", ""))
        if what in self.faults:
            self.faults.remove(what)
            message = f"scripted fault; you sent {request.headers.get('authorization')}"
            error = json.dumps({"error": {"message": message, "type": "scripted", "code": None}})
            raise web.HTTPBadRequest(text=error, content_type="application/json")

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert form["purpose"] == "batch"
        upload = form["file"]
        assert isinstance(upload, web.FileField)
        name = self._add(upload.file.read())
        self._arrived(request, "files")
        size = len(self.files[name])
        return web.json_response(
            {
                "id": name,
                "object": "file",
                "bytes": size,
                "created_at": 1,
                "filename": upload.filename,
                "purpose": "batch",
                "status": "processed",
            }
        )

    async def _content(self, request: web.Request) -> web.Response:
        self._arrived(request, "content")
        return web.Response(body=self.files[request.match_info["id"]], content_type="application/octet-stream")

    async def _create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        assert (asked["endpoint"], asked["completion_window"]) == ("/v1/chat/completions", "24h")
        name = f"batch_{len(self.batches) + 1}"
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "endpoint": asked["endpoint"],
            "completion_window": "24h",
            "input_file_id": asked["input_file_id"],
            "metadata": asked.get("metadata"),
            "status": "validating",
            "created_at": 1,
            "output_file_id": None,
            "error_file_id": None,
            "looked": 0,
        }
        self._arrived(request, "create")  # a fault here is an answer lost on its way: the batch is there
        return web.json_response(self.batches[name])

    async def _retrieve(self, request: web.Request) -> web.Response:
        self._arrived(request, "retrieve")
        batch = self.batches[request.match_info["id"]]
        batch["looked"] += 1
        if batch["status"] == "validating" and self.refusals:
            message = {"code": "token_limit_exceeded", "message": self.refusals.pop(0), "line": None, "param": None}
            batch |= {"status": "failed", "errors": {"object": "list", "data": [message]}}
        elif batch["status"] in ("validating", "in_progress"):
            batch["status"] = "in_progress"
            if batch["looked"] >= self.looks:
                self._complete(batch)
        return web.json_response(batch)

    def _complete(self, batch: dict[str, Any]) -> None:
        lines = self.files[batch["input_file_id"]].splitlines()
        good, bad = answer(lines, self.script)
        batch["output_file_id"] = self._add(b"".join(good)) if good else None
        batch["error_file_id"] = self._add(b"".join(bad)) if bad else None
        batch["request_counts"] = {"total": len(lines), "completed": len(good), "failed": len(bad)}
        batch["status"] = "completed"

    async def _list(self, request: web.Request) -> web.Response:
        self._arrived(request, "list")
        newest = list(reversed(self.batches.values()))
        return web.json_response({"object": "list", "data": newest, "has_more": False})

    async def _main(self, ready: threading.Event, stop: asyncio.Event) -> None:
        app = web.Application(client_max_size=2**28)
        app.add_routes(
            [
                web.post("/v1/files", self._upload),
                web.get("/v1/files/{id}/content", self._content),
                web.post("/v1/batches", self._create),
                web.get("/v1/batches/{id}", self._retrieve),
                web.get("/v1/batches", self._list),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    @contextlib.contextmanager
    def running(self) -> Iterator[BatchServer]:
        """Serves, in a thread of its own, while the block runs."""
        ready, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(target=lambda: loop.run_until_complete(self._main(ready, stop)), daemon=True)
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


__all__ = ["BatchServer", "Reply", "answer"]
