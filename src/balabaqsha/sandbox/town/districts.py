"""Districts of the oblast on the day the portal opened there: kindergartens, enrolled children, lines by birth year."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.line.models import Line
from balabaqsha.sandbox.geography import DISTRICTS, District
from balabaqsha.sandbox.town.families import Family, Human
from balabaqsha.sandbox.town.gardens import Gardens
from balabaqsha.sandbox.town.rows import Row, Rows
from balabaqsha.sandbox.town.settling import Settlers
from balabaqsha.sandbox.town.staff import Staff
from balabaqsha.sandbox.town.world import World

# Of one whole district.
STATE, MINI, PRIVATE = 5, 2, 1
ENROLLED, WAITING = 930, 670
_GROUPS = 6
_LEAST, _LEAST_WAITING = 3, 110


@dataclass
class ToldDistrict:
    """A district told in memory; its referrals are acts that follow once the rows are there."""

    world: World
    settlers: Settlers
    main: Row
    heads: dict[int, Human] = field(default_factory=dict)


class DistrictGardens(Gardens):
    """State kindergartens with a group of every birth year, mini-centres, one private kindergarten by state order."""

    mailbox = "auyl"

    def __init__(self, district: District, *, random: Random, rows: Rows, today: date, scale: float) -> None:
        super().__init__(random=random, rows=rows, today=today, scale=scale)
        self.district, self.territory, self.slug = district, district.code, district.slug
        self.first = 1000 * (1 + DISTRICTS.index(district))

    def open_all(self) -> None:
        """Most of them in the first settlement of the district, the centre."""
        centre, *others = self.district.settlements
        for number in range(max(_LEAST, self._count(STATE))):
            place = others[0] if others and number == _LEAST else centre
            self._open("KINDERGARTEN", "STATE", place, groups=_GROUPS)
        for number in range(self._count(MINI)):
            self._open("MINI_CENTRE", "STATE", others[0] if others and number else centre, groups=2)
        for _ in range(PRIVATE):
            self._open("KINDERGARTEN", "PRIVATE", centre, groups=3)

    def _phone(self, number: int) -> str:
        return f"+7 {self.district.dialled} 9 {number:02d} {self.random.randint(0, 99):02d}"

    def _year(self, garden: Row, index: int) -> int:
        # Every kindergarten serves every line that it can, so that families have something to choose from.
        return self.years[index % len(self.years) if garden["type"] == "KINDERGARTEN" else 1 + index]


class DistrictSettlers(Settlers):
    """Fills the places and the lines of a district with families who live there."""

    def settle(self) -> None:
        """Carry everybody over on the day of opening."""
        scale = self.world.scale
        # However small the town, some children go to every group.
        self._enrol(max(round(ENROLLED * scale), 6 * len(self.world.gardens.groups)))
        # Nor is any line without those whom a turn can be given to.
        waiting = max(round(WAITING * scale), _LEAST_WAITING)
        statuses = self._statuses(waiting)
        for index in range(waiting):
            self._wait(statuses[index % len(statuses)], older=False)
        self._lines()

    def born(self, *, until: date) -> date:
        """Nobody reaches the age of a turn since the opening: each such birthday would be an act of its own to play."""
        age = int(self.world.rulebook.term("turn.min_age", on=localdate(self.opened_at)).value)
        while True:
            born_on = super().born(until=until)
            if not self.opened_at <= law_rules.birthday_moment(born_on, age) <= self.world.now:
                return born_on

    def _family(self, born_on: date, *, settlement: str | None = None) -> Family:
        codes = [garden["settlement_id"] for garden in self.world.gardens.all]
        return super()._family(born_on, settlement=settlement or self.random.choice(codes))

    def _lines(self) -> None:
        """A line for every birth year in which anybody has stood, as the first act in it makes one."""
        for year in sorted({case.child.born_on.year for case in [*self.enrolled, *self.waiting]}):
            self.world.rows.add(
                Line,
                territory_id=self.world.territory,
                kind="GENERAL",
                birth_year=year,
                intake_year=self.world.intake_year,
                cycle=str(law.national_term("line.priority_cycle", self.opened_at.date()).value),
            )


def tell(city: World, *, opened_at: datetime) -> list[ToldDistrict]:
    """The districts in memory, up to the rows that are copied; the first has a head and an officer one may be."""
    return [_tell(city, district, opened_at=opened_at) for district in DISTRICTS]


def _tell(city: World, district: District, *, opened_at: datetime) -> ToldDistrict:
    gardens = DistrictGardens(district, random=city.random, rows=city.rows, today=opened_at.date(), scale=city.scale)
    gardens.years = city.gardens.years
    world = city.district(district.code, gardens)
    gardens.open_all()
    shown = district is DISTRICTS[0]
    staff = Staff(world, opened_at=opened_at)
    staff.officer("district-officer", position=10 if shown else None)
    for garden in gardens.all:
        groups = [group.id for group in gardens.groups if group.garden is garden]
        facts = {"kindergarten": garden["id"], "groups": groups}
        world.journal("kindergarten-opened", actor=world.officer, at=opened_at, facts=facts)
    settlers = DistrictSettlers(world, opened_at=opened_at)
    settlers.settle()
    main = gardens.all[0]
    heads = {garden["id"]: staff.other_head(garden) for garden in gardens.all if garden is not main or not shown}
    if shown:
        heads[main["id"]] = staff.head(main, "district-head", position=9)
    return ToldDistrict(world, settlers, main, heads)
