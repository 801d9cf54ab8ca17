"""Why a place changed: the line's acts undone one by one."""

from datetime import UTC, datetime, timedelta

from balabaqsha.transparency.ledger import Cause, Change, ledger

FIRST = datetime(2026, 9, 1, tzinfo=UTC)


def moment(hours):
    return FIRST + timedelta(hours=hours)


def key(category, application_id):
    return (category, moment(application_id), application_id)


def change(at, act, application_id, before, after, *, tier=""):
    return Change(moment(at), act, application_id, before, after, tier)


ME = 10
MINE = key(20, ME)
APPLIED = change(10, "apply", ME, None, MINE)


def told(place, *changes, count_ahead=lambda _: 0, own=MINE):
    newest_first = [*reversed(changes), APPLIED]
    lines = ledger(own_id=ME, own=own, place=place, changes=newest_first, count_ahead=count_ahead)
    return [(line.before, line.after, line.causes) for line in lines]


def test_begins_with_the_application_itself():
    assert told(4) == [(None, 4, (Cause("OWN_APPLIED", n=1),))]


def test_a_run_that_served_two_ahead_is_one_line():
    assert told(
        2,
        change(20, "offer_voucher", 3, key(20, 3), None),
        change(20, "offer_voucher", 4, key(20, 4), None),
        change(20, "offer_voucher", 50, key(20, 50), None),
    ) == [(4, 2, (Cause("AHEAD_SERVED", n=2),)), (None, 4, (Cause("OWN_APPLIED", n=1),))]


def test_those_behind_change_nothing():
    assert told(1, change(20, "withdraw", 50, key(20, 50), None)) == [(None, 1, (Cause("OWN_APPLIED", n=1),))]


def test_a_confirmed_benefit_ahead_says_of_which_tier():
    out_of_turn = change(20, "confirm_benefit", 30, key(20, 30), key(2, 30), tier="OUT_OF_TURN")
    priority = change(21, "confirm_benefit", 31, key(20, 31), key(14, 31), tier="PRIORITY")

    assert told(3, out_of_turn, priority)[:2] == [
        (2, 3, (Cause("AHEAD_PRIORITY", n=1),)),
        (1, 2, (Cause("AHEAD_OUT_OF_TURN", n=1),)),
    ]


def test_several_causes_of_one_moment_stand_together_and_may_cancel_out():
    left = change(20, "withdraw", 3, key(20, 3), None)
    restored = change(20, "restore", 4, None, key(20, 4))

    assert told(5, left, restored) == [(None, 5, (Cause("OWN_APPLIED", n=1),))]


def test_ones_own_benefit_is_told_with_the_new_category():
    mine = change(20, "confirm_benefit", ME, key(20, ME), key(14, ME), tier="PRIORITY")

    lines = told(2, mine, own=key(14, ME), count_ahead=lambda of: 6 if of == key(20, ME) else 1)

    assert lines == [(7, 2, (Cause("OWN_BENEFIT_CONFIRMED", category=14),)), (None, 7, (Cause("OWN_APPLIED", n=1),))]
