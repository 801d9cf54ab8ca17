"""The distribution run as a pure walk along the line (rules, sections 3 and 5.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

RULE_VERSION = "voucher-run/1"


class PassedOver(StrEnum):
    """Why the walk gave an application nothing."""

    TOO_YOUNG = "TOO_YOUNG"
    WISHED_LATER = "WISHED_LATER"
    SETTLEMENT_WITHOUT_PLACE = "SETTLEMENT_WITHOUT_PLACE"
    NO_SUPPLY = "NO_SUPPLY"
    LIMIT_REACHED = "LIMIT_REACHED"


@dataclass(frozen=True)
class Demand:
    """What an application asks for: a place of this birth year, in a group of this correction or of none."""

    birth_year: int
    correction: str | None


@dataclass(frozen=True)
class Candidate:
    """One waiting application as the run sees it, already in the order of its line."""

    application_id: int
    number: str
    category: int
    original_at: str
    demand: Demand
    settlement: str | None
    too_young: bool
    wished_later: bool


@dataclass(frozen=True)
class Walk:
    """Whom the run serves, in order, and why it passed the others over."""

    served: tuple[Candidate, ...]
    passed: tuple[tuple[Candidate, PassedOver], ...]


def walk(
    *,
    line: Iterable[Candidate],
    supply: dict[Demand, int],
    open_settlements: frozenset[str],
    limit: int | None,
) -> Walk:
    """Walk the line in order and serve each whose birth year still has supply.

    `line` is the general line followed by the special one; `supply` counts places not yet spoken for;
    `open_settlements` had a free published place before the run; `limit` is the most vouchers in all.
    """
    left = dict(supply)
    served: list[Candidate] = []
    passed: list[tuple[Candidate, PassedOver]] = []
    for candidate in line:
        obstacle = _obstacle(candidate, open_settlements)
        if obstacle is None and left.get(candidate.demand, 0) < 1:
            obstacle = PassedOver.NO_SUPPLY
        if obstacle is None and limit is not None and len(served) >= limit:
            obstacle = PassedOver.LIMIT_REACHED
        if obstacle is None:
            left[candidate.demand] -= 1
            served.append(candidate)
        else:
            passed.append((candidate, obstacle))
    return Walk(served=tuple(served), passed=tuple(passed))


def walk_frozen(frozen: dict[str, Any]) -> Walk:
    """The walk that follows from a run's frozen input: what it gave, or would give, and to whom not."""
    return walk(
        line=(Candidate(**(row | {"demand": Demand(**row["demand"])})) for row in frozen["line"]),
        supply={Demand(row["birth_year"], row["correction"]): row["places"] for row in frozen["supply"]},
        open_settlements=frozenset(frozen["open_settlements"]),
        limit=frozen["limit"],
    )


def _obstacle(candidate: Candidate, open_settlements: frozenset[str]) -> PassedOver | None:
    if candidate.too_young:
        return PassedOver.TOO_YOUNG
    if candidate.wished_later:
        return PassedOver.WISHED_LATER
    if candidate.settlement is not None and candidate.settlement not in open_settlements:
        return PassedOver.SETTLEMENT_WITHOUT_PLACE
    return None
