"""Edges of a referral: giving back, extension, registration, lapses and the stop list (rules, sections 6.4 to 6.7)."""

from tests.rehearsals.telling import group

ONE = group("K1.a", places=0, capacity=3)

# The referral of A1, issued on Tuesday 2025-02-04 at 12:00, is to be registered by Tuesday 2025-02-11 at 12:00.
ISSUED = """
    2025-02-03 09:00 apply A1 2021-05-05
    2025-02-03 10:00 publish K1.a 1
    2025-02-04 12:00 choose A1 K1.a         | A1 REFERRAL_ISSUED due 2025-02-11 12:00 in K1.a; K1.a 0 free
"""
REGISTERED = (
    ISSUED
    + """
    2025-02-05 09:00 register A1            | A1 REGISTERED due 2025-02-12 09:00 in K1.a
"""
)


def test_only_a_referral_not_yet_registered_is_given_back(tell_linear):
    tell_linear(
        """
        2025-02-03 09:00 apply A1 2021-05-05
        2025-02-03 09:00 give_back A1 -> not-in-this-state
        2025-02-03 10:00 publish K1.a 1
        2025-02-03 10:00 give_back A1 -> not-in-this-state
        2025-02-04 12:00 choose A1 K1.a
        2025-02-04 13:00 extend A1 days=5        | A1 REFERRAL_ISSUED due 2025-02-16 12:00 in K1.a
        2025-02-05 12:00:01 give_back A1 -> too-late
        2025-02-05 13:00 register A1        | A1 REGISTERED due 2025-02-12 13:00 in K1.a
        2025-02-05 13:00 give_back A1 -> not-in-this-state
        """,
        ONE,
    )


def test_after_giving_back_there_is_no_turn_until_the_pause_is_over(tell_linear):
    tell_linear(
        ISSUED
        + """
        2025-02-05 12:00 give_back A1       | A1 WAITING line 1; K1.a 1 free
        2025-02-05 12:01 choose A1 K1.a -> not-allowed
        2025-02-06 12:00 show               | A1 WAITING line 1; K1.a 1 free
        2025-02-06 12:00:01 show            | A1 TURN_OFFERED due 2025-02-11 12:00
        """,
        ONE,
    )


def test_a_pause_takes_free_choice(tell_linear):
    tell_linear(
        """
        2025-02-03 09:00 apply A1 2021-05-05
        2025-02-03 09:01 apply A2 2021-05-06
        2025-02-03 10:00 publish K1.a 2
        2025-02-06 10:00 choose A1 K1.a
        2025-02-06 10:00:01 give_back A1    | A1 WAITING line 1; A2 TURN_OFFERED due 2025-02-11 10:00:01; K1.a 2 free
        2025-02-06 10:00:02 choose A1 K1.a  | A1 REFERRAL_ISSUED due 2025-02-13 10:00:02 in K1.a
        """,
        ONE,
    )


def test_the_extension_is_asked_once_and_up_to_the_most_days(tell_linear):
    tell_linear(
        ISSUED
        + """
        2025-02-05 09:00 extend A1 days=31 -> limit-reached
        2025-02-05 09:01 extend A1 days=1        | A1 REFERRAL_ISSUED due 2025-02-12 12:00 in K1.a
        2025-02-05 09:02 extend A1 days=1 -> limit-reached
        2025-02-05 09:02 extend A1 days=99 -> limit-reached
        2025-02-12 12:00:01 extend A1 days=1 -> not-in-this-state | A1 STOP_LISTED due 2025-02-26 12:00 misses 1; K1.a 1 free
        """,
        ONE,
    )


def test_a_referral_not_registered_lapses_and_the_stop_list_ends_in_the_line(tell_linear):
    tell_linear(
        """
        2025-02-03 09:00 apply A1 2021-05-05
        2025-02-03 09:01 apply A2 2021-05-06
        2025-02-03 10:00 publish K1.a 1
        2025-02-04 12:00 choose A1 K1.a
        2025-02-11 12:00:01 register A1 -> not-in-this-state | A1 STOP_LISTED due 2025-02-25 12:00 misses 1; A2 TURN_OFFERED due 2025-02-14 12:00
        2025-02-11 12:01 choose A1 K1.a -> stop-listed
        2025-02-11 12:01 choose A1 K9.z -> stop-listed
        2025-02-11 12:01 extend A1 days=40 -> not-in-this-state
        2025-02-11 12:01 restore A1 -> not-in-this-state
        2025-02-11 12:01 unchoose A1 -> not-in-this-state
        2025-02-11 12:01 join_waiting_list A1 K1.a -> not-in-this-state
        2025-02-11 12:01 leave_waiting_list A1 K1.a -> not-allowed
        2025-02-11 12:01 check_documents A1 confirm -> not-in-this-state
        2025-02-11 12:01 apply A1 2021-05-05 -> already-applied
        2025-02-14 12:00:01 show            | A2 WAITING line 1; A1 STOP_LISTED due 2025-02-25 12:00 misses 1; K1.a 1 free
        2025-02-25 12:00:01 show            | A1 WAITING line 1 misses 1; A2 WAITING line 2; K1.a 1 free
        2025-02-25 12:00:02 choose A1 K1.a  | A1 REFERRAL_ISSUED due 2025-03-04 12:00:02 in K1.a misses 1
        2025-03-04 12:00:03 show            | A1 ARCHIVED because TWO_MISSED misses 2; A2 TURN_OFFERED due 2025-03-07 12:00:02
        2025-03-05 09:00 apply A1 2021-05-05 | A1 WAITING line 1
        """,
        ONE,
        group("K9.z", 2022),
    )


