"""A kindergarten closes: every right that stood there is given back, and nothing of it stays published."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from balabaqsha.applications.states import Reason, State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.insight import linear as insight
from balabaqsha.journeys import closing, publishing
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Group, Hold, Kindergarten, Place
from balabaqsha.law.lists import ClosingReason
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.vouchers.models import Voucher
from tests import promises
from tests.workplaces.test_appeals import REJECT, contests, decides
from tests.world import TERRITORY, World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


def garden(world, name):
    return Group.objects.get(id=world.groups[name]).kindergarten_id


def plan_of(world, name):
    return closing.preview(kindergarten_id=garden(world, name), now=world.now)


def close(world, name, *, seen=None):
    now = world.tick()
    seen = seen or closing.preview(kindergarten_id=garden(world, name), now=now).seen
    because = ClosingReason.UNSAFE
    return closing.close(kindergarten_id=garden(world, name), because=because, seen=seen, actor=OFFICER, now=now)


def is_empty(world, name):
    row = Kindergarten.objects.get(id=garden(world, name))
    assert row.closed_at == world.now
    assert row.closed_because == ClosingReason.UNSAFE
    assert not row.groups.filter(closed_at=None).exists()
    assert not Place.objects.filter(group__kindergarten=row, published=True).exists()
    assert not Hold.objects.filter(place__group__kindergarten=row, ended_at=None).exists()


class TestInAVoucherCity:
    def test_an_enrolled_child_has_its_voucher_with_the_full_term_again(self):
        world = World(group("one"), group("two"))
        world.with_voucher("A")
        world.enrolled("A", "one")

        close(world, "one")

        found = world.application("A")
        assert found.state == State.VOUCHER_ACTIVE
        assert found.due_from == world.now
        assert Voucher.objects.get(application=found).state == "ACTIVE"
        assert OutboxFact.objects.filter(fact="kindergarten-closed-voucher", application_id=found.id).count() == 1
        is_empty(world, "one")
        assert promises.broken() == []
        world.enrolled("A", "two")
        assert world.state("A") == State.ENROLLED
        assert promises.broken() == []

    @pytest.mark.parametrize("steps", [(), ("send",), ("send", "sign")])
    def test_a_family_on_its_way_chooses_again(self, steps):
        world = World(group("one"), group("two"))
        world.with_voucher("A")
        world.choose("A", "one")
        for step in steps:
            getattr(world, step)("A")

        assert plan_of(world, "one").promised == 1
        close(world, "one")

        assert world.state("A") == State.VOUCHER_ACTIVE
        assert world.application("A").due_from == world.now
        assert promises.broken() == []

    def test_a_waiting_list_ends_with_a_full_term(self):
        world = World(group("one"), group("two"))
        world.with_voucher("A", "B")
        world.choose("A", "one")
        world.join("B", "one")

        assert (plan_of(world, "one").promised, plan_of(world, "one").listed) == (1, 1)
        close(world, "one")

        assert world.application("B").due_from == world.now
        assert OutboxFact.objects.filter(fact="kindergarten-closed-list").count() == 1
        assert promises.broken() == []

    def test_a_transfer_to_it_ends_and_the_child_stays(self):
        world = World(group("one"), group("two"))
        world.with_voucher("A")
        world.enrolled("A", "one")
        world.choose("A", "two")

        close(world, "two")

        assert world.state("A") == State.ENROLLED
        assert world.application("A").due_at is None
        assert promises.broken() == []

    def test_a_child_on_its_way_elsewhere_is_waited_for(self):
        world = World(group("one"), group("two"))
        world.with_voucher("A")
        world.enrolled("A", "one")
        world.choose("A", "two")

        with pytest.raises(closing.ChildrenMoving) as refused:
            close(world, "one")

        assert refused.value.facts == {"n": 1}
        assert world.state("A") == State.ENROLLED
        assert Kindergarten.objects.get(id=garden(world, "one")).closed_at is None

    def test_what_is_not_what_was_shown_is_not_done(self):
        world = World(group("one"), group("two"))
        world.with_voucher("A")
        seen = plan_of(world, "one").seen
        world.choose("A", "one")

        with pytest.raises(ChangedMeanwhile):
            close(world, "one", seen=seen)

        assert world.state("A") == State.CONTRACT_AWAITED

    def test_is_done_once_and_publishes_nothing_any_more(self):
        world = World(group("one"), group("two"))
        close(world, "one")

        with pytest.raises(places.KindergartenClosed):
            close(world, "one")
        with pytest.raises(places.KindergartenClosed):
            world.publish("one")
        facts = JournalEntry.objects.get(act="kindergarten-closed").facts
        assert facts["because"] == ClosingReason.UNSAFE

    def test_the_schema_keeps_a_closed_one_empty(self):
        world = World(group("one"), group("two"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Kindergarten.objects.filter(id=garden(world, "one")).update(closed_at=world.now)
        close(world, "one")

        with pytest.raises(IntegrityError), transaction.atomic():
            Group.objects.filter(id=world.groups["one"]).update(closed_at=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.filter(group=world.groups["one"]).update(published=True, kept_since=None, kept_because="")


class TestInALinearDistrict:
    def test_an_enrolled_child_and_a_referral_wait_at_their_original_moments(self):
        world = World(group("one", capacity=2), group("two", published=0), regime="linear")
        world.apply("A")
        world.admitted("A", "one")
        world.apply("B")
        world.refer("B", "one")
        before = {name: world.application(name).original_at for name in "AB"}

        close(world, "one")

        for name in "AB":
            found = world.application(name)
            assert (found.state, found.original_at, found.misses) == (State.WAITING, before[name], 0)
        is_empty(world, "one")
        assert promises.broken() == []
        world.publish("two")
        assert (world.state("A"), world.state("B")) == (State.TURN_OFFERED, State.WAITING)
        assert promises.broken() == []

    def test_a_turn_that_would_lack_a_place_stands_in_the_way(self):
        world = World(group("one"), group("two", published=0), regime="linear")
        world.apply("A")
        assert world.state("A") == State.TURN_OFFERED

        with pytest.raises(closing.TurnsNeedPlaces) as refused:
            close(world, "one")

        assert refused.value.facts == {"n": 1}
        assert world.state("A") == State.TURN_OFFERED

    def test_a_place_that_is_kept_for_an_appeal_stands_in_the_way(self):
        world = World(group("one"), regime="linear")
        world.apply("A")
        world.refer("A", "one")
        world.now = world.application("A").due_at + timedelta(hours=1)
        world.sweep()
        appeal = contests(world.id("A"), world.stage.parent, now=world.tick())
        assert plan_of(world, "one").kept == 1

        with pytest.raises(closing.AppealsWait) as refused:
            close(world, "one")

        assert refused.value.facts == {"n": 1}
        decides(appeal, REJECT, OFFICER, now=world.tick())
        close(world, "one")
        is_empty(world, "one")
        assert promises.broken() == []

    def test_openings_end_before_a_turn_does(self):
        world = World(group("one"), group("two"), regime="linear")
        world.apply("A")
        close(world, "one")

        assert world.state("A") == State.TURN_OFFERED
        assert promises.broken() == []

    def test_the_bulletin_of_an_earlier_hour_still_says_what_was_free(self):
        world = World(group("one", capacity=2), group("two"), regime="linear")
        before = world.now
        close(world, "one")

        free = insight.free_at(TERRITORY, at=before, now=world.now)

        assert free[world.groups["one"]] == 2
        assert insight.free_at(TERRITORY, at=world.now, now=world.now)[world.groups["one"]] == 0


class TestAGroup:
    def test_is_closed_when_it_is_empty(self):
        world = World(group("one", published=0), group("two"))
        closing.close_group(group_id=world.groups["one"], actor=OFFICER, now=world.tick())
        closing.close_group(group_id=world.groups["one"], actor=OFFICER, now=world.tick())

        assert Group.objects.get(id=world.groups["one"]).closed_at is not None
        assert JournalEntry.objects.filter(act="group-closed").count() == 1

    def test_stays_open_while_places_are_held_or_published(self):
        world = World(group("one"), group("two"))

        with pytest.raises(closing.GroupInUse) as refused:
            closing.close_group(group_id=world.groups["one"], actor=OFFICER, now=world.tick())

        assert refused.value.facts == {"n": 1}

    def test_before_the_opening_day_nothing_is_published(self):
        world = World(group("one", published=0))
        opens = world.now.date().replace(day=28)
        Kindergarten.objects.filter(id=garden(world, "one")).update(opens_on=opens.replace(year=opens.year + 1))

        with pytest.raises(publishing.NotOpenYet):
            world.publish("one")


def test_a_child_too_old_for_the_service_leaves():
    world = World(group("one"), group("two"))
    world.with_voucher("A")
    world.enrolled("A", "one")
    world.now = world.application("A").ages_out_at
    world.tick()

    assert plan_of(world, "one").of_age == 1
    close(world, "one")

    assert (world.state("A"), world.application("A").reason) == (State.ARCHIVED, Reason.LEFT)
    assert promises.broken() == []
