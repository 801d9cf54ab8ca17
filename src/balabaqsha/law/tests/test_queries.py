"""Reads of the law's tables."""

from datetime import UTC, date, datetime

import pytest

from balabaqsha.law import queries
from balabaqsha.law.models import CalendarDay, TerritorialTerm
from balabaqsha.law.tests.test_rules import SEEDED

pytestmark = pytest.mark.django_db

CITY, ADMINISTRATION, REGION, DISTRICT = "551010000", "551000000", "550000000", "553600000"
DAY = date(2026, 9, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def override(territory: str, value: object, *, code: str = "turn.choose", since: str = "2026-04-01", approved=True):
    return TerritorialTerm.objects.create(
        code=code,
        territory_id=territory,
        value=str(value),
        unit="WORKING_DAYS",
        in_force_from=date.fromisoformat(since),
        source="act",
        proposed_by=1,
        proposed_at=NOW,
        approved_by=2 if approved else None,
        approved_at=NOW if approved else None,
    )


def value(territory: str | None, code: str = "turn.choose") -> object:
    return queries.rulebook(territory).term(code, on=DAY).value


class TestRulebook:
    def test_has_the_national_terms_where_nobody_set_another(self):
        assert value(CITY) == value(None) == value("999999999") == 3

    def test_takes_what_an_ancestor_set(self):
        override(ADMINISTRATION, 4)

        assert (value(CITY), value(ADMINISTRATION), value(REGION), value(DISTRICT)) == (4, 4, 3, 3)

    def test_prefers_the_nearest_even_where_the_farther_is_newer(self):
        override(REGION, 9, since="2026-08-01")
        override(ADMINISTRATION, 4)

        assert (value(CITY), value(DISTRICT)) == (4, 9)

    def test_prefers_the_newest_in_force(self):
        override(CITY, 4, since="2026-04-01")
        override(CITY, 5, since="2026-09-01")
        override(CITY, 6, since="2026-09-02")

        assert value(CITY) == 5

    def test_leaves_out_what_nobody_approved(self):
        override(CITY, 4, approved=False)

        assert value(CITY) == 3
        assert [row.value for row in queries.proposals(CITY)] == ["4"]

    def test_keeps_words_as_words(self):
        override(CITY, "sealed", code="free_choice.mode")

        assert value(CITY, "free_choice.mode") == "sealed"

    def test_says_which_term_decided(self):
        override(ADMINISTRATION, 4)

        term = queries.rulebook(CITY).term("turn.choose", on=DAY)
        assert term.identity == "turn.choose@2026-04-01#551000000"

    @pytest.mark.parametrize("rows", [1, 20])
    def test_costs_one_query(self, rows, django_assert_num_queries):
        for number in range(rows):
            override(CITY, 4, since=f"2026-04-{number + 1:02}")

        with django_assert_num_queries(1):
            value(CITY)


class TestCalendar:
    def test_is_the_seeded_one_at_first(self):
        assert queries.calendar() == SEEDED

    def test_shows_a_change_at_once(self):
        day = date(2026, 5, 8)
        assert queries.calendar().is_working(day)

        CalendarDay.objects.create(day=day, working=False, name_kk="к", name_ru="р", name_en="e", source="act")

        assert not queries.calendar().is_working(day)

    def test_costs_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            queries.calendar()

    def test_is_plain_weeks_where_the_table_is_empty(self):
        CalendarDay.objects.all().delete()

        assert queries.calendar().is_working(date(2026, 1, 1))
        assert not queries.calendar().is_working(date(2026, 1, 3))


class TestDayNames:
    def test_names_the_days_of_the_range(self):
        names = queries.day_names(date(2024, 5, 4), date(2024, 5, 8))

        assert [(day.isoformat(), name.working) for day, name in names.items()] == [
            ("2024-05-04", True),
            ("2024-05-07", False),
            ("2024-05-08", False),
        ]
        assert names[date(2024, 5, 7)].kk == "Отан қорғаушы күні"
