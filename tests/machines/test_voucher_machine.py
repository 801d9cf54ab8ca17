"""Families, kindergartens and officers do anything in any order while time passes: the promises to families hold.

Line, voucher, admission, waiting list and places of three kindergartens, with two birth years and two categories.

Whatever the product answers must be what the model in plain Python says: each success serves the right family, each
refusal is the one that the model explains, every due moment is the one it counted, with or without the worker.
"""

import os
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from balabaqsha.admissions.models import Admission, WaitingListEntry, WaitingListOffer
from balabaqsha.admissions.states import OPEN, Stage
from balabaqsha.applications.models import Application
from balabaqsha.commands.rehearsal.stage import HEAD, OFFICER
from balabaqsha.config import databases
from balabaqsha.journeys import applying, choosing, contracts, distribution, leaving, publishing, vouchers
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group as GroupRow
from balabaqsha.law import lists
from balabaqsha.law import queries as law
from balabaqsha.line import queries as lines
from tests import promises
from tests.machines.model import Group, Model, Refused
from tests.world import TERRITORY, World, group

CHILDREN = {
    "A": date(2021, 2, 20),
    "B": date(2021, 5, 5),
    "C": date(2021, 9, 9),
    "D": date(2020, 3, 3),
    "E": date(2020, 7, 7),
}
GROUPS = {"one": (2021, 2, 1), "two": (2021, 1, 1), "three": (2020, 1, 1)}
TERM_ACTS = {
    "confirm_interest": vouchers.confirm_interest,
    "decline": vouchers.decline,
    "restore": vouchers.restore,
    "extend": vouchers.extend,
    "withdraw": applying.withdraw,
    "unchoose": choosing.unchoose,
    "leave": leaving.leave,
    "claim_benefit": applying.claim_benefit,
    "send_contract": contracts.send_contract,
    "return_papers": contracts.return_papers,
    "refuse_contract": contracts.refuse_contract,
    "sign_by_parent": contracts.sign_by_parent,
    "sign_by_kindergarten": contracts.sign_by_kindergarten,
}
GROUP_ACTS = {
    "choose": choosing.choose,
    "join_waiting_list": choosing.join_waiting_list,
    "leave_waiting_list": choosing.leave_waiting_list,
    "accept_offer": choosing.accept_offer,
}
BY_OTHERS = {"send_contract", "return_papers", "refuse_contract", "sign_by_kindergarten"}
NEXT = {
    "VOUCHER_OFFERED": "confirm_interest",
    "CONTRACT_AWAITED": "send_contract",
    "CONTRACT_WITH_PARENT": "sign_by_parent",
    "CONTRACT_WITH_KINDERGARTEN": "sign_by_kindergarten",
    "STOP_LISTED": "restore",
}
# The worker sleeps more often than not.
workers = st.sampled_from([False, False, True])
children, groups = st.sampled_from(sorted(CHILDREN)), st.sampled_from(list(GROUPS))


