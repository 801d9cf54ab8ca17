"""Acts of the linear regime that no story tells: review of an extension, siblings, a second application, recalls."""

from datetime import date, timedelta

import pytest

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Reason, State
from balabaqsha.commands.rehearsal.stage import HEAD, OFFICER
from balabaqsha.journeys import applying, publishing, reviewing, siblings
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.law import lists
from balabaqsha.line.models import Line
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications import words
from balabaqsha.notifications.models import Message
from balabaqsha.record.models import OutboxFact
from balabaqsha.referrals.models import Referral
from tests import promises
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


def linear_world(*groups, **keys):
    return World(*groups, regime="linear", **keys)


class TestTheReviewOfAnExtension:
    @pytest.fixture
    def world(self):
        world = linear_world(group("one"))
        world.apply("A")
        world.refer("A", "one")
        world.extend_referral("A", days=20)
        return world

    def withdraw(self, world):
        return reviewing.withdraw_extension(
            application_id=world.id("A"),
            because=lists.WithdrawalReason.PROOF_FALSE,
            note="no such hospital",
            actor=OFFICER,
            now=world.tick(),
        )

    def test_withdrawn_the_referral_ends_a_working_day_later_without_a_miss(self, world):
        ends = self.withdraw(world)
        assert ends == world.now + timedelta(days=1)

        world.now = ends + timedelta(seconds=1)
        world.sweep()

        # The place waits for a turn, and nobody else stands in line.
        assert (world.state("A"), world.application("A").misses) == (State.TURN_OFFERED, 0)
        assert promises.broken() == []

    def test_withdrawn_late_it_ends_at_its_own_moment(self, world):
        due_at = world.application("A").due_at
        world.now = due_at - timedelta(hours=2)

        assert self.withdraw(world) == due_at

    def test_withdrawn_it_can_still_be_registered(self, world):
        self.withdraw(world)
        world.register("A")

        assert world.state("A") == State.REGISTERED

    def test_is_made_once_and_only_of_an_extension(self, world):
        reviewing.accept_extension(application_id=world.id("A"), actor=OFFICER, now=world.tick())

        with pytest.raises(NotInThisState):
            self.withdraw(world)

    def test_accepted_changes_nothing_for_the_family(self, world):
        due_at = world.application("A").due_at
        reviewing.accept_extension(application_id=world.id("A"), actor=OFFICER, now=world.tick())

        assert world.application("A").due_at == due_at


class TestSiblings:
    @pytest.fixture
    def world(self):
        world = linear_world(group("one", capacity=2, published=0), group("two", published=0))
        world.apply("A", born=date(2021, 2, 20))
        world.apply("B", born=date(2021, 3, 20))
        world.apply("C")
        return world

    def test_are_passed_over_until_one_kindergarten_has_places_for_both(self, world):
        world.together("A", "B")
        world.together("B", "A")

        world.publish("one")
        assert [world.state(name) for name in "ABC"] == [State.WAITING, State.WAITING, State.TURN_OFFERED]
        world.publish("two")
        assert [world.state(name) for name in "AB"] == [State.WAITING, State.WAITING]
        world.refer("C", "two")
        world.publish("one")

        assert [world.state(name) for name in "AB"] == [State.TURN_OFFERED, State.TURN_OFFERED]
        assert promises.broken() == []

    def test_a_wish_of_one_alone_binds_nobody(self, world):
        world.together("A", "B")
        world.publish("one")

        assert world.state("A") == State.TURN_OFFERED

    def test_a_wish_taken_back_gives_the_turn_at_once(self, world):
        world.withdraw("C")
        world.together("A", "B")
        world.together("B", "A")
        world.publish("one")
        assert world.state("A") == State.WAITING

        siblings.end_together(application_id=world.id("B"), actor=world.stage.parent, now=world.tick())

        assert world.state("A") == State.TURN_OFFERED
        with pytest.raises(NotInThisState):
            siblings.end_together(application_id=world.id("B"), actor=world.stage.parent, now=world.tick())

    def test_are_born_within_a_month_in_one_line(self, world):
        world.apply("D", born=date(2021, 3, 21))
        world.apply("E", born=date(2022, 2, 20))

        for stranger in "ADE":
            with pytest.raises(siblings.NotSiblingsOfOneLine):
                world.together("A", stranger)


