"""Edges of private places by state order (rules, section 6.8)."""

from tests.rehearsals.telling import group

PRIVATE = group("P1.p", ownership="private", places=2, capacity=5)
STATE = group("K1.a", places=0, capacity=5)


def test_private_places_give_no_turns_and_no_free_choice(tell_linear):
    tell_linear(
        """
        2025-01-13 09:00 apply A1 2021-05-05 | A1 WAITING line 1; P1.p 2 free
        2025-01-13 09:01 publish P1.p 1      | A1 WAITING line 1; P1.p 3 free
        2025-01-13 09:02 publish P1.p 3 -> limit-reached
        2025-01-13 09:03 publish K1.a 1      | A1 TURN_OFFERED due 2025-01-16 09:03
        2025-01-16 09:03:01 choose A1 P1.p   | A1 REFERRAL_ISSUED due 2025-01-23 09:03:01 in P1.p; P1.p 2 free; K1.a 1 free
        2025-01-16 09:04 apply A2 2021-05-06 | A2 WAITING line 1; K1.a 1 free
        2025-01-16 09:05 choose A2 K1.a      | A2 REFERRAL_ISSUED due 2025-01-23 09:05 in K1.a
        """,
        PRIVATE,
        STATE,
    )


def test_a_turn_goes_to_the_next_when_a_private_place_is_chosen(tell_linear):
    tell_linear(
        """
        2025-01-13 09:00 apply A1 2021-05-05
        2025-01-13 09:01 apply A2 2021-05-06
        2025-01-13 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2025-01-16 10:00; A2 WAITING line 1
        2025-01-14 10:00 choose A1 P1.p      | A1 REFERRAL_ISSUED due 2025-01-21 10:00 in P1.p; A2 TURN_OFFERED due 2025-01-17 10:00; K1.a 1 free
        2025-01-14 11:00 give_back A1        | A1 WAITING line 1; P1.p 2 free
        2025-01-14 12:00 withdraw A2         | A1 WAITING line 1; K1.a 1 free
        2025-01-15 11:00:01 show             | A1 TURN_OFFERED due 2025-01-20 11:00
        """,
        PRIVATE,
        STATE,
    )


def test_the_age_is_asked_on_the_day_and_before_everything_else(tell_linear):
    tell_linear(
        """
        2025-01-13 23:59:59 apply A1 2022-01-14
        2025-01-13 23:59:59 choose A1 P2.p -> too-young
        2025-01-13 23:59:59 choose A1 P1.p -> too-young
        2025-01-13 23:59:59 choose A1 P3.p -> too-young
        2025-01-14 00:00 choose A1 P1.p -> wrong-group
        2025-01-14 00:00 choose A1 P3.p -> no-free-place
        2025-01-14 00:00 choose A1 P2.p      | A1 REFERRAL_ISSUED due 2025-01-21 00:00 in P2.p
        2025-01-14 00:00 choose A1 P2.p -> not-in-this-state
        """,
        PRIVATE,
        group("P2.p", 2022, ownership="private"),
        group("P3.p", 2022, ownership="private", places=0),
    )


def test_a_wished_start_and_a_pause_may_take_a_private_place(tell_linear):
    tell_linear(
        """
        2025-01-13 09:00 apply A1 2021-05-05 wished_from=2026-01-01
        2025-01-13 09:01 choose A1 P1.p      | A1 REFERRAL_ISSUED due 2025-01-20 09:01 in P1.p
        2025-01-13 09:02 give_back A1        | A1 WAITING line 1
        2025-01-13 09:03 choose A1 P1.p      | A1 REFERRAL_ISSUED due 2025-01-20 09:03 in P1.p
        2025-01-13 09:04 register A1
        2025-01-13 09:05 send_contract A1
        2025-01-13 09:06 sign_by_parent A1
        2025-01-13 09:07 sign_by_kindergarten A1 | A1 ENROLLED in P1.p
        2025-01-13 09:08 join_waiting_list A1 P4.p
        2025-01-13 09:09 publish P4.p 1      | P4.p 0 free
        2025-01-13 09:10 accept_offer A1 P4.p | A1 ENROLLED due 2025-01-20 09:10 in P1.p
        2025-01-13 09:11 send_contract A1
        2025-01-13 09:12 sign_by_parent A1
        2025-01-13 09:13 sign_by_kindergarten A1 | A1 ENROLLED in P4.p; P1.p 2 free
        2025-01-13 09:14 apply A1 2021-05-05 -> already-applied
        """,
        PRIVATE,
        group("P4.p", ownership="private", places=0),
    )


def test_a_lapsed_private_referral_is_a_miss(tell_linear):
    tell_linear(
        """
        2025-01-13 09:00 apply A1 2021-05-05
        2025-01-13 09:01 choose A1 P1.p
        2025-01-20 09:01:01 show             | A1 STOP_LISTED due 2025-02-03 09:01 misses 1; P1.p 2 free
        2025-01-20 09:02 choose A1 P1.p -> stop-listed
        2025-02-03 09:01:01 choose A1 P1.p   | A1 REFERRAL_ISSUED due 2025-02-10 09:01:01 in P1.p misses 1
        2025-02-10 09:01:02 show             | A1 ARCHIVED because TWO_MISSED misses 2; P1.p 2 free
        """,
        PRIVATE,
    )


def test_in_a_sealed_round_a_private_place_is_taken_at_once(tell_linear):
    tell_linear(
        """
        2025-01-13 09:00 apply A1 2021-05-05
        2025-01-13 09:01 apply A2 2021-05-06
        2025-01-13 10:00 publish K1.a 1
        2025-01-16 10:00:01 choose A1 K1.a   | A1 WAITING line 1
        2025-01-16 10:00:02 choose A2 K1.a   | A2 WAITING line 2
        2025-01-16 11:00 choose A1 P1.p      | A1 REFERRAL_ISSUED due 2025-01-23 11:00 in P1.p; A2 WAITING line 1
        2025-01-17 10:00:01 show             | A2 REFERRAL_ISSUED due 2025-01-24 10:00 in K1.a
        """,
        PRIVATE,
        STATE,
        terms={"free_choice.mode": "sealed"},
    )
