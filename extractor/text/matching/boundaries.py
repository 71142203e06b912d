"""Where a text may be cut: never inside a word, a combining sequence, a joined emoji or a flag.

A small part of Unicode Standard Annex 29 (text segmentation), enough for the two ends of a passage. It finds no
sentences and does not segment words in scripts that write none: there, every character may begin or end a passage.
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"
_UNSPACED = re.compile(  # scripts without spaces between words, and Hangul, whose particles stand attached
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3040-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua9df\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff]"
)
_HIGH, _LOW = re.compile("[\ud800-\udbff]"), re.compile("[\udc00-\udfff]")
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]")
_JAMO_TAIL = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")
_ATTACHED = re.compile(
    "[\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)  # kana voicing, skin tones, flag tags
_LOOK_BACK = 32  # characters of a combining sequence; longer ones stand in no article


def attaches(char: str) -> bool:
    """True for a character that belongs to the one before it: marks, variation selectors, jamo tails, skin tones."""
    return not char.isascii() and (
        unicodedata.category(char)[0] == "M" or bool(_JAMO_TAIL.match(char) or _ATTACHED.match(char))
    )


def invisible(char: str) -> bool:
    """True for characters without width: soft hyphens, joiners, byte order and direction marks, controls."""
    category = unicodedata.category(char)
    return (category == "Cf" and not _ATTACHED.match(char)) or (category == "Cc" and not char.isspace())


def severs(text: str, at: int) -> bool:
    """True where a passage that begins or ends at offset `at` would cut a word, a contraction or a sequence."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before == " " or after == " ":  # by far the most frequent case: nothing reaches over a space
        return False
    if before.isascii() and after.isascii():
        return (before.isalnum() and after.isalnum()) or _severs_contraction(text, at)
    return _severs_sequence(text, at) or _severs_word(text, at) or _severs_contraction(text, at)


def severs_number(text: str, at: int) -> bool:
    """True between the digits and the separator of one number: after the 12 of 12.5, before the 5."""
    if not 0 < at < len(text) or (text[at] not in ".," and text[at - 1] not in ".,"):
        return False
    return (at < len(text) - 1 and text[at] in ".," and text[at - 1].isdecimal() and text[at + 1].isdecimal()) or (
        at > 1 and text[at - 1] in ".," and text[at - 2].isdecimal() and text[at].isdecimal()
    )


def _severs_contraction(text: str, at: int) -> bool:
    """True between "can" and "'t": what ends there would lose its negation."""
    return (
        text[at] in "'’ʼ＇"
        and text[at - 1] in "nN"
        and text[at + 1 : at + 2] in ("t", "T")
        and not text[at + 2 : at + 3].isalnum()
    )


def _severs_sequence(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if attaches(after):
        return bool(_JAMO.match(before)) if _JAMO_TAIL.match(after) else not (before.isspace() or invisible(before))
    if before == _JOINER or after == _JOINER:
        left, right = (text[max(0, at - 2) : at - 1], after) if before == _JOINER else (before, text[at + 1 : at + 2])
        kinds = [unicodedata.category(char) for char in (*left, *right)]
        return (
            len(kinds) == 2 and kinds[0] in ("So", "Sk", "Mn") and kinds[1] == "So"
        )  # an emoji, perhaps with its tone
    if _FLAG_LETTER.match(before) and _FLAG_LETTER.match(after):
        first = at - 1
        while first > 0 and at - first < 2 * _LOOK_BACK and _FLAG_LETTER.match(text[first - 1]):
            first -= 1
        return (at - first) % 2 == 1
    return bool(_HIGH.match(before) and _LOW.match(after))


def _severs_word(text: str, at: int) -> bool:
    left = at - 1
    while left > max(0, at - _LOOK_BACK) and (invisible(text[left]) or unicodedata.category(text[left])[0] == "M"):
        left -= 1
    right = at
    while right < min(len(text) - 1, at + _LOOK_BACK) and invisible(text[right]):
        right += 1
    before, after = text[left], text[right]
    return (
        before.isalnum()
        and (after.isalnum() or attaches(after))
        and not (_UNSPACED.match(before) or _UNSPACED.match(after))
    )
