"""What the tests of the workplaces share."""

from datetime import datetime

import pytest
from django.utils import translation

from balabaqsha.accounts import clock
from tests.workplaces import world


class Clock:
    """The clock of the edge, as a test sets it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture(autouse=True)
def in_kazakh():
    """Addresses without a prefix, whatever language the last request of another test spoke."""
    with translation.override("kk"):
        yield


@pytest.fixture
def edge(monkeypatch) -> Clock:
    """Only the edge reads a clock; here it reads this one."""
    stood = Clock(world.NOW)
    monkeypatch.setattr(clock, "real_now", stood)
    return stood


@pytest.fixture
def town(db, edge, settings, tmp_path) -> world.Town:
    """The small town, its files in a folder of the test's."""
    settings.FILES_ROOT = tmp_path / "files"
    world.trust(settings)
    return world.build()
