"""Every page of the URL table as the person who needs it sees it: readable, reachable, quiet, in every language and look."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page

from balabaqsha.locale.texts import knows
from tests.browser import district, furnished, looking
from tests.browser.furnished import Furnished, Seen

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")

HEIGHT = 800
# Names of addresses behind which there is no page to look at.
NO_PAGES = {
    "only posted to": {
        "site.sign-out",
        "header.location",
        "signup.again",
        "signup.turn",
        "recover.again",
        "recover.turn",
        "signin.code-again",
        "signin.eds-enter",
        "profile.phone-end",
        "safety.end",
        "safety.end-second",
        "demo.clock",
        "demo.person",
        "profile.refresh",
        "apply.drop",
        "waiting.join",
        "application.appeal-end",
        "counter.end",
        "contract.reuse",
        "application.paper",
        "officer.list-columns",
        "officer.list-confirm",
        "officer.list-drop",
        "kg.papers-time",
        "officer.kindergarten-group-close",
        "officer.garden-list-columns",
        "officer.garden-list-confirm",
        "officer.garden-list-drop",
        "officer.undelivered-told",
        "officer.check-ask",
        "officer.work-act",
        "officer.report-orders",
        "officer.notice-withdraw",
    },
    "files": {
        "signin.eds-challenge",
        "public.free-places-file",
        "public.statistics-table",
        "public.run-file",
        "children.photo",
        "parent.file",
        "parent.made",
        "parent.signature",
        "kg.contract-document",
        "kg.contract-paper",
        "kg.children-xlsx",
        "officer.work-export",
        "officer.case-paper",
        "doctor.paper",
        "officer.guardian-paper",
        "officer.list-faults",
        "officer.norms-xlsx",
        "officer.withheld-xlsx",
        "officer.garden-list-faults",
        "public.kindergarten-photo",
        "officer.regime-places",
        "officer.category-places",
        "officer.list-places",
        "officer.report-xlsx",
        "officer.report-file",
        "turn.statement",
    },
    "leads to another page": {"parent.home", "contract.sign"},
    # Asked for by tests/workplaces/test_freeze.py: no furnished town has moved its groups up.
    "after the August freeze": {"public.moving-up"},
    "for programs": {
        "site.health",
        "sign.phone-state",
        "mgov.errand",
        "mgov.documents",
        "api.document",
        "api.session",
        "api.password",
        "api.second",
        "api.code",
        "api.code-answer",
        "api.eds-challenge",
        "api.eds-answer",
        "api.eds-enter",
        "api.phone",
        "api.phone-state",
    },
    "a part of a page": {
        "officer.run-progress",
        "officer.list-progress",
        "officer.report-progress",
        "officer.garden-list-progress",
        "public.addresses",
    },
}
# Looked at in every language, width and scheme.
MAIN = {
    "town": (
        Seen("visitor", "nav.home"),
        Seen("visitor", "nav.voucher-queue"),
        Seen("visitor", "nav.catalogue"),
        Seen("visitor", "nav.statistics"),
        Seen("officer", "officer.run", ("previewed",)),
        Seen("head", "kg.home"),
    ),
    "family": (
        Seen("mother", "parent.applications"),
        Seen("mother", "application.page", ("active",)),
        Seen("mother", "choice.open", ("active",)),
        Seen("mother", "contract.page", ("sent",)),
    ),
    "district": district.MAIN,
}
LISTS = {"town": furnished.TOWN, "family": furnished.FAMILY, "district": district.DISTRICT}
PORTALS: dict[str, Callable[[Path], AbstractContextManager[Furnished]]] = {
    "town": furnished.town,
    "family": furnished.family,
    "district": district.district,
}


# What reaches beyond the right edge, where the page scrolls sideways at all.
_WIDE = """() => {
    const edge = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= edge) return ''
    const held = (one) => one && one !== document.body
        && (getComputedStyle(one).overflowX !== 'visible' || held(one.parentElement))
    const beyond = [...document.body.querySelectorAll('*')].filter(
        (one) => one.getBoundingClientRect().right > edge + 1 && !held(one.parentElement))
    const last = beyond.filter((one) => !beyond.some((other) => other !== one && one.contains(other)))
    return last.slice(0, 3).map((one) => one.outerHTML.slice(0, 90)).join(' | ') || 'something'
}"""


def names(found: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all addresses below these."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        elif one.name:
            yield one.name


def test_no_page_of_the_url_table_is_left_out():
    seen = {page.name for pages in LISTS.values() for page in pages}
    not_looked_at = set().union(*NO_PAGES.values())

    assert set(names(get_resolver().url_patterns)) - seen - not_looked_at == set()
    assert seen & not_looked_at == set()


@dataclass
class Portal:
    """A furnished portal and a browser before it."""

    name: str
    furnished: Furnished
    browser: Browser


@pytest.fixture(scope="module", params=list(PORTALS))
def portal(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Portal]:
    """Each of the portals is built once, whatever is looked at in it."""
    name = request.param
    with (
        django_db_blocker.unblock(),
        PORTALS[name](tmp_path_factory.mktemp(name)) as made,
        looking.chromium() as browser,
    ):
        try:
            yield Portal(name, made, browser)
        finally:
            # While the browser runs its own loop, this thread has connections that nobody else closes.
            connections.close_all()


class Eye:
    """A browser window that goes from page to page and notes what is wrong."""

    def __init__(self, portal: Portal, *, width: int, scheme: str, script: bool = True) -> None:
        self.portal = portal.furnished
        self.context = portal.browser.new_context(
            # A colour on its way from one scheme to the other is no colour of the page.
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.who = ""
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", lambda request: self._look_where(request.url))

    def _look_where(self, url: str) -> None:
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and not url.startswith(self.portal.address):
            self.said.append(f"leaves the machine: {url}")

    def opens(self, seen: Seen, language: str) -> None:
        """Go to the page as its person; note a wrong status, an address left, a wrong language, texts that are keys."""
        if seen.who != self.who:
            self.portal.enter(self.context, seen.who)
            self.who = seen.who
        path = self.portal.path(seen, language)
        answer = self.page.goto(self.portal.address + path)
        if answer is None or answer.status != 200:
            self.said.append(f"status {answer and answer.status}")
        if unquote(self.page.url) != unquote(self.portal.address + path):
            self.said.append(f"led to {self.page.url}")
        if self.page.get_attribute("html", "lang") != language:
            self.said.append("another language")
        self.said += [f"a key is seen: {key}" for key in self.keys()]

    def keys(self) -> set[str]:
        """Keys of texts and codes that the page shows instead of words."""
        words = self.page.evaluate(
            """() => [document.title, document.body.innerText, ...[...document.querySelectorAll(
            '[aria-label],[title],[alt],[placeholder]')].flatMap((one) => ['aria-label', 'title', 'alt', 'placeholder'].map(
            (name) => one.getAttribute(name) || ''))].join(' ')"""
        )
        dotted = {found.rstrip(".") for found in re.findall(r"\b[a-z][a-z0-9-]*(?:\.[A-Za-z0-9_-]+)+", words)}
        codes = set(re.findall(r"\b[A-Z]{2,}_[A-Z_]+\b(?!\.)", words))
        return {key for key in dotted if knows(key)} | codes

    def looks_like(self, *, width: int, scheme: str) -> None:
        """Hold the page up to a screen of this width in this scheme."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=scheme)

    def overflow(self, width: int, text: str = "") -> None:
        """Note what scrolls sideways at this width and size of text."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        wide = self.page.evaluate(_WIDE)
        if wide:
            self.said.append(f"sideways scroll at {width} px {text}: {wide}")

    def axe(self) -> None:
        """Note what axe finds."""
        self.said += looking.violations(self.page)

    def noted(self) -> list[str]:
        """What is wrong with the page just seen."""
        said, self.said = self.said, []
        return said


def test_every_page_holds_in_kazakh_on_a_telephone_and_on_a_desk_in_the_dark(portal):
    eye, found = Eye(portal, width=360, scheme="light"), {}
    for seen in LISTS[portal.name]:
        eye.looks_like(width=360, scheme="light")
        eye.opens(seen, "kk")
        eye.axe()
        eye.overflow(360, "200%")
        eye.overflow(320)
        eye.looks_like(width=1366, scheme="dark")
        eye.overflow(1366)
        eye.axe()
        found[str(seen)] = eye.noted()

    assert {name: said for name, said in found.items() if said} == {}


def test_every_page_fits_in_russian(portal):
    # Its words are longer than the Kazakh ones; what axe finds does not hang on them.
    eye, found = Eye(portal, width=320, scheme="light"), {}
    for seen in LISTS[portal.name]:
        eye.opens(seen, "ru")
        eye.overflow(320)
        eye.overflow(1366)
        found[str(seen)] = eye.noted()

    assert {name: said for name, said in found.items() if said} == {}


def test_main_pages_hold_in_every_language_width_and_scheme(portal):
    eye, found = Eye(portal, width=360, scheme="light"), {}
    for seen in MAIN[portal.name]:
        for language in ("kk", "ru", "en"):
            eye.opens(seen, language)
            for width, scheme in ((360, "light"), (360, "dark"), (1366, "dark"), (1366, "light")):
                eye.looks_like(width=width, scheme=scheme)
                eye.overflow(width)
                eye.axe()
                found[f"{seen} {language} {width} {scheme}"] = eye.noted()

    assert {name: said for name, said in found.items() if said} == {}


def test_main_pages_read_without_script(portal):
    eye, found = Eye(portal, width=360, scheme="light", script=False), {}
    for seen in MAIN[portal.name]:
        eye.portal.enter(eye.context, seen.who)
        eye.page.goto(eye.portal.address + eye.portal.path(seen))
        heading = eye.page.locator("main h1")
        words = eye.page.locator("main").inner_text()
        if heading.count() != 1 or not heading.is_visible() or len(words) < 100:
            found[str(seen)] = words

    assert found == {}
