"""Edges of the line: order, benefits, certificates, the renewal, runs and their supply."""

import pytest

from tests.rehearsals.telling import group

K1 = group("K1.a")


def test_benefits_count_from_their_confirmation_and_order_the_line(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02 benefit=TEACHER            | A1 WAITING line 1; A2 WAITING line 2
        2024-10-07 09:02 apply A3 2021-02-03 benefit=LARGE_FAMILY
        2024-10-07 09:03 apply A4 2021-02-04 benefit=SERVICE
        2024-10-07 09:04 apply A5 2019-09-01                            | A5 WAITING line 1; A1 WAITING line 2
        2024-10-07 09:05 apply A6 2019-09-02                            | A6 WAITING line 6
        2024-10-07 10:00 check_documents A2 confirm                     | A2 WAITING line 1; A5 WAITING line 2
        2024-10-07 10:01 check_documents A3 confirm                     | A3 WAITING line 1; A2 WAITING line 2
        2024-10-07 10:02 check_documents A4 confirm                     | A4 WAITING line 1; A1 WAITING line 5
        2024-10-07 10:03 check_documents A4 reject -> not-in-this-state
        2024-10-07 10:04 check_documents A1 confirm -> not-in-this-state
        """,
        K1,
    )


def test_the_youngest_are_last_whatever_their_status(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2022-09-02 benefit=SERVICE
        2024-10-07 09:01 apply A2 2022-09-01        | A1 WAITING line 2; A2 WAITING line 1
        2024-10-07 10:00 check_documents A1 confirm | A1 WAITING line 2
        2024-10-07 11:00 run_vouchers               | A1 VOUCHER_OFFERED due 2024-10-09 11:00; A2 VOUCHER_OFFERED due 2024-10-09 11:00
        """,
        group("K1.a", 2022, places=2),
    )


def test_a_rejected_claim_leaves_the_application_at_its_own_date(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02 benefit=ORPHAN
        2024-10-07 10:00 check_documents A2 reject  | A2 WAITING line 2
        2024-10-07 10:01 check_documents A2 confirm -> not-in-this-state
        """,
        K1,
    )


@pytest.mark.parametrize("benefit", ["SERVICE", "SPECIAL_BODIES", "TEACHER"])
def test_a_certificate_lapses_after_a_month(tell, benefit):
    tell(
        f"""
        2025-01-31 09:00    apply A1 2021-02-01
        2025-01-31 09:01    apply A2 2021-02-02 benefit={benefit}
        2025-01-31 12:00    check_documents A2 confirm  | A2 WAITING line 1; A1 WAITING line 2
        2025-02-28 12:00    show                        | A2 WAITING line 1; A1 WAITING line 2
        2025-02-28 12:00:01 show                        | A2 WAITING line 2; A1 WAITING line 1
        2025-03-01 12:00    check_documents A2 confirm -> not-in-this-state
        """,
        K1,
    )


def test_a_lapsed_certificate_changes_the_order_and_never_a_voucher(tell):
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01
        2024-10-07 09:01    apply A2 2021-02-02 benefit=SERVICE
        2024-10-07 09:01    apply A3 2021-02-03 benefit=CHILD_DISABILITY
        2024-10-07 12:00    check_documents A2 confirm
        2024-10-07 12:00    check_documents A3 confirm
        2024-10-07 12:00    run_vouchers limit=1        | A2 VOUCHER_OFFERED due 2024-10-09 12:00; A3 WAITING line 1
        2024-10-07 13:00    confirm_interest A2
        2024-10-14 13:00    choose A2 K1.a
        2024-12-09 12:00    show    | A2 CONTRACT_AWAITED due 2024-12-09 13:00 in K1.a; A3 WAITING line 1; A1 WAITING line 2
        """,
        K1,
    )


def test_the_length_of_a_certificate_is_a_term(tell):
    lines = """
        2024-10-31 09:00    apply A1 2021-02-01
        2024-10-31 09:01    apply A2 2021-02-02 benefit=TEACHER
        2024-10-31 12:00    check_documents A2 confirm  | A2 WAITING line 1
    """
    tell(
        lines + "2025-02-28 12:00 show | A2 WAITING line 1\n2025-02-28 12:00:01 show | A2 WAITING line 2",
        K1,
        terms={"certificate.validity": 4},
    )
    tell(lines + "2024-10-31 12:00:01 show | A2 WAITING line 2", K1, terms={"certificate.validity": 0})


def test_the_intake_year_begins_on_the_thirtieth_of_june_and_changes_with_a_renewal_only(tell):
    steps = """
        {day} 09:00 apply A1 2021-01-10
        {day} 09:01 apply A2 2019-05-10 | A2 WAITING line {line}
        2024-08-01 09:00 show           | A2 WAITING line {line}
        2024-08-02 09:00 renew          | A2 WAITING line 1; A1 WAITING line 2
    """
    tell(steps.format(day="2024-06-29", line=2), K1)
    tell(steps.format(day="2024-06-30", line=1), K1)
    tell(steps.format(day="2024-01-01", line=2), K1)


