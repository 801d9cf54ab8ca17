"""Faults planted in the linear regime one at a time: the model or the promises find each, on a short walk of its own."""

from datetime import timedelta

import pytest

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.journeys import _case, _free_choice, _places, _turns, choosing, referring
from balabaqsha.kindergartens import _steps as places
from balabaqsha.line import linear, rules
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from tests.machines import line_promises
from tests.machines.test_linear_machine import LinearMachine

LEAST = timedelta(microseconds=1)


class Walk:
    """A machine that is led: each step is followed by every promise, as chance would do it."""

    def __init__(self):
        self.machine = LinearMachine()

    def __enter__(self):
        self.machine.begin()
        return self

    def __exit__(self, *_):
        self.machine.teardown()

    def step(self, name, *words, **keys):
        getattr(self.machine, name)(*words, **keys)
        self.machine.compare(list(self.machine.play.applications))
        for promise in self.machine.invariants:
            promise.function(self.machine)

    def come(self, *children, benefit="NONE"):
        for child in children:
            self.step("apply", child, benefit, 0)
            self.step("pass_to", self.machine.now + timedelta(minutes=1))

    def act(self, child, do, days=1, **keys):
        self.step("act", child, do, days, **keys)

    def due(self, child):
        return self.machine.model.applications[child].due

    def lapse(self, child):
        self.step("pass_to", self.due(child) + LEAST)


def a_place_for_the_next(walk):
    """A has the first turn, B and C wait for the next place."""
    walk.come("A", "B", "C")
    walk.step("publish", "two", 1)


def a_right_is_confirmed(walk):
    """C was the last to come and has a right to be served out of turn."""
    walk.come("A", "B")
    walk.come("C", benefit="SERVICE")
    walk.act("C", "check_documents", days=30)
    walk.step("publish", "two", 1)


def the_lists_take_turns(walk):
    """A used the priority list's slot; the next is for the ordinary list, C of the priority list waits."""
    walk.come("A", "B")
    walk.come("C", benefit="LARGE_FAMILY")
    walk.act("C", "check_documents", days=30)
    walk.step("publish", "two", 1)


def does_not_come(walk):
    """A's turn passes unused, and its place is open to whoever comes first; B takes it and does not come either."""
    walk.come("A", "B")
    walk.lapse("A")
    walk.act("B", "choose", group="one")
    walk.lapse("B")
    walk.act("B", "choose", group="one")


def does_not_come_twice(walk):
    walk.come("A")
    walk.act("A", "choose", group="one")
    walk.lapse("A")
    walk.lapse("A")
    walk.act("A", "choose", group="one")
    walk.lapse("A")


def gives_back(walk):
    walk.come("A", "B")
    walk.act("A", "choose", group="one")
    walk.act("A", "give_back")
    walk.step("publish", "two", 1)


def gives_back_late(walk):
    walk.come("A")
    walk.act("A", "choose", group="one")
    walk.step("pass_to", walk.machine.now + timedelta(hours=24) + LEAST)
    walk.act("A", "give_back")


def extends(walk):
    """The extension is used; the first term passes while the worker sleeps, and the place is held."""
    walk.come("A")
    walk.act("A", "choose", group="one")
    first = walk.due("A")
    walk.act("A", "extend", days=30)
    walk.step("pass_to", first + LEAST, worker=False)
    walk.step("no_promise_is_broken")
    walk.step("the_worker_comes")


def comes_to_the_kindergarten(walk):
    walk.come("A", "B")
    walk.act("A", "choose", group="one")
    for do in ("register", "send_contract", "sign_by_parent", "sign_by_kindergarten"):
        walk.act("A", do)


def is_refused_after_the_visit(walk):
    walk.come("A")
    walk.act("A", "choose", group="one")
    walk.act("A", "register")
    walk.act("A", "refuse_contract")


def comes_before_its_turn(walk):
    walk.come("A", "B")
    walk.act("B", "choose", group="one")


def takes_a_private_place(walk):
    walk.come("A", "B")
    walk.act("A", "choose", group="private")


def withdraws(walk):
    walk.come("A", "B")
    walk.act("A", "choose", group="one")
    walk.act("A", "withdraw")
    walk.act("A", "withdraw")


def _nothing(_):
    return lambda *words, **keys: None


def _where(*acts, **spoilt):
    """The right thing done, after columns were spoilt where the act is one of these."""

    def change(right):
        def wrong(application, *words, **keys):
            if {*words, keys.get("act")} & set(acts):
                for name, value in spoilt.items():
                    setattr(application, name, value)
            return right(application, *words, **keys)

        return wrong

    return change


