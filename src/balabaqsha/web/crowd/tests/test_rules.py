"""Who goes in: the order is kept, nobody waits for ever, the tickets say the truth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balabaqsha.web.crowd import rules
from balabaqsha.web.crowd.rules import Line, Ticket, Turn

NOW = 1_000_000
QUIET = Line(called=7, drawn=7, per_second=0)
CROWD = Line(called=7.6, drawn=40, per_second=2)


def turn(ticket: Ticket | None, line: Line, *, room: bool = True, now: int = NOW) -> Turn:
    return rules.turn(ticket, line, now=now, has_room=lambda: room)


def held(number: int, *, seen: int = NOW) -> Ticket:
    return Ticket(number, inside=False, seen=seen)


class TestTurn:
    def test_lets_a_newcomer_in_while_there_is_room_and_nobody_waits(self):
        assert turn(None, QUIET) is Turn.IN

    def test_gives_a_newcomer_a_number_where_there_is_no_room(self):
        assert turn(None, QUIET, room=False) is Turn.DRAWS

    def test_lets_no_newcomer_overtake_those_who_wait(self):
        assert turn(None, CROWD, room=True) is Turn.DRAWS

    def test_takes_no_room_of_those_who_wait(self):
        asked = []

        rules.turn(None, CROWD, now=NOW, has_room=lambda: bool(asked.append(1)))

        assert asked == []

    @pytest.mark.parametrize(("number", "expected"), [(7, Turn.IN), (8, Turn.WAITS), (40, Turn.WAITS)])
    def test_lets_in_up_to_the_number_called(self, number, expected):
        assert turn(held(number), CROWD) is expected

    def test_keeps_a_place_for_an_hour_after_the_page_was_closed(self):
        called = Line(called=40, drawn=90, per_second=1)

        assert turn(held(30, seen=NOW - rules.KEPT_SECONDS), called) is Turn.IN
        assert turn(held(30, seen=NOW - rules.KEPT_SECONDS - 1), called) is Turn.DRAWS

    def test_knows_no_number_that_was_never_drawn(self):
        assert turn(held(41), CROWD) is Turn.DRAWS

    def test_sends_somebody_who_rested_too_long_inside_to_the_end(self):
        rested = Ticket(3, inside=True, seen=NOW - rules.INSIDE_SECONDS - 1)

        assert not rules.is_inside(rested, now=NOW)
        assert turn(rested, CROWD) is Turn.DRAWS


class TestEntered:
    def test_is_written_anew_at_most_once_a_minute(self):
        inside = Ticket(3, inside=True, seen=NOW)

        assert rules.entered(inside, now=NOW + 59) is inside
        assert rules.entered(inside, now=NOW + 60).seen == NOW + 60

    def test_is_inside_from_the_moment_of_entering(self):
        assert rules.entered(held(9, seen=NOW - 500), now=NOW) == Ticket(9, inside=True, seen=NOW)
        assert rules.is_inside(rules.entered(None, now=NOW), now=NOW)


class TestTelling:
    @pytest.mark.parametrize(("number", "expected"), [(8, 0), (9, 1), (40, 32)])
    def test_counts_those_ahead(self, number, expected):
        assert rules.ahead(held(number), CROWD) == expected

    def test_judges_by_the_pace_of_late(self):
        assert rules.seconds_left(held(27), CROWD) == 10
        assert rules.seconds_left(held(27), QUIET) is None

    @pytest.mark.parametrize(
        ("before", "left", "expected"),
        [(0, 0, 5), (900, 40, 20), (900, 3_000, 60), (0, 3_000, 5), (100, 3_000, 15), (0, None, 5), (200, None, 25)],
    )
    def test_asks_again_the_sooner_the_nearer(self, before, left, expected):
        assert rules.pause(before, left) == expected

    def test_looks_at_terms_every_five_minutes(self):
        ticket = Ticket(9, inside=False, seen=NOW, asked=NOW)

        assert rules.asks_again(None, now=NOW)
        assert not rules.asks_again(ticket, now=NOW + rules.ASKED_EVERY_SECONDS - 1)
        assert rules.asks_again(ticket, now=NOW + rules.ASKED_EVERY_SECONDS)


class TestMayCall:
    def test_fills_what_is_free_of_the_threads(self):
        assert rules.may_call(busy=0.25, full=0.75, threads=3, seconds_each=0.05) == pytest.approx(4.25)

    def test_counts_one_thread_as_full_where_pages_take_long(self):
        assert rules.may_call(busy=0.0, full=0.75, threads=3, seconds_each=1.0) == pytest.approx(0.125)
        assert rules.may_call(busy=0.3, full=0.75, threads=3, seconds_each=1.0) == pytest.approx(0.009)

    @given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 64), st.floats(0.001, 1))
    def test_never_stops(self, busy, full, threads, seconds_each):
        assert rules.may_call(busy=busy, full=full, threads=threads, seconds_each=seconds_each) > 0


class Model:
    """The room with its shared door, as the processes work it together: a number is drawn, some are called, some come."""

    def __init__(self) -> None:
        self.called, self.drawn = 1.0, 1
        self.tickets: dict[int, Ticket] = {}
        self.arrived, self.entered = [], []
        self.seen = [Line(1, 1, 0)]

    def comes(self, who: int, *, room: bool) -> None:
        if who in self.tickets and self.tickets[who].inside:
            return
        line = Line(self.called, self.drawn, 1)
        if who not in self.tickets:
            self.arrived.append(who)
        what = rules.turn(self.tickets.get(who), line, now=NOW, has_room=lambda: room)
        if what is Turn.IN:
            self.tickets[who] = rules.entered(self.tickets.get(who), now=NOW)
            self.entered.append(who)
        elif what is Turn.DRAWS:
            self.drawn += 1
            self.tickets[who] = held(self.drawn)

    def calls(self, more: float) -> None:
        self.called = min(self.called + more, max(self.called, self.drawn))
        self.seen.append(Line(self.called, self.drawn, 1))


comings = st.tuples(st.just("comes"), st.integers(0, 30), st.booleans())
callings = st.tuples(st.just("calls"), st.floats(0.01, 5))


@given(st.lists(comings | callings, max_size=120))
def test_the_order_is_kept_the_door_never_goes_back_and_everybody_gets_in(steps):
    model = Model()
    for what, *given_ in steps:
        if what == "comes":
            model.comes(given_[0], room=given_[1])
            # Whoever is in came before everybody who has not been called.
            waiting = [model.arrived.index(who) for who, ticket in model.tickets.items() if not may_go(model, ticket)]
            if waiting:
                assert all(model.arrived.index(who) < min(waiting) for who in model.entered)
        else:
            model.calls(given_[0])

    assert all(one.called <= other.called for one, other in zip(model.seen, model.seen[1:], strict=False))
    # However slow, those who come back get in at last.
    for _ in range(400):
        model.calls(0.1)
    for who in list(model.tickets):
        model.comes(who, room=False)
    assert sorted(model.entered) == sorted(model.tickets)


def may_go(model: Model, ticket: Ticket) -> bool:
    return ticket.inside or ticket.number <= model.called
