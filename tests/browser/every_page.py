"""How every page of a furnished portal is looked at: readable, reachable, quiet, in every language and look."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page

from balabaqsha.locale.texts import knows
from tests.browser import looking
from tests.browser.furnished import Furnished, Seen

HEIGHT = 800
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


@dataclass
class Portal:
    """A furnished portal and a browser before it."""

    furnished: Furnished
    browser: Browser


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


@pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")
class Pages:
    """The tests of one portal. Each portal has a file of its own, so that they are looked at side by side."""

    built: ClassVar[Callable[[Path], AbstractContextManager[Furnished]]]
    pages: ClassVar[tuple[Seen, ...]]
    # Looked at in every language, width and scheme.
    main: ClassVar[tuple[Seen, ...]]

    @pytest.fixture(scope="class")
    @classmethod
    def portal(cls, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Portal]:
        """Built once, whatever is looked at in it."""
        with (
            django_db_blocker.unblock(),
            cls.built(tmp_path_factory.mktemp("portal")) as made,
            looking.chromium() as browser,
        ):
            try:
                yield Portal(made, browser)
            finally:
                # While the browser runs its own loop, this thread has connections that nobody else closes.
                connections.close_all()

    def test_every_page_holds_in_kazakh_on_a_telephone_and_on_a_desk_in_the_dark(self, portal: Portal) -> None:
        eye, found = Eye(portal, width=360, scheme="light"), {}
        for seen in self.pages:
            eye.looks_like(width=360, scheme="light")
            eye.opens(seen, "kk")
            eye.axe()
            eye.overflow(360, "200%")
            eye.overflow(320)
            eye.looks_like(width=1366, scheme="dark")
            eye.overflow(1366)
            eye.axe()
            found[str(seen)] = eye.noted()

        _nothing_is_wrong(found)

    def test_every_page_fits_in_russian(self, portal: Portal) -> None:
        # Its words are longer than the Kazakh ones; what axe finds does not hang on them.
        eye, found = Eye(portal, width=320, scheme="light"), {}
        for seen in self.pages:
            eye.opens(seen, "ru")
            eye.overflow(320)
            eye.overflow(1366)
            found[str(seen)] = eye.noted()

        _nothing_is_wrong(found)

    def test_main_pages_hold_in_every_language_width_and_scheme(self, portal: Portal) -> None:
        eye, found = Eye(portal, width=360, scheme="light"), {}
        for seen in self.main:
            for language in ("kk", "ru", "en"):
                eye.opens(seen, language)
                for width, scheme in ((360, "light"), (360, "dark"), (1366, "dark"), (1366, "light")):
                    eye.looks_like(width=width, scheme=scheme)
                    eye.overflow(width)
                    eye.axe()
                    found[f"{seen} {language} {width} {scheme}"] = eye.noted()

        _nothing_is_wrong(found)

    def test_main_pages_read_without_script(self, portal: Portal) -> None:
        eye, found = Eye(portal, width=360, scheme="light", script=False), {}
        for seen in self.main:
            eye.portal.enter(eye.context, seen.who)
            eye.page.goto(eye.portal.address + eye.portal.path(seen))
            heading = eye.page.locator("main h1")
            words = eye.page.locator("main").inner_text()
            if heading.count() != 1 or not heading.is_visible() or len(words) < 100:
                found[str(seen)] = words

        _nothing_is_wrong(found)


def _nothing_is_wrong(found: dict[str, list[str] | str]) -> None:
    wrong = {name: said for name, said in found.items() if said}
    assert not wrong, "\n".join(f"{name}: {said}" for name, said in wrong.items())
