"""What several formats share: names for articles and items that hold anywhere, and texts on one line."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid

from extractor.schema.record import RecordArticle

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "claim-commitment-extractor")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def uuid_of(*parts: str) -> uuid.UUID:
    """A UUID (RFC 9562, version 5) that depends on these parts alone: the same in every run and on every machine."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(parts))


def text_uri(article: RecordArticle) -> str:
    """The URI of exactly this text: its SHA-256 digest as a Named Information URI (RFC 6920).

    Offsets mean something in this text only, wherever the article was read.
    """
    digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).digest()
    return "ni:///sha-256;" + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def web_address(article: RecordArticle) -> str | None:
    """Where the article stands on the web, if its source says so."""
    return article.source if article.source and _WEB.fullmatch(article.source) else None


def one_line(text: str) -> str:
    """The text with each run of white space as one blank, without control characters."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable() or char == "\u200d")


def title_of(article: RecordArticle, length: int = 80) -> str:
    """The article's title, or the beginning of its text where it has none."""
    text = one_line(article.title or article.text[: 4 * length])
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
