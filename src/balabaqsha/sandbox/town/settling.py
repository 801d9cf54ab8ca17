"""The town on the day the portal opened: who goes to kindergarten already and who waits."""

from datetime import UTC, date, datetime, timedelta

from balabaqsha.applications._steps import NO_BENEFIT
from balabaqsha.kernel.time import NATIONAL, localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import STATUS_ORDER, BenefitStatus
from balabaqsha.sandbox.geography import CITY
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.families import Family, Human
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.sandbox.town.wanted import Wanted
from balabaqsha.sandbox.town.world import World

ENROLLED, WAITING, ARCHIVED, FREE_FAMILIES = 9000, 5000, 60, 400
LINE_BEGINS = date(2023, 1, 9)
# Shares of those who wait by birth year, from the oldest year that has groups to the newborn.
_WAITING_SHARES = (5, 9, 17, 30, 27, 12)
# Shares of social statuses among those who wait, per thousand.
_STATUS_SHARES = {
    BenefitStatus.SERVICE: 26,
    BenefitStatus.SPECIAL_BODIES: 12,
    BenefitStatus.ORPHAN: 8,
    BenefitStatus.CHILD_DISABILITY: 18,
    BenefitStatus.PARENT_DISABILITY: 16,
    BenefitStatus.SPECIAL_NEEDS: 28,
    BenefitStatus.LARGE_FAMILY: 95,
    BenefitStatus.SIBLING_DISABILITY: 17,
    BenefitStatus.TEACHER: 30,
    BenefitStatus.NONE: 750,
}
_SIBLINGS_APART = timedelta(days=400)
_SPECIAL_SHARE = 0.035


