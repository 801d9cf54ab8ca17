"""The demonstration bar over a built town: who one is, the clock, and both changed by one press."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from balabaqsha.accounts import clock, queries
from balabaqsha.law import queries as law
from balabaqsha.record.models import JournalEntry
from balabaqsha.sandbox.town.tests.conftest import Standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def standing_town(tmp_path_factory: pytest.TempPathFactory, standing: Standing) -> Iterator[None]:
    """A small town, built once: every test undoes what it does to it."""
    with standing(tmp_path_factory.mktemp("town"), now=clock.real_now(), scale=0.02):
        yield


@pytest.fixture
def client(standing_town: None, db: None) -> Client:
    """A browser without script in front of the town."""
    return Client()


@pytest.mark.parametrize("language", ["", "/ru", "/en"])
def test_the_bar_offers_everybody_and_the_clock_on_the_page(client: Client, language: str) -> None:
    page = client.get(f"{language}/login/").content.decode()
    for person in queries.demonstration_persons():
        assert person.name in page
        assert person.login in page
        assert f'value="{person.key}"' in page
    (newcomer,) = queries.demonstration_newcomers()
    assert newcomer.phone in page
    assert newcomer.child_iin in page
    assert "/phones" in page
    for step in ("1wd", "2wd", "5wd", "1d", "28d"):
        assert f'value="{step}"' in page


@pytest.mark.parametrize("key", ["voucher", "officer", "turn", "referral", "stop-list", "district-head"])
def test_one_press_makes_one_a_made_up_person(client: Client, key: str) -> None:
    answer = client.post("/demonstration/person/", {"person": key})
    assert answer.status_code == 302
    person = next(person for person in queries.demonstration_persons() if person.key == key)
    page = client.get("/data-policy/").content.decode()
    assert page.count(person.name) >= 2
    assert JournalEntry.objects.filter(act="signed-in", actor__account=person.account_id).exists()


def test_a_working_day_is_counted_by_the_national_calendar(client: Client) -> None:
    before = clock.now()
    answer = client.post("/demonstration/clock/", {"step": "1wd", "next": "/login/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/")
    expected = law.calendar().add(before, working_days=1)
    assert abs(clock.now() - expected) < timedelta(seconds=30)
    client.post("/demonstration/clock/", {"step": "28d"})
    assert abs(clock.now() - expected - timedelta(days=28)) < timedelta(seconds=30)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_clock_never_leads_out_of_the_portal(client: Client, target: str) -> None:
    answer = client.post("/demonstration/clock/", {"step": "1d", "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("/demonstration/clock/", {"step": "-1d"}),
        ("/demonstration/clock/", {}),
        ("/demonstration/person/", {"person": "x"}),
    ],
)
def test_what_the_bar_does_not_offer_is_not_found(client: Client, address: str, posted: dict[str, str]) -> None:
    assert client.post(address, posted).status_code == 404
    assert client.get(address).status_code == 405


def test_production_has_neither_bar_nor_its_acts(client: Client, settings: Any) -> None:
    settings.MODE = "production"
    assert 'class="demo' not in client.get("/login/").content.decode()
    assert client.post("/demonstration/clock/", {"step": "1d"}).status_code == 404
    assert client.post("/demonstration/person/", {"person": "officer"}).status_code == 404
