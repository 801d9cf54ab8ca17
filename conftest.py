"""What every test of the repository shares: a database made in milliseconds, and settings that fit tests."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

# Playwright runs its own event loop in the thread of the test; the tests themselves are synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    """Fit the settings to tests, before anything is made from them."""
    settings.STORAGES = {
        **settings.STORAGES,
        # Names without hashes: nothing has to be collected before a test.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # A slow machine never fails a test: neither an example nor the making of one is timed.
    hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.load_profile("house")
    # Names without the port: the test client is alone with its cookies.
    settings.SESSION_COOKIE_NAME = "sessionid"
    settings.CSRF_COOKIE_NAME = "csrftoken"
    settings.CROWD_COOKIE_NAME = "turn"
    settings.DEVICE_COOKIE_NAME = "device"
    # A slow machine keeps nobody waiting before the door, but in the tests of the waiting room.
    settings.CROWD_FULL = 1_000.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the browser begin: its long files, begun last, would keep one process busy while the others are done."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Nothing: copies have names of their own, so the workers of xdist never meet."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, django_db_modify_db_settings) -> Iterator[None]:
    """A copy of the template for the tests that roll back. Server: DATABASE_URL, else PostgreSQL of the workshop."""
    from balabaqsha.config import databases

    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(databases.scratch_database(prefix=databases.TEST))
        yield
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What one test has counted, the next one counts anew."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def fresh_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database of its own for a test that commits: races, rehearsals, browsers. Every thread is connected to it."""
    from balabaqsha.config import databases

    with django_db_blocker.unblock(), databases.scratch_database() as name:
        yield name


@pytest.fixture
def live_portal(fresh_database, settings) -> Iterator[str]:
    """The portal served over HTTP from a fresh database, in this process; the fixture is its address."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    settings.BASE_URL = server.url
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser: CHROMIUM, else one on PATH. Fails with what to do where there is none."""
    given = os.environ.get("CHROMIUM")
    found = given or next((path for name in _CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if not found or not Path(found).exists():
        pytest.fail("no Chromium: install it (make test does so on Debian as root) or set CHROMIUM to its program")
    return Path(found)
