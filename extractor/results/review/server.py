"""The web application: pages and data on the loopback address, for one reviewer.

GET  /TOKEN/               the page; /TOKEN/assets/… its style and scripts
GET  /TOKEN/api/desk       who reviews what, and the allowed values of every field
GET  /TOKEN/api/queue      rows around an entry
GET  /TOKEN/api/entry      one entry with its history
GET  /TOKEN/api/article    a text with its sources and passages
GET  /TOKEN/api/changes    the progress, and a number that changes with every decision of anybody
POST /TOKEN/api/check      what a form comes to: quote, days, problems
POST /TOKEN/api/decide     accept, reject, correct, comment, agree
POST /TOKEN/api/add        an item that the run missed
POST /TOKEN/api/speaker    correct a source
POST /TOKEN/api/undo       take back the last decision
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any, get_args

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from extractor.errors import ExtractorError
from extractor.results.palette import palette
from extractor.results.review import answers
from extractor.results.review.board import Order, Show
from extractor.results.review.contents import LAYERS
from extractor.results.review.desk import CHOICES, Desk, Refused
from extractor.results.review.guard import MOST_BYTES, Guard
from extractor.results.review.standing import Key

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_ASSETS = resources.files(__package__).joinpath("assets")

Handler = Callable[[Request], Awaitable[Response]]


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def bind(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; port 0 takes a free one. Raises OSError."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)  # from now on a browser waits instead of being refused
    except OSError:
        listener.close()
        raise
    return listener


def serve(app: Starlette, listener: socket.socket) -> None:
    """Answers requests until the program is interrupted."""
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=2
    )
    uvicorn.Server(config).run(sockets=[listener])


def application(desk: Desk, token: str, port: int) -> Starlette:
    """The application on a port; all its paths begin with the token."""
    api = _Api(desk)
    reads: dict[str, Handler] = {
        "desk": api.desk,
        "queue": api.queue,
        "entry": api.entry,
        "article": api.article,
        "changes": api.changes,
    }
    writes: dict[str, Handler] = {
        "check": api.check,
        "decide": api.decide,
        "add": api.add,
        "speaker": api.speaker,
        "undo": api.undo,
    }
    routes = [
        Route("/{token}/", _page),
        Route("/{token}/assets/{name}", _asset),
        *(Route(f"/{{token}}/api/{name}", _answering(handler), methods=["GET"]) for name, handler in reads.items()),
        *(Route(f"/{{token}}/api/{name}", _answering(handler), methods=["POST"]) for name, handler in writes.items()),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, token=token, port=port)])


async def _page(_: Request) -> Response:
    return _file("page.html")


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "palette.css":
        return Response(palette(), media_type=_TYPES["css"])
    if name not in {file.name for file in _ASSETS.iterdir()}:
        return JSONResponse({"error": "There is no such file."}, 404)
    return _file(name)


def _file(name: str) -> Response:
    return Response(_ASSETS.joinpath(name).read_bytes(), media_type=_TYPES[name.rpartition(".")[2]])


def _answering(handler: Handler) -> Handler:
    """Errors of the program as answers that the page can show."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as error:
            problems = [{"field": where, "message": sentence} for where, sentence in error.problems]
            return JSONResponse({"error": str(error), "problems": problems}, 422)
        except _Malformed as error:
            return JSONResponse({"error": str(error)}, 400)
        except KeyError as error:
            return JSONResponse({"error": f"There is no {error.args[0]} here."}, 404)
        except ExtractorError as error:
            return JSONResponse({"error": f"{error} {error.hint}".strip()}, 500)

    return answer


class _Malformed(ValueError):
    """A request that the page would not send."""


class _Api:
    """The requests for data. Each takes in first what other reviewers did."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def desk(self, _: Request) -> Response:
        self._desk.refresh()
        path = self._desk.shelf.path
        told = {"reviewer": self._desk.reviewer, "file": path.name, "reviews": self._desk.log.path.name}
        return JSONResponse(
            {**told, "articles": len(self._desk.shelf), "choices": CHOICES, **answers.overview(self._desk)}
        )

    async def queue(self, request: Request) -> Response:
        self._desk.refresh()
        query = request.query_params
        order: Any = _one_of(query.get("order", "doubtful"), get_args(Order))
        show: Any = _one_of(query.get("show", "todo"), get_args(Show))
        layer: Any = _one_of(query["layer"], LAYERS) if query.get("layer") else None
        around = (query["article"], query["item"]) if "article" in query and "item" in query else None
        return JSONResponse(answers.queue(self._desk, order, show, layer, around))

    async def entry(self, request: Request) -> Response:
        self._desk.refresh()
        return JSONResponse(answers.entry(self._desk, _key(request.query_params)))

    async def article(self, request: Request) -> Response:
        self._desk.refresh()
        return JSONResponse(answers.article(self._desk, request.query_params["id"]))

    async def changes(self, _: Request) -> Response:
        self._desk.refresh()
        return JSONResponse(answers.overview(self._desk))

    async def check(self, request: Request) -> Response:
        body = await _body(request)
        key = _key(body) if body.get("item") else None
        checked = self._desk.check(str(body["article"]), _layer(body), _form(body), key)
        return JSONResponse(
            {
                "problems": [{"field": where, "message": sentence} for where, sentence in checked.problems],
                "quote": checked.quote and checked.quote.model_dump(mode="json"),
                "when": checked.when and checked.when.model_dump(mode="json"),
            }
        )

    async def decide(self, request: Request) -> Response:
        body = await _body(request)
        self._desk.refresh()
        if body.get("what") == "agree":
            key = self._desk.agree(_key(body), str(body.get("who")))
        else:
            comment = body.get("comment")
            comment = None if comment is None else str(comment)
            key = self._desk.decide(_key(body), str(body.get("what")), _form(body), comment)
        return JSONResponse(answers.entry(self._desk, key))

    async def add(self, request: Request) -> Response:
        body = await _body(request)
        self._desk.refresh()
        return JSONResponse(answers.entry(self._desk, self._desk.add(str(body["article"]), _layer(body), _form(body))))

    async def speaker(self, request: Request) -> Response:
        body = await _body(request)
        self._desk.refresh()
        self._desk.correct_speaker(str(body["article"]), str(body["name"]), _form(body))
        return JSONResponse(answers.overview(self._desk))

    async def undo(self, request: Request) -> Response:
        body = await _body(request)
        self._desk.refresh()
        key = self._desk.undo(_key(body) if body.get("item") else None)
        told = {"article": key[0], "item": key[1]} if key else None
        return JSONResponse({"undone": told, **answers.overview(self._desk)})


async def _body(request: Request) -> dict[str, Any]:
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise _Malformed("The request is too large.")
    try:
        body = json.loads(content)
        content.decode("utf-8")
        json.dumps(body, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise _Malformed("This is no JSON text.") from None
    if not isinstance(body, dict):
        raise _Malformed("A JSON object is expected.")
    return body


def _key(told: Any) -> Key:
    return str(told["article"]), str(told["item"])


def _layer(body: dict[str, Any]) -> Any:
    return _one_of(body.get("layer"), LAYERS)


def _form(body: dict[str, Any]) -> dict[str, Any]:
    form = body.get("form") or {}
    if not isinstance(form, dict):
        raise _Malformed("A form is an object.")
    return form


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise _Malformed(f"{value!r} is none of {', '.join(map(str, allowed))}.")
    return value
