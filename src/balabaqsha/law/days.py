"""A deadline told day by day, for the deadline strip of pages and for the command line. No Django."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.law.terms import Unit


class Chip(StrEnum):
    """How the strip draws a day; the values are those of `data-day`."""

    START = "start"
    PAST = "past"
    TODAY = "today"
    WORK = "work"
    OFF = "off"
    DUE = "due"


@dataclass(frozen=True)
class CountedDay:
    """One day of a term: `number` is its count (the day of the event is 0), None where it is not counted."""

    day: date
    chip: Chip
    working: bool
    number: int | None


@dataclass(frozen=True)
class Explanation:
    """From which moment to which, and every day between."""

    start: datetime
    due: datetime
    days: tuple[CountedDay, ...]


def count_days(
    start: date, due: date, *, calendar: WorkingCalendar, unit: Unit = Unit.WORKING_DAYS, today: date | None = None
) -> tuple[CountedDay, ...]:
    """Every day from the event to the due date, both included.

    In a term of working days the other days are off and not counted; in any other unit every day counts.
    `today` marks the days that passed; without it none is marked.
    """
    days = []
    number = 0
    for offset in range((due - start).days + 1):
        day = start + timedelta(days=offset)
        working = calendar.is_working(day)
        counts = offset > 0 and (working or unit is not Unit.WORKING_DAYS)
        number += counts
        chip = _chip(day, start=start, due=due, today=today, counts=counts)
        days.append(CountedDay(day=day, chip=chip, working=working, number=number if counts or not offset else None))
    return tuple(days)


def _chip(day: date, *, start: date, due: date, today: date | None, counts: bool) -> Chip:
    if day == start and start != due:
        return Chip.START
    if day == today:
        return Chip.TODAY
    if not counts and day != due:
        return Chip.OFF
    if today is not None and day < today:
        return Chip.PAST
    return Chip.DUE if day == due else Chip.WORK


def explain(moment: datetime, length: int, unit: Unit, calendar: WorkingCalendar) -> Explanation:
    """When a term of this length that begins at the moment ends, and why. Raises NotADuration."""
    end = rules.due(moment, length, unit, calendar)
    days = count_days(localdate(moment), localdate(end), calendar=calendar, unit=unit)
    return Explanation(start=moment, due=end, days=days)


_SUFFIXES = {
    "wd": Unit.WORKING_DAYS,
    "d": Unit.CALENDAR_DAYS,
    "h": Unit.HOURS,
    "min": Unit.MINUTES,
    "s": Unit.SECONDS,
    "mo": Unit.MONTHS,
}
_LENGTH = re.compile(r"(\d{1,4})(wd|d|h|min|s|mo)", re.ASCII)


def parse_length(text: str) -> tuple[int, Unit]:
    """Read a length as people type it: 5wd, 30d, 24h, 5min, 80s, 1mo. Raises ValueError for anything else."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no length; write it as 5wd, 30d, 24h, 5min, 80s or 1mo")
    return int(match[1]), _SUFFIXES[match[2]]
