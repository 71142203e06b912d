"""Request files at the server: uploaded, turned into batches, their responses brought back.

What is under way stands in REQUESTS.batch.json beside the requests, saved after every step, so that each command can be
repeated after any end. Nothing is submitted twice: a file that was uploaded and has no known batch is looked for among
the server's batches first.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import openai
from openai.types import Batch

from extractor.errors import ConfigurationError
from extractor.files.output import beside
from extractor.files.whole import whole_file
from extractor.models.offline_batch.requests import parts_of
from extractor.models.providers import Provider
from extractor.models.translating import translate
from extractor.settings import redact

ENDED = {"completed", "failed", "expired", "cancelled"}
_LOOKED_THROUGH = 500
"""Batches of the account, newest first, among which a lost one is looked for."""


@dataclass
class Part:
    """One request file and its batch. `counts` are the server's, `errors` say why it refused the file, and
    `fetched` holds the ids of the response files that are here.
    """

    sha256: str
    file: str | None = None
    batch: str | None = None
    status: str = "not submitted"
    counts: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    output_file: str | None = None
    error_file: str | None = None
    fetched: list[str] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def update(self, batch: Batch) -> None:
        """Takes over what the server says."""
        self.batch, self.status = batch.id, batch.status
        self.output_file, self.error_file = batch.output_file_id, batch.error_file_id
        if batch.request_counts is not None:
            told = batch.request_counts
            self.counts = {"total": told.total, "completed": told.completed, "failed": told.failed}
        found = (batch.errors.data if batch.errors else None) or []
        self.errors = [" ".join(str(error.message or error.code).split())[:300] for error in found[:5]]


class Job:
    """A series of request files with what is known of their batches. Raises ConfigurationError for a broken state."""

    def __init__(self, first: Path) -> None:
        self.first = first
        self.state_path = beside(first, ".batch.json")
        self.paths = list(parts_of(first))
        if not self.paths:
            hint = "Write it with `extractor batch export INPUT -o REQUESTS.jsonl`."
            raise ConfigurationError(f"There is no request file {first}.", hint=hint)
        self.parts = self._load()

    def _load(self) -> dict[str, Part]:
        try:
            loaded = json.loads(self.state_path.read_bytes())
            return {name: Part(**part) for name, part in loaded["parts"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            hint = "Restore it; without it the batches under way are not known, and would be submitted again."
            raise ConfigurationError(f"{self.state_path} cannot be read: {error}", hint=hint) from error

    def save(self) -> None:
        """Writes the state, whole or not at all."""
        state = {"version": 1, "parts": {name: asdict(part) for name, part in self.parts.items()}}
        with whole_file(self.state_path, durable=True) as stream:
            stream.write(json.dumps(state, indent=1).encode() + b"\n")

    def submitted(self) -> Iterator[tuple[Path, Part]]:
        """The files that have a batch."""
        for path in self.paths:
            part = self.parts.get(path.name)
            if part is not None and part.batch is not None:
                yield path, part

    def __iter__(self) -> Iterator[tuple[Path, Part | None]]:
        return ((path, self.parts.get(path.name)) for path in self.paths)


@asynccontextmanager
async def connect(provider: Provider, *, seconds: float) -> AsyncIterator[openai.AsyncOpenAI]:
    """A client for files and batches that waits `seconds`. Its errors come out as ModelErrors, without the key."""
    key = provider.api_key.get_secret_value()
    client = openai.AsyncOpenAI(
        base_url=provider.base_url,
        api_key=key,
        timeout=httpx2.Timeout(seconds, connect=min(10.0, seconds)),
        # No key goes to another host, neither by a redirect nor by a proxy that the environment names.
        http_client=openai.DefaultAsyncHttpxClient(
            follow_redirects=False, trust_env=False, verify=httpx2.create_ssl_context()
        ),
    )
    try:
        yield client
    except openai.OpenAIError as error:
        translated = translate(error, "batch")
        translated.args = (redact(str(translated), [key]),)
        raise translated from error
    finally:
        await client.close()


async def submit(job: Job, client: openai.AsyncOpenAI) -> int:
    """Uploads every file that has no batch, or whose batch the server refused as a whole, and starts its batch.

    Returns how many were started. Raises ConfigurationError where a file is no longer what was submitted.
    """
    started = 0
    for path in job.paths:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        part = job.parts.setdefault(path.name, Part(digest))
        if part.sha256 != digest and part.batch is not None:
            hint = f"Write the new requests to another file, or remove {job.state_path} to forget the old batch."
            raise ConfigurationError(f"{path} has changed since it was submitted as {part.batch}.", hint=hint)
        if part.batch is not None and not part.ended:
            part.update(await client.batches.retrieve(part.batch))
        if part.batch is not None and part.status != "failed":
            continue
        known = part.file is not None and part.sha256 == digest
        if not known:
            uploaded = await client.files.create(file=(path.name, data), purpose="batch")
            part.sha256, part.file = digest, uploaded.id
            job.save()
        part.update((known and await _lost(client, part)) or await _start(client, part))
        job.save()
        started += 1
    job.save()
    return started


async def _start(client: openai.AsyncOpenAI, part: Part) -> Batch:
    assert part.file is not None, "a file is uploaded before its batch is started"
    # Not repeated by the client: an answer that got lost on its way would start, and cost, the batch twice.
    once = client.with_options(max_retries=0)
    metadata = {"sha256": part.sha256}  # 64 characters, far within the 512 of a value
    return await once.batches.create(
        input_file_id=part.file, endpoint="/v1/chat/completions", completion_window="24h", metadata=metadata
    )


async def _lost(client: openai.AsyncOpenAI, part: Part) -> Batch | None:
    """The batch of an uploaded file that was started without our learning of it."""
    looked = itertools.count(1)
    async for batch in client.batches.list(limit=100):
        if batch.input_file_id == part.file and batch.status != "failed":
            return batch
        if next(looked) >= _LOOKED_THROUGH:
            break
    return None


async def refresh(job: Job, client: openai.AsyncOpenAI) -> bool:
    """Asks how the batches stand. Returns whether all that were submitted have ended."""
    for _, part in job.submitted():
        if not part.ended:
            assert part.batch is not None, "only submitted parts are asked about"
            part.update(await client.batches.retrieve(part.batch))
    job.save()
    return all(part.ended for _, part in job.submitted())


async def wait(job: Job, client: openai.AsyncOpenAI, *, every: float) -> None:
    """Asks every so many seconds until all batches have ended."""
    while not await refresh(job, client):  # noqa: ASYNC110  # what is waited for happens at the server
        await asyncio.sleep(every)


async def fetch(job: Job, client: openai.AsyncOpenAI) -> list[Path]:
    """Brings the responses of ended batches to REQUESTS.responses.jsonl and REQUESTS.errors.jsonl (for each part).

    Returns all response files that are there now; what was brought before is not brought again.
    """
    await refresh(job, client)
    there = []
    for path, part in job.submitted():
        for file, ending in ((part.output_file, "responses"), (part.error_file, "errors")):
            if file is None or not part.ended:
                continue
            target = beside(path, f".{ending}.jsonl")
            if file not in part.fetched or not target.exists():
                await _download(client, file, target)
                part.fetched.append(file)
                job.save()
            there.append(target)
    return there


async def _download(client: openai.AsyncOpenAI, file: str, target: Path) -> None:
    with whole_file(target) as stream:
        async with client.files.with_streaming_response.content(file) as content:
            async for piece in content.iter_bytes():
                stream.write(piece)


def summary(part: Part | None) -> dict[str, Any]:
    """How a file stands, for people and programs."""
    return asdict(part) if part is not None else {"status": "not submitted"}
