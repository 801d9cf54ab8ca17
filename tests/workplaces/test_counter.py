"""The counter: an officer at the family's own pages, both named, within the own territory and half an hour."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts.counter import actions
from balabaqsha.accounts.models import CounterSession
from balabaqsha.applications.models import Application
from balabaqsha.gateways import registry
from balabaqsha.gateways.population.fake import InMemoryPopulation
from balabaqsha.journeys import applying
from balabaqsha.kernel.actor import Actor, Counter, Role
from balabaqsha.kernel.iin import Iin
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people import _steps as people_steps
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import answer
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world
from tests.workplaces.test_department import text

STEPS = ("child", "kind", "region", "languages", "benefit", "papers", "wishes", "start", "terms")


@pytest.fixture
def mother(town):
    """Who has come, with a proven telephone and a child the registers know."""
    parent, child = town.family()
    people_steps.confirm_phone(person_id=parent.person_id, number="+77010000055", now=world.NOW)
    return Person.objects.get(id=parent.person_id), child


@pytest.fixture(autouse=True)
def population(mother):
    known = answer(Iin.parse(mother[0].iin), surname=mother[0].surname, given_name=mother[0].given_name)
    with registry.replaced(population=InMemoryPopulation([known])):
        yield


def comes(town, person: Person, **changes):
    typed = {
        "iin": person.iin,
        "surname": person.surname,
        "document": "ID_CARD",
        "number": "012345678",
        "reason": "NO_DEVICE",
        "consent": "on",
    }
    return town.as_officer().post(reverse("officer.counter"), typed | changes, follow=True)


def applies(client: Client, child: Person, region: str):
    token = client.post(reverse("applications.add")).url.split("/")[-3]
    answers = {
        "child": {"child": child.id},
        "kind": {"kind": "GENERAL"},
        "region": {"region": region},
        "languages": {"languages": ["kk"]},
        "benefit": {"benefit": "NONE"},
        "papers": {},
        "wishes": {},
        "start": {"start": ""},
        "terms": {"agree": "on"},
    }
    for name in STEPS:
        sent = client.post(reverse("apply.step", args=[token, name]), answers[name])
        assert sent.status_code == 302, f"{name}: {text(sent)}"
    return client.post(reverse("apply.check", args=[token]), follow=True)


class TestServingAFamily:
    def test_files_an_application_with_both_named(self, town, mother):
        person, child = mother
        page = text(comes(town, person))
        assert "атынан жұмыс істеп отырсыз" in page

        sent = applies(town.as_officer(), child, world.CITY)

        assert "Қолхатты басып шығару" in text(sent)

        filed = Application.objects.get(applicant=person)
        assert filed.child_id == child.id
        entry = JournalEntry.objects.get(act="apply", application_id=filed.id)
        assert (entry.actor["person"], entry.actor["officer"], entry.actor["account"]) == (
            person.id,
            town.officer.person_id,
            town.officer.account_id,
        )
        shown = text(town.as_officer().get(reverse("application.page", args=[filed.number])))
        assert "білім бөлімінде" in shown
        notifications.tell_untold(now=world.NOW)
        assert Message.objects.filter(key="counter-opened", person_id=person.id).count() == 1
        opened = JournalEntry.objects.get(act="counter-opened")
        assert (opened.actor["person"], opened.facts["because"]) == (person.id, "NO_DEVICE")
        assert "012345678" not in str(list(JournalEntry.objects.values_list("facts", flat=True)))

    def test_ends_by_a_button_and_the_officer_is_back(self, town, mother):
        comes(town, mother[0])
        officer = town.as_officer()
        assert officer.get(reverse("officer.home")).status_code == 404

        officer.post(reverse("counter.end"))

        assert officer.get(reverse("officer.home")).status_code == 200
        assert officer.get(reverse("parent.applications")).status_code == 404
        assert JournalEntry.objects.filter(act="counter-closed").count() == 1

    def test_ends_after_half_an_hour_and_says_so(self, town, mother, edge):
        comes(town, mother[0])
        edge.moment = world.NOW + timedelta(minutes=29, seconds=50)
        assert town.as_officer().get(reverse("parent.applications")).status_code == 200

        edge.moment = world.NOW + timedelta(minutes=30)
        late = town.as_officer().get(reverse("parent.applications"), follow=True)

        assert "Қабылдау уақыты бітті" in text(late)

    def test_a_second_family_ends_the_first_visit(self, town, mother):
        comes(town, mother[0])
        town.as_officer().post(reverse("counter.end"))
        comes(town, mother[0])

        assert CounterSession.objects.filter(ended_at=None).count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            CounterSession.objects.update(ended_at=None)

    @pytest.mark.parametrize(
        "wrong",
        [{"surname": "БАСҚА"}, {"consent": ""}, {"number": "1"}, {"document": "CARD"}, {"reason": ""}, {"iin": "1"}],
    )
    def test_does_not_begin_without_the_document(self, town, mother, wrong):
        assert 'class="errors"' in text(comes(town, mother[0], **wrong))
        assert not CounterSession.objects.exists()

    def test_nobody_serves_themselves(self, town, mother):
        own = Person.objects.get(id=town.officer.person_id)
        known = answer(Iin.parse(own.iin), surname=own.surname, given_name=own.given_name)
        with registry.replaced(population=InMemoryPopulation([known])):
            assert "Өзіңізді өзіңіз қабылдай алмайсыз" in text(comes(town, own))
        assert not CounterSession.objects.exists()


class TestWhatStaysTheFamilys:
    @pytest.mark.parametrize(
        "page",
        [
            "parent.profile",
            "profile.password",
            "profile.safety",
            "profile.email",
            "parent.switch-role",
            "parent.messages",
            "messages.log",
            "trust.given",
            "children.entrusted",
            "application.link",
            "officer.home",
            "officer.counter",
            "profile.phone",
        ],
    )
    def test_its_account_and_the_departments_pages_are_shut(self, town, mother, page):
        comes(town, mother[0])

        assert town.as_officer().get(reverse(page)).status_code == 404

    def test_applications_of_a_foreign_territory_are_not_seen(self, town, mother):
        person, child = mother
        filing = applying.Filing(
            child_id=child.id,
            applicant_id=person.id,
            born_on=child.born_on,
            kind="GENERAL",
            territory_code=world.CITY,
        )
        filed = applying.apply(filing=filing, actor=Actor(role=Role.PARENT, person_id=person.id), now=world.NOW)
        comes(town, person)
        assert filed.number in text(town.as_officer().get(reverse("parent.applications")))

        Application.objects.filter(id=filed.id).update(territory=world.OTHER_CITY)

        assert filed.number not in text(town.as_officer().get(reverse("parent.applications")))
        assert town.as_officer().get(reverse("application.page", args=[filed.number])).status_code == 404

    def test_none_is_filed_for_a_foreign_territory(self, town, mother):
        person, child = mother
        filing = applying.Filing(
            child_id=child.id,
            applicant_id=person.id,
            born_on=child.born_on,
            kind="GENERAL",
            territory_code=world.OTHER_CITY,
        )
        counter = Counter(session_id=1, officer_id=town.officer.person_id, territory_code=world.CITY)
        acting = Actor(role=Role.PARENT, person_id=person.id, counter=counter)
        with pytest.raises(applying.ForeignTerritory):
            applying.apply(filing=filing, actor=acting, now=world.NOW)

    def test_an_officer_whose_role_was_taken_serves_nobody(self, town, mother):
        from balabaqsha.accounts.models import RoleGrant

        comes(town, mother[0])
        RoleGrant.objects.filter(account_id=town.officer.account_id).update(ended_at=world.NOW)

        assert town.as_officer().get(reverse("parent.applications")).status_code == 302

    def test_a_session_of_another_account_is_nobodys(self, town, mother):
        comes(town, mother[0])
        row = CounterSession.objects.get()
        other = world.client_of(town.head)
        session = other.session
        session["counter"] = row.id
        session.save()

        assert other.get(reverse("parent.applications")).status_code != 200
        assert actions.LENGTH == timedelta(minutes=30)
