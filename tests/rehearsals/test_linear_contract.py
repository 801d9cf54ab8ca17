"""Edges of the contract after a referral, of transfers, waiting lists and leaving in a linear territory."""

from tests.rehearsals.telling import group

TWO = (group("K1.a", places=0, capacity=3), group("K2.a", places=0, capacity=3))

# A1 is registered on Wednesday 2025-02-05 at 09:00; its term ends on Wednesday 2025-02-12 at 09:00.
REGISTERED = """
    2025-02-03 09:00 apply A1 2021-05-05
    2025-02-03 09:01 apply A2 2021-05-06
    2025-02-03 10:00 publish K1.a 1
    2025-02-04 12:00 choose A1 K1.a
    2025-02-05 09:00 register A1            | A1 REGISTERED due 2025-02-12 09:00 in K1.a
"""
SENT = (
    REGISTERED
    + """
    2025-02-05 10:00 send_contract A1       | A1 CONTRACT_WITH_PARENT due 2025-02-12 09:00 in K1.a
"""
)
SIGNED = (
    SENT
    + """
    2025-02-06 10:00 sign_by_parent A1      | A1 CONTRACT_WITH_KINDERGARTEN in K1.a
"""
)
ENROLLED = (
    SIGNED
    + """
    2025-02-07 10:00 sign_by_kindergarten A1 | A1 ENROLLED in K1.a
"""
)
# A2 let its turn lapse: a place of K2 is open to free choice from Wednesday 2025-02-12 at 11:00.
OPEN = (
    ENROLLED
    + """
    2025-02-07 11:00 publish K2.a 1         | A2 TURN_OFFERED due 2025-02-12 11:00
    2025-02-12 11:00:01 show                | A2 WAITING line 1; K2.a 1 free
"""
)


def test_while_the_contract_is_not_sent_the_term_moves_on_without_a_miss(tell_linear):
    tell_linear(
        REGISTERED
        + """
        2025-02-12 09:00:01 show            | A1 REGISTERED due 2025-02-13 09:00 in K1.a
        2025-02-14 09:00:01 show            | A1 REGISTERED due 2025-02-17 09:00 in K1.a
        2025-02-15 10:00 grant_papers_time A1 | A1 REGISTERED due 2025-02-24 09:00 in K1.a
        2025-02-21 09:30 send_contract A1   | A1 CONTRACT_WITH_PARENT due 2025-02-24 09:30 in K1.a
        2025-02-24 09:30 grant_papers_time A1 -> limit-reached
        2025-02-24 09:30:01 sign_by_parent A1 -> not-in-this-state | A1 STOP_LISTED due 2025-03-11 09:30 misses 1; A2 TURN_OFFERED due 2025-02-27 09:30
        """,
        *TWO,
    )


def test_papers_time_is_granted_once_for_each_referral_returned_papers_included(tell_linear):
    tell_linear(
        SENT
        + """
        2025-02-05 11:00 grant_papers_time A1 | A1 CONTRACT_WITH_PARENT due 2025-02-19 09:00 in K1.a
        2025-02-06 10:00 sign_by_parent A1
        2025-02-06 10:01 grant_papers_time A1 -> not-in-this-state
        2025-02-07 10:00 return_papers A1   | A1 CONTRACT_WITH_PARENT due 2025-02-14 10:00 in K1.a
        2025-02-07 10:01 grant_papers_time A1 -> limit-reached
        2025-02-07 10:01 choose A1 K1.a -> not-in-this-state
        2025-02-07 10:01 extend A1 days=3 -> not-in-this-state
        2025-02-07 10:02 withdraw A1        | A1 ARCHIVED because WITHDRAWN; A2 TURN_OFFERED due 2025-02-12 10:02
        """,
        *TWO,
    )
    tell_linear(
        SIGNED
        + """
        2025-02-07 10:00 return_papers A1
        2025-02-07 10:01 return_papers A1 -> not-in-this-state
        2025-02-14 10:00 grant_papers_time A1 | A1 CONTRACT_WITH_PARENT due 2025-02-21 10:00 in K1.a
        2025-02-21 10:00:01 show            | A1 STOP_LISTED due 2025-03-07 10:00 misses 1
        """,
        *TWO,
    )


