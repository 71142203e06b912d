"""Where a model's name leads: its server, its key, and what to say when either is missing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from extractor.errors import ConfigurationError
from extractor.settings import Settings

PREFIXES = ("openai", "openrouter", "ollama", "local")
RULES = "rules"
"""The model that needs no server, see rules.py."""

DEFAULT_OPENAI = "openai/gpt-4.1-mini"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_ADDRESS = "It has the form https://HOST/v1, or http://127.0.0.1:PORT/v1."


@dataclass(frozen=True)
class Provider:
    """A server that speaks the OpenAI chat protocol. `model` is the name that the server knows."""

    name: str
    model: str
    base_url: str
    api_key: SecretStr


def choose(model: str | None, settings: Settings, *, recorded: str | None = None) -> str:
    """The model to use when the user names none: the setting, the cassette's, OpenAI where a key is set, else the
    rules.
    """
    if chosen := model or settings.model or recorded:
        return chosen
    return DEFAULT_OPENAI if settings.openai_api_key else RULES


def find(name: str, settings: Settings, *, base_url: str | None = None, offline: bool = False) -> Provider:
    """The provider of "PREFIX/NAME". `offline` (a replay) needs neither key nor address. Raises ConfigurationError."""
    prefix, _, model = name.partition("/")
    if prefix not in PREFIXES or not model:
        raise ConfigurationError(
            f"There is no model {name!r}.",
            hint=f"Use rules, or one of {', '.join(f'{p}/NAME' for p in PREFIXES)} (local/NAME with --base-url).",
        )
    if offline:
        return Provider(name, model, "http://127.0.0.1:9/v1", SecretStr("replayed"))
    address = _address(prefix, settings, base_url)
    _check(address, settings)
    return Provider(name, model, address, _key(prefix, settings))


def _address(prefix: str, settings: Settings, base_url: str | None) -> str:
    if base_url:
        return base_url
    match prefix:
        case "openai":
            return settings.openai_base_url or "https://api.openai.com/v1"
        case "openrouter":
            return "https://openrouter.ai/api/v1"
        case "ollama":
            host = settings.ollama_host if "//" in settings.ollama_host else f"http://{settings.ollama_host}"
            return host.rstrip("/") + "/v1"
        case _ if settings.base_url:
            return settings.base_url
    raise ConfigurationError(
        "A local model needs the address of its server.",
        hint="Pass --base-url http://127.0.0.1:PORT/v1, or set EXTRACTOR_BASE_URL.",
    )


def _key(prefix: str, settings: Settings) -> SecretStr:
    if prefix == "ollama":
        return SecretStr("ollama")
    if prefix == "local":
        return settings.api_key or SecretStr("none")
    key = settings.openai_api_key if prefix == "openai" else settings.openrouter_api_key
    if key is None or not key.get_secret_value().strip():
        variable = f"{prefix.upper()}_API_KEY"
        raise ConfigurationError(
            f"{variable} is not set.",
            hint=f"Set {variable} in the environment or in .env; without a key: --model rules, or --replay CASSETTE.",
        )
    return key


def _check(address: str, settings: Settings) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError("The address of the server is malformed.", hint=_ADDRESS) from None
    if "@" in parts.netloc or parts.query or parts.fragment:  # not shown: who writes so means a key
        raise ConfigurationError(
            "The address of the server holds more than a host and a path.",
            hint="A key is set in the environment or in .env, where no other user of this machine can read it.",
        )
    # Backslashes and blanks are read differently by different programs: one checks a host, another asks its neighbour.
    is_plain = address.isprintable() and not set(address) & set("\\ ")
    if parts.scheme not in ("https", "http") or not host or not is_plain:
        raise ConfigurationError(f"{address!r} is no address of a server.", hint=_ADDRESS)
    if parts.scheme == "http" and host not in LOOPBACK | settings.plain_http():
        raise ConfigurationError(
            f"The server {host} is addressed over plain http: articles and keys could be read on the way.",
            hint="Use https://, or a server on this machine; or name the host in EXTRACTOR_PLAIN_HTTP_HOSTS.",
        )
