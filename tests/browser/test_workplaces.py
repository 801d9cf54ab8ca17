"""The workplaces in a real browser, by keyboard and eye: each errand to its effect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from balabaqsha.accounts import clock
from balabaqsha.law.lists import DocumentKind
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.vouchers.models import DistributionRun
from balabaqsha.web.department import tasks
from tests.browser import looking
from tests.workplaces import world

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")


@dataclass
class Portal:
    """The portal with its small town, and somebody signed in."""

    address: str
    town: world.Town
    page: Page

    def enter(self, actor) -> None:
        client = world.client_of(actor)
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}]
        )

    def open(self, name: str, *arguments: object, language: str = "kk") -> None:
        with translation.override(language):
            self.page.goto(self.address + reverse(name, args=arguments))

    def url(self, name: str, *arguments: object, language: str = "kk") -> str:
        with translation.override(language):
            return self.address + reverse(name, args=arguments)


@pytest.fixture
def portal(live_portal, settings, tmp_path, monkeypatch) -> Iterator[Portal]:
    """A town in which everything waits for somebody."""
    monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
    settings.FILES_ROOT = tmp_path / "files"
    world.trust(settings)
    with looking.chromium() as browser:
        page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        page.clock.install(time=world.NOW)
        try:
            yield Portal(live_portal, world.build(), page)
        finally:
            # While the browser runs its own loop, this thread has connections that nobody else closes.
            connections.close_all()


class TestHead:
    def test_sends_the_contract_and_signs_it_with_a_key_file(self, portal, tmp_path):
        town, page = portal.town, portal.page
        waits, signs = town.applies(given_name="АЙАРУ"), town.applies(given_name="ТИМУР")
        town.run()
        waits.chooses()
        signs.chooses().is_sent()
        paper = town.upload(signs.parent, signs.application.child, DocumentKind.BIRTH_CERTIFICATE, world.picture())
        signs.signs(papers_of={DocumentKind.BIRTH_CERTIFICATE.value: paper})
        portal.enter(town.head)

        portal.open("kg.home")
        page.get_by_role("link", name="Шарт жіберу").click()
        page.get_by_role("button", name="Отбасыға жіберу").click()
        expect(page.get_by_text("Шарт жіберілді")).to_be_visible()
        assert waits.state == "CONTRACT_WITH_PARENT"

        portal.open("kg.contract", signs.number)
        page.get_by_role("link", name="Шартқа қол қою").click()
        key_file = tmp_path / "key.p12"
        key_file.write_bytes(world.key(world.HEAD.text, world.BIN).as_p12())
        page.locator("input[name=how][value=file]").check()
        page.set_input_files("[data-sign-file]", key_file)
        page.fill("[data-sign-password]", authorities.PASSWORD)
        page.click("[data-sign-submit]")
        expect(page.get_by_text("Бала қабылданды")).to_be_visible()
        assert signs.state == "ENROLLED"

    def test_publishes_places_by_keyboard(self, portal):
        portal.enter(portal.town.head)
        portal.open("kg.group-publish", portal.town.group.id)
        portal.page.get_by_label("Орын саны").focus()
        portal.page.keyboard.press("Enter")

        expect(portal.page.get_by_text("Жарияланған орын саны: 1")).to_be_visible()


class TestOfficer:
    def test_confirms_a_benefit_and_performs_a_run(self, portal):
        town, page = portal.town, portal.page
        claimed = town.applies(benefit="TEACHER", proof=world.picture())
        other = town.applies()
        portal.enter(town.officer)

        portal.open("officer.checks")
        page.get_by_role("link", name=re.compile("^Тексеру")).click()
        page.get_by_text("Растау", exact=True).last.click()
        page.get_by_role("button", name="Шешімді сақтау").click()
        expect(page.get_by_text("жеңілдік расталды")).to_be_visible()
        assert claimed.application.benefit == "TEACHER"

        portal.open("officer.runs")
        page.get_by_role("button", name="Алдын ала есептеу").click()
        page.get_by_role("link", name="Бөлуге өту").click()
        page.get_by_role("button", name="Бөлу, 2 ваучер").click()
        expect(page.get_by_role("heading", name="Бөлу жүріп жатыр")).to_be_visible()
        run = DistributionRun.objects.latest("id")
        perform(town, run)
        page.clock.run_for(3000)
        expect(page.get_by_text("Бөлу орындалды")).to_be_visible()
        assert (claimed.state, other.state) == ("VOUCHER_OFFERED", "VOUCHER_OFFERED")


def perform(town: world.Town, run: DistributionRun) -> None:
    """What the worker does, and what it notes of the job."""
    officer = town.officer
    tasks.perform_run(
        run_number=run.number,
        account_id=officer.account_id,
        person_id=officer.person_id,
        territory_code=officer.territory_code,
    )


class TestWorkList:
    CASES = 10

    def test_decides_ten_cases_without_a_mouse(self, portal):
        cases = [portal.town.applies(benefit="TEACHER", proof=world.picture()) for _ in range(self.CASES)]
        page = portal.page
        portal.enter(portal.town.officer)
        portal.open("officer.work")
        rows = page.locator("[data-keys] tbody th a")

        rows.first.focus()
        for key in ("j", "ArrowDown", "k", "x"):
            page.keyboard.press(key)
        expect(rows.nth(1)).to_be_focused()
        expect(page.locator("#bulk output")).to_have_text("1")
        page.keyboard.press("k")
        expect(rows.first).to_be_focused()
        page.keyboard.press("Enter")
        for _ in range(self.CASES):
            expect(page.locator("form#decide")).to_be_visible()
            if not page.url.endswith("#decide"):
                self._goes_to(page, "document.activeElement.hash === '#decide'")
                page.keyboard.press("Enter")
            self._goes_to(page, "document.activeElement.name === 'verdict'")
            page.keyboard.press("Space")
            self._goes_to(page, "document.activeElement.type === 'submit' && document.activeElement.closest('#decide')")
            with page.expect_navigation():
                page.keyboard.press("Enter")

        expect(page.get_by_text("Мұндай іс жоқ")).to_be_visible()
        assert {case.application.benefit for case in cases} == {"TEACHER"}

    def _goes_to(self, page: Page, condition: str) -> None:
        """Press Tab until the focus stands there."""
        for _ in range(100):
            page.keyboard.press("Tab")
            if page.evaluate(f"() => Boolean({condition})"):
                return
        raise AssertionError(condition)
