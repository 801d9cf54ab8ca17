"""The home page shows what the tables hold, in three languages, to everybody."""

import pytest
from django.test import Client

from balabaqsha.insight.tests import town

pytestmark = pytest.mark.django_db


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


def test_numbers_are_those_of_this_moment(django_assert_max_num_queries) -> None:
    client = Client()
    client.get("/")
    town.open_garden(1)
    town.apply(1)

    with django_assert_max_num_queries(16):
        html = client.get("/").content.decode()

    assert "<dd>6</dd>" in html
    assert html.count("<dd>1</dd>") == 2
