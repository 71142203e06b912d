"""A worker process: articles come in on stdin, records go out on stdout. `extractor run --workers N` starts it.

It keeps no files of its own but the cache, and shares limits and budget with its siblings through the board.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import asdict

from extractor.errors import ExtractorError, InternalError
from extractor.models.limits import Gate
from extractor.pipeline import frames
from extractor.pipeline.batch import Work
from extractor.pipeline.collecting import collect_seldom
from extractor.pipeline.run import Made
from extractor.pipeline.staff import Job, opened, reader
from extractor.schema.article import Article


async def _serve(stdin: asyncio.StreamReader, stdout: asyncio.StreamWriter) -> None:
    first = await frames.receive(stdin)
    if first is None:
        return
    job, board = Job.of(first[0])
    async with reader(job, opened(job, Gate(job.limits, board))) as work:
        running: set[asyncio.Task[None]] = set()
        while (received := await frames.receive(stdin)) is not None:
            message, payload = received
            task = asyncio.create_task(_answer(message["n"], Article.model_validate_json(payload), work, stdout))
            running.add(task)
            task.add_done_callback(running.discard)
        for task in running:  # the parent has closed the pipe: it has all that it wanted, or is gone
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _answer(number: int, article: Article, work: Work[Made], stdout: asyncio.StreamWriter) -> None:
    try:
        made = await work(article)
        stdout.write(frames.pack({"n": number, "usage": asdict(made.usage), "cached": made.cached}, made.line))
    except ExtractorError as error:
        stdout.write(frames.pack({"n": number, "error": frames.describe(error)}))
    except Exception as error:  # noqa: BLE001  # a fault of ours in one article must not lose the others
        fault = InternalError(f"{article.id}: {type(error).__name__}: {error}")
        stdout.write(frames.pack({"n": number, "error": frames.describe(fault)}))


async def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    collect_seldom()
    loop = asyncio.get_running_loop()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not garble the frames
    stdin = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, out)
    try:
        await _serve(stdin, asyncio.StreamWriter(transport, protocol, None, loop))
    except ExtractorError as error:
        sys.stderr.write(f"A worker cannot start: {error} {error.hint}\n")
    finally:
        transport.close()


if __name__ == "__main__":
    asyncio.run(_main())