class TestASecondApplicationBesideAPrivatePlace:
    @pytest.fixture
    def world(self):
        world = linear_world(group("private", capacity=2), group("one", published=0), group("two", published=0))
        world.apply("A")
        world.admitted("A", "private")
        return world

    def again(self, world):
        filing = world.filing("A")
        return applying.apply(filing=filing, actor=world.stage.parent, now=world.tick())

    def test_is_filed_anew_and_its_enrolment_frees_the_private_place(self, world):
        first = world.id("A")
        second = self.again(world)
        world.ids["A"] = second.id
        assert (second.state, second.original_at) == (State.WAITING, world.now)
        world.publish("one")
        world.admitted("A", "one")

        old = Application.objects.get(id=first)
        assert (old.state, old.reason) == (State.ARCHIVED, Reason.LEFT)
        assert (world.state("A"), world.free("private"), world.free("one")) == (State.ENROLLED, 2, 0)
        assert promises.broken() == []

    def test_a_third_one_is_refused(self, world):
        self.again(world)

        with pytest.raises(applying.AlreadyApplied):
            self.again(world)

    def test_is_closed_when_the_child_moves_to_a_state_place(self, world):
        second = self.again(world)
        world.join("A", "one")
        world.publish("one")
        world.accept("A", "one")
        world.send("A")
        world.sign("A")
        world.sign_head("A")

        second.refresh_from_db()
        assert (second.state, second.reason) == (State.ARCHIVED, Reason.DUPLICATE)
        assert promises.broken() == []

    def test_a_child_in_a_state_place_may_not_apply_again(self, world):
        world.apply("B")
        world.publish("one")
        world.admitted("B", "one")

        with pytest.raises(applying.AlreadyEnrolled):
            applying.apply(filing=world.filing("B"), actor=world.stage.parent, now=world.tick())


class TestPlacesTakenBack:
    def recall(self, world, places=1):
        publishing.recall(
            group_id=world.groups["one"], places=places, reason=lists.RecallReason.REPAIR, actor=HEAD, now=world.tick()
        )

    def test_a_place_under_a_turn_stays(self):
        world = linear_world(group("one", capacity=2))
        world.apply("A")

        self.recall(world)
        with pytest.raises(NoFreePlace):
            self.recall(world)

        assert promises.broken() == []

    def test_an_opening_ends(self):
        world = linear_world(group("one"))
        world.apply("A")
        world.tick(days=7)
        world.sweep()
        assert Line.objects.get().openings == 1

        self.recall(world)

        assert Line.objects.get().openings == 0
        assert promises.broken() == []


class TestWhatTheFamilyIsTold:
    def test_every_fact_reads_whole_in_three_languages(self):
        world = linear_world(group("one", capacity=3, published=1))
        world.apply("A")
        world.tick(days=7)
        world.sweep()
        world.refer("A", "one")
        world.extend_referral("A")
        world.tick(days=30)
        world.sweep()
        world.tick(days=30)
        world.sweep()
        world.refer("A", "one")
        world.give_back("A")
        world.publish("one")
        world.tick(days=3)
        world.sweep()
        world.refer("A", "one")
        world.register("A")
        world.grant("A")
        world.send("A")
        world.refuse("A")
        notifications.tell_untold(now=world.now)

        told = {message.key: message for message in Message.objects.order_by("id")}
        assert {
            "turn-came", "turn-lapsed", "referral-issued", "referral-extended", "referral-lapsed", "stop-list-left",
            "referral-returned", "referral-registered", "papers-time-granted", "admission-refused-waiting",
        } <= set(told)  # fmt: skip
        for message in told.values():
            for language in ("kk", "ru", "en"):
                written = words.write(message, language=language, base_url="https://example.kz")
                assert written.inbox
                assert "{" not in f"{written.inbox}{written.sms}{written.subject}"

    def test_is_reminded_a_day_and_four_hours_before_the_end(self):
        world = linear_world(group("one"))
        world.apply("A")
        world.refer("A", "one")
        due_at = world.application("A").due_at

        for hours in (24, 4):
            notifications.remind(now=due_at - timedelta(hours=hours))
        reminded = OutboxFact.objects.filter(fact="reminder-referral").order_by("id")

        assert [fact.facts["hours"] for fact in reminded] == [24, 4]

    def test_the_referral_keeps_its_number_and_moments(self):
        world = linear_world(group("one"))
        world.apply("A")
        world.refer("A", "one")

        referral = Referral.objects.get()
        assert len(referral.number) == 8
        assert referral.due_at == world.application("A").due_at
        assert referral.give_back_until.astimezone(NATIONAL) == world.now + timedelta(days=1)
