"""Twenty cases told by the town and played through the real acts leave the same rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from balabaqsha.admissions.models import Admission, WaitingListEntry, WaitingListOffer
from balabaqsha.applications.models import Application, BenefitClaim, DocumentsCheck, Wish
from balabaqsha.applications.states import Kind
from balabaqsha.journeys import applying, choosing, distribution, leaving, publishing, sweep, vouchers
from balabaqsha.kindergartens.models import Hold, Place
from balabaqsha.line.models import Line
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.sandbox.geography import CITY, LINE
from balabaqsha.sandbox.town import building, runs
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.staff import Staff
from balabaqsha.sandbox.town.wanted import Wanted
from balabaqsha.sandbox.town.world import World
from balabaqsha.vouchers.models import DistributionRun, Voucher

pytestmark = pytest.mark.django_db

# A Monday without holidays near it; the town of the test ends six weeks later.
START = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
NOW = START + timedelta(days=45)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOVED = "MOVED"
BECAUSE = "қорытындының мерзімі өткен"
COMPARED = (
    Application,
    Wish,
    BenefitClaim,
    DocumentsCheck,
    DistributionRun,
    Voucher,
    Place,
    Hold,
    Admission,
    WaitingListEntry,
    WaitingListOffer,
    JournalEntry,
    OutboxFact,
)
# Ids of rows made while playing: the order of the rows tells which one is meant. And what only one side has.
_HIDDEN = {
    "id",
    "application_id",
    "run_id",
    "hold_id",
    "entry_id",
    "admission",
    "offer",
    "told_at",
    "transaction",
    "tier",
}
_OF_THE_SEQUENCE = {"number", "input", "input_digest", "result"}


class Both:
    """Every act is done twice: told by the town, and played for real."""

    def __init__(self) -> None:
        self.world = World(seed=7, now=NOW, scale=0.02)
        self.world.gardens.open_all()
        staff = Staff(self.world, opened_at=START)
        staff.officer(position=5)
        for kind in ("GENERAL", "SPECIAL"):
            self.world.rows.add(Line, territory_id=LINE, kind=kind, intake_year=self.world.intake_year, cycle="")
        self.cases: dict[int, Case] = {}
        self.real: dict[int, int] = {}
        self.kept: dict[type[Model], list[dict[str, Any]]] = {}

    def family(self, group: TownGroup) -> Case:
        """A family with a child of the group's birth year, in the portal already."""
        family = self.world.town.family(settlement=CITY)
        child = self.world.town.child(
            family, born_on=date(group.row["birth_year"], 3, 1 + len(self.world.town.people) % 27)
        )
        self.world.town.enter_family(family, child, now=START - DAY)
        return Case(self.world, family=family, child=child)

    def enrolled(self, group: TownGroup) -> Case:
        """A child who goes to the group since before."""
        case = self.family(group)
        case.carry_over_enrolled(group, enrolled_at=START - 9 * DAY, original_at=START - 90 * DAY, at=START - 2 * DAY)
        self.real[id(case)] = case.id
        return case

    def write_the_setting(self) -> None:
        """From here on the town goes on in memory, and the acts in the database."""
        for model in COMPARED:
            self.kept[model] = list(self.world.rows.of(model))
        self.world.rows.write(building.ORDER)
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('applications_number', %s)", [self.world.last_sequence])

    def publish(self, group: TownGroup, places: int, at: datetime) -> None:
        head = self.world.head_of(group)
        self.world.publish(group, places, actor=head, at=at)
        publishing.publish(group_id=group.id, places=places, actor=head, now=at)

    def apply(self, case: Case, wanted: Wanted, at: datetime) -> Case:
        case.apply(wanted, at=at)
        self.cases[case.id] = case
        filing = applying.Filing(
            child_id=case.child.id or 0,
            applicant_id=case.family.mother.id or 0,
            born_on=case.child.born_on,
            kind=Kind(case.application["kind"]),
            territory_code=LINE,
            settlement_code=wanted.settlement,
            languages=tuple(wanted.languages),
            correction=wanted.correction,
            wished_from=wanted.wished_from,
            benefit=wanted.benefit,
            wishes=tuple(wanted.wishes),
        )
        self.real[id(case)] = applying.apply(filing=filing, actor=case.parent, now=at).id
        return case

    def run(self, limit: int, at: datetime) -> list[Case]:
        served = runs.perform(self.world, self.cases, limit=limit, at=at)
        distribution.perform(territory_code=LINE, limit=limit, actor=self.world.officer, now=at)
        return served

    def do(self, case: Case, act: str, at: datetime, **told: Any) -> None:
        """One act of the family, or of the officer, on the case."""
        real = dict(told)
        if "group" in real:
            real["group_id"] = real.pop("group").id
        if act == "claim_benefit":
            real["proof_ids"] = ()
        if act == "leave":
            real["reason"] = real.pop("because")
        getattr(case, act)(at=at, **told)
        _REAL[act](application_id=self.real[id(case)], actor=case.parent, now=at, **real)

    def check(self, case: Case, act: str, at: datetime, *, confirm: bool, because: str = "") -> None:
        """One decision of an officer."""
        getattr(case, act)(at=at, **({} if confirm else {"because": because}))
        # The town's weeks know one officer; that a right out of turn needs two is no matter of rows.
        applying.check_documents(
            application_id=self.real[id(case)],
            confirm=confirm,
            because=because,
            officers=1,
            actor=self.world.officer,
            now=at,
        )

    def lapse(self, case: Case, act: str) -> None:
        """The term of the case runs out."""
        due_at = case.due_at
        getattr(case, act)()
        scope = sweep.Scope(application_id=self.real[id(case)])
        sweep.sweep(before=due_at + timedelta(microseconds=1), scope=scope)


