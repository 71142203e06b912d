"""How much memory a run takes as its input grows: short articles, answered without latency by a fake model.

    python benchmarks/memory.py [--small 1000] [--large 100000]

Each size runs in a process of its own. Printed are the peaks of resident memory and their difference, which should stay
below 30 MB from 1,000 to 100,000 articles.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import ClassVar

BOUND = 30.0


def measure(count: int) -> tuple[float, float]:
    """MB at the peak, and seconds."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(count)], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(done[0]), float(done[1])


def one(count: int) -> None:
    import loopback

    from extractor.files import prompts
    from extractor.files.output import OutputFiles
    from extractor.files.readers import read_articles
    from extractor.models.interface import Answer, Question, Usage
    from extractor.pipeline.extract import extract_article
    from extractor.pipeline.run import RunOptions, run, set_up
    from extractor.schema.reading import Reading

    empty = Reading(speakers=[], claims=[], stances=[], commitments=[])

    class Silent:
        """Finds nothing, at once. (FakeModel keeps the questions that it was asked.)"""

        name = "fake"
        parameters: ClassVar[dict[str, object]] = {}

        async def ask(self, question: Question[Reading]) -> Answer[Reading]:  # noqa: ARG002  # the model's interface
            return Answer(empty, Usage(attempts=1))

        async def aclose(self) -> None:
            return None

    async def main(folder: Path) -> float:
        source = loopback.write_articles(folder / "in.jsonl", count, 500)
        model, prompt, started = Silent(), prompts.load(), time.perf_counter()
        files = OutputFiles.open(folder / "out.jsonl", set_up(model, prompt))
        work, options = partial(extract_article, model=model, prompt=prompt, passes=1), RunOptions(concurrency=64)
        totals, _ = await run(work, read_articles([str(source)]), model, prompt, files, options)
        assert totals.written == count
        return time.perf_counter() - started

    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(main(Path(folder)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one)
        return
    small, _ = measure(arguments.small)
    large, seconds = measure(arguments.large)
    print(f"{arguments.small:>9,} articles  {small:6.0f} MB")
    print(f"{arguments.large:>9,} articles  {large:6.0f} MB  ({arguments.large / seconds:.0f} articles/s)")
    print(f"growth {large - small:.1f} MB (bound {BOUND:.0f} MB)")
    sys.exit(large - small > BOUND)


if __name__ == "__main__":
    main()
