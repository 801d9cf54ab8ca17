"""The yearly freeze of linear lines: nothing published, no turns until 1 September, groups move up a year meanwhile."""

from datetime import date, datetime

import pytest

from balabaqsha.applications.states import Reason, State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import moving_up, publishing
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.kindergartens.models import Group, Place
from balabaqsha.law.models import TerritorialTerm
from balabaqsha.record.models import JournalEntry
from balabaqsha.referrals.models import Turn
from balabaqsha.transparency import moving_up as protocols
from tests import promises
from tests.world import TERRITORY, World, group

JULY = datetime(2024, 7, 22, 9, tzinfo=NATIONAL)
AUGUST = datetime(2024, 8, 5, 9, tzinfo=NATIONAL)
SEPTEMBER = datetime(2024, 9, 1, tzinfo=NATIONAL)
OLDEST = date(2018, 5, 5)

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture
def world():
    """A district with its freeze, in July; stories are told without one."""
    world = World(
        group("old", birth_year=2018, capacity=2),
        group("one", capacity=2, published=1),
        group("other", birth_year=2020),
        regime="linear",
        now=JULY,
    )
    TerritorialTerm.objects.filter(code="line.freeze").delete()
    return world


def move_up(world, seen):
    return moving_up.perform(territory_code=TERRITORY, seen=seen, actor=OFFICER, now=world.tick())


class TestInTheFreeze:
    def test_no_place_is_published(self, world):
        world.now = AUGUST

        with pytest.raises(publishing.LineFrozen) as refused:
            world.publish("one")

        assert refused.value.facts == {"date": date(2024, 9, 1)}
        assert world.free("one") == 1

    def test_places_are_taken_back_as_ever(self, world):
        world.now = AUGUST
        world.recall("one")

        assert world.free("one") == 0

    def test_whoever_applies_has_no_turn_until_it_is_over(self, world):
        world.now = AUGUST
        world.apply("A")
        assert world.state("A") == State.WAITING

        world.now = SEPTEMBER
        world.sweep()
        assert world.state("A") == State.WAITING
        world.tick(seconds=1)
        world.sweep()

        assert world.state("A") == State.TURN_OFFERED
        assert Turn.objects.get().offered_at == SEPTEMBER
        assert promises.broken() == []

    def test_the_next_act_gives_what_the_worker_has_not(self, world):
        world.now = AUGUST
        world.apply("A")
        world.now = SEPTEMBER
        world.tick(hours=1)

        world.apply("B")

        assert (world.state("A"), world.state("B")) == (State.TURN_OFFERED, State.WAITING)
        assert Turn.objects.get().offered_at == SEPTEMBER

    def test_a_turn_of_july_is_used(self, world):
        world.now = datetime(2024, 7, 31, 9, tzinfo=NATIONAL)
        world.apply("A")
        world.tick(days=1)
        world.refer("A", "one")

        assert world.state("A") == State.REFERRAL_ISSUED

    def test_a_referral_of_july_ends_at_its_own_moment_and_its_place_waits(self, world):
        world.apply("A")
        world.refer("A", "one")
        world.apply("B")
        world.extend_referral("A", days=10)
        world.now = AUGUST
        world.tick(days=20)
        world.sweep()

        # By then A is back from the stop list or still on it; nobody has the place.
        assert world.application("A").misses == 1
        assert world.state("B") == State.WAITING
        assert promises.broken() != []  # the place waits for September, which no promise of rows can know

        world.now = SEPTEMBER
        world.tick(hours=1)
        world.sweep()
        assert promises.broken() == []

    def test_a_territory_may_do_without_it(self):
        world = World(group("one"), regime="linear", now=AUGUST)
        world.apply("A")

        assert world.state("A") == State.TURN_OFFERED

    def test_a_voucher_city_has_none(self):
        world = World(group("one", published=0), now=AUGUST)
        TerritorialTerm.objects.filter(code="line.freeze").delete()

        world.publish("one")

        assert world.free("one") == 1


