"""What is found is kept from the first night to the last, and told by the command."""

from datetime import timedelta

import pytest
from django.db import connection

from balabaqsha.applications.models import Application
from balabaqsha.checks import actions, queries
from balabaqsha.checks.models import Finding
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.record.models import JournalEntry
from tests.world import TERRITORY, World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture
def world():
    world = World(group("one"))
    world.apply("A")
    world.apply("B")
    return world


def look(world, **length):
    return actions.perform(actor=SYSTEM, now=world.tick(**length))


def category(world, name, value):
    """Somebody changes a row by hand."""
    Application.objects.filter(id=world.id(name)).update(category=value)


class TestALook:
    def test_keeps_what_it_finds_with_territory_and_case(self, world):
        category(world, "A", 1)

        outcome = look(world)

        found = Finding.objects.get()
        assert (outcome.found, outcome.new, outcome.cleared) == (1, 1, 0)
        assert (found.code, found.territory_id, found.application_id) == (
            "place-without-cause",
            TERRITORY,
            world.id("A"),
        )
        assert found.facts == {"number": world.application("A").number}

    def test_finds_the_same_again_without_a_second_row(self, world):
        category(world, "A", 1)
        look(world)
        first = world.now

        outcome = look(world)

        found = Finding.objects.get()
        assert (outcome.found, outcome.new) == (1, 0)
        assert (found.first_seen_at, found.last_seen_at, found.cleared_at) == (first, world.now, None)

    def test_clears_what_is_mended_and_opens_it_anew_when_it_comes_back(self, world):
        category(world, "A", 1)
        look(world)
        category(world, "A", 20)
        assert look(world).cleared == 1
        assert not queries.open_findings().exists()
        category(world, "A", 1)

        look(world)

        assert Finding.objects.count() == 2
        assert queries.open_findings().get().first_seen_at == world.now

    def test_tells_the_first_of_many(self, world, monkeypatch):
        monkeypatch.setattr(actions, "MOST_OF_A_CHECK", 1)
        category(world, "A", 1)
        category(world, "B", 1)

        look(world)

        assert Finding.objects.get().application_id == world.id("A")

    def test_is_journalled_and_known(self, world):
        assert queries.last_checked_at() is None

        look(world)

        assert queries.last_checked_at() == world.now
        assert JournalEntry.objects.get(act="rows-checked").facts == {"found": 0, "new": 0, "cleared": 0}

    def test_sees_work_that_stands_still(self, world):
        world.run()
        world.tick(days=5)

        look(world)

        codes = set(Finding.objects.values_list("code", flat=True))
        assert codes == {"due-and-not-done", "entry-unsealed", "fact-untold"}
        world.sweep()
        assert look(world, minutes=1).cleared == 1

    def test_writes_nothing_but_findings(self, world):
        category(world, "A", 1)
        before = Application.objects.get(id=world.id("A")).category

        look(world)

        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            assert cursor.fetchone() == ("off",)
        assert Application.objects.get(id=world.id("A")).category == before


def test_a_look_costs_the_same_for_few_and_for_many(world, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    costs = []
    for more in (0, 12):
        for number in range(more):
            world.apply(f"M{number}")
        with CaptureQueriesContext(connection) as captured:
            actions.perform(actor=SYSTEM, now=world.now + timedelta(minutes=1))
        costs.append(len(captured))
    # The ledgers of a sample cost four statements each.
    assert costs[1] - costs[0] <= 3 * 4
