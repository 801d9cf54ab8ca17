"""Ways in that need a real browser: a key file and the program of the national authority sign the one-time text."""

import base64
import json
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page, WebSocketRoute, expect

from balabaqsha.accounts import clock
from balabaqsha.accounts.models import Challenge
from balabaqsha.accounts.tests.doors import account_of
from balabaqsha.people.tests.family import MOTHER
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.web.kit.texts import say
from tests.browser import looking
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
