"""Edges of the choice, of the term to choose and sign, and of the contract."""

from tests.rehearsals.telling import group

TWO = (group("K1.a"), group("K2.a"))

# The term of A1 ends on Monday 2024-10-14 at 11:00.
ACTIVE = """
    2024-10-07 09:00 apply A1 2021-02-01
    2024-10-07 10:00 run_vouchers
    2024-10-07 11:00 confirm_interest A1    | A1 VOUCHER_ACTIVE due 2024-10-14 11:00
"""
CHOSEN = (
    ACTIVE
    + """
    2024-10-08 09:00 choose A1 K1.a         | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a; K1.a 0 free; K2.a 1 free
"""
)
SENT = (
    CHOSEN
    + """
    2024-10-08 12:00 send_contract A1       | A1 CONTRACT_WITH_PARENT due 2024-10-14 11:00 in K1.a
"""
)
SIGNED = (
    SENT
    + """
    2024-10-09 09:00 sign_by_parent A1      | A1 CONTRACT_WITH_KINDERGARTEN in K1.a
"""
)


def test_choosing_anew_frees_the_first_place_and_the_term_goes_on(tell):
    tell(
        CHOSEN
        + """
        2024-10-08 10:00 choose A1 K1.a -> not-allowed
        2024-10-08 10:01 choose A1 K2.a     | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K2.a; K1.a 1 free; K2.a 0 free
        2024-10-08 10:02 unchoose A1        | A1 VOUCHER_ACTIVE due 2024-10-14 11:00; K1.a 1 free; K2.a 1 free
        2024-10-08 10:03 unchoose A1 -> not-in-this-state
        2024-10-14 11:00 choose A1 K1.a     | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a
        2024-10-14 11:00 unchoose A1
        2024-10-14 11:00:01 choose A1 K1.a -> not-in-this-state | A1 ARCHIVED because VOUCHER_LAPSED; K1.a 1 free
        """,
        *TWO,
    )


def test_the_group_already_held_is_not_allowed_free_or_not(tell):
    tell(
        SENT
        + """
        2024-10-08 13:00 choose A1 K1.a -> not-allowed
        2024-10-08 13:01 choose A1 K3.a -> wrong-group
        2024-10-08 13:02 choose A1 K4.s -> wrong-group
        2024-10-09 09:00 sign_by_parent A1
        2024-10-09 09:01 choose A1 K1.a -> not-in-this-state
        2024-10-09 09:02 choose A1 K3.a -> not-in-this-state
        """,
        *TWO,
        group("K3.a", 2022, places=0, capacity=1),
        group("K4.s", correction="speech"),
    )
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 10:00 run_vouchers
        2024-10-07 11:00 confirm_interest A1
        2024-10-07 12:00 choose A1 K1.a
        2024-10-07 13:00 choose A1 K1.a -> not-allowed | K1.a 1 free
        """,
        group("K1.a", places=2),
    )


def test_a_full_group_has_no_free_place(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:00 apply A2 2021-02-02
        2024-10-07 10:00 run_vouchers
        2024-10-07 11:00 confirm_interest A1
        2024-10-07 11:00 confirm_interest A2
        2024-10-07 12:00 choose A1 K1.a
        2024-10-07 12:00 choose A2 K1.a -> no-free-place
        2024-10-07 12:00 choose A2 K3.a -> no-free-place
        2024-10-07 12:00 choose A2 K2.a | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K2.a
        2024-10-07 12:01 choose A2 K1.a -> no-free-place | A2 CONTRACT_AWAITED due 2024-10-14 11:00 in K2.a; K2.a 0 free
        """,
        *TWO,
        group("K3.a", places=0, capacity=5),
    )


def test_while_the_contract_is_awaited_the_term_moves_on_by_working_days(tell):
    tell(
        CHOSEN
        + """
        2024-10-14 11:00    show            | A1 CONTRACT_AWAITED due 2024-10-14 11:00 in K1.a
        2024-10-14 11:00:01 show            | A1 CONTRACT_AWAITED due 2024-10-15 11:00 in K1.a
        2024-10-18 11:00:01 show            | A1 CONTRACT_AWAITED due 2024-10-21 11:00 in K1.a
        2024-10-25 12:00    show            | A1 CONTRACT_AWAITED due 2024-10-28 11:00 in K1.a; K1.a 0 free
        2024-10-25 13:00    unchoose A1     | A1 VOUCHER_ACTIVE due 2024-10-28 11:00; K1.a 1 free
        2024-10-25 14:00    choose A1 K2.a  | A1 CONTRACT_AWAITED due 2024-10-28 11:00 in K2.a
        2024-10-28 11:00:01 show            | A1 CONTRACT_AWAITED due 2024-10-29 11:00 in K2.a
        2024-10-28 12:00    unchoose A1     | A1 VOUCHER_ACTIVE due 2024-10-29 11:00
        2024-10-29 11:00:01 show            | A1 ARCHIVED because VOUCHER_LAPSED; K2.a 1 free
        """,
        *TWO,
    )


