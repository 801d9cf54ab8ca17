"""Reports on screen, as workbooks and as files that the worker makes; of one's own territory only."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from balabaqsha.insight import actions
from balabaqsha.insight.models import ReportOrder
from balabaqsha.journeys import escalating
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.locale.texts import knows
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.web.department.reports import jobs, vocabulary
from balabaqsha.web.department.reports.catalogue import REPORTS
from tests.workplaces import world


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def somebody(role: Role, serial: int, territory_code: str | None = None) -> Actor:
    return world.staff(made_up_iin(date(1977, 7, 7), serial=serial), role, territory_code=territory_code)


@pytest.fixture
def busy(town) -> world.Town:
    """One child on its way to a contract, two who wait."""
    first = town.applies()
    town.run()
    town.applies()
    town.applies(born_on=date(2022, 5, 5))
    first.chooses().is_sent().signs()
    return town


def sheets(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_report_has_its_words():
    wanted = {f"report.{key}{part}" for key in REPORTS for part in ("", "-question", "-how")}
    wanted |= {f"report-column.{column.name}" for report in REPORTS.values() for column in report.columns}

    vocabularies = {column.words for report in REPORTS.values() for column in report.columns} - {""}

    assert {key for key in wanted if not knows(key)} == set()
    assert vocabularies <= {*vocabulary.WORDS, *vocabulary.NAMED}


class TestOnScreen:
    def test_every_report_opens_for_whoever_reads_reports(self, busy):
        readers = [busy.officer, somebody(Role.INSPECTOR, 901, world.CITY), somebody(Role.MINISTRY, 903)]
        for client in map(world.client_of, readers):
            page = text(client.get(reverse("officer.reports")))
            for key in REPORTS:
                assert reverse("officer.report", args=[key]) in page
                text(client.get(reverse("officer.report", args=[key])))
        assert busy.as_head().get(reverse("officer.reports")).status_code == 404
        assert busy.as_officer().get("/department/reports/no-such/").status_code == 404

    def test_tells_only_of_the_own_territory_and_below(self, busy):
        stranger = world.client_of(somebody(Role.OFFICER, 905, world.OTHER_CITY))
        address = reverse("officer.report", args=["line-birth-year"])

        assert "Бұл сүзгілер бойынша ештеңе табылмады" in text(stranger.get(address))
        forged = text(stranger.get(address, {"territory": world.CITY}))
        assert "Бұл сүзгілер бойынша ештеңе табылмады" in forged
        ministry = world.client_of(somebody(Role.MINISTRY, 903))
        assert 'data-label="Күтіп тұр"' in text(ministry.get(address))
        assert "Павлодар облысы" in text(ministry.get(reverse("officer.report", args=["territories"])))

    def test_says_beside_the_field_that_a_period_runs_backwards(self, busy):
        address = reverse("officer.report", args=["terms"])

        page = text(busy.as_officer().get(address, {"since": "10.11.2026", "until": "01.11.2026"}))

        assert "Кезеңнің соңы басынан ерте. Күндерді тексеріңіз." in page
        assert 'value="10.11.2026"' in page
        assert "errors-title" in text(busy.as_officer().get(address, {"since": "тамыз"}))

    def test_names_officers_and_kindergartens(self, busy):
        acts = text(busy.as_officer().get(reverse("officer.report", args=["acts"])))

        assert "Орындарды бөлу жүргізілді" in acts
        assert re.search(r'<th scope="row">[^<0-9]+</th>', acts)

    def test_costs_the_same_however_many_rows_there_are(self, busy):
        officer = busy.as_officer()
        address = reverse("officer.report", args=["line-birth-year"])
        text(officer.get(address))
        with CaptureQueriesContext(connection) as few:
            text(officer.get(address))
            counted = len(few)
        for year in (2021, 2024, 2025):
            busy.applies(born_on=date(year, 5, 5))

        with CaptureQueriesContext(connection) as many:
            text(officer.get(address))
            assert len(many) <= counted


class TestWorkbook:
    def test_writes_a_name_that_looks_like_a_formula_as_text(self, busy, edge):
        evil = '=HYPERLINK("https://evil.example","x")'
        Kindergarten.objects.filter(id=busy.kindergarten.id).update(name_kk=evil)
        edge.moment = world.NOW + timedelta(days=10)
        assert escalating.escalate(now=edge.moment) == 1
        officer = world.client_of(busy.officer, moment=edge.moment)

        answer = officer.get(reverse("officer.report-xlsx", args=["terms-kindergartens"]))

        [rows] = sheets(content(answer))
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")
        assert rows[0][0] == "Мерзім: балабақшалар"
        assert rows[4] == ["Балабақша", "Сақталған", "Өтіп кеткен", "Сақталғаны, %"]
        assert rows[5] == [evil, 0, 1, 0]
        with zipfile.ZipFile(io.BytesIO(content(answer))) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


class TestJob:
    def orders(self, client: Client, **typed: str) -> ReportOrder:
        answer = client.post(reverse("officer.report-orders"), {"report": "all"} | typed)
        assert answer.status_code == 302, answer.content.decode()
        return ReportOrder.objects.latest("id")

    def test_makes_all_reports_one_file_and_says_how_far_it_is(self, busy):
        officer = busy.as_officer()
        order = self.orders(officer)
        page = reverse("officer.report-order", args=[order.token])
        part = reverse("officer.report-progress", args=[order.token])
        assert "Кезегін күтіп тұр" in text(officer.get(page))
        actions.begin(order_id=order.id, steps=17)
        actions.advance(order_id=order.id, done=5)
        assert "17 қадамның 5 орындалды" in text(officer.get(part))

        jobs.make(order_id=order.id)
        order.refresh_from_db()
        made = order.sha256
        jobs.make(order_id=order.id)

        order.refresh_from_db()
        assert (order.sha256, order.done, order.steps) == (made, len(REPORTS), len(REPORTS))
        assert officer.get(part)["HX-Refresh"] == "true"
        assert reverse("officer.report-file", args=[order.token]) in text(officer.get(page))
        found = sheets(content(officer.get(reverse("officer.report-file", args=[order.token]))))
        assert [sheet[0][0] for sheet in found][:2] == ["Аймақтар қатарымен", "Кезек: санаттар бойынша"]

    def test_tells_the_ministry_region_by_region(self, busy):
        ministry = world.client_of(somebody(Role.MINISTRY, 903))
        order = self.orders(ministry, report="line-birth-year", by_territory="on")

        jobs.make(order_id=order.id)

        [rows] = sheets(content(ministry.get(reverse("officer.report-file", args=[order.token]))))
        assert rows[4][:3] == ["Аймақ", "Туған жылы", "Күтіп тұр"]
        assert rows[5][0] == "Павлодар облысы"
        whole = text(ministry.get(reverse("officer.report", args=["line-birth-year"])))
        assert all(str(int(row[1])) in whole for row in rows[5:])

    def test_ordered_twice_is_made_once(self, busy):
        officer = busy.as_officer()

        assert self.orders(officer).id == self.orders(officer).id
        assert ReportOrder.objects.count() == 1

    def test_that_failed_may_be_ordered_again(self, busy):
        officer = busy.as_officer()
        order = self.orders(officer)
        actions.fail(order_id=order.id, now=world.NOW)

        assert "Файл жасалмады." in text(officer.get(reverse("officer.report-order", args=[order.token])))
        assert self.orders(officer).id != order.id

    def test_of_another_officer_is_not_there(self, busy):
        order = self.orders(busy.as_officer())
        jobs.make(order_id=order.id)
        colleague = world.client_of(somebody(Role.OFFICER, 907, world.CITY))

        for name in ("officer.report-order", "officer.report-progress", "officer.report-file"):
            assert colleague.get(reverse(name, args=[order.token])).status_code == 404

    def test_of_a_foreign_territory_is_refused_beside_the_field(self, busy):
        stranger = world.client_of(somebody(Role.OFFICER, 905, "550000000"))

        answer = stranger.post(reverse("officer.report-orders"), {"report": "all", "territory": "750000000"})

        assert "errors-title" in text(answer)
        assert not ReportOrder.objects.exists()
