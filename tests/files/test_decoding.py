"""Bytes to text: what is believed, what is refused, and how lines are cut."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import UnreadableInput
from extractor.files import decoding
from extractor.files.decoding import decode, json_object, lines

FRENCH = (
    "La ministre française de l’Économie a déclaré jeudi que l'accord serait signé en août, « malgré les réserves »."
)
LEGACY = {
    "cp1252": FRENCH,
    "cp1250": "Premier powiedział, że umowa zostanie podpisana w sierpniu. Żądanie związków zostało odrzucone.",
    "cp1251": "Министр заявил, что соглашение будет подписано в августе. Переговоры продолжатся в четверг.",
    "koi8-r": "Министр заявил, что соглашение будет подписано в августе. Переговоры продолжатся в четверг.",
    "cp1253": "Ο υπουργός δήλωσε ότι η συμφωνία θα υπογραφεί τον Αύγουστο. Οι συνομιλίες συνεχίζονται.",
    "cp1254": "Bakan, anlaşmanın ağustos ayında imzalanacağını söyledi. Görüşmeler önümüzdeki hafta sürecek.",
    "cp1255": "השר אמר כי ההסכם ייחתם באוגוסט. השיחות יימשכו בשבוע הבא.",
    "cp1256": "قال الوزير إن الاتفاق سيوقع في أغسطس. وستستمر المحادثات الأسبوع المقبل في جنيف.",
    "shift_jis": "首相は木曜日、協定は八月に署名されると述べた。交渉は来週も続く見通しだ。" * 2,
    "euc_jp": "首相は木曜日、協定は八月に署名されると述べた。交渉は来週も続く見通しだ。" * 2,
    "iso2022_jp": "首相は木曜日、協定は八月に署名されると述べた。交渉は来週も続く見通しだ。",
    "gb18030": "外交部发言人星期四表示，双方将在八月签署协议。会谈将于下周继续进行。" * 2,
    "big5": "外交部發言人星期四表示，雙方將在八月簽署協議。會談將於下週繼續進行。" * 2,
}


@pytest.mark.parametrize("encoding", LEGACY)
def test_a_legacy_encoding_is_recognised(encoding: str) -> None:
    """A sentence or two in each of the web's common legacy encodings is read as it was written."""
    assert decode(LEGACY[encoding].encode(encoding)) == LEGACY[encoding]


def test_one_quotation_mark_in_long_english_text_is_enough() -> None:
    """A single Windows-1252 apostrophe among thousands of ASCII bytes does not lead the guess astray."""
    text = (
        "The minister said that the agreement would be signed in Geneva.\n" * 2000
        + "The ministry’s spokesman agreed.\n"
    )
    assert decode(text.encode("cp1252")) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])).filter(lambda t: not t.startswith("\ufeff")))
def test_utf8_comes_back_unchanged(text: str) -> None:
    """Any text without control characters survives UTF-8 and every byte order mark, without normalisation."""
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert decode(text.encode(encoding)) == text
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text


def test_damaged_utf8_is_refused_and_not_guessed_at() -> None:
    """UTF-8 with a lost byte names the place instead of becoming another encoding's rubbish."""
    with pytest.raises(UnreadableInput, match="damaged UTF-8 at byte 28"):
        decode("“Yes”, he said – “no”".encode()[:-2] + b" x")


def test_a_declared_encoding_counts_before_a_guess() -> None:
    """Bytes that fit many encodings are read in the one that the page names."""
    assert decode(b"caf\xe9 \xbf", declared="iso-8859-7") == "cafι Ώ"


@pytest.mark.parametrize("label", ["hex", "rot13", "utf-7", "no-such-encoding", "unicode_escape", "a\0b"])
def test_a_declared_codec_that_is_no_encoding_of_text_is_ignored(label: str) -> None:
    """Only the web's legacy encodings may be declared: Python knows codecs that unpack and escape."""
    assert decode("Le café fermé".encode("cp1252"), declared=label) == "Le café fermé"


@given(
    st.lists(st.text(alphabet="aé€\r 😀", max_size=6)),
    st.integers(1, 7),
    st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_lines_do_not_depend_on_how_the_stream_is_cut(parts: list[str], size: int, encoding: str) -> None:
    """Chunks of any size give the same numbered lines, for streams with and without a byte order mark."""
    data = "\n".join(parts).encode(encoding)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    expected = [(n, part.encode()) for n, part in enumerate(parts, start=1)]
    if expected and not expected[-1][1]:
        expected.pop()  # no line follows a final newline
    assert list(lines(chunks)) == expected


def test_a_line_beyond_the_limit_is_counted_but_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """The long line comes as None under its number, and the next line is read."""
    monkeypatch.setattr(decoding, "MAX_LINE", 10)
    assert list(lines([b"short\n", b"x" * 8, b"x" * 8, b"x\n", b"last"])) == [(1, b"short"), (2, None), (3, b"last")]


@pytest.mark.parametrize(("data", "found"), [(b'{"a": 1}\n', {"a": 1}), ('{"a": [{}]}', {"a": [{}]}), ("{}", {})])
def test_an_object_is_read_from_text_and_bytes(data: str | bytes, found: dict[str, object]) -> None:
    """An empty one is one too."""
    assert json_object(data) == found


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"7", b'{"a":', b"\xff{}", b'{"a": ' + b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", None],
    ids=range(8),
)
def test_what_is_no_object_is_none(data: bytes | None) -> None:
    """Broken, of another kind, nested too deeply, a number too long, or not there."""
    assert json_object(data) is None
