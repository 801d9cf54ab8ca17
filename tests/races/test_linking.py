"""Two clicks that link the same application, and their twin without the lock."""

import pytest

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.links import _steps as links
from balabaqsha.applications.models import ApplicationLink
from balabaqsha.gateways.births.port import Children
from balabaqsha.journeys import linking
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.iin import Iin
from balabaqsha.people import actions as people
from balabaqsha.people import queries as person_queries
from balabaqsha.people.models import Kinship
from balabaqsha.people.tests.family import STRANGER, answer, birth
from tests.races.together import Meeting, together, without_application_locks
from tests.world import World, group

pytestmark = pytest.mark.usefixtures("fresh_database")


class TestTwoClicksThatLink:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.apply("A")
        return world

    @pytest.fixture
    def click(self, world):
        person_id = people.keep_person(answer=answer(STRANGER), actor=SYSTEM, now=world.now)
        child = Iin.parse(person_queries.iin_of(world.application("A").child_id))
        said = Children(records=(birth(child, STRANGER),), reference="zags-1", asked_at=world.now)
        actor, number = Actor(role=Role.PARENT, person_id=person_id), world.application("A").number
        return lambda: linking.link(number=number, answer=said, actor=actor, now=world.now)

    def test_are_one_link(self, world, click, monkeypatch):
        Meeting(monkeypatch).before(applications, "lock")

        assert sorted(together(click, click)) == ["AlreadyLinked", "done"]
        assert ApplicationLink.objects.count() == Kinship.objects.filter(representative__iin=STRANGER.text).count() == 1

    def test_are_one_link_by_the_schema_alone(self, world, click, monkeypatch):
        without_application_locks(monkeypatch)
        Meeting(monkeypatch).before(links, "link")

        assert sorted(together(click, click)) == ["IntegrityError", "done"]
        assert ApplicationLink.objects.count() == 1
