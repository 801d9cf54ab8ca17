"""Rivals for places. Each race has its twin without the lock, which shows the harm."""

from datetime import timedelta

import pytest

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.states import State
from balabaqsha.journeys import _lapses, sweep
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Hold
from balabaqsha.people.models import Person
from tests import promises
from tests.races.together import Meeting, in_between, together, unlocked, without_application_locks, without_group_locks
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


class TestTwoFamiliesAndOnePlace:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one"), group("two"))
        world.with_voucher("A", "B")
        Meeting(monkeypatch).before(Hold.objects, "create")
        return world

    def test_one_gets_it_and_the_other_is_told(self, world):
        outcomes = together(lambda: world.choose("A", "one"), lambda: world.choose("B", "one"))

        assert sorted(outcomes) == ["NoFreePlace", "done"]
        assert promises.broken() == []

    def test_would_collide_without_the_lock(self, world, monkeypatch):
        """Shows that the race is real, and that the constraint stands behind the lock."""
        without_group_locks(monkeypatch)

        outcomes = together(lambda: world.choose("A", "one"), lambda: world.choose("B", "one"))

        assert sorted(outcomes) == ["IntegrityError", "done"]


class TestOneFamilyThatAppliesTwice:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one"))
        world.filing("A")
        Meeting(monkeypatch).before(applications, "file_application")
        return world

    def test_is_shown_its_first_application(self, world):
        assert sorted(together(lambda: world.apply("A"), lambda: world.apply("A"))) == ["AlreadyApplied", "done"]

    def test_would_collide_without_the_lock_of_the_child(self, world, monkeypatch):
        unlocked(monkeypatch)
        monkeypatch.setattr(Person.objects, "select_for_update", lambda **_: Person.objects.all())

        assert sorted(together(lambda: world.apply("A"), lambda: world.apply("A"))) == ["IntegrityError", "done"]


class TestOneFamilyThatChoosesOnTwoDevices:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one", capacity=2), group("two"))
        world.with_voucher("A")
        Meeting(monkeypatch).before(admission_steps, "open_admission")
        return world

    def test_holds_one_place_of_two_groups(self, world):
        outcomes = together(lambda: world.choose("A", "one"), lambda: world.choose("A", "two"))

        assert sorted(outcomes) == ["Busy", "done"]
        assert world.free("one") + world.free("two") == 2
        assert promises.broken() == []

    def test_would_collide_without_the_lock_of_the_application(self, world, monkeypatch):
        without_application_locks(monkeypatch)

        outcomes = together(lambda: world.choose("A", "one"), lambda: world.choose("A", "two"))

        assert sorted(outcomes) == ["IntegrityError", "done"]


class TestADoubleClickOnAChoice:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one", capacity=2))
        world.with_voucher("A")
        Meeting(monkeypatch).before(Hold.objects, "create")
        return world

    def test_holds_one_place(self, world):
        outcomes = together(lambda: world.choose("A", "one"), lambda: world.choose("A", "one"))

        assert sorted(outcomes) == ["PlaceAlreadyHeld", "done"]
        assert world.free("one") == 1

    def test_would_collide_without_the_locks(self, world, monkeypatch):
        without_group_locks(monkeypatch)
        without_application_locks(monkeypatch)

        outcomes = together(lambda: world.choose("A", "one"), lambda: world.choose("A", "one"))

        assert sorted(outcomes) == ["IntegrityError", "done"]


class TestAPlaceTakenBackWhileAFamilyChooses:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.with_voucher("A")
        return world

    def test_goes_to_one_of_the_two(self, world, monkeypatch):
        Meeting(monkeypatch).before(Hold.objects, "create").before(places, "recall")

        outcomes = together(lambda: world.choose("A", "one"), lambda: world.recall("one"))

        assert sorted(outcomes) == ["NoFreePlace", "done"]
        assert promises.broken() == []

    def test_would_be_held_behind_the_back_of_the_kindergarten_without_the_lock(self, world, monkeypatch):
        without_group_locks(monkeypatch)
        recalled = in_between(monkeypatch, Hold.objects, "create", lambda: world.recall("one"))

        world.choose("A", "one")

        assert recalled == ["done"]
        assert "hidden-place-held" in " ".join(promises.broken())


