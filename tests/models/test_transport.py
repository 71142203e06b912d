"""The way to the server, and what a server may send."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from aiohttp import web
from pydantic import SecretStr

from extractor import errors
from extractor.models import transport
from extractor.models.chat import ChatModel
from extractor.models.interface import Answer, Question
from extractor.models.providers import Provider
from extractor.models.transport import AiohttpTransport, OversizedAnswer
from extractor.schema.reading import Reading
from tests.support import readings


@contextlib.contextmanager
def serving(
    body: bytes, *, tls: ssl.SSLContext | None = None, **headers: str
) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that answers everything with these bytes; and the headers of the requests."""
    loop, ready, seen = asyncio.new_event_loop(), threading.Event(), []
    stop, port = asyncio.Event(), 0

    async def handle(request: web.BaseRequest) -> web.Response:
        await request.read()
        seen.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(body=body, headers={"content-type": "application/json", **headers})

    async def main() -> None:
        nonlocal port
        runner = web.ServerRunner(web.Server(handle))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        port = runner.addresses[0][1]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    def serve() -> None:
        loop.run_until_complete(main())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1", seen
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _post(url: str) -> httpx2.Response:
    way = AiohttpTransport(connections=2)
    try:
        return await way.handle_async_request(httpx2.Request("POST", url, content=b"{}"))
    finally:
        await way.aclose()


async def test_answers_are_asked_for_unpacked_and_unpacked_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that packs all the same is understood; a small body that unpacks to a huge one is refused."""
    monkeypatch.setattr(transport, "MAX_ANSWER", 100_000)
    with serving(gzip.compress(b'{"a": 1}'), **{"content-encoding": "gzip"}) as (url, seen):
        assert (await _post(url)).json() == {"a": 1}
        assert seen[0]["accept-encoding"] == "identity"
    bomb, refused = gzip.compress(b" " * 50_000_000), "longer than 100,000 bytes when unpacked"
    with serving(bomb, **{"content-encoding": "gzip"}) as (url, _), pytest.raises(OversizedAnswer, match=refused):
        await _post(url)
    with serving(b"x", **{"content-encoding": "br"}) as (url, _), pytest.raises(OversizedAnswer, match="'br'"):
        await _post(url)
    with serving(b"no gzip", **{"content-encoding": "gzip"}) as (url, _), pytest.raises(httpx2.DecodingError):
        await _post(url)


async def test_an_endless_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it fills the memory."""
    monkeypatch.setattr(transport, "MAX_ANSWER", 100_000)
    with serving(b" " * 1_000_000) as (url, _), pytest.raises(OversizedAnswer, match="longer than 100,000 bytes"):
        await _post(url)


async def test_cookies_are_not_kept() -> None:
    """A session that a server opens does not follow the articles about."""
    with serving(b"{}", **{"set-cookie": "session=planted; Path=/"}) as (url, seen):
        way = AiohttpTransport(connections=2)
        for _ in range(2):
            await way.handle_async_request(httpx2.Request("POST", url, content=b"{}"))
        await way.aclose()
    assert [headers.get("cookie") for headers in seen] == [None, None]


async def test_certificates_are_verified() -> None:
    """The context for https asks for a certificate and checks whose it is."""
    context = httpx2.create_ssl_context()
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"
    with serving(b"{}") as (url, _), pytest.raises(httpx2.ConnectError):
        await _post(url.replace("http://", "https://"))


def _ask(url: str) -> Answer[Reading]:
    question = Question(({"role": "user", "content": "Read."},), Reading, readings.article(), "a1")

    async def once() -> Answer[Reading]:
        model = ChatModel(Provider("local/x", "x", url, SecretStr("k")), max_retries=1, reasks=1, longest_wait=0.01)
        try:
            return await model.ask(question)
        finally:
            await model.aclose()

    return asyncio.run(once())


def _completion(content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "x",
            "choices": [{"index": 0, "message": message}],
        }
    ).encode()


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b'{"id": "1", "choices": [{"mess', errors.ModelUnavailable, "a1: the server's response is no chat completion"),
        (b'"a string"', errors.ModelUnavailable, "no chat completion: a string"),
        (b"[" * 100_000, errors.ModelError, "a1: "),
        (_completion("[" * 100_000), errors.AnswerInvalid, "a1: the answer does not fit the schema"),
        (
            _completion('{"claims": ' + '{"a": ' * 10_000),
            errors.AnswerInvalid,
            "a1: the answer does not fit the schema",
        ),
    ],
)
def test_a_response_of_any_shape_is_an_error_and_no_crash(
    body: bytes, error: type[errors.ModelError], message: str
) -> None:
    """Cut off, no object, nested a hundred thousand deep: each is a ModelError that names the article."""
    with serving(body) as (url, _), pytest.raises(error, match=message):
        _ask(url)


def test_an_oversized_answer_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be as long the second time."""
    monkeypatch.setattr(transport, "MAX_ANSWER", 1000)
    with serving(b" " * 5000) as (url, seen):
        with pytest.raises(errors.AnswerInvalid, match="longer than 1,000 bytes"):
            _ask(url)
        assert len(seen) == 1


def test_a_server_that_tells_nonsense_about_tokens_is_no_trouble() -> None:
    """Negative, missing and non-numeric counts are taken for none."""
    body = json.loads(_completion(readings.empty().model_dump_json()))
    body["usage"] = {"prompt_tokens": -5, "completion_tokens": "many", "total_tokens": None}
    with serving(json.dumps(body).encode()) as (url, _):
        answer = _ask(url)
    assert (answer.usage.input_tokens, answer.usage.output_tokens, answer.usage.attempts) == (0, 0, 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem for 127.0.0.1, signed by nobody."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    names = ("-subj", "/CN=planted", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", "key.pem", "-out", "cert.pem")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *names)
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    return folder


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No request is sent. With SSL_CERT_FILE the user can name an authority of their own, and then it is."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with serving(b"{}", tls=context) as (url, seen):
        with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await _post(url)
        assert seen == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        monkeypatch.delenv("SSL_CERT_DIR", raising=False)
        assert (await _post(url)).status_code == 200
        with pytest.raises(httpx2.ConnectError, match="certificate is not valid for 'localhost'"):
            await _post(url.replace("127.0.0.1", "localhost"))


def test_no_proxy_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment names as a proxy, for other programs, sees neither articles nor keys."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        for form in (name, name.lower()):
            monkeypatch.setenv(form, "http://127.0.0.1:9")
    with serving(_completion(readings.empty().model_dump_json())) as (url, seen):
        assert _ask(url).value == readings.empty()
    assert len(seen) == 1