def test_a_contract_sent_late_leaves_at_least_a_working_day(tell):
    for sent, due in (
        ("2024-10-11 10:59", "2024-10-14 11:00"),
        ("2024-10-11 11:00", "2024-10-14 11:00"),
        ("2024-10-11 11:01", "2024-10-14 11:01"),
        ("2024-10-12 12:00", "2024-10-14 12:00"),
        ("2024-10-14 11:00", "2024-10-15 11:00"),
        ("2024-10-14 11:00:01", "2024-10-15 11:00:01"),
        ("2024-10-15 10:59", "2024-10-16 10:59"),
    ):
        tell(
            CHOSEN
            + f"""
            {sent} send_contract A1 | A1 CONTRACT_WITH_PARENT due {due} in K1.a
            {due}  sign_by_parent A1 | A1 CONTRACT_WITH_KINDERGARTEN in K1.a
            """,
            *TWO,
        )


def test_the_least_time_is_a_term(tell):
    late = "2024-10-14 10:00 send_contract A1"
    tell(
        CHOSEN + f"{late} | A1 CONTRACT_WITH_PARENT due 2024-10-17 10:00 in K1.a",
        *TWO,
        terms={"contract.least_time_with_family": 3},
    )
    tell(
        CHOSEN + f"{late} | A1 CONTRACT_WITH_PARENT due 2024-10-14 11:00 in K1.a",
        *TWO,
        terms={"contract.least_time_with_family": 0},
    )


def test_a_term_made_longer_by_a_late_contract_goes_on_when_the_family_chooses_anew(tell):
    tell(
        CHOSEN
        + """
        2024-10-14 10:30    send_contract A1    | A1 CONTRACT_WITH_PARENT due 2024-10-15 10:30 in K1.a
        2024-10-14 10:40    choose A1 K2.a      | A1 CONTRACT_AWAITED due 2024-10-15 10:30 in K2.a
        2024-10-15 10:30:01 show                | A1 CONTRACT_AWAITED due 2024-10-16 10:30 in K2.a
        2024-10-15 10:31    sign_by_parent A1 -> not-in-this-state
        2024-10-15 10:32    unchoose A1         | A1 VOUCHER_ACTIVE due 2024-10-16 10:30
        """,
        *TWO,
    )


def test_a_signature_a_second_too_late_finds_the_voucher_lapsed(tell):
    tell(
        SENT
        + """
        2024-10-14 11:00:01 sign_by_parent A1 -> not-in-this-state | A1 ARCHIVED because VOUCHER_LAPSED; K1.a 1 free
        """,
        *TWO,
    )


def test_contract_acts_have_their_order(tell):
    tell(
        CHOSEN
        + """
        2024-10-08 10:00 sign_by_parent A1 -> not-in-this-state
        2024-10-08 10:00 sign_by_kindergarten A1 -> not-in-this-state
        2024-10-08 10:00 return_papers A1 -> not-in-this-state
        2024-10-08 10:00 leave A1 -> not-in-this-state
        2024-10-08 12:00 send_contract A1
        2024-10-08 12:00 send_contract A1 -> not-in-this-state
        2024-10-08 12:00 return_papers A1 -> not-in-this-state
        2024-10-08 12:00 sign_by_kindergarten A1 -> not-in-this-state
        2024-10-08 12:00 join_waiting_list A1 K2.a -> not-in-this-state
        2024-10-09 12:00 sign_by_parent A1
        2024-10-09 12:00 sign_by_parent A1 -> not-in-this-state
        2024-10-09 12:00 send_contract A1 -> not-in-this-state
        2024-10-09 12:00 unchoose A1 -> not-in-this-state
        2024-10-09 12:00 withdraw A1 -> not-in-this-state
        2024-10-09 12:00 extend A1 -> not-in-this-state
        2024-12-30 12:00 show                    | A1 CONTRACT_WITH_KINDERGARTEN in K1.a
        2024-12-30 12:00 sign_by_kindergarten A1 | A1 ENROLLED in K1.a; K1.a 0 free
        2024-12-30 12:00 sign_by_kindergarten A1 -> not-in-this-state
        2024-12-30 12:00 send_contract A1 -> not-in-this-state
        2024-12-30 12:00 return_papers A1 -> not-in-this-state
        2024-12-30 12:00 refuse_contract A1 group_closed -> not-in-this-state
        2024-12-30 12:00 unchoose A1 -> not-in-this-state
        2024-12-30 12:00 extend A1 -> not-in-this-state
        2024-12-30 12:00 decline A1 -> not-in-this-state
        2024-12-30 12:00 choose A1 K1.a -> not-allowed
        """,
        *TWO,
    )


