"""Recorded answers: vcrpy records and defines the format, a transport replays.

A cassette is one readable JSON document, bodies as objects, without secrets (headers are an allow-list), written to a
temporary file and renamed. Interactions are matched by a hash of the request's JSON body. Replaying goes through a
transport with an index, not through vcrpy's patching, which is global to the process and compares every request with
every interaction; the file is vcrpy's own, and vcrpy replays it too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2
import vcr
from vcr.cassette import CassetteNotFoundError
from vcr.serialize import deserialize, serialize

from extractor.errors import CassetteMiss, ConfigurationError
from extractor.files.decoding import json_object
from extractor.files.whole import whole_file
from extractor.settings import SHORTEST_SECRET

_KEEP_REQUEST = {"content-type"}
_KEEP_RESPONSE = {"content-type"}


class _ReadableJSON:
    """vcrpy serializer: one JSON document with JSON bodies as objects, so that a diff shows what changed."""

    @staticmethod
    def serialize(document: dict[str, Any]) -> str:
        for interaction in document["interactions"]:
            interaction["request"]["body"] = _open(interaction["request"]["body"])
            body = interaction["response"]["body"]
            body["string"] = _open(body["string"])
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(text)
        for interaction in document["interactions"]:
            interaction["request"]["body"] = _close(interaction["request"]["body"])
            body = interaction["response"]["body"]
            body["string"] = _close(body["string"])
        return document


def _open(body: Any) -> Any:
    try:
        return {"json": json.loads(body)}
    except (ValueError, TypeError, RecursionError):
        return body


def _close(body: Any) -> Any:
    return json.dumps(body["json"], ensure_ascii=False) if isinstance(body, dict) and "json" in body else body


class _AtomicPersister:
    """vcrpy persister: whole files only, interactions in the order of their keys, so that two recordings compare line
    by line.
    """

    @staticmethod
    def load_cassette(path: str, serializer: Any) -> Any:
        file = Path(path)
        if not file.is_file():
            raise CassetteNotFoundError
        return deserialize(file.read_text("utf-8"), serializer)

    @staticmethod
    def save_cassette(path: str, document: dict[str, Any], serializer: Any) -> None:
        file = Path(path)
        pairs = sorted(
            zip(document["requests"], document["responses"], strict=True), key=lambda pair: request_key(pair[0].body)
        )
        ordered = {**document, "requests": [p[0] for p in pairs], "responses": [p[1] for p in pairs]}
        _write_whole(file, serialize(ordered, serializer))


def _write_whole(file: Path, text: str) -> None:
    """A new one is its owner's alone, for it holds articles; who shares it gives it other rights, which it keeps."""
    rights = stat.S_IMODE(file.stat().st_mode) if file.exists() else None
    with whole_file(file) as stream:
        stream.write(text.encode())
    if rights is not None:
        file.chmod(rights)


def request_key(body: bytes | str | None) -> str:
    """SHA-256 of a request's JSON body with its keys sorted: the same question has the same key, whatever the server's
    address.
    """
    try:
        canonical = json.dumps(json.loads(body or b""), sort_keys=True, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        canonical = body.encode() if isinstance(body, str) else body or b""
    return hashlib.sha256(canonical).hexdigest()


def _same_question(one: Any, other: Any) -> None:
    assert request_key(one.body) == request_key(other.body), "another question"  # vcrpy matchers answer by assertion


def _clean_request(request: Any) -> Any:
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEEP_REQUEST}
    request.uri = "https://model.invalid/v1/chat/completions"  # an address can hold a key, and means nothing elsewhere
    return request


def _clean_response(response: dict[str, Any]) -> dict[str, Any] | None:
    if response["status"]["code"] >= 400:
        return None  # a recorded failure would be replayed for ever
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in _KEEP_RESPONSE}
    return response


@dataclass(frozen=True)
class Recorded:
    """Who was recorded, and how it was asked: what a replay must know to put the same questions."""

    model: str
    mode: str
    temperature: float | None

    def __str__(self) -> str:
        warm = "" if self.temperature is None else f", temperature {self.temperature:g}"
        return f"{self.model} ({self.mode} mode{warm})"

    @classmethod
    def of(cls, metadata: dict[str, Any]) -> Recorded | None:
        """From a cassette's metadata; None where it was recorded by another program. Raises TypeError."""
        if "model" not in metadata:
            return None
        temperature = metadata.get("temperature")
        if not isinstance(temperature, int | float | None):
            raise TypeError("its temperature is no number")
        return cls(str(metadata["model"]), str(metadata.get("mode", "json")), temperature)


