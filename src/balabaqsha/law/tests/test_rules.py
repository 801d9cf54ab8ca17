"""Deadlines and the working calendar: rules, section 2 («Counting»)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law import calendar_seed, rules
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.law.terms import Term, Unit, national_term

SEEDED = WorkingCalendar(
    days_off=frozenset(day.day for day in calendar_seed.DAYS if not day.working),
    working_days=frozenset(day.day for day in calendar_seed.DAYS if day.working),
)
PLAIN = WorkingCalendar()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NATIONAL)


def term(value: int, unit: Unit) -> Term:
    return Term("made.up", value, unit, date(2020, 1, 1), source="test")


class TestDeadline:
    def test_gives_the_dates_of_the_source_to_the_second(self):
        choose_and_sign = national_term("voucher.choose_and_sign", date(2024, 9, 30))

        due = rules.deadline(moment("2024-09-30T15:37:26"), choose_and_sign, SEEDED)

        assert due.isoformat() == "2024-10-07T15:37:26+05:00"

    def test_gives_two_working_days_to_confirm(self):
        confirm = national_term("voucher.confirm", date(2024, 9, 30))

        due = rules.deadline(moment("2024-09-30T15:32:00"), confirm, SEEDED)

        assert due.isoformat() == "2024-10-02T15:32:00+05:00"

    @pytest.mark.parametrize(
        ("start", "days", "due"),
        [
            # Saturday 4 May is worked, 1, 7, 8 and 9 May are off.
            ("2024-04-30T10:00:00", 2, "2024-05-03T10:00:00"),
            ("2024-05-03T10:00:00", 1, "2024-05-04T10:00:00"),
            ("2024-05-03T10:00:00", 2, "2024-05-06T10:00:00"),
            ("2024-05-06T10:00:00", 1, "2024-05-10T10:00:00"),
            ("2024-05-06T10:00:00", 2, "2024-05-13T10:00:00"),
            # Sunday 5 January is worked for Friday the 3rd.
            ("2024-12-31T09:00:00", 1, "2025-01-05T09:00:00"),
            ("2024-12-31T09:00:00", 2, "2025-01-06T09:00:00"),
            ("2024-12-31T09:00:00", 3, "2025-01-08T09:00:00"),
            # The day off for 30 August, a Saturday, is Monday 1 September.
            ("2025-08-29T09:00:00", 1, "2025-09-02T09:00:00"),
        ],
    )
    def test_counts_by_moved_days(self, start, days, due):
        assert rules.deadline(moment(start), term(days, Unit.WORKING_DAYS), SEEDED) == moment(due)

    def test_counts_an_event_on_a_day_off_as_day_0(self):
        saturday = moment("2026-04-04T12:00:00")

        due = rules.deadline(saturday, term(1, Unit.WORKING_DAYS), PLAIN)

        assert due == moment("2026-04-06T12:00:00")

    def test_takes_the_national_day_of_a_moment_given_in_another_zone(self):
        thursday_2330 = datetime(2026, 9, 3, 18, 30, tzinfo=UTC)

        due = rules.deadline(thursday_2330, term(1, Unit.WORKING_DAYS), PLAIN)

        assert due.isoformat() == "2026-09-04T23:30:00+05:00"

    @pytest.mark.parametrize("unit", [Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])
    def test_keeps_the_time_of_day_across_the_change_of_national_time(self, unit):
        """Until 2024-03-01 the east of the country was UTC+6."""
        before = moment("2024-02-28T15:00:00")

        due = rules.deadline(before, term(2, unit), PLAIN)

        assert (before.isoformat(), due.isoformat()) == ("2024-02-28T15:00:00+06:00", "2024-03-01T15:00:00+05:00")

    def test_counts_hours_as_they_pass(self):
        before = moment("2024-02-29T12:00:00")

        due = rules.deadline(before, term(24, Unit.HOURS), PLAIN)

        assert due.isoformat() == "2024-03-01T11:00:00+05:00"
        assert due.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=24)

    def test_counts_calendar_days_over_days_off(self):
        within = national_term("voucher.restore_within", date(2024, 5, 1))

        assert rules.deadline(moment("2024-05-01T08:00:01"), within, SEEDED) == moment("2024-05-29T08:00:01")

    @pytest.mark.parametrize(
        ("start", "due"),
        [
            ("2026-01-31T10:00:00", "2026-02-28T10:00:00"),
            ("2024-01-31T10:00:00", "2024-02-29T10:00:00"),
            ("2026-03-31T10:00:00", "2026-04-30T10:00:00"),
            ("2026-02-28T10:00:00", "2026-03-28T10:00:00"),
            ("2026-12-15T23:59:59", "2027-01-15T23:59:59"),
        ],
    )
    def test_ends_a_month_on_the_same_day_or_the_last(self, start, due):
        validity = national_term("certificate.validity", date(2026, 1, 1))

        assert rules.deadline(moment(start), validity, SEEDED) == moment(due)

    @pytest.mark.parametrize(
        ("length", "unit", "due"),
        [(80, Unit.SECONDS, "2026-04-01T10:01:20"), (5, Unit.MINUTES, "2026-04-01T10:05:00")],
    )
    def test_counts_seconds_and_minutes(self, length, unit, due):
        assert rules.deadline(moment("2026-04-01T10:00:00"), term(length, unit), PLAIN) == moment(due)

    @pytest.mark.parametrize(
        "code", ["free_choice.mode", "turn.min_age", "referral.misses_to_remove", "password.length"]
    )
    def test_refuses_a_term_that_is_no_length_of_time(self, code):
        with pytest.raises(rules.NotADuration):
            rules.deadline(moment("2026-04-01T10:00:00"), national_term(code, date(2026, 4, 1)), PLAIN)

    def test_refuses_to_count_back(self):
        with pytest.raises(ValueError, match="counted back"):
            PLAIN.add(moment("2026-04-01T10:00:00"), working_days=-1)

    @given(
        start=st.datetimes(datetime(2024, 1, 1), datetime(2027, 11, 1), timezones=st.just(NATIONAL)),
        days=st.integers(min_value=0, max_value=30),
    )
    def test_holds_exactly_so_many_working_days(self, start, days):
        due = SEEDED.add(start, working_days=days)

        assert SEEDED.working_days_between(start.date(), due.date()) == days
        assert due.time() == start.time()
        assert days == 0 or SEEDED.is_working(due.date())


class TestWorkingCalendar:
    @pytest.mark.parametrize(
        ("day", "working"),
        [
            (date(2024, 5, 4), True),  # a worked Saturday
            (date(2024, 5, 8), False),  # off for it
            (date(2024, 5, 11), False),
            (date(2024, 5, 13), True),
            (date(2025, 1, 5), True),  # a worked Sunday
            (date(2026, 3, 24), False),  # for Nauryz at the weekend
            (date(2026, 8, 31), True),
        ],
    )
    def test_knows_the_moved_days(self, day, working):
        assert SEEDED.is_working(day) is working

    def test_gives_the_next_working_day_after_a_day(self):
        assert SEEDED.next_working_day(date(2024, 5, 3)) == date(2024, 5, 4)
        assert SEEDED.next_working_day(date(2024, 5, 6)) == date(2024, 5, 10)

    def test_counts_nothing_between_a_day_and_itself_or_an_earlier_one(self):
        assert SEEDED.working_days_between(date(2024, 9, 30), date(2024, 9, 30)) == 0
        assert SEEDED.working_days_between(date(2024, 9, 30), date(2024, 9, 1)) == 0

    def test_takes_more_days_and_lets_them_win(self):
        changed = SEEDED.changed(days_off=[date(2024, 5, 4)], working_days=[date(2024, 5, 8)])

        assert not changed.is_working(date(2024, 5, 4))
        assert changed.is_working(date(2024, 5, 8))
        assert SEEDED.is_working(date(2024, 5, 4))

    def test_refuses_a_day_that_would_be_both(self):
        with pytest.raises(ValueError, match="both off and working"):
            PLAIN.changed(days_off=[date(2026, 5, 8)], working_days=[date(2026, 5, 8)])


def test_the_last_day_of_a_term_begins_at_midnight_of_its_due_date():
    assert rules.start_of_last_day(moment("2024-10-07T15:37:26")).isoformat() == "2024-10-07T00:00:00+05:00"
    assert rules.start_of_last_day(datetime(2024, 10, 7, 20, tzinfo=UTC)).isoformat() == "2024-10-08T00:00:00+05:00"


class TestTheYearlyFreeze:
    @pytest.mark.parametrize(
        ("moment", "ends_at"),
        [
            ("2026-07-31T23:59:59+05:00", None),
            ("2026-08-01T00:00:00+05:00", "2026-09-01T00:00:00+05:00"),
            ("2026-08-31T23:59:59+05:00", "2026-09-01T00:00:00+05:00"),
            ("2026-09-01T00:00:00+05:00", None),
        ],
    )
    def test_is_both_days_of_its_period_and_what_lies_between(self, moment, ends_at):
        ends = ends_at and datetime.fromisoformat(ends_at)

        assert rules.freeze_ends_at("08-01..08-31", datetime.fromisoformat(moment)) == ends

    def test_may_be_off(self):
        assert rules.freeze_ends_at("off", datetime.fromisoformat("2026-08-10T12:00:00+05:00")) is None
