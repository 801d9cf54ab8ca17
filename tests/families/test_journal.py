"""«Өтініштер журналы» of 003 in the cabinet of a family: nine columns, an order by each, a search."""

import re

import pytest
from django.urls import reverse

from balabaqsha.applications.models import Application
from balabaqsha.people.models import Person
from tests.families.home import says
from tests.workplaces.test_journal import COLUMNS


@pytest.fixture
def two(home):
    """Applications for two children, one of them withdrawn."""
    first = home.applies()
    home.post("application.withdraw", first)
    home.another_child("ЗЕРЕ")
    return first, home.applies()


def numbers(answer) -> list[str]:
    return re.findall(r'<th scope="row"><a class="nowrap" href="[^"]+/(\d+)/"', answer.content.decode())


def test_has_the_nine_columns_and_archived_applications_too(home, two):
    answer = home.get("journal.title")
    heads = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]+?) <svg', answer.content.decode())

    assert tuple(heads) == COLUMNS
    assert set(numbers(answer)) == set(two)


def test_every_column_sorts_both_ways(home, two):
    for column in ("number", "child", "iin", "place", "applicant", "created", "status", "benefit", "born"):
        both = {tuple(numbers(home.get("journal.title", query=f"?sort={sign}{column}"))) for sign in ("", "-")}
        assert {frozenset(one) for one in both} == {frozenset(two)}, column
    assert numbers(home.get("journal.title", query="?sort=number")) == sorted(two)
    assert numbers(home.get("journal.title", query="?sort=-number")) == sorted(two, reverse=True)
    assert set(numbers(home.get("journal.title", query="?sort=nonsense&page=abc"))) == set(two)


def test_a_search_is_posted_and_finds_by_any_words_of_the_row(home, two):
    iin = Person.objects.get(given_name="Зере").iin

    for asked in (two[1], "зере", "ЗЕРЕ кезекте", iin):
        assert numbers(home.post("journal.title", q=asked)) == [two[1]], asked
    assert says(home.post("journal.title", q="<script>жоқ"), "Ешкім табылмады")


def test_the_page_of_an_application_has_the_fields_of_figure_six(home, two):
    Application.objects.filter(number=two[1]).update(egov_number="P-101")
    page = home.get("application.page", two[1]).content.decode()

    for said in ("P-101", "ХҚКО нөмірі жоқ", "Соңғы өзгеріс сәті", "Қосымша телефон"):
        assert said in page, said


def test_is_no_page_of_others(home, two, client):
    assert client.get(reverse("journal.title")).status_code == 302
    assert home.town.as_officer().get(reverse("journal.title")).status_code == 404


def test_a_second_address_is_told_in_the_profile_and_stands_on_the_card(home):
    number = home.applies()
    typed = {"email": "ana@example.kz", "language": "kk"}
    assert says(home.post("parent.profile", second_email="eki@", **typed), "errors-title")
    home.post("parent.profile", second_email="eki@example.kz", **typed)

    assert says(home.get("parent.profile"), "eki@example.kz")
    assert says(home.get("application.page", number), "eki@example.kz")
