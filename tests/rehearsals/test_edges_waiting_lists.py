"""Edges of waiting lists: joining, offers, answers, and whose turn is next."""

from tests.rehearsals.telling import group

K1, K2, K3 = group("K1.a"), group("K2.a"), group("K3.a", places=2)

# A1 holds the only place of K1.a; A2 and A3 have vouchers until 2024-10-14 11:00.
THREE = """
    2024-10-07 09:00 apply A1 2021-02-01
    2024-10-07 09:00 apply A2 2021-02-02
    2024-10-07 09:00 apply A3 2021-02-03
    2024-10-07 10:00 run_vouchers
    2024-10-07 11:00 confirm_interest A1
    2024-10-07 11:00 confirm_interest A2
    2024-10-07 11:00 confirm_interest A3
    2024-10-07 12:00 choose A1 K1.a
"""
ACTIVE = "VOUCHER_ACTIVE due 2024-10-14 11:00"


def test_the_list_is_asked_in_the_order_of_joining(tell):
    tell(
        THREE
        + f"""
        2024-10-08 09:00    join_waiting_list A3 K1.a
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 10:00    unchoose A1             | A1 {ACTIVE}; A3 {ACTIVE}; K1.a 0 free
        2024-10-08 10:01    accept_offer A2 K1.a -> not-in-this-state
        2024-10-08 10:02    choose A1 K1.a -> no-free-place
        2024-10-08 10:03    choose A3 K1.a -> no-free-place
        2024-10-09 10:00    show                    | K1.a 0 free
        2024-10-09 10:00:01 accept_offer A3 K1.a -> not-in-this-state | K1.a 0 free
        2024-10-09 10:00:02 leave_waiting_list A3 K1.a -> not-allowed
        2024-10-10 10:00    accept_offer A2 K1.a    | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a; A3 {ACTIVE}
        2024-10-10 10:01    accept_offer A2 K1.a -> not-in-this-state
        """,
        K1,
        K3,
    )


def test_joining_while_places_are_free_brings_only_a_place_that_becomes_free_later(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 10:00 run_vouchers
        2024-10-07 11:00 confirm_interest A1
        2024-10-07 12:00 join_waiting_list A1 K1.a  | K1.a 1 free
        2024-10-07 12:01 accept_offer A1 K1.a -> not-in-this-state
        2024-10-07 12:02 join_waiting_list A1 K1.a -> not-allowed
        2024-10-07 13:00 publish K1.a 1             | A1 VOUCHER_ACTIVE due 2024-10-14 11:00; K1.a 1 free
        2024-10-07 13:01 choose A1 K1.a             | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a; K1.a 1 free
        """,
        group("K1.a", capacity=2),
    )


def test_published_places_go_to_the_list_first_and_the_rest_is_free(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00 join_waiting_list A2 K4.a
        2024-10-08 10:00 publish K4.a 2             | K4.a 1 free
        2024-10-08 10:01 publish K4.a 2 -> limit-reached | K4.a 1 free
        2024-10-08 10:02 choose A3 K4.a             | K4.a 0 free
        2024-10-08 10:03 accept_offer A2 K4.a       | K4.a 0 free
        2024-10-08 10:04 publish K4.a 1             | K4.a 1 free
        2024-10-08 10:05 publish K4.a 1 -> limit-reached
        """,
        K1,
        K3,
        group("K4.a", places=0, capacity=3),
    )


def test_accepting_ends_the_other_lists_and_their_offers_go_to_the_next(tell):
    tell(
        THREE
        + f"""
        2024-10-08 09:00    choose A3 K2.a
        2024-10-08 09:01    join_waiting_list A2 K1.a
        2024-10-08 09:02    join_waiting_list A2 K2.a
        2024-10-08 09:03    join_waiting_list A2 K3.a
        2024-10-08 10:00    unchoose A1
        2024-10-08 10:01    join_waiting_list A1 K2.a
        2024-10-08 11:00    unchoose A3             | A2 {ACTIVE}; K1.a 0 free; K2.a 0 free
        2024-10-08 12:00    accept_offer A2 K1.a    | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a; K2.a 0 free
        2024-10-08 12:01    accept_offer A2 K2.a -> not-in-this-state
        2024-10-08 12:02    leave_waiting_list A2 K3.a -> not-allowed
        2024-10-09 12:00    accept_offer A1 K2.a    | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K2.a
        """,
        K1,
        K2,
        K3,
    )


