"""What the tests of these pages share."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_kazakh():
    """Addresses without a prefix, whatever language the last request of another test spoke."""
    with translation.override("kk"):
        yield
