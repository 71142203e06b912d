"""The documentation is tried out: every command in a block marked `sh offline` works without a key and a network, and
every one marked `sh served` with a server on loopback in the place of the model.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli.main import app
from tests.support import readings
from tests.support.server import Reply, Script, Server

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "cassettes/README.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
TEXT = {"", ".css", ".example", ".html", ".j2", ".js", ".json", ".jsonl", ".md", ".py", ".toml", ".txt"}
"""Suffixes of the files that are looked through for what must not be committed."""

_BLOCK = re.compile(r"^```sh (?:offline|served)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def _commands(page: Path) -> list[str]:
    joined = "\n".join(_BLOCK.findall(page.read_text("utf-8"))).replace("\\\n", " ")
    return [line.split("    #")[0].strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("page", [page for page in PAGES if _commands(page)], ids=lambda page: page.name)
def test_the_commands_of_a_page_work(page: Path, tmp_path: Path, serve: Callable[[Script], Server]) -> None:
    """One after the other, in a folder with what a checkout holds; a key is set only where a server is there for it."""
    text = page.read_text("utf-8")
    server = serve(lambda call: Reply(readings.of(call.article))) if "```sh served" in text else None
    for name in ("seeds", "cassettes", "tests/gold"):
        shutil.copytree(ROOT / name, tmp_path / name)
    program = tmp_path / "bin" / "extractor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m extractor "$@"\n')
    program.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    environment |= {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    if server is not None:
        shutil.copytree(ROOT / "seeds", tmp_path / "articles")
        address = server.url.removesuffix("/v1")
        environment |= {"OPENAI_API_KEY": "sk-standing-in", "OPENAI_BASE_URL": server.url, "OLLAMA_HOST": address}
    for command in _commands(page):
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-500:]}{done.stderr[-1500:]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file of the repository."""
    for target in _LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_setting_is_documented() -> None:
    """.env.example names every environment variable that the settings read, and no other."""
    from extractor.settings import Settings

    known = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        known.add(alias.choices[0] if alias is not None and not isinstance(alias, str) else f"EXTRACTOR_{name.upper()}")  # type: ignore[union-attr]  # AliasChoices
    documented = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert documented == known


def test_no_registry_host_and_no_machine_path_is_committed() -> None:
    """Lock files and documents name no package registry and no path of a developer's machine."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = listed.rstrip("\0").split("\0")
    assert {"README.md", "constraints.txt", "extractor/settings.py", "tests/test_docs.py"} <= set(names)
    pattern = re.compile(r"(pypi\.org|pythonhosted|files\.python)|(?<![\w.])/(?:work|root|home)/\w")
    looked_at = [
        name
        for name in names
        if Path(name).suffix in TEXT and Path(name).parent.name != "gold" and (ROOT / name).is_file()
    ]
    assert {Path(name).suffix for name in looked_at} == TEXT
    searched = ((name, pattern.search((ROOT / name).read_text("utf-8", errors="ignore"))) for name in looked_at)
    found = {name: match[0] for name, match in searched if match is not None}
    assert found.keys() == {"tests/test_docs.py"}, found


def test_the_readme_shows_a_real_commitment() -> None:
    """The JSON in the README is, field by field, what a replay of the seeds gives."""
    import extractor

    page = (ROOT / "README.md").read_text("utf-8")
    shown = json.loads(page.split("```json\n", 1)[1].split("```", 1)[0])
    seed = ROOT / "seeds" / "004_3222fb550c84a5fa.txt"
    record = extractor.extract(seed, replay=ROOT / "cassettes" / "seeds.json")
    assert shown in [commitment.model_dump(mode="json") for commitment in record.commitments]


def test_the_readmes_three_lines_of_python_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They print what the article holds, without a key."""
    page = (ROOT / "README.md").read_text("utf-8")
    monkeypatch.chdir(ROOT)
    exec(page.split("```python\n", 1)[1].split("```", 1)[0], {})
    assert "'2025')" in capsys.readouterr().out


def test_the_readme_shows_the_seeds_threads(tmp_path: Path) -> None:
    """The ledger's table in the README is what the command prints for the seeds."""
    out = tmp_path / "out.jsonl"
    cli = CliRunner()
    replay = ["--replay", str(ROOT / "cassettes" / "seeds.json"), "--quiet"]
    assert cli.invoke(app, ["run", str(ROOT / "seeds"), "-o", str(out), *replay]).exit_code == 0
    told = cli.invoke(app, ["ledger", str(out), "--as-of", "2025-09-01"], env={"COLUMNS": "110"}).stdout
    page = (ROOT / "README.md").read_text("utf-8")
    shown = page.split("talks are\nunder way about a new one.\n\n```\n", 1)[1].split("\n```", 1)[0]
    assert shown in told