def _untold(*facts):
    """These facts are never told."""
    return lambda right: lambda fact, **keys: None if fact in facts else right(fact, **keys)


def _from_its_end(statement):
    return statement.replace("original_at, id LIMIT", "original_at DESC, id DESC LIMIT")


def _ordinary_first(right):
    def wrong(self):
        lists = self._lists
        self._lists = {tier: lists[other] for tier, other in zip(lists, reversed(lists), strict=True)}
        try:
            return right(self)
        finally:
            self._lists = lists

    return wrong


def _always_allowed(_):
    return lambda self, move: None


def _goes_anywhere(right):
    def wrong(move, *, regime, state):
        return "ARCHIVED" if move == "withdraw" else right(move, regime=regime, state=state)

    return wrong


def _kept_after_a_lapse(right):
    return lambda **keys: [] if keys["because"] == "lapse_referral" else right(**keys)


def _open_to_all(right):
    """Whoever waits takes a place that is under somebody's turn."""

    def wrong(*words, **keys):
        try:
            return right(*words, **keys)
        except choosing.NotOpen:
            return referring.Right.TURN

    return wrong


# What is wrong: whose function is changed, what becomes of it, and the walk that meets it.
FAULTS = {
    "the last who came is served first": (linear, "_NEXT", _from_its_end, a_place_for_the_next),
    "turns that are out are forgotten": (
        referral_queries,
        "_UNPROMISED",
        lambda statement: statement.replace("state = 'OFFERED'", "false"),
        a_place_for_the_next,
    ),
    "a place that is published gives no turn": (_turns, "give", _nothing, a_place_for_the_next),
    "nobody is told that the turn came": (record, "tell_many", _nothing, does_not_come),
    "a right to be served out of turn counts for nothing": (rules.Walk, "next", _ordinary_first, a_right_is_confirmed),
    "the slots stand still": (rules.Walk, "use", lambda _: lambda self, tier: self.slot, the_lists_take_turns),
    "a turn that passed opens nothing": (_free_choice, "open_places", _nothing, does_not_come),
    "free choice uses up no opening": (_free_choice, "use_place", _nothing, does_not_come),
    "a miss is not counted": (applications, "move", _where("lapse_referral", misses=0), does_not_come),
    "two misses do not remove": (applications, "move", _where("lapse_referral_again", misses=0), does_not_come_twice),
    "nobody is told until when the referral is good": (record, "tell", _untold("referral-issued"), does_not_come),
    "nobody is told until when the stop list lasts": (record, "tell", _untold("referral-lapsed"), does_not_come_twice),
    "a place stays held after a lapse": (admission_steps, "end_all", _kept_after_a_lapse, does_not_come),
    "there is no pause after giving back": (
        applications,
        "move",
        _where("give_back", passed_over_until=None),
        gives_back,
    ),
    "what is given back goes to nobody": (_places, "came_free", _nothing, gives_back),
    "a referral is given back at any time": (referring, "GiveBackTooLate", lambda _: _Never, gives_back_late),
    "an extended referral does not keep the place": (_case, "keep_place", _nothing, extends),
    "a turn that was used stays out": (referrals, "end_turns", lambda _: lambda **keys: 0, comes_to_the_kindergarten),
    "a place that was refused stays held": (places, "end_hold", _nothing, is_refused_after_the_visit),
    "a referral lives on after the refusal": (referrals, "move_referral", _nothing, is_refused_after_the_visit),
    "a place under a turn is open to all": (referring, "_right", _open_to_all, comes_before_its_turn),
}
WALKS = sorted(
    {walk for *_, walk in FAULTS.values()} | {takes_a_private_place, withdraws}, key=lambda walk: walk.__name__
)


class _Never(Exception):
    """A refusal that the product would never give."""

    def __new__(cls, **_):
        raise AssertionError


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("way", WALKS)
def test_a_right_product_breaks_nothing_on_the_way(way):
    with Walk() as walk:
        way(walk)


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, monkeypatch):
    owner, name, change, way = FAULTS[fault]
    with Walk() as walk:
        monkeypatch.setattr(owner, name, change(getattr(owner, name)))

        with pytest.raises(AssertionError):
            way(walk)


@pytest.mark.usefixtures("fresh_database")
def test_an_act_after_the_archive_is_found_without_the_model(monkeypatch):
    with Walk() as walk:
        walk.come("A")
        walk.act("A", "withdraw")
        monkeypatch.setattr(_case.Case, "require", _always_allowed(None))
        monkeypatch.setattr(applications, "after", _goes_anywhere(applications.after))

        walk.machine.world.ids = walk.machine.play.applications
        walk.machine.world.withdraw("A")

        assert any("after the archive" in broken for broken in line_promises.broken())
