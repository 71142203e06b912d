"""Where a model's name leads, and which addresses are asked at all."""

from __future__ import annotations

import httpx2
import pytest

from extractor import settings
from extractor.errors import ConfigurationError
from extractor.models import providers
from extractor.settings import Settings


def address(base_url: str, told: Settings | None = None) -> str:
    return providers.find("local/x", told or Settings(), base_url=base_url).base_url


@pytest.mark.parametrize(
    "good", ["https://example.org/v1", "http://127.0.0.1:8000/v1", "http://localhost:1/v1", "http://[::1]:1/v1"]
)
def test_the_host_that_was_checked_is_the_host_that_is_asked(good: str) -> None:
    """The client reads the address as the check does."""
    assert address(good) == good
    assert httpx2.URL(good).host in (*providers.LOOPBACK, "example.org")


@pytest.mark.parametrize(
    "bad",
    [
        *("http://example.org/v1", "HTTP://example.org", "http://0.0.0.0/v1", "http://127.0.0.1.example.org/v1"),
        *("http://192.168.1.5/v1", "http://127.1/v1", "http://localhost.example.org/v1"),
    ],
)
def test_other_machines_are_not_asked_over_plain_http(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """From whichever setting the address comes; the way out is named."""
    with pytest.raises(ConfigurationError, match="plain http: articles and keys could be read") as caught:
        address(bad)
    assert "EXTRACTOR_PLAIN_HTTP_HOSTS" in caught.value.hint
    for name, variable in (
        ("openai/x", "OPENAI_BASE_URL"),
        ("ollama/x", "OLLAMA_HOST"),
        ("local/x", "EXTRACTOR_BASE_URL"),
    ):
        monkeypatch.setenv(variable, bad)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-planted")
        with pytest.raises(ConfigurationError, match="plain http"):
            providers.find(name, Settings())


def test_plain_http_to_a_host_that_the_user_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those hosts alone, whatever their case, and no other that begins or ends like them."""
    monkeypatch.setenv("EXTRACTOR_PLAIN_HTTP_HOSTS", "GPU-box, 10.0.0.5")
    told = settings.load()
    for good in ("http://gpu-box:8000/v1", "http://10.0.0.5/v1"):
        assert address(good, told) == good
    for bad in ("http://gpu-box.example.org/v1", "http://10.0.0.50/v1", "http://box/v1", "http://-/v1"):
        with pytest.raises(ConfigurationError, match="plain http"):
            address(bad, told)


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "https://sk-planted@example.org/v1",
            "https://user:sk-planted@example.org/v1",
            "http://:sk-planted@127.0.0.1/",
        ),
        *("https://example.org/v1?api-key=sk-planted", "https://example.org/v1#sk-planted"),
        "http://127.0.0.1@sk-planted.example/",
    ],
)
def test_an_address_with_a_key_in_it_is_refused_and_not_shown(bad: str) -> None:
    """It would stand in the arguments, and in whatever names the server."""
    with pytest.raises(ConfigurationError, match="more than a host and a path") as caught:
        address(bad)
    assert "sk-planted" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "",
            "//example.org",
            "example.org",
            "ftp://example.org",
            "file:///etc/passwd",
            "http://",
            "http:/example.org",
        ),
        *(
            "http://[bad/v1",
            "http://127.0.0.1:x/v1",
            "https://example.org\\",
            "https://exa mple.org",
            "https://e\x00.org",
        ),
        *("http://127.0.0.1\\.example.org/v1", "https://example.org/\n"),
    ],
)
def test_what_is_no_address_is_told(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """Also what two programs would read in two ways."""
    monkeypatch.setenv("EXTRACTOR_BASE_URL", "also none")
    with pytest.raises(ConfigurationError, match=r"no address of a server|malformed"):
        address(bad)
