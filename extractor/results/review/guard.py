"""Who may speak to the web application: the browser that was given the token, from the application's own page.

A page on the internet cannot reach a loopback server unless it gets through all of these:

- every path begins with a random token, which the program prints for the person who started it;
- requests for data carry the token in a header as well: no form, image or link of another page can set one, and a
  script of another page may only after a CORS preflight, which is never answered;
- the Host header names the loopback address: a foreign name that was made to point there (DNS rebinding) is refused;
- where the browser tells where a request comes from (Origin, Sec-Fetch-Site), it must be this very origin.

The answers tell the browser to load nothing from elsewhere, to run no other script, and to keep nothing.
"""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-review-token"  # noqa: S105 - the name of a header, not a token
MOST_BYTES = 1_000_000  # of a request

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
ANSWER_HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware in front of the application."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self.app = app
        self.token = token
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through or refuses it; puts the headers on every answer."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets here
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ANSWER_HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self.refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal is None:
            await self.app(scope, receive, send_with_headers)
        else:
            status, message = refusal
            await JSONResponse({"error": message}, status)(scope, receive, send_with_headers)

    def refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str] | None:
        """The status and the reason with which a request is refused; None for one that may pass."""
        host = headers.get("host", "")
        if host not in self.hosts:
            return 421, "This server answers to its loopback address alone."
        if headers.get("origin", f"http://{host}") != f"http://{host}":
            return 403, "The request comes from another page."
        token, _, rest = path.removeprefix("/").partition("/")
        if not self._is_token(token):
            return 403, "The address lacks the token. Open the one that `extractor review` printed."
        if not rest.startswith("api/"):
            return (405, "Pages are only read.") if method not in ("GET", "HEAD") else None
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":  # a link elsewhere may open the page itself
            return 403, "The request comes from another page."
        if not self._is_token(headers.get(TOKEN_HEADER, "")):
            return 403, "The request lacks the token in its header."
        if method == "POST":
            if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return 415, "Send JSON."
            length = headers.get("content-length", "")
            if not length.isdecimal() or int(length) > MOST_BYTES:
                return 413, "The request is too large."
        return None

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode("utf-8", "surrogatepass"), self.token.encode())
