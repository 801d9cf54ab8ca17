"""Families, kindergartens and officers of a district do anything in any order while time passes: the promises hold.

Two lines, four groups, one of them private, and the stop list. The model is the oracle, the rules told a second time:
each success serves the right family, each refusal is the one that the rules explain, every due moment is the one they
count, with or without the worker. What the rows and the journal promise by themselves is looked up beside it.
"""

import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import OPEN
from balabaqsha.applications.models import Application
from balabaqsha.commands.rehearsal import showing
from balabaqsha.commands.rehearsal.play import Play
from balabaqsha.commands.rehearsal.stage import HEAD
from balabaqsha.commands.rehearsal.story import Step
from balabaqsha.config import databases
from balabaqsha.journeys import applying, publishing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.line import queries as lines
from balabaqsha.transparency import queries as transparency
from tests import promises
from tests.machines import line_promises
from tests.oracle import lapses, simulator
from tests.oracle.world import require
from tests.world import MONDAY, World, group

# D turns two within the week; E is of the same line.
CHILDREN = {
    "A": date(2021, 2, 20),
    "B": date(2021, 5, 5),
    "C": date(2021, 9, 9),
    "D": date(2022, 10, 3),
    "E": date(2022, 3, 3),
}
# Birth year, capacity and places published from the start.
GROUPS = {"one": (2021, 2, 1), "two": (2021, 2, 0), "small": (2022, 1, 1), "private": (2021, 1, 1)}
ACTS = (
    "choose give_back extend register grant_papers_time send_contract sign_by_parent return_papers refuse_contract "
    "sign_by_kindergarten join_waiting_list leave_waiting_list accept_offer leave withdraw check_documents "
    "unchoose restore"
).split()
OF_A_GROUP = {"choose", "join_waiting_list", "leave_waiting_list", "accept_offer"}
NEXT = {
    "REFERRAL_ISSUED": "register",
    "REGISTERED": "send_contract",
    "CONTRACT_WITH_PARENT": "sign_by_parent",
    "CONTRACT_WITH_KINDERGARTEN": "sign_by_kindergarten",
}
# Out of turn and with a certificate, of the priority list, ordinary.
BENEFITS = ["NONE", "NONE", "SERVICE", "LARGE_FAMILY"]
DAY = timedelta(days=1)
# The worker sleeps more often than not.
workers = st.sampled_from([False, False, True])
children, groups = st.sampled_from(sorted(CHILDREN)), st.sampled_from(list(GROUPS))


