"""Codes of the national classifier."""

import pytest

from balabaqsha.territories import kato
from balabaqsha.territories.kato import Level


class TestCode:
    @pytest.mark.parametrize("text", ["551010000", "100000000"])
    def test_is_nine_digits(self, text):
        assert kato.is_code(text)

    @pytest.mark.parametrize("text", ["", "55101000", "5510100000", "55101000a", "005101000", "٥٥١٠١٠٠٠٠"])
    def test_is_nothing_else(self, text):
        assert not kato.is_code(text)

    @pytest.mark.parametrize(
        ("code", "level"),
        [
            ("550000000", Level.REGION),
            ("551000000", Level.DISTRICT),
            ("551010000", Level.SUB_DISTRICT),
            ("551041100", Level.SETTLEMENT),
            ("551047103", Level.SETTLEMENT),
        ],
    )
    def test_says_its_level(self, code, level):
        assert kato.level(code) is level


class TestParent:
    KNOWN = frozenset({"550000000", "551000000", "551047000", "551047100"})

    @pytest.mark.parametrize(
        ("code", "parent"),
        [
            ("551047103", "551047100"),
            ("551047100", "551047000"),
            ("551047200", "551047000"),
            ("551099100", "551000000"),
            ("553600000", "550000000"),
            ("550000000", None),
            ("711110000", None),
        ],
    )
    def test_is_the_nearest_that_is_known(self, code, parent):
        assert kato.parent(code, self.KNOWN) == parent
