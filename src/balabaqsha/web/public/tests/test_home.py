"""The home page shows what the tables hold, in three languages, to everybody."""

import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from balabaqsha.accounts.models import ClockShift
from balabaqsha.insight.tests import town
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.public import home
from balabaqsha.web.public.place import COOKIE

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("address", "said"),
    [("/", "Павлодар қ. бүгін"), ("/ru/", "г. Павлодар сегодня"), ("/en/", "Pavlodar city today")],
)
def test_everybody_sees_the_numbers_of_the_first_city(address: str, said: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_an_empty_portal_says_nought() -> None:
    html = Client().get("/").content.decode()

    assert html.count("<dd>0</dd>") == 5


def test_what_was_given_this_month_is_said_in_the_words_of_the_regime() -> None:
    """Vouchers in a city of vouchers, referrals in a district of the queue, both where neither is the rule."""
    district = next(place.code for place, regime in territories.own_regimes(TODAY) if regime == Regime.LINEAR)
    for code, said in {"551000000": (True, False), district: (False, True)}.items():
        client = Client()
        client.cookies[COOKIE] = code
        html = client.get("/").content.decode()

        assert ("Осы айда берілген ваучер" in html, "Осы айда берілген жолдама" in html) == said
    both = home._stats(home.count(territory_code=None, now=datetime.now(UTC)), None)
    assert len(both) == 6


def test_numbers_are_those_of_this_minute(django_assert_max_num_queries) -> None:
    client = Client()
    client.get("/")
    town.open_garden(1)
    town.apply(1)
    assert client.get("/").content.decode().count("<dd>0</dd>") == 5

    ClockShift.objects.create(seconds=61)
    with django_assert_max_num_queries(16):
        html = client.get("/").content.decode()

    assert "<dd>6</dd>" in html
    assert html.count("<dd>1</dd>") == 2


def test_a_first_visit_weighs_a_hundred_kilobytes_at_most() -> None:
    """HTML, CSS and scripts, compressed as they are sent; faces and pictures are loaded beside them."""
    for address in ("/", "/catalogue/"):
        html = Client().get(address).content
        names = re.findall(rb"/static/([^\"]+?\.(?:css|js))", html)
        assert len(names) >= 3
        parts = [html, *(_static(name.decode()) for name in names)]

        assert sum(len(gzip.compress(part, 6)) for part in parts) <= 100_000


def _static(name: str) -> bytes:
    plain = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name)
    return Path(finders.find(plain)).read_bytes()
