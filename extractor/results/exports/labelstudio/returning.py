"""Exported Label Studio tasks (JSON, not JSON-MIN) as records.

What becomes of the annotations is said in annotated.py; here is where the tasks and the records behind them come from.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extractor import __version__
from extractor.errors import ConfigurationError, UnreadableInput
from extractor.results.exports.common import uuid_of
from extractor.results.exports.labelstudio.annotated import MODEL, Annotated
from extractor.results.exports.labelstudio.controls import TEXT
from extractor.schema.article import Article
from extractor.schema.record import SCHEMA_VERSION, Record, RecordArticle, RecordRun

_Json = dict[str, Any]
_HINT = "Give what Label Studio's Export writes as JSON (not JSON-MIN, not CSV)."


def read_tasks(path: Path) -> list[_Json]:
    """The tasks of an export. Raises ConfigurationError where the file is something else."""
    try:
        tasks = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="Is the path right?") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is no JSON: {error}", hint=_HINT) from error
    if not isinstance(tasks, list) or not all(isinstance(each, dict) for each in tasks):
        raise ConfigurationError(f"{path} is no list of tasks.", hint=_HINT)
    return tasks


def to_record(task: _Json, *, predictions: bool = False) -> Record | None:
    """The record of a task as it was annotated last; with `predictions`, as predicted where nobody annotated it.

    None where there is neither. Raises UnreadableInput where the task is not of this program's interface.
    """
    result = _result(task, predictions)
    if result is None:
        return None
    data = task.get("data")
    if not isinstance(data, dict) or not isinstance(data.get(TEXT), str):
        raise UnreadableInput("the task's data hold no text", hint=_HINT)
    try:
        base = _base(task, data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise UnreadableInput(f"the record in the task's data is none: {place}: {first['msg']}", hint=_HINT) from error
    try:
        return Annotated(base, result).record()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"article {base.article.id}: the annotation is not of this program's interface: {error!r}"
        raise UnreadableInput(message, hint="`extractor export --to labelstudio` writes the interface.") from error


def _result(task: _Json, predictions: bool) -> list[_Json] | None:
    done = [each for each in task.get("annotations") or () if not each.get("was_cancelled")]
    if done:
        last = max(done, key=lambda each: str(each.get("updated_at") or each.get("created_at") or ""))
        return list(last.get("result") or ())
    if predictions and task.get("predictions"):
        return list(task["predictions"][-1].get("result") or ())
    return None


def _base(task: _Json, data: _Json) -> Record:
    """The record that the task was made of, or one without items where it was made by other means."""
    text = data[TEXT]
    known = data.get("record")
    if isinstance(known, dict):
        return Record.model_validate(known | {"article": {**known["article"], TEXT: text}})
    article = Article(
        id=str(data.get("id") or task.get("id") or uuid_of(text)),
        text=text,
        title=data.get("title"),
        source=data.get("source"),
        published=data.get("published"),
    )
    fields = article.model_dump(include={"id", "source", "title", "published", "language"})
    run = RecordRun(
        model=MODEL,
        prompt="none",
        prompt_sha256="",
        extractor=__version__,
        attempts=0,
        input_tokens=0,
        output_tokens=0,
    )
    return Record(
        schema_version=SCHEMA_VERSION,
        article=RecordArticle(**fields, sha256=article.sha256, text=text),
        speakers=[],
        claims=[],
        stances=[],
        commitments=[],
        unplaced=[],
        checks=[],
        run=run,
    )