def test_a_renewal_takes_the_year_of_its_day_whenever_it_comes(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-01-10
        2024-10-07 09:01 apply A2 2020-08-31    | A2 WAITING line 2
        2025-02-03 09:00 renew                  | A2 WAITING line 1
        2025-02-03 09:01 apply A3 2020-09-02    | A3 WAITING line 3
        2025-02-03 09:02 apply A4 2020-09-01    | A4 WAITING line 2
        """,
        K1,
    )


def test_a_renewal_reaches_those_who_come_back_to_the_line(tell):
    tell(
        """
        2024-12-26 09:00 apply A1 2020-08-01
        2024-12-26 10:00 run_vouchers
        2024-12-31 09:00 apply A2 2021-01-10    | A1 STOP_LISTED due 2025-01-27 10:00; A2 WAITING line 1
        2024-12-31 09:01 apply A3 2020-07-01    | A3 WAITING line 2
        2025-01-08 09:00 renew                  | A3 WAITING line 1; A2 WAITING line 2
        2025-01-09 09:00 restore A1             | A1 WAITING line 1; A3 WAITING line 2; A2 WAITING line 3
        """,
        group("K1.a", 2020),
    )


def test_supply_is_free_places_less_vouchers_without_a_place(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 09:02 apply A3 2021-02-03
        2024-10-07 10:00 run_vouchers limit=1   | A1 VOUCHER_OFFERED due 2024-10-09 10:00; A2 WAITING line 1
        2024-10-07 10:01 run_vouchers limit=0   | A2 WAITING line 1
        2024-10-07 10:02 run_vouchers           | A2 VOUCHER_OFFERED due 2024-10-09 10:02; A3 WAITING line 1
        2024-10-07 10:03 confirm_interest A1
        2024-10-07 10:04 run_vouchers           | A3 WAITING line 1
        2024-10-07 10:05 choose A1 K1.a
        2024-10-07 10:06 run_vouchers           | A3 WAITING line 1
        2024-10-07 10:07 decline A2
        2024-10-07 10:08 run_vouchers           | A3 VOUCHER_OFFERED due 2024-10-09 10:08
        """,
        group("K1.a", places=2),
    )


def test_a_voucher_with_an_open_offer_counts_as_holding_a_place(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 09:02 apply A3 2021-02-03
        2024-10-07 10:00 run_vouchers limit=2
        2024-10-07 10:01 confirm_interest A1
        2024-10-07 10:01 confirm_interest A2
        2024-10-07 10:02 choose A1 K1.a
        2024-10-07 10:03 join_waiting_list A2 K1.a
        2024-10-07 10:04 choose A1 K2.a         | K1.a 0 free; K2.a 1 free
        2024-10-07 10:05 run_vouchers limit=1   | A3 VOUCHER_OFFERED due 2024-10-09 10:05
        """,
        K1,
        group("K2.a", places=2),
    )
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 09:02 apply A3 2021-02-03
        2024-10-07 10:00 run_vouchers limit=2
        2024-10-07 10:01 confirm_interest A1
        2024-10-07 10:01 confirm_interest A2
        2024-10-07 10:02 choose A1 K1.a
        2024-10-07 10:03 choose A1 K2.a         | K1.a 1 free; K2.a 0 free
        2024-10-07 10:05 run_vouchers           | A3 WAITING line 1
        """,
        K1,
        group("K2.a"),
    )


