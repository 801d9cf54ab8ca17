"""The public line: what stands there, what never does, and how a number is looked up."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from balabaqsha.accounts import clock, rules
from balabaqsha.applications.models import Application
from balabaqsha.insight.tests import town
from balabaqsha.kernel.number import is_valid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(clock, "real_now", lambda: town.NOW)


@pytest.fixture
def family():
    garden = town.open_garden(1)
    town.open_special_group(garden, correction="LOW_VISION")
    town.apply(1)
    return town.apply(2)


def page(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status
    return answer.content.decode()


def wrong_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


class TestTheLine:
    def test_shows_places_numbers_and_categories(self, family):
        html = page("/queue/")

        rows = re.findall(r'<tr><th scope="row">(\d+)</th><td data-label="Өтініш"><a class="num" href="([^"]+)"', html)
        assert rows[1] == ("2", f"/queue/application/{family.number}/")

    def test_names_nobody(self, family):
        town.apply_special(3, correction="LOW_VISION")

        html = page("/queue/") + page("/queue/?kind=special")

        assert town.SURNAME.lower() not in html.lower()
        assert family.child.iin not in html

    def test_tells_no_correction_of_anybody(self, family):
        special = town.apply_special(3, correction="LOW_VISION")

        html = page("/queue/?kind=special") + page(f"/queue/application/{special.number}/")

        assert special.number in html
        assert "LOW_VISION" not in html
        assert "Нашар көретін" not in html

    @pytest.mark.parametrize("query", ["?page=999999", "?page=x", "?kind=%00", "?category=x&birth_year=1", "?line=1"])
    def test_bears_nonsense_in_its_address(self, family, query):
        assert page(f"/queue/{query}")

    def test_of_a_linear_region_says_so(self):
        client = Client()
        client.cookies["location"] = "553200000"

        assert "кезектілік жүйесімен" in client.get("/queue/").content.decode()

    def test_costs_the_same_however_long_it_is(self, family):
        # What a process reads once and keeps is read.
        page("/queue/?birth_year=2022")
        costs = []
        for serials in (range(3, 5), range(5, 16)):
            for serial in serials:
                town.apply(serial, year=2022 + serial % 3)
            with CaptureQueriesContext(connection) as queries:
                page("/queue/?birth_year=2022")
            costs.append(len(queries))

        assert costs[0] == costs[1] <= 16


class TestANumber:
    def test_leads_to_its_application(self, family):
        answer = Client().get("/queue/", {"number": f" № {family.number} "})

        assert answer.status_code == 302
        assert answer["Location"] == f"/queue/application/{family.number}/"

    def test_with_a_wrong_check_digit_is_told_and_stays_typed(self, family):
        wrong = wrong_digit(family.number)

        html = page("/queue/?number=" + wrong)

        assert "бақылау цифры" in html
        assert f'value="{wrong}"' in html

    def test_with_letters_is_told(self):
        assert "тек цифрлардан" in page("/queue/?number=abc")

    @pytest.mark.parametrize("typed", ["%00", "½", "1" * 39, "٣٣", "", "1" * 99])
    def test_of_nonsense_is_told(self, typed):
        assert '<div class="field" data-state="error">' in page(f"/queue/?number={typed}")

    def test_unknown_is_answered_like_a_wrong_one(self, family):
        unknown = next(n for n in (f"999999{i}" for i in range(10)) if is_valid(n))

        assert "Мұндай нөмірлі өтініш жоқ" in page(f"/queue/application/{unknown}/", status=404)
        assert "бақылау цифры" in page(f"/queue/application/{wrong_digit(unknown)}/", status=404)

    def test_is_looked_up_only_so_often_from_one_address(self, family, monkeypatch):
        strict = rules.Limit("lookups-address", 2, timedelta(hours=1), rules.TooManyLookups, shared=True)
        monkeypatch.setattr(rules, "LOOKUPS_OF_ADDRESS", strict)
        address = f"/queue/application/{family.number}/"

        assert [Client().get(address).status_code for _ in range(3)] == [200, 200, 429]


class TestAnApplication:
    def test_tells_its_place_and_how_many_there_are(self, family):
        html = page(f"/queue/application/{family.number}/")

        assert '<span class="place__num">2</span>' in html
        assert "Кезекке тұрғандағы орны: 2" in html
        assert family.child.iin not in html

    def test_tells_causes_of_its_changes(self, family):
        town.run(limit=1)

        html = page(f"/queue/application/{family.number}/")

        assert '<span class="place__num">1</span>' in html
        assert "ваучер немесе жолдама берілді" in html
        assert "2 → 1" in html

    def test_with_a_voucher_tells_its_deadline(self, family):
        town.run()
        found = Application.objects.get(id=family.id)

        html = page(f"/queue/application/{family.number}/")

        assert "растау мерзімі" in html
        assert found.due_at.astimezone().isoformat()[:10] in html

    def test_that_lapsed_is_shown_as_lapsed_before_any_job_ran(self, family, monkeypatch):
        town.run()
        monkeypatch.setattr(clock, "real_now", lambda: town.NOW + timedelta(days=10))

        html = page(f"/queue/application/{family.number}/")

        assert "тоқтатым парағында" in html
        assert Application.objects.get(id=family.id).state == "STOP_LISTED"
