"""Edges of free choice, by coming first and in sealed rounds (rules, section 6.3)."""

from tests.rehearsals.telling import group

TWO = (group("K1.a", places=0, capacity=9), group("K2.a", places=0, capacity=9))
SEALED = {"free_choice.mode": "sealed"}

# Two turns lapse on Thursday 2024-10-10 at 10:00; two places open.
OPENED = """
    2024-10-07 09:00 apply A1 2021-02-01
    2024-10-07 09:01 apply A2 2021-02-02
    2024-10-07 09:02 apply A3 2021-02-03
    2024-10-07 09:03 apply A4 2021-02-04
    2024-10-07 10:00 publish K1.a 1
    2024-10-07 10:00 publish K2.a 1         | A1 TURN_OFFERED due 2024-10-10 10:00; A2 TURN_OFFERED due 2024-10-10 10:00
    2024-10-10 10:00:01 show                | A1 WAITING line 1; A2 WAITING line 2; A3 WAITING line 3; A4 WAITING line 4
"""


def test_each_opening_is_used_up_once_whoever_takes_which_place(tell_linear):
    tell_linear(
        OPENED
        + """
        2024-10-10 11:00 choose A4 K1.a     | A4 REFERRAL_ISSUED due 2024-10-17 11:00 in K1.a; K1.a 0 free; K2.a 1 free
        2024-10-10 11:01 choose A3 K1.a -> no-free-place
        2024-10-10 12:00 publish K1.a 1     | A1 TURN_OFFERED due 2024-10-15 12:00; K1.a 1 free; K2.a 1 free
        2024-10-10 12:01 choose A1 K2.a     | A1 REFERRAL_ISSUED due 2024-10-17 12:01 in K2.a; K1.a 1 free; K2.a 0 free
        2024-10-10 12:02 choose A3 K1.a     | A3 REFERRAL_ISSUED due 2024-10-17 12:02 in K1.a; K1.a 0 free; K2.a 0 free
        2024-10-10 12:03 choose A2 K1.a -> no-free-place
        2024-10-10 13:00 give_back A3       | A2 TURN_OFFERED due 2024-10-15 13:00; A3 WAITING line 1; K1.a 1 free
        2024-10-10 13:01 choose A3 K1.a -> not-allowed
        """,
        *TWO,
    )


def test_an_opening_gives_no_turn_to_whoever_comes(tell_linear):
    tell_linear(
        OPENED
        + """
        2024-10-10 12:00 apply A5 2021-02-05 | A5 WAITING line 5
        2024-10-10 12:01 withdraw A4         | A5 WAITING line 4
        2024-10-10 12:02 choose A5 K2.a      | A5 REFERRAL_ISSUED due 2024-10-17 12:02 in K2.a
        2024-10-10 12:03 withdraw A5         | A5 ARCHIVED because WITHDRAWN; A1 TURN_OFFERED due 2024-10-15 12:03; A2 WAITING line 1
        2024-10-10 12:04 withdraw A1         | A2 TURN_OFFERED due 2024-10-15 12:04; A3 WAITING line 1
        """,
        *TWO,
    )


def test_a_sealed_round_serves_in_the_order_of_the_line(tell_linear):
    tell_linear(
        OPENED
        + """
        2024-10-10 11:00 choose A4 K1.a     | A4 WAITING line 4; K1.a 1 free
        2024-10-10 11:01 choose A3 K1.a     | A3 WAITING line 3
        2024-10-10 11:02 choose A2 K1.a     | A2 WAITING line 2
        2024-10-10 11:03 choose A2 K2.a     | A2 WAITING line 2
        2024-10-10 11:04 choose A2 K3.a -> no-free-place
        2024-10-10 11:05 choose A2 K4.a -> wrong-group
        2024-10-11 10:00 choose A1 K2.a     | A1 WAITING line 1; K1.a 1 free; K2.a 1 free
        2024-10-11 10:00:01 show            | A1 REFERRAL_ISSUED due 2024-10-18 10:00 in K2.a; A2 WAITING line 1; A3 REFERRAL_ISSUED due 2024-10-18 10:00 in K1.a; A4 WAITING line 2; K1.a 0 free; K2.a 0 free
        2024-10-11 11:00 choose A2 K1.a -> no-free-place
        """,
        *TWO,
        group("K3.a", places=0),
        group("K4.a", 2022, places=1),
        terms=SEALED,
    )


