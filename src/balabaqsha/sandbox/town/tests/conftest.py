"""A folder of its own for every town that a test builds."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The data folder: files, the development authority and the registers' file land in it."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.SIGNATURE_AUTHORITIES = tmp_path / "authority" / "trusted"
    settings.SIGNATURE_AUTHORITY_PINS = frozenset()
    settings.MODE = "demonstration"
    return tmp_path
