"""Edges of turns in a linear line: who gets one, when, and what becomes of it (rules, sections 3 and 6.1 to 6.2)."""

from tests.rehearsals.telling import group

EMPTY = group("K1.a", places=0, capacity=9)


def test_a_place_that_waits_is_given_to_whoever_comes_into_the_line(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01 | A1 TURN_OFFERED due 2024-10-10 09:00; K1.a 1 free
        2024-10-07 09:01 apply A2 2021-02-02 | A2 WAITING line 1; K1.a 1 free
        2024-10-07 09:02 withdraw A1         | A1 ARCHIVED because WITHDRAWN; A2 TURN_OFFERED due 2024-10-10 09:02
        2024-10-07 09:03 apply A1 2021-02-01 | A1 WAITING line 1
        2024-10-07 09:04 apply A3 2022-02-01 | A3 WAITING line 1
        2024-10-07 09:05 apply A3 2022-02-01 -> already-applied
        """,
        group("K1.a"),
    )


def test_a_birth_year_and_a_correction_have_lines_of_their_own(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:00 apply B1 2022-02-01
        2024-10-07 09:00 apply S1 2021-02-02 kind=special correction=speech | S1 DOCUMENTS_CHECK
        2024-10-07 09:00 apply S2 2021-02-02 kind=special correction=speech
        2024-10-07 09:00 apply S3 2021-02-02 kind=special correction=sight
        2024-10-07 09:01 check_documents S2 confirm | S2 WAITING line 1
        2024-10-07 09:02 check_documents S1 confirm | S1 WAITING line 1; S2 WAITING line 2
        2024-10-07 09:03 check_documents S3 reject  | S3 ARCHIVED because REJECTED
        2024-10-07 09:03 check_documents S3 reject -> not-in-this-state
        2024-10-07 10:00 publish K3.s 1      | S1 TURN_OFFERED due 2024-10-10 10:00; A1 WAITING line 1; S2 WAITING line 1
        2024-10-07 10:01 publish K2.b 1      | B1 TURN_OFFERED due 2024-10-10 10:01; A1 WAITING line 1
        2024-10-07 10:02 choose S1 K1.a -> wrong-group
        2024-10-07 10:02 choose B1 K1.a -> wrong-group
        2024-10-07 10:02 choose B1 K3.s -> wrong-group
        2024-10-07 10:02 choose A1 K2.b -> wrong-group
        2024-10-07 10:03 choose S1 K3.s      | S1 REFERRAL_ISSUED due 2024-10-14 10:03 in K3.s
        """,
        EMPTY,
        group("K2.b", 2022, places=0),
        group("K3.s", correction="speech", places=0, capacity=2),
    )


def test_a_special_case_confirmed_takes_the_place_that_waits(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply S1 2021-02-02 kind=special correction=speech benefit=LARGE_FAMILY | S1 DOCUMENTS_CHECK
        2024-10-07 09:30 apply S2 2021-02-03 kind=special correction=speech
        2024-10-08 10:00 check_documents S2 confirm | S2 TURN_OFFERED due 2024-10-11 10:00
        2024-10-08 10:01 check_documents S1 confirm | S1 WAITING line 1
        2024-10-08 10:02 check_documents S1 confirm | S1 WAITING line 1
        2024-10-08 10:03 check_documents S1 confirm -> not-in-this-state
        """,
        group("K3.s", correction="speech"),
    )


def test_a_turn_lapses_a_moment_after_its_last_one(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2024-10-10 10:00; A2 WAITING line 1
        2024-10-10 10:00 show                | A1 TURN_OFFERED due 2024-10-10 10:00; A2 WAITING line 1
        2024-10-10 10:00:01 choose A1 K1.a   | A1 REFERRAL_ISSUED due 2024-10-17 10:00:01 in K1.a; K1.a 0 free
        2024-10-10 10:00:02 publish K1.a 1   | A2 TURN_OFFERED due 2024-10-15 10:00:02
        2024-10-15 10:00:02 choose A2 K1.a   | A2 REFERRAL_ISSUED due 2024-10-22 10:00:02 in K1.a; K1.a 0 free
        """,
        EMPTY,
    )


def test_a_lapsed_turn_gives_nobody_else_a_turn(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 10:00 publish K1.a 1
        2024-10-10 10:01 show                | A1 WAITING line 1; A2 WAITING line 2; K1.a 1 free
        2024-10-10 10:02 apply A3 2021-02-03 | A3 WAITING line 3
        2024-10-11 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2024-10-16 10:00; A2 WAITING line 1; K1.a 2 free
        2024-10-11 11:00 choose A3 K1.a      | A3 REFERRAL_ISSUED due 2024-10-18 11:00 in K1.a; K1.a 1 free
        2024-10-11 11:01 choose A2 K1.a -> not-allowed
        2024-10-11 12:00 choose A1 K1.a      | A1 REFERRAL_ISSUED due 2024-10-18 12:00 in K1.a; K1.a 0 free
        2024-10-11 12:01 choose A2 K1.a -> no-free-place
        2024-10-18 12:00:01 show             | A2 TURN_OFFERED due 2024-10-23 11:00; A1 STOP_LISTED due 2024-11-04 12:00 misses 1; K1.a 2 free
        """,
        EMPTY,
    )


def test_a_wished_start_and_the_second_birthday_are_passed_over_without_losing_the_place(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2022-10-09 | A1 WAITING line 1
        2024-10-07 09:01 apply A2 2022-01-02 wished_from=2024-10-10 | A2 WAITING line 2
        2024-10-07 09:02 apply A3 2022-01-03 wished_from=2024-10-07 | A3 WAITING line 3
        2024-10-07 10:00 publish K1.a 2      | A3 TURN_OFFERED due 2024-10-10 10:00; A1 WAITING line 1; A2 WAITING line 2
        2024-10-09 00:00 show                | A1 WAITING line 1; A2 WAITING line 2; K1.a 2 free
        2024-10-09 00:00:01 show             | A1 TURN_OFFERED due 2024-10-14 00:00; A2 WAITING line 1
        2024-10-09 10:00 publish K1.a 1      | A2 WAITING line 1; K1.a 3 free
        2024-10-10 00:00 show                | A2 WAITING line 1
        2024-10-10 00:00:01 show             | A2 TURN_OFFERED due 2024-10-15 00:00
        """,
        group("K1.a", 2022, places=0, capacity=3),
    )


