"""Edges of terms: due moments, days off, months, overrides, the stop list, ageing out."""

from tests.rehearsals.telling import group

K1 = group("K1.a")


def test_an_answer_at_the_due_moment_is_in_time_and_a_second_later_is_not(tell):
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01     | A1 WAITING line 1
        2024-10-07 09:00    apply A2 2021-02-02     | A1 WAITING line 1; A2 WAITING line 2
        2024-10-07 10:00    run_vouchers            | A1 VOUCHER_OFFERED due 2024-10-09 10:00
        2024-10-09 10:00    confirm_interest A1     | A1 VOUCHER_ACTIVE due 2024-10-16 10:00; A2 VOUCHER_OFFERED due 2024-10-09 10:00
        2024-10-09 10:00:01 confirm_interest A2 -> not-in-this-state | A2 STOP_LISTED due 2024-11-06 10:00
        2024-11-06 10:00    restore A2              | A2 WAITING line 1
        2024-11-06 10:00    restore A2 -> not-in-this-state
        """,
        group("K1.a", places=2),
    )


def test_restoring_a_second_too_late_finds_the_archive(tell):
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01
        2024-10-07 10:00    run_vouchers
        2024-11-06 10:00:01 restore A1 -> not-in-this-state | A1 ARCHIVED because NOT_RESTORED
        2024-11-06 10:00:02 apply A1 2021-02-01 | A1 WAITING line 1
        """,
        K1,
    )


def test_a_second_lapse_ends_in_the_archive_and_a_new_application_has_used_nothing_up(tell):
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01
        2024-10-07 10:00    run_vouchers
        2024-10-10 10:00    restore A1
        2024-10-10 11:00    run_vouchers    | A1 VOUCHER_OFFERED due 2024-10-14 11:00
        2024-10-14 11:00:01 show            | A1 ARCHIVED because VOUCHER_LAPSED
        2024-10-14 12:00    restore A1 -> not-in-this-state
        2024-10-15 10:00    apply A1 2021-02-01
        2024-10-15 11:00    run_vouchers    | A1 VOUCHER_OFFERED due 2024-10-17 11:00
        2024-10-17 11:00:01 show            | A1 STOP_LISTED due 2024-11-14 11:00
        2024-10-18 10:00    restore A1      | A1 WAITING line 1
        """,
        K1,
    )


def test_whoever_is_restored_stands_at_the_original_date(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 09:01 apply A2 2021-02-02
        2024-10-07 10:00 run_vouchers   | A1 VOUCHER_OFFERED due 2024-10-09 10:00; A2 WAITING line 1
        2024-10-15 10:00 restore A1     | A1 WAITING line 1; A2 WAITING line 2
        """,
        K1,
    )