class LinearMachine(RuleBasedStateMachine):
    """Three kindergartens of the state and a private one, two lines, five children, a worker that may sleep."""

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(databases.scratch_database())
        self.now, self.caught_up, self.turns_seen = MONDAY, True, 0
        # The place of a family at the end of a moment, by application and moment.
        self.places_seen = {}

    def teardown(self):
        self.stack.close()

    def begin(self, mode="first_come"):
        """The district on its first morning, in the product and in the model."""
        told = [
            group(name, birth_year=year, capacity=capacity, published=published)
            for name, (year, capacity, published) in GROUPS.items()
        ]
        terms = {"free_choice.mode": mode}
        self.world = World(*told, regime="linear", terms=terms, days_off=[date(2024, 10, 4)])
        self.play = Play(self.world.stage)
        self.model = simulator.begin(
            {
                "territory": {"regime": "linear"},
                "terms": terms,
                "calendar": {"days_off": ["2024-10-04"]},
                "kindergartens": [
                    {"ownership": "private" if one.id == "private" else "state", "groups": [vars(one)]} for one in told
                ],
                "steps": [{"at": MONDAY.isoformat()}],
            }
        )

    @initialize(mode=st.sampled_from(["first_come", "first_come", "sealed"]), start=st.sampled_from(["", "AB", "BCDE"]))
    def families_that_came_before(self, mode, start):
        """Some stand in line already, the first of them with the turn that waited."""
        self.begin(mode)
        for child in start:
            self.apply(child, "NONE", 0)

    # Time.

    @rule(hours=st.sampled_from([1, 24, 72, 170]), worker=workers)
    def time_passes(self, hours, worker):
        self.pass_to(self.now + timedelta(hours=hours), worker=worker)

    @rule(late=st.sampled_from([timedelta(), timedelta(microseconds=1)]), worker=workers)
    def something_comes_to_its_end(self, late, worker):
        """To the very moment, at which an act is in time, or the least bit after it."""
        moments = [moment for moment in lapses.moments(self.model) if self.now <= moment < self.now + 40 * DAY]
        self.pass_to(min(moments, default=self.now) + late, worker=worker)

    def pass_to(self, moment, *, worker=True):
        self.now = self.world.now = moment
        lapses.sweep(self.model, moment)
        self.caught_up = False
        if worker:
            self.the_worker_comes()

    @rule()
    def the_worker_comes(self):
        self.world.sweep()
        self.caught_up = True

    # Acts.

    def both(self, do, perform, **keys):
        """Let the model and the product do the same at the same moment, and compare what they say and what became."""
        step = {"at": self.now.isoformat(), "do": do, **keys}
        expected, found = simulator.attempt(self.model, step), None
        try:
            perform()
        except Refusal as refusal:
            found = refusal.code
        assert found == expected, f"{do} {keys}: the product says {found or 'yes'}, the rules say {expected or 'yes'}"
        return found is None

    @rule(child=children, benefit=st.sampled_from(BENEFITS), later=st.sampled_from([0, 0, 0, 2]))
    def apply(self, child, benefit, later):
        """A child may apply anew after the archive; what the oracle does not tell is left out."""
        before = self.model.applications.get(child)
        if before is not None and before.place == "private":
            return
        wished_from = self.now.date() + later * DAY if later else None
        filing = replace(self.world.filing(child, born=CHILDREN[child], benefit=benefit), wished_from=wished_from)

        def perform():
            made = applying.apply(filing=filing, actor=self.world.stage.parent, now=self.now)
            self.play.applications[child] = made.id

        keys = {"benefit": benefit, **({"wished_from": wished_from.isoformat()} if later else {})}
        self.both("apply", perform, application=child, born=str(CHILDREN[child]), kind="general", **keys)
        self.compare([child])

    @rule(child=children, act=st.sampled_from(ACTS), name=groups, days=st.sampled_from([1, 30, 31]))
    def any_act(self, child, act, name, days):
        if child in self.play.applications:
            self.act(child, act, **({"group": name} if act in OF_A_GROUP else {}), days=days)

    @rule(child=children, name=groups)
    def go_on_more(self, child, name):
        self.go_on(child, name)

    @rule(child=children, name=groups)
    def go_on(self, child, name):
        """What most families would do next."""
        if child not in self.play.applications:
            self.apply(child, "NONE", 0)
            return
        state = self.model.applications[child].state
        if state in {"TURN_OFFERED", "WAITING"}:
            self.act(child, "choose", group=name)
        elif state in NEXT:
            self.act(child, NEXT[state])
        elif state == "ENROLLED":
            self.act(child, "join_waiting_list", group=name)

    def act(self, child, do, days=1, **keys):
        """One act of one family, or on its case by whoever may."""
        keys |= {
            "extend": {"days": days},
            "check_documents": {"verdict": "reject" if days == 1 else "confirm"},
            "refuse_contract": {"reason": "group_closed"},
        }.get(do, {})
        step = Step(self.now, do, {"application": child, **keys})
        self.both(do, lambda: self.play._perform(step), application=child, **keys)
        self.compare([child])

    @rule(name=groups, places=st.integers(1, 2))
    def publish(self, name, places):
        step = Step(self.now, "publish", {"group": name, "places": places})
        self.both("publish", lambda: self.play._perform(step), group=name, places=places)

    @rule(name=groups)
    def recall(self, name):
        """No story tells of places taken back, so the rule stands here: openings end first, a turn never does."""
        lapses.sweep(self.model, self.now)
        world, told, line = self.model, self.model.groups[name], self.model.groups[name].line
        expected = found = None
        try:
            require(world.free(name) > 0, "no-free-place")
            if not told.is_private:
                left = lapses.waiting_places(world, line) + world.openings[line] - 1
                require(left >= 0, "no-free-place")
                world.openings[line] = min(world.openings[line], left)
            told.published -= 1
        except simulator.Refused as refused:
            expected = str(refused)
        try:
            publishing.recall(group_id=self.world.groups[name], places=1, reason="test", actor=HEAD, now=self.now)
        except Refusal as refusal:
            found = refusal.code
        assert found == expected, f"recall: the product says {found or 'yes'}, the rules say {expected or 'yes'}"

    # Promises.

    def compare(self, names):
        """The rows of these families are what the model says."""
        ids = {name: self.play.applications[name] for name in names if name in self.play.applications}
        shown = showing.applications(ids, groups=self.world.groups)
        for name in ids:
            assert shown[name] == simulator._shown(self.model, name), name
        open_ = Admission.objects.filter(application__in=ids.values(), is_transfer=True, stage__in=sorted(OPEN))
        by_id = {number: name for name, number in ids.items()}
        moving = {by_id[one.application_id]: (one.group_id, one.stage) for one in open_}
        told = {name: self.model.applications[name].transfer for name in ids}
        assert moving == {
            name: (self.world.groups[transfer.group], transfer.stage)
            for name, transfer in told.items()
            if transfer is not None
        }

    @invariant()
    def no_promise_is_broken(self):
        assert promises.broken() == []

    @invariant()
    def the_journal_keeps_the_promises_of_the_line(self):
        """Nobody served before somebody eligible ahead, no act after the archive, no lapse without its warning, two misses."""
        assert line_promises.broken(after_turn=self.turns_seen) == []
        self.turns_seen = line_promises.last_turn()

    @invariant()
    def all_is_as_the_model_says_once_the_worker_has_come(self):
        if self.caught_up and hasattr(self, "world"):
            self.compare(list(self.play.applications))
            free = kindergartens.free_by_group(Group.objects.all(), now=self.now)
            assert {name: free[id_] for name, id_ in self.world.groups.items()} == {
                name: self.model.free(name) for name in self.world.groups
            }
            assert not Application.objects.filter(due_at__lt=self.now).exists()

    @invariant()
    def the_ledger_tells_every_place_that_was_ever_shown(self):
        """Undone act by act, the place of each family comes by every number that it has seen, and the causes add up."""
        if not self.caught_up or not hasattr(self, "world"):
            return
        more_at_this_moment = self.now in set(lapses.moments(self.model))
        for row in Application.objects.filter(id__in=self.play.applications.values(), state="WAITING"):
            told = transparency.ledger_of(row)
            seen = self.places_seen.setdefault(row.id, {})
            if not more_at_this_moment:
                seen[self.now] = lines.place_in_line(row).number
            assert told[-1].before is None
            assert told[0].after == lines.place_in_line(row).number
            assert all(sum(cause.by for cause in one.causes) == one.after - one.before for one in told[:-1])
            for moment, place in seen.items():
                if moment >= told[-1].at:
                    assert next(one.after for one in told if one.at <= moment) == place, moment


@pytest.mark.usefixtures("fresh_database")
def test_the_linear_journey_under_any_order_of_events():
    run_state_machine_as_test(
        LinearMachine,
        settings=settings(
            max_examples=int(os.environ.get("BALABAQSHA_EXAMPLES", "8")),
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
