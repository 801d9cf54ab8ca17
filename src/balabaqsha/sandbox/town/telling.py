"""What happened in the town since the portal opened, in order of time, up to this very moment."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from balabaqsha.applications.states import State
from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.law.ages import AgeBand
from balabaqsha.law.lists import SANATORIUM, STATUS_ORDER, BenefitStatus, CaseRejection, LeavingReason
from balabaqsha.sandbox.town import runs
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.settling import WAITING, Settlers
from balabaqsha.sandbox.town.wanted import Wanted
from balabaqsha.sandbox.town.world import World

OPENED = 34
"""How many working days before today the portal opened."""

# Runs by working days before today, with the most vouchers of each in a whole town.
RUNS = ((28, 30), (14, 36), (4, 40), (1, 45))
_CLAIMS_TO_CHECK, _CASES_TO_CHECK = 15, 12
# Special applications: whether for a sanatorium group, how many working days ago filed, and what has become of them.
_FATES = (
    (False, 2, "waits"),
    (True, 1, "waits"),
    (False, 6, "waits"),
    (False, 4, "rejected"),
    (True, 3, "confirmed"),
    (False, 1, "waits"),
)
_PUBLISHED_SHARE = 0.55


class Telling:
    """Plays the weeks of the town: families apply, officers check, runs give vouchers, families answer."""

    def __init__(self, world: World, settlers: Settlers, *, head_of: TownGroup) -> None:
        self.world, self.settlers, self.random = world, settlers, world.random
        self.main_garden = head_of.garden["id"]
        self.cases = {case.id: case for case in settlers.waiting}
        self.undecided: list[Case] = []
        self.special: list[tuple[str, Case]] = []
        self.served: list[list[Case]] = []
        # Cases whose contract goes on by real acts once the rows are there: the day of choosing stands beside.
        self.to_contract: list[Case] = []
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._count = 0

    def tell(self) -> None:
        """Let everything happen."""
        self._plan()
        while self._events:
            at, _, happen = heapq.heappop(self._events)
            if at < self.world.now:
                happen(at)

    def at(self, moment: datetime, happen: Callable[[datetime], None]) -> None:
        """Let something happen at a moment; what lies ahead of now never does."""
        self._count += 1
        heapq.heappush(self._events, (moment, self._count, happen))

    def scaled(self, whole: int, *, least: int = 1) -> int:
        """So many of something in a town of this size."""
        return max(least, round(whole * self.world.scale))

    # The plan.

    def _plan(self) -> None:
        world = self.world
        self.at(world.workday(OPENED - 1, hour=9), self._publish_all)
        for case, status, claimed_at in self.settlers.certificates:
            self.at(claimed_at, partial(self._claim_certificate, case, status.value))
        self._plan_confirmations()
        for back, limit in RUNS:
            moment = world.workday(back, hour=11, minute=7, second=20)
            self.at(moment, partial(self._run, self.scaled(limit, least=7), back))
        for _ in range(self.scaled(round(WAITING * 0.08), least=4)):
            back = self.random.randint(1, OPENED - 2)
            self.at(world.workday(back, **self._time()), self._apply)
        for index in range(self.scaled(_CASES_TO_CHECK, least=len(_FATES))):
            self._plan_special(*_FATES[index % len(_FATES)])
        for _ in range(self.scaled(_CLAIMS_TO_CHECK, least=2)):
            self.at(world.workday(self.random.randint(1, 3), **self._time()), self._claim_to_check)
        self.at(world.workday(6, hour=12), self._join_while_enrolled)
        self.at(world.now - timedelta(hours=5), self._leave_group_with_list)
        for _ in range(self.scaled(20)):
            self.at(world.workday(self.random.randint(2, OPENED - 3), **self._time()), self._leave)
        for _ in range(self.scaled(25)):
            self.at(world.workday(self.random.randint(2, OPENED - 3), **self._time()), self._withdraw)

    def _plan_confirmations(self) -> None:
        """Benefits confirmed after the last run, so that somebody waits in every category, the first ones included."""
        last_run = self.world.workday(RUNS[-1][0], hour=11, minute=30)
        certified = {case.id for case, *_ in self.settlers.certificates}
        plain = [case for case in self.settlers.waiting if case.claim is None and case.id not in certified]
        for band in AgeBand:
            of_age = [
                case
                for case in plain
                if law_rules.age_band(case.child.born_on, self.world.intake_year) is band
                and case.application["kind"] == "GENERAL"
            ]
            # The last in line: no run has reached them.
            of_age.sort(key=lambda case: case.application["original_at"], reverse=True)
            statuses = [status for status in STATUS_ORDER if status is not BenefitStatus.NONE] * self.scaled(3)
            for status, case in zip(statuses, of_age, strict=False):
                self.at(self.world.workday(2, **self._time()), partial(self._claim_late, case, status.value, last_run))

    def _claim_late(self, case: Case, benefit: str, last_run: datetime, at: datetime) -> None:
        if case.state == State.WAITING and case.claim is None:
            case.claim_benefit(benefit, at=at)
            moment = last_run + timedelta(minutes=self.random.randint(1, 240))
            self.at(moment, lambda when: case.confirm_benefit(at=when))

    def _time(self) -> dict[str, int]:
        hour, minute, second = self.world.hours()
        return {"hour": hour, "minute": minute, "second": second}

    # Places.

    def _publish_all(self, at: datetime) -> None:
        """Kindergartens publish their empty places, some keep a few back."""
        for group in self.world.gardens.groups:
            hidden = len(group.hidden)
            main = group.garden["id"] == self.main_garden
            places = hidden if main else sum(self.random.random() < _PUBLISHED_SHARE for _ in range(hidden))
            if places:
                moment = at + timedelta(minutes=self.random.randint(0, 500))
                self.at(moment, partial(self._publish, group, places))

    def _publish(self, group: TownGroup, places: int, at: datetime) -> None:
        self.world.publish(group, places, actor=self.world.head_of(group), at=at)

    # Applications and checks.

    def _apply(self, at: datetime) -> None:
        born_on = self.settlers.born(until=localdate(at) - timedelta(days=20))
        benefit = self.random.choices(("NONE", "LARGE_FAMILY", "SPECIAL_NEEDS", "CHILD_DISABILITY"), (86, 9, 3, 2))[0]
        case = self._new(born_on, at, benefit=benefit)
        if benefit != "NONE":
            decide = case.confirm_benefit
            if self.random.random() < 0.15:
                decide = partial(case.reject_benefit, because="Құжат оқылмайды. Документ не читается.")
            self.at(self._next_workday(at), lambda moment: decide(at=moment))

    def _new(self, born_on: date, at: datetime, *, benefit: str = "NONE", correction: str | None = None) -> Case:
        family = self.settlers.family(born_on)
        case = Case(self.world, family=family, child=self.settlers.child(family, born_on))
        wanted: Wanted = self.settlers.wanted(family, correction=correction)
        wanted.benefit, wanted.told = benefit, correction is not None
        case.apply(wanted, at=at)
        self.cases[case.id] = case
        return case

    def _next_workday(self, at: datetime) -> datetime:
        """An officer looks at it on the next working day."""
        due = self.world.calendar.add(at, working_days=1).replace(hour=self.random.randint(9, 17))
        return due.astimezone(at.tzinfo)

    def _plan_special(self, sanatorium: bool, back: int, fate: str) -> None:
        self.at(self.world.workday(back, **self._time()), partial(self._apply_special, sanatorium, fate))

    def _apply_special(self, sanatorium: bool, fate: str, at: datetime) -> None:
        groups = [group for group in self.world.gardens.groups if group.row["correction"]]
        of_kind = [group for group in groups if (group.row["correction"] in SANATORIUM) is sanatorium]
        year, correction = self.random.choice(of_kind or groups).demand
        born_on = localdate(at).replace(year=year, month=self.random.randint(1, 12), day=self.random.randint(1, 28))
        case = self._new(born_on, at, correction=correction)
        self.special.append((fate, case))
        moment = self._next_workday(at)
        if fate == "confirmed":
            self.at(moment, lambda when: case.confirm_documents(at=when))
        elif fate == "rejected":
            because = "Дәрігерден жаңа ұсыным алыңыз. Получите новую рекомендацию врача."
            reason = CaseRejection.NO_INDICATION
            self.at(moment, lambda when: case.reject_documents(because=because, reason=reason, at=when))

    def _claim_certificate(self, case: Case, benefit: str, at: datetime) -> None:
        if case.state != State.WAITING:
            return
        case.claim_benefit(benefit, at=at)
        moment = min(at + timedelta(hours=self.random.randint(3, 26)), self.world.now - timedelta(minutes=1))
        self.at(moment, lambda when: case.confirm_benefit(at=when))

    def _claim_to_check(self, at: datetime) -> None:
        """A claim that waits for an officer, its paper attached."""
        benefit = self.random.choice(
            ("SERVICE", "TEACHER", "CHILD_DISABILITY", "PARENT_DISABILITY", "SIBLING_DISABILITY")
        )
        born_on = self.settlers.born(until=localdate(at) - timedelta(days=600))
        self.undecided.append(self._new(born_on, at, benefit=benefit))

    def _withdraw(self, at: datetime) -> None:
        case = self.random.choice(self.settlers.waiting)
        if case.state == State.WAITING:
            case.withdraw(at=at)

    # Vouchers.

    def _run(self, limit: int, back: int, at: datetime) -> None:
        served = runs.perform(self.world, self.cases, limit=limit, at=at)
        self.served.append(served)
        answer = {28: self._long_ago, 14: self._weeks_ago, 4: self._days_ago, 1: self._just_now}[back]
        for index, case in enumerate(served):
            answer(case, index, at)

    def _long_ago(self, case: Case, index: int, at: datetime) -> None:
        """The first run: everything about it has ended."""
        if index % 5 == 0:
            self.at(at + timedelta(hours=7), lambda moment: case.decline(at=moment))
        elif index % 5 in {1, 2}:
            self._let_lapse(case, restore=index % 2 == 0)
        elif index % 5 == 3:
            self._confirm(case, at)
            self._expire(case, at)
        else:
            self._confirm(case, at)
            self._choose(case, at, days=2)

    def _weeks_ago(self, case: Case, index: int, at: datetime) -> None:
        """The second run: stop-listed, lapsed, declined, and some contracts."""
        if index % 6 == 0:
            self.at(at + timedelta(hours=4), lambda moment: case.decline(at=moment))
        elif index % 6 in {1, 2}:
            self._let_lapse(case, restore=index % 12 == 2)
        elif index % 6 == 3:
            self._confirm(case, at)
            self._expire(case, at)
        elif index % 6 == 4:
            self._confirm(case, at)
            self.at(at + timedelta(days=1, hours=20), lambda moment: self._withdraw_voucher(case, moment))
        else:
            self._confirm(case, at)
            self._choose(case, at, days=2)

    def _days_ago(self, case: Case, index: int, at: datetime) -> None:
        """The third run: active vouchers, waiting lists, chosen places."""
        if index % 8 == 0:
            self._let_lapse(case, restore=False)
            return
        self._confirm(case, at)
        if index % 8 == 1:
            self.at(at + timedelta(hours=30), lambda moment: self._join(case, moment))
        elif index % 2 == 0:
            self._choose(case, at, days=1)

    def _just_now(self, case: Case, index: int, at: datetime) -> None:
        """The last run: offers that wait for an answer, some answered within the hour."""
        if index % 6 == 5:
            self._confirm(case, at - timedelta(hours=5))

    def _confirm(self, case: Case, at: datetime) -> None:
        self.at(
            at + timedelta(hours=6, minutes=self.random.randint(0, 300)),
            lambda moment: case.confirm_interest(at=moment),
        )

    def _let_lapse(self, case: Case, *, restore: bool) -> None:
        def stop(_at: datetime) -> None:
            case.lapse_offer()
            if case.state != State.STOP_LISTED:
                return
            if restore:
                self.at(_at + timedelta(days=3, hours=2), lambda moment: case.restore(at=moment))
            else:
                self.at(case.due_at, lambda _moment: case.lapse_restoring())

        self.at(case.due_at, stop)

    def _expire(self, case: Case, at: datetime) -> None:
        """The voucher is confirmed and never used."""

        def end(moment: datetime) -> None:
            if case.state == State.VOUCHER_ACTIVE:
                if case.due_at > moment:
                    self.at(case.due_at, end)
                else:
                    case.lapse_voucher()

        self.at(at + timedelta(days=2), end)

    def _withdraw_voucher(self, case: Case, at: datetime) -> None:
        if case.state in {State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE}:
            case.withdraw(at=at)

    def _choose(self, case: Case, at: datetime, *, days: int) -> None:
        self.at(at + timedelta(days=days, minutes=self.random.randint(0, 400)), partial(self._choose_now, case))

    def _choose_now(self, case: Case, at: datetime) -> None:
        groups = self.world.free_of(case.demand)
        if case.state != State.VOUCHER_ACTIVE:
            return
        if not groups:
            self._expire(case, at)
            return
        here = [group for group in groups if group.garden["id"] == self.main_garden]
        near = [group for group in groups if group.garden["settlement_id"] == case.application["settlement_id"]]
        case.choose((here or near or groups)[0], at=at)
        self.to_contract.append(case)

    # Waiting lists.

    def _full_groups(self, case: Case) -> list[TownGroup]:
        demand = case.demand if case.group is None else case.group.demand
        return [
            group
            for group in self.world.gardens.groups
            if not group.free and group.demand == demand and group is not case.group
        ]

    def _join(self, case: Case, at: datetime) -> None:
        groups = self._full_groups(case)
        if case.state == State.VOUCHER_ACTIVE:
            for group in groups[:2]:
                case.join_waiting_list(group, at=at)

    def _join_while_enrolled(self, at: datetime) -> None:
        """Families whose child goes to a kindergarten and would like another one."""
        for case in self.random.sample(self.settlers.enrolled, self.scaled(24)):
            groups = self._full_groups(case)
            if groups and case.state == State.ENROLLED:
                moment = at + timedelta(minutes=self.random.randint(0, 300))
                group = self.random.choice(groups)
                self.at(moment, partial(self._join_one, case, group))

    def _join_one(self, case: Case, group: TownGroup, at: datetime) -> None:
        if case.state == State.ENROLLED:
            case.join_waiting_list(group, at=at)

    def _leave(self, at: datetime) -> None:
        case = self.random.choice(self.settlers.enrolled)
        if case.state == State.ENROLLED and not case.entries and not self._listed(case.group):
            case.leave(because=LeavingReason.MOVED.value, at=at)

    def _listed(self, group: TownGroup | None) -> list[Case]:
        """Who stands in the group's waiting list, first to last."""
        entries = self.world.lists.get(group.id, []) if group else []
        return [case for case, entry in entries if entry.row["left_at"] is None]

    def _leave_group_with_list(self, at: datetime) -> None:
        """A child leaves a group that others wait for: the first of them has a day to answer."""
        for case in self.settlers.enrolled:
            waiting = self._listed(case.group) if case.state == State.ENROLLED and not case.entries else []
            if waiting and case.group is not None and not case.group.free:
                group = case.leave(because=LeavingReason.MOVED.value, at=at)
                entry = next(entry for entry in waiting[0].entries if entry.group is group)
                waiting[0].offer_place(entry, at=at)
                return