class TestMovingUp:
    @pytest.fixture
    def world(self, world):
        """X and Y go to the oldest group, Z to another."""
        world.publish("one")
        for name, born, group_name in (("X", OLDEST, "old"), ("Y", OLDEST, "old"), ("Z", date(2021, 2, 20), "one")):
            world.apply(name, born=born)
            world.admitted(name, group_name)
        world.now = AUGUST
        return world

    def test_is_shown_before_it_is_done(self, world):
        plan = moving_up.preview(territory_code=TERRITORY, now=world.now)

        assert (plan.year, plan.opens_for, plan.to_school) == (2024, 2022, 2)
        assert [(step.group.birth_year, step.children, step.to_school) for step in plan.steps] == [
            (2018, 2, True),
            (2020, 0, False),
            (2021, 1, False),
        ]

    def test_lets_children_of_school_age_leave_and_opens_their_group_for_the_youngest(self, world):
        move_up(world, seen=2)

        assert [world.state(name) for name in "XYZ"] == [State.ARCHIVED, State.ARCHIVED, State.ENROLLED]
        assert world.application("X").reason == Reason.LEFT
        old, new = Group.objects.get(id=world.groups["old"]), Group.objects.get(birth_year=2022)
        assert old.closed_at == world.now
        assert (new.name, new.capacity) == ("1 (2022)", 2)
        assert not Place.objects.filter(group=new, published=True).exists()
        assert promises.broken() == []

    def test_is_journalled_without_names(self, world):
        move_up(world, seen=2)

        facts = JournalEntry.objects.get(act=protocols.ACT).facts
        assert facts["year"] == 2024
        assert facts["left"][0] | {"opened": 0} == {
            "group": world.groups["old"],
            "birth_year": 2018,
            "children": 2,
            "closed": True,
            "opened": 0,
        }
        told = protocols.protocol(TERRITORY, 2024)
        assert [(row.group.birth_year, row.children, row.opened.birth_year) for row in told.left] == [(2018, 2, 2022)]
        assert [(row.group.birth_year, row.children) for row in told.stayed] == [(2020, 0), (2021, 1)]
        assert protocols.protocol(TERRITORY, 2025) is None

    def test_is_done_once_a_year(self, world):
        move_up(world, seen=2)

        with pytest.raises(moving_up.MovedUpAlready):
            move_up(world, seen=0)

    def test_is_refused_outside_of_the_freeze(self, world):
        world.now = SEPTEMBER
        with pytest.raises(moving_up.NoFreeze):
            move_up(world, seen=2)

    def test_is_refused_when_it_is_not_what_was_shown(self, world):
        with pytest.raises(ChangedMeanwhile):
            move_up(world, seen=1)

    def test_leaves_what_is_promised_in_the_old_group_until_september(self, world):
        world.leave("Y")
        world.apply("W", born=OLDEST)
        Place.objects.filter(group_id=world.groups["old"]).update(published=True)

        move_up(world, seen=1)

        assert Group.objects.get(id=world.groups["old"]).closed_at is None
        world.now = SEPTEMBER
        world.tick(hours=1)
        world.sweep()
        assert world.state("W") == State.ARCHIVED


class TestACombinedGroupThatMovesUp:
    @pytest.fixture
    def room(self):
        """Two groups of one room, the second in the room of the first."""
        world = World(
            group("speech", birth_year=2018, capacity=7, correction="SPEECH_SEVERE"),
            group("sight", birth_year=2018, capacity=5, correction="LOW_VISION"),
            regime="linear",
            now=AUGUST,
        )
        TerritorialTerm.objects.filter(code="line.freeze").delete()
        first, second = (Group.objects.get(id=world.groups[name]) for name in ("speech", "sight"))
        second.kindergarten, second.name = first.kindergarten, "а-топ"
        second.combined_with = first
        second.save()
        return world

    def test_is_kept_together_and_within_the_norm_of_the_new_age(self, room):
        move_up(room, seen=0)

        first, second = Group.objects.filter(birth_year=2022).order_by("id")
        assert (first.correction, second.correction) == ("SPEECH_SEVERE", "LOW_VISION")
        assert second.combined_with_id == first.id
        assert first.combined_with_id is None
        # Ten children of nursery age in a room; they were twelve of preschool age.
        assert first.capacity + second.capacity == 10
        assert promises.broken() == []

    def test_a_type_without_groups_of_the_youngest_has_none(self, room):
        Group.objects.filter(id=room.groups["speech"]).update(correction="INTELLECTUAL")

        move_up(room, seen=0)

        opened = Group.objects.get(birth_year=2022)
        assert (opened.correction, opened.combined_with_id, opened.capacity) == ("LOW_VISION", None, 5)
        told = protocols.protocol(TERRITORY, 2024)
        assert sorted((row.group.correction, row.opened is None) for row in told.left) == [
            ("INTELLECTUAL", True),
            ("LOW_VISION", False),
        ]
