"""Why a place in a linear line changed: three lists and a slot undone act by act, and what each act moved adds up."""

from datetime import UTC, datetime, timedelta

from balabaqsha.law.lists import Tier
from balabaqsha.line import rules
from balabaqsha.transparency.ledger import Cause
from balabaqsha.transparency.linear_ledger import Change, Seat, Standing, ledger

FIRST = datetime(2026, 9, 1, tzinfo=UTC)
ME = 10
OUT, PRIORITY, ORDINARY = Tier.OUT_OF_TURN, Tier.PRIORITY, Tier.ORDINARY


def moment(hours):
    return FIRST + timedelta(hours=hours)


def seat(number, tier=ORDINARY):
    return Seat(moment(number), number, tier)


def change(at, act, number, before, after, *, slot=None):
    return Change(at=moment(at), act=act, application_id=number, before=before, after=after, slot=slot)


APPLIED = change(ME, "apply", ME, None, seat(ME))


def told(waiting, ahead, *changes, slot=0, own=None, count_ahead=lambda _: 0):
    """The ledger of the application 10, whose line stands so now; `waiting` are out of turn, priority, ordinary."""
    standing = Standing(dict(zip(Tier, waiting, strict=True)), ahead, slot, rules.cycle("1:3"))
    lines = ledger(
        own=own or seat(ME), standing=standing, changes=[*reversed(changes), APPLIED], count_ahead=count_ahead
    )
    return [(line.before, line.after, line.causes) for line in lines]


def test_begins_with_the_application_itself():
    assert told((0, 0, 3), 2) == [(None, 3, (Cause("OWN_APPLIED", n=1),))]


def test_a_turn_given_ahead_moves_it_by_one_and_gives_the_slot_back():
    served = change(20, "offer_turn", 3, seat(3), None, slot=2)

    assert told((0, 0, 2), 1, served, slot=3) == [
        (3, 2, (Cause("AHEAD_TURN", n=1, by=-1),)),
        (None, 3, (Cause("OWN_APPLIED", n=1),)),
    ]


def test_a_turn_that_lapsed_comes_back_ahead():
    lapsed = change(20, "lapse_turn", 3, None, seat(3))

    assert told((0, 0, 3), 2, lapsed)[0] == (2, 3, (Cause("AHEAD_TURN_LAPSED", n=1, by=1),))


def test_a_right_out_of_turn_comes_before_everybody():
    confirmed = change(20, "confirm_benefit", 30, seat(30), seat(30, OUT))

    assert told((1, 0, 2), 1, confirmed)[0] == (2, 3, (Cause("AHEAD_OUT_OF_TURN", n=1, by=1),))


def test_a_newcomer_gets_in_by_the_slots_that_alternate():
    """The first of the priority list waits for slot 0; with slot 1 next, three of the ordinary list come before it."""
    newcomer = change(20, "apply", 30, None, seat(30))

    assert told((0, 1, 3), 0, newcomer, slot=1, own=seat(ME, PRIORITY))[0] == (
        3,
        4,
        (Cause("LINE_APPLIED", n=1, by=1),),
    )


def test_one_who_leaves_the_priority_list_may_move_another_by_four():
    left = change(20, "withdraw", 3, seat(3, PRIORITY), None)

    assert told((0, 1, 9), 0, left, own=seat(ME, PRIORITY))[0] == (5, 1, (Cause("AHEAD_LEFT", n=1, by=-4),))


def test_the_slots_go_on_when_those_before_were_passed_over():
    """A turn of the ordinary list was given behind me: it moved me only because the slots went on."""
    served = change(20, "offer_turn", 30, seat(30), None, slot=3)

    assert told((0, 2, 4), 3, served, slot=0)[0] == (5, 6, (Cause("SLOTS_WENT_ON", n=1, by=1),))


def test_ones_own_benefit_is_counted_in_the_list_it_came_from():
    gained = change(20, "confirm_benefit", ME, seat(ME), seat(ME, PRIORITY))

    lines = told((0, 1, 6), 0, gained, own=seat(ME, PRIORITY), count_ahead=lambda at: 6 if at.tier is ORDINARY else 0)

    assert lines == [(7, 1, (Cause("OWN_LIST_GAINED", n=1, by=-6),)), (None, 7, (Cause("OWN_APPLIED", n=1),))]


def test_a_benefit_that_ends_ahead_lets_one_pass():
    ended = change(20, "lapse_benefit", 30, seat(30, PRIORITY), seat(30))

    assert told((0, 0, 3), 0, ended)[0] == (2, 1, (Cause("AHEAD_FELL_BACK", n=1, by=-1),))


def test_what_happens_at_one_moment_stands_together_and_adds_up():
    served = change(20, "offer_turn", 3, seat(3), None, slot=1)
    back = change(20, "lapse_turn", 4, None, seat(4))
    again = change(20, "leave_stop_list", 5, None, seat(5))

    (before, after, causes), *_ = told((0, 0, 4), 3, back, again, served, slot=2)

    assert {cause.code for cause in causes} == {"AHEAD_TURN", "AHEAD_TURN_LAPSED", "AHEAD_RETURNED"}
    assert sum(cause.by for cause in causes) == after - before


def test_begins_anew_where_the_application_came_back_into_the_line():
    back = change(30, "lapse_turn", ME, None, seat(ME))
    mine = change(20, "offer_turn", ME, seat(ME), None, slot=0)

    assert told((0, 0, 1), 0, mine, back) == [(None, 1, (Cause("OWN_TURN_LAPSED", n=1),))]
