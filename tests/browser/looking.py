"""What browser tests share: Chromium, axe, and what a page must never do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

AXE = Path(__file__).with_name("axe.min.js")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of a long list the first rows are looked at: one template makes all. Lines only come back from the page, for the whole of
# what axe knows takes longer to bring than to find.
_VIOLATIONS = """rules => axe.run({exclude: ['tbody tr:nth-child(n+7)', 'main li:nth-child(n+13)']}, {runOnly: rules, resultTypes: ['violations']}).then(found => found.violations.map(
    one => `axe ${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, closed at the end."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            # While the browser runs its own loop, this thread has connections that nobody else closes.
            connections.close_all()
            browser.close()


def complaints(page: Page, url: str) -> list[str]:
    """What is wrong with the page at the address: messages of the console, sideways scroll, violations of axe."""
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        said.append(f"{overflow} px of sideways scroll")
    return said + violations(page)


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands: WCAG 2.2 AA and best practice."""
    # A look at the same page again finds axe there, and warm.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(_VIOLATIONS, _RULES)
