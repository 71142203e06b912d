"""Floors: the least that each score must reach. Kept in a repository, they let an evaluation rise and not fall."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.results.evaluation.report import Report
from extractor.results.evaluation.scores import LESS_IS_BETTER, SCORES

READING_SCORES = tuple(name for name in SCORES if name not in LESS_IS_BETTER)


def read_floors(path: str | Path, known: Sequence[str] = READING_SCORES) -> dict[str, float]:
    """A JSON object of `known` scores and their floors: {"claims.f1": 0.9}. Raises ConfigurationError for all else."""
    hint = 'A floor file is one JSON object of scores and numbers from 0 to 1: {"claims.f1": 0.9, "stances.f1": 0.8}.'
    try:
        floors = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", hint="Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is no JSON: {error}", hint=hint) from error
    if not isinstance(floors, dict):
        raise ConfigurationError(f"{path} holds no JSON object", hint=hint)
    if unknown := [name for name in floors if name not in known]:
        raise ConfigurationError(f"{path}: no such score: {', '.join(unknown)}", hint=f"Known are {', '.join(known)}.")
    for name, floor in floors.items():
        if isinstance(floor, bool) or not isinstance(floor, int | float) or not 0 <= floor <= 1:
            raise ConfigurationError(f"{path}: {name}: {floor!r} is no number from 0 to 1", hint=hint)
    return {name: float(floor) for name, floor in floors.items()}


def shortfalls(report: Report, floors: Mapping[str, float]) -> list[str]:
    """A sentence for each score under its floor. One that could not be measured is under any floor."""
    return under({name: report.scores[name].value for name in floors}, floors)


def under(values: Mapping[str, float | None], floors: Mapping[str, float]) -> list[str]:
    """As `shortfalls`, for scores as plain numbers; None could not be measured."""
    sentences = []
    for name, floor in floors.items():
        value = values[name]
        if value is None:
            sentences.append(f"{name} could not be measured; its floor is {floor:g}")
        elif value < floor:
            sentences.append(f"{name} is {value:.4f}; its floor is {floor:g}")
    return sentences