def test_choosing_elsewhere_ends_an_offer_which_goes_to_the_next(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:01    join_waiting_list A3 K1.a
        2024-10-08 10:00    unchoose A1
        2024-10-08 11:00    choose A2 K3.a          | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K3.a; K1.a 0 free
        2024-10-08 12:00    choose A3 K3.a          | A3 CONTRACT_AWAITED due 2024-10-14 11:00 in K3.a; K1.a 1 free
        2024-10-08 12:01    choose A1 K1.a          | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a
        """,
        K1,
        K3,
    )


def test_choosing_a_free_place_of_the_group_that_offers_one_frees_the_offered_place(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00    choose A3 K1.a
        2024-10-08 09:01    join_waiting_list A2 K1.a
        2024-10-08 10:00    unchoose A1             | K1.a 0 free
        2024-10-08 10:01    unchoose A3             | K1.a 1 free
        2024-10-08 11:00    choose A2 K1.a          | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a; K1.a 1 free
        """,
        group("K1.a", places=2),
        K3,
    )


def test_leaving_a_list_with_an_open_offer_asks_the_next(tell):
    tell(
        THREE
        + f"""
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:01    join_waiting_list A3 K1.a
        2024-10-08 10:00    unchoose A1
        2024-10-08 11:00    leave_waiting_list A2 K1.a | A2 {ACTIVE}; K1.a 0 free
        2024-10-08 11:01    leave_waiting_list A2 K1.a -> not-allowed
        2024-10-08 11:02    join_waiting_list A2 K1.a
        2024-10-09 11:00    show                    | K1.a 0 free
        2024-10-09 11:00:01 accept_offer A2 K1.a    | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a
        2024-10-09 11:00:02 leave_waiting_list A3 K1.a -> not-allowed
        """,
        K1,
        K3,
    )


def test_an_offer_that_nobody_answers_leaves_the_place_free_when_the_list_is_empty(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:01    join_waiting_list A3 K1.a
        2024-10-08 10:00    unchoose A1     | K1.a 0 free
        2024-10-10 10:00    show            | K1.a 0 free
        2024-10-10 10:00:01 show            | K1.a 1 free
        """,
        K1,
        K3,
    )


def test_an_offer_and_the_voucher_that_end_together_leave_the_place_to_the_next(tell):
    lines = (
        THREE
        + """
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:01    join_waiting_list A3 K1.a
        2024-10-13 11:00    unchoose A1         | K1.a 0 free
    """
    )
    tell(lines + "2024-10-14 11:00:01 accept_offer A3 K1.a -> not-in-this-state | K1.a 1 free", K1, K3)
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01
        2024-10-07 09:00    apply A2 2021-02-02
        2024-10-07 09:00    apply A3 2021-02-03
        2024-10-07 10:00    run_vouchers
        2024-10-07 11:00    confirm_interest A1
        2024-10-07 11:00    confirm_interest A2
        2024-10-07 12:00    confirm_interest A3
        2024-10-07 12:00    choose A1 K1.a
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:01    join_waiting_list A3 K1.a
        2024-10-13 11:00    unchoose A1
        2024-10-14 11:00    show                    | A2 VOUCHER_ACTIVE due 2024-10-14 11:00; K1.a 0 free
        2024-10-14 11:00:01 accept_offer A3 K1.a    | A2 ARCHIVED because VOUCHER_LAPSED; A3 CONTRACT_AWAITED due 2024-10-14 12:00 in K1.a
        """,
        K1,
        K3,
    )


def test_the_end_of_a_voucher_ends_its_offer_before_its_time(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-14 10:00    unchoose A1         | K1.a 0 free
        2024-10-14 11:00    show                | A2 VOUCHER_ACTIVE due 2024-10-14 11:00; K1.a 0 free
        2024-10-14 11:00:01 accept_offer A2 K1.a -> not-in-this-state | A2 ARCHIVED because VOUCHER_LAPSED; K1.a 1 free
        """,
        K1,
        K3,
    )


def test_a_place_freed_by_a_lapse_is_offered_from_that_moment(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00    send_contract A1
        2024-10-08 09:00    choose A2 K3.a
        2024-10-08 09:00    send_contract A2
        2024-10-08 09:00    sign_by_parent A2
        2024-10-08 09:00    sign_by_kindergarten A2
        2024-10-09 09:00    join_waiting_list A2 K1.a
        2024-10-15 10:00    show                    | A1 ARCHIVED because VOUCHER_LAPSED; A2 ENROLLED in K3.a; K1.a 0 free
        2024-10-15 11:00    accept_offer A2 K1.a    | A2 ENROLLED due 2024-10-22 11:00 in K3.a; K1.a 0 free; K3.a 1 free
        """,
        K1,
        K3,
    )


