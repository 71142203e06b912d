"""The options by which `show` and `export` choose items, and the selection that they make."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.results.selection import Selection

# The choices of extractor/schema/reading.py, which is not imported here: the command line starts without pydantic.
# Enumerations, because typer takes no lists of literals.
LayerName = StrEnum("LayerName", "claims stances commitments")
KindName = StrEnum("KindName", "fact opinion prediction intention demand")
PositionName = StrEnum("PositionName", "support oppose mixed neutral")
FirmnessName = StrEnum("FirmnessName", "agreed pledged scheduled planned considered hoped")

_PANEL = "Which items"


def _option(name: str, help: str, metavar: str | None = None) -> object:
    return typer.Option(name, help=help, metavar=metavar, rich_help_panel=_PANEL, show_default=False)


Layers = Annotated[
    list[LayerName] | None,
    _option("--layer", "Only this layer: claims, stances or commitments; may be repeated.", "LAYER"),
]
Speakers = Annotated[
    list[str] | None, _option("--speaker", "Said or relayed by somebody of this name or affiliation.", "NAME")
]
Actors = Annotated[list[str] | None, _option("--actor", "Commitments that somebody of this name is to act on.", "NAME")]
Kinds = Annotated[
    list[KindName] | None,
    _option("--kind", "Claims of this kind: fact, opinion, prediction, intention, demand.", "KIND"),
]
Positions = Annotated[
    list[PositionName] | None,
    _option("--position", "Stances of this position: support, oppose, mixed, neutral.", "POSITION"),
]
Firmnesses = Annotated[
    list[FirmnessName] | None,
    _option(
        "--firmness", "Commitments as firm as this: agreed, pledged, scheduled, planned, considered, hoped.", "FIRMNESS"
    ),
]
DueAfter = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Commitments whose last day lies after this one, or is open.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]
DueBefore = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Commitments whose last day lies before this one.",
        rich_help_panel=_PANEL,
        show_default=False,
    ),
]


def selection(
    layers: list[LayerName] | None,
    speakers: list[str] | None,
    actors: list[str] | None,
    kinds: list[KindName] | None,
    positions: list[PositionName] | None,
    firmness: list[FirmnessName] | None,
    due_after: dt.datetime | None,
    due_before: dt.datetime | None,
) -> Selection:
    """What the options ask for."""
    from extractor.results.selection import Selection

    return Selection(
        layers=layers or (),
        speakers=speakers or (),
        actors=actors or (),
        kinds=kinds or (),
        positions=positions or (),
        firmness=firmness or (),
        due_after=due_after.date() if due_after else None,
        due_before=due_before.date() if due_before else None,
    )