def test_a_birth_year_without_supply_is_skipped_and_costs_nothing(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2020-02-01
        2024-10-07 09:01 apply A2 2022-12-01
        2024-10-07 09:02 apply A3 2021-02-02
        2024-10-07 10:00 run_vouchers limit=2 | A1 WAITING line 1; A2 VOUCHER_OFFERED due 2024-10-09 10:00; A3 VOUCHER_OFFERED due 2024-10-09 10:00
        """,
        K1,
        group("K2.a", 2022),
        group("K3.a", 2020, places=0, capacity=3),
    )


def test_special_cases_have_their_own_line_and_supply_and_come_after_the_general_line(tell):
    town = (
        group("K1.a"),
        group("K2.s", correction="speech"),
        group("K3.s", 2020, correction="speech"),
        group("K4.v", correction="vision"),
    )
    lines = """
        2024-10-07 09:00 apply A1 2021-02-01 kind=special correction=speech   | A1 DOCUMENTS_CHECK
        2024-10-07 09:01 apply A2 2021-02-02 kind=special correction=hearing
        2024-10-07 09:02 apply A3 2020-02-02 kind=special correction=speech benefit=ORPHAN
        2024-10-07 09:03 run_vouchers                   | A1 DOCUMENTS_CHECK
        2024-10-07 09:04 check_documents A3 confirm     | A3 WAITING line 1
        2024-10-07 09:05 check_documents A1 confirm     | A1 WAITING line 1; A3 WAITING line 2
        2024-10-07 09:06 check_documents A2 confirm     | A2 WAITING line 2; A3 WAITING line 3
        2024-10-07 09:07 check_documents A3 confirm     | A3 WAITING line 1; A1 WAITING line 2
        2024-10-07 09:08 check_documents A3 confirm -> not-in-this-state
        2024-10-07 09:09 apply A4 2021-02-04            | A4 WAITING line 1
    """
    tell(
        lines
        + """
        2024-10-07 10:00 run_vouchers limit=2   | A4 VOUCHER_OFFERED due 2024-10-09 10:00; A3 VOUCHER_OFFERED due 2024-10-09 10:00; A1 WAITING line 1; A2 WAITING line 2
        2024-10-07 10:01 run_vouchers           | A1 VOUCHER_OFFERED due 2024-10-09 10:01; A2 WAITING line 1
        2024-10-07 10:02 confirm_interest A1
        2024-10-07 10:03 choose A1 K4.v -> wrong-group
        2024-10-07 10:03 choose A1 K3.s -> wrong-group
        2024-10-07 10:03 choose A1 K1.a -> wrong-group
        2024-10-07 10:03 choose A1 K2.s         | A1 CONTRACT_AWAITED due 2024-10-14 10:02 in K2.s
        """,
        *town,
    )
    tell(
        lines + "2024-10-07 10:00 run_vouchers limit=1 | A4 VOUCHER_OFFERED due 2024-10-09 10:00; A3 WAITING line 1",
        *town,
    )


def test_a_rejected_special_case_is_archived(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01 kind=special correction=speech benefit=ORPHAN
        2024-10-07 09:01 apply A1 2021-02-01 -> already-applied
        2024-10-07 09:02 check_documents A1 reject | A1 ARCHIVED because REJECTED
        2024-10-07 09:03 check_documents A1 reject -> not-in-this-state
        2024-10-07 09:04 apply A1 2021-02-01        | A1 WAITING line 1
        2024-10-07 09:05 check_documents A1 confirm -> not-in-this-state
        """,
        K1,
    )


def test_a_settlement_takes_part_while_any_published_place_in_it_is_free(tell):
    town = (group("K1.a", settlement="S1"), group("K2.a", places=5), group("K3.a", 2019, settlement="S2"))
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01 settlement=S1
        2024-10-07 09:01 apply A2 2021-02-02 settlement=S1
        2024-10-07 09:02 apply A3 2021-02-03 settlement=S2
        2024-10-07 09:03 apply A4 2021-02-04 settlement=S3
        2024-10-07 09:04 apply A5 2021-02-05
        2024-10-07 10:00 run_vouchers limit=1   | A1 VOUCHER_OFFERED due 2024-10-09 10:00; A4 WAITING line 3
        2024-10-07 10:01 confirm_interest A1
        2024-10-07 10:02 choose A1 K1.a
        2024-10-07 10:03 run_vouchers           | A2 WAITING line 1; A3 VOUCHER_OFFERED due 2024-10-09 10:03; A4 WAITING line 2; A5 VOUCHER_OFFERED due 2024-10-09 10:03
        2024-10-07 10:04 unchoose A1
        2024-10-07 10:05 run_vouchers           | A2 VOUCHER_OFFERED due 2024-10-09 10:05; A4 WAITING line 1
        """,
        *town,
    )


def test_the_name_stands_for_the_child(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-01
        2024-10-07 09:02 apply A1 2021-02-01 kind=special correction=speech -> already-applied
        2024-10-07 09:03 withdraw A1            | A2 WAITING line 1
        2024-10-07 09:04 apply A1 2021-02-01    | A1 WAITING line 2
        2024-10-07 10:00 run_vouchers           | A2 VOUCHER_OFFERED due 2024-10-09 10:00; A1 WAITING line 1
        """,
        K1,
    )


def test_applications_of_one_moment_stand_in_the_order_of_their_steps(tell):
    tell(
        """
        2024-10-07 09:00 apply B 2021-02-01
        2024-10-07 09:00 apply A 2021-02-01 | B WAITING line 1; A WAITING line 2
        """,
        K1,
    )


def test_the_output_has_all_groups_and_those_who_have_applied(tell):
    told = tell(
        """
        2024-10-07 09:00 show
        2024-10-07 09:01 apply A1 2021-02-01
        2024-10-07 09:02 apply A2 2018-02-01 -> not-allowed
        """,
        group("K2.a", places=0, capacity=2),
        K1,
    )
    assert told["steps"][0] == {
        "at": "2024-10-07T09:00:00+05:00",
        "do": "show",
        "ok": True,
        "refusal": None,
        "applications": {},
        "groups": {"K2.a": {"free": 0}, "K1.a": {"free": 1}},
    }
    assert [list(step["applications"]) for step in told["steps"]] == [[], ["A1"], ["A1"]]
