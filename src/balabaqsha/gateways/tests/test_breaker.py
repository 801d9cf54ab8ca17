"""The circuit breaker, with time given."""

import pytest

from balabaqsha.gateways.breaker import Breaker, Standing


class Clock:
    """Seconds that only the test moves."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(monotonic=clock, failures_to_open=3, rest_seconds=30.0)


def fail(breaker, times):
    for _ in range(times):
        assert breaker.admits()
        breaker.failed()


class TestBreaker:
    def test_stays_closed_below_the_limit(self, breaker):
        fail(breaker, 2)

        assert breaker.standing is Standing.CLOSED
        assert breaker.admits()

    def test_counts_only_failures_in_a_row(self, breaker):
        fail(breaker, 2)
        breaker.succeeded()
        fail(breaker, 2)

        assert breaker.standing is Standing.CLOSED

    def test_opens_at_the_limit(self, breaker, clock):
        fail(breaker, 3)

        clock.seconds += 29.9

        assert breaker.standing is Standing.OPEN
        assert not breaker.admits()

    def test_lets_one_through_after_the_rest(self, breaker, clock):
        fail(breaker, 3)
        clock.seconds += 30.0

        assert [breaker.admits() for _ in range(3)] == [True, False, False]
        assert breaker.standing is Standing.TRYING

    def test_closes_when_the_trial_succeeds(self, breaker, clock):
        fail(breaker, 3)
        clock.seconds += 30.0
        breaker.admits()

        breaker.succeeded()

        assert breaker.standing is Standing.CLOSED
        assert all(breaker.admits() for _ in range(3))

    def test_opens_again_when_the_trial_fails(self, breaker, clock):
        fail(breaker, 3)
        clock.seconds += 30.0
        fail(breaker, 1)

        clock.seconds += 29.0

        assert not breaker.admits()

    def test_tries_again_when_a_trial_never_ended(self, breaker, clock):
        fail(breaker, 3)
        clock.seconds += 30.0
        breaker.admits()

        clock.seconds += 30.0

        assert breaker.admits()
