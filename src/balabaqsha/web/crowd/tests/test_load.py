"""What a process measures of itself, by a clock that the test turns."""

import pytest

from balabaqsha.web.crowd import rules
from balabaqsha.web.crowd.load import Load


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(load: Load, clock: Clock, *, seconds: float, threads: int = 1) -> None:
    """So many threads make pages for a while."""
    begun = [load.begin() for _ in range(threads)]
    clock.now += seconds
    for one in begun:
        load.end(one, on_a_page=True)


class TestLoad:
    def test_lets_newcomers_in_while_it_is_idle(self, clock):
        assert Load(threads=3, full=0.75, clock=clock).take()

    def test_lets_in_no_more_at_once_than_it_can_serve_in_a_second(self, clock):
        load = Load(threads=3, full=0.75, clock=clock)

        taken = sum(load.take() for _ in range(1_000))

        assert taken == int(0.75 * 0.9 * 3 / 0.05 / rules.PAGES_FOR_ONE)

    def test_lets_in_as_many_a_second_as_pages_have_room(self, clock):
        load = Load(threads=2, full=0.5, clock=clock)
        load.take_all()

        clock.now += 0.5

        assert load.take_all() == pytest.approx(0.5 * 0.5 * 0.9 * 2 / 0.05 / rules.PAGES_FOR_ONE)

    def test_keeps_newcomers_waiting_when_its_threads_are_busy(self, clock):
        load = Load(threads=3, full=0.75, clock=clock)
        for _ in range(10):
            work(load, clock, seconds=1, threads=3)
        load.take_all()

        clock.now += 0.1

        assert not load.take()
        assert load.take_all() < 1

    def test_is_idle_again_some_seconds_after(self, clock):
        load = Load(threads=3, full=0.75, clock=clock)
        for _ in range(10):
            work(load, clock, seconds=1, threads=3)
        load.take_all()

        clock.now += 10

        assert load.take()

    def test_calls_fewer_when_pages_take_longer(self, clock):
        quick, slow = (Load(threads=3, full=0.75, clock=clock) for _ in range(2))
        for _ in range(200):
            work(quick, clock, seconds=0.01)
        quickly = quick.take_all()
        for _ in range(200):
            work(slow, clock, seconds=0.2)

        assert quickly > 3 * slow.take_all()

    def test_is_not_misled_by_a_page_that_waited_for_somebody_else(self, clock):
        load = Load(threads=3, full=0.75, clock=clock)

        work(load, clock, seconds=30)
        clock.now += 5

        assert load.take_all() > 1.5

    def test_forgets_what_it_measured_under_a_load_that_has_passed(self, clock):
        load = Load(threads=3, full=0.75, clock=clock)
        for _ in range(50):
            work(load, clock, seconds=1)
        burdened = load.take_all()

        clock.now += 60

        assert load.take_all() > 5 * burdened

    def test_does_not_count_those_kept_waiting_as_pages(self, clock):
        load, begun = Load(threads=3, full=0.75, clock=clock), 0.0
        before = load.take_all()
        for _ in range(500):
            begun = load.begin()
            clock.now += 0.001
            load.end(begun, on_a_page=False)
        clock.now += 30

        assert load.take_all() == pytest.approx(before, rel=0.05)

    def test_moves_on_however_busy_it_is(self, clock):
        load = Load(threads=1, full=0.1, clock=clock)
        begun = load.begin()
        clock.now += 60
        load.take_all()
        clock.now += 5

        assert load.take_all() == pytest.approx(5 * rules.LEAST_SHARE / 0.05, rel=0.1)
        load.end(begun, on_a_page=True)
