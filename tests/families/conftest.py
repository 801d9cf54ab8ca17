"""What the tests of the family's pages share."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from balabaqsha.accounts import clock
from tests.families import home as homes
from tests.workplaces import world


@pytest.fixture(autouse=True)
def in_kazakh() -> Iterator[None]:
    """Addresses without a prefix, whatever language the last request of another test spoke."""
    with translation.override("kk"):
        yield


@pytest.fixture
def home(db, settings, tmp_path, monkeypatch) -> homes.Home:
    """A family at its pages; the clock of the portal is the home's."""
    settings.FILES_ROOT = tmp_path
    world.trust(settings)
    made = homes.build()
    monkeypatch.setattr(clock, "real_now", lambda: made.now)
    return made
