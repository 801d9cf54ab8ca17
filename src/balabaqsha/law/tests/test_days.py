"""A deadline told day by day."""

from datetime import date, datetime

import pytest

from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law import days
from balabaqsha.law.days import Chip
from balabaqsha.law.terms import Unit
from balabaqsha.law.tests.test_rules import SEEDED

START, DUE = date(2026, 10, 22), date(2026, 10, 27)


def chips(today: date | None, *, start: date = START, due: date = DUE, unit: Unit = Unit.WORKING_DAYS) -> str:
    return " ".join(day.chip.value for day in days.count_days(start, due, calendar=SEEDED, unit=unit, today=today))


class TestCountDays:
    @pytest.mark.parametrize(
        ("today", "shown"),
        [
            (None, "start work off off off due"),
            (date(2026, 10, 22), "start work off off off due"),
            (date(2026, 10, 23), "start today off off off due"),
            (date(2026, 10, 24), "start past today off off due"),
            (date(2026, 10, 27), "start past off off off today"),
            (date(2026, 10, 28), "start past off off off past"),
        ],
    )
    def test_shows_a_confirmation_over_the_republic_day(self, today, shown):
        assert chips(today) == shown

    def test_numbers_the_working_days(self):
        numbers = [day.number for day in days.count_days(START, DUE, calendar=SEEDED)]

        assert numbers == [0, 1, None, None, None, 2]

    def test_counts_every_day_of_a_term_in_calendar_days(self):
        counted = days.count_days(START, DUE, calendar=SEEDED, unit=Unit.CALENDAR_DAYS)

        assert [day.number for day in counted] == [0, 1, 2, 3, 4, 5]
        assert chips(None, unit=Unit.CALENDAR_DAYS) == "start work work work work due"

    def test_shows_a_term_within_one_day_as_due(self):
        assert chips(None, due=START) == "due"
        assert chips(START, due=START) == "today"

    def test_shows_a_worked_saturday(self):
        counted = days.count_days(date(2024, 5, 3), date(2024, 5, 6), calendar=SEEDED)

        assert [(day.chip, day.number) for day in counted] == [
            (Chip.START, 0),
            (Chip.WORK, 1),
            (Chip.OFF, None),
            (Chip.DUE, 2),
        ]


class TestExplain:
    def test_gives_the_due_moment_and_every_day_to_it(self):
        told = days.explain(datetime(2024, 9, 30, 15, 37, 26, tzinfo=NATIONAL), 5, Unit.WORKING_DAYS, SEEDED)

        assert told.due.isoformat() == "2024-10-07T15:37:26+05:00"
        assert [day.number for day in told.days] == [0, 1, 2, 3, 4, None, None, 5]


class TestParseLength:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("5wd", (5, Unit.WORKING_DAYS)),
            ("30d", (30, Unit.CALENDAR_DAYS)),
            ("24h", (24, Unit.HOURS)),
            ("5min", (5, Unit.MINUTES)),
            ("80s", (80, Unit.SECONDS)),
            ("1mo", (1, Unit.MONTHS)),
        ],
    )
    def test_reads_what_people_type(self, text, length):
        assert days.parse_length(text) == length

    @pytest.mark.parametrize("text", ["", "5", "wd", "-5wd", "5 wd", "5WD", "99999wd", "5wd ", "٥wd", "5w"])
    def test_refuses_the_rest(self, text):
        with pytest.raises(ValueError, match="is no length"):
            days.parse_length(text)