def test_refused_by_the_kindergarten_waits_again_without_a_miss(tell_linear):
    for acts in (REGISTERED, SENT, SIGNED):
        tell_linear(
            acts
            + """
            2025-02-07 09:00 refuse_contract A1 unvaccinated_share | A1 TURN_OFFERED due 2025-02-12 09:00; A2 WAITING line 1; K1.a 1 free
            2025-02-07 09:01 refuse_contract A1 group_closed -> not-in-this-state
            2025-02-07 09:02 choose A1 K1.a     | A1 REFERRAL_ISSUED due 2025-02-14 09:02 in K1.a
            2025-02-07 09:03 extend A1 days=2   | A1 REFERRAL_ISSUED due 2025-02-16 09:02 in K1.a
            """,
            *TWO,
        )


def test_leaving_frees_the_place_for_the_next_turn(tell_linear):
    tell_linear(
        ENROLLED
        + """
        2025-02-10 09:00 withdraw A1 -> not-in-this-state
        2025-02-10 09:00 apply A1 2021-05-05 -> already-applied
        2025-02-10 09:01 leave A1           | A1 ARCHIVED because LEFT; A2 TURN_OFFERED due 2025-02-13 09:01
        2025-02-10 09:02 apply A1 2021-05-05 | A1 WAITING line 1
        """,
        *TWO,
    )


def test_a_transfer_takes_a_place_that_is_open_to_free_choice(tell_linear):
    tell_linear(
        OPEN
        + """
        2025-02-12 12:00 choose A1 K1.a -> not-allowed
        2025-02-12 12:00 choose A1 K3.b -> wrong-group
        2025-02-12 12:00 choose A1 K4.p -> not-allowed
        2025-02-12 12:00 choose A1 K5.p -> no-free-place
        2025-02-12 12:01 choose A1 K2.a     | A1 ENROLLED due 2025-02-19 12:01 in K1.a; K1.a 0 free; K2.a 0 free
        2025-02-12 12:02 choose A1 K2.a -> not-in-this-state
        2025-02-12 12:02 unchoose A1 -> not-in-this-state
        2025-02-12 12:02 extend A1 days=2 -> not-in-this-state
        2025-02-12 12:02 grant_papers_time A1 -> not-in-this-state
        2025-02-12 12:02 join_waiting_list A1 K2.a -> not-in-this-state
        2025-02-12 12:02 register A1 -> not-in-this-state
        2025-02-12 12:02 give_back A1 -> not-in-this-state
        2025-02-12 12:03 choose A2 K2.a -> no-free-place
        2025-02-19 12:01:01 send_contract A1 | A1 ENROLLED due 2025-02-20 12:01:01 in K1.a
        2025-02-20 09:00 sign_by_parent A1  | A1 ENROLLED in K1.a
        2025-02-20 10:00 return_papers A1   | A1 ENROLLED due 2025-02-27 10:00 in K1.a
        2025-02-20 11:00 sign_by_parent A1  | A1 ENROLLED in K1.a
        2025-02-21 09:00 sign_by_kindergarten A1 | A1 ENROLLED in K2.a; A2 TURN_OFFERED due 2025-02-26 09:00; K1.a 1 free
        2025-02-21 09:01 choose A1 K1.a -> not-allowed
        """,
        *TWO,
        group("K3.b", 2022),
        group("K4.p", ownership="private"),
        group("K5.p", ownership="private", places=0),
    )


