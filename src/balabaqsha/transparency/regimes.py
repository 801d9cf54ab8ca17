"""The protocol of a territory's regimes, as the journal has it: what was decided, by which act, how many were carried over."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from balabaqsha.record import queries as record

SET, CARRIED_OVER = "regime-set", "regime-carried-over"
_ALWAYS = datetime(2020, 1, 1, tzinfo=UTC)
_MOST = 100


@dataclass(frozen=True)
class Entry:
    """A regime set from a day on by an act of `source`, or those who wait carried over: how their places then compare."""

    at: datetime
    act: str
    regime: str
    in_force_from: date | None
    source: str
    moved: int
    ahead: int
    behind: int
    same: int
    other: int


def protocol(territory_code: str) -> list[Entry]:
    """What was done to the regime of a territory, newest first. One query."""
    events = record.acts_in([territory_code], acts=(SET, CARRIED_OVER), since=_ALWAYS, first=0, count=_MOST)
    return [_entry(event) for event in events]


def _entry(event: record.Event) -> Entry:
    facts = event.facts
    day = facts.get("in_force_from")
    counts = {name: facts.get(name, 0) for name in ("moved", "ahead", "behind", "same", "other")}
    return Entry(
        at=event.at,
        act=event.act,
        regime=facts["regime"],
        in_force_from=date.fromisoformat(day) if day else None,
        source=facts.get("source", ""),
        **counts,
    )