_REAL: dict[str, Callable[..., Any]] = {
    "confirm_interest": vouchers.confirm_interest,
    "decline": vouchers.decline,
    "restore": vouchers.restore,
    "withdraw": applying.withdraw,
    "choose": choosing.choose,
    "join_waiting_list": choosing.join_waiting_list,
    "claim_benefit": applying.claim_benefit,
    "leave": leaving.leave,
}


def test_cases_of_the_town_leave_the_rows_of_the_real_acts() -> None:
    both = Both()
    plain = next(
        group for group in both.world.gardens.groups if not group.row["correction"] and group.row["birth_year"] == 2023
    )
    full = next(
        group
        for group in both.world.gardens.groups
        if not group.row["correction"] and group.row["birth_year"] == 2023 and group is not plain
    )
    special = next(group for group in both.world.gardens.groups if group.row["correction"])
    leaver = both.enrolled(full)
    general = [both.family(plain) for _ in range(18)]
    of_special = [both.family(special) for _ in range(3)]
    both.write_the_setting()

    _play_line(both, general, of_special, plain, special)
    _play_vouchers(both, general, plain, full, leaver)

    for model in COMPARED:
        _same(both, model)


def _play_line(both: Both, general: list[Case], of_special: list[Case], plain: TownGroup, special: TownGroup) -> None:
    """Twenty-one families apply; officers check."""
    correction = special.row["correction"]
    for index, case in enumerate(general):
        benefit = {1: "LARGE_FAMILY", 2: "SERVICE", 3: "TEACHER"}.get(index, "NONE")
        wanted = Wanted(["kk", "ru"], benefit=benefit, wishes=[plain.garden["id"]] if index % 2 else [])
        if index == 17:
            wanted.wished_from = NOW.date()
        both.apply(case, wanted, START + index * HOUR)
    for index, case in enumerate(of_special):
        both.apply(case, Wanted(["kk"], correction=correction), START + 20 * HOUR + index * HOUR)
    both.check(general[1], "confirm_benefit", START + 26 * HOUR, confirm=True)
    both.check(general[2], "confirm_benefit", START + 27 * HOUR, confirm=True)
    both.check(general[3], "reject_benefit", START + 28 * HOUR, confirm=False, because=BECAUSE)
    both.check(of_special[1], "confirm_documents", START + 29 * HOUR, confirm=True)
    both.check(of_special[2], "reject_documents", START + 30 * HOUR, confirm=False, because=BECAUSE)
    both.do(general[4], "claim_benefit", START + 31 * HOUR, benefit="PARENT_DISABILITY")
    both.do(general[16], "withdraw", START + 32 * HOUR)


def _play_vouchers(both: Both, general: list[Case], plain: TownGroup, full: TownGroup, leaver: Case) -> None:
    """A run, and everything that families can make of a voucher."""
    both.publish(plain, 14, START + 33 * HOUR)
    at = START + 2 * DAY
    served = both.run(11, at)
    assert len(served) == 11
    declined, stopped, restored, lapsed, chosen, withdrawn, listed, *others = served
    both.do(declined, "decline", at + HOUR)
    for index, case in enumerate((lapsed, chosen, withdrawn, listed)):
        both.do(case, "confirm_interest", at + 2 * HOUR + index * timedelta(minutes=5))
    both.do(chosen, "choose", at + 4 * HOUR, group=plain)
    both.do(withdrawn, "join_waiting_list", at + 4.5 * HOUR, group=full)
    both.do(withdrawn, "withdraw", at + 5 * HOUR)
    both.do(listed, "join_waiting_list", at + 6 * HOUR, group=full)
    for case in sorted((stopped, restored, *others), key=lambda case: case.id):
        both.lapse(case, "lapse_offer")
    both.do(restored, "restore", at + 3 * DAY)

    again = both.run(4, at + 5 * DAY)
    assert restored in again
    confirmed = next(case for case in again if case is not restored)
    both.do(confirmed, "confirm_interest", at + 5 * DAY + HOUR)
    both.do(leaver, "leave", at + 5 * DAY + 2 * HOUR, because=MOVED)
    # What the real leaving does by itself the town tells as an act of its own.
    listed.offer_place(listed.entries[0], at=at + 5 * DAY + 2 * HOUR)
    both.lapse(restored, "lapse_offer")
    both.lapse(lapsed, "lapse_voucher")
    both.lapse(stopped, "lapse_restoring")


def _same(both: Both, model: type[Model]) -> None:
    """The rows of a table, in memory and in the database, in order of time where a table has one."""
    told = both.kept[model] + both.world.rows.of(model)
    real = list(model._default_manager.order_by("id").values())
    if model in {JournalEntry, OutboxFact}:
        told, real = (sorted(rows, key=lambda row: (row["at"], row["id"])) for rows in (told, real))
    assert [_plain(model, row) for row in told] == [_plain(model, row) for row in real], model.__name__


def _plain(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    hidden = _HIDDEN | (_OF_THE_SEQUENCE if model in {Application, DistributionRun} else set())
    hidden |= {field.attname for field in model._meta.concrete_fields if field.generated}
    return {name: _value(value) for name, value in row.items() if name not in hidden}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _value(inner) for name, inner in value.items() if name not in _HIDDEN | {"run", "due_at"}}
    if isinstance(value, str) and value.endswith("+00:00"):
        return datetime.fromisoformat(value)
    return value
