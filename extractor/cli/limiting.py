"""`--rpm`, `--tpm`, `--max-cost` and `--price`, for the commands that ask a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.models.limits import Limits

RequestsPerMinute = Annotated[
    float | None, typer.Option("--rpm", min=0.01, help="At most N requests a minute.", show_default=False)
]
TokensPerMinute = Annotated[
    float | None, typer.Option("--tpm", min=1, help="At most N tokens a minute, in and out.", show_default=False)
]
MaxCost = Annotated[
    float | None,
    typer.Option(
        "--max-cost", min=0, metavar="USD", help="Stop before the question that would pass this.", show_default=False
    ),
]
StatedPrice = Annotated[
    str | None,
    typer.Option(
        "--price",
        metavar="IN,OUT",
        help="USD per million input and output tokens, where the list price is not yours.",
        show_default=False,
    ),
]


def limits_of(
    model: str,
    places: int,
    *,
    rpm: float | None,
    tpm: float | None,
    max_cost: float | None,
    price: str | None,
    replayed: bool,
) -> Limits:
    """The limits that the options ask for, with the stated price or else the list price; a replay costs nothing.

    Raises ConfigurationError where `price` is none, or `max_cost` cannot be kept because no price is known.
    """
    from extractor.models import pricing
    from extractor.models.limits import Limits

    chosen = None if replayed else pricing.choose(model, price, needed=max_cost is not None)
    return Limits(places, rpm, tpm, chosen, max_cost)
