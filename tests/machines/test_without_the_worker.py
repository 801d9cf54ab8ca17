"""The worker is stopped: what lapsed is shown, refused and freed at its moment all the same."""

from datetime import timedelta

import pytest

from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.applications.states import Reason, State
from balabaqsha.journeys import applying, choosing, vouchers
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.record.models import JournalEntry, OutboxFact
from tests import promises
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")
LEAST = timedelta(microseconds=1)


@pytest.fixture
def world():
    return World(group("one", capacity=2, published=1), group("two", capacity=3, published=2))


def offered_place(world, name):
    """The family with a voucher that was offered a place of group "one" from its waiting list."""
    world.with_voucher(name, "H")
    world.choose("H", "one")
    world.join(name, "one")
    world.unchoose("H")
    return WaitingListOffer.objects.get()


class TestAPlaceWhoseHolderLapsed:
    def test_is_shown_free_from_the_least_bit_after_the_moment(self, world):
        world.with_voucher("A")
        world.choose("A", "one")
        world.send("A")
        due_at = world.application("A").due_at

        assert (world.free("one", now=due_at), world.free("one", now=due_at + LEAST)) == (0, 1)

    def test_is_given_to_whoever_comes_next_and_the_lapse_is_told_first(self, world):
        world.with_voucher("A", "B", "C")
        world.choose("A", "one")
        world.send("A")
        due_at = world.application("A").due_at
        world.now = due_at - timedelta(minutes=1)
        for name in "BC":
            vouchers.extend(application_id=world.id(name), actor=world.stage.parent, now=due_at)
        world.now = due_at

        world.choose("B", "one")

        assert (world.state("A"), world.state("B")) == (State.ARCHIVED, State.CONTRACT_AWAITED)
        lapse = JournalEntry.objects.get(act="lapse_voucher")
        assert lapse.at == due_at
        assert lapse.id < JournalEntry.objects.filter(act="choose").latest("id").id
        assert OutboxFact.objects.filter(fact="voucher-lapsed-archive", application_id=world.id("A")).exists()

    def test_goes_to_its_waiting_list_before_anybody_else(self, world):
        world.with_voucher("A", "B", "C")
        world.choose("A", "one")
        world.send("A")
        world.join("C", "one")
        due_at = world.application("A").due_at
        for name in "BC":
            vouchers.extend(application_id=world.id(name), actor=world.stage.parent, now=due_at)
        world.now = due_at

        with pytest.raises(NoFreePlace):
            world.choose("B", "one")

        assert WaitingListOffer.objects.get().offered_at == due_at
        world.accept("C", "one")
        assert promises.broken() == []

    @pytest.mark.parametrize("signed", [False, True])
    def test_is_shown_free_when_the_child_reaches_school_age(self, world, signed):
        world.with_voucher("A")
        world.choose("A", "one")
        if signed:
            world.send("A")
            world.sign("A")
        ages_out_at = world.application("A").ages_out_at

        assert (world.free("one", now=ages_out_at), world.free("one", now=ages_out_at + LEAST)) == (0, 1)


class TestAnOfferThatLapsed:
    def test_is_shown_free_and_goes_to_the_next_at_its_own_moment(self, world):
        offer = offered_place(world, "A")
        world.now = offer.due_at

        assert (world.free("one", now=offer.due_at), world.free("one", now=offer.due_at + LEAST)) == (0, 1)
        with pytest.raises(NotInThisState):
            world.accept("A", "one")
        offer.refresh_from_db()
        assert offer.ended_at == offer.due_at

    def test_ends_with_the_voucher_when_that_comes_first(self, world):
        world.with_voucher("A", "H")
        world.choose("H", "one")
        world.join("A", "one")
        due_at = world.application("A").due_at
        world.now = due_at - timedelta(hours=2)
        world.unchoose("H")

        assert WaitingListOffer.objects.get().due_at > due_at
        assert (world.free("one", now=due_at), world.free("one", now=due_at + LEAST)) == (0, 1)

    def test_is_kept_as_long_as_the_extended_voucher_allows(self, world):
        world.with_voucher("A", "H")
        world.choose("H", "one")
        world.join("A", "one")
        due_at = world.application("A").due_at
        world.now = due_at - timedelta(hours=2)
        world.unchoose("H")
        vouchers.extend(application_id=world.id("A"), actor=world.stage.parent, now=world.now)

        assert world.free("one", now=due_at + LEAST) == 0


