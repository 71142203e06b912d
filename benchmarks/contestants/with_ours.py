"""The program: from the file of articles to the file of records, with a fresh cache."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from timing import arguments, run

import extractor.models.chat  # noqa: F401  # what a run imports is imported before the clock starts
from extractor import settings
from extractor.files import prompts
from extractor.files.output import OutputFiles
from extractor.files.readers import read_articles
from extractor.models.cached import AnswerCache
from extractor.models.limits import Gate, Limits
from extractor.models.opening import ModelOptions, open_model
from extractor.pipeline import extract
from extractor.pipeline.collecting import collect_seldom
from extractor.pipeline.run import RunOptions, set_up
from extractor.pipeline.run import run as run_pipeline

ARTICLES, URL, PLACES = arguments()
if os.environ.get("NO_AUDIT"):
    extract.audit = lambda _record: []


async def main() -> None:
    collect_seldom()
    folder = Path(tempfile.mkdtemp())
    gate, options = Gate(Limits(concurrency=PLACES)), RunOptions(concurrency=PLACES, ahead=PLACES)
    cache = AnswerCache(folder / "cache")
    model = open_model("local/test", settings.load(), ModelOptions(base_url=URL), cache=cache, gate=gate)
    prompt = prompts.load()
    files = OutputFiles.open(folder / "out.jsonl", set_up(model, prompt))
    work = partial(extract.extract_article, model=model, prompt=prompt)
    totals, _ = await run_pipeline(work, read_articles([sys.argv[1]]), model, prompt, files, options, gate=gate)
    await model.aclose()
    assert totals.written == len(ARTICLES)


run(main())
