"""Distribution runs as plain data without names: who was served in which order, and why others were passed over."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from balabaqsha.vouchers.models import DistributionRun, RunRow, RunState


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
    """A run, previewed or performed; `joined` and `left` are application numbers that differ from its preview.

    `passed_by_reason` is how many were passed over for each reason, the most frequent first.
    """

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
    passed_by_reason: dict[str, int]
    joined: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def places(self) -> int:
        return sum(max(0, row.places) for row in self.supply)

    @property
    def passed(self) -> int:
        """How many were passed over."""
        return sum(self.passed_by_reason.values())

    @property
    def waiting(self) -> int:
        return self.given + self.passed


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
    """The public protocol of a performed run, None where there is none of this number. Four queries."""
    run = DistributionRun.objects.filter(number=number, state=RunState.PERFORMED).defer("input", "result").first()
    return read(run) if run else None


def read(run: DistributionRun) -> Protocol:
    """What went into a run and what came out, previews included. Three queries, however long the line was."""
    passed = RunRow.objects.filter(run=run).exclude(reason="").values_list("reason").annotate(n=Count("id"))
    since = DistributionRun.objects.filter(id=run.id).values_list("result__since_preview", flat=True).get() or {}
    demands = run.demands.values_list("birth_year", "correction", "places", "waiting", "given")
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
        supply=tuple(SupplyRow(*row) for row in sorted(demands, key=lambda row: (row[1] or "", row[0]))),
        passed_by_reason=dict(passed.order_by("-n", "reason")),
        joined=tuple(since.get("joined", ())),
        left=tuple(since.get("left", ())),
    )


def served(number: int, *, start: int, size: int) -> list[Row]:
    """So many of those whom a run served, in the order of the line, after the first `start`. One query."""
    return _rows(RunRow.objects.filter(run__number=number, reason=""), start, size)


def passed_over(number: int, *, reason: str = "", start: int, size: int) -> list[Row]:
    """So many of those whom a run passed over, for one reason or for any, after the first `start`. One query."""
    rows = RunRow.objects.filter(run__number=number).exclude(reason="")
    return _rows(rows.filter(reason=reason) if reason else rows, start, size)


def _rows(found: QuerySet[RunRow], start: int, size: int) -> list[Row]:
    shown = found.order_by("position").values_list(
        "number", "category", "original_at", "birth_year", "special", "reason"
    )
    return [Row(*row) for row in shown[start : start + size]]
