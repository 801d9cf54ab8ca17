"""The contacts of a family: masked in a case until an officer opens them for a reason, which the family reads."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from balabaqsha.kernel.actor import Role
from balabaqsha.people.models import Phone
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world
from tests.workplaces.world import CITY, NOW, client_of


@pytest.fixture
def second(town):
    return world.staff(made_up_iin(date(1983, 3, 3), serial=610), Role.OFFICER, territory_code=CITY)


def give_phone(person, number: str) -> None:
    Phone.objects.create(person=person, number=number, is_main=True, confirmed_at=NOW)


class TestContacts:
    def test_are_masked_until_opened_with_a_reason_that_the_family_reads(self, town, edge):
        case = town.applies()
        parent = case.application.applicant
        notifications_phone = "+77011234567"
        give_phone(parent, notifications_phone)
        url = reverse("officer.case", args=[case.number])
        client = town.as_officer()
        assert "+7 (701) ***-**-67" in client.get(url).content.decode()
        assert "123-45-67" not in client.get(url).content.decode()

        opening = reverse("officer.contacts-open", args=[case.number])
        assert not JournalEntry.objects.filter(act="contacts-opened").exists()
        assert 'data-state="error"' in client.post(opening, {"because": ""}).content.decode()
        page = client.post(opening, {"because": "TELL"}, follow=True).content.decode()

        assert "+7 (701) 123-45-67" in page
        entry = JournalEntry.objects.get(act="contacts-opened")
        assert (entry.application_id, entry.facts["because"]) == (case.id, "TELL")
        history = client.get(url, {"tab": "history"}).content.decode()
        assert "Байланыс деректері ашылды" in history
        assert "Отбасыға хабар айту" in history

    def test_are_open_to_whoever_opened_them_and_for_a_while(self, town, second, edge):
        case = town.applies()
        give_phone(case.application.applicant, "+77011234567")
        url = reverse("officer.case", args=[case.number])
        town.as_officer().post(reverse("officer.contacts-open", args=[case.number]), {"because": "TELL"})

        assert "123-45-67" not in client_of(second).get(url).content.decode()
        edge.moment = NOW + timedelta(minutes=31)
        later = client_of(town.officer, moment=edge.moment)
        assert "123-45-67" not in later.get(url).content.decode()

    def test_stay_masked_for_an_inspector(self, town):
        case = town.applies()
        inspector = world.staff(made_up_iin(date(1981, 1, 1), serial=640), Role.INSPECTOR, territory_code=CITY)

        page = client_of(inspector).get(reverse("officer.case", args=[case.number])).content.decode()

        assert reverse("officer.contacts-open", args=[case.number]) not in page
        assert reverse("officer.remove", args=[case.number]) not in page
        assert client_of(inspector).get(reverse("officer.contacts-open", args=[case.number])).status_code == 404
