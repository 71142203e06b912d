"""Text that a terminal shows and does not obey: control characters could move its cursor or rename its window."""

from __future__ import annotations

import re

# C0 without tab and newline, C1, and what overrides the direction of writing
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Each control character as the sign for it (U+2400 …), or as a question mark in a box (U+FFFD)."""
    return _CONTROLS.sub(lambda match: chr(0x2400 + ord(match[0])) if ord(match[0]) < 0x20 else "\ufffd", text)