class VoucherMachine(RuleBasedStateMachine):
    """Two kindergartens and one more, two birth years, two categories, five children, a worker that may sleep."""

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(databases.scratch_database())
        self.world = World(
            *(
                group(name, birth_year=year, capacity=capacity, published=published)
                for name, (year, capacity, published) in GROUPS.items()
            ),
            days_off=[date(2024, 10, 3)],
        )
        calendar = law.calendar()
        made = {name: Group(*numbers) for name, numbers in GROUPS.items()}
        self.model = Model(made, calendar.days_off, calendar.working_days)
        # The application's row of each case, by the number of the case; the newest case of each child.
        self.rows, self.newest = {}, {}
        self.caught_up = True

    def teardown(self):
        self.stack.close()

    @property
    def now(self):
        return self.world.now

    def both(self, act, model_arguments, perform):
        """Let the model and the product do the same, and compare what they say; returns the model's answer, None if refused."""
        expected = found = answer = None
        try:
            answer = getattr(self.model, act)(*model_arguments, now=self.now)
        except Refused as refused:
            expected = str(refused)
        try:
            self.given = perform()
        except Refusal as refusal:
            found = type(refusal).__name__
        assert found == expected, f"{act}: the product says {found or 'yes'}, the rules say {expected or 'yes'}"
        return answer

    @initialize(start=st.sampled_from(["nobody", "a benefit", "lists", "restored"]))
    def families_that_came_before(self, start):
        """What some families have behind them, so that few steps lead far."""
        if start == "nobody":
            return
        for child in "ABC":
            self.apply(child, claims=start == "a benefit" and child == "C")
        if start == "a benefit":
            self.check_documents("C", confirm=True)
            return
        self.run(None)
        self.publish("one", 1)
        self.run(None)
        if start == "restored":
            self.pass_to(self.now + timedelta(days=7), worker=True)
            for child in "AB":
                self.perform("restore", self.newest[child])
            return
        for child in "ABC":
            self.go_on(child, "one")
        for name, child in (("one", "A"), ("two", "B")):
            self.perform("choose", self.newest[child], name)
        self.perform("join_waiting_list", self.newest["C"], "two")

    # Time.

    @rule(hours=st.sampled_from([1, 24, 30, 48, 72, 170, 28 * 24]), worker=workers)
    def time_passes(self, hours, worker):
        self.pass_to(self.now + timedelta(hours=hours), worker)

    @precondition(lambda self: any(True for _ in self.model.moments()))
    @rule(late=st.sampled_from([timedelta(), timedelta(microseconds=1)]), worker=workers)
    def a_term_comes_to_its_end(self, late, worker):
        """To the very moment, at which an act is in time, or the least bit after it."""
        moments = sorted(moment for moment in self.model.moments() if moment >= self.now)
        self.pass_to((moments or [self.now])[0] + late, worker)

    def pass_to(self, moment, worker):
        self.world.now = moment
        self.model.catch_up(moment)
        self.caught_up = False
        if worker:
            self.the_worker_comes()

    @rule()
    def the_worker_comes(self):
        self.world.sweep()
        self.caught_up = True

    # Acts.

    @rule(child=children, claims=st.booleans())
    def apply(self, child, claims):
        benefit = "TEACHER" if claims else "NONE"
        filing = self.world.filing(child, born=CHILDREN[child], benefit=benefit)
        before = len(self.model.cases)
        self.both(
            "apply",
            (child, CHILDREN[child].year, claims),
            lambda: applying.apply(filing=filing, actor=self.world.stage.parent, now=self.now),
        )
        if len(self.model.cases) > before:
            self.rows[before], self.newest[child] = self.given.id, before

    @rule(child=children, act=st.sampled_from(sorted(TERM_ACTS)))
    def any_act(self, child, act):
        if child in self.newest:
            self.perform(act, self.newest[child])

    @rule(child=children, act=st.sampled_from(sorted(GROUP_ACTS)), name=groups)
    def any_act_in_a_group(self, child, act, name):
        if child in self.newest:
            self.perform(act, self.newest[child], name)

    @rule(child=children, name=groups)
    def go_on_more(self, child, name):
        self.go_on(child, name)

    @rule(child=children, name=groups)
    def go_on(self, child, name):
        """What most families would do next."""
        if child not in self.newest:
            self.apply(child, claims=False)
            return
        case = self.model.cases[self.newest[child]]
        if case.state == "VOUCHER_ACTIVE":
            self.perform("choose", case.number, name)
        elif case.admission is not None:
            self.perform(NEXT[case.admission[1]], case.number)
        elif case.state == "ENROLLED":
            self.perform("join_waiting_list", case.number, name)
        elif case.state in NEXT:
            self.perform(NEXT[case.state], case.number)

    def perform(self, act, number, name=None):
        actor = HEAD if act in BY_OTHERS else self.world.stage.parent
        keys = {"application_id": self.rows[number], "actor": actor, "now": self.now}
        if name is not None:
            keys["group_id"] = self.world.groups[name]
        keys |= self.more(act)
        product = (TERM_ACTS | GROUP_ACTS)[act]
        self.both(act, (self.model.cases[number], *([name] if name else [])), lambda: product(**keys))
        self.compare([number])

    def more(self, act):
        """What an act is given beside whose it is."""
        return {
            "leave": {"reason": lists.LeavingReason.FAMILY_WISH},
            "claim_benefit": {"benefit": "TEACHER", "proof_ids": ()},
            "send_contract": {"terms": {}},
            "return_papers": {"reason": lists.ReturnReason.OUT_OF_DATE, "note": "test"},
            "refuse_contract": {"ground": lists.RefusalGround.GROUP_CLOSED, "fact": "test"},
            "sign_by_parent": {"sign": self.world.evidence()},
            "sign_by_kindergarten": {"sign": self.world.evidence()},
        }.get(act, {})

    @rule(child=children, confirm=st.booleans())
    def check_documents(self, child, confirm):
        if child in self.newest:
            number = self.newest[child]
            keys = {"application_id": self.rows[number], "because": "test", "actor": OFFICER, "now": self.now}
            self.both(
                "check_documents",
                (self.model.cases[number], confirm),
                lambda: applying.check_documents(confirm=confirm, **keys),
            )
            self.compare([number])

    @rule(limit=st.sampled_from([None, None, None, 1]))
    def run(self, limit):
        """A distribution run serves exactly whom the model serves: nobody before somebody ahead."""
        served = self.both(
            "run",
            (limit,),
            lambda: distribution.perform(territory_code=TERRITORY, limit=limit, actor=OFFICER, now=self.now),
        )
        numbers = dict(Application.objects.values_list("id", "number"))
        assert self.given.result["served"] == [numbers[self.rows[case.number]] for case in served]
        self.caught_up = True

    @rule(name=groups, places=st.integers(1, 2))
    def publish(self, name, places):
        keys = {"group_id": self.world.groups[name], "places": places, "actor": HEAD, "now": self.now}
        self.both("publish", (name, places), lambda: publishing.publish(**keys))

    @rule(name=groups)
    def recall(self, name):
        keys = {"group_id": self.world.groups[name], "places": 1, "actor": HEAD, "now": self.now}
        self.both("recall", (name, 1), lambda: publishing.recall(reason="test", **keys))

    # Promises.

    def compare(self, numbers):
        """The rows of these cases are what the model says."""
        names = {made: name for name, made in self.world.groups.items()}
        ids = {self.rows[number]: self.model.cases[number] for number in numbers}
        found = {id_: {"lists": set(), "offers": {}, "admission": None, "enrolled": None} for id_ in ids}
        for admission in Admission.objects.filter(application__in=ids).exclude(stage=Stage.ENDED):
            if admission.stage in OPEN:
                found[admission.application_id]["admission"] = (names[admission.group_id], admission.stage)
            else:
                found[admission.application_id]["enrolled"] = names[admission.group_id]
        for entry in WaitingListEntry.objects.filter(application__in=ids, left_at__isnull=True):
            found[entry.application_id]["lists"].add(names[entry.group_id])
        for offer in WaitingListOffer.objects.filter(entry__application__in=ids, ended_at__isnull=True).select_related(
            "entry"
        ):
            found[offer.entry.application_id]["offers"][names[offer.entry.group_id]] = offer.due_at
        for row in Application.objects.filter(id__in=ids):
            case = ids[row.id]
            assert (row.state, row.reason, row.due_at, row.category) == (
                case.state,
                case.reason,
                case.due,
                case.category,
            )
            assert found[row.id] == {
                "lists": {name for name, made in self.model.groups.items() if case.number in made.waiting},
                "offers": case.offers,
                "admission": case.admission,
                "enrolled": case.enrolled,
            }

    @invariant()
    def no_promise_is_broken(self):
        assert promises.broken() == []

    @invariant()
    def free_places_are_those_published_and_not_held(self):
        """Also while the worker sleeps, wherever nobody stands in a list who must be asked first."""
        listed = set(WaitingListEntry.objects.filter(left_at__isnull=True).values_list("group_id", flat=True))
        free = kindergartens.free_by_group(GroupRow.objects.all(), now=self.now)
        for name, id_ in self.world.groups.items():
            if self.caught_up or id_ not in listed:
                assert free[id_] == self.model.free(name), name

    @invariant()
    def nothing_due_has_passed_silently(self):
        if self.caught_up:
            self.compare(list(self.rows))
            assert not Application.objects.filter(due_at__lt=self.now).exists()
            assert not WaitingListOffer.objects.filter(ended_at__isnull=True, due_at__lt=self.now).exists()

    @invariant()
    def the_place_in_line_is_the_one_that_a_run_would_walk(self):
        if self.caught_up:
            wanted = {self.rows[case.number]: place for place, case in enumerate(self.model.line(), 1)}
            assert lines.places_of(TERRITORY, "GENERAL", list(self.rows.values())) == wanted


@pytest.mark.usefixtures("fresh_database")
def test_the_voucher_journey_under_any_order_of_events():
    run_state_machine_as_test(
        VoucherMachine,
        settings=settings(
            max_examples=int(os.environ.get("BALABAQSHA_EXAMPLES", "15")),
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
