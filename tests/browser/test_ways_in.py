"""Ways in that need a real browser: a key file and the program of the national authority sign the one-time text."""

import base64
import json
from collections.abc import Iterator

import pytest
from django.conf import settings as settings_of
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page, WebSocketRoute, expect

from balabaqsha.accounts import clock
from balabaqsha.accounts.models import Challenge
from balabaqsha.accounts.tests.doors import account_of
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import MOTHER
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.sandbox.phone import Phone
from balabaqsha.web.kit.texts import say
from tests.browser import looking
from tests.families import home as homes
from tests.workplaces import world

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")

LAYER = "wss://127.0.0.1:13579"
OWNER = Holder(iin=MOTHER.text, surname="Үлгібаева", given_name="Жанар", patronymic="Мысалқызы")


@pytest.fixture
def page(live_portal, settings, tmp_path, monkeypatch) -> Iterator[Page]:
    settings.FILES_ROOT = tmp_path
    settings.BASE_URL = live_portal
    world.trust(settings)
    monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
    account_of()
    with looking.chromium() as browser:
        page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        page.clock.install(time=world.NOW)
        page.goto(f"{live_portal}/login/")
        page.get_by_role("link", name=say("signin.by-eds")).click()
        try:
            yield page
        finally:
            # While the browser runs its own loop, this thread has connections that nobody else closes.
            connections.close_all()


def with_file(page: Page, usage: Usage) -> None:
    page.locator("input[name=how][value=file]").check()
    page.get_by_label(say("eds.file-field")).set_input_files(world.authority().key_file(OWNER, usage))
    page.get_by_label(say("sign.password")).fill(authorities.PASSWORD)
    page.get_by_role("button", name=say("action.continue"), exact=True).click()


def owner_is_shown_then_enters(page: Page) -> None:
    expect(page.get_by_role("heading", name=say("eds.owner-title"))).to_be_visible()
    expect(page.get_by_text("Үлгібаева Жанар Мысалқызы")).to_be_visible()
    assert MOTHER.text not in page.content()
    page.locator("main").get_by_role("button", name=say("signin.title"), exact=True).click()
    # At the first entrance with a key an address is asked for; it may wait.
    page.get_by_role("link", name=say("profile.email-later")).click()
    page.wait_for_url("**/cabinet/applications/")


def test_a_key_file_opens_the_cabinet_after_its_owner_was_shown(page):
    with_file(page, Usage.AUTH)

    owner_is_shown_then_enters(page)


def test_a_signing_key_is_told_what_it_is(page):
    with_file(page, Usage.SIGN)

    expect(page.get_by_role("alert")).to_contain_text(say("refusal.key-not-for-sign-in"))


def test_the_program_is_asked_for_a_key_of_sign_in_of_anybody(page):
    asked: list[dict] = []

    def answer(socket: WebSocketRoute, request: dict) -> None:
        asked.append(request)
        if request["module"] != "kz.gov.pki.knca.basics":
            socket.send(json.dumps({"success": False, "errorCode": "MODULE_NOT_FOUND"}))
            return
        content = base64.b64decode(request["args"]["data"])
        message = signing.sign(content, world.authority().issue(OWNER, Usage.AUTH), signed_at=world.NOW)
        socket.send(json.dumps({"status": True, "body": {"result": [base64.b64encode(message).decode()]}}))

    def open_layer(socket: WebSocketRoute) -> None:
        socket.on_message(lambda text: answer(socket, json.loads(text)))
        socket.send(json.dumps({"result": {"version": "1.4"}}))

    page.route_web_socket(LAYER, open_layer)
    page.reload()
    page.get_by_role("button", name=say("action.continue"), exact=True).click()

    owner_is_shown_then_enters(page)
    wanted = asked[-1]["args"]["signerParams"]
    assert wanted["extKeyUsageOids"] == ["1.3.6.1.5.5.7.3.2"]
    assert "iin" not in wanted
    assert Challenge.objects.filter(used_at=None).count() == 0


def by_phone(page: Page) -> str:
    """Go to the QR code; the address that it holds."""
    page.get_by_role("button", name=say("phone-sign.begin")).click()
    expect(page.get_by_role("img", name=say("phone-sign.picture"))).to_be_visible()
    assert looking.violations(page) == []
    return page.get_by_role("link", name=say("phone-sign.open-app")).get_attribute("href") or ""


def test_a_telephone_signs_and_the_page_goes_on_by_itself(page):
    link = by_phone(page)

    # The page looks by itself; its own clock is the test's.
    reply = Phone().sign(link, world.authority().issue(OWNER, Usage.AUTH), signed_at=world.NOW)
    page.clock.run_for(2500)

    assert reply.status == 200
    owner_is_shown_then_enters(page)


def test_a_telephone_with_a_signing_key_is_told_and_a_new_code_is_offered(page):
    link = by_phone(page)

    reply = Phone().sign(link, world.authority().issue(OWNER, Usage.SIGN), signed_at=world.NOW)
    page.clock.run_for(2500)

    assert reply.status == 403
    expect(page.get_by_text(say("refusal.key-not-for-sign-in"))).to_be_visible()
    page.get_by_role("button", name=say("phone-sign.again")).click()
    expect(page.get_by_role("img", name=say("phone-sign.picture"))).to_be_visible()


def test_a_contract_is_signed_by_telephone(page, live_portal, monkeypatch):
    home = homes.build(phone="+77010000031")
    monkeypatch.setattr(clock, "real_now", lambda: home.now)
    home.is_sent()
    home.fills_contract()
    home.attaches_all()
    session = home.client.cookies[settings_of.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_portal}])
    page.goto(live_portal + reverse("contract.page", args=[home.number]))

    link = by_phone(page)
    mother = world.key(Person.objects.get(id=home.mother.person_id).iin)
    assert Phone().sign(link, mother, signed_at=home.now).status == 200
    page.clock.run_for(2500)

    expect(page.get_by_text(say("contract.signed"))).to_be_visible()
    assert home.state == "CONTRACT_WITH_KINDERGARTEN"
