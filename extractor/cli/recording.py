"""`--replay` and `--record`, for the commands that ask a model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    from extractor.models.opening import Chosen


def require_one(replay: Path | None, record: Path | None) -> None:
    """Raises ConfigurationError where both are asked for."""
    if replay and record:
        raise ConfigurationError(
            "--replay and --record exclude each other.", hint="Replay an old recording or make one."
        )


@contextlib.contextmanager
def recorded(record: Path | None, chosen: Chosen) -> Iterator[None]:
    """Records what the chosen model answers within the block, without any secret; nothing where `record` is None."""
    if record is None:
        yield
        return
    from extractor import settings
    from extractor.models.cassette import Recorded, recording

    made_with = Recorded(chosen.name, chosen.options.mode, chosen.options.temperature)
    with recording(record, made_with, settings.load().secrets()):
        yield