def test_returned_papers_start_the_full_term_and_the_family_may_choose_anew(tell):
    tell(
        SIGNED
        + """
        2024-10-15 09:00    return_papers A1    | A1 CONTRACT_WITH_PARENT due 2024-10-22 09:00 in K1.a
        2024-10-16 09:00    choose A1 K2.a      | A1 CONTRACT_AWAITED due 2024-10-22 09:00 in K2.a; K1.a 1 free
        2024-10-16 10:00    sign_by_parent A1 -> not-in-this-state
        2024-10-17 10:00    send_contract A1    | A1 CONTRACT_WITH_PARENT due 2024-10-22 09:00 in K2.a
        2024-10-18 10:00    sign_by_parent A1
        2024-10-18 11:00    return_papers A1    | A1 CONTRACT_WITH_PARENT due 2024-10-28 11:00 in K2.a
        2024-10-18 12:00    sign_by_parent A1   | A1 CONTRACT_WITH_KINDERGARTEN in K2.a
        2024-10-21 12:00    sign_by_kindergarten A1 | A1 ENROLLED in K2.a
        """,
        *TWO,
    )


def test_returned_papers_may_lapse_be_given_up_or_withdrawn(tell):
    returned = SIGNED + "2024-10-15 09:00 return_papers A1 | A1 CONTRACT_WITH_PARENT due 2024-10-22 09:00 in K1.a\n"
    tell(returned + "2024-10-22 09:00:01 show | A1 ARCHIVED because VOUCHER_LAPSED; K1.a 1 free", *TWO)
    tell(returned + "2024-10-16 09:00 unchoose A1 | A1 VOUCHER_ACTIVE due 2024-10-22 09:00; K1.a 1 free", *TWO)
    tell(returned + "2024-10-16 09:00 withdraw A1 | A1 ARCHIVED because WITHDRAWN; K1.a 1 free", *TWO)


def test_a_kindergarten_may_refuse_in_three_states_and_the_full_term_starts_again(tell):
    refused = (
        "2024-10-10 09:00 refuse_contract A1 unvaccinated_share | A1 VOUCHER_ACTIVE due 2024-10-17 09:00; K1.a 1 free"
    )
    for before in (CHOSEN, SENT, SIGNED):
        tell(before + refused + "\n2024-10-10 09:00 refuse_contract A1 group_closed -> not-in-this-state", *TWO)
    tell(ACTIVE + "2024-10-10 09:00 refuse_contract A1 group_closed -> not-in-this-state", *TWO)


def test_the_extension_is_asked_on_the_last_day_and_once(tell):
    tell(
        ACTIVE
        + """
        2024-10-13 23:59:59 extend A1 -> not-allowed
        2024-10-14 00:00    extend A1 days=99   | A1 VOUCHER_ACTIVE due 2024-10-16 11:00
        2024-10-14 00:00    extend A1 -> limit-reached
        2024-10-16 11:00    extend A1 days=1 -> limit-reached
        2024-10-16 11:00    choose A1 K1.a      | A1 CONTRACT_AWAITED due 2024-10-16 11:00 in K1.a
        2024-10-16 11:00:01 extend A1 -> limit-reached | A1 CONTRACT_AWAITED due 2024-10-17 11:00 in K1.a
        2024-10-16 11:00:02 refuse_contract A1 group_closed | A1 VOUCHER_ACTIVE due 2024-10-23 11:00:02
        2024-10-17 11:00    extend A1 -> not-allowed
        2024-10-23 11:00:02 extend A1           | A1 VOUCHER_ACTIVE due 2024-10-28 11:00:02
        """,
        *TWO,
    )


def test_an_extended_term_keeps_the_place_until_its_new_end(tell):
    tell(
        SENT
        + """
        2024-10-14 11:00    extend A1   | A1 CONTRACT_WITH_PARENT due 2024-10-16 11:00 in K1.a
        2024-10-15 12:00    show        | A1 CONTRACT_WITH_PARENT due 2024-10-16 11:00 in K1.a; K1.a 0 free
        2024-10-16 11:00    show        | A1 CONTRACT_WITH_PARENT due 2024-10-16 11:00 in K1.a; K1.a 0 free
        2024-10-16 11:00:01 show        | A1 ARCHIVED because VOUCHER_LAPSED; K1.a 1 free
        """,
        *TWO,
    )


