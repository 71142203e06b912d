"""A real browser for the tests marked `browser`: Debian's chromium, driven by playwright."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_FLAGS = [
    "--no-sandbox",  # tests run as root in containers, where the sandbox cannot start
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_MISSING = [
    name
    for name, there in (
        ("the package playwright (pip install playwright)", importlib.util.find_spec("playwright")),
        ("chromium (apt-get install chromium)", _CHROMIUM),
    )
    if not there
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs chromium and playwright; skipped where they are not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module; skips them where playwright or chromium is not installed.

    It must be gone before another module's tests begin: while playwright's synchronous interface is open, its event
    loop counts as running, and no asynchronous test could start one.
    """
    if _MISSING:
        pytest.skip(f"browser tests need {' and '.join(_MISSING)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield launched
        launched.close()


@dataclass
class Watched:
    """A tab, with everything that it complained about and everything that it asked the network for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)

    def show(self, path: Path, place: str = "") -> Page:
        """Opens a report at a place of it ("#article/…") and waits until it is drawn."""
        self.page.goto(path.as_uri() + place)
        self.own.add(path.as_uri())
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page


@pytest.fixture
def tab(browser: Browser) -> Iterator[Watched]:
    """A fresh tab; fails the test if the page logged an error or asked for anything but itself."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    watched = Watched(context.new_page())
    page = watched.page
    page.set_default_timeout(10_000)
    page.on("console", lambda message: watched.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.requests.add(request.url.split("#")[0]))
    yield watched
    context.close()
    assert watched.complaints == []
    assert watched.requests == watched.own
