"""The family's pages in a real browser: a way from the wizard to the signature."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from balabaqsha.accounts import clock
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people.models import Person
from balabaqsha.sandbox.authority import authority as authorities
from tests.browser import looking
from tests.families import home as homes
from tests.workplaces import world

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")


@dataclass
class Portal:
    """The portal with a family at it."""

    address: str
    home: homes.Home
    page: Page

    def enter(self) -> None:
        client = world.client_of(self.home.mother, moment=self.home.now)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}
        self.page.context.clear_cookies()
        self.page.context.add_cookies([cookie])

    def url(self, name: str, *arguments: object, language: str = "kk") -> str:
        with translation.override(language):
            return self.address + reverse(name, args=arguments)

    def open(self, name: str, *arguments: object) -> None:
        self.page.goto(self.url(name, *arguments))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def portal(live_portal, settings, tmp_path, monkeypatch) -> Iterator[Portal]:
    settings.FILES_ROOT = tmp_path / "files"
    world.trust(settings)
    home = homes.build()
    monkeypatch.setattr(clock, "real_now", lambda: home.now)
    with looking.chromium() as browser:
        page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        page.clock.install(time=world.NOW)
        try:
            yield Portal(live_portal, home, page)
        finally:
            # While the browser runs its own loop, this thread has connections that nobody else closes.
            connections.close_all()


def test_a_family_walks_from_the_wizard_to_its_signature(portal, tmp_path):
    home, page = portal.home, portal.page
    portal.enter()
    walk_wizard(portal)
    expect(page.get_by_role("heading", name="Өтініш нөмірін сақтаңыз")).to_be_visible()
    number = home.number
    home.town.run(now=home.now)

    portal.open("parent.applications")
    page.get_by_role("link", name="Қызығушылықты растау").click()
    portal.press("Иә")
    expect(page.get_by_text("Қызығушылығыңыз расталды. МДҰ таңдап", exact=False).first).to_be_visible()

    page.get_by_role("link", name="МДҰ таңдау").first.click()
    page.get_by_role("link", name="Қабылдану").first.click()
    page.get_by_text("Балдырған:").click()
    portal.press("Растау")
    expect(page.get_by_text("Балабақша өтінішіңізді қарап", exact=False)).to_be_visible()

    home.gets_contract()
    sign_contract(portal, number, tmp_path)
    expect(page.get_by_text("Сіз шартқа қол қойдыңыз, ол балабақшаға жіберілді.")).to_be_visible()
    assert home.state == "CONTRACT_WITH_KINDERGARTEN"


def test_the_wizard_is_walked_from_begin_to_sent_without_script(portal, tmp_path):
    home = portal.home
    context = portal.page.context.browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = portal.page = context.new_page()
    portal.enter()
    portal.open("applications.add")
    portal.press("Өтінішті бастау")
    portal.press("Жалғастыру")
    expect(page.get_by_role("alert")).to_contain_text("өрісті толтырыңыз")
    page.get_by_text("Айару").click()
    portal.press("Жалғастыру")
    page.get_by_text("Жалпы білім беру кезегі").click()
    portal.press("Жалғастыру")
    page.get_by_label("Аймақ").select_option(world.CITY)
    portal.press("Жалғастыру")
    page.get_by_text("Қазақша").last.click()
    portal.press("Жалғастыру")
    claim_with_a_paper(page, tmp_path)
    portal.press("Жалғастыру")
    portal.press("Жалғастыру")
    page.locator("main select").first.select_option(str(home.town.kindergarten.id))
    portal.press("Жалғастыру")
    portal.press("Жалғастыру")
    page.get_by_text("Шарттармен таныстым", exact=False).click()
    portal.press("Жалғастыру")
    expect(page.get_by_role("heading", name="Жауаптарыңызды тексеріңіз")).to_be_visible()
    portal.press("Жіберу")

    expect(page.get_by_role("heading", name="Өтініш нөмірін сақтаңыз")).to_be_visible()
    assert home.number in page.locator("main").inner_text()
    assert [wish.kindergarten_id for wish in home.application.wishes.all()] == [home.town.kindergarten.id]
    assert home.application.claims.get().benefit == "SERVICE"


def claim_with_a_paper(page: Page, tmp_path) -> None:
    paper = tmp_path / "work.png"
    paper.write_bytes(world.picture())
    page.locator("main select").first.select_option("SERVICE")
    page.set_input_files("main input[type=file]", paper)


def walk_wizard(portal: Portal) -> None:
    page = portal.page
    portal.open("applications.add")
    portal.press("Өтінішті бастау")
    page.get_by_text("Айару").click()
    portal.press("Жалғастыру")
    page.get_by_text("Жалпы білім беру кезегі").click()
    portal.press("Жалғастыру")
    page.get_by_label("Аймақ").select_option(world.CITY)
    portal.press("Жалғастыру")
    page.get_by_text("Қазақша").last.click()
    for _ in range(5):
        portal.press("Жалғастыру")
    page.get_by_text("Шарттармен таныстым", exact=False).click()
    portal.press("Жалғастыру")
    expect(page.get_by_role("heading", name="Жауаптарыңызды тексеріңіз")).to_be_visible()
    portal.press("Жіберу")


def sign_contract(portal: Portal, number: str, tmp_path) -> None:
    home, page = portal.home, portal.page
    for kind in homes.REQUIRED:
        homes.upload(home, DocumentKind(kind))
    portal.open("contract.fill", number)
    portal.press("Шартты жасау")
    portal.press("Бұрын тіркелген құжаттарды қосу")
    key_file = tmp_path / "key.p12"
    key_file.write_bytes(world.key(Person.objects.get(id=home.mother.person_id).iin).as_p12())
    page.locator("input[name=how][value=file]").check()
    page.set_input_files("[data-sign-file]", key_file)
    page.fill("[data-sign-password]", authorities.PASSWORD)
    page.click("[data-sign-submit]")
