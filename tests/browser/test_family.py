"""The family's pages in a real browser: a way from the wizard to the signature, and every page by eye and axe."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from balabaqsha.accounts import clock
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.law.lists import DocumentKind
from balabaqsha.notifications import actions as notifications
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


LOOKS = [("kk", 360, "light"), ("ru", 1366, "dark"), ("en", 320, "light")]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_every_page_has_nothing_to_complain_of(portal, language, width, scheme):
    pages = furnish(portal.home)
    portal.enter()
    found = {}
    for name, *arguments in pages:
        page = portal.page.context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        said = looking.complaints(page, portal.url(name, *arguments, language=language))
        page.close()
        if said:
            found[name, *arguments] = said

    assert found == {}


def furnish(home: homes.Home) -> list[tuple]:
    """A case at every step that a page shows, and every page with what it needs."""
    town, numbers = home.town, {}
    group = kindergartens.open_group(
        kindergarten=town.kindergarten,
        group=NewGroup(name="Балапан", birth_year=2023, language="kk", capacity=25, published=12, parent_fee=15876),
        actor=town.head,
        now=home.now,
    )
    town.groups[0] = group
    numbers["enrolled"] = home.is_enrolled()
    home.another_child("АЙЫМ")
    numbers["sent"] = home.is_sent()
    home.fills_contract()
    home.attaches_all()
    home.another_child("АСЫЛ")
    numbers["chosen"] = home.chooses()
    home.another_child("АЙША")
    numbers["active"] = home.confirms()
    home.post("waiting.join", numbers["active"], group.id)
    home.another_child("АРУ")
    numbers["lapsed"] = home.has_voucher()
    home.later(days=5)
    home.another_child("АНАР")
    numbers["offered"] = home.has_voucher()
    home.another_child("АИДА")
    town.applies(now=home.now)
    home.later(minutes=3)
    numbers["waits"] = home.applies(benefit={"benefit": "SERVICE", "paper": homes.picture()})
    home.another_child("АЙКҮМІС")
    numbers["archived"] = home.applies()
    home.post("application.withdraw", numbers["archived"])
    draft = home.begins()
    home.fills(draft)
    notifications.tell_untold(now=home.now)
    return [
        *wizard_pages(draft),
        *application_pages(numbers),
        ("choice.kindergarten", numbers["active"], town.kindergarten.code),
        ("waiting.leave", numbers["active"], group.id),
        ("parent.applications",),
        ("applications.title",),
        ("applications.archive",),
        ("parent.waiting-list",),
        ("parent.contracts",),
        ("contract.page", numbers["sent"]),
        ("contract.fill", numbers["sent"]),
        ("contract.paper", numbers["sent"], "FORM_027"),
        ("messages.log",),
        ("parent.messages",),
    ]


def wizard_pages(draft: str) -> list[tuple]:
    steps = ("child", "kind", "region", "languages", "benefit", "papers", "wishes", "start", "terms")
    return [
        ("applications.add",),
        *(("apply.step", draft, step) for step in steps),
        ("apply.paper", draft, "FORM_027"),
        ("apply.special", draft),
        ("apply.check", draft),
    ]


def application_pages(numbers: dict[str, str]) -> list[tuple]:
    return [
        *(("application.page", number) for number in numbers.values()),
        ("application.sent", numbers["waits"]),
        ("application.withdraw", numbers["waits"]),
        ("application.leave", numbers["enrolled"]),
        ("application.restore", numbers["lapsed"]),
        ("voucher.answer", numbers["offered"]),
        ("voucher.extend", numbers["active"]),
        ("choice.open", numbers["active"]),
        ("choice.cancel", numbers["chosen"]),
    ]
