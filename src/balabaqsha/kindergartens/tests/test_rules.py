"""Pure rules of the register: BINs, and how the children of a room are shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balabaqsha.kernel.iin import check_digit
from balabaqsha.kindergartens.registry import rules
from balabaqsha.kindergartens.succession.rules import shares


def bin_of(first_eleven):
    return f"{first_eleven}{check_digit(first_eleven)}"


class TestParseBin:
    def test_takes_it_as_people_write_it(self):
        good = bin_of("12034000123")

        assert rules.parse_bin(f" {good[:6]} {good[6:]} ") == good

    @pytest.mark.parametrize(
        "text",
        ["", "123", "12034000123x", "١٢٠٣٤٠٠٠١٢٣٤", bin_of("12134000123"), bin_of("12030000123"), "1203400012340"],
    )
    def test_refuses_what_is_none(self, text):
        with pytest.raises(rules.WrongBin):
            rules.parse_bin(text)

    def test_refuses_a_wrong_check_digit(self):
        good = bin_of("12034000123")

        with pytest.raises(rules.WrongBin):
            rules.parse_bin(good[:11] + str((int(good[11]) + 1) % 10))


class TestShares:
    @pytest.mark.parametrize(
        ("capacities", "most", "shared"),
        [([8, 4], None, [8, 4]), ([8, 4], 12, [8, 4]), ([8, 4], 10, [7, 3]), ([9, 1, 1], 3, [1, 1, 1]), ([5], 3, [3])],
    )
    def test_are_by_the_capacities_they_had(self, capacities, most, shared):
        assert shares(capacities, most) == shared

    @given(st.lists(st.integers(1, 30), min_size=1, max_size=5), st.integers(1, 40))
    def test_never_exceed_the_norm_or_what_there_was(self, capacities, most):
        shared = shares(capacities, most)

        assert sum(shared) == min(most, sum(capacities))
        assert all(0 <= one <= had for one, had in zip(shared, capacities, strict=True))
        assert most < len(capacities) or all(shared)
