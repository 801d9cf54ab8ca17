"""People at their browsers: each has a window, a language, a clock, and a list of what went wrong on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Download, Page

from balabaqsha.locale.texts import knows, say_in

PHONE, DESK = 360, 1366
HERE = {"127.0.0.1", ""}


class Visitor:
    """One person with a browser of their own; `said` collects messages of the console and requests that left the machine."""

    def __init__(self, context: BrowserContext, *, address: str, language: str) -> None:
        self.context = context
        self.address = address
        self.language = language
        self.said: list[str] = []
        self.say: Callable[..., str] = partial(say_in, language)
        context.set_default_timeout(20_000)
        context.on(
            "console",
            lambda message: self.said.append(f"console: {message.text} ({message.page and message.page.url})"),
        )
        context.on("weberror", lambda error: self.said.append(f"error: {error.error}"))
        context.on("request", lambda request: self._look_where(request.url))
        self.page: Page = context.new_page()

    def _look_where(self, url: str) -> None:
        place = urlsplit(url)
        if place.scheme not in {"data", "blob"} and place.hostname not in HERE:
            self.said.append(f"request: {url}")

    @property
    def text(self) -> str:
        """What the page says in its main part."""
        return self.page.locator("main").inner_text()

    def opens(self, path: str) -> None:
        """Type an address of the portal."""
        prefix = "" if self.language == "kk" else f"/{self.language}"
        self.page.goto(self.address + prefix + path)

    def presses(self, key: str, *, exact: bool = True, within: str = "main", **facts: object) -> None:
        """Press the button of this text and wait for the page that follows."""
        self.page.locator(within).get_by_role("button", name=self.say(key, **facts), exact=exact).first.click()
        self.page.wait_for_load_state()

    def follows(self, key: str, *, of: str = "", within: str = "main", **facts: object) -> None:
        """Follow the link with this text; `of` is what it is about, where several look alike."""
        links = self.page.locator(within).get_by_role("link", name=self.say(key, **facts))
        links.filter(has_text=of).first.click()
        self.page.wait_for_load_state()

    def fills(self, key: str, typed: str) -> None:
        """Type into the field of this label."""
        self.page.locator("main").get_by_label(self.say(key)).first.fill(typed)

    def ticks(self, words: str) -> None:
        """Choose the answer with these words (or the text of this key): a card, a chip, a box."""
        self.page.locator("main label").filter(has_text=self.say(words) if knows(words) else words).first.click()

    def attaches(self, path: Path) -> None:
        """Give the page's field for a file this file."""
        self.page.set_input_files("main input[type=file]", path)

    def signs(self, key_file: Path, password: str) -> None:
        """Open a key file in the page and sign."""
        self.page.locator("input[name=how][value=file]").check()
        self.page.set_input_files("[data-sign-file]", key_file)
        self.page.fill("[data-sign-password]", password)
        with self.page.expect_navigation():
            self.page.click("[data-sign-submit]")

    def saves(self, key: str) -> Download:
        """Follow a link that saves a file."""
        with self.page.expect_download() as coming:
            self.page.locator("main").get_by_role("link", name=self.say(key)).first.click()
        return coming.value

    def overflow(self) -> int:
        """By how many pixels the page scrolls sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@contextmanager
def visiting(
    browser: Browser,
    *,
    address: str,
    language: str = "kk",
    width: int = PHONE,
    now: datetime | None = None,
    script: bool = True,
) -> Iterator[Visitor]:
    """Somebody comes with a browser; their clock shows `now` and goes on from there."""
    context = browser.new_context(
        viewport={"width": width, "height": 780},
        accept_downloads=True,
        java_script_enabled=script,
        locale=f"{language}-KZ",
    )
    if now is not None and script:
        context.clock.install(time=now)
    try:
        yield Visitor(context, address=address, language=language)
    finally:
        context.close()
