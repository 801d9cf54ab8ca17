"""Rivals for one case. Each race has its twin without the locks, which shows the harm."""

from datetime import timedelta

import pytest

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application, DocumentsCheck
from balabaqsha.applications.special import _steps as special_steps
from balabaqsha.applications.states import State
from balabaqsha.checks import actions as checks
from balabaqsha.checks.models import Finding
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import _lapses, special, sweep, vouchers
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import start_of
from balabaqsha.law.lists import CaseRejection
from balabaqsha.record.models import OutboxFact
from tests import promises
from tests.races.together import Meeting, in_between, together, unlocked, without_application_locks, without_group_locks
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


def without_locks(monkeypatch):
    without_group_locks(monkeypatch)
    without_application_locks(monkeypatch)


class TestAnOfferAcceptedAtTheLastMoment:
    @pytest.fixture
    def world(self):
        """A place was offered to A from the waiting list; a minute is left to answer."""
        world = World(group("one"), group("two"))
        world.with_voucher("A", "H")
        world.choose("H", "one")
        world.join("A", "one")
        world.unchoose("H")
        world.now = WaitingListOffer.objects.get().due_at - timedelta(minutes=1)
        return world

    def lapse(self):
        sweep.sweep(before=WaitingListOffer.objects.get().due_at + timedelta(seconds=1))

    def test_is_taken_in_time_or_has_ended(self, world, monkeypatch):
        Meeting(monkeypatch).before(admission_steps, "accept_offer").before(_lapses, "lapse_together")

        outcomes = together(lambda: world.accept("A", "one"), self.lapse)

        assert (outcomes, world.state("A"), world.free("one")) in (
            (["done", "done"], State.CONTRACT_AWAITED, 0),
            (["NotInThisState", "done"], State.VOUCHER_ACTIVE, 1),
        )
        assert promises.broken() == []

    def test_would_hold_a_place_that_was_freed_without_the_locks(self, world, monkeypatch):
        without_locks(monkeypatch)
        lapsed = in_between(monkeypatch, admission_steps, "accept_offer", self.lapse)

        world.accept("A", "one")

        assert lapsed == ["done"]
        assert "admission-without-place" in " ".join(promises.broken())


class TestAContractSentWhileTheFamilyGivesThePlaceUp:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.with_voucher("A")
        world.choose("A", "one")
        return world

    def test_ends_in_one_truth(self, world, monkeypatch):
        Meeting(monkeypatch).before(admission_steps, "send_contract").before(admission_steps, "end_admission")

        sent, given_up = together(lambda: world.send("A"), lambda: world.unchoose("A"))

        assert sent in {"done", "NotInThisState", "Busy"}
        assert (given_up, world.state("A"), world.free("one")) == ("done", State.VOUCHER_ACTIVE, 1)
        assert promises.broken() == []

    def test_would_go_on_without_a_place_without_the_locks(self, world, monkeypatch):
        without_locks(monkeypatch)
        given_up = in_between(monkeypatch, admission_steps, "send_contract", lambda: world.unchoose("A"))

        world.send("A")

        assert given_up == ["done"]
        assert "admission-without-place" in " ".join(promises.broken())


class TestAnExtensionAskedTwice:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.with_voucher("A")
        world.now = start_of(world.application("A").due_at.date()) + timedelta(hours=1)
        return world

    def extend(self, world):
        vouchers.extend(application_id=world.id("A"), actor=world.stage.parent, now=world.now)

    def told(self):
        return OutboxFact.objects.filter(fact="voucher-extended").count()

    def test_is_given_and_told_once(self, world, monkeypatch):
        Meeting(monkeypatch).before(applications, "set_term")

        outcomes = together(lambda: self.extend(world), lambda: self.extend(world))

        assert sorted(outcomes) == ["ExtensionUsed", "done"]
        assert self.told() == 1

    def test_would_be_given_twice_without_the_lock(self, world, monkeypatch):
        without_locks(monkeypatch)
        Meeting(monkeypatch).before(applications, "set_term")

        assert together(lambda: self.extend(world), lambda: self.extend(world)) == ["done", "done"]

        assert self.told() == 2


class TestTwoOfficersAndOneClaim:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.apply("A", benefit="TEACHER")
        return world

    def test_are_heard_one_after_the_other(self, world, monkeypatch):
        Meeting(monkeypatch).before(applications, "confirm_claim").before(applications, "reject_claim")

        outcomes = together(lambda: world.check("A"), lambda: world.check("A", confirm=False))

        assert sorted(outcomes) == ["NotInThisState", "done"]
        assert promises.broken() == []

    def test_would_let_a_rejected_benefit_count_without_the_lock(self, world, monkeypatch):
        without_locks(monkeypatch)
        confirmed = in_between(monkeypatch, applications, "reject_claim", lambda: world.check("A"))

        world.check("A", confirm=False)

        assert confirmed == ["done"]
        assert "benefit-without-decision" in " ".join(promises.broken())


class TestTwoWhoDecideOneSpecialCase:
    @pytest.fixture
    def world(self):
        world = World(group("one", correction="SPEECH_SEVERE"))
        world.apply("A", correction="SPEECH_SEVERE")
        world.tick()
        return world

    def decide(self, world, *, confirm):
        verdict = special.Verdict(confirm, because=None if confirm else CaseRejection.NO_INDICATION)
        special.decide(application_id=world.id("A"), verdict=verdict, actor=OFFICER, now=world.now)

    def told(self):
        return OutboxFact.objects.filter(fact__in=["documents-confirmed", "documents-rejected"]).count()

    def test_are_heard_one_after_the_other(self, world, monkeypatch):
        Meeting(monkeypatch).before(special_steps, "settle_check")

        outcomes = together(lambda: self.decide(world, confirm=True), lambda: self.decide(world, confirm=False))

        assert sorted(outcomes) == ["DecidedAlready", "done"]
        confirmed = DocumentsCheck.objects.get().confirmed
        assert world.state("A") == (State.WAITING if confirmed else State.ARCHIVED)
        assert self.told() == 1
        assert promises.broken() == []

    def test_would_tell_the_family_both_without_the_lock(self, world, monkeypatch):
        without_locks(monkeypatch)
        confirmed = in_between(monkeypatch, special_steps, "settle_check", lambda: self.decide(world, confirm=True))

        self.decide(world, confirm=False)

        assert confirmed == ["done"]
        assert self.told() == 2


class TestTwoLooksOfTheChecks:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.apply("A")
        Application.objects.filter(id=world.id("A")).update(category=1)
        return world

    def look(self, world):
        checks.perform(actor=SYSTEM, now=world.now)

    def test_keep_each_finding_once(self, world, monkeypatch):
        Meeting(monkeypatch).before(Finding.objects, "bulk_create")

        assert together(lambda: self.look(world), lambda: self.look(world)) == ["done", "done"]

        assert Finding.objects.count() == 1

    def test_would_collide_without_the_lock_of_the_table(self, world, monkeypatch):
        unlocked(monkeypatch)
        monkeypatch.setattr(checks, "_alone", lambda: None)
        Meeting(monkeypatch).before(Finding.objects, "bulk_create")

        assert sorted(together(lambda: self.look(world), lambda: self.look(world))) == ["UniqueViolation", "done"]
