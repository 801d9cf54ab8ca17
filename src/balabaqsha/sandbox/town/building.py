"""Building the town: its weeks are told in memory, its rows copied into the database, its last contracts signed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from balabaqsha.accounts.models import Account, ConsentGiven, DemonstrationNewcomer, DemonstrationPerson, RoleGrant
from balabaqsha.admissions.models import Admission, WaitingListEntry, WaitingListOffer
from balabaqsha.applications.models import (
    Application,
    ArkotekAnswer,
    BenefitClaim,
    Conclusion,
    DocumentsCheck,
    SecondOpinion,
    Wish,
)
from balabaqsha.applications.states import State
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group, Hold, Kindergarten, Place
from balabaqsha.law.models import CalendarChange, CategoryTable, TerritorialTerm
from balabaqsha.line.models import Line
from balabaqsha.people.models import Kinship, Person, Phone
from balabaqsha.record import actions as record
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.sandbox import population
from balabaqsha.sandbox.geography import CITY, LINE
from balabaqsha.sandbox.people import PAVLODAR_OBLAST
from balabaqsha.sandbox.town import appeals, contracting, districts, papers, proposing, referrals, special, told
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.contracting import Contracting, Plan
from balabaqsha.sandbox.town.districts import ToldDistrict
from balabaqsha.sandbox.town.families import Family, Human
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.report import Newcomer, TownReport
from balabaqsha.sandbox.town.settling import Settlers
from balabaqsha.sandbox.town.staff import Staff
from balabaqsha.sandbox.town.telling import OPENED, Telling
from balabaqsha.sandbox.town.world import World
from balabaqsha.vouchers.models import DistributionRun, Voucher

# Parents before children, so that every foreign key finds its row.
ORDER = (
    Person,
    Phone,
    Kinship,
    Kindergarten,
    Group,
    Place,
    Account,
    RoleGrant,
    ConsentGiven,
    DemonstrationPerson,
    DemonstrationNewcomer,
    Line,
    Application,
    Wish,
    BenefitClaim,
    ArkotekAnswer,
    Conclusion,
    DocumentsCheck,
    SecondOpinion,
    DistributionRun,
    Voucher,
    Hold,
    Admission,
    WaitingListEntry,
    WaitingListOffer,
    JournalEntry,
    OutboxFact,
    TerritorialTerm,
    CategoryTable,
    CalendarChange,
)


class NotEmpty(RuntimeError):
    """The database holds kindergartens or applications: a town is built into an empty one."""


@dataclass
class Built:
    """A town told in memory: everything that is known of it before it is written."""

    world: World
    telling: Telling
    heads: dict[int, Human]
    plans: list[Plan]
    persons: list[Case]
    newcomer: Family
    districts: list[ToldDistrict]
    staff: Staff


def build(*, seed: int, now: datetime, data: Path | None = None, scale: float = 1.0) -> TownReport:
    """Build the demonstration town as it stands at `now` into an empty, migrated database.

    The same seed and moment give the same town, keys and random names of files aside. `data` is the data folder
    (default: the one of the settings), `scale` the size, 1.0 being the whole town. Raises NotEmpty.
    """
    if Application.objects.exists() or Kindergarten.objects.exists():
        raise NotEmpty
    seconds: dict[str, float] = {}
    now = now.replace(microsecond=0)
    with _taken(seconds, "telling"):
        town = tell(seed=seed, now=now, scale=scale)
    with _taken(seconds, "rows"):
        write(town)
    with _taken(seconds, "papers and signatures"):
        papers.attach(town.telling.undecided)
        special.attach(_with_a_paper(town))
        _go_on(town)
    with _taken(seconds, "registers"):
        folder = settings.ENVIRONMENT.data if data is None else data
        persons = population.write(folder / "sandbox" / "population.jsonl", town.world.town.registered())
    return _report(town, persons, seconds)


def tell(*, seed: int, now: datetime, scale: float) -> Built:
    """The town in memory, up to the rows that are copied."""
    world = World(seed=seed, now=now, scale=scale)
    opened_at = world.workday(OPENED, hour=9)
    world.gardens.open_all()
    staff = Staff(world, opened_at=opened_at)
    staff.officer(position=5)
    world.deciders = {
        "PHTHISIATRICIAN": staff.in_office("phthisiatrician", Role.DOCTOR, position=11),
        "PMPK": staff.in_office("pmpk", Role.PMPK_OFFICER, position=12),
    }
    for kind in ("GENERAL", "SPECIAL"):
        world.rows.add(Line, territory_id=LINE, kind=kind, intake_year=world.intake_year, cycle="")
    for garden in world.gardens.all:
        groups = [group.id for group in world.gardens.groups if group.garden is garden]
        facts = {"kindergarten": garden["id"], "groups": groups}
        world.journal("kindergarten-opened", actor=world.officer, at=opened_at, facts=facts)
    settlers = Settlers(world, opened_at=opened_at)
    settlers.settle()
    main = _main_group(world)
    telling = Telling(world, settlers, head_of=main)
    telling.tell()
    heads = {main.garden["id"]: staff.head(main.garden)}
    plans = _plans(telling)
    for plan in plans:
        garden = plan.case.group.garden if plan.case.group else main.garden
        if garden["id"] not in heads:
            heads[garden["id"]] = staff.other_head(garden)
    persons = _families_to_be(telling, plans)
    for position, (key, case) in enumerate(persons.items(), start=1):
        staff.mother(case.family.mother, key, position=position)
    persons |= _special_families(telling, staff)
    world.untell(case.id for case in persons.values())
    newcomer, applicant = _families_to_come(settlers.free_families())
    staff.newcomer(newcomer)
    world.town.enter_family(applicant, applicant.children[0], now=opened_at)
    staff.mother(applicant.mother, "applicant", position=3)
    for child in (newcomer.children[0], applicant.children[0]):
        special.try_everything(child, today=localdate(world.now))
    told = districts.tell(world, opened_at=opened_at)
    return Built(world, telling, heads, plans, list(persons.values()), newcomer, told, staff)


def _main_group(world: World) -> TownGroup:
    """The kindergarten whose head one may be: a plain one of the city with empty places."""
    plain = [group for group in world.gardens.groups if group.garden["type"] == "KINDERGARTEN"]
    in_city = [group for group in plain if group.garden["settlement_id"] == CITY] or plain
    empty: dict[int, int] = {}
    for group in in_city:
        empty[group.garden["id"]] = empty.get(group.garden["id"], 0) + len(group.hidden)
    return max(in_city, key=lambda group: (empty[group.garden["id"]], -group.id))


def _plans(telling: Telling) -> list[Plan]:
    """What becomes of the chosen places: old choices are enrolled by now, fresh ones stand at every step."""
    plans = []
    served = {case.id: number for number, run in enumerate(telling.served) for case in run}
    fresh = 0
    for case in telling.to_contract:
        if case.state != State.CONTRACT_AWAITED:
            continue
        if served[case.id] < 2:
            plans.append(Plan(case, contracting.ENROLLED))
            continue
        steps = (contracting.SENT, 0, contracting.SIGNED, contracting.SENT, 0, contracting.ENROLLED)[fresh % 6]
        fresh += 1
        if steps:
            plans.append(Plan(case, steps))
    return plans


def _families_to_be(telling: Telling, plans: list[Plan]) -> dict[str, Case]:
    """Whom a visitor may be: a voucher to confirm, a contract to sign."""
    found = {}
    offered = [case for case in telling.served[-1] if case.state == State.VOUCHER_OFFERED]
    easy = [case for case in offered if telling.world.free_of(case.demand) and case.application["correction"] is None]
    for case in easy or offered:
        found["voucher"] = case
        break
    sent = [plan.case for plan in plans if plan.steps == contracting.SENT]
    here = [case for case in sent if case.group and case.group.garden["id"] == telling.main_garden]
    for case in here or sent:
        if case.family not in [other.family for other in found.values()]:
            found["contract"] = case
            break
    return found


def _special_families(telling: Telling, staff: Staff) -> dict[str, Case]:
    """Families with a special application that waits for its check, that was rejected, and that stands in line.

    Their mothers may be signed in as; a colleague from the oblast asks the PMPK about one case that waits.
    """
    world, cases = telling.world, [case for _, case in telling.special]
    found = {}
    for key, state in (
        ("special-check", State.DOCUMENTS_CHECK),
        ("special-rejected", State.ARCHIVED),
        ("special-line", State.WAITING),
    ):
        known = [case for case in cases if case.state == state]
        known += [case for case in telling.cases.values() if state == State.WAITING and _is_special(case, state)]
        if known:
            found[key] = known[0]
    for position, (key, case) in enumerate(found.items(), start=13):
        staff.mother(case.family.mother, key, position=position)
    staff.in_office("second-officer", Role.OFFICER, position=16)
    staff.in_office("oblast-officer", Role.OFFICER, position=31, territory=PAVLODAR_OBLAST.code)
    colleague = staff.in_office("", Role.PMPK_OFFICER, territory=PAVLODAR_OBLAST.code)
    staff.in_office("", Role.DOCTOR, territory=PAVLODAR_OBLAST.code)
    proposing.propose(world, staff, now=world.now)
    waiting = [case for case in cases if _is_special(case, State.DOCUMENTS_CHECK) and case.check["decider"] == "PMPK"]
    special.ask(world, waiting[-1], by=colleague.account_id or 0, of=world.deciders["PMPK"].account_id or 0)
    return found


def _is_special(case: Case, state: State) -> bool:
    return case.state == state and case.application["correction"] is not None


def _families_to_come(families: list[Family]) -> tuple[Family, Family]:
    """Who registers anew, and who is in the portal and applies: city families with one child each, the eldest first."""
    alone = [family for family in families if len(family.children) == 1]
    alone.sort(key=lambda family: (family.mother.home.settlement != CITY, family.children[0].born_on))
    return alone[0], alone[1]


@transaction.atomic(durable=True)
def write(town: Built) -> int:
    """Copy the rows into the database; returns how many."""
    world = town.world
    runs = len(world.rows.of(DistributionRun))
    world.in_order_of_time()
    written = world.rows.write(ORDER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('applications_number', %s)", [world.last_sequence])
        cursor.execute("SELECT setval('vouchers_run_number', %s, %s)", [max(runs, 1), runs > 0])
        # Our own tables only: the server's shared ones are locked by whoever else analyses just now.
        for model in ORDER:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 - its public face
    return written


def _go_on(town: Built) -> None:
    """What the portal's own acts add: contracts, referrals of the districts and their contracts, what offices tell."""
    before = OutboxFact.objects.order_by("-id").values_list("id", flat=True).first() or 0
    heads = town.heads | {number: head for district in town.districts for number, head in district.heads.items()}
    contracts = Contracting(heads=heads, random=town.world.random, now=town.world.now)
    contracts.perform(town.plans)
    played = [referrals.Referring(district, contracts).play() for district in town.districts]
    referrals.open_accounts(played[0], town.staff)
    town.world.rows.write((Account, RoleGrant, ConsentGiven, DemonstrationPerson))
    appeals.contest(territory_code=LINE, spare={case.id for case in town.persons}, now=town.world.now)
    to_be_told = {case.id for case in (*town.persons, *played[0].values())}
    made = OutboxFact.objects.filter(id__gt=before).exclude(application_id__in=to_be_told)
    record.mark_told(fact_ids=list(made.values_list("id", flat=True)), now=town.world.now)
    told.tell(officer=town.world.officer, now=town.world.now)


def _with_a_paper(town: Built) -> Case:
    """A case that waits for the PMPK, whose conclusion came as a paper."""
    waiting = [case for _, case in town.telling.special if case.state == State.DOCUMENTS_CHECK]
    return next(case for case in waiting if case.check and case.check["decider"] == "PMPK")


def _report(town: Built, persons: int, seconds: dict[str, float]) -> TownReport:
    mother, child = town.newcomer.mother, town.newcomer.children[0]
    world = town.world
    return TownReport(
        kindergartens=Kindergarten.objects.count(),
        groups=Group.objects.count(),
        places=Place.objects.count(),
        free_places=kindergartens.free_places(world.now).count(),
        enrolled=Application.objects.filter(state=State.ENROLLED).count(),
        waiting=Application.objects.filter(state=State.WAITING).count(),
        persons=persons,
        newcomer=Newcomer(
            name=f"{mother.name.surname} {mother.name.given_name}",
            iin=mother.iin,
            phone=mother.phone,
            child_name=f"{child.name.surname} {child.name.given_name}",
            child_iin=child.iin,
        ),
        seconds=seconds,
    )


@contextmanager
def _taken(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began
