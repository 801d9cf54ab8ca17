import pytest


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    """Every test has a folder of files of its own."""
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT
