"""Rivals in a linear line. Each race has its twin without the line's lock, which shows the harm."""

from datetime import timedelta

import pytest

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.states import State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import _free_choice, _turns, reviewing, sweep
from balabaqsha.kindergartens.models import Hold
from balabaqsha.law.lists import WithdrawalReason
from balabaqsha.line import _steps as lines
from balabaqsha.line import linear
from balabaqsha.line.models import Line
from balabaqsha.record.models import JournalEntry
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from tests import promises
from tests.races.together import (
    Meeting,
    elsewhere,
    in_between,
    together,
    unlocked,
    without_application_locks,
    without_group_locks,
)
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


def without_line_locks(monkeypatch):
    def look(keys):
        found = [Line.objects.get(key.row) for key in keys if Line.objects.filter(key.row).exists()]
        return {linear.key_of_line(line): line for line in found}

    unlocked(monkeypatch)
    monkeypatch.setattr(lines, "lock_linear", look)


def linear_world(*groups, **keys):
    return World(*groups, regime="linear", **keys)


class TestTwoFamiliesAndOnePlaceUnderTurns:
    @pytest.fixture
    def world(self, monkeypatch):
        world = linear_world(group("one"), group("two"))
        world.apply("A")
        world.apply("B")
        Meeting(monkeypatch).before(Hold.objects, "create")
        return world

    def test_one_gets_it_and_the_other_keeps_its_turn(self, world):
        outcomes = together(lambda: world.refer("A", "one"), lambda: world.refer("B", "one"))

        assert sorted(outcomes) == ["NoFreePlace", "done"]
        assert {world.state("A"), world.state("B")} == {State.REFERRAL_ISSUED, State.TURN_OFFERED}
        assert promises.broken() == []

    def test_would_collide_without_the_locks(self, world, monkeypatch):
        without_line_locks(monkeypatch)
        without_group_locks(monkeypatch)

        outcomes = together(lambda: world.refer("A", "one"), lambda: world.refer("B", "one"))

        assert sorted(outcomes) == ["IntegrityError", "done"]


class TestTwoFamiliesAndOneOpening:
    @pytest.fixture
    def world(self, monkeypatch):
        """One place is open to free choice, another of the year is under a turn."""
        world = linear_world(group("one"), group("two", published=0))
        for name in "ABC":
            world.apply(name)
        world.tick(days=7)
        world.sweep()
        world.publish("two")
        assert world.state("A") == State.TURN_OFFERED
        Meeting(monkeypatch).before(_free_choice, "use_place")
        return world

    def acts(self, world):
        return together(lambda: world.refer("B", "one"), lambda: world.refer("C", "two"))

    def test_one_uses_it_up(self, world):
        assert sorted(self.acts(world)) == ["NotOpen", "done"]
        assert promises.broken() == []

    def test_would_take_the_place_of_a_turn_without_the_lock_of_the_line(self, world, monkeypatch):
        without_line_locks(monkeypatch)

        assert sorted(self.acts(world)) == ["done", "done"]
        assert promises.broken()


class TestAChoiceAtTheLastMomentOfATurn:
    @pytest.fixture
    def world(self, monkeypatch):
        world = linear_world(group("one"))
        world.apply("A")
        world.now = world.application("A").due_at - timedelta(minutes=1)
        Meeting(monkeypatch).before(Hold.objects, "create").before(referrals, "end_turns")
        return world

    def acts(self, world):
        due_at = world.application("A").due_at
        return together(lambda: world.refer("A", "one"), lambda: sweep.sweep(before=due_at + timedelta(seconds=1)))

    def test_either_comes_in_time_or_finds_the_turn_lapsed(self, world):
        outcomes = self.acts(world)

        in_time = (["done", "done"], State.REFERRAL_ISSUED, 0)
        too_late = (["NotOpen", "done"], State.WAITING, 1)
        by_free_choice = (["done", "done"], State.REFERRAL_ISSUED, 0)
        assert (outcomes, world.state("A"), world.free("one")) in (in_time, too_late, by_free_choice)
        assert promises.broken() == []

    def test_would_promise_the_place_twice_without_the_locks(self, world, monkeypatch):
        without_line_locks(monkeypatch)
        without_application_locks(monkeypatch)

        self.acts(world)

        assert promises.broken()


