"""Environment variables and `.env`, read once into one frozen object.

Secrets come only from here, never from command-line options, and stay `SecretStr` until a client is built.
"""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from extractor.errors import ConfigurationError

SHORTEST_SECRET = 8
"""Characters. A shorter "key" is a placeholder for a local server, and could be an ordinary word."""


class Settings(BaseSettings):
    """What `.env.example` documents. Order: environment, then `.env` in the working folder, then the defaults here."""

    model_config = SettingsConfigDict(
        env_prefix="EXTRACTOR_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",  # other programs' variables may stand in the same .env
        hide_input_in_errors=True,  # an error about a variable must not print its value
        frozen=True,
        populate_by_name=True,
    )

    model: str | None = None
    base_url: str | None = None
    cache_dir: Path = Path(".cache/extractor")
    concurrency: int = Field(default=8, ge=1, le=4096)
    timeout: float = Field(default=180.0, gt=0)
    temperature: float | None = Field(default=None, ge=0, le=2)
    api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("OPENAI_API_KEY"))
    openai_base_url: str | None = Field(default=None, validation_alias=AliasChoices("OPENAI_BASE_URL"))
    openrouter_api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("OPENROUTER_API_KEY"))
    plain_http_hosts: str = ""
    ollama_host: str = Field(default="http://127.0.0.1:11434", validation_alias=AliasChoices("OLLAMA_HOST"))

    @field_validator("api_key", "openai_api_key", "openrouter_api_key")
    @classmethod
    def _one_line(cls, key: SecretStr | None) -> SecretStr | None:
        """A line break at the end is a slip of an editor; one inside would be a header of its own."""
        if key is None:
            return None
        stripped = key.get_secret_value().strip()
        if not stripped.isascii() or not (stripped.isprintable() or not stripped):
            raise ValueError("a key is one line of ASCII characters")
        return SecretStr(stripped)

    def plain_http(self) -> set[str]:
        """Hosts that may be asked without encryption, in lower case."""
        return {host.strip().lower() for host in self.plain_http_hosts.split(",") if host.strip()}

    def secrets(self) -> list[str]:
        """Every secret that is set, for redaction."""
        keys = (self.api_key, self.openai_api_key, self.openrouter_api_key)
        return [key.get_secret_value() for key in keys if key is not None and key.get_secret_value()]


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with `***` in the place of each secret of at least SHORTEST_SECRET characters.

    The longest go first, for one may begin with another.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return text


@functools.cache
def load() -> Settings:
    """The settings of this process. Raises ConfigurationError, naming each bad variable but never its value."""
    _refuse_planted(Path(".env"))
    try:
        return Settings()
    except UnicodeDecodeError:
        raise ConfigurationError(".env is no UTF-8 text.", hint="See .env.example.") from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(f"A setting is not valid: {problems}", hint="See .env.example.") from None


def _refuse_planted(path: Path) -> None:
    """Raises ConfigurationError for the file of another user in a folder that everybody may write into, as in /tmp: it
    could send this user's articles and key to a server of that user's.
    """
    try:
        owner, folder = path.stat().st_uid, path.resolve().parent.stat()
    except OSError:
        return
    if hasattr(os, "geteuid") and owner not in (os.geteuid(), 0) and folder.st_mode & stat.S_IWOTH:
        raise ConfigurationError(
            f"{path.resolve()} belongs to another user, in a folder that everybody may write into.",
            hint="Work in a folder of your own.",
        )
