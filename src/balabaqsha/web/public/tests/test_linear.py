"""The public linear queue and what may not be asked: what stands there, for whom it is shown, and what never does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from balabaqsha.accounts import clock
from balabaqsha.insight.tests import town

pytestmark = pytest.mark.django_db

DISTRICT = "553200000"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(clock, "real_now", lambda: town.NOW)


@pytest.fixture
def garden():
    return town.open_garden(1, territory_id=DISTRICT, settlement_id=None)


def page(address: str, *, location: str = DISTRICT) -> str:
    client = Client()
    client.cookies["location"] = location
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheQueue:
    def test_shows_who_waits_and_who_chooses_without_names(self, garden):
        families = [town.apply(serial, territory_code=DISTRICT) for serial in range(1, 7)]

        html = page("/linear-queue/")

        # Three published places have given three turns.
        assert [one.number in html for one in families] == [False] * 3 + [True] * 3
        assert town.SURNAME.lower() not in html.lower()
        assert families[5].child.iin not in html
        assert "жалпы тәртіппен" in html
        assert "Бос орындар хаттамасы" in html

    def test_tells_no_correction_of_anybody(self, garden):
        town.open_special_group(garden, correction="LOW_VISION", published=0)
        special = town.apply_special(3, correction="LOW_VISION", territory_code=DISTRICT)

        html = page("/linear-queue/")

        assert special.number not in html
        assert "Арнайы кезек" in html
        assert "Нашар көретін" not in html

    @pytest.mark.parametrize("query", ["?page=999999", "?year=x", "?line=%00", "?year=1&page=x", "?number=1"])
    def test_bears_nonsense_in_its_address(self, garden, query):
        town.apply(1, territory_code=DISTRICT)
        assert page(f"/linear-queue/{query}")

    @pytest.mark.parametrize(("location", "said"), [("551000000", "ваучермен беріледі"), (DISTRICT, "берілген жоқ")])
    def test_of_a_region_without_one_says_so(self, location, said):
        assert said in page("/linear-queue/", location=location)

    def test_costs_the_same_however_long_it_is(self, garden):
        page("/linear-queue/")
        costs = []
        for serials in (range(1, 6), range(6, 16)):
            for serial in serials:
                town.apply(serial, territory_code=DISTRICT)
            with CaptureQueriesContext(connection) as queries:
                page("/linear-queue/")
            costs.append(len(queries))

        assert costs[0] == costs[1] <= 30

    @pytest.mark.parametrize(("location", "shown"), [("551000000", False), (DISTRICT, True)])
    def test_stands_in_the_menu_where_the_region_has_one(self, location, shown):
        menu = page("/refusable/", location=location).partition("<main")[0]
        assert ("/linear-queue/" in menu) is shown


class TestAnApplication:
    @pytest.mark.parametrize(
        ("serials", "said"), [(1, "Бос орынды таңдау мерзімі"), (4, "бос орын шыққанда кезек реті бойынша")]
    )
    def test_of_a_linear_region_is_told_in_its_words(self, garden, monkeypatch, serials, said):
        for serial in range(1, serials + 1):
            found = town.apply(serial, territory_code=DISTRICT)
        monkeypatch.setattr(clock, "real_now", lambda: found.original_at)

        html = page(f"/queue/application/{found.number}/").partition("<main")[2].partition("</main")[0]

        assert said in html
        assert "аучер" not in html


class TestWhatMayNotBeAsked:
    def test_begins_with_the_list_of_the_region(self):
        district, city = page("/refusable/"), page("/refusable/", location="551000000")

        assert district.index("Жолдама алсаңыз") < district.index("Ваучер алсаңыз")
        assert city.index("Ваучер алсаңыз") < city.index("Жолдама алсаңыз")
        assert "topic=UNLAWFUL_DEMAND" in district
