"""The demonstration town: a made-up Pavlodar of real size, built into an empty database. Nobody in it is real."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from balabaqsha.sandbox.town.report import TownReport


def build(*, seed: int, now: datetime, data: Path | None = None, scale: float = 1.0) -> "TownReport":
    """Build the town; see `building.build`."""
    # Models are there only once Django is set up, and the sandbox process never is.
    from balabaqsha.sandbox.town import building  # noqa: PLC0415

    return building.build(seed=seed, now=now, data=data, scale=scale)
