"""Distribution runs as plain data without names: who was served in which order, and why others were passed over."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balabaqsha.vouchers.models import DistributionRun, RunState


@dataclass(frozen=True)
class Row:
    """One application of the line as the run saw it; of a special one the kind of correction is not told."""

    number: str
    category: int
    original_at: datetime
    birth_year: int
    special: bool
    reason: str = ""


@dataclass(frozen=True)
class SupplyRow:
    """Places that were free to give for one birth year, and how many of them were given."""

    birth_year: int
    correction: str | None
    places: int
    waiting: int
    given: int

    @property
    def left(self) -> int:
        """Places for which nobody was left whom the run could serve."""
        return max(0, self.places) - self.given


@dataclass(frozen=True)
class Protocol:
    """A run, previewed or performed; `joined` and `left` are application numbers that differ from its preview."""

    number: int
    territory_code: str
    state: str
    previewed_at: datetime | None
    performed_at: datetime | None
    rule_version: str
    limit: int | None
    given: int
    input_digest: str
    supply: tuple[SupplyRow, ...]
    served: tuple[Row, ...]
    passed: tuple[Row, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def places(self) -> int:
        return sum(max(0, row.places) for row in self.supply)

    @property
    def waiting(self) -> int:
        return len(self.served) + len(self.passed)

    @property
    def passed_by_reason(self) -> dict[str, int]:
        """How many were passed over for each reason, the most frequent first."""
        return dict(Counter(row.reason for row in self.passed).most_common())


@dataclass(frozen=True)
class RunLine:
    """One performed run in a list."""

    number: int
    territory_code: str
    performed_at: datetime
    given: int


def performed(*, territory_code: str | None = None, limit: int = 20) -> list[RunLine]:
    """Performed runs, newest first; of one territory or of all. One query."""
    runs = DistributionRun.objects.filter(state=RunState.PERFORMED)
    if territory_code is not None:
        runs = runs.filter(territory_id=territory_code)
    rows = runs.order_by("-performed_at", "-id").values_list("number", "territory_id", "performed_at", "given")
    return [RunLine(*row) for row in rows[:limit]]


def protocol(number: int) -> Protocol | None:
    """The public protocol of a performed run, None where there is none of this number. One query."""
    run = DistributionRun.objects.filter(number=number, state=RunState.PERFORMED).first()
    return read(run) if run else None


def read(run: DistributionRun) -> Protocol:
    """What went into a run and what came out, previews included. No query."""
    line = {row["number"]: row for row in run.input["line"]}
    served = tuple(_row(line[number]) for number in run.result["served"])
    passed = tuple(_row(line[number], reason) for number, reason in run.result["passed"])
    since = run.result.get("since_preview", {})
    return Protocol(
        number=run.number,
        territory_code=run.territory_id,
        state=run.state,
        previewed_at=run.previewed_at,
        performed_at=run.performed_at,
        rule_version=run.rule_version,
        limit=run.limit,
        given=run.given,
        input_digest=run.input_digest,
        supply=tuple(_supply(run.input, set(run.result["served"]))),
        served=served,
        passed=passed,
        joined=tuple(since.get("joined", ())),
        left=tuple(since.get("left", ())),
    )


def _row(row: dict[str, Any], reason: str = "") -> Row:
    return Row(
        number=row["number"],
        category=row["category"],
        original_at=datetime.fromisoformat(row["original_at"]),
        birth_year=row["demand"]["birth_year"],
        special=row["demand"]["correction"] is not None,
        reason=reason,
    )


def _supply(frozen: dict[str, Any], served: set[str]) -> list[SupplyRow]:
    demands = [(row["demand"]["birth_year"], row["demand"]["correction"], row["number"]) for row in frozen["line"]]
    waiting = Counter((year, correction) for year, correction, _ in demands)
    given = Counter((year, correction) for year, correction, number in demands if number in served)
    places = {(row["birth_year"], row["correction"]): row["places"] for row in frozen["supply"]}
    keys = sorted(set(places) | set(waiting), key=lambda key: (key[1] or "", key[0]))
    return [
        SupplyRow(
            year, correction, places.get((year, correction), 0), waiting[year, correction], given[year, correction]
        )
        for year, correction in keys
    ]
