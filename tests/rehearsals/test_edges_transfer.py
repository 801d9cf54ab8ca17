"""Edges of transfers and of leaving."""

from tests.rehearsals.telling import group

TOWN = (group("K1.a"), group("K2.a"), group("K3.a"))


def enrolled(name: str, place: str, born: str = "2021-02-01") -> str:
    """The lines that bring a child into a group on 2024-10-01."""
    return f"""
        2024-10-01 09:00 apply {name} {born}
        2024-10-01 09:00 run_vouchers
        2024-10-01 09:00 confirm_interest {name}
        2024-10-01 09:00 choose {name} {place}
        2024-10-01 09:00 send_contract {name}
        2024-10-01 09:00 sign_by_parent {name}
        2024-10-01 09:00 sign_by_kindergarten {name} | {name} ENROLLED in {place}
    """


A1 = enrolled("A1", "K1.a")
MOVING = (
    A1
    + """
    2024-10-07 11:00 choose A1 K2.a     | A1 ENROLLED due 2024-10-14 11:00 in K1.a; K1.a 0 free; K2.a 0 free
"""
)
SENT = (
    MOVING
    + """
    2024-10-08 11:00 send_contract A1   | A1 ENROLLED due 2024-10-14 11:00 in K1.a
"""
)
SIGNED = (
    SENT
    + """
    2024-10-09 11:00 sign_by_parent A1  | A1 ENROLLED in K1.a; K1.a 0 free; K2.a 0 free
"""
)


def test_the_old_place_is_freed_at_the_very_end_and_offered_to_its_list(tell):
    tell(
        enrolled("A2", "K3.a", "2021-02-02")
        + SIGNED
        + """
        2024-10-09 12:00    choose A1 K3.a -> not-in-this-state
        2024-10-09 12:00    unchoose A1 -> not-in-this-state
        2024-10-09 12:00    join_waiting_list A2 K1.a
        2024-10-20 12:00    sign_by_kindergarten A1 | A1 ENROLLED in K2.a; A2 ENROLLED in K3.a; K1.a 0 free; K2.a 0 free
        2024-10-21 12:00    accept_offer A2 K1.a    | A2 ENROLLED due 2024-10-29 12:00 in K3.a
        2024-10-21 12:01    unchoose A2             | A2 ENROLLED in K3.a; K1.a 1 free
        """,
        *TOWN,
    )


def test_an_open_transfer_closes_lists_extension_withdrawal_and_the_line(tell):
    tell(
        MOVING
        + """
        2024-10-14 09:00 extend A1 -> not-in-this-state
        2024-10-14 09:00 join_waiting_list A1 K3.a -> not-in-this-state
        2024-10-14 09:00 join_waiting_list A1 K1.a -> not-in-this-state
        2024-10-14 09:00 grant_papers_time A1 -> not-in-this-state
        2024-10-14 09:00 leave_waiting_list A1 K3.a -> not-allowed
        2024-10-14 09:00 withdraw A1 -> not-in-this-state
        2024-10-14 09:00 apply A1 2021-02-01 -> already-applied
        2024-10-14 09:00 choose A1 K2.a -> not-allowed
        2024-10-14 09:00 choose A1 K1.a -> not-allowed
        2024-10-14 09:00 sign_by_parent A1 -> not-in-this-state
        2024-10-14 09:00 return_papers A1 -> not-in-this-state
        2024-10-14 09:00 sign_by_kindergarten A1 -> not-in-this-state | A1 ENROLLED due 2024-10-14 11:00 in K1.a
        """,
        *TOWN,
    )


def test_a_transfer_is_chosen_anew_and_its_term_goes_on(tell):
    tell(
        SENT
        + """
        2024-10-09 09:00    choose A1 K3.a      | A1 ENROLLED due 2024-10-14 11:00 in K1.a; K2.a 1 free; K3.a 0 free
        2024-10-09 09:01    sign_by_parent A1 -> not-in-this-state
        2024-10-14 11:00:01 show                | A1 ENROLLED due 2024-10-15 11:00 in K1.a; K3.a 0 free
        2024-10-15 10:00    send_contract A1    | A1 ENROLLED due 2024-10-16 10:00 in K1.a
        2024-10-16 10:00    sign_by_parent A1   | A1 ENROLLED in K1.a
        2024-10-16 11:00    sign_by_kindergarten A1 | A1 ENROLLED in K3.a; K1.a 1 free; K2.a 1 free
        """,
        *TOWN,
    )


def test_a_transfer_lapses_after_the_contract_was_sent_and_the_child_stays(tell):
    tell(
        SENT
        + """
        2024-10-14 11:00:01 sign_by_parent A1 -> not-in-this-state | A1 ENROLLED in K1.a; K2.a 1 free
        2024-10-15 09:00    choose A1 K2.a  | A1 ENROLLED due 2024-10-22 09:00 in K1.a; K2.a 0 free
        2024-10-15 10:00    unchoose A1     | A1 ENROLLED in K1.a; K2.a 1 free
        """,
        *TOWN,
    )


