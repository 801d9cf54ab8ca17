"""The clock of the machine went back: acts on what began at a later hour go on, and the journal keeps the order of writing."""

from datetime import timedelta

import pytest

from balabaqsha.applications.states import State
from balabaqsha.journeys import choosing
from balabaqsha.record import actions as record
from balabaqsha.record import queries
from balabaqsha.record.models import JournalEntry
from tests import promises
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


def test_a_place_taken_at_ten_is_given_up_at_nine_and_taken_again():
    world = World(group("one"))
    world.with_voucher("A")
    world.choose("A", "one")
    world.now -= timedelta(hours=1)

    choosing.unchoose(application_id=world.id("A"), actor=world.stage.parent, now=world.now)
    world.choose("A", "one")
    record.seal()

    assert world.state("A") == State.CONTRACT_AWAITED
    assert promises.broken() == []
    acts = JournalEntry.objects.filter(application_id=world.id("A"), act__in=["choose", "unchoose"])
    sealed = list(acts.order_by("seal__position").values_list("act", flat=True))
    assert sealed == ["choose", "unchoose", "choose"]
    assert queries.verify().broken_at is None