def test_the_extension_may_be_asked_in_a_prolonged_term_and_after_returned_papers(tell):
    tell(
        CHOSEN
        + """
        2024-10-15 12:00    extend A1 -> not-allowed    | A1 CONTRACT_AWAITED due 2024-10-16 11:00 in K1.a
        2024-10-16 09:00    extend A1                   | A1 CONTRACT_AWAITED due 2024-10-18 11:00 in K1.a
        2024-10-18 12:00    extend A1 -> limit-reached  | A1 CONTRACT_AWAITED due 2024-10-21 11:00 in K1.a
        2024-10-18 13:00    send_contract A1            | A1 CONTRACT_WITH_PARENT due 2024-10-21 13:00 in K1.a
        2024-10-21 13:00    sign_by_parent A1
        2024-10-21 14:00    return_papers A1            | A1 CONTRACT_WITH_PARENT due 2024-10-29 14:00 in K1.a
        2024-10-29 00:00    extend A1                   | A1 CONTRACT_WITH_PARENT due 2024-10-31 14:00 in K1.a
        2024-10-30 00:00    extend A1 -> limit-reached
        """,
        *TWO,
    )


def test_an_extension_over_days_off_and_of_no_days(tell):
    lines = """
        2024-10-04 09:00 apply A1 2021-02-01
        2024-10-04 10:00 run_vouchers
        2024-10-04 10:30 confirm_interest A1 | A1 VOUCHER_ACTIVE due 2024-10-11 10:30
    """
    tell(lines + "2024-10-11 08:00 extend A1 | A1 VOUCHER_ACTIVE due 2024-10-15 10:30", *TWO)
    tell(
        lines
        + """
        2024-10-11 08:00 extend A1 | A1 VOUCHER_ACTIVE due 2024-10-11 10:30
        2024-10-11 08:00 extend A1 -> limit-reached
        """,
        *TWO,
        terms={"voucher.extension": 0},
    )


def test_a_family_withdraws_from_any_state_before_its_signature(tell):
    gone = "2024-10-09 08:00 withdraw A1 | A1 ARCHIVED because WITHDRAWN; K1.a 1 free"
    for before in (
        "2024-10-07 09:00 apply A1 2021-02-01 | A1 WAITING line 1\n",
        "2024-10-07 09:00 apply A1 2021-02-01\n2024-10-08 09:00 run_vouchers\n",
        ACTIVE,
        CHOSEN,
        SENT,
    ):
        tell(before + gone + "\n2024-10-09 08:00 withdraw A1 -> not-in-this-state", *TWO)
    tell("2024-10-07 09:00 apply A1 2021-02-01 kind=special correction=speech | A1 DOCUMENTS_CHECK\n" + gone, *TWO)


def test_the_words_of_the_other_regime_are_of_no_state_here(tell):
    acts = ("give_back A1", "register A1", "grant_papers_time A1")
    for before in ("2024-10-07 09:00 apply A1 2021-02-01\n", ACTIVE, CHOSEN, SENT, SIGNED):
        tell(before + "\n".join(f"2024-10-10 10:00 {act} -> not-in-this-state" for act in acts), *TWO)


def test_what_is_open_in_the_line_and_with_an_offered_voucher(tell):
    closed = """
        2024-10-07 10:00 choose A1 K1.a -> not-in-this-state
        2024-10-07 10:00 choose A1 K3.a -> not-in-this-state
        2024-10-07 10:00 unchoose A1 -> not-in-this-state
        2024-10-07 10:00 restore A1 -> not-in-this-state
        2024-10-07 10:00 extend A1 -> not-in-this-state
        2024-10-07 10:00 join_waiting_list A1 K1.a -> not-in-this-state
        2024-10-07 10:00 join_waiting_list A1 K3.a -> not-in-this-state
        2024-10-07 10:00 leave_waiting_list A1 K1.a -> not-allowed
        2024-10-07 10:00 accept_offer A1 K1.a -> not-in-this-state
        2024-10-07 10:00 leave A1 -> not-in-this-state
        2024-10-07 10:00 check_documents A1 confirm -> not-in-this-state
    """
    waiting = "2024-10-07 09:00 apply A1 2021-02-01\n"
    groups = (*TWO, group("K3.a", 2022))
    offer = "2024-10-07 10:00 run_vouchers\n"
    tell(waiting + closed + "2024-10-07 10:00 decline A1 -> not-in-this-state", *groups)
    tell(waiting + offer + closed + "2024-10-07 10:00 decline A1 | A1 ARCHIVED because DECLINED", *groups)
    archive = "2024-10-07 09:30 withdraw A1 | A1 ARCHIVED because WITHDRAWN\n"
    tell(waiting + archive + closed + "2024-10-07 10:00 confirm_interest A1 -> not-in-this-state", *groups)