def test_a_kindergarten_refuses_a_transfer_in_each_stage_and_the_child_stays(tell):
    refused = """
        2024-10-10 09:00 refuse_contract A1 group_closed | A1 ENROLLED in K1.a; K1.a 0 free; K2.a 1 free
        2024-10-10 09:00 refuse_contract A1 group_closed -> not-in-this-state
        2024-10-10 09:00 send_contract A1 -> not-in-this-state
        2024-10-11 09:00 choose A1 K2.a | A1 ENROLLED due 2024-10-18 09:00 in K1.a
    """
    for before in (MOVING, SENT, SIGNED):
        tell(before + refused, *TOWN)


def test_papers_of_a_transfer_are_returned_with_the_full_term(tell):
    returned = SIGNED + "2024-10-10 09:00 return_papers A1 | A1 ENROLLED due 2024-10-17 09:00 in K1.a\n"
    tell(returned + "2024-10-11 09:00 choose A1 K3.a | A1 ENROLLED due 2024-10-17 09:00 in K1.a; K2.a 1 free", *TOWN)
    tell(returned + "2024-10-17 09:00:01 show | A1 ENROLLED in K1.a; K2.a 1 free", *TOWN)
    tell(
        returned + "2024-10-17 09:00 sign_by_parent A1\n2024-10-17 09:00 sign_by_kindergarten A1 | A1 ENROLLED in K2.a",
        *TOWN,
    )


def test_leaving_ends_an_open_transfer_and_frees_both_places(tell):
    for before in (MOVING, SENT, SIGNED):
        tell(
            before
            + """
            2024-10-10 09:00 leave A1 | A1 ARCHIVED because LEFT; K1.a 1 free; K2.a 1 free
            2024-10-10 09:00 leave A1 -> not-in-this-state
            2024-10-10 09:01 apply A1 2021-02-01 | A1 WAITING line 1
            """,
            *TOWN,
        )


def test_leaving_takes_the_child_out_of_lists_and_offers(tell):
    tell(
        A1
        + enrolled("A2", "K2.a", "2021-02-02")
        + enrolled("A3", "K3.a", "2021-02-03")
        + """
        2024-10-07 09:00    join_waiting_list A2 K1.a
        2024-10-07 09:01    join_waiting_list A3 K1.a
        2024-10-07 10:00    leave A1                | A1 ARCHIVED because LEFT; K1.a 0 free
        2024-10-07 11:00    leave A2                | K1.a 0 free; K2.a 1 free
        2024-10-08 11:00    accept_offer A3 K1.a    | A3 ENROLLED due 2024-10-15 11:00 in K3.a
        2024-10-08 12:00    send_contract A3
        2024-10-08 12:00    sign_by_parent A3
        2024-10-08 12:00    sign_by_kindergarten A3 | A3 ENROLLED in K1.a; K1.a 0 free; K3.a 1 free
        """,
        *TOWN,
    )


def test_an_unanswered_offer_takes_an_enrolled_child_out_of_that_list_only(tell):
    tell(
        A1
        + enrolled("A2", "K2.a", "2021-02-02")
        + """
        2024-10-07 09:00    join_waiting_list A2 K1.a
        2024-10-07 09:00    join_waiting_list A2 K3.a
        2024-10-07 10:00    leave A1                | K1.a 0 free; A2 ENROLLED in K2.a
        2024-10-08 10:00:01 show                    | K1.a 1 free; A2 ENROLLED in K2.a
        2024-10-08 11:00    leave_waiting_list A2 K1.a -> not-allowed
        2024-10-08 11:00    leave_waiting_list A2 K3.a
        """,
        *TOWN,
    )


def test_a_transfer_needs_a_suitable_free_place_but_no_age(tell):
    tell(
        A1
        + enrolled("A2", "K2.a", "2021-02-02")
        + """
        2024-10-07 09:00 choose A1 K2.a -> no-free-place
        2024-10-07 09:00 choose A1 K4.a -> wrong-group
        2024-10-07 09:00 choose A1 K1.a -> not-allowed
        """,
        *TOWN,
        group("K4.a", 2022, places=0, capacity=1),
    )
    tell(
        enrolled("A1", "K1.a", "2019-02-01")
        + "2025-10-07 11:00 choose A1 K2.a | A1 ENROLLED due 2025-10-14 11:00 in K1.a",
        group("K1.a", 2019),
        group("K2.a", 2019),
    )


def test_a_place_of_a_private_kindergarten_is_a_place_like_any_other(tell):
    tell(enrolled("A1", "K1.a"), group("K1.a", ownership="private"))
