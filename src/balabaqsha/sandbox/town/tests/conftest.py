"""Towns that stand in a database of their own, each with a folder of its own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.test import override_settings

from balabaqsha.config import databases
from balabaqsha.sandbox import town
from balabaqsha.sandbox.town.report import TownReport


class Standing(Protocol):
    """Builds a town that stands for as long as the block lasts."""

    def __call__(self, folder: Path, *, now: datetime, scale: float) -> AbstractContextManager[TownReport]: ...


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The data folder: files, the development authority and the registers' file land in it."""
    for name, value in _settings_of(tmp_path).items():
        setattr(settings, name, value)
    return tmp_path


@pytest.fixture(scope="session")
def standing(django_db_setup: None, django_db_blocker: Any) -> Standing:
    """Building takes seconds: tests that undo what they do share one town."""

    @contextmanager
    def stand(folder: Path, *, now: datetime, scale: float) -> Iterator[TownReport]:
        with override_settings(**_settings_of(folder)), django_db_blocker.unblock(), databases.scratch_database():
            report = town.build(seed=1, now=now, data=folder, scale=scale)
            with django_db_blocker.block():
                yield report

    return stand


def _settings_of(folder: Path) -> dict[str, Any]:
    return {
        "FILES_ROOT": folder / "files",
        "SIGNATURE_AUTHORITIES": folder / "authority" / "trusted",
        "SIGNATURE_AUTHORITY_PINS": frozenset(),
        "MODE": "demonstration",
    }