def test_the_time_to_answer_is_a_term(tell):
    joined = (
        THREE
        + """
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:01    join_waiting_list A3 K1.a
        2024-10-08 10:00    unchoose A1     | K1.a 0 free
    """
    )
    tell(joined + "2024-10-08 10:00 accept_offer A2 K1.a", K1, K3, terms={"waiting_list.answer": 0})
    tell(joined + "2024-10-08 10:00:01 show | K1.a 1 free", K1, K3, terms={"waiting_list.answer": 0})
    tell(joined + "2024-10-11 10:00 accept_offer A2 K1.a", K1, K3, terms={"waiting_list.answer": 3})


def test_who_may_join_which_list(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00 join_waiting_list A1 K1.a -> not-in-this-state
        2024-10-08 09:00 join_waiting_list A1 K4.a -> not-in-this-state
        2024-10-08 09:00 join_waiting_list A2 K4.a -> wrong-group
        2024-10-08 09:00 join_waiting_list A2 K5.s -> wrong-group
        2024-10-08 09:00 leave_waiting_list A2 K4.a -> not-allowed
        2024-10-08 09:00 leave_waiting_list A1 K1.a -> not-allowed
        2024-10-08 09:00 accept_offer A2 K4.a -> not-in-this-state
        2024-10-08 10:00 send_contract A1
        2024-10-08 10:00 sign_by_parent A1
        2024-10-08 10:00 sign_by_kindergarten A1
        2024-10-08 11:00 join_waiting_list A1 K1.a -> not-allowed
        2024-10-08 11:00 join_waiting_list A1 K4.a -> wrong-group
        2024-10-08 11:00 join_waiting_list A1 K3.a
        2024-10-08 11:00 join_waiting_list A1 K3.a -> not-allowed
        2024-10-08 11:00 leave_waiting_list A1 K3.a
        2024-10-08 11:00 leave_waiting_list A1 K3.a -> not-allowed
        """,
        K1,
        K3,
        group("K4.a", 2022),
        group("K5.s", correction="speech"),
    )


def test_a_place_given_up_for_another_goes_to_the_list_of_its_group(tell):
    tell(
        THREE
        + """
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 10:00    choose A1 K3.a          | K1.a 0 free; K3.a 1 free
        2024-10-08 11:00    withdraw A2             | A2 ARCHIVED because WITHDRAWN; K1.a 1 free
        2024-10-08 12:00    withdraw A1             | K3.a 2 free
        """,
        K1,
        K3,
    )


def test_offers_that_lapse_together_end_before_their_places_are_offered_anew(tell):
    tell(
        THREE
        + """
        2024-10-07 13:00    apply A4 2021-02-04
        2024-10-07 13:00    run_vouchers
        2024-10-07 13:00    confirm_interest A4
        2024-10-08 09:00    join_waiting_list A2 K4.a
        2024-10-08 09:01    join_waiting_list A3 K4.a
        2024-10-08 09:02    join_waiting_list A4 K4.a
        2024-10-08 10:00    publish K4.a 2          | K4.a 0 free
        2024-10-09 10:00:01 accept_offer A4 K4.a    | A4 CONTRACT_AWAITED due 2024-10-14 13:00 in K4.a; K4.a 1 free
        2024-10-09 10:00:02 accept_offer A2 K4.a -> not-in-this-state
        """,
        K1,
        group("K3.a", places=3),
        group("K4.a", places=0, capacity=2),
    )


def test_whoever_is_first_in_two_lists_gets_both_offers_and_a_refused_place_goes_to_its_list(tell):
    tell(
        THREE
        + """
        2024-10-08 08:00    choose A3 K2.a
        2024-10-08 09:00    join_waiting_list A2 K1.a
        2024-10-08 09:00    join_waiting_list A2 K2.a
        2024-10-08 10:00    refuse_contract A1 group_closed         | A1 VOUCHER_ACTIVE due 2024-10-15 10:00; K1.a 0 free
        2024-10-08 10:00    refuse_contract A3 unvaccinated_share   | A3 VOUCHER_ACTIVE due 2024-10-15 10:00; K2.a 0 free
        2024-10-08 11:00    choose A1 K2.a -> no-free-place
        2024-10-09 10:00    accept_offer A2 K2.a    | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K2.a; K1.a 1 free
        2024-10-09 10:01    join_waiting_list A3 K2.a
        2024-10-09 10:02    send_contract A2
        2024-10-14 11:00:01 accept_offer A3 K2.a    | A2 ARCHIVED because VOUCHER_LAPSED; A3 CONTRACT_AWAITED due 2024-10-15 10:00 in K2.a
        """,
        K1,
        K2,
        group("K3.a"),
    )
