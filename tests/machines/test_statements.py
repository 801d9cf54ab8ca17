"""How many statements an act costs: pinned, and the same however much data there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import applying, changing_regime, choosing, distribution, renewing, vouchers
from balabaqsha.journeys.choosing import NotOpen
from balabaqsha.journeys.distribution import BATCH
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.kindergartens.models import Place
from balabaqsha.line import linear
from balabaqsha.territories import actions as territories
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.regimes import Regime
from tests.world import TERRITORY, World, group

SMALL, LARGE = 2, 12
# Statements that begin and end transactions are not counted.
FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "BEGIN", "COMMIT")

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture(params=[SMALL, LARGE])
def world(request):
    """A line and a group of two sizes; the family A has a voucher, B waits."""
    size = request.param
    world = World(group("one", capacity=size), group("two", capacity=size), group("full", published=0), group("spare"))
    for number in range(size):
        world.apply(f"R{number}")
    world.apply("A")
    world.run(limit=0)
    Application.objects.filter(id=world.id("A")).update(category=1)
    world.run(limit=1)
    world.confirm("A")
    world.apply("B")
    Application.objects.filter(id=world.id("B")).update(category=1)
    return world


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAME)]


class TestTheCostOfAnAct:
    def test_apply(self, world):
        world.filing("N")

        assert len(statements(lambda: world.apply("N"))) == 15

    def test_confirm_interest(self, world):
        world.run(limit=1)

        assert len(statements(lambda: world.confirm("B"))) == 12

    def test_choose(self, world):
        assert len(statements(lambda: world.choose("A", "one"))) == 15

    def test_a_choice_that_comes_too_late(self, world):
        Place.objects.filter(group_id=world.groups["one"]).update(published=False)

        def late():
            with pytest.raises(NoFreePlace):
                world.choose("A", "one")

        assert len(statements(late)) == 1

    def test_send_contract(self, world):
        world.choose("A", "one")

        assert len(statements(lambda: world.send("A"))) == 15

    def test_sign_by_parent(self, world):
        world.choose("A", "one")
        world.send("A")

        assert len(statements(lambda: world.sign("A"))) == 18

    def test_sign_by_kindergarten(self, world):
        world.choose("A", "one")
        world.send("A")
        world.sign("A")

        assert len(statements(lambda: world.sign_head("A"))) == 19

    def test_withdraw(self, world):
        world.choose("A", "one")

        assert len(statements(lambda: world.withdraw("A"))) == 20


# Acts of a family and on its case, each with what came before it, and what it costs.
VOUCHER_ACTS = {
    "decline": (["run B"], "decline B", 12),
    "restore": (["run B", "lapse B"], "restore B", 10),
    "extend a voucher": (["last day of A"], "extend A", 12),
    "unchoose": (["choose A one"], "unchoose A", 14),
    "choose anew": (["choose A one"], "choose A two", 20),
    "join a waiting list": ([], "join A one", 10),
    "leave a waiting list": (["join A one"], "leave_list A one", 10),
    "accept an offer": (["join A full", "publish full"], "accept A full", 16),
    "return papers": (["choose A one", "send A", "sign A"], "return_papers A", 17),
    "refuse": (["choose A one", "send A"], "refuse A", 17),
    "leave": (["enrolled A one"], "leave A", 21),
    "claim a benefit": ([], "claim B", 10),
    "confirm a benefit": (["claim B"], "check B", 15),
    "give up a benefit": (["claim B", "check B"], "drop B", 12),
    "publish": ([], "publish full", 9),
    "recall": ([], "recall one", 8),
    "preview a run": ([], "preview", 9),
    "renew": ([], "renew", 8),
}
LINEAR_ACTS = {
    "recall": ([], "recall spare", 13),
    "send a contract": (["register C"], "send C", 15),
    "sign by the family": (["register C", "send C"], "sign C", 18),
    "return papers": (["register C", "send C", "sign C"], "return_papers C", 17),
    "refuse": (["register C", "send C"], "refuse C", 30),
    "leave": (["register C", "send C", "sign C", "sign_head C"], "leave C", 34),
    "claim a benefit": ([], "claim B", 10),
    "confirm a benefit": (["claim B"], "check B", 16),
    "give up a benefit": (["claim B", "check B"], "drop B", 12),
    "take a place by free choice": (["lapse A"], "refer B one", 32),
    "renew": ([], "renew", 9),
}


class Acts:
    """Acts by their names, on a world; what the world has under the same name is done there."""

    def __init__(self, world):
        self.world = world

    def do(self, told):
        name, *words = told.split()
        (getattr(self, name, None) or getattr(self.world, name))(*words)

    def _of(self, name):
        return self.world._of(name)

    def run(self, _name):
        self.world.run(limit=1)

    def lapse(self, name):
        self.world.now = self.world.application(name).due_at + timedelta(minutes=1)
        self.world.sweep()

    def last(self, _day, _of, name):
        self.world.now = self.world.application(name).due_at - timedelta(minutes=30)

    def decline(self, name):
        vouchers.decline(**self._of(name))

    def extend(self, name):
        vouchers.extend(**self._of(name))

    def leave_list(self, name, group_name):
        choosing.leave_waiting_list(group_id=self.world.groups[group_name], **self._of(name))

    def claim(self, name):
        applying.claim_benefit(benefit="LARGE_FAMILY", proof_ids=(), **self._of(name))

    def drop(self, name):
        claim = BenefitClaim.objects.get(application_id=self.world.id(name))
        applying.drop_benefit(claim_id=claim.id, **self._of(name))

    def preview(self):
        distribution.preview(territory_code=TERRITORY, limit=None, actor=OFFICER, now=self.world.tick())

    def renew(self):
        renewing.renew(territory_code=TERRITORY, actor=OFFICER, now=self.world.tick())


class TestTheCostOfOtherActs:
    @pytest.mark.parametrize("name", VOUCHER_ACTS)
    def test_in_the_voucher_regime(self, world, name):
        before, act, cost = VOUCHER_ACTS[name]
        acts = Acts(world)
        for one in before:
            acts.do(one)

        assert len(statements(lambda: acts.do(act))) == cost

    @pytest.mark.parametrize("name", LINEAR_ACTS)
    def test_in_the_linear_regime(self, line, name):
        before, act, cost = LINEAR_ACTS[name]
        acts = Acts(line)
        for one in before:
            acts.do(one)

        assert len(statements(lambda: acts.do(act))) == cost


class TestTheCostOfMany:
    @pytest.mark.parametrize("size", [10, 100])
    def test_a_run_costs_the_same_for_ten_and_for_a_hundred(self, size):
        world = World(group("one", capacity=size))
        for number in range(size):
            world.apply(f"R{number}")

        assert size < BATCH
        assert len(statements(world.run)) == 19

    @pytest.mark.parametrize("size", [10, 100])
    def test_offers_that_lapse_at_one_moment_cost_the_same_for_ten_and_for_a_hundred(self, size):
        world = World(group("one", capacity=size))
        for number in range(size):
            world.apply(f"R{number}")
        world.run()
        world.tick(days=10)

        assert len(statements(world.sweep)) == 17


@pytest.fixture(params=[SMALL, LARGE])
def line(request):
    """A linear line and its groups of two sizes; the family A has a turn, B waits first, C holds a referral."""
    size = request.param
    world = World(
        group("one", capacity=size),
        group("two", capacity=size),
        group("later", published=0),
        group("spare", birth_year=2020),
        regime="linear",
    )
    for number in range(2 * size - 2):
        world.apply(f"T{number}")
    world.apply("C")
    world.refer("C", "two")
    world.apply("A")
    world.apply("B")
    for number in range(size):
        world.apply(f"W{number}")
    return world


class TestTheCostOfALinearAct:
    def test_apply(self, line):
        line.filing("N")

        assert len(statements(lambda: line.apply("N"))) == 16

    def test_apply_where_a_place_waits(self, line):
        for name in [name for name in line.ids if name.startswith("W")] + ["B"]:
            line.withdraw(name)
        line.publish("later")
        line.filing("N")

        assert len(statements(lambda: line.apply("N"))) == 25

    def test_a_place_published_for_the_next_turn(self, line):
        assert len(statements(lambda: line.publish("later"))) == 19

    def test_take_a_referral(self, line):
        assert len(statements(lambda: line.refer("A", "one"))) == 30

    def test_a_choice_that_nothing_is_open_to(self, line):
        def early():
            with pytest.raises(NotOpen):
                line.refer("B", "one")

        assert len(statements(early)) == 8

    def test_give_back(self, line):
        assert len(statements(lambda: line.give_back("C"))) == 36

    def test_extend(self, line):
        assert len(statements(lambda: line.extend_referral("C"))) == 15

    def test_register(self, line):
        assert len(statements(lambda: line.register("C"))) == 19

    def test_grant_papers_time(self, line):
        line.register("C")

        assert len(statements(lambda: line.grant("C"))) == 15

    def test_sign_by_kindergarten(self, line):
        line.register("C")
        line.send("C")
        line.sign("C")

        assert len(statements(lambda: line.sign_head("C"))) == 23

    def test_withdraw(self, line):
        assert len(statements(lambda: line.withdraw("C"))) == 34


class TestTheCostOfManyTurns:
    @pytest.mark.parametrize("size", [10, 100])
    def test_turns_given_at_once_cost_the_same_for_ten_and_for_a_hundred(self, size):
        world = World(group("one", capacity=size, published=0), regime="linear")
        for number in range(size):
            world.apply(f"R{number}")

        assert len(statements(lambda: world.publish("one", size))) == 19

    @pytest.mark.parametrize("size", [10, 100])
    def test_turns_that_lapse_at_one_moment_cost_the_same_for_ten_and_for_a_hundred(self, size):
        world = World(group("one", capacity=size, published=0), regime="linear")
        for number in range(size):
            world.apply(f"R{number}")
        world.publish("one", size)
        world.tick(days=10)

        assert len(statements(world.sweep)) == 20


@pytest.mark.parametrize("correction", [None, "LOW_VISION"])
def test_the_next_of_a_line_is_read_in_the_order_of_its_index(correction):
    """However long the line: nothing of it is sorted, of which PostgreSQL is sure only when every column is named."""
    with CaptureQueriesContext(connection) as captured:
        linear.servable(linear.LineKey(TERRITORY, 2021, correction), limit=1)
    (asked,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked['sql']}")
        plan = " ".join(row for (row,) in cursor.fetchall())

    assert "application_linear_next" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("size", [SMALL, 60])
def test_the_preview_of_a_change_of_regime_asks_the_same_for_every_size(fresh_database, size):
    world = World(group("one", published=0))
    for number in range(size):
        world.apply(f"R{number}")
    change = RegimeChange(TERRITORY, Regime.LINEAR, localdate(world.now), "test")
    territories.set_regime(change=change, actor=OFFICER, now=world.now)

    asked = statements(lambda: changing_regime.preview(territory_code=TERRITORY, now=world.now))

    assert len(asked) == 19