class TestAChoiceAtTheLastMoment:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.with_voucher("A")
        world.now = world.application("A").due_at - timedelta(minutes=1)
        return world

    def test_either_comes_in_time_or_finds_the_voucher_ended(self, world, monkeypatch):
        Meeting(monkeypatch).before(Hold.objects, "create").before(_lapses, "lapse_together")
        due_at = world.application("A").due_at

        outcomes = together(lambda: world.choose("A", "one"), lambda: sweep.sweep(before=due_at + timedelta(seconds=1)))

        kept = (["done", "done"], State.CONTRACT_AWAITED, 0)
        assert (outcomes, world.state("A"), world.free("one")) in (
            kept,
            (["NotInThisState", "done"], State.ARCHIVED, 1),
        )
        assert promises.broken() == []

    def test_would_hold_a_place_on_an_ended_voucher_without_the_lock(self, world, monkeypatch):
        without_application_locks(monkeypatch)
        due_at = world.application("A").due_at
        swept = in_between(
            monkeypatch, admission_steps, "open_admission", lambda: sweep.sweep(before=due_at + timedelta(seconds=1))
        )

        world.choose("A", "one")

        assert swept == ["done"]
        assert promises.broken()


class TestARefusalWhileTheFamilySigns:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one"))
        world.with_voucher("A")
        world.choose("A", "one")
        world.send("A")
        return world

    def test_ends_in_one_truth(self, world, monkeypatch):
        Meeting(monkeypatch).before(admission_steps, "end_admission").before(admission_steps, "sign_by_parent")

        refused, signed = together(lambda: world.refuse("A"), lambda: world.sign("A"))

        assert (refused, world.state("A"), world.free("one")) == ("done", State.VOUCHER_ACTIVE, 1)
        assert signed in {"done", "NotInThisState"}
        assert promises.broken() == []

    def test_would_contradict_itself_without_the_locks(self, world, monkeypatch):
        without_group_locks(monkeypatch)
        without_application_locks(monkeypatch)
        refused = in_between(monkeypatch, admission_steps, "sign_by_parent", lambda: world.refuse("A"))

        world.sign("A")

        assert refused == ["done"]
        assert "admission-without-place" in " ".join(promises.broken())


class TestAPlaceFreedWhileAnotherIsPublished:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one", capacity=2, published=1), group("two", capacity=2))
        world.with_voucher("A", "B", "C")
        world.choose("C", "one")
        world.join("A", "one")
        world.join("B", "one")
        Meeting(monkeypatch).after(admissions, "next_in_list")
        return world

    def test_goes_to_two_families_of_the_list(self, world):
        assert together(lambda: world.unchoose("C"), lambda: world.publish("one")) == ["done", "done"]

        offered = WaitingListOffer.objects.filter(ended_at__isnull=True)
        assert set(offered.values_list("entry__application_id", flat=True)) == {world.id("A"), world.id("B")}
        assert promises.broken() == []

    def test_would_be_offered_to_one_family_twice_without_the_lock(self, world, monkeypatch):
        without_group_locks(monkeypatch)

        outcomes = together(lambda: world.unchoose("C"), lambda: world.publish("one"))

        assert sorted(outcomes) == ["IntegrityError", "done"]


class TestATransferSignedWhileTheChildLeaves:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one"), group("two"))
        world.with_voucher("A")
        world.enrolled("A", "one")
        world.choose("A", "two")
        world.send("A")
        world.sign("A")
        return world

    def test_frees_both_places_in_any_order(self, world, monkeypatch):
        Meeting(monkeypatch).before(admission_steps, "end_all").before(admission_steps, "sign_by_kindergarten")

        signed, left = together(lambda: world.sign_head("A"), lambda: world.leave("A"))

        assert signed in {"done", "NotInThisState"}
        assert (left, world.state("A"), world.free("one"), world.free("two")) == ("done", State.ARCHIVED, 1, 1)
        assert promises.broken() == []

    def test_would_keep_a_place_for_a_child_that_left_without_the_locks(self, world, monkeypatch):
        without_group_locks(monkeypatch)
        without_application_locks(monkeypatch)

        left = in_between(monkeypatch, admission_steps, "end_admission", lambda: world.leave("A"))

        world.sign_head("A")

        assert left == ["done"]
        assert promises.broken()


def test_locks_are_taken_by_the_names_that_the_twins_replace():
    """A twin that replaces nothing would prove nothing."""
    assert callable(places.lock_groups)
    assert callable(applications.lock)
    assert callable(applications.lock_many)
