"""The kit in Chromium: accessible in both themes, three languages and three widths, silent under the strict policy."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from tests.browser import looking

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="no Chromium here")

_SETTINGS = {
    "ROOT_URLCONF": "balabaqsha.web.kit.tests.gallery",
    "ALLOWED_HOSTS": ["127.0.0.1"],
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "MIDDLEWARE": [
        "django.middleware.locale.LocaleMiddleware",
        "csp.middleware.CSPMiddleware",
    ],
    "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"], "object-src": ["'none'"]}},
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "balabaqsha.web.kit.context.site",
                ]
            },
        }
    ],
}


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(**_SETTINGS):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with looking.chromium() as browser:
        yield browser


@pytest.mark.parametrize("path", ["/", "/ru/", "/kit/", "/en/kit/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1366])
def test_pages_are_accessible_and_silent(address: str, browser, path: str, scheme: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="kk-KZ")

    assert looking.complaints(page, address + path) == []
    page.close()


def test_the_summary_of_errors_takes_focus_and_leads_to_the_field(address: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{address}/kit/")

    assert page.evaluate("document.activeElement.className") == "errors"
    page.click(".err-list a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_iin"
    page.close()


def test_a_dialog_opens_in_place_and_closes(address: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{address}/kit/")

    page.click("[data-dialog=sure]")
    assert page.is_visible("#sure")
    page.click("#sure [data-close]")
    assert page.is_hidden("#sure")
    page.close()


def test_an_iin_is_checked_while_it_is_typed(address: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{address}/kit/")

    page.fill("#id_iin", "123456789013")
    page.locator("#id_iin").blur()
    assert "ЖСН дұрыс емес" in page.inner_text("#id_iin-live")
    page.close()


def test_a_press_that_follows_the_iin_is_not_swallowed_by_its_note(address: str, browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{address}/kit/")
    page.evaluate("""() => {
        const below = document.createElement("input");
        below.type = "checkbox"; below.id = "below";
        document.getElementById("id_iin").closest(".field").after(below);
        document.getElementById("id_iin-err")?.remove();
    }""")

    page.fill("#id_iin", "123456789013")
    page.click("#below")

    assert page.is_checked("#below")
    page.wait_for_function("() => document.getElementById('id_iin-live').textContent !== ''")
    page.close()
