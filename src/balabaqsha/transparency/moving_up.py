"""The protocol of groups that moved up a year, as the journal has it: kindergartens, groups and numbers, no names."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.kindergartens.models import Group
from balabaqsha.record import queries as record

ACT = "groups-moved-up"


@dataclass(frozen=True)
class Row:
    """A group of the protocol; `opened` is the one that opened in its stead, None where its children stayed."""

    group: Group
    children: int
    opened: Group | None


@dataclass(frozen=True)
class Protocol:
    """What moving up did in a territory in a year."""

    territory_code: str
    year: int
    performed_at: datetime
    opens_for: int
    left: tuple[Row, ...]
    stayed: tuple[Row, ...]

    @property
    def to_school(self) -> int:
        """How many children went to school."""
        return sum(row.children for row in self.left)


def protocol(territory_code: str, year: int) -> Protocol | None:
    """The protocol of a territory and year, None before the groups moved up. Two queries."""
    event = record.latest_of(ACT, territory_code=territory_code, year=year)
    if event is None:
        return None
    told = event.facts
    ids = [row[name] for row in (*told["left"], *told["stayed"]) for name in ("group", "opened") if name in row]
    groups = Group.objects.select_related("kindergarten").in_bulk(ids)

    def rows(name: str) -> tuple[Row, ...]:
        return tuple(Row(groups[row["group"]], row["children"], groups.get(row.get("opened"))) for row in told[name])

    return Protocol(
        territory_code=territory_code,
        year=year,
        performed_at=event.at,
        opens_for=told["opens_for"],
        left=rows("left"),
        stayed=rows("stayed"),
    )


def is_done(territory_code: str, year: int) -> bool:
    """Whether the groups of a territory have moved up in a year. One query."""
    return record.latest_of(ACT, territory_code=territory_code, year=year) is not None
