"""Turns and referrals of the last weeks in a district, given and taken through the portal's own acts."""

from datetime import datetime, timedelta

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.journeys import publishing, referring, stating, sweep
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import actions as law
from balabaqsha.law.actions import TermChange
from balabaqsha.law.lists import DocumentKind
from balabaqsha.line.linear import LineKey
from balabaqsha.sandbox.geography import DISTRICTS
from balabaqsha.sandbox.town import contracting
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.contracting import Contracting, Plan
from balabaqsha.sandbox.town.districts import ToldDistrict
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.staff import Staff

_EVENING = 23


class Referring:
    """Plays the lines of one district, each birth year its own story."""

    def __init__(self, district: ToldDistrict, contracts: Contracting) -> None:
        self.district, self.contracts, self.world = district, contracts, district.world
        self.now = self.world.now
        self.cases = {case.id: case for case in district.settlers.waiting}

    def play(self) -> dict[str, Case]:
        """Let everything happen; returns whom a visitor may be, by key: `turn`, `referral`, `stop-list`."""
        oldest, older, middle, younger, *_ = self.world.gardens.years
        self._goes_without_freeze()
        self._offered(younger)
        if self.world.territory == DISTRICTS[0].code:
            # Keys and signed papers take their time: the district that visitors are shown has all the stories.
            self._last_day(oldest)
            self._missed(older)
            self._ended(middle)
        else:
            self._offered(middle)
        for year in range(oldest, younger + 3):
            sweep.sweep(before=self.now, scope=sweep.Scope(line=LineKey(self.world.territory, year, None)))
        return self._persons()

    def _goes_without_freeze(self) -> None:
        """Weeks before any day may lie in August, and a visitor may come on any day: these districts give turns always."""
        since = self.now.date() - timedelta(days=365)
        change = TermChange("line.freeze", self.world.territory, "off", since, "Balabaqsha")
        law.install_term(change=change, proposed_by=1, approved_by=2, actor=SYSTEM, now=self.now)

    # The stories.

    def _ended(self, year: int) -> None:
        """One came and was enrolled weeks ago; three more are on their way just now."""
        self._publish(year, 1, self.world.workday(24, hour=10))
        came = self._choose_all(year, self.world.workday(23, hour=18))
        self._register(came, self.world.workday(22, hour=11))
        self.contracts.perform([Plan(case, contracting.ENROLLED) for case in came])
        self._publish(year, 3, self.world.workday(2, hour=10), here=True)
        came = self._choose_all(year, self.world.workday(1, hour=17))
        self._register(came[:2], self.now - timedelta(hours=3))
        self.contracts.perform([Plan(case, contracting.SENT) for case in came[:1]])

    def _missed(self, year: int) -> None:
        """Two referrals were never brought, and the turns that followed never used: two places open to free choice."""
        self._publish(year, 2, self.world.workday(12, hour=10))
        self._choose_all(year, self.world.workday(11, hour=18))

    def _offered(self, year: int) -> None:
        """Turns came yesterday, with places in several kindergartens."""
        self._publish(year, 5, self.world.workday(1, hour=10))

    def _last_day(self, year: int) -> None:
        """Referrals that may be registered until this evening."""
        back = self._ends_tonight()
        self._publish(year, 2, self.world.workday(back + 1, hour=10), here=True)
        self._choose_all(year, self.world.workday(back, hour=_EVENING))

    def _ends_tonight(self) -> int:
        """How many working days ago a referral was issued that ends this evening, or on the next one."""
        ends = {
            back: self.world.term("referral.validity", since=self.world.workday(back, hour=_EVENING)).due_at
            for back in range(1, 12)
        }
        return min((due_at, back) for back, due_at in ends.items() if due_at > self.now)[1]

    # The acts.

    def _publish(self, year: int, places: int, at: datetime, *, here: bool = False) -> None:
        """Open so many hidden places of state groups, one in each kindergarten by turns; `here`: the main one first."""
        groups = [
            group
            for group in self.world.gardens.groups
            if group.row["birth_year"] == year and group.garden["ownership"] == "STATE"
        ]
        main = self.district.main["id"]
        groups.sort(key=lambda group: (group.garden["id"] != main) is here)
        while places and (left := [group for group in groups if group.hidden]):
            for group in left[: min(places, 1 if here else len(left))]:
                del group.hidden[0]
                places -= 1
                publishing.publish(group_id=group.id, places=1, actor=self.world.head_of(group), now=at)

    def _choose_all(self, year: int, at: datetime) -> list[Case]:
        """Everybody whose turn it is takes a place, within minutes of each other."""
        offered = Application.objects.filter(
            territory_id=self.world.territory, birth_year=year, state=State.TURN_OFFERED
        )
        came = [self.cases[application.id] for application in offered.order_by("id") if application.id in self.cases]
        for number, case in enumerate(came):
            self._choose(case, at + timedelta(minutes=7 * number))
        return came

    def _choose(self, case: Case, at: datetime) -> None:
        group = self._free_group(case, at)
        application, row = Application.objects.get(id=case.id), Group.objects.get(id=group.id)
        cms = self.contracts.signed_by_mother(case, stating.statement(application, row), at=at)
        sign = stating.by_family(cms=cms, application=application, group=row, actor=case.parent, now=at)
        referring.choose(application_id=case.id, group_id=group.id, sign=sign, actor=case.parent, now=at)
        case.group = group

    def _free_group(self, case: Case, at: datetime) -> TownGroup:
        main = self.district.main["id"]
        suitable = [
            group
            for group in self.world.gardens.groups
            if group.demand == case.demand
            and group.garden["ownership"] == "STATE"
            and kindergartens.free_in_group(group.id, now=at)
        ]
        return min(suitable, key=lambda group: (group.garden["id"] != main, group.id))

    def _register(self, came: list[Case], at: datetime) -> None:
        for number, case in enumerate(came):
            moment = at + timedelta(minutes=11 * number)
            brought = (DocumentKind.BIRTH_CERTIFICATE,)
            referring.register(application_id=case.id, brought=brought, actor=self.contracts.head_of(case), now=moment)
            case.application["reached_state_at"] = moment

    # Whom a visitor may be.

    def _persons(self) -> dict[str, Case]:
        states = {"turn": State.TURN_OFFERED, "referral": State.REFERRAL_ISSUED, "stop-list": State.STOP_LISTED}
        found = {}
        for key, state in states.items():
            rows = Application.objects.filter(territory_id=self.world.territory, state=state).order_by("due_at", "id")
            if row := rows.first():
                found[key] = self.cases[row.id]
        return found


def open_accounts(persons: dict[str, Case], staff: Staff) -> None:
    """Give these mothers accounts to sign in with, after the rows of the town were copied."""
    for position, (key, case) in enumerate(persons.items(), start=6):
        staff.mother(case.family.mother, key, position=position)