@contextlib.contextmanager
def recording(path: Path, set_up: Recorded, secrets: list[str]) -> Iterator[None]:
    """Records every answered call of this process. Open it once, around the whole run.

    A question that the cassette holds already is asked again and its answer replaced; the others stay. Interactions are
    saved at the end, also when the run fails or is interrupted. `secrets` are replaced wherever they stand. Raises
    ConfigurationError where the cassette was recorded in another set-up.
    """
    if path.exists() and (known := Cassette.load(path).set_up) is not None and known != set_up:
        hint = "Record into another file, or delete this one."
        raise ConfigurationError(f"The cassette {path} was recorded with {known}, not with {set_up}.", hint=hint)
    recorder = vcr.VCR(
        record_mode="all",
        serializer="readable",
        match_on=["same_question"],
        decode_compressed_response=True,
        before_record_request=_clean_request,
        before_record_response=_clean_response,
        filter_sensitive_data={
            f"<SECRET {number}>": secret for number, secret in enumerate(secrets, 1) if len(secret) >= SHORTEST_SECRET
        },
        record_on_exception=True,
    )
    recorder.register_serializer("readable", _ReadableJSON)
    recorder.register_matcher("same_question", _same_question)
    recorder.register_persister(_AtomicPersister)
    with recorder.use_cassette(str(path)) as cassette:
        for name, value in asdict(set_up).items():
            cassette.get_metadata(name, value)
        yield


@dataclass(frozen=True)
class Interaction:
    """One recorded question and its answer, bodies as JSON."""

    key: str
    request: dict[str, Any]
    response: dict[str, Any]
    answer: bytes


@dataclass(frozen=True)
class Cassette:
    """A cassette as read from its file. `set_up` is None where another program recorded it."""

    path: Path
    set_up: Recorded | None
    interactions: tuple[Interaction, ...]

    @classmethod
    def load(cls, path: Path) -> Cassette:
        """Raises ConfigurationError where the file is missing or no cassette."""
        try:
            requests, responses, *metadata = deserialize(path.read_text("utf-8"), _ReadableJSON)
            set_up = Recorded.of(metadata[0]) if metadata else None
            pairs = zip(requests, responses, strict=True)
            found = tuple(_interaction(request.body, response["body"]["string"]) for request, response in pairs)
        except FileNotFoundError:
            hint = "Record it: run the same command with --record in place of --replay, and a model."
            raise ConfigurationError(f"There is no cassette {path}.", hint=hint) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            hint = "Restore it from version control, or record it again with --record."
            raise ConfigurationError(f"The cassette {path} cannot be read: {error}", hint=hint) from error
        return cls(path, set_up, found)

    def without(self, keys: set[str]) -> int:
        """Writes the cassette again without these interactions; returns how many were taken out."""
        document = json.loads(self.path.read_text("utf-8"))
        kept = [i for i, own in zip(document["interactions"], self.interactions, strict=True) if own.key not in keys]
        removed = len(document["interactions"]) - len(kept)
        if removed:
            document["interactions"] = kept
            _write_whole(self.path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        return removed


def _interaction(asked: Any, answer: bytes) -> Interaction:
    return Interaction(request_key(asked), json_object(asked) or {}, json_object(answer) or {}, answer)


class ReplayTransport(httpx2.AsyncBaseTransport):
    """Answers from a cassette, and from nothing else: no request ever leaves. The same question always has the same
    answer.
    """

    def __init__(self, cassette: Cassette, *, on_play: Callable[[str], None] | None = None) -> None:
        self._answers = {interaction.key: interaction.answer for interaction in cassette.interactions}
        self._path = cassette.path
        self._on_play = on_play

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        key = request_key(await request.aread())
        if (answer := self._answers.get(key)) is None:
            raise CassetteMiss(
                f"the cassette {self._path} holds no answer to this question",
                hint="The article, the prompt or the schema has changed since it was recorded. Record it again: "
                f"extractor run INPUT -o OUT.jsonl --model MODEL --record {self._path}",
            )
        if self._on_play is not None:
            self._on_play(key)
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=answer)