def test_too_young_for_free_choice_until_after_the_first_moment_of_the_birthday(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2022-10-16
        2024-10-07 09:01 apply A2 2022-01-02
        2024-10-07 10:00 publish K1.a 1      | A2 TURN_OFFERED due 2024-10-10 10:00; A1 WAITING line 1
        2024-10-07 10:01 choose A1 K1.a -> too-young
        2024-10-07 10:01 choose A1 K2.a -> too-young
        2024-10-10 10:01 choose A1 K1.a -> too-young | A1 WAITING line 1; A2 WAITING line 2
        2024-10-16 00:00 choose A1 K1.a -> too-young
        2024-10-16 00:00:01 choose A1 K1.a   | A1 REFERRAL_ISSUED due 2024-10-23 00:00:01 in K1.a
        """,
        group("K1.a", 2022, places=0),
        group("K2.a", 2021),
    )


def test_a_wished_start_in_the_future_may_take_free_choice(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-10-16
        2024-10-07 09:01 apply A2 2021-01-02 wished_from=2025-01-01
        2024-10-07 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2024-10-10 10:00; A2 WAITING line 1
        2024-10-10 10:01 choose A2 K1.a      | A2 REFERRAL_ISSUED due 2024-10-17 10:01 in K1.a
        2024-10-17 10:01:01 show             | A2 STOP_LISTED due 2024-11-01 10:01 misses 1; A1 TURN_OFFERED due 2024-10-22 10:01
        2024-11-04 10:00 show                | A2 WAITING line 2 misses 1; A1 WAITING line 1
        """,
        group("K1.a", 2021, places=0),
    )


def test_ageing_out_frees_a_turn_for_the_next_and_comes_first(tell_linear):
    tell_linear(
        """
        2024-08-29 09:00 apply A1 2018-02-01
        2024-08-29 09:01 apply A2 2019-02-01
        2024-08-29 09:02 apply A3 2018-03-01 | A3 WAITING line 2
        2024-08-29 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2024-09-04 10:00
        2024-09-01 00:00 show                | A1 TURN_OFFERED due 2024-09-04 10:00; A3 WAITING line 1
        2024-09-01 00:00 apply A4 2018-04-01 | A4 WAITING line 2
        2024-09-01 00:00:01 show             | A1 ARCHIVED because AGED_OUT; A3 ARCHIVED because AGED_OUT; A4 ARCHIVED because AGED_OUT; K1.a 1 free
        2024-09-01 00:00:02 apply A1 2018-02-01 -> not-allowed
        """,
        group("K1.a", 2018, places=0),
    )


def test_terms_of_nought_are_due_at_their_own_moment(tell_linear):
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2024-10-07 10:00
        2024-10-07 10:00 choose A1 K1.a      | A1 REFERRAL_ISSUED due 2024-10-07 10:00 in K1.a
        2024-10-07 10:00 register A1         | A1 REGISTERED due 2024-10-07 10:00 in K1.a
        2024-10-07 10:00:01 send_contract A1 | A1 CONTRACT_WITH_PARENT due 2024-10-08 10:00:01 in K1.a
        """,
        group("K1.a", places=0),
        terms={"turn.choose": 0, "referral.validity": 0},
    )
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 10:00 publish K1.a 1      | A1 TURN_OFFERED due 2024-10-10 10:00
        2024-10-07 11:00 choose A1 K1.a      | A1 REFERRAL_ISSUED due 2024-10-14 11:00 in K1.a
        2024-10-07 11:00 give_back A1        | A1 WAITING line 1; K1.a 1 free
        2024-10-07 11:00:01 show             | A1 TURN_OFFERED due 2024-10-10 11:00; K1.a 1 free
        2024-10-07 12:00 choose A1 K1.a      | A1 REFERRAL_ISSUED due 2024-10-14 12:00 in K1.a
        2024-10-07 12:00:01 give_back A1 -> too-late
        2024-10-14 12:00:01 show             | A1 TURN_OFFERED due 2024-10-17 12:00 misses 1
        """,
        group("K1.a", places=0),
        terms={"referral.pause_after_give_back": 0, "referral.give_back": 0, "stop_list.length": 0},
    )
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2024-10-07 | A1 WAITING line 1
        2024-10-07 09:00 choose A1 K1.a -> wrong-group
        """,
        group("K1.a", places=0),
        terms={"turn.min_age": 0, "private_place.min_age": 10000},
    )
    tell_linear(
        """
        2024-10-07 09:00 apply A1 2021-10-07 | A1 WAITING line 1; K1.a 1 free
        2024-10-07 09:00 choose A1 K1.a -> too-young
        """,
        group("K1.a"),
        terms={"turn.min_age": 10000},
    )