class TestAPlacePublishedWhileAFamilyApplies:
    @pytest.fixture
    def world(self):
        world = linear_world(group("one", published=0))
        world.filing("A")
        return world

    def test_gives_the_turn_whoever_comes_first(self, world, monkeypatch):
        Meeting(monkeypatch).after(referral_queries, "unpromised")

        assert together(lambda: world.apply("A"), lambda: world.publish("one")) == ["done", "done"]

        assert world.state("A") == State.TURN_OFFERED
        assert promises.broken() == []

    def test_would_leave_the_place_to_nobody_without_the_lock_of_the_line(self, world, monkeypatch):
        world.apply("Z")
        world.withdraw("Z")
        without_line_locks(monkeypatch)
        look, published = referral_queries.unpromised, []

        def look_too_early(line):
            found = look(line)
            if not published:
                published.append("once")
                published.append(elsewhere(lambda: world.publish("one")))
            return found

        monkeypatch.setattr(referral_queries, "unpromised", look_too_early)
        world.apply("A")

        assert published == ["once", "done"]
        assert "keeps 1 places" in " ".join(promises.broken())


class TestTwoPlacesFreedAtOnce:
    @pytest.fixture
    def world(self, monkeypatch):
        world = linear_world(group("one"), group("two"))
        for name in "ABCD":
            world.apply(name)
        world.refer("A", "one")
        world.refer("B", "two")
        Meeting(monkeypatch).after(_turns, "_walk")
        return world

    def acts(self, world):
        return together(lambda: world.withdraw("A"), lambda: world.withdraw("B"))

    def test_go_to_two_families(self, world):
        assert self.acts(world) == ["done", "done"]
        assert (world.state("C"), world.state("D")) == (State.TURN_OFFERED, State.TURN_OFFERED)
        assert promises.broken() == []

    def test_would_go_to_one_family_twice_without_the_lock_of_the_line(self, world, monkeypatch):
        without_line_locks(monkeypatch)

        outcomes = self.acts(world)

        assert sorted(outcomes) != ["done", "done"] or promises.broken()


class TestASealedRoundThatEndsWhileAFamilyWithdraws:
    @pytest.fixture
    def world(self):
        world = linear_world(group("one"), terms={"free_choice.mode": "sealed"})
        for name in "ABC":
            world.apply(name)
        world.tick(days=3)
        world.tick()
        world.sweep()
        world.refer("B", "one")
        world.refer("C", "one")
        return world

    def acts(self, world):
        ends = Line.objects.get().round_ends_at
        return together(lambda: world.withdraw("B"), lambda: sweep.sweep(before=ends + timedelta(seconds=1)))

    def test_serves_the_next_or_frees_what_it_gave(self, world, monkeypatch):
        Meeting(monkeypatch).before(applications, "move").before(_free_choice, "end_round")

        assert self.acts(world) == ["done", "done"]
        assert world.state("B") == State.ARCHIVED
        assert promises.broken() == []

    def test_would_refer_a_family_that_left_without_the_locks(self, world, monkeypatch):
        without_line_locks(monkeypatch)
        without_application_locks(monkeypatch)
        withdrawn = in_between(monkeypatch, _free_choice, "_serve", lambda: world.withdraw("B"))

        sweep.sweep(before=Line.objects.get().round_ends_at + timedelta(seconds=1))

        assert withdrawn == ["done"]
        assert promises.broken() or world.state("B") != State.ARCHIVED


class TestTwoOfficersAndOneExtension:
    @pytest.fixture
    def world(self):
        world = linear_world(group("one"))
        world.apply("A")
        world.refer("A", "one")
        world.extend_referral("A", days=20)
        return world

    def accept(self, world):
        reviewing.accept_extension(application_id=world.id("A"), actor=OFFICER, now=world.now)

    def withdraw(self, world):
        reviewing.withdraw_extension(
            application_id=world.id("A"),
            because=WithdrawalReason.PROOF_FALSE,
            note="no such hospital",
            actor=OFFICER,
            now=world.now,
        )

    def reviews(self):
        return JournalEntry.objects.filter(act="review_extension").count()

    def test_one_decides_and_the_other_is_told(self, world, monkeypatch):
        Meeting(monkeypatch).before(referrals, "review")

        outcomes = together(lambda: self.accept(world), lambda: self.withdraw(world))

        assert sorted(outcomes) == ["NotInThisState", "done"]
        assert self.reviews() == 1
        assert promises.broken() == []

    def test_would_both_decide_without_the_lock(self, world, monkeypatch):
        without_application_locks(monkeypatch)
        without_group_locks(monkeypatch)
        accepted = in_between(monkeypatch, referrals, "review", lambda: self.accept(world))

        self.withdraw(world)

        assert accepted == ["done"]
        assert self.reviews() == 2


def test_locks_are_taken_by_the_names_that_the_twins_replace():
    """A twin that replaces nothing would prove nothing."""
    assert callable(lines.lock_linear)
    assert callable(_turns._walk)
