"""The page on which a person chooses how they are told."""

import pytest
from django.urls import reverse

from balabaqsha.accounts.tests.doors import account_of, world
from balabaqsha.notifications.channels import queries
from balabaqsha.notifications.channels.rules import Kind, Ways
from balabaqsha.people import _steps as people
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import MOTHER, NOW
from balabaqsha.web.parent.tests.test_safety import says, signed_in

pytestmark = pytest.mark.django_db

PAGE = "profile.channels"


@pytest.fixture(autouse=True)
def here():
    with world():
        account_of(MOTHER)
        yield


def post(client, **chosen):
    return client.post(reverse(PAGE), {"TERM": "BOTH", "DECISION": "BOTH", "NEWS": "BOTH"} | chosen)


def mother():
    return Person.objects.get(iin=MOTHER.text).id


def ways(kind):
    return queries.chosen(mother())[kind]


def test_shows_what_counts_and_keeps_what_is_chosen():
    client = signed_in()
    people.confirm_email(person_id=mother(), email="ana@example.kz", now=NOW)

    assert says(client.get(reverse(PAGE)), "ana@example.kz")
    answer = post(client, TERM="EMAIL", NEWS="INBOX")

    assert (answer.status_code, ways(Kind.TERM), ways(Kind.NEWS)) == (302, Ways.EMAIL, Ways.INBOX)
    assert says(client.get(reverse("messages.log")), "Хабарламалар қалай келетіні өзгертілді")


def test_says_beside_the_question_that_mail_alone_needs_a_proven_address():
    answer = post(signed_in(), TERM="EMAIL")

    assert says(answer, "алдымен пошта мекенжайын растаңыз")
    assert says(answer, 'value="EMAIL" checked')
    assert ways(Kind.TERM) == Ways.BOTH


@pytest.mark.parametrize("chosen", [{"TERM": "INBOX"}, {"NEWS": "PIGEON"}, {"DECISION": ""}])
def test_takes_nothing_that_is_not_in_the_list(chosen):
    answer = post(signed_in(), **chosen)

    assert answer.status_code == 200
    assert 'data-state="error"' in answer.content.decode()


def test_is_asked_of_whoever_is_signed_in_only(client):
    assert client.get(reverse(PAGE)).status_code == 302
