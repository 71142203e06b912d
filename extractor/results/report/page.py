"""The page: template, style, scripts and data put together under a strict Content Security Policy.

The policy allows the one style and the one script of the page by their digests (CSP Level 3, hash-source) and nothing
else: no network, no other script, no inline handler, no frame, no form. Trusted Types forbid the scripts to make
HTML of strings at all.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from extractor.results.palette import palette
from extractor.results.report.corpus import Corpus
from extractor.results.report.embedding import blocks

DEFAULT_TITLE = "Claims, stances and commitments"
STYLES = (
    "base.css",
    "side.css",
    "signs.css",
    "front.css",
    "plans.css",
    "positions.css",
    "lists.css",
    "article.css",
    "print.css",
)
SCRIPTS = (
    "dom.js",
    "days.js",
    "data.js",
    "passages.js",
    "filters.js",
    "search.js",
    "items.js",
    "sidebar.js",
    "plans.js",
    "positions.js",
    "lists.js",
    "attention.js",
    "front.js",
    "article.js",
    "keys.js",
    "main.js",
)


def render(corpus: Corpus, *, title: str = DEFAULT_TITLE) -> str:
    """The page as text: the same corpus and title give the same text."""
    style = palette() + "".join(_asset(name) for name in STYLES)
    script = '"use strict";\n(() => {\n' + "".join(_asset(name) for name in SCRIPTS) + "})();\n"
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(_asset("page.html")).render(
        title=title.replace("\0", "\ufffd"),
        policy=_policy(style, script),
        counts=corpus.counts(),
        style=Markup(style),  # noqa: S704 - the project's own file
        script=Markup(script),  # noqa: S704 - the project's own files
        data=Markup("".join(blocks(corpus.index(), corpus.texts))),  # noqa: S704 - escaped by embedding.to_json
    )


def _policy(style: str, script: str) -> str:
    rules = {
        "default-src": "'none'",
        "style-src": _digest(style),
        "script-src": _digest(script),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode('ascii')}'"


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
