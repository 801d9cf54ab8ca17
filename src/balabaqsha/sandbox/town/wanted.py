"""What a family asks for, and where it stands in a waiting list."""

from dataclasses import dataclass, field
from datetime import date

from balabaqsha.applications._steps import NO_BENEFIT
from balabaqsha.sandbox.geography import CITY
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.rows import Row


@dataclass(slots=True)
class Wanted:
    """What a family asks for."""

    languages: list[str]
    settlement: str = CITY
    correction: str | None = None
    told: bool = field(default=False, metadata={"doc": "stands on a conclusion that Arkotek told"}, kw_only=True)
    wished_from: date | None = None
    benefit: str = NO_BENEFIT
    wishes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A place in the waiting list of a group, and the offer that stands."""

    row: Row
    group: TownGroup
    offer: Row | None = None
    hold: Row | None = None
    place: Row | None = None
