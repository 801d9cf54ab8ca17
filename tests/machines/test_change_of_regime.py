"""A territory changes its regime: original moments and benefits are carried over from line to line, with causes."""

from datetime import date, timedelta

import pytest

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import changing_regime
from balabaqsha.journeys.changing_regime import StillPromised
from balabaqsha.kernel.time import localdate
from balabaqsha.line import queries as lines
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories import actions as territories
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import queries as transparency
from tests import promises
from tests.world import TERRITORY, World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


def change(world, regime):
    told = RegimeChange(TERRITORY, regime, localdate(world.now), "test")
    territories.set_regime(change=told, actor=OFFICER, now=world.now)


def carry(world):
    seen = len(changing_regime.preview(territory_code=TERRITORY, now=world.now).moved)
    return changing_regime.perform(territory_code=TERRITORY, seen=seen, actor=OFFICER, now=world.tick())


def place(world, name):
    return lines.place_in_line(world.application(name)).number


class TestFromVouchersToTurns:
    @pytest.fixture
    def world(self):
        """A, B and C apply, C with a benefit of the priority list; then the city becomes linear."""
        world = World(group("one", published=0), group("two", published=0))
        world.apply("A")
        world.apply("B")
        world.apply("C", benefit="LARGE_FAMILY")
        world.check("C")
        change(world, Regime.LINEAR)
        return world

    def test_keeps_original_moments_and_benefits(self, world):
        before = dict(Application.objects.values_list("number", "original_at"))

        carry(world)

        assert dict(Application.objects.values_list("number", "original_at")) == before
        assert set(Application.objects.values_list("regime", flat=True)) == {Regime.LINEAR}
        # Slot 0 is of the priority list, then come the ordinary ones by their moments.
        assert [place(world, name) for name in "CAB"] == [1, 2, 3]
        assert promises.broken() == []

    def test_shows_the_real_places_before_it_is_done_and_changes_nothing(self, world):
        plan = changing_regime.preview(territory_code=TERRITORY, now=world.now)

        assert [(one.place_before, one.place) for one in plan.moved] == [(2, 2), (3, 3), (1, 1)]
        assert set(Application.objects.values_list("regime", flat=True)) == {Regime.VOUCHER}
        assert not JournalEntry.objects.filter(act="change_regime").exists()

    def test_tells_each_family_why(self, world):
        carry(world)

        told = transparency.ledger_of(world.application("B"))
        assert [(line.after, [cause.code for cause in line.causes]) for line in told] == [(3, ["REGIME_CHANGED"])]
        facts = JournalEntry.objects.get(act="change_regime", application_id=world.id("B")).facts
        assert (facts["place_before"], facts["place"], facts["to"]) == (3, 3, State.WAITING)

    def test_gives_the_turns_that_are_due(self, world):
        world.now += timedelta(minutes=1)
        world.publish("one")
        carry(world)

        assert world.state("C") == State.TURN_OFFERED
        assert promises.broken() == []

    def test_is_repeated_without_harm(self, world):
        assert len(carry(world).moved) == 3
        assert carry(world).moved == ()

    def test_waits_for_vouchers_that_are_out(self):
        world = World(group("one"))
        world.apply("A")
        world.apply("B")
        world.run()
        change(world, Regime.LINEAR)

        with pytest.raises(StillPromised) as refused:
            carry(world)

        assert refused.value.facts == {"n": 1}
        assert changing_regime.preview(territory_code=TERRITORY, now=world.now).promised == 1
        assert world.application("B").regime == Regime.VOUCHER

    def test_passes_over_whom_a_linear_line_does_not_serve_yet(self, world):
        change(world, Regime.VOUCHER)
        young = date(2023, 1, 1)
        world.apply("Y", born=young)
        change(world, Regime.LINEAR)

        carry(world)

        assert localdate(world.application("Y").passed_over_until) == date(2025, 1, 1)
        assert world.application("A").passed_over_until is None


class TestFromTurnsToVouchers:
    @pytest.fixture
    def world(self):
        """A did not come and is on the stop list, B waits behind."""
        world = World(group("one"), group("two", published=0), regime="linear")
        world.apply("A")
        world.refer("A", "one")
        world.now = world.application("A").due_at + timedelta(minutes=1)
        world.sweep()
        world.apply("B")
        return world

    def test_carries_who_waits_and_ends_the_stop_list(self, world):
        world.withdraw("B")
        world.apply("B")
        world.now = world.application("B").due_at + timedelta(minutes=1)
        world.sweep()
        change(world, Regime.VOUCHER)

        carry(world)

        assert (world.state("A"), world.state("B")) == (State.WAITING, State.WAITING)
        assert [place(world, name) for name in "AB"] == [1, 2]
        assert world.application("A").misses == 0
        world.run()
        assert world.state("A") == State.VOUCHER_OFFERED
        assert promises.broken() == []

    def test_waits_for_turns_that_are_out(self, world):
        assert world.state("B") == State.TURN_OFFERED
        change(world, Regime.VOUCHER)

        with pytest.raises(StillPromised):
            carry(world)