def test_on_the_stop_list_only_restoring_withdrawing_and_a_check_are_open(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01 benefit=LARGE_FAMILY
        2024-10-07 10:00 run_vouchers
        2024-10-10 09:00 confirm_interest A1 -> not-in-this-state
        2024-10-10 09:00 decline A1 -> not-in-this-state
        2024-10-10 09:00 choose A1 K1.a -> not-in-this-state
        2024-10-10 09:00 unchoose A1 -> not-in-this-state
        2024-10-10 09:00 extend A1 -> not-in-this-state
        2024-10-10 09:00 join_waiting_list A1 K1.a -> not-in-this-state
        2024-10-10 09:00 accept_offer A1 K1.a -> not-in-this-state
        2024-10-10 09:00 leave A1 -> not-in-this-state
        2024-10-10 09:00 send_contract A1 -> not-in-this-state
        2024-10-10 09:00 refuse_contract A1 group_closed -> not-in-this-state
        2024-10-10 09:00 apply A1 2021-02-01 -> already-applied
        2024-10-10 09:01 check_documents A1 confirm | A1 STOP_LISTED due 2024-11-06 10:00
        2024-10-10 09:02 check_documents A1 confirm -> not-in-this-state
        2024-10-10 09:03 withdraw A1 | A1 ARCHIVED because WITHDRAWN
        """,
        K1,
    )


def test_working_days_pass_over_weekends_holidays_and_count_worked_days_off(tell):
    for run, due in (
        ("2024-10-04 10:00", "2024-10-08 10:00"),
        ("2024-10-05 12:00", "2024-10-08 12:00"),
        ("2024-10-06 23:59:59", "2024-10-08 23:59:59"),
        ("2024-10-24 10:00", "2024-10-29 10:00"),
        ("2024-10-25 00:00", "2024-10-29 00:00"),
        ("2024-05-02 10:00", "2024-05-04 10:00"),
        ("2024-05-04 10:00", "2024-05-10 10:00"),
        ("2024-12-31 10:00", "2025-01-06 10:00"),
        ("2025-01-03 10:00", "2025-01-06 10:00"),
    ):
        tell(
            f"""
            {run} apply A1 2021-02-01
            {run} run_vouchers | A1 VOUCHER_OFFERED due {due}
            """,
            K1,
        )


def test_a_story_adds_to_the_calendar(tell):
    tell(
        """
        2024-10-10 09:00 apply A1 2021-02-01
        2024-10-10 10:00 run_vouchers           | A1 VOUCHER_OFFERED due 2024-10-12 10:00
        2024-10-12 10:00 confirm_interest A1    | A1 VOUCHER_ACTIVE due 2024-10-25 10:00
        """,
        K1,
        calendar={
            "days_off": ["2024-10-14", "2024-10-15", "2024-10-16", "2024-10-17", "2024-10-18"],
            "working_days": ["2024-10-12", "2024-10-25"],
        },
    )


def test_terms_of_nought_are_due_at_once_and_the_same_second_is_in_time(tell):
    terms = {"voucher.confirm": 0, "voucher.choose_and_sign": 0, "voucher.restore_within": 0}
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01
        2024-10-07 09:00    apply A2 2021-02-02
        2024-10-07 10:00    run_vouchers        | A1 VOUCHER_OFFERED due 2024-10-07 10:00
        2024-10-07 10:00    confirm_interest A1 | A1 VOUCHER_ACTIVE due 2024-10-07 10:00
        2024-10-07 10:00    choose A1 K1.a      | A1 CONTRACT_AWAITED due 2024-10-07 10:00 in K1.a
        2024-10-07 10:00:01 show | A1 CONTRACT_AWAITED due 2024-10-08 10:00 in K1.a; A2 ARCHIVED because NOT_RESTORED
        """,
        group("K1.a", places=2),
        terms=terms,
    )


