"""The report page as text: what it holds, and that nothing in it can act. tests/browser opens it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from extractor.cli.report import report
from extractor.errors import ConfigurationError
from extractor.results.palette import palette
from extractor.results.report import find_sources, gather, render
from extractor.results.report.embedding import block, text_chunks, to_json
from extractor.results.report.merging import fold
from extractor.results.report.page import SCRIPTS, STYLES
from tests.browser import samples

app = typer.Typer()
app.command()(report)


class Page(HTMLParser):
    """Every element of a page with its attributes, and the content of scripts and styles, as a browser cuts them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.contents: list[str] = []
        self.open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.contents.append("")
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.contents[-1] += data

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(a, c) for (t, a), c in zip(self.elements, self.contents, strict=True) if t == tag]

    def policy(self) -> dict[str, str]:
        content = next(a["content"] for a, _ in self.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
        assert content is not None
        return dict(rule.split(" ", 1) for rule in content.split("; "))

    def data(self, id: str) -> Any:
        for attributes, content in self.all("script"):
            if attributes.get("id") == id:
                packed = attributes.get("data-encoding") == "deflate"
                return json.loads(zlib.decompress(base64.b64decode(content)) if packed else content)
        raise KeyError(id)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The files of a run over four articles, one of which failed."""
    records = [samples.harbour(), samples.budget(), samples.hostile()]
    return samples.write(tmp_path / "out.jsonl", records, [samples.failure()], samples.manifest())


def page_of(*paths: Path, title: str = "Lorum") -> Page:
    return Page(render(gather(find_sources(paths)), title=title))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_same_records_give_the_same_bytes(out: Path) -> None:
    """The page holds no clock, no random name and no order that changes."""
    assert render(gather(find_sources([out]))) == render(gather(find_sources([out])))


def test_the_policy_allows_the_pages_own_script_and_style_alone(out: Path) -> None:
    """The digests are those of the two elements, and everything else is refused."""
    page = page_of(out)
    (_, style), *more_styles = page.all("style")
    scripts = [content for attributes, content in page.all("script") if "type" not in attributes]

    def digest(content: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

    assert not more_styles
    assert page.policy() == {
        "default-src": "'none'",
        "style-src": digest(style),
        "script-src": digest(scripts[0]),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert len(scripts) == 1


def test_the_page_refers_to_nothing_outside_of_itself(out: Path) -> None:
    """No address, no import, no file: an element can only point into the page."""
    page = page_of(out)
    pointing = {"src", "href", "action", "srcset", "data", "poster", "style"}
    found = [(tag, name, value) for tag, attrs in page.elements for name, value in attrs.items() if name in pointing]
    assert {value for _, _, value in found} <= {"#main", "#"}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    style = page.all("style")[0][1]
    assert "url(" not in style
    assert "@import" not in style


def test_strings_of_a_record_stay_inside_their_data_element(out: Path) -> None:
    """Markup in texts, names, ids and messages adds no element to the page, and is read back as it was."""
    plain = [tag for tag, _ in page_of(samples.write(out.parent / "plain.jsonl", [samples.harbour()])).elements]
    page = page_of(out)
    assert [tag for tag, _ in page.elements] == plain
    assert page.data("texts-0")[2] == samples.HOSTILE
    assert page.data("index")["articles"]["title"][2].startswith("</script><script>")


def test_a_title_is_text(out: Path) -> None:
    """A title given by the user is escaped like all else."""
    page = page_of(out, title="</title><script>alert(1)</script>")
    assert page.all("title")[0][1] == "</title><script>alert(1)</script>"


def test_json_for_html_has_no_character_that_html_reads() -> None:
    """The characters that end or change a script element, separators and lone surrogates are written as escapes."""
    value = ["</script><!--&", "\u2028\u2029", "\ud800", "\x00\x1f", "😀"]
    text = to_json(value)
    assert not set("<>&\u2028\u2029\ud800\x00\x1f") & set(text)
    assert "😀" in text
    assert json.loads(text) == value
    text.encode()


def test_large_data_is_deflated_and_small_data_is_readable() -> None:
    """Both come back unchanged."""
    large = ["word " * 20_000, "</script>"]
    packed, plain = block("a", large), block("b", ["word"])
    assert len(packed) < 2_000
    assert plain == '<script type="application/json" id="b">["word"]</script>\n'
    assert Page(packed).data("a") == large


def test_texts_are_cut_into_chunks_of_a_million_characters() -> None:
    """A text is never split, and every text has its place."""
    texts = ["a" * 600_000, "b" * 600_000, "c" * 300_000, "d" * 5_000_000, "e"]
    chunks = text_chunks(texts)
    assert [(first, [text[0] for text in chunk]) for first, chunk in chunks] == [
        (0, ["a"]),
        (1, ["b", "c"]),
        (3, ["d"]),
        (4, ["e"]),
    ]
    assert text_chunks([]) == []


def test_speakers_are_merged_across_articles_by_name(out: Path) -> None:
    """Ada Quill of two articles is one speaker; the positions of both articles are hers."""
    index = page_of(out).data("index")
    names = index["speakers"]["name"]
    assert names[:4] == ["Ada Quill", "port office", "fishers", "Ben Oduya"]
    stances = [
        (names[who], index["words"]["labels"][1][label])
        for who, label, layer in zip(
            index["items"]["speaker"], index["items"]["label"], index["items"]["layer"], strict=True
        )
        if layer == 1
    ]
    assert stances[:3] == [("Ada Quill", "oppose"), ("Ada Quill", "support"), ("Ben Oduya", "oppose")]


def test_targets_are_one_where_only_case_and_article_differ(out: Path) -> None:
    """ "the budget" and "The budget" are one target, called by its first form."""
    index = page_of(out).data("index")
    assert index["targets"][:2] == ["any delay", "the budget"]
    assert index["stances"]["target"] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Élysée Palace", "the Elysee palace"), ("U.N.", "u n"), ("  the  Budget ", "Budget"), ("李強", "李強")],
)
def test_names_are_compared_without_case_accents_marks_and_article(one: str, other: str) -> None:
    """What readers would write differently is the same name."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("李強", "習近平"), ("the", "a"), ("Putin", "Vladimir Putin"), ("€", "$")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    """Nothing is shortened, and names without Latin letters or without any letter keep theirs."""
    assert fold(one) != fold(other)


def test_titles_are_left_out_of_persons_and_unnamed_sources_are_never_merged(tmp_path: Path) -> None:
    """Two articles' "a senior official" are two people; "Mr. Lee" and "Lee" are one, the company "Lee" another."""
    speakers = [
        samples.speaker("s1", "Mr. Lee"),
        samples.speaker("s2", "Lee"),
        samples.speaker("s3", "Lee", "organization"),
        samples.speaker("s4", "a senior official", "unnamed"),
    ]
    records = [samples.record(name, "Text.", speakers, []) for name in ("a", "b")]
    index = page_of(samples.write(tmp_path / "o.jsonl", records)).data("index")
    assert index["speakers"]["name"] == ["Mr. Lee", "Lee", "a senior official", "a senior official"]


def test_a_speaker_who_was_not_listed_is_shown_by_the_reference(tmp_path: Path) -> None:
    """An item keeps whom the model named, even where the record lists nobody by that id."""
    record = samples.record("a", "It works, said X.", [], [samples.claim("It works", "s7", via=["s8"])])
    index = page_of(samples.write(tmp_path / "o.jsonl", [record])).data("index")
    assert index["speakers"]["name"] == ["s7", "s8"]
    assert index["claims"]["via"] == [[1]]


def test_items_stand_in_the_order_of_the_text(out: Path) -> None:
    """By start of the quote, longer quotes first; checks point at items by that place."""
    index = page_of(out).data("index")
    assert index["items"]["id"][:6] == [
        "claim1",
        "commitment1",
        "stance1",
        "claim2",
        "claim3",
        "commitment2",
    ]
    starts = index["items"]["start"][:6]
    assert starts == sorted(starts)
    assert list(zip(index["checks"]["code"], index["checks"]["item"], strict=True))[:2] == [
        ("date_disagreement", 0),
        ("uncovered_plan", -1),
    ]


def test_failures_and_the_manifest_are_taken_from_beside_the_records(out: Path) -> None:
    """The page tells what failed, with its hint, and how the run went."""
    index = page_of(out).data("index")
    assert index["failures"] == [samples.failure().model_dump(mode="json") | {"file": 0}]
    assert index["files"][0]["manifest"]["seconds"] == 60.0
    assert index["files"][0]["totals"] == {
        "articles": 3,
        "attempts": 3,
        "input_tokens": 2700,
        "output_tokens": 300,
        "failures": 1,
    }


def test_a_failure_that_was_mended_is_left_out(tmp_path: Path) -> None:
    """An article with a record has not failed, whatever an interrupted run left behind; a duplicate is told."""
    failures = [samples.failure(article="harbour"), samples.failure(article="harbour", error="DuplicateId", attempts=0)]
    index = page_of(samples.write(tmp_path / "o.jsonl", [samples.harbour()], failures)).data("index")
    assert [failure["error"] for failure in index["failures"]] == ["DuplicateId"]


def test_several_files_make_one_page_and_equal_ids_are_told_apart(tmp_path: Path) -> None:
    """A folder and a file in it count once; the second article of one id gets "~2" in its links."""
    samples.write(tmp_path / "a.jsonl", [samples.harbour()], [samples.failure()])
    second = samples.write(tmp_path / "b.jsonl", [samples.harbour(), samples.budget()])
    index = page_of(tmp_path, second).data("index")
    assert index["articles"]["key"] == ["harbour", "harbour~2", "budget/1 ä"]
    assert [file["name"] for file in index["files"]] == ["a.jsonl", "b.jsonl"]


def test_a_run_in_which_everything_failed_still_has_a_page(tmp_path: Path) -> None:
    """No record, one failure."""
    page = page_of(samples.write(tmp_path / "o.jsonl", [], [samples.failure()]))
    assert len(page.data("index")["failures"]) == 1
    assert page.data("index")["chunks"] == []


@pytest.mark.parametrize(
    ("name", "content"), [("o.failed.jsonl", "{}\n"), ("o.run.json", "[]"), ("o.jsonl", "no record\n")]
)
def test_a_file_that_is_something_else_is_named(tmp_path: Path, name: str, content: str) -> None:
    """The error says which file it is, and what to do."""
    path = samples.write(tmp_path / "o.jsonl", [samples.harbour()])
    (tmp_path / name).write_text(content)
    with pytest.raises(ConfigurationError, match=re.escape(name)) as caught:
        gather(find_sources([path]))
    assert caught.value.hint


def test_paths_without_records_are_refused(tmp_path: Path) -> None:
    """A missing file and an empty folder."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(ConfigurationError, match=re.escape(str(path))):
            find_sources([path])


def test_without_scripts_the_page_says_what_it_holds(out: Path) -> None:
    """The counts stand in the page for readers whose browser runs no script."""
    text = re.sub(r"\s+", " ", render(gather(find_sources([out]))))
    assert "3 articles, 5 speakers, 5 claims, 4 stances, 4 commitments, 3 checks, 1 failure." in text


def test_every_asset_is_part_of_the_page_and_none_can_end_its_element() -> None:
    """A script that no list names would be missed without a word."""
    assets = resources.files("extractor.results.report").joinpath("assets")
    names = {entry.name for entry in assets.iterdir()}
    assert names == {*SCRIPTS, *STYLES, "page.html"}
    for name in (*SCRIPTS, *STYLES):
        content = assets.joinpath(name).read_text(encoding="utf-8")
        assert not re.search(r"</(script|style)|<!--|innerHTML|\r", content, re.IGNORECASE)


def colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", palette(), re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_signs_have_the_contrast_of_wcag_aa(scheme: str) -> None:
    """Text 4.5 to 1 on every ground it stands on, bars and signs 3 to 1 on the paper by their fill or their edge."""
    found = colours(scheme)
    for ink in ("ink", "soft", "claims", "stances", "commitments", "alert", "against"):
        assert contrast(found[ink], found["paper"]) >= 4.5, ink
    for layer in ("claims", "stances", "commitments"):
        assert contrast(found["ink"], found[f"{layer}-wash"]) >= 4.5, layer
        assert contrast(found[layer], found[f"{layer}-wash"]) >= 4.5, layer
    for sign in ("firm-1", "firm-2", "firm-3", "focus"):
        assert contrast(found[sign], found["paper"]) >= 3, sign


def test_the_command_writes_the_page_and_says_what_it_holds(out: Path, tmp_path: Path) -> None:
    """One line on stderr; the file is its owner's alone."""
    target = tmp_path / "new" / "report.html"
    result = run(out, "-o", target, "--title", "Lorum")
    assert result.exit_code == 0
    assert result.stdout == ""
    counts = "3 articles, 5 speakers, 5 claims, 4 stances, 4 commitments, 3 checks, 1 failure"
    assert re.fullmatch(rf"{re.escape(str(target))}: {counts} \(0\.\d MB\)\n", result.stderr)
    assert target.read_text(encoding="utf-8") == render(gather(find_sources([out])), title="Lorum")
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]


def test_the_command_writes_to_stdout(out: Path) -> None:
    """`-o -` gives the page and nothing else."""
    result = run(out, "-o", "-")
    assert result.exit_code == 0
    assert result.stdout == render(gather(find_sources([out])))


def test_the_command_does_not_overwrite_its_records(out: Path) -> None:
    """A slip of the tab key must not cost a run."""
    before = out.read_bytes()
    result = run(out, "-o", out)
    assert result.exit_code == 2
    assert "holds the records themselves" in result.stderr
    assert out.read_bytes() == before


def test_the_command_opens_the_page_if_asked(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser is given the file's address; with stdout there is none."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert run(out, "-o", tmp_path / "r.html", "--open").exit_code == 0
    assert opened == [(tmp_path / "r.html").as_uri()]
    assert run(out, "-o", "-", "--open").exit_code == 2


def test_a_place_that_cannot_be_written_is_named(out: Path, tmp_path: Path) -> None:
    """The folder is a file."""
    (tmp_path / "file").write_text("")
    result = run(out, "-o", tmp_path / "file" / "r.html")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
