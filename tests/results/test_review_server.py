"""The web application: who may speak to it, and what it answers."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from extractor.results.palette import palette
from extractor.results.review.desk import Desk
from extractor.results.review.server import application
from tests.support import records, reviewing
from tests.support.records import TEXT

PORT = 8765
TOKEN = "fixed-token-for-tests-0123456789abcdefghijk"  # test names must be the same in every worker
HERE = f"http://127.0.0.1:{PORT}"
CLAIM = {"article": "a1", "item": "c1"}


def client(desk: Desk, **headers: str) -> TestClient:
    """A browser with the token, at the page's own address."""
    app = application(desk, TOKEN, PORT)
    return TestClient(app, base_url=HERE, headers={"x-review-token": TOKEN} | headers)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return reviewing.desk(tmp_path, reviewing.doubtful())


def api(name: str) -> str:
    return f"/{TOKEN}/api/{name}"


def decide(browser: TestClient, what: str = "accept", **more: Any) -> Any:
    return browser.post(api("decide"), json={**CLAIM, "what": what, **more})


def test_the_page_and_all_that_it_loads_stand_under_the_token(desk: Desk) -> None:
    """Style and scripts, with the types that browsers insist on."""
    browser = client(desk)
    page = browser.get(f"/{TOKEN}/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    names = re.findall(r'(?:href|src)="(assets/[^"]+)"', page.text)
    assert len(names) == 7
    assert browser.get(f"/{TOKEN}/assets/palette.css").text == palette()
    for name in names:
        answer = browser.get(f"/{TOKEN}/{name}")
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
    for imported in re.findall(r'from "\./([^"]+)"', browser.get(f"/{TOKEN}/assets/main.js").text):
        assert browser.get(f"/{TOKEN}/assets/{imported}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/desk", "/wrong/", "/wrong/api/desk", f"/{TOKEN[:-1]}/", "//", "/é/"])
def test_without_the_token_there_is_nothing(desk: Desk, path: str) -> None:
    """Not even the page."""
    answer = client(desk).get(path)
    assert answer.status_code == 403
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("header", ["", "wrong", TOKEN + "x"])
def test_data_needs_the_token_in_a_header_as_well(desk: Desk, header: str) -> None:
    """No form and no link of another page can set one."""
    browser = client(desk, **{"x-review-token": header})
    assert browser.get(api("desk")).status_code == 403
    assert decide(browser).status_code == 403
    assert not desk.log.path.exists()


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", ""])
def test_a_foreign_name_that_points_here_is_refused(desk: Desk, host: str) -> None:
    """DNS rebinding: the browser believes that it talks to the attacker's site."""
    assert client(desk, host=host).get(f"/{TOKEN}/").status_code == 421
    assert client(desk, host=f"localhost:{PORT}").get(f"/{TOKEN}/").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", f"http://127.0.0.1:{PORT + 1}"),
        ("origin", f"http://localhost:{PORT}"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
    ],
)
def test_a_request_from_another_page_is_refused(desk: Desk, name: str, value: str) -> None:
    """Even with the token."""
    browser = client(desk, **{name: value})
    assert decide(browser).status_code == 403
    assert browser.get(api("desk")).status_code == 403
    assert not desk.log.path.exists()


def test_a_link_with_the_token_opens_the_page(desk: Desk) -> None:
    """From a terminal, a message or the file that --open makes; it cannot be put into a frame."""
    answer = client(desk, **{"sec-fetch-site": "cross-site"}).get(f"/{TOKEN}/")
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_preflight_is_never_answered_with_leave(desk: Desk) -> None:
    """No CORS."""
    ask = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = client(desk, **ask).options(api("decide"))
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_every_answer_has_the_headers_that_keep_the_page_to_itself(desk: Desk) -> None:
    """Refusals and errors too."""
    browser = client(desk)
    for path in (f"/{TOKEN}/", "/wrong/", f"/{TOKEN}/nothing", api("desk"), api("entry") + "?article=x&item=y"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers


def test_assets_are_the_listed_files_and_no_others(desk: Desk) -> None:
    """No way out of the folder."""
    browser = client(desk)
    for name in ("../server.py", "%2e%2e%2fserver.py", "..%2f..%2fapply.py", "nothing.js"):
        assert browser.get(f"/{TOKEN}/assets/{name}").status_code in (403, 404)


def test_only_json_of_a_modest_size_is_taken(desk: Desk) -> None:
    """Objects, that is."""
    browser = client(desk)
    assert browser.post(api("decide"), data={"what": "accept"}).status_code == 415
    assert browser.post(api("decide"), json={"comment": "x" * 1_000_001}).status_code == 413
    for body in (b"{", b"[]", b'"a"', b"\xff", b"[" * 100_000, b'{"article":"\\ud800","item":"c1","what":"accept"}'):
        answer = browser.post(api("decide"), content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400, body
    assert not desk.log.path.exists()


def test_the_queue_gives_the_rows_around_an_entry(desk: Desk) -> None:
    """And where it would stand when it is not among them."""
    browser = client(desk)
    page = browser.get(api("queue")).json()
    assert (page["at"], page["listed"], page["total"], page["position"]) == (0, True, 9, 0)
    assert [row["kind"] for row in page["rows"]][:4] == ["unplaced", "item", "item", "gap"]
    page = browser.get(api("queue"), params={"article": "a1", "item": "m2"}).json()
    assert (page["rows"][page["at"]]["item"], page["position"]) == ("m2", 7)
    decide(browser)
    page = browser.get(api("queue"), params=CLAIM).json()
    assert (page["listed"], page["rows"][page["at"]]["item"], page["total"]) == (False, "m1", 8)
    assert page["progress"]["decided"] == 1
    assert browser.get(api("queue"), params={"order": "random"}).status_code == 400


def test_an_entry_tells_the_item_the_doubts_and_the_history(desk: Desk) -> None:
    """Before and now."""
    browser = client(desk)
    told = browser.get(api("entry"), params=CLAIM).json()
    assert [doubt["code"] for doubt in told["doubts"]] == ["fuzzy"]
    assert told["now"]["speaker"] == "Ann Lee"
    form = reviewing.claim_form("trade grew by 4%", statement="Trade grew.", cue="said")
    told = decide(browser, "correct", form=form).json()
    assert (told["mine"], told["before"]["statement"], told["now"]["statement"]) == (
        "correct",
        "Trade grew by 4% in 2024.",
        "Trade grew.",
    )
    assert [(line["who"], line["what"], line["holds"]) for line in told["history"]] == [("ana", "correct", True)]


def test_an_article_tells_where_its_entries_stand(desk: Desk) -> None:
    """In code points; a correction moves its passage."""
    browser = client(desk)
    decide(browser, "correct", form=reviewing.claim_form("trade grew by 4%", statement="Trade grew.", cue="said"))
    told = browser.get(api("article"), params={"id": "a1"}).json()
    assert told["text"] == TEXT
    spans = {passage["item"]: TEXT[passage["start"] : passage["end"]] for passage in told["passages"]}
    assert spans["c1"] == "trade grew by 4%"
    assert spans["m3"] == "a night ferry is to run from June 2025"
    assert told["notes"] == ["of the article as a whole"]


def test_a_form_is_checked_without_being_saved(desk: Desk) -> None:
    """The days of a time, and what is wrong."""
    browser = client(desk)
    form = reviewing.commitment_form("Repairs will be finished by 2030", when={"expression": "by 2030", "means": ""})
    body = {"article": "a1", "layer": "commitments", "form": {**form, "firmness": "sure"}}
    told = browser.post(api("check"), json=body).json()
    assert told["when"]["latest"] == "2030-12-31"
    assert [problem["field"] for problem in told["problems"]] == ["firmness"]
    assert not desk.log.path.exists()


def test_a_correction_that_is_not_valid_is_refused_with_its_problems(desk: Desk) -> None:
    """Nothing is written."""
    form = reviewing.claim_form("trade grew by 4%", statement="", kind="guess")
    answer = decide(client(desk), "correct", form=form)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["problems"]] == ["kind", "statement"]
    assert not desk.log.path.exists()


def test_adding_undoing_and_correcting_a_source(desk: Desk) -> None:
    """The rest of what a reviewer does."""
    browser = client(desk)
    form = reviewing.stance_form("The new pier", target="the pier")
    added = browser.post(api("add"), json={"article": "a1", "layer": "stances", "form": form}).json()
    assert (added["kind"], added["mine"], added["now"]["target"]) == ("added", "accept", "the pier")
    speaker = {"name": "Ann B. Lee", "role": None, "affiliation": None, "kind": "person"}
    answer = browser.post(api("speaker"), json={"article": "a1", "name": "Ann Lee", "form": speaker})
    assert answer.status_code == 200
    assert browser.get(api("article"), params={"id": "a1"}).json()["speakers"][0]["now"]["name"] == "Ann B. Lee"
    assert browser.post(api("undo"), json={}).json()["undone"] is not None
    undone = browser.post(api("undo"), json={}).json()["undone"]
    assert undone == {"article": "a1", "item": added["item"]}
    assert browser.get(api("entry"), params=undone).status_code == 404
    assert browser.post(api("undo"), json={}).json()["undone"] is None


def test_another_reviewers_decision_changes_the_revision(desk: Desk, tmp_path: Path) -> None:
    """The page asks for it every two seconds."""
    browser = client(desk)
    before = browser.get(api("changes")).json()["revision"]
    assert browser.get(api("changes")).json()["revision"] == before
    ben = client(reviewing.desk(tmp_path, reviewer="ben"))
    decide(ben)
    told = browser.get(api("changes")).json()
    assert told["revision"] > before
    assert told["progress"]["others"] == {"ben": 1}
    assert decide(browser, "agree", who="ben").json()["mine"] == "accept"
    assert decide(browser, "agree", who="nobody").status_code == 404


def test_a_run_that_is_written_to_meanwhile_is_told(desk: Desk) -> None:
    """The page goes on with what it opened."""
    browser = client(desk)
    assert browser.get(api("changes")).json()["outdated"] is False
    with desk.shelf.path.open("a") as stream:
        stream.write("\n")
    assert browser.get(api("changes")).json()["outdated"] is True
    assert decide(browser).status_code == 200


def test_a_decision_that_cannot_be_written_is_not_said_to_be_saved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows the reason."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("extractor.results.review.decisions.os.write", full)
    answer = decide(client(desk))
    monkeypatch.undo()
    assert answer.status_code == 500
    assert "No space left on device" in answer.json()["error"]
    assert desk.row(("a1", "c1")).state.mine is None


@pytest.mark.parametrize("body", [{}, {"article": "a1"}, {"article": "nothing", "item": "c1", "what": "accept"}])
def test_what_is_not_there_is_not_found(desk: Desk, body: dict[str, Any]) -> None:
    """Missing fields, and entries that do not exist."""
    assert client(desk).post(api("decide"), json=body).status_code == 404
    answer = client(desk).post(api("decide"), json={**CLAIM, "what": "dance"})
    assert answer.status_code == 422


def test_a_text_of_five_megabytes_with_markup_and_every_script_is_answered_whole(tmp_path: Path) -> None:
    """JSON, not HTML: nothing in it can act."""
    strange = "<script>alert(1)</script> שלום 🏳️‍🌈 \u2028 \x00 " + TEXT + "\n"
    text = strange * (5_000_000 // len(strange.encode()))
    run = records.port().model_dump()
    run["article"]["text"] = text
    shift = text.index(TEXT)
    for layer in ("claims", "stances", "commitments"):
        for item in run[layer]:
            item["quote"] |= {"start": item["quote"]["start"] + shift, "end": item["quote"]["end"] + shift}
    big = reviewing.desk(tmp_path, type(records.port()).model_validate(run))
    browser = client(big)
    answer = browser.get(api("article"), params={"id": "a1"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["text"] == text
    assert decide(browser).status_code == 200