def test_long_terms_are_counted_too(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2021-02-01
        2024-10-07 10:00 run_vouchers        | A1 VOUCHER_OFFERED due 2024-10-08 10:00
        2024-10-07 11:00 confirm_interest A1 | A1 VOUCHER_ACTIVE due 2025-08-08 11:00
        2025-08-08 11:00 extend A1           | A1 VOUCHER_ACTIVE due 2025-08-11 11:00
        """,
        K1,
        terms={"voucher.confirm": 1, "voucher.choose_and_sign": 205, "voucher.extension": 1},
    )


def test_eighteen_months_are_reached_on_the_day_or_the_first_of_the_next_month(tell):
    for born, before, on in (
        ("2023-05-08", "2024-11-07 23:59:59", "2024-11-08 00:00"),
        ("2023-08-31", "2025-02-28 12:00", "2025-03-01 00:00"),
        ("2023-08-29", "2025-02-28 12:00", "2025-03-01 00:00"),
        ("2022-08-29", "2024-02-28 12:00", "2024-02-29 00:00"),
        ("2023-12-31", "2025-06-30 12:00", "2025-07-01 00:00"),
    ):
        tell(
            f"""
            {before} apply A1 {born}
            {before} run_vouchers   | A1 WAITING line 1
            {on}     run_vouchers limit=1
            {on}     confirm_interest A1
            """,
            group("K1.a", int(born[:4])),
        )


def test_the_least_age_is_a_term(tell):
    tell(
        """
        2024-10-07 09:00 apply A1 2024-10-07
        2024-10-07 10:00 run_vouchers | A1 VOUCHER_OFFERED due 2024-10-09 10:00
        """,
        group("K1.a", 2024),
        terms={"voucher.min_age": 0},
    )
    tell(
        """
        2024-10-07 09:00 apply A1 2021-10-08
        2024-10-07 10:00 run_vouchers | A1 WAITING line 1
        2024-10-08 10:00 run_vouchers | A1 VOUCHER_OFFERED due 2024-10-10 10:00
        """,
        K1,
        terms={"voucher.min_age": 36},
    )


def test_a_wished_start_opens_after_its_first_moment_and_keeps_the_place_in_line(tell):
    tell(
        """
        2024-10-07 09:00    apply A1 2021-02-01 wished_from=2024-11-01
        2024-10-07 09:01    apply A2 2021-02-02
        2024-10-07 10:00    run_vouchers limit=1 | A1 WAITING line 1; A2 VOUCHER_OFFERED due 2024-10-09 10:00
        2024-11-01 00:00    run_vouchers         | A1 WAITING line 1
        2024-11-01 00:00:01 run_vouchers         | A1 VOUCHER_OFFERED due 2024-11-05 00:00:01
        """,
        group("K1.a", places=2),
    )


def test_a_child_ages_out_on_the_first_of_september_and_a_second_later_may_not_apply(tell):
    tell(
        """
        2025-08-29 09:00    apply A1 2019-12-31
        2025-09-01 00:00    show                    | A1 WAITING line 1
        2025-09-01 00:00    apply A2 2019-01-01     | A2 WAITING line 2
        2025-09-01 00:00:01 apply A3 2019-05-05 -> not-allowed | A1 ARCHIVED because AGED_OUT; A2 ARCHIVED because AGED_OUT
        2025-09-01 00:00:01 apply A1 2019-12-31 -> not-allowed
        2025-09-01 00:00:01 apply A4 2020-01-01     | A4 WAITING line 1
        """,
        group("K1.a", 2019),
    )


def test_ageing_out_frees_what_is_held_and_passes_over_those_who_age_out_too(tell):
    tell(
        """
        2025-08-04 09:00    apply A1 2019-01-01
        2025-08-04 09:00    apply A2 2019-02-01
        2025-08-04 09:00    apply A3 2019-03-01
        2025-08-04 10:00    run_vouchers
        2025-08-04 10:00    confirm_interest A1
        2025-08-04 10:00    confirm_interest A2
        2025-08-04 10:00    confirm_interest A3
        2025-08-04 10:00    choose A1 K1.a
        2025-08-04 10:00    choose A2 K2.a
        2025-08-04 10:00    send_contract A2
        2025-08-04 10:00    sign_by_parent A2
        2025-08-04 10:00    sign_by_kindergarten A2
        2025-08-04 11:00    join_waiting_list A3 K1.a
        2025-08-04 12:00    join_waiting_list A2 K1.a
        2025-08-11 09:00    extend A3               | A3 VOUCHER_ACTIVE due 2025-09-02 10:00
        2025-09-01 00:00    show                    | A1 CONTRACT_AWAITED due 2025-09-02 10:00 in K1.a; A2 ENROLLED in K2.a
        2025-09-01 00:00:01 show                    | A1 ARCHIVED because AGED_OUT; A3 ARCHIVED because AGED_OUT; K1.a 0 free
        2025-09-01 00:00:02 apply A2 2019-02-01 -> already-applied
        2025-09-02 00:00    accept_offer A2 K1.a    | A2 ENROLLED due 2025-09-09 00:00 in K2.a; K3.a 1 free
        """,
        group("K1.a", 2019),
        group("K2.a", 2019),
        group("K3.a", 2019),
        terms={"voucher.extension": 15},
    )


def test_a_signed_contract_does_not_save_from_ageing_out(tell):
    tell(
        """
        2025-08-25 09:00    apply A1 2019-01-01
        2025-08-25 10:00    run_vouchers
        2025-08-25 10:00    confirm_interest A1
        2025-08-25 10:00    choose A1 K1.a
        2025-08-25 10:00    send_contract A1
        2025-08-25 10:00    sign_by_parent A1       | A1 CONTRACT_WITH_KINDERGARTEN in K1.a; K1.a 0 free
        2025-09-01 00:00:01 sign_by_kindergarten A1 -> not-in-this-state | A1 ARCHIVED because AGED_OUT; K1.a 1 free
        """,
        group("K1.a", 2019),
    )


def test_an_unborn_child_may_not_apply_and_a_newborn_may(tell):
    tell(
        """
        2024-10-07 23:59:59 apply A1 2024-10-08 -> not-allowed
        2024-10-07 23:59:59 choose A1 K1.a -> not-in-this-state
        2024-10-07 23:59:59 leave_waiting_list A1 K1.a -> not-in-this-state
        2024-10-08 00:00    apply A1 2024-10-08 | A1 WAITING line 1
        """,
        K1,
    )


def test_before_march_2024_moments_are_printed_as_the_east_counted_them(tell):
    told = tell(
        """
        2024-02-28 10:00 apply A1 2021-02-01
        2024-02-28 10:00 run_vouchers
        2024-03-01 12:00 show
        """,
        K1,
    )
    first, second, third = told["steps"]
    assert first["at"] == "2024-02-28T11:00:00+06:00"
    assert second["applications"]["A1"]["due"] == "2024-03-01T11:00:00+05:00"
    assert third["at"] == "2024-03-01T12:00:00+05:00"
    assert third["applications"]["A1"]["due"] == "2024-03-29T11:00:00+05:00"
