"""The way to the server: aiohttp underneath openai's client, which takes half of the processor time of httpx2's own
transport at high concurrency (benchmarks/throughput.py).

What a server may send is bounded: a body beyond MAX_ANSWER is refused before it fills the memory, and since a small
compressed body can hold a huge one, answers are asked for uncompressed and compressed ones are unpacked within the
same bound. Redirects are never followed, cookies never kept.
"""

from __future__ import annotations

import zlib

import aiohttp
import httpx2

MAX_ANSWER = 32 * 2**20
"""Bytes of a response body. The longest answers of current models are a hundredth of this."""

_NOT_PASSED_ON = {"content-encoding", "content-length", "transfer-encoding"}


class OversizedAnswer(httpx2.TransportError):
    """A response body is longer than MAX_ANSWER, or packed in a way that cannot be unpacked safely."""


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """An httpx2 transport over one aiohttp session. Raises httpx2.TimeoutException, ConnectError and ReadError."""

    def __init__(self, *, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    def _open(self, *, secure: bool) -> aiohttp.ClientSession:
        """The session belongs to the event loop that is running at the first request."""
        tls = httpx2.create_ssl_context() if secure else True  # reads the certificates: 20 ms that plain http can save
        connector = aiohttp.TCPConnector(limit=self._connections, ssl=tls, keepalive_timeout=30)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._session is None:
            self._session = self._open(secure=request.url.scheme == "https")
        timeout = request.extensions.get("timeout", {})
        headers = dict(request.headers)
        headers["accept-encoding"] = "identity"
        try:
            async with self._session.request(
                request.method,
                str(request.url),
                data=request.content,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout.get("read"), sock_connect=timeout.get("connect")),
            ) as response:
                body = await _read(response)
                kept = [(k, v) for k, v in response.raw_headers if k.decode("latin-1").lower() not in _NOT_PASSED_ON]
                return httpx2.Response(response.status, headers=kept, content=body, request=request)
        except TimeoutError as error:  # aiohttp's own timeouts are TimeoutErrors too
            raise httpx2.ReadTimeout(str(error) or "no answer in time", request=request) from error
        except aiohttp.ClientConnectorError as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        except aiohttp.ClientError as error:
            raise httpx2.ReadError(str(error) or type(error).__name__, request=request) from error

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > MAX_ANSWER:
            raise OversizedAnswer(f"the server's answer is longer than {MAX_ANSWER:,} bytes")
        chunks.append(chunk)
    body = b"".join(chunks)
    packed = response.headers.get("content-encoding", "identity").lower()
    return body if packed == "identity" else _unpack(body, packed)


def _unpack(body: bytes, packed: str) -> bytes:
    if packed not in ("gzip", "deflate"):
        raise OversizedAnswer(f"the server's answer is packed with {packed!r}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, told by the head
    try:
        unpacked = unpacker.decompress(body, MAX_ANSWER)
    except zlib.error as error:
        raise httpx2.DecodingError(f"the server's answer cannot be unpacked: {error}") from error
    if unpacker.unconsumed_tail:
        raise OversizedAnswer(f"the server's answer is longer than {MAX_ANSWER:,} bytes when unpacked")
    return unpacked
