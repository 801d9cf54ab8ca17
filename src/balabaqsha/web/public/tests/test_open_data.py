"""Statistics and protocols: the pages, their files, and what the files never hold."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from balabaqsha.accounts import clock
from balabaqsha.insight import queries
from balabaqsha.insight.tests import town
from balabaqsha.vouchers import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(clock, "real_now", lambda: town.NOW)


@pytest.fixture
def run():
    garden = town.open_garden(1)
    town.open_special_group(garden, correction="LOW_VISION")
    town.open_special_group(garden, correction="DEAF")
    for serial in range(1, 6):
        town.apply(serial, settlement_code=town.VILLAGE if serial == 1 else None)
    town.apply_special(6, correction="LOW_VISION")
    town.apply_special(7, correction="INTELLECTUAL")
    return town.run()


def rows_of(address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(Client().get(address).content.decode("utf-8-sig"))))


class TestStatistics:
    @pytest.mark.parametrize("key", queries.TABLES)
    def test_file_holds_the_same_numbers_as_the_tables(self, run, key):
        scope = queries.Scope(codes=(town.CITY,), since=town.NOW.replace(day=1), now=town.NOW)

        rows = rows_of(f"/statistics/{key}.csv?period=month")

        found = {row[0]: [int(cell) for cell in row[2:]] for row in rows[1:]}
        assert found == {
            str(row.key): [row.counts.waiting, row.counts.free, row.counts.vouchers, row.counts.enrolments]
            for row in queries.TABLES[key](scope)
        }

    def test_months_are_twelve(self, run):
        rows = rows_of("/statistics/month.csv")

        assert len(rows) == 13
        assert rows[-1] == ["2026-11", "4", "0"]

    @pytest.mark.parametrize("query", ["", "?period=day", "?period=quarter", "?period=year", "?period=x"])
    def test_page_costs_a_bounded_number_of_queries(self, run, query):
        client = Client()
        client.get("/statistics/")

        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/statistics/{query}").status_code == 200

        assert len(asked) <= 30

    def test_of_an_unknown_table_is_not_found(self):
        assert Client().get("/statistics/nothing.csv").status_code == 404


class TestProtocol:
    def test_lists_the_run_and_shows_whom_it_served(self, run):
        assert f'href="/protocol/{run.number}/"' in Client().get("/protocol/").content.decode()
        html = Client().get(f"/protocol/{run.number}/").content.decode()

        assert all(number in html for number in run.result["served"])
        assert town.SURNAME.lower() not in html.lower()

    def test_tells_why_others_were_passed_over(self, run):
        html = Client().get(f"/protocol/{run.number}/?reason=NO_SUPPLY").content.decode()

        assert all(number in html for number, reason in run.result["passed"] if reason == "NO_SUPPLY")

    @pytest.mark.parametrize("kept", ["LOW_VISION", "DEAF", "INTELLECTUAL", "Нашар көретін", "Зият"])
    def test_never_tells_a_correction(self, run, kept):
        content = Client().get(f"/protocol/{run.number}.json").content.decode()
        html = Client().get(f"/protocol/{run.number}/").content.decode()

        assert kept not in content + html

    def test_file_is_verified_from_itself_alone(self, run, tmp_path):
        path = tmp_path / "run.json"
        path.write_bytes(Client().get(f"/protocol/{run.number}.json").content)

        lines, holds = verify.verify(path)

        assert holds, lines

    def test_file_holds_no_ids_birth_dates_or_settlements(self, run):
        content = json.loads(Client().get(f"/protocol/{run.number}.json").content)

        assert set(content["line"][0]) == {
            "number",
            "line",
            "category",
            "original_at",
            "demand",
            "too_young",
            "wished_later",
            "settlement_without_place",
        }
        assert {row["demand"] for row in content["line"]} == {"2022", "special-1", "special-2"}
        assert content["supply"] == {"2022": 3, "2023": 3, "special-1": 1}

    def test_of_a_preview_or_an_unknown_run_is_not_found(self, run):
        assert Client().get("/protocol/99999/").status_code == 404
        assert Client().get("/protocol/99999.json").status_code == 404
