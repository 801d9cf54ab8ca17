"""The waiting page as people see it: in every language, width and scheme, coming again by itself, without a script."""

from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from balabaqsha.kernel import number as numbers
from balabaqsha.locale.texts import say_in
from balabaqsha.web.crowd import actions
from balabaqsha.web.crowd.load import Load
from tests.browser import looking

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")
# The browser notes the status of every page that is not 200.
_STATUS = "console: Failed to load resource: the server responded with a status of 503"
AHEAD = 140
NUMBER = numbers.with_check_digit(9_999_999)


@pytest.fixture
def crowded(settings, monkeypatch, request) -> Iterator[str]:
    """A portal that is full, 140 people before its door; the fixture is its address."""
    settings.CROWD_FULL = 0.0
    monkeypatch.setattr(Load, "take_all", lambda _: 0.0)
    address = request.getfixturevalue("live_portal")
    for _ in range(AHEAD):
        actions.draw()
    return address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with looking.chromium() as found:
        yield found


def seen(page: Page, url: str) -> list[str]:
    return [said for said in looking.complaints(page, url) if not said.startswith(_STATUS)]


def test_holds_in_every_language_width_and_scheme(crowded, browser):
    found = {}
    for language, prefix in (("kk", ""), ("ru", "/ru"), ("en", "/en")):
        for width, scheme in ((360, "light"), (360, "dark"), (1366, "light"), (1366, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page = context.new_page()
            found[language, width, scheme] = seen(page, f"{crowded}{prefix}/catalogue/?free=on")
            assert page.get_attribute("html", "lang") == language
            expect(page.get_by_role("heading", level=1)).to_have_text(say_in(language, "crowd.title"))
            context.close()

    assert {key: said for key, said in found.items() if said} == {}


def test_comes_again_by_itself_and_leads_where_the_visitor_was_going(crowded, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{crowded}/ru/catalogue/?free=on")
    expect(page.locator("dd").first).to_have_text(str(AHEAD))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE crowd_door SET called = called + 100, per_second = 20, moved_at = clock_timestamp()")
    expect(page.locator("dd").first).to_have_text("40", timeout=30_000)
    actions.call(1_000)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Каталог", timeout=30_000)
    assert page.url == f"{crowded}/ru/catalogue/?free=on"
    context.close()


def test_tells_beside_the_field_why_a_number_lets_nobody_in(crowded, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{crowded}/")
    page.get_by_role("link", name=say_in("kk", "crowd.soon")).click()
    page.get_by_label("Өтініш нөмірі").fill(NUMBER)
    page.get_by_role("button", name=say_in("kk", "crowd.go-in"), exact=True).click()

    expect(page.locator(".field__error")).to_have_text(say_in("kk", "crowd.not-soon"))
    expect(page.get_by_label("Өтініш нөмірі")).to_have_value(NUMBER)
    context.close()
