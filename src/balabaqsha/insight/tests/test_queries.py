"""Each number of the statistics is what a plain SQL query counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.insight import line, queries
from balabaqsha.insight.queries import Counts, Scope
from balabaqsha.insight.tests import town
from balabaqsha.kindergartens.models import Group, Hold, Place

pytestmark = pytest.mark.django_db
SCOPE = Scope(codes=(town.CITY,), since=town.NOW - timedelta(days=30), now=town.NOW)


def sql(text: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def enrol(application, group: Group, at: datetime, *, transfer: bool = False) -> None:
    place = Place.objects.filter(group=group, holds=None).first()
    hold = Hold.objects.create(place=place, child_id=application.child_id, purpose="ENROLMENT", held_at=at)
    stage = Stage.ENROLLED if not transfer else Stage.ENDED
    Admission.objects.create(
        application=application,
        group=group,
        hold=hold,
        stage=stage,
        is_transfer=transfer,
        opened_at=at,
        enrolled_at=at,
        ended_at=at if transfer else None,
    )


@pytest.fixture
def lively():
    """Two kindergartens, fourteen families, a run, three enrolments of which one is old and one a transfer."""
    first = town.open_garden(1)
    town.open_garden(2, settlement_id=town.VILLAGE)
    town.open_special_group(first, correction="LOW_VISION")
    for serial in range(1, 7):
        town.apply(serial, languages=("kk", "ru"))
    for serial in range(7, 11):
        town.apply(serial, year=2023, languages=("ru",), settlement_code=town.VILLAGE)
    for serial in range(11, 15):
        town.apply(serial, year=2024, languages=())
    town.run(limit=5)
    waiting = list(line.lines.in_order(town.CITY, "GENERAL"))
    group = Group.objects.get(kindergarten=first, name="А")
    enrol(waiting[0], group, town.NOW - timedelta(hours=1))
    enrol(waiting[1], group, town.NOW - timedelta(days=300))
    enrol(waiting[2], group, town.NOW - timedelta(hours=1), transfer=True)


class TestTotals:
    def test_are_plain_counts(self, lively):
        found = queries.totals(SCOPE)

        waiting = sql("SELECT count(*) FROM applications_application WHERE state = 'WAITING'")
        free = sql(
            "SELECT count(*) FROM kindergartens_place p WHERE published AND NOT EXISTS"
            " (SELECT 1 FROM kindergartens_hold h WHERE h.place_id = p.id AND h.ended_at IS NULL)"
        )
        vouchers = sql(
            "SELECT count(*) FROM vouchers_voucher WHERE offered_at BETWEEN %s AND %s", SCOPE.since, SCOPE.now
        )
        enrolments = sql(
            "SELECT count(*) FROM admissions_admission WHERE NOT is_transfer AND enrolled_at BETWEEN %s AND %s",
            SCOPE.since,
            SCOPE.now,
        )
        assert found == Counts(waiting[0][0], free[0][0], vouchers[0][0], enrolments[0][0])
        assert found == Counts(waiting=9, free=10, vouchers=5, enrolments=1)

    def test_of_another_territory_are_nought(self, lively):
        elsewhere = Scope(codes=("551600000",), since=SCOPE.since, now=SCOPE.now)

        assert queries.totals(elsewhere) == Counts()

    @pytest.mark.parametrize("table", [queries.totals, *queries.TABLES.values()])
    def test_cost_four_queries_however_many_there_are(self, lively, table, django_assert_num_queries):
        with django_assert_num_queries(4):
            table(SCOPE)


class TestTables:
    def test_by_birth_year_are_plain_counts(self, lively):
        found = {row.key: row.counts for row in queries.by_birth_year(SCOPE)}

        waiting = dict(
            sql("SELECT birth_year, count(*) FROM applications_application WHERE state = 'WAITING' GROUP BY 1")
        )
        vouchers = dict(
            sql(
                "SELECT a.birth_year, count(*) FROM vouchers_voucher v JOIN applications_application a"
                " ON a.id = v.application_id GROUP BY 1"
            )
        )
        assert {year: counts.waiting for year, counts in found.items() if counts.waiting} == waiting
        assert {year: counts.vouchers for year, counts in found.items() if counts.vouchers} == vouchers
        assert sum(counts.free for counts in found.values()) == queries.totals(SCOPE).free

    def test_by_language_count_a_family_in_each_of_its_languages(self, lively):
        found = {row.key: row.counts for row in queries.by_language(SCOPE)}

        named = dict(
            sql(
                "SELECT language, count(*) FROM applications_application, unnest(languages) AS language"
                " WHERE state = 'WAITING' GROUP BY 1"
            )
        )
        unnamed = sql("SELECT count(*) FROM applications_application WHERE state = 'WAITING' AND languages = '{}'")
        assert {key: counts.waiting for key, counts in found.items() if key and counts.waiting} == named
        assert found[""].waiting == unnamed[0][0] == 4
        assert found["kk"].enrolments == 1

    def test_by_settlement_put_the_unnamed_into_their_territory(self, lively):
        found = {row.key: row.counts for row in queries.by_settlement(SCOPE)}

        waiting = sql(
            "SELECT coalesce(settlement_id, territory_id), count(*) FROM applications_application"
            " WHERE state = 'WAITING' GROUP BY 1"
        )
        free = sql(
            "SELECT k.settlement_id, count(*) FROM kindergartens_place p JOIN kindergartens_group g ON g.id = p.group_id"
            " JOIN kindergartens_kindergarten k ON k.id = g.kindergarten_id WHERE published AND NOT EXISTS"
            " (SELECT 1 FROM kindergartens_hold h WHERE h.place_id = p.id AND h.ended_at IS NULL) GROUP BY 1"
        )
        assert {key: counts.waiting for key, counts in found.items() if counts.waiting} == dict(waiting)
        assert {key: counts.free for key, counts in found.items() if counts.free} == dict(free)

    def test_by_month_name_months_without_any(self, lively):
        year = Scope(codes=(town.CITY,), since=datetime(2025, 12, 1, tzinfo=UTC), now=town.NOW)

        found = {row.month: (row.vouchers, row.enrolments) for row in queries.by_month(year)}

        assert len(found) == 12
        assert found[date(2026, 11, 1)] == (5, 1)
        assert found[date(2026, 1, 1)] == (0, 1)
        assert found[date(2026, 5, 1)] == (0, 0)


class TestLineRows:
    def test_keep_the_place_in_the_whole_line_whatever_is_filtered(self, lively):
        whole = line.line_rows(town.CITY, "GENERAL", category=None, birth_year=None, start=0, size=50)

        young = line.line_rows(town.CITY, "GENERAL", category=None, birth_year=2024, start=0, size=50)
        both = line.line_rows(town.CITY, "GENERAL", category=young[0].category, birth_year=2024, start=1, size=2)

        assert [row.place for row in whole] == list(range(1, 10))
        assert young == [row for row in whole if row.birth_year == 2024]
        assert both == young[1:3]

    def test_are_counted_by_category_and_birth_year(self, lively):
        found = line.shares(town.CITY, "GENERAL")

        assert found.waiting == 9
        assert dict(zip(found.birth_years, found.totals, strict=True))[2024] == 4

    def test_tell_whom_kindergartens_admitted_today(self, lively):
        found = line.admitted_today(town.CITY, now=town.NOW)

        assert [(row.kindergarten_code, row.birth_year, row.children) for row in found] == [("garden-1", 2022, 1)]
