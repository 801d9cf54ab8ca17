"""Faults planted in the product one at a time: the model or the promises find each. What they cannot find, they do not guard.

Chance may be long in coming to a fault, so each is met on a short walk of its own, on which a right product breaks nothing.
"""

from collections import Counter
from datetime import timedelta

import pytest

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import WaitingListEntry, WaitingListOffer
from balabaqsha.applications import _steps as applications
from balabaqsha.journeys import _case, _places, distribution
from balabaqsha.kindergartens import _steps as places
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.line import queries as lines
from tests.machines.test_voucher_machine import VoucherMachine

LEAST = timedelta(microseconds=1)


class Walk:
    """A machine that is led: each step is followed by every promise, as chance would do it."""

    def __init__(self, start):
        self.machine = VoucherMachine()
        self.start = start

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.machine.teardown()

    def take(self, way):
        """From the families that came before to the end of the way."""
        self.step("families_that_came_before", self.start)
        way(self)

    def step(self, name, *words, **keys):
        getattr(self.machine, name)(*words, **keys)
        for promise in self.machine.invariants:
            promise.function(self.machine)

    def act(self, child, act, *group):
        self.step("perform", act, self.machine.newest[child], *group)

    def due(self, child):
        return self.machine.model.cases[self.machine.newest[child]].due

    def wait(self, moment, *, worker=True):
        self.step("pass_to", moment, worker)


def line_with_a_benefit(walk):
    """C waits with a confirmed benefit behind two who came before; a run has one voucher to give."""
    walk.step("run", 1)


def vouchers_are_out(walk):
    for child in "ABC":
        walk.step("apply", child, claims=False)
    walk.step("run", None)
    walk.step("run", None)


def gives_the_place_up(walk):
    """B gives up the only place of a group for which first C, then A waits."""
    walk.act("A", "unchoose")
    walk.act("A", "join_waiting_list", "two")
    walk.act("B", "unchoose")


def does_not_sign(walk):
    walk.act("A", "send_contract")
    walk.wait(walk.due("A") + LEAST)


def asks_the_extension(walk):
    """With the contract in hand, on the last day; then the first term passes while the worker sleeps."""
    walk.act("A", "send_contract")
    first = walk.due("A")
    walk.wait(first - timedelta(minutes=1))
    walk.act("A", "extend")
    walk.act("A", "extend")
    walk.wait(first + LEAST, worker=False)


def is_refused(walk):
    walk.wait(walk.due("A") - timedelta(minutes=1))
    walk.act("A", "extend")
    walk.act("A", "refuse_contract")
    walk.wait(walk.due("A") - timedelta(minutes=1))
    walk.act("A", "extend")


def does_not_answer_again(walk):
    walk.step("run", None)
    walk.wait(walk.due("A") + LEAST)


def _where(act, **spoilt):
    """The right thing done, after columns were spoilt where the act is this one."""

    def change(right):
        def wrong(application, *words, **keys):
            if act in {*words, keys.get("act")}:
                for name, value in spoilt.items():
                    setattr(application, name, value)
            return right(application, *words, **keys)

        return wrong

    return change


def _from_its_end(_):
    def last_in_list(group_id):
        standing = WaitingListEntry.objects.filter(group_id=group_id, left_at__isnull=True)
        standing = standing.exclude(offers__in=WaitingListOffer.objects.filter(ended_at__isnull=True))
        return standing.select_related("application").order_by("-joined_at", "-id").first()

    return last_in_list


def _without_vouchers(right):
    def look(*words):
        free, _, settlements = right(*words)
        return free, Counter(), settlements

    return look


def _nothing(_):
    return lambda *words, **keys: None


def _kept_after_a_lapse(right):
    return lambda **keys: [] if keys["because"] == "lapse_voucher" else right(**keys)


# What is wrong: whose function is changed, what becomes of it, where the families begin, and the walk that meets it.
FAULTS = {
    "the line goes by time alone": (lines, "ORDER", lambda order: order[1:], "a benefit", line_with_a_benefit),
    "a run forgets the vouchers that are out": (
        distribution,
        "_places_and_vouchers",
        _without_vouchers,
        "nobody",
        vouchers_are_out,
    ),
    "a freed place is not offered to its waiting list": (
        _places,
        "came_free",
        _nothing,
        "lists",
        gives_the_place_up,
    ),
    "a waiting list is served from its end": (admissions, "next_in_list", _from_its_end, "lists", gives_the_place_up),
    "a place that was given up stays held": (places, "end_hold", _nothing, "lists", gives_the_place_up),
    "a place stays held after a lapse": (admission_steps, "end_all", _kept_after_a_lapse, "lists", does_not_sign),
    "the extension is granted twice": (
        applications,
        "set_term",
        _where("extend", extended=False),
        "lists",
        asks_the_extension,
    ),
    "an extended term does not keep the place": (_case, "keep_place", _nothing, "lists", asks_the_extension),
    "a refusal costs the family its new extension": (
        applications,
        "move",
        _where("refuse_contract", extended=True),
        "lists",
        is_refused,
    ),
    "the stop list is left twice": (
        applications,
        "move",
        _where("restore", restored_at=None),
        "restored",
        does_not_answer_again,
    ),
    "a day off counts as a working day": (
        WorkingCalendar,
        "is_working",
        lambda _: lambda self, day: True,
        "lists",
        does_not_sign,
    ),
}
WALKS = sorted({(start, walk) for *_, start, walk in FAULTS.values()}, key=lambda pair: pair[1].__name__)


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(("start", "way"), WALKS)
def test_a_right_product_breaks_nothing_on_the_way(start, way):
    with Walk(start) as walk:
        walk.take(way)


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, monkeypatch):
    owner, name, change, start, way = FAULTS[fault]
    with Walk(start) as walk:
        monkeypatch.setattr(owner, name, change(getattr(owner, name)))

        with pytest.raises(AssertionError):
            walk.take(way)