def test_a_transfer_that_ends_gives_the_place_to_the_next_turn(tell_linear):
    for end in ("2025-02-13 09:00 refuse_contract A1 group_closed", "2025-02-21 09:00 show"):
        moment = "2025-02-13 09:00" if "refuse" in end else "2025-02-20 13:00"
        due = "2025-02-18 09:00" if "refuse" in end else "2025-02-25 13:00"
        tell_linear(
            OPEN
            + f"""
            2025-02-12 12:01 choose A1 K2.a
            2025-02-12 13:00 send_contract A1
            {end}                           | A1 ENROLLED in K1.a; A2 TURN_OFFERED due {due}; K2.a 1 free
            """.replace("2025-02-25 13:00", "2025-02-24 12:01"),
            *TWO,
        )
        assert moment


def test_in_sealed_mode_nobody_moves_by_choice(tell_linear):
    tell_linear(
        OPEN
        + """
        2025-02-12 12:01 choose A1 K2.a -> not-allowed
        2025-02-12 12:02 choose A1 K1.a -> not-allowed
        """,
        *TWO,
        terms={"free_choice.mode": "sealed"},
    )


def test_a_waiting_list_is_served_before_turns(tell_linear):
    tell_linear(
        ENROLLED
        + """
        2025-02-10 09:00 join_waiting_list A2 K2.a -> not-in-this-state
        2025-02-10 09:00 join_waiting_list A1 K1.a -> not-allowed
        2025-02-10 09:00 join_waiting_list A1 K3.b -> wrong-group
        2025-02-10 09:00 join_waiting_list A1 K2.a
        2025-02-10 09:01 join_waiting_list A1 K2.a -> not-allowed
        2025-02-10 10:00 publish K2.a 2     | A1 ENROLLED in K1.a; A2 TURN_OFFERED due 2025-02-13 10:00; K2.a 1 free
        2025-02-10 10:01 publish K1.a 1     | A2 TURN_OFFERED due 2025-02-13 10:00; K1.a 1 free
        2025-02-11 10:00 accept_offer A1 K2.a | A1 ENROLLED due 2025-02-18 10:00 in K1.a; K2.a 1 free
        2025-02-11 10:01 refuse_contract A1 group_closed | A1 ENROLLED in K1.a; K2.a 2 free
        2025-02-11 10:02 apply A3 2021-05-07 | A3 TURN_OFFERED due 2025-02-14 10:02
        2025-02-11 10:03 apply A4 2021-05-07 | A4 TURN_OFFERED due 2025-02-14 10:03
        2025-02-11 10:04 apply A5 2021-05-07 | A5 WAITING line 1
        """,
        *TWO,
        group("K3.b", 2022),
    )


def test_an_offer_that_lapses_gives_a_turn_at_its_own_moment(tell_linear):
    tell_linear(
        ENROLLED
        + """
        2025-02-10 09:00 join_waiting_list A1 K2.a
        2025-02-10 10:00 publish K2.a 1     | A2 WAITING line 1; K2.a 0 free
        2025-02-11 10:00 show               | A2 WAITING line 1; K2.a 0 free
        2025-02-11 10:00:01 accept_offer A1 K2.a -> not-in-this-state | A2 TURN_OFFERED due 2025-02-14 10:00; K2.a 1 free
        2025-02-11 10:01 leave_waiting_list A1 K2.a -> not-allowed
        2025-02-11 10:02 join_waiting_list A1 K2.a
        2025-02-11 10:03 leave_waiting_list A1 K2.a
        """,
        *TWO,
    )


def test_a_child_that_leaves_frees_its_offer_for_a_turn(tell_linear):
    tell_linear(
        ENROLLED
        + """
        2025-02-10 09:00 join_waiting_list A1 K2.a
        2025-02-10 10:00 publish K2.a 1     | A2 WAITING line 1
        2025-02-10 11:00 apply A3 2021-05-07
        2025-02-10 12:00 leave A1           | A2 TURN_OFFERED due 2025-02-13 12:00; A3 TURN_OFFERED due 2025-02-13 12:00; K1.a 1 free; K2.a 1 free
        """,
        *TWO,
    )
