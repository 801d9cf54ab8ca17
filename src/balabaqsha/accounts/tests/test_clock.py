"""The clock of the machine may go back; the moments of a process do not, as long as waiting is worth while."""

from datetime import UTC, datetime, timedelta

import pytest

from balabaqsha.accounts.clock import WAITED_FOR, Steady

TEN = datetime(2026, 9, 3, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_goes_on_with_the_clock():
    clock = Steady()

    assert [clock.at(TEN), clock.at(TEN + SECOND)] == [TEN, TEN + SECOND]


@pytest.mark.parametrize("back", [SECOND, WAITED_FOR])
def test_waits_for_a_clock_that_was_set_back(back):
    clock = Steady()
    clock.at(TEN)

    assert clock.at(TEN - back) == TEN
    assert clock.at(TEN + SECOND) == TEN + SECOND


def test_follows_a_clock_that_had_been_wrong():
    clock = Steady()
    clock.at(TEN + timedelta(days=400))

    assert [clock.at(TEN), clock.at(TEN + SECOND)] == [TEN, TEN + SECOND]