def test_a_stop_listed_family_may_withdraw(tell_linear):
    tell_linear(
        ISSUED
        + """
        2025-02-12 12:00 withdraw A1        | A1 ARCHIVED because WITHDRAWN misses 1
        2025-02-12 12:01 apply A1 2021-05-05 | A1 TURN_OFFERED due 2025-02-17 12:01
        """,
        ONE,
    )


def test_the_count_of_misses_is_a_term(tell_linear):
    tell_linear(
        ISSUED + "2025-02-11 12:00:01 show | A1 ARCHIVED because TWO_MISSED misses 1; K1.a 1 free",
        ONE,
        terms={"referral.misses_to_remove": 1},
    )
    tell_linear(
        ISSUED
        + """
        2025-02-11 12:00:01 show            | A1 STOP_LISTED due 2025-02-12 12:00 misses 1
        2025-02-12 12:00:01 choose A1 K1.a  | A1 REFERRAL_ISSUED due 2025-02-19 12:00:01 in K1.a misses 1
        2025-02-19 12:00:02 show            | A1 STOP_LISTED due 2025-02-20 12:00:01 misses 2
        """,
        ONE,
        terms={"referral.misses_to_remove": 3, "stop_list.length": 1},
    )


def test_an_undecided_claim_out_of_turn_is_not_registered(tell_linear):
    tell_linear(
        """
        2025-02-03 09:00 apply A1 2021-05-05 benefit=SPECIAL_BODIES
        2025-02-03 09:01 apply A2 2021-05-06 benefit=ORPHAN
        2025-02-03 10:00 publish K1.a 2
        2025-02-04 12:00 choose A1 K1.a
        2025-02-04 12:00 choose A2 K1.a
        2025-02-05 12:00 register A1 -> not-allowed
        2025-02-05 12:00 register A2        | A2 REGISTERED due 2025-02-12 12:00 in K1.a
        2025-02-05 12:01 check_documents A1 confirm | A1 REFERRAL_ISSUED due 2025-02-11 12:00 in K1.a
        2025-02-11 12:00 register A1        | A1 REGISTERED due 2025-02-18 12:00 in K1.a
        2025-02-11 12:01 check_documents A2 confirm | A2 REGISTERED due 2025-02-12 12:00 in K1.a
        """,
        ONE,
    )


def test_voucher_acts_are_not_of_this_regime(tell_linear):
    tell_linear(
        ISSUED
        + """
        2025-02-04 13:00 run_vouchers -> not-allowed
        2025-02-04 13:00 confirm_interest A1 -> not-in-this-state
        2025-02-04 13:00 decline A1 -> not-in-this-state
        2025-02-04 13:00 restore A1 -> not-in-this-state
        2025-02-04 13:00 unchoose A1 -> not-in-this-state
        2025-02-04 13:00 choose A1 K1.a -> not-in-this-state
        2025-02-04 13:00 send_contract A1 -> not-in-this-state
        2025-02-04 13:00 refuse_contract A1 group_closed -> not-in-this-state
        2025-02-04 13:00 grant_papers_time A1 -> not-in-this-state
        2025-02-04 13:00 sign_by_parent A1 -> not-in-this-state
        2025-02-04 13:00 leave A1 -> not-in-this-state
        2025-02-04 13:00 accept_offer A1 K1.a -> not-in-this-state
        2025-02-04 13:00 join_waiting_list A1 K1.a -> not-in-this-state
        2025-06-30 13:00 renew              | A1 WAITING line 1 misses 1
        """,
        ONE,
    )


def test_withdrawing_a_referral_gives_the_place_to_the_next_turn(tell_linear):
    tell_linear(
        """
        2025-02-03 09:00 apply A1 2021-05-05
        2025-02-03 09:01 apply A2 2021-05-06
        2025-02-03 10:00 publish K1.a 1
        2025-02-04 12:00 choose A1 K1.a
        2025-02-04 13:00 withdraw A1        | A1 ARCHIVED because WITHDRAWN; A2 TURN_OFFERED due 2025-02-07 13:00; K1.a 1 free
        2025-02-04 13:00 give_back A1 -> not-in-this-state
        2025-02-04 13:00 register A1 -> not-in-this-state
        """,
        ONE,
    )
