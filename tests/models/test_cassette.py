"""Recording and replaying, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from extractor import errors
from extractor.models.cassette import Cassette, Recorded, ReplayTransport, recording, request_key
from extractor.models.chat import ChatModel
from extractor.models.interface import Answer, Question
from extractor.models.providers import Provider
from extractor.schema.reading import Reading
from tests.support import readings
from tests.support.server import Reply, Script, Server

Serve = Callable[[Script], Server]
KEY = "sk-planted-0123456789abcdef"
WHO = Recorded("local/test", "json", None)
GOOD = readings.reading(claims=[readings.claim("the bridge “would” open — İ")]).model_dump(mode="json")


def question(content: str) -> Question[Reading]:
    return Question(({"role": "user", "content": content},), Reading, readings.article(), content)


async def ask(model: ChatModel, *contents: str) -> list[Answer[Reading]]:
    try:
        return list(await asyncio.gather(*(model.ask(question(content)) for content in contents)))
    finally:
        await model.aclose()


def record(server: Server, path: Path, *contents: str, set_up: Recorded = WHO) -> list[Answer[Reading]]:
    with recording(path, set_up, [KEY]):
        model = ChatModel(Provider("local/test", "test", server.url, SecretStr(KEY)), longest_wait=0.01)
        return asyncio.run(ask(model, *contents))


def replay(path: Path, *contents: str) -> list[Answer[Reading]]:
    provider = Provider("local/test", "test", "http://127.0.0.1:9/v1", SecretStr("replayed"))
    return asyncio.run(ask(ChatModel(provider, transport=ReplayTransport(Cassette.load(path))), *contents))


def test_a_recording_replays_without_a_server(serve: Serve, tmp_path: Path) -> None:
    """Fifty concurrent questions come back in any order, each with its own answer and usage."""
    path = tmp_path / "c.json"
    contents = [f"question {n}" for n in range(50)]
    server = serve(
        lambda call: Reply({**GOOD, "speakers": [readings.speaker(name=call.body["messages"][0]["content"])]})
    )
    recorded = record(server, path, *contents)
    assert replay(path, *reversed(contents)) == list(reversed(recorded))
    assert [a.value.speakers[0].name for a in recorded] == contents


def test_the_same_question_replays_as_often_as_it_is_asked(serve: Serve, tmp_path: Path) -> None:
    """An interaction is not used up."""
    path = tmp_path / "c.json"
    record(serve(lambda _: Reply(GOOD)), path, "q")
    assert len(replay(path, "q", "q", "q")) == 3


def test_a_cassette_is_readable_and_holds_no_secret(serve: Serve, tmp_path: Path) -> None:
    """Bodies are objects; key, cookie and address are not in the file, not even where the answer repeats the key."""
    path = tmp_path / "c.json"
    echo = {**GOOD, "speakers": [readings.speaker(name=f"they said {KEY}")]}
    server = serve(lambda _: Reply(echo))
    record(server, path, "q")
    text = path.read_text("utf-8")
    for secret in (KEY, "org-planted", "session=planted", str(server.port)):
        assert secret not in text
    (interaction,) = json.loads(text)["interactions"]
    assert interaction["request"]["body"]["json"]["messages"] == [{"role": "user", "content": "q"}]
    assert interaction["response"]["body"]["string"]["json"]["usage"]["prompt_tokens"] == 100
    assert sorted(interaction["request"]["headers"]) == ["content-type"]
    assert json.loads(text)["metadata"] == {"model": "local/test", "mode": "json", "temperature": None}
    assert "“would” open — İ" in text


def test_failures_are_not_recorded(serve: Serve, tmp_path: Path) -> None:
    """A 429 before the answer leaves one interaction, the answer, so that a replay does not meet the 429 again."""
    path = tmp_path / "c.json"
    replies = [Reply(status=429), Reply(GOOD)]
    record(serve(lambda _: replies.pop(0)), path, "q")
    assert len(Cassette.load(path).interactions) == 1
    (answer,) = replay(path, "q")
    assert answer.usage.network_retries == 0


def test_reasks_are_recorded_and_replayed(serve: Serve, tmp_path: Path) -> None:
    """An invalid answer and its re-ask are two interactions, and replay as such."""
    path = tmp_path / "c.json"
    replies = [Reply({"speakers": 1}), Reply(GOOD)]
    (recorded,) = record(serve(lambda _: replies.pop(0)), path, "q")
    assert len(Cassette.load(path).interactions) == 2
    assert replay(path, "q") == [recorded]
    assert recorded.usage.attempts == 2


def test_a_missing_interaction_fails_at_once_with_the_command_that_records_it(serve: Serve, tmp_path: Path) -> None:
    """The error names the article and says how to record it again; nothing is retried."""
    path = tmp_path / "c.json"
    record(serve(lambda _: Reply(GOOD)), path, "q")
    with pytest.raises(
        errors.CassetteMiss, match=r"another: the cassette .* holds no answer to this question"
    ) as caught:
        replay(path, "another")
    assert f"--record {path}" in caught.value.hint
    assert not caught.value.retryable


def test_recording_again_replaces_and_adds(serve: Serve, tmp_path: Path) -> None:
    """A question asked again has its new answer; the others stay."""
    path = tmp_path / "c.json"
    record(serve(lambda _: Reply(GOOD)), path, "one", "two")
    new = {**GOOD, "speakers": [readings.speaker(name="new")]}
    record(serve(lambda _: Reply(new)), path, "two", "three")
    names = [a.value.speakers[0].name for a in replay(path, "one", "two", "three")]
    assert names == ["The ministry", "new", "new"]
    assert len(Cassette.load(path).interactions) == 3


def test_two_recordings_of_the_same_answers_are_the_same_file(serve: Serve, tmp_path: Path) -> None:
    """The order in which answers arrive does not show."""
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    record(
        serve(lambda call: Reply(GOOD, delay=0.05 * (call.body["messages"][0]["content"] == "a"))), one, "a", "b", "c"
    )
    record(serve(lambda _: Reply(GOOD)), two, "c", "b", "a")
    assert one.read_bytes() == two.read_bytes()


def test_a_cassette_of_another_set_up_is_not_mixed_into(serve: Serve, tmp_path: Path) -> None:
    """Recording with another model into the same file is refused, and the file stays as it was."""
    path = tmp_path / "c.json"
    server = serve(lambda _: Reply(GOOD))
    record(server, path, "q")
    before = path.read_bytes()
    with pytest.raises(errors.ConfigurationError, match="was recorded with"):
        record(server, path, "q", set_up=Recorded("local/other", "json", None))
    assert path.read_bytes() == before


def test_a_recording_that_fails_keeps_what_was_answered(serve: Serve, tmp_path: Path) -> None:
    """When the run raises, the interactions so far are saved."""
    path = tmp_path / "c.json"
    server = serve(lambda call: Reply(status=400) if call.body["messages"][0]["content"] == "bad" else Reply(GOOD))
    with pytest.raises(errors.ModelRejected):
        record(server, path, "good", "bad")
    assert len(Cassette.load(path).interactions) == 1


def test_vcrpy_itself_replays_the_file(serve: Serve, tmp_path: Path) -> None:
    """The format is vcrpy's own: its recorder in mode `none` answers from it, matched by body."""
    import vcr

    from extractor.models import cassette as module

    path = tmp_path / "c.json"
    (recorded,) = record(serve(lambda _: Reply(GOOD)), path, "q")
    plain = vcr.VCR(record_mode="none", serializer="readable", match_on=["same_question"])
    plain.register_serializer("readable", module._ReadableJSON)
    plain.register_matcher("same_question", module._same_question)
    with plain.use_cassette(str(path)) as playing:
        model = ChatModel(Provider("local/test", "test", "http://127.0.0.1:9/v1", SecretStr("x")))
        (answer,) = asyncio.run(ask(model, "q"))
        assert playing.play_count == 1
    assert answer == recorded


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b'{"version": 1}', b"\xff\xfe\x00", b'{"interactions": [{}]}', b'{"interactions": 3}'),
        *(b'{"interactions": ' + b"[" * 100_000, b'{"version": 1, "interactions": [], "metadata": ["model"]}'),
        b'{"version": 1, "interactions": [], "metadata": {"model": "m", "temperature": "hot"}}',
        b"!!python/object/apply:os.system [touch exploded]",
    ],
    ids=range(11),
)
def test_a_file_that_is_no_cassette_is_reported_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    """Broken files give a ConfigurationError, never a traceback."""
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with pytest.raises(errors.ConfigurationError, match="cannot be read"):
        Cassette.load(path)


def test_a_missing_cassette_says_how_to_make_one(tmp_path: Path) -> None:
    """The hint names --record."""
    with pytest.raises(errors.ConfigurationError, match="There is no cassette") as caught:
        Cassette.load(tmp_path / "none.json")
    assert "--record" in caught.value.hint


def test_the_key_of_a_question_is_its_content() -> None:
    """Order of keys and spacing do not matter; every value does."""
    assert request_key('{"a": 1, "b": "ü"}') == request_key(b'{"b":"\\u00fc","a":1}')
    assert request_key('{"a": 1}') != request_key('{"a": 2}')


def test_a_new_cassette_is_its_owners_alone(serve: Serve, tmp_path: Path) -> None:
    """It holds articles. One that was given other rights, to be shared, keeps them."""
    path = tmp_path / "new" / "c.json"
    server = serve(lambda _: Reply(GOOD))
    record(server, path, "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    record(server, path, "two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
