"""Ages and categories: rules, sections 2 («Counting») and 3."""

from datetime import date, datetime

import pytest

from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law import ages
from balabaqsha.law.ages import AgeBand
from balabaqsha.law.lists import BenefitStatus

LEAP_CHILD = date(2024, 2, 29)


class TestFullYears:
    @pytest.mark.parametrize(
        ("born_on", "on", "years"),
        [
            (date(2021, 2, 20), date(2024, 2, 19), 2),
            (date(2021, 2, 20), date(2024, 2, 20), 3),
            (date(2021, 2, 20), date(2021, 2, 20), 0),
            (LEAP_CHILD, date(2026, 2, 28), 1),
            (LEAP_CHILD, date(2026, 3, 1), 2),
            (LEAP_CHILD, date(2028, 2, 28), 3),
            (LEAP_CHILD, date(2028, 2, 29), 4),
        ],
    )
    def test_grow_on_the_birthday(self, born_on, on, years):
        assert ages.full_years(born_on, on) == years
        assert ages.has_full_years(born_on, years, on)
        assert not ages.has_full_years(born_on, years + 1, on)

    def test_begin_at_midnight_of_the_birthday(self):
        assert ages.birthday_moment(LEAP_CHILD, 2).isoformat() == "2026-03-01T00:00:00+05:00"
        assert ages.birthday_moment(date(2022, 7, 4), 2).isoformat() == "2024-07-04T00:00:00+05:00"


class TestMonths:
    @pytest.mark.parametrize(
        ("born_on", "months", "day"),
        [
            (date(2023, 1, 15), 18, date(2024, 7, 15)),
            (date(2023, 8, 31), 18, date(2025, 3, 1)),  # no 31 February
            (date(2023, 3, 31), 18, date(2024, 10, 1)),  # no 31 September
            (date(2022, 8, 29), 18, date(2024, 2, 29)),
            (date(2022, 8, 30), 18, date(2024, 3, 1)),
            (date(2022, 12, 31), 1, date(2023, 1, 31)),
            (LEAP_CHILD, 12, date(2025, 3, 1)),
        ],
    )
    def test_grow_on_the_day_of_birth_or_the_first_of_the_next_month(self, born_on, months, day):
        assert ages.add_months(born_on, months) == day
        assert ages.has_full_months(born_on, months, day)
        assert not ages.has_full_months(born_on, months, date.fromordinal(day.toordinal() - 1))


class TestMaxAge:
    @pytest.mark.parametrize(
        ("born_on", "moment"),
        [
            (date(2018, 1, 1), "2024-09-01T00:00:00+05:00"),
            (date(2018, 12, 31), "2024-09-01T00:00:00+05:00"),
            (date(2020, 2, 29), "2026-09-01T00:00:00+05:00"),
        ],
    )
    def test_ends_the_service_on_1_september_of_the_year_of_six(self, born_on, moment):
        assert ages.max_age_moment(born_on).isoformat() == moment


class TestIntakeYear:
    @pytest.mark.parametrize(
        ("at", "year"),
        [
            (datetime(2024, 9, 30, 15, 31), 2024),
            (datetime(2024, 6, 29, 23, 59, 59), 2023),
            (datetime(2024, 6, 30, 0, 0), 2024),
            (datetime(2026, 4, 1, 9, 0), 2025),
            (datetime(2025, 12, 31, 23, 59), 2025),
        ],
    )
    def test_is_the_year_of_the_last_30_june(self, at, year):
        assert ages.intake_year(at.replace(tzinfo=NATIONAL)) == year


class TestCategory:
    @pytest.mark.parametrize(
        ("status", "born_on", "number"),
        [
            (BenefitStatus.SERVICE, date(2019, 9, 1), 1),  # five on the very day
            (BenefitStatus.SERVICE, date(2019, 9, 2), 2),
            (BenefitStatus.SPECIAL_BODIES, date(2019, 1, 1), 3),
            (BenefitStatus.LARGE_FAMILY, date(2021, 2, 20), 14),
            (BenefitStatus.TEACHER, date(2019, 5, 5), 17),
            (BenefitStatus.NONE, date(2019, 5, 5), 19),
            (BenefitStatus.NONE, date(2022, 9, 1), 20),  # two on the very day
            (BenefitStatus.NONE, date(2022, 9, 2), 21),
            (BenefitStatus.SERVICE, date(2023, 5, 5), 21),  # whatever the status
            (BenefitStatus.NONE, date(2025, 5, 5), 21),  # not yet born on 1 September
            (BenefitStatus.NONE, date(2018, 3, 3), 19),  # six full years count as five
        ],
    )
    def test_follows_the_status_and_the_age_on_1_september(self, status, born_on, number):
        assert ages.category(status, born_on, 2024) == number

    def test_takes_the_status_as_a_word_too(self):
        assert ages.category("ORPHAN", date(2021, 1, 1), 2024) == 6

    def test_gives_kindergarten_staff_the_numbers_of_teachers(self):
        assert ages.category("STAFF", date(2021, 1, 1), 2024) == ages.category("TEACHER", date(2021, 1, 1), 2024) == 18

    def test_moves_with_the_intake_year(self):
        born_on = date(2020, 3, 1)

        assert [ages.category("NONE", born_on, year) for year in (2021, 2022, 2024, 2025)] == [21, 20, 20, 19]

    def test_is_listed_once_for_each_number(self):
        rows = ages.categories()

        assert [row.number for row in rows] == list(range(1, 22))
        assert (rows[0].status, rows[0].band) == (BenefitStatus.SERVICE, AgeBand.FROM_5_TO_6)
        assert (rows[19].status, rows[19].band) == (BenefitStatus.NONE, AgeBand.FROM_2_TO_5)
        assert (rows[20].status, rows[20].band) == (None, AgeBand.UNDER_2)

    def test_agrees_with_the_list(self):
        birth = {AgeBand.FROM_5_TO_6: date(2019, 1, 1), AgeBand.FROM_2_TO_5: date(2021, 1, 1)}

        for row in ages.categories()[:20]:
            assert ages.category(row.status, birth[row.band], 2024) == row.number