def test_openings_that_are_left_begin_a_new_round(tell_linear):
    tell_linear(
        OPENED
        + """
        2024-10-10 11:00 choose A4 K1.a
        2024-10-10 11:01 choose A3 K1.a
        2024-10-11 10:00:01 show            | A3 REFERRAL_ISSUED due 2024-10-18 10:00 in K1.a; A4 WAITING line 3; K2.a 1 free
        2024-10-14 10:00 choose A4 K2.a     | A4 WAITING line 3
        2024-10-14 10:00:01 show            | A4 REFERRAL_ISSUED due 2024-10-21 10:00 in K2.a
        """,
        *TWO,
        terms=SEALED,
    )
    tell_linear(
        OPENED
        + """
        2024-10-14 10:00:01 choose A4 K2.a  | A4 WAITING line 4
        2024-10-14 10:00:02 withdraw A4
        2024-10-14 10:00:03 choose A3 K2.a  | A3 WAITING line 3
        2024-10-14 10:00:04 choose A2 K2.a  | A2 WAITING line 2
        2024-10-15 10:00:01 show            | A2 REFERRAL_ISSUED due 2024-10-22 10:00 in K2.a; A3 WAITING line 2; K1.a 1 free
        """,
        *TWO,
        terms=SEALED,
    )


def test_a_wish_ends_when_its_application_leaves_the_line(tell_linear):
    tell_linear(
        OPENED
        + """
        2024-10-10 11:00 choose A1 K1.a     | A1 WAITING line 1
        2024-10-10 12:00 publish K2.a 1     | A1 TURN_OFFERED due 2024-10-15 12:00
        2024-10-10 13:00 choose A1 K2.a     | A1 REFERRAL_ISSUED due 2024-10-17 13:00 in K2.a
        2024-10-10 14:00 give_back A1       | A1 WAITING line 1; A2 TURN_OFFERED due 2024-10-15 14:00
        2024-10-11 10:00:01 show            | A1 WAITING line 1; K1.a 1 free
        2024-10-11 11:00 choose A1 K1.a     | A1 WAITING line 1
        2024-10-14 10:00:01 show            | A1 REFERRAL_ISSUED due 2024-10-21 10:00 in K1.a
        """,
        *TWO,
        terms=SEALED,
    )


def test_a_turn_that_lapses_when_a_round_ends_belongs_to_that_round(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 09:02 apply A3 2021-02-03
        2024-10-07 09:03 apply A4 2021-02-04
        2024-10-07 10:00 publish K1.a 1     | A1 TURN_OFFERED due 2024-10-10 10:00
        2024-10-08 10:00 publish K2.a 1     | A2 TURN_OFFERED due 2024-10-11 10:00
        2024-10-10 11:00 choose A3 K1.a
        2024-10-10 11:01 choose A4 K2.a
        2024-10-11 10:00:01 show            | A3 REFERRAL_ISSUED due 2024-10-18 10:00 in K1.a; A4 REFERRAL_ISSUED due 2024-10-18 10:00 in K2.a; A2 WAITING line 2
        """,
        *TWO,
        terms=SEALED,
    )


def test_a_round_of_no_length_is_the_same_as_coming_first(tell_linear):
    tell_linear(
        OPENED
        + """
        2024-10-10 11:00 choose A4 K1.a     | A4 REFERRAL_ISSUED due 2024-10-17 11:00 in K1.a
        """,
        *TWO,
        terms=SEALED | {"free_choice.collect": 0},
    )


def test_a_round_lasts_as_its_term_says_over_days_off(tell_linear):
    tell_linear(
        """
        2024-10-08 09:00 apply A1 2021-02-01
        2024-10-08 10:00 publish K1.a 1     | A1 TURN_OFFERED due 2024-10-11 10:00
        2024-10-11 11:00 choose A1 K1.a     | A1 WAITING line 1
        2024-10-15 10:00 show               | A1 WAITING line 1
        2024-10-15 10:00:01 show            | A1 REFERRAL_ISSUED due 2024-10-22 10:00 in K1.a
        """,
        *TWO,
        terms=SEALED | {"free_choice.collect": 2},
    )