class TestAFamilyInAListWhoseVoucherLapsed:
    def test_is_not_offered_a_place_that_comes_free_later(self, world):
        """It stands in the list in the rows, and nobody but the act itself could know that its voucher has ended."""
        world.with_voucher("A", "H")
        world.choose("H", "one")
        world.join("A", "one")
        world.now = world.application("A").due_at + timedelta(minutes=1)

        world.unchoose("H")

        assert not WaitingListOffer.objects.exists()
        assert world.state("A") == State.ARCHIVED
        assert promises.broken() == []

    def test_does_not_take_a_place_that_a_later_lapse_frees(self, world):
        world.with_voucher("C", "B", "A")
        world.choose("B", "two")
        world.send("B")
        world.join("C", "two")
        world.now = world.application("A").due_at + timedelta(hours=1)

        world.publish("two")

        assert {world.state("B"), world.state("C")} == {State.ARCHIVED}
        assert not WaitingListOffer.objects.exists()
        assert promises.broken() == []


class TestAnApplicationThatLapsed:
    def test_does_not_stand_in_the_way_of_a_new_one(self, world):
        world.apply("A")
        world.run()
        world.now = world.application("A").due_at + timedelta(days=29)
        old = world.application("A")

        world.apply("A")

        old.refresh_from_db()
        assert (old.state, old.reason) == (State.ARCHIVED, Reason.NOT_RESTORED)
        assert world.state("A") == State.WAITING

    @pytest.mark.parametrize(
        ("act", "group_name"),
        [
            (vouchers.confirm_interest, None),
            (vouchers.decline, None),
            (choosing.choose, "one"),
            (choosing.join_waiting_list, "one"),
        ],
    )
    def test_is_refused_whatever_it_had_a_moment_before(self, world, act, group_name):
        world.apply("A")
        world.run()
        world.now = world.application("A").due_at
        keys = {"group_id": world.groups[group_name]} if group_name else {}

        with pytest.raises(NotInThisState):
            act(application_id=world.id("A"), actor=world.stage.parent, now=world.now + LEAST, **keys)

        assert world.state("A") == State.STOP_LISTED

    def test_lapses_by_all_its_moments_one_after_the_other(self, world):
        world.apply("A")
        world.run()
        offered_until = world.application("A").due_at
        world.now = offered_until + timedelta(days=40)

        with pytest.raises(NotInThisState):
            applying.withdraw(application_id=world.id("A"), actor=world.stage.parent, now=world.now)

        moments = JournalEntry.objects.filter(act__startswith="lapse").order_by("id").values_list("act", "at")
        assert list(moments) == [
            ("lapse_offer", offered_until),
            ("lapse_restoring", offered_until + timedelta(days=28)),
        ]


class TestACertificateThatEnded:
    def test_counts_no_more_in_the_run_that_comes_next(self, world):
        world.apply("B")
        world.apply("A", benefit="TEACHER")
        world.check("A")
        world.now += timedelta(days=40)

        run = world.run(limit=1)

        assert run.result["served"] == [world.application("B").number]

    def test_is_told_before_the_family_acts(self, world):
        world.apply("A", benefit="TEACHER")
        world.check("A")
        world.now += timedelta(days=40)

        applying.claim_benefit(
            application_id=world.id("A"), benefit="TEACHER", proof_ids=(), actor=world.stage.parent, now=world.now
        )

        assert OutboxFact.objects.filter(fact="benefit-ended").exists()
        assert world.application("A").category == 20


def offered(world):
    """A voucher that nobody has answered."""
    world.apply("A")
    world.run()


def stop_listed(world):
    offered(world)
    world.now = world.application("A").due_at + timedelta(days=1)
    world.sweep()


def active(world):
    world.with_voucher("A")


def with_the_family(world):
    """A contract that waits for the family's signature; it holds the only place of group "one"."""
    world.with_voucher("A")
    world.choose("A", "one")
    world.send("A")


