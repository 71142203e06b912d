"""No secret in anything that is written or printed: a key is planted, and everything is searched for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor import settings
from extractor.cli.common import printable
from extractor.errors import ConfigurationError
from tests.support import articles
from tests.support.server import Call, Reply, Script, Server

KEY = "sk-planted-4f9b1c7de02a"
Serve = Callable[[Script], Server]


def _run(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "extractor", *map(str, arguments)]
    variables = {
        **os.environ,
        "OPENAI_API_KEY": KEY,
        "EXTRACTOR_API_KEY": KEY,
        "OPENROUTER_API_KEY": KEY,
        **environment,
    }
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, check=False)


def _misbehaving(call: Call) -> Reply:
    """Answers that repeat the key they were sent, in every place where a server can put it."""
    echo = call.headers["Authorization"]
    number = int(call.article.split()[1].rstrip("."))
    if number == 1:
        return Reply(refusal=f"not with {echo}")
    if number == 2:
        return Reply(f"nonsense {echo}")
    if number == 3:
        return Reply(status=400, error={"message": f"bad {echo}", "type": "x", "code": None, "param": None})
    return Reply(articles.answer(call), headers={"x-echo": echo, "set-cookie": echo})


def test_a_planted_key_is_found_nowhere(serve: Serve, tmp_path: Path) -> None:
    """Records, failures, manifest, cassette, cache, stdout, stderr, help and tracebacks."""
    server = serve(_misbehaving)
    source = articles.write_jsonl(tmp_path / "in.jsonl", range(6))
    cache = str(tmp_path / "cache")
    options = ("-o", "out.jsonl", "--model", "openai/test", "--base-url", server.url)
    printed = [
        _run(tmp_path, "run", source, *options, "--record", "c.json", EXTRACTOR_CACHE_DIR=cache),
        _run(tmp_path, "run", source, *options, "--overwrite", EXTRACTOR_CACHE_DIR=cache, OPENAI_LOG="info"),
        _run(tmp_path, "run", "--help"),
        _run(tmp_path, "cassette", "inspect", "c.json"),
        _run(tmp_path, "run", source, "-o", "bad.jsonl", "--model", "openai/x", EXTRACTOR_CONCURRENCY=KEY),
        _run(tmp_path, "run", source, "-o", "bad.jsonl", "--model", "openai/x", "--base-url", "http://example.org"),
    ]
    assert server.calls[0].headers["Authorization"] == f"Bearer {KEY}"
    assert [done.returncode for done in printed] == [1, 1, 0, 0, 2, 2]
    for done in printed:
        assert KEY.encode() not in done.stdout + done.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"out.jsonl", "out.failed.jsonl", "out.run.json", "c.json", "cache.db"} <= {path.name for path in written}
    leaks = [str(path.relative_to(tmp_path)) for path in written if KEY.encode() in path.read_bytes()]
    assert leaks == []


def test_a_crash_shows_no_key(tmp_path: Path) -> None:
    """A traceback of a fault of ours prints no local variables."""
    code = (
        "import extractor.settings as s, extractor.cli.main as m, extractor.files.prompts as p\n"
        "def broken(*_):\n    key = s.load().openai_api_key.get_secret_value()\n    raise RuntimeError('fault')\n"
        "p.load = broken\nm.app(['prompts', 'show'])"
    )
    environment = {**os.environ, "OPENAI_API_KEY": KEY}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert b"RuntimeError" in done.stderr
    assert KEY.encode() not in done.stdout + done.stderr


def test_settings_hide_their_secrets(tmp_path: Path) -> None:
    """The settings' text form has no key, and unrelated variables in .env do no harm."""
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={KEY}\nSOMETHING_ELSE={KEY}\n")
    code = "import extractor.settings as s; x = s.load(); print(repr(x), x.model_dump_json(), len(x.secrets()))"
    environment = {k: v for k, v in os.environ.items() if "API_KEY" not in k}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert KEY.encode() not in done.stdout
    assert done.stdout.rstrip().endswith(b"1")


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        (f"bad key {KEY}, {KEY}!", [KEY], "bad key ***, ***!"),
        ("none of it is none", ["none"], "none of it is none"),
        ("a seven7 and an eighteen8", ["seven7!", "eighteen"], "a seven7 and an ***8"),
        (f"{KEY}-long and {KEY}", [KEY, f"{KEY}-long"], "*** and ***"),
        ("nothing", [], "nothing"),
    ],
)
def test_secrets_are_starred_out_and_placeholders_are_not(text: str, secrets: list[str], shown: str) -> None:
    """From eight characters on, the longest first; what is shorter may be an ordinary word."""
    assert settings.redact(text, secrets) == shown


def test_a_placeholder_is_no_secret_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A local server's "none" stays a word; a real key beside it does not."""
    monkeypatch.setenv("EXTRACTOR_API_KEY", "none")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert printable(f"There is none: {KEY}") == "There is none: ***"


@pytest.mark.parametrize("typed", [f"{KEY}\n", f" {KEY}\r\n", f"{KEY}\t"])
def test_a_key_is_taken_without_the_blanks_around_it(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """An editor's line break at its end is no part of it."""
    monkeypatch.setenv("OPENAI_API_KEY", typed)
    assert settings.load().secrets() == [KEY]


@pytest.mark.parametrize("typed", [f"{KEY}\r\nX-Evil: 1", f"{KEY}é", f"{KEY}\x7f"])
def test_a_key_that_is_none_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """It would be a header of its own, or fail for every article."""
    monkeypatch.setenv("OPENAI_API_KEY", typed)
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY: Value error, a key is one line of ASCII") as caught:
        settings.load()
    assert KEY not in str(caught.value)


def test_a_dotenv_file_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a traceback, and without its content."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"OPENAI_API_KEY=" + KEY.encode() + b"\xff\n")
    with pytest.raises(ConfigurationError, match="no UTF-8 text") as caught:
        settings.load()
    assert KEY not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_a_dotenv_file_that_somebody_else_left_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a folder like /tmp another user could plant the address of a server of theirs; elsewhere it is the owner's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=https://evil.example/v1\n")
    os.chown(tmp_path / ".env", 4321, 4321)
    tmp_path.chmod(0o1777)
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        settings.load()
    tmp_path.chmod(0o755)
    assert settings.load().openai_base_url == "https://evil.example/v1"
