"""The catalogue, the passport and the bulletin show free places as they are and hidden ones never."""

import csv
import io
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from balabaqsha.insight.tests import town
from balabaqsha.kindergartens.models import Hold, Place

pytestmark = pytest.mark.django_db


def page(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def gardens(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/catalogue/([^"]+)/">', html)


@pytest.fixture
def three():
    town.open_garden(1)
    town.open_garden(2, ownership="PRIVATE", settlement_id=town.VILLAGE)
    third = town.open_garden(10, type="MINI_CENTRE", name_kk="№10 «Арай» шағын орталығы")
    Place.objects.filter(group__kindergarten=third).update(published=False)


class TestTheCatalogue:
    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("", ["garden-1", "garden-2", "garden-10"]),
            ("?name=арай", ["garden-10"]),
            ("?name=%2510_", []),
            ("?kinds=PRIVATE&kinds=MINI_CENTRE", ["garden-2", "garden-10"]),
            ("?settlement=551043100", ["garden-2"]),
            ("?free=on", ["garden-1", "garden-2"]),
            ("?languages=en", []),
            ("?languages=kk&birth_year=2023", ["garden-1", "garden-2", "garden-10"]),
            ("?birth_year=2019", ["garden-1", "garden-2", "garden-10"]),
            ("?origin=kindergarten:garden-10&order=near", ["garden-10", "garden-2", "garden-1"]),
            ("?order=free&kinds=x&origin=nonsense", ["garden-1", "garden-2", "garden-10"]),
        ],
    )
    def test_finds_what_fits_the_filters(self, three, query, codes):
        found = gardens(page(f"/catalogue/{query}"))

        assert found == (codes if "languages=kk&birth_year=2023" not in query else [])

    def test_writes_the_distance_from_the_chosen_place(self, three):
        assert "1,1 км" in page("/catalogue/?origin=kindergarten:garden-1")

    def test_draws_every_kindergarten_of_the_list(self, three):
        html = page("/catalogue/")

        assert re.findall(r'<a href="#k-([^"]+)" class="pin"', html) == gardens(html)

    def test_costs_the_same_however_many_there_are(self, three):
        costs = []
        for numbers in (range(20, 22), range(22, 32)):
            for number in numbers:
                town.open_garden(number)
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                page("/catalogue/")
            costs.append(len(queries))

        assert costs[0] == costs[1] <= 16


class TestThePassport:
    def test_shows_free_places_and_never_the_hidden(self, three):
        free, hidden = page("/catalogue/garden-1/"), page("/catalogue/garden-10/")

        assert '<p class="garden__free" data-tone="ok"><b>6</b>' in free
        assert '<p class="garden__free" data-tone="off"><b>0</b>' in hidden

    def test_counts_a_held_place_as_taken_until_its_hold_ends(self, three):
        child = town.person(1, town.date(2022, 1, 1))
        place = Place.objects.filter(group__kindergarten__code="garden-1", published=True).first()
        Hold.objects.create(place=place, child_id=child, purpose="CHOICE", held_at=town.NOW, until=None)

        assert "<b>5</b>" in page("/catalogue/garden-1/")

    def test_of_an_unknown_one_is_not_found(self):
        assert Client().get("/catalogue/nowhere/").status_code == 404


class TestTheBulletin:
    def test_is_the_same_on_the_page_and_in_the_file(self, three):
        html, content = page("/free-places/"), Client().get("/free-places.csv").content

        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert content.startswith(b"\xef\xbb\xbf")
        assert len(rows) == 1 + 4
        assert sum(int(row[-1]) for row in rows[1:]) == 12
        assert "12 бос орын" in html

    def test_file_never_holds_a_formula(self):
        town.open_garden(1, name_kk='=HYPERLINK("x")', address_kk="+7", name_ru="@x")

        rows = list(csv.reader(io.StringIO(Client().get("/free-places.csv").content.decode("utf-8-sig"))))

        assert rows[1][:2] == ['\'=HYPERLINK("x")', "'+7"]