def moving(world):
    """An enrolled child whose family has to sign the contract of its new place."""
    world.with_voucher("A")
    world.enrolled("A", "two")
    world.choose("A", "one")
    world.send("A")


def extend(world):
    vouchers.extend(application_id=world.id("A"), actor=world.stage.parent, now=world.now)


def unchoose(world):
    choosing.unchoose(application_id=world.id("A"), actor=world.stage.parent, now=world.now)


class TestEveryTermOfAFamily:
    """Each act that the term allowed is refused from the least bit after its moment, and the case is shown as lapsed."""

    @pytest.mark.parametrize(
        ("begins", "acts", "state"),
        [
            (offered, [World.confirm, vouchers.decline], State.STOP_LISTED),
            (stop_listed, [World.restore], State.ARCHIVED),
            (active, [extend, choosing.choose, choosing.join_waiting_list], State.ARCHIVED),
            (with_the_family, [World.sign, extend, unchoose], State.ARCHIVED),
            (moving, [World.sign, unchoose], State.ENROLLED),
        ],
    )
    def test_is_refused_after_it(self, world, begins, acts, state):
        begins(world)
        after = world.application("A").due_at + LEAST

        for act in acts:
            with pytest.raises(NotInThisState):
                perform(act, world, now=after)

        assert world.state("A") == state
        assert promises.broken() == []

    @pytest.mark.parametrize(
        ("begins", "act", "state"),
        [
            (offered, World.confirm, State.VOUCHER_ACTIVE),
            (stop_listed, World.restore, State.WAITING),
            (active, choosing.choose, State.CONTRACT_AWAITED),
            (with_the_family, World.sign, State.CONTRACT_WITH_KINDERGARTEN),
            (moving, World.sign, State.ENROLLED),
        ],
    )
    def test_is_not_refused_at_its_very_moment(self, world, begins, act, state):
        """Twin of the test above: it is the moment that refuses."""
        begins(world)

        perform(act, world, now=world.application("A").due_at)

        assert world.state("A") == state

    def test_frees_a_place_of_the_supply_for_the_next_run(self, world):
        world.apply("A")
        world.run(limit=1)
        world.apply("B")
        world.now = world.application("A").due_at

        world.run()

        assert (world.state("A"), world.state("B")) == (State.STOP_LISTED, State.VOUCHER_OFFERED)

    def test_of_a_transfer_shows_its_new_place_free_and_keeps_the_old_one(self, world):
        moving(world)
        due_at = world.application("A").due_at
        old = world.free("two", now=due_at)

        assert (world.free("one", now=due_at), world.free("one", now=due_at + LEAST)) == (0, 1)
        assert world.free("two", now=due_at + LEAST) == old

    def test_costs_no_day_where_it_is_the_kindergarten_that_waits(self, world):
        """A family that has chosen is not late when the kindergarten has sent nothing."""
        world.with_voucher("A")
        world.choose("A", "one")
        due_at = world.application("A").due_at

        assert world.free("one", now=due_at + LEAST) == 0
        world.now = due_at
        world.send("A")

        assert world.state("A") == State.CONTRACT_WITH_PARENT
        assert world.application("A").due_at > due_at


class TestSchoolAge:
    @pytest.mark.parametrize("begins", [offered, active, with_the_family])
    def test_is_refused_whatever_the_term_says(self, world, begins):
        begins(world)
        world.now = world.application("A").ages_out_at

        for act in (World.confirm, World.sign, choosing.choose, applying.withdraw):
            with pytest.raises(NotInThisState):
                perform(act, world, now=world.now + LEAST)

        assert world.state("A") == State.ARCHIVED
        assert promises.broken() == []


def perform(act, world, *, now):
    """An act of family A at this moment, whether it is one of the world's or of the journeys."""
    world.now = now
    if act in {extend, unchoose}:
        act(world)
    elif act.__qualname__.startswith("World."):
        world.now -= timedelta(minutes=1)
        act(world, "A")
    else:
        keys = {"group_id": world.groups["one"]} if act in {choosing.choose, choosing.join_waiting_list} else {}
        act(application_id=world.id("A"), actor=world.stage.parent, now=now, **keys)
