"""Free places of this school year and of the next: opened, shown and published under their year, contracts from its first day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from balabaqsha.kindergartens.models import Group
from balabaqsha.law import rules as law_rules
from tests.workplaces import world
from tests.workplaces.test_department import text
from tests.workplaces.test_referrals import town as district  # noqa: F401 - the town in the linear regime

NEXT = "2027/2028"


def opens(town, **changes):
    """The head opens a group of the next school year with two places, one of them published."""
    typed = {
        "name": "Қарлығаш",
        "birth_year": "2023",
        "language": "kk",
        "correction": "",
        "capacity": "2",
        "published": "1",
        "parent_fee": "15000",
        "school_year": "2027",
    }
    return text(town.as_head().post(reverse("kg.group-open"), typed | changes, follow=True))


def row_of(page: str, name: str = "Қарлығаш") -> str:
    return page[page.index(name) :].split("</tr>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_school_year_begins_on_the_first_of_september(day, year):
    assert law_rules.school_year(day) == year
    assert law_rules.school_year_begins(year) <= day


class TestTheKindergarten:
    def test_opens_a_group_of_the_next_year_and_sees_both_years(self, town):
        page = opens(town)

        assert Group.objects.get(name="Қарлығаш").school_year == 2027
        assert NEXT in row_of(page)
        assert "2026/2027" in row_of(page, town.group.name)
        assert "Бос орын, 2026/2027 оқу жылы" in page
        tile = page[page.index(f"Бос орын, {NEXT} оқу жылы") :][:200]
        assert ">1<" in tile
        assert "Жарияланбаған: 1" in tile

    def test_a_group_of_now_has_no_year_of_its_own(self, town):
        opens(town, school_year="")

        assert Group.objects.get(name="Қарлығаш").school_year is None

    @pytest.mark.parametrize("year", ["2026", "2028", "x", "-1", "9" * 20])
    def test_only_these_two_years_are_offered(self, town, year):
        assert 'class="errors"' in opens(town, school_year=year)
        assert not Group.objects.filter(name="Қарлығаш").exists()

    def test_publishes_under_the_year(self, town):
        opens(town)
        group = Group.objects.get(name="Қарлығаш")

        for name in ("kg.group-publish", "kg.group-recall"):
            assert NEXT in text(town.as_head().get(reverse(name, args=[group.id]))), name

    def test_a_contract_begins_with_the_year(self, town):
        opens(town)
        group = Group.objects.get(name="Қарлығаш")
        case = town.applies()
        town.run()
        case.chooses(group)
        address = reverse("kg.request", args=[case.number])
        assert 'value="01.09.2027"' in text(town.as_head().get(address))
        typed = {"ends_on": "31.08.2029", "stay_hours": "10,5", "parent_fee": "15000"}

        refused = text(town.as_head().post(address, typed | {"start_on": "31.08.2027"}))
        town.as_head().post(address, typed | {"start_on": "01.09.2027"})

        assert "01.09.2027" in refused
        assert 'class="errors"' in refused
        assert case.application.state == "CONTRACT_WITH_PARENT"


class TestTheDepartment:
    def test_shows_and_filters_by_year(self, district):  # noqa: F811
        opens(district)
        address, officer = reverse("officer.places"), district.as_officer()

        assert NEXT in row_of(text(officer.get(address)))
        coming = text(officer.get(address, {"school_year": "2027"}))
        assert "Қарлығаш" in coming
        assert district.group.name not in coming.split("<tbody>")[-1]
        assert "Қарлығаш" not in text(officer.get(address, {"school_year": "2026"})).split("<tbody>")[-1]


class TestEverybody:
    def test_the_bulletins_say_which_year(self, town):
        opens(town)

        page = text(Client().get(reverse("nav.free-places")))
        assert NEXT in row_of(page)
        file = Client().get(reverse("public.free-places-file")).content.decode("utf-8-sig").splitlines()
        assert "Оқу жылы" in file[0]
        assert any(NEXT in row and "Қарлығаш" in row for row in file[1:])
        garden = text(Client().get(reverse("public.kindergarten", args=[town.kindergarten.code])))
        assert NEXT in row_of(garden)

    def test_so_does_the_bulletin_of_a_linear_line(self, district):  # noqa: F811
        opens(district)
        # A family has applied, so that the territory has a line.
        district.applies()

        page = text(Client().get(reverse("nav.linear-queue")))

        assert NEXT in row_of(page)


def test_a_group_opens_for_the_born(db):
    town = world.build()
    with pytest.raises(IntegrityError, match="group_opens_for_the_born"), transaction.atomic():
        Group.objects.filter(id=town.group.id).update(school_year=2000)
