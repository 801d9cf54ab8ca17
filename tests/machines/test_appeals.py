"""Appeals in the linear regime: the kept place, the kept share, the opening taken back from free choice."""

from datetime import timedelta

import pytest

from balabaqsha.applications.states import Kept, State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.kindergartens.models import Hold, Purpose
from balabaqsha.referrals.models import Referral
from tests import promises
from tests.workplaces.test_appeals import GRANT, REJECT, contests, decides
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


class TestInTheLinearRegime:
    def test_a_lapsed_referral_is_given_again_on_the_kept_place_and_no_miss_counts(self):
        town = World(group("A"), regime="linear")
        town.apply("aru")
        town.refer("aru", "A")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        town.sweep()
        assert (town.state("aru"), town.application("aru").misses) == (State.STOP_LISTED, 1)

        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())

        assert appeal.kept == Kept.PLACE
        assert Hold.objects.get(ended_at=None).purpose == Purpose.APPEAL
        town.apply("dana")
        assert town.state("dana") == State.WAITING
        assert promises.broken() == []
        decides(appeal, GRANT, OFFICER, now=town.tick())
        assert (town.state("aru"), town.application("aru").misses) == (State.REFERRAL_ISSUED, 0)
        first, again = Referral.objects.order_by("id")
        assert (again.restores, again.signature) == (first, first.signature)
        assert promises.broken() == []
        town.register("aru")
        assert town.state("aru") == State.REGISTERED

    def test_whose_place_has_gone_to_another_gets_the_next_turn(self):
        town = World(group("A", capacity=2, published=1), regime="linear")
        town.apply("aru")
        town.apply("dana")
        town.refer("aru", "A")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        town.sweep()
        assert town.state("dana") == State.TURN_OFFERED
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        assert appeal.kept == Kept.SHARE
        town.apply("saule")
        town.publish("A")
        assert town.state("saule") == State.WAITING

        decides(appeal, GRANT, OFFICER, now=town.tick())

        assert town.state("aru") == State.TURN_OFFERED
        assert promises.broken() == []

    def test_a_lapsed_turn_takes_its_opening_back_and_a_rejection_opens_it_again(self):
        town = World(group("A"), regime="linear")
        town.apply("aru")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        town.sweep()
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        town.apply("dana")

        assert appeal.kept == Kept.OPENING
        assert town.state("dana") == State.WAITING
        decides(appeal, REJECT, OFFICER, now=town.tick())
        town.refer("dana", "A")
        assert town.state("dana") == State.REFERRAL_ISSUED
        assert promises.broken() == []

    def test_a_lapsed_turn_is_given_again(self):
        town = World(group("A"), regime="linear")
        town.apply("aru")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        town.sweep()
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        decides(appeal, GRANT, OFFICER, now=town.tick())

        assert town.state("aru") == State.TURN_OFFERED
        assert promises.broken() == []
