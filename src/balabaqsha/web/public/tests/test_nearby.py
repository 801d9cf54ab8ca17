"""Distances from an address that a visitor types: asked of the register, kept nowhere."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from balabaqsha.accounts import rules
from balabaqsha.gateways import registry
from balabaqsha.gateways.addresses.fake import ESTAI_101, InMemoryAddresses
from balabaqsha.insight.tests import town
from balabaqsha.record.models import JournalEntry, OutboxFact

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    found = InMemoryAddresses(
        ESTAI_101,
        replace(ESTAI_101, code="a", text_kk="Кенжекөл ауылы, Мектеп, 5", text_ru="село Кенжеколь, Школьная, 5"),
        replace(ESTAI_101, code="b", text_kk="Мойылды ауылы, Мектеп, 5", text_ru="село Мойылды, Школьная, 5"),
    )
    with registry.replaced(addresses=found):
        yield found


@pytest.fixture
def two():
    town.open_garden(1, latitude=52.30, longitude=76.99)
    town.open_garden(2, latitude=52.28, longitude=76.99)


def page(query: str, prefix: str = "") -> str:
    answer = Client().get(f"{prefix}/catalogue/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def gardens(html: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*/catalogue/([^"]+)/">', html)


class TestTheCatalogue:
    @pytest.mark.parametrize("typed", ["Естай 101", "город Павлодар, Естая, 101", " естай,  101 "])
    def test_stands_nearest_first_with_the_way_to_each(self, two, register, typed):
        html = page(f"?address={typed}")

        assert gardens(html) == ["garden-2", "garden-1"]
        assert "1,1 км" in html
        assert "3,3 км" in html
        assert "Павлодар қаласы, Естай, 101" in html

    def test_asks_which_of_several_is_meant(self, two, register):
        html = page("?address=Мектеп 5&languages=kk")

        assert "Қай мекенжай?" in html
        assert "Мойылды ауылы, Мектеп, 5" in html
        links = re.findall(r'<li><a href="(\?[^"]+)">', html)
        assert len(links) == 2
        assert all("languages=kk" in link for link in links)
        assert "км ·" in page(links[0].replace("&amp;", "&"))

    def test_says_that_no_such_address_is_known_and_keeps_it(self, two, register):
        html = page("?address=Жоқ көше 7")

        assert "Мұндай мекенжай табылмады: Жоқ көше 7" in html
        assert 'value="Жоқ көше 7"' in html
        assert gardens(html) == ["garden-1", "garden-2"]

    def test_of_a_silent_register_keeps_the_list_and_the_settlement(self, two, register):
        register.silent = True
        html = page(f"?address=Естай 101&origin=settlement:{town.CITY}")

        assert "Мекенжай тіркелімі қазір жауап бермейді" in html
        assert len(gardens(html)) == 2
        assert " км ·" in html

    def test_writes_nothing_down(self, two, register):
        before = (JournalEntry.objects.count(), OutboxFact.objects.count())
        client = Client()
        client.get("/catalogue/?address=Естай 101")
        client.get("/catalogue/addresses/?address=Естай")

        assert (JournalEntry.objects.count(), OutboxFact.objects.count()) == before
        assert not client.session.keys()

    def test_is_asked_only_so_often_from_one_network(self, two, register, monkeypatch):
        strict = rules.Limit(
            "searches-address", 1, rules.SEARCHES_OF_ADDRESS.window, rules.TooManySearches, shared=True
        )
        monkeypatch.setattr(rules, "SEARCHES_OF_ADDRESS", strict)
        page("?address=Естай 101")

        html = page("?address=Естай 101")

        assert "тым көп мекенжай ізделді" in html
        assert len(gardens(html)) == 2
        assert Client().get("/catalogue/addresses/?address=Естай").content == b"\n"
        assert len(register.asked) == 1


class TestSuggestions:
    def test_are_fetched_by_a_script_that_the_page_brings(self, two, register):
        html = page("")

        assert 'hx-get="/catalogue/addresses/"' in html
        assert "django_htmx/htmx" in html

    def test_come_in_the_language_of_the_page(self, register):
        assert (
            'value="Павлодар қаласы, Естай, 101"' in Client().get("/catalogue/addresses/?address=ест").content.decode()
        )
        assert (
            'value="город Павлодар, Естая, 101"'
            in Client().get("/ru/catalogue/addresses/?address=ест").content.decode()
        )

    @pytest.mark.parametrize(
        "query", ["", "?address=", "?address=е", "?address=%00", f"?address={'е' * 5000}", "?territory=x"]
    )
    def test_of_nonsense_are_none(self, register, query):
        answer = Client().get(f"/catalogue/addresses/{query}")

        assert (answer.status_code, answer.content.strip()) == (200, b"")

    def test_of_a_silent_register_are_none(self, register):
        register.silent = True

        assert Client().get("/catalogue/addresses/?address=ест").content.strip() == b""