class Settlers:
    """Fills the places and the line."""

    def __init__(self, world: World, *, opened_at: datetime) -> None:
        self.world, self.opened_at = world, opened_at
        self.random = world.random
        self.enrolled: list[Case] = []
        self.waiting: list[Case] = []
        # Claims of benefits that need a fresh certificate, made after the opening.
        self.certificates: list[tuple[Case, BenefitStatus, datetime]] = []
        self._families: list[Family] = []
        self._corrections = sorted({group.demand for group in world.gardens.groups if group.row["correction"]})

    def settle(self) -> None:
        """Carry everybody over on the day of opening."""
        self._enrol(round(ENROLLED * self.world.scale))
        whole = round(WAITING * self.world.scale)
        statuses = self._statuses(whole)
        for index in range(round(whole * 0.953)):
            self._wait(statuses[index % len(statuses)], older=index < len(STATUS_ORDER))
        for _ in range(max(6, round(ARCHIVED * self.world.scale))):
            self._archived()

    def _statuses(self, whole: int) -> list[BenefitStatus]:
        """Every status twice at first (for both ages), then by shares."""
        drawn = self.random.choices(list(_STATUS_SHARES), list(_STATUS_SHARES.values()), k=whole)
        return [*STATUS_ORDER, *STATUS_ORDER, *drawn]

    # Those who go to kindergarten.

    def _enrol(self, wanted: int) -> None:
        groups = self.world.gardens.groups
        capacity = sum(len(group.hidden) for group in groups)
        # Uneven on purpose: full groups stand beside groups with many empty places.
        spare = {group.id: 0 for group in groups}
        left = capacity - min(wanted, int(capacity * 0.965))
        while left:
            group = self.random.choice(groups)
            step = min(left, self.random.choice((1, 1, 2, 3, 5)), len(group.hidden) - 3 - spare[group.id])
            if step > 0:
                spare[group.id] += step
                left -= step
        for group in groups:
            for _ in range(len(group.hidden) - spare[group.id]):
                self.enrolled.append(self._enrol_one(group))

    def _enrol_one(self, group: TownGroup) -> Case:
        year = group.row["birth_year"]
        latest = localdate(self.opened_at)
        first_autumn = year + self.random.choice((1, 2, 2, 2, 3, 3, 4))
        day = date(min(first_autumn, latest.year), 9, 1) + timedelta(days=self.random.randint(0, 40))
        if day >= latest:
            day = latest - timedelta(days=self.random.randint(15, 200))
        # The youngest of a group have a year and a half at least when they come.
        last_birth = min(date(year, 12, 28), day - timedelta(days=400))
        born_on = self._day(date(year, 1, 1), max(last_birth, date(year, 1, 15)))
        family = self._family(born_on, settlement=group.garden["settlement_id"])
        case = Case(self.world, family=family, child=self.world.town.child(family, born_on=born_on))
        enrolled_at = self._moment(day)
        original = max(born_on + timedelta(days=20), day - timedelta(days=self.random.randint(30, 500)))
        case.carry_over_enrolled(
            group,
            enrolled_at=enrolled_at,
            original_at=self._moment(min(original, day - timedelta(days=1))),
            at=self.opened_at,
        )
        return case

    # Those who wait.

    def _wait(self, status: BenefitStatus, *, older: bool) -> None:
        special = self.random.random() < _SPECIAL_SHARE and bool(self._corrections) and status is BenefitStatus.NONE
        before = localdate(self.opened_at) - timedelta(days=3)
        if special:
            year, correction = self.random.choice(self._corrections)
            born_on = self._day(date(year, 1, 1), date(year, 12, 28))
        else:
            correction = None
            born_on = self._older() if older else self.born(until=before - timedelta(days=12))
        family = self._family(born_on)
        case = Case(self.world, family=family, child=self.world.town.child(family, born_on=born_on))
        wanted = self.wanted(family, correction=correction)
        certificate = status.needs_certificate
        wanted.benefit = NO_BENEFIT if certificate else status.value
        first = max(born_on + timedelta(days=10), LINE_BEGINS)
        original_at = self._moment(self._day(min(first, before), before))
        case.carry_over(wanted, original_at=original_at, at=self.opened_at)
        self.waiting.append(case)
        if certificate:
            # A certificate holds for a month: all that count now were brought within the last one.
            days = self.random.uniform(1.2, 27)
            claimed_at = self.world.now - timedelta(days=days)
            self.certificates.append((case, status, claimed_at))

    def wanted(self, family: Family, *, correction: str | None = None) -> Wanted:
        """What a family may ask for."""
        languages = ["kk"] if family.mother.kazakh else ["ru"]
        if self.random.random() < 0.25:
            languages = ["kk", "ru"]
        later = None
        if self.random.random() < 0.06:
            later = law_rules.add_months(localdate(self.world.now).replace(day=1), self.random.randint(1, 9))
        settlement = family.mother.home.settlement if correction is None else CITY
        gardens = self._suitable(settlement, correction)
        count = min(len(gardens), self.random.choice((0, 0, 1, 2, 3)))
        wishes = [garden["id"] for garden in self.random.sample(gardens, count)]
        return Wanted(languages, settlement, correction, later, wishes=wishes)

    def _suitable(self, settlement: str, correction: str | None) -> list[Row]:
        gardens = self.world.gardens.all
        if correction is None:
            plain = [garden for garden in gardens if garden["type"] in {"KINDERGARTEN", "MINI_CENTRE"}]
            return [garden for garden in plain if garden["settlement_id"] == settlement] or plain
        with_it = {group.garden["id"] for group in self.world.gardens.groups if group.row["correction"] == correction}
        return [garden for garden in gardens if garden["id"] in with_it]

    def _archived(self) -> None:
        year = self.world.gardens.years[0] - 1
        ended = self._moment(localdate(self.opened_at) - timedelta(days=self.random.randint(5, 120)))
        reason = self.random.choice(("AGED_OUT", "AGED_OUT", "WITHDRAWN", "DECLINED"))
        if reason != "AGED_OUT":
            year = self.random.choice(list(self.world.gardens.years)[:3])
        born_on = self._day(date(year, 1, 1), date(year, 12, 28))
        aged_out_at = law_rules.max_age_moment(born_on)
        if reason == "AGED_OUT" and aged_out_at > self.opened_at:
            reason = "WITHDRAWN"
        family = self._family(born_on)
        case = Case(self.world, family=family, child=self.world.town.child(family, born_on=born_on))
        ended_at = aged_out_at.astimezone(UTC) if reason == "AGED_OUT" else ended
        original_at = ended_at - timedelta(days=self.random.randint(60, 700))
        case.carry_over_archived(
            self.wanted(family), reason=reason, original_at=original_at, ended_at=ended_at, at=self.opened_at
        )

    def free_families(self) -> list[Family]:
        """Families that only the state registers know, with a child or two of an age to apply for."""
        families = []
        for _ in range(max(5, round(FREE_FAMILIES * self.world.scale))):
            family = self.world.town.family()
            for _ in range(self.random.choice((1, 1, 1, 2))):
                born_on = self.born(until=localdate(self.world.now) - timedelta(days=30))
                if self._apart(family, born_on):
                    self.world.town.child(family, born_on=born_on)
            families.append(family)
        return families

    # Births, families, moments.

    def born(self, *, until: date) -> date:
        """A birth date by the shares of those who wait."""
        years = [*self.world.gardens.years, self.world.gardens.years[-1] + 1]
        year = self.random.choices(years, _WAITING_SHARES)[0]
        if date(year, 1, 1) >= until:
            year = until.year - 1
        return self._day(date(year, 1, 1), min(date(year, 12, 28), until))

    def _older(self) -> date:
        """Somebody who is five on 1 September of the intake year and not six in that year."""
        year = self.world.intake_year - 5
        return self._day(date(year, 1, 1), date(year, 8, 31))

    def family(self, born_on: date) -> Family:
        """A family for one more child."""
        return self._family(born_on)

    def child(self, family: Family, born_on: date) -> Human:
        return self.world.town.child(family, born_on=born_on)

    def _family(self, born_on: date, *, settlement: str | None = None) -> Family:
        if self._families and self.random.random() < 0.16:
            family = self.random.choice(self._families)
            at_home = settlement is None or family.mother.home.settlement == settlement
            if at_home and len(family.children) < 4 and self._apart(family, born_on):
                return family
        family = self.world.town.family(settlement=settlement)
        self._families.append(family)
        return family

    def _apart(self, family: Family, born_on: date) -> bool:
        grown = born_on - family.mother.born_on > timedelta(days=18 * 366)
        return grown and all(abs(child.born_on - born_on) > _SIBLINGS_APART for child in family.children)

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def _moment(self, day: date) -> datetime:
        hour, minute, second = self.world.hours()
        local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=NATIONAL)
        return local.astimezone(UTC)
